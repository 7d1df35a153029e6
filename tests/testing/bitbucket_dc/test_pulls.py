"""Pull requests: opened, edited, declined, reopened, deleted, always with the version that was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.testing.bitbucket_dc.conftest import Caller, Place, draft, names

PULL = "com.atlassian.bitbucket.pull."


def test_a_new_one(place: Place) -> None:
    """It has version 0, full commits, times in milliseconds, its repositories, and nobody but who was named."""
    ada = place.person("ada")
    place.host.token("grace")
    made = place.opened(ada, description="Why.", reviewers=[{"user": {"name": "grace"}}])
    assert (made["id"], made["version"], made["state"], made["open"], made["draft"]) == (1, 0, "OPEN", True, False)
    assert made["fromRef"]["displayId"] == "fix"
    assert made["fromRef"]["latestCommit"] == place.app.head("fix")
    assert made["toRef"]["latestCommit"] == place.app.head("main")
    assert made["toRef"]["repository"]["project"]["key"] == "OCTO"
    assert 1_600_000_000_000 < made["createdDate"] < 10_000_000_000_000
    assert names(made["reviewers"]) == ["grace"]
    assert made["author"]["role"] == "AUTHOR"
    assert made["participants"] == []
    assert ada.json("GET", place.one) == made


def test_it_may_be_a_draft(place: Place) -> None:
    """`draft` is kept, and can be changed."""
    ada = place.person("ada")
    assert place.opened(ada, draft=True)["draft"] is True
    assert ada.json("PUT", place.one, json={"version": 0, "draft": False})["draft"] is False


def test_an_older_one_knows_no_drafts(data_center: Callable[..., Place]) -> None:
    """Before 8.18 the word is ignored, and not answered."""
    place = data_center(dc_version="8.17.1")
    assert "draft" not in place.opened(place.person("ada"), draft=True)


@pytest.mark.parametrize(
    ("sent", "status", "exception"),
    [
        (draft(source="gone"), 404, "com.atlassian.bitbucket.repository.NoSuchBranchException"),
        (draft(target="gone"), 404, "com.atlassian.bitbucket.repository.NoSuchBranchException"),
        (draft(source="main", target="fix"), 409, f"{PULL}EmptyPullRequestException"),
        (draft(source="main"), 409, f"{PULL}InvalidPullRequestTargetException"),
        (draft(title=" "), 400, None),
        (draft(title="x" * 256), 400, None),
        ({"title": "x"}, 400, None),
    ],
)
def test_what_cannot_be_opened(place: Place, sent: dict[str, Any], status: int, exception: str | None) -> None:
    """Missing branches are 404, nothing to merge is 409, a bad field 400, each by its name."""
    assert place.person("ada").refused("POST", place.pulls, status, json=sent)["exceptionName"] == exception


def test_one_between_two_branches(place: Place, ada: Caller) -> None:
    """A second one is 409, and tells of the first."""
    error = ada.refused("POST", place.pulls, 409, json=draft("Again"))
    assert error["exceptionName"] == f"{PULL}DuplicatePullRequestException"
    assert error["existingPullRequest"]["id"] == 1


def test_one_bad_reviewer_sinks_all(place: Place) -> None:
    """The others are told as valid, and nothing is opened."""
    ada = place.person("ada")
    place.host.token("grace")
    people = [{"user": {"name": name}} for name in ("grace", "nobody", "ada")]
    error = ada.refused("POST", place.pulls, 409, json=draft(reviewers=people))
    assert error["exceptionName"] == f"{PULL}InvalidPullRequestReviewersException"
    assert error["context"] == "reviewers"
    assert [each["context"] for each in error["reviewerErrors"]] == ["nobody", "ada"]
    assert error["reviewerErrors"][0]["message"] == "nobody is not a user."
    assert [each["name"] for each in error["validReviewers"]] == ["grace"]
    assert ada.rows(place.pulls, state="ALL") == []


def test_from_a_fork(place: Place) -> None:
    """A personal fork is of the same hierarchy, and its key begins with a tilde."""
    eve = place.person("eve")
    fork = eve.json("POST", place.repo, json={"name": "app"}, expect=201)
    assert fork["project"]["key"] == "~EVE"
    assert fork["project"]["type"] == "PERSONAL"
    assert fork["links"]["self"][0]["href"].endswith("/users/eve/repos/app/browse")
    assert fork["origin"]["hierarchyId"] == fork["hierarchyId"]
    source = {"id": "refs/heads/fix", "repository": {"slug": "app", "project": {"key": "~EVE"}}}
    made = place.opened(eve, fromRef=source)
    assert made["fromRef"]["repository"]["slug"] == "app"
    assert made["fromRef"]["repository"]["project"]["owner"]["name"] == "eve"


def test_from_a_stranger(place: Place) -> None:
    """Another hierarchy is refused."""
    place.host.repository("octo/other").commit("fix", {"x": "x"})
    source = {"id": "refs/heads/fix", "repository": {"slug": "other", "project": {"key": "OCTO"}}}
    ada = place.person("ada")
    assert "hierarchy" in ada.refused("POST", place.pulls, 400, json=draft(fromRef=source))["message"]


def test_from_a_tag(place: Place) -> None:
    """A tag is a source, and is told as such; a target it is not."""
    ada = place.person("ada")
    ada("POST", f"{place.repo}/tags", json={"name": "v1", "startPoint": "fix"}, expect=200)
    made = place.opened(ada, fromRef={"id": "refs/tags/v1"})
    assert made["fromRef"]["id"] == "refs/tags/v1"
    assert made["fromRef"]["type"] == "TAG"


# -- editing -----------------------------------------------------------------------------------------------------------


def test_reviewers_who_are_not_repeated_are_gone(place: Place, ada: Caller) -> None:
    """A PUT replaces the reviewers, and leaves title, text and target alone."""
    kept = ada.json("PUT", place.one, json={"version": 0, "title": "New", "reviewers": [{"user": {"name": "grace"}}]})
    assert names(kept["reviewers"]) == ["grace"]
    lost = ada.json("PUT", place.one, json={"version": 1, "description": "Because."})
    assert (lost["title"], lost["description"], lost["reviewers"]) == ("New", "Because.", [])
    assert lost["version"] == 2
    assert lost["toRef"]["displayId"] == "main"


def test_every_write_names_the_version(place: Place, ada: Caller) -> None:
    """Another one is 409 with both numbers; none is -1, but for a PUT and a DELETE, where it is 400."""
    ada("PUT", place.one, json={"version": 0, "title": "New"}, expect=200)
    for method, path in (("PUT", ""), ("DELETE", ""), ("POST", "/decline"), ("POST", "/merge")):
        error = ada.refused(method, place.one + path, 409, json={"version": 0})
        assert error["exceptionName"] == f"{PULL}PullRequestOutOfDateException"
        assert (error["currentVersion"], error["expectedVersion"]) == (1, 0)
    assert ada.refused("POST", f"{place.one}/merge", 409)["expectedVersion"] == -1
    for method in ("PUT", "DELETE"):
        ada.refused(method, place.one, 400, params={"version": "1"})


def test_pushes_make_versions(place: Place, ada: Caller) -> None:
    """A push to the source makes one, and so does one to the target unless the knob says otherwise."""
    place.app.commit("fix", {"d.txt": "d"})
    assert place.version(ada) == 1
    place.app.commit("main", {"e.txt": "e"})
    assert place.version(ada) == 2
    place.host.knobs.moves_with_target = False
    place.app.commit("main", {"e.txt": "f"})
    assert place.version(ada) == 2


def test_retargeting(place: Place, ada: Caller) -> None:
    """Another target is taken, itself is not, and the source is none."""
    place.app.commit("next", {"n.txt": "n"})
    sent = {"version": 0, "toRef": {"id": "refs/heads/next"}}
    assert ada.json("PUT", place.one, json=sent)["toRef"]["displayId"] == "next"
    sent = {"version": 1, "toRef": {"id": "refs/heads/fix"}}
    assert ada.refused("PUT", place.one, 409, json=sent)["exceptionName"] == f"{PULL}InvalidPullRequestTargetException"
    ada.refused("PUT", place.one, 400, json={"version": 1, "toRef": {"id": ""}})


def test_who_may_edit(place: Place, ada: Caller) -> None:
    """The author and who may write; others hear 401, though their token is good."""
    place.app.members(ada="read", grace="read", root="write")
    ada("PUT", place.one, json={"version": 0, "title": "Mine"}, expect=200)
    place.person("root")("PUT", place.one, json={"version": 1, "title": "Theirs"}, expect=200)
    error = place.person("grace").refused("PUT", place.one, 401, json={"version": 2, "title": "No"})
    assert error["exceptionName"] == "com.atlassian.bitbucket.AuthorisationException"


# -- closing -----------------------------------------------------------------------------------------------------------


def test_decline_and_reopen(place: Place, ada: Caller) -> None:
    """Both move the version; twice is 409 of the state, not of the version; a comment may come along."""
    declined = ada.json("POST", f"{place.one}/decline", json={"version": 0, "comment": "Not now."})
    assert (declined["state"], declined["closed"], declined["version"]) == ("DECLINED", True, 1)
    assert declined["closedDate"] >= declined["createdDate"]
    error = ada.refused("POST", f"{place.one}/decline", 409, json={"version": 1})
    assert error["exceptionName"] == f"{PULL}IllegalPullRequestStateException"
    assert ada.refused("POST", f"{place.one}/merge", 409, json={"version": 1})["exceptionName"].endswith(
        "IllegalPullRequestStateException"
    )
    reopened = ada.json("POST", f"{place.one}/reopen", params={"version": 1})
    assert (reopened["state"], reopened["version"]) == ("OPEN", 2)
    assert "closedDate" not in reopened
    actions = [each["action"] for each in ada.rows(f"{place.one}/activities")]
    assert actions == ["REOPENED", "DECLINED", "COMMENTED", "OPENED"]


def test_a_declined_one_takes_words_but_no_other_draft_status(place: Place, ada: Caller) -> None:
    """The draft status that it has may be sent, which even makes a version; another one is 409."""
    ada("POST", f"{place.one}/decline", json={"version": 0}, expect=200)
    assert ada.json("PUT", place.one, json={"version": 1, "draft": False})["version"] == 2
    error = ada.refused("PUT", place.one, 409, json={"version": 2, "draft": True})
    assert error["exceptionName"] == f"{PULL}IllegalPullRequestStateException"


def test_deleting(place: Place, ada: Caller) -> None:
    """Authors may, unless the instance does not let them; administrators may anyway."""
    place.host.knobs.authors_delete = False
    place.app.members(ada="write", root="admin")
    ada.refused("DELETE", place.one, 401, json={"version": 0})
    place.person("root")("DELETE", place.one, json={"version": 0}, expect=204)
    error = ada.refused("GET", place.one, 404)
    assert error["message"] == "Pull request 1 does not exist in OCTO/app."


def test_a_deleted_branch_declines(place: Place, ada: Caller) -> None:
    """Whose source branch goes is declined, and cannot be reopened."""
    sent = {"name": "refs/heads/fix"}
    ada("DELETE", f"/rest/branch-utils/latest{place.repo}/branches", json=sent, expect=204)
    assert ada.json("GET", place.one)["state"] == "DECLINED"
    ada.refused("POST", f"{place.one}/reopen", 404, json={"version": place.version(ada)})


def test_a_deleted_fork_declines(place: Place) -> None:
    """What came from it is declined, and says where it came from."""
    place.host.fork("octo/app", "eve")
    source = {"id": "refs/heads/fix", "repository": {"slug": "app", "project": {"key": "~EVE"}}}
    place.opened(place.person("eve"), fromRef=source)
    place.host.delete_fork("~eve/app")
    seen = place.person("ada").json("GET", place.one)
    assert seen["state"] == "DECLINED"
    assert seen["fromRef"]["repository"]["project"]["key"] == "~EVE"


def test_an_archived_repository(place: Place, ada: Caller) -> None:
    """Nothing is written to it: 409."""
    place.app.settings(archived=True)
    assert ada.json("GET", place.repo)["archived"] is True
    ada.refused("PUT", place.one, 409, json={"version": 0, "title": "x"})
    ada.refused("POST", f"{place.one}/comments", 409, json={"text": "x"})
