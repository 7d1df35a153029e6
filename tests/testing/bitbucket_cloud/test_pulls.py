"""Pull requests in the forge's Bitbucket Cloud: created, read, edited, declined."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.bitbucket_cloud.conftest import Caller, Place


def names(people: list[dict[str, Any]]) -> list[str]:
    """What people call themselves."""
    return [person["nickname"] for person in people]


def test_created(place: Place, ada: Caller) -> None:
    """Title, branches, reviewers and flags are kept, and the address of the new one is told."""
    place.host.user("bob")
    sent = {"title": "Fix", "source": {"branch": {"name": "fix"}}, "description": "Why", "draft": True}
    sent |= {"reviewers": place.people("bob"), "close_source_branch": True}
    answer = ada("POST", place.pulls, expect=201, json=sent)
    made = answer.json()
    assert answer.headers["Location"] == made["links"]["self"]["href"] == f"{place.host.api_url}{place.pull}"
    assert made["links"]["html"]["href"] == f"{place.host.url}/octo/app/pull-requests/1"
    kept = [made[name] for name in ("title", "description", "state", "draft", "close_source_branch", "merge_commit")]
    assert kept == ["Fix", "Why", "OPEN", True, True, None]
    assert made["summary"]["raw"] == "Why"
    assert names(made["reviewers"]) == ["bob"]
    assert made["participants"][0]["role"] == "REVIEWER"
    assert made["destination"]["branch"] == {"name": "main"}


def test_hashes_are_short(place: Place, ada: Caller) -> None:
    """Both commits have twelve digits; the commit itself tells them all."""
    made = place.opened(ada)
    hashes = [made[side]["commit"]["hash"] for side in ("source", "destination")]
    assert hashes == [place.app.head("fix")[:12], place.app.head("main")[:12]]
    assert ada.get(f"{place.path}/commit/{hashes[0]}")["hash"] == place.app.head("fix")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"title": " "}, "title: This field is required."),
        ({"source": {"branch": {"name": "none"}}}, "source: branch not found: none"),
        ({"destination": {"branch": {"name": "none"}}}, "destination: branch not found: none"),
        ({"source": {"branch": {"name": "main"}}}, "There are no changes to be pulled"),
        ({"source": {"branch": {"name": "x"}, "repository": {"full_name": "octo/no"}}}, "repository not found"),
        ({"reviewers": [{"uuid": "{00000000-0000-0000-0000-000000000000}"}]}, "reviewers: Malformed reviewers list"),
    ],
)
def test_refused(place: Place, ada: Caller, changed: dict[str, Any], message: str) -> None:
    """What cannot be is refused with 400, and nothing is made."""
    refused = place.opened(ada, **changed, expect=400)
    assert refused["type"] == "error"
    assert message in refused["error"]["message"]
    assert ada.get(place.pulls)["values"] == []


def test_a_second_one_changes_the_first(place: Place, ada: Caller) -> None:
    """Creating one between the same branches changes the one that is there; a knob refuses it."""
    place.opened(ada)
    again = place.opened(ada, "Other", description="More")
    assert (again["id"], again["title"], again["description"]) == (1, "Other", "More")
    place.host.knobs.duplicate_pulls = "refused"
    place.opened(ada, expect=400)


def test_reviewers_that_cannot_be(place: Place, ada: Caller) -> None:
    """The author, an inactive account and who left the workspace are refused, each in its words."""
    place.host.deactivate("idle")
    place.host.leave("octo", "gone")
    said = [place.opened(ada, reviewers=place.people(name), expect=400)["error"] for name in ("ada", "idle", "gone")]
    assert [error["message"] for error in said] == [
        "reviewers: Ada is the author and cannot be included as a reviewer.",
        "reviewers: Malformed reviewers list",
        "reviewers: Gone is not a member of this workspace and cannot be added to this pull request",
    ]
    assert said[2]["fields"] == {"reviewers": [said[2]["message"].removeprefix("reviewers: ")]}


def test_an_edit_replaces_the_reviewers(place: Place, ada: Caller) -> None:
    """Sent reviewers are all; without any, all are removed; what else is not sent stays."""
    place.opened(ada, reviewers=place.people("bob"), description="Why")
    changed = ada.put(place.pull, {"title": "Fix it", "reviewers": place.people("bob", "cleo")})
    assert (changed["title"], changed["description"], names(changed["reviewers"])) == ("Fix it", "Why", ["bob", "cleo"])
    assert ada.put(place.pull, {"description": ""})["reviewers"] == []
    assert ada.get(place.pull)["description"] == ""


def test_an_edit_with_who_left(place: Place, ada: Caller) -> None:
    """Whoever left stays a reviewer until an edit, which is refused as long as it names them."""
    place.opened(ada, reviewers=place.people("bob", "cleo"))
    place.host.leave("octo", "cleo")
    assert names(ada.get(place.pull)["reviewers"]) == ["bob", "cleo"]
    sent = {"title": "Anew", "reviewers": place.people("bob", "cleo")}
    assert "cannot be added" in ada.put(place.pull, sent, 400)["error"]["message"]
    place.host.deactivate("bob")
    assert "Malformed" in ada.put(place.pull, {"reviewers": place.people("bob")}, 400)["error"]["message"]
    assert ada.get(place.pull)["title"] == "Fix"
    assert ada("GET", f"/workspaces/octo/members/{place.host.uuid('cleo')}").status_code == 404
    assert ada.get(f"/users/{place.host.uuid('bob')}")["account_status"] == "inactive"


def test_retargeted_and_ready(place: Place, ada: Caller) -> None:
    """The target, the draft and the flag are changed by an edit, too."""
    place.app.commit("next", {"n.txt": "n\n"})
    place.opened(ada, draft=True)
    sent = {"destination": {"branch": {"name": "next"}}, "draft": False, "close_source_branch": True}
    changed = ada.put(place.pull, sent)
    assert changed["destination"]["branch"]["name"] == "next"
    assert (changed["draft"], changed["close_source_branch"]) == (False, True)
    assert (
        "branch not found" in ada.put(place.pull, {"destination": {"branch": {"name": "no"}}}, 400)["error"]["message"]
    )


def test_declined_for_good(place: Place, ada: Caller) -> None:
    """A declined one is neither edited nor declined again, and there is no way to reopen it."""
    place.opened(ada)
    declined = ada.post(f"{place.pull}/decline", {"reason": "No need"})
    assert (declined["state"], declined["reason"], declined["closed_by"]["nickname"]) == ("DECLINED", "No need", "ada")
    ada.post(f"{place.pull}/decline", expect=400)
    assert "Only open" in ada.put(place.pull, {"title": "x"}, 400)["error"]["message"]
    ada("POST", f"{place.pull}/reopen", json={}, expect=404)


def test_decline_takes_too_long(place: Place, ada: Caller) -> None:
    """A knob lets it be answered 555; then it has not been done."""
    place.opened(ada)
    place.host.knobs.decline_timeouts = 1
    ada.post(f"{place.pull}/decline", expect=555)
    assert ada.get(place.pull)["state"] == "OPEN"
    ada.post(f"{place.pull}/decline")


def test_superseded(place: Place, ada: Caller) -> None:
    """One that another took the place of says so."""
    place.opened(ada)
    place.host.supersede("octo/app", 1)
    assert ada.get(place.pull)["state"] == "SUPERSEDED"
    assert [pull["id"] for pull in ada.get(place.pulls, state="SUPERSEDED")["values"]] == [1]
    assert ada.get(place.pulls, state="DECLINED")["values"] == []


def test_from_a_fork(place: Place, ada: Caller) -> None:
    """The fork is named in what is sent; its commits are in it alone; once it is gone, it is null."""
    fork = place.host.fork("octo/app", "cleo")
    sha = fork.commit("topic", {"a.txt": "else\n"})
    cleo = place.person("cleo")
    source = {"branch": {"name": "topic"}, "repository": {"full_name": "cleo/app"}}
    made = cleo.post(place.pulls, {"title": "Afar", "source": source}, 201)
    assert made["source"]["repository"]["full_name"] == "cleo/app"
    assert ada("GET", f"{place.path}/commit/{sha}").json()["error"]["data"] == {"shas": [sha]}
    assert ada.get(f"/repositories/cleo/app/commit/{sha}")["hash"] == sha
    assert ada("GET", f"{place.pull}/diff", follow=True).text.startswith("diff --git a/a.txt")
    assert [row["hash"] for row in ada.get(f"{place.pull}/commits")["values"]] == [sha]
    place.host.delete_fork("cleo/app")
    assert ada.get(place.pull)["source"]["repository"] is None
    ada("GET", f"{place.pull}/commits", expect=404)
    assert ada("GET", f"{place.pull}/diff", follow=True).status_code == 200


def test_default_reviewers(place: Place, ada: Caller) -> None:
    """They are listed, and the API adds nobody by itself; a knob does."""
    place.host.default_reviewers("octo/app", "bob")
    assert names(ada.get(f"{place.path}/default-reviewers")["values"]) == ["bob"]
    effective = ada.get(f"{place.path}/effective-default-reviewers")["values"]
    assert (effective[0]["reviewer_type"], effective[0]["user"]["nickname"]) == ("repository", "bob")
    assert place.opened(ada)["reviewers"] == []
    ada.post(f"{place.pull}/decline")
    place.host.knobs.default_reviewers = True
    assert names(place.opened(ada)["reviewers"]) == ["bob"]


def test_of_a_person(place: Place, ada: Caller, bob: Caller) -> None:
    """A workspace lists the pull requests that a person is the author of, by uuid or account id."""
    place.opened(ada)
    for selector in (place.host.uuid("ada"), place.host.account_id("ada")):
        assert [each["id"] for each in bob.get(f"/workspaces/octo/pullrequests/{selector}")["values"]] == [1]
    assert bob.get(f"/workspaces/octo/pullrequests/{place.host.uuid('bob')}")["values"] == []
    bob("GET", "/workspaces/octo/pullrequests/ada", expect=404)


def test_mergeable_only_when_asked_for(place: Place, ada: Caller) -> None:
    """Whether all merge checks pass, and how one may merge, is told to those who name it; a knob tells the first to all."""
    place.opened(ada)
    place.app.require(reviews=1)
    fields = "+mergeable,+destination.branch.merge_strategies"
    told = ada.get(place.pull, fields=fields)
    assert told["mergeable"] is False
    assert told["destination"]["branch"]["merge_strategies"][:2] == ["merge_commit", "squash"]
    assert "mergeable" not in ada.get(place.pull)
    place.host.knobs.tells_mergeable = True
    assert ada.get(place.pull)["mergeable"] is False


def test_drafts_that_stay(place: Place, ada: Caller) -> None:
    """A knob lets an edit pass over `draft`: only reading it back tells."""
    place.opened(ada, draft=True)
    place.host.knobs.draft_by_put = False
    assert ada.put(place.pull, {"draft": False})["draft"] is True
