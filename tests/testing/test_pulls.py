"""Pull requests over the wire: opening, editing, mergeability, merging."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.conftest import LINES, World, text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"head": "main"}, {"code": "custom", "message": "No commits between main and main"}),
        ({}, {"code": "custom", "message": "A pull request already exists for octo:fix."}),
        ({"head": "nowhere"}, {"code": "invalid", "field": "head"}),
        ({"base": "nowhere"}, {"code": "invalid", "field": "base"}),
        ({"title": " "}, {"code": "missing_field", "field": "title"}),
    ],
)
def test_a_bad_pull_request_is_refused_by_its_fault(
    world: World, change: dict[str, str], error: dict[str, str]
) -> None:
    """Each fault has GitHub's own error object."""
    asked = {"title": "Again", "head": "fix", "base": "main", **change}
    answer = world.ada("POST", "/pulls", json=asked, expect=422).json()
    assert answer["message"] == "Validation Failed"
    assert answer["errors"] == [{"resource": "PullRequest", **error}]


def test_wrong_types_and_missing_values_are_named(world: World) -> None:
    """A value of the wrong type, a missing one and broken JSON have GitHub's sentences."""
    wrong = world.ada("POST", "/pulls", json={"title": 1, "head": "fix", "base": "main"}, expect=422).json()
    assert wrong["message"] == "Invalid request.\n\nFor 'properties/title', 1 is not a string."
    missing = world.ada("POST", "/pulls", json={"title": "A", "head": "fix"}, expect=422).json()
    assert missing["message"] == 'Invalid request.\n\n"base" wasn\'t supplied.'
    assert world.ada("POST", "/pulls", data=b"{", expect=400).json()["message"] == "Problems parsing JSON"


def test_draft_can_be_set_at_creation_only(world: World) -> None:
    """PATCH ignores `draft`, as GitHub does."""
    world.app.commit("later", {"x.txt": "x\n"})
    made = world.ada("POST", "/pulls", json={"title": "D", "head": "later", "base": "main", "draft": True}, expect=201)
    assert made.json()["draft"] is True
    assert world.ada("PATCH", "/pulls/2", json={"draft": False}, expect=200).json()["draft"] is True
    assert world.pull(2)["mergeable_state"] == "draft"
    refused = world.ada("PUT", "/pulls/2/merge", json={}, expect=405)
    assert refused.json()["message"] == "Pull Request is still a draft"


def test_mergeability_is_unknown_on_the_first_read_after_a_change(world: World) -> None:
    """`mergeable` is null once, then known, and null again once after a push."""
    reads = [world.ada("GET", "/pulls/1").json() for _ in range(3)]
    assert [(read["mergeable"], read["mergeable_state"]) for read in reads] == [
        (None, "unknown"),
        (True, "clean"),
        (True, "clean"),
    ]
    world.app.commit("fix", {"more.txt": "more\n"})
    assert [world.ada("GET", "/pulls/1").json()["mergeable"] for _ in range(2)] == [None, True]


def test_mergeability_names_what_is_in_the_way(world: World) -> None:
    """Conflicts are dirty, rules block, an old branch under a strict rule is behind, a failing check is unstable."""
    states = []
    world.app.check(world.head, "optional", "failure")
    states.append(world.pull()["mergeable_state"])
    world.app.require("main", reviews=1)
    states.append(world.pull()["mergeable_state"])
    world.app.require("main", strict=True)
    world.app.commit("main", {"other.txt": "x\n"})
    states.append(world.pull()["mergeable_state"])
    world.app.commit("main", {"a.txt": text(["all", "new"])})
    states.append(world.pull()["mergeable_state"])
    assert states == ["unstable", "blocked", "behind", "dirty"]
    assert world.pull()["mergeable"] is False


def test_rules_of_the_branch_are_said_in_githubs_words(world: World) -> None:
    """A missing review, then a missing check, then nothing stops the merge."""
    world.app.require("main", reviews=1, checks=("ci",))
    first = world.bob("PUT", "/pulls/1/merge", json={}, expect=405).json()["message"]
    assert first == "At least 1 approving review is required by reviewers with write access."
    world.bob("POST", "/pulls/1/reviews", json={"event": "APPROVE"}, expect=200)
    second = world.bob("PUT", "/pulls/1/merge", json={}, expect=405).json()["message"]
    assert second == 'Required status check "ci" is expected.'
    world.app.check(world.head, "ci", "success")
    assert world.bob("PUT", "/pulls/1/merge", json={}, expect=200).json()["merged"] is True


def test_a_merge_of_another_head_is_refused(world: World) -> None:
    """The `sha` guard answers 409, and nothing is merged."""
    before = world.app.head("main")
    answer = world.ada("PUT", "/pulls/1/merge", json={"sha": before}, expect=409)
    assert answer.json()["message"] == "Head branch was modified. Review and try the merge again."
    assert world.app.head("main") == before


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_each_method_makes_its_kind_of_commit(world: World, method: str, parents: int) -> None:
    """A merge has two parents, a squash and a rebase one; the files are the same."""
    world.app.commit("main", {"other.txt": "x\n"})
    world.app.commit("fix", {"second.txt": "2\n"}, message="Second")
    sha = world.ada("PUT", "/pulls/1/merge", json={"merge_method": method}, expect=200).json()["sha"]
    commit = world.ada("GET", f"/commits/{sha}", expect=200).json()
    assert len(commit["parents"]) == parents
    names = {entry["name"] for entry in world.ada("GET", "/contents?ref=main", expect=200).json()}
    assert {"second.txt", "other.txt", "new.txt"} <= names
    merged = world.pull()
    assert (merged["state"], merged["merged"], merged["merge_commit_sha"]) == ("closed", True, sha)


def test_a_method_can_be_switched_off(world: World) -> None:
    """A method that the repository does not allow is refused by its name."""
    world.app.settings(allow_squash=False)
    answer = world.ada("PUT", "/pulls/1/merge", json={"merge_method": "squash"}, expect=405)
    assert answer.json()["message"] == "Squash merges are not allowed on this repository."


def test_updating_the_branch_merges_the_base_into_it(world: World) -> None:
    """It answers 202 and moves the head; with nothing new, or another head, it is refused."""
    refused = world.ada("PUT", "/pulls/1/update-branch", json={}, expect=422).json()["message"]
    assert refused == "There are no new commits on the base branch."
    world.app.commit("main", {"other.txt": "x\n"})
    stale = world.ada("PUT", "/pulls/1/update-branch", json={"expected_head_sha": "0" * 40}, expect=422).json()
    assert "expected head sha" in stale["message"]
    world.ada("PUT", "/pulls/1/update-branch", json={}, expect=202)
    assert world.app.head("fix") != world.head
    assert world.pull()["changed_files"] == 5


def test_closing_and_reopening(world: World) -> None:
    """A closed one opens again; a merged one, or one without its branch, does not."""
    assert world.ada("PATCH", "/pulls/1", json={"state": "closed"}, expect=200).json()["closed_at"]
    assert world.ada("PATCH", "/pulls/1", json={"state": "open"}, expect=200).json()["closed_at"] is None
    world.app.delete_branch("fix")
    assert world.pull()["state"] == "closed"
    refused = world.ada("PATCH", "/pulls/1", json={"state": "open"}, expect=422).json()
    assert "has been deleted" in refused["errors"][0]["message"]


def test_a_push_of_the_head_to_the_target_merges(world: World) -> None:
    """When the head arrives on the target by a push, the pull request is merged."""
    world.app.reset("main", world.head)
    assert world.pull()["merged"] is True


def test_the_body_may_be_cleared(world: World) -> None:
    """An empty body is kept as it is sent, and a title alone leaves the body."""
    assert world.ada("PATCH", "/pulls/1", json={"title": "New"}, expect=200).json()["body"] == "So."
    assert world.ada("PATCH", "/pulls/1", json={"body": ""}, expect=200).json()["body"] == ""


def test_forks_and_what_is_left_of_deleted_ones(world: World) -> None:
    """A pull request from a fork keeps its number and head when the fork is gone; its repository is null."""
    github = world.forge.github
    fork = github.fork("octo/app", "eve")
    sha = fork.commit("theirs", {"e.txt": "e\n"})
    eve = world.client(github.token("eve"))
    made = eve("POST", "/pulls", json={"title": "E", "head": "eve:theirs", "base": "main"}, expect=201).json()
    assert (made["head"]["label"], made["head"]["repo"]["full_name"]) == ("eve:theirs", "eve/app")
    github.delete_fork("eve/app")
    left = world.pull(2)
    assert (left["head"]["repo"], left["head"]["sha"]) == (None, sha)
    assert [file["filename"] for file in world.ada("GET", "/pulls/2/files").json()] == ["e.txt"]


def test_deleted_people_are_ghosts(world: World) -> None:
    """A deleted author is null in lists and comments, and the ghost in a pull request by itself."""
    world.bob("POST", "/issues/1/comments", json={"body": "Hello"}, expect=201)
    world.forge.github.delete_user("bob")
    world.forge.github.delete_user("ada")
    reader = world.client(world.forge.github.token("eve"))
    assert reader("GET", "/pulls").json()[0]["user"] is None
    assert reader("GET", "/pulls/1").json()["user"]["login"] == "ghost"
    assert reader("GET", "/issues/1/comments").json()[0]["user"] is None
    world.ada("GET", "/pulls/1", expect=401)


def test_renamed_repositories_redirect_within_the_origin(world: World) -> None:
    """A read gets 301, a write 307, both to the same origin, and following them works."""
    world.forge.github.rename("octo/app", "octo/web")
    for method, status in (("GET", 301), ("POST", 307)):
        answer = world.ada(method, "/pulls?state=all", json={}, expect=status)
        assert answer.headers["Location"].startswith(f"{world.forge.github.api_url}/repositories/")
    followed = world.ada("GET", world.ada("GET", "/pulls?state=all").headers["Location"], expect=200).json()
    assert followed[0]["base"]["repo"]["full_name"] == "octo/web"


def test_the_raw_diff_comes_by_media_type(world: World) -> None:
    """`Accept` picks JSON, a diff or a patch; in each way that clients write it."""
    kinds: dict[str, Any] = {}
    for accept in ("application/vnd.github.diff", "application/vnd.github.v3.diff", "application/vnd.github.patch"):
        kinds[accept] = world.ada("GET", "/pulls/1", headers={"Accept": accept}, expect=200).content
    assert kinds["application/vnd.github.diff"].startswith(b"diff --git a/a.txt b/a.txt\n")
    assert kinds["application/vnd.github.diff"] == kinds["application/vnd.github.v3.diff"]
    assert kinds["application/vnd.github.patch"].startswith(f"From {world.head} ".encode())


def test_a_diff_that_is_too_large_is_not_acceptable(world: World) -> None:
    """More than 300 files are answered with 406, and still listed one by one."""
    world.app.commit("big", {f"f{number}.txt": "x\n" for number in range(301)})
    world.ada("POST", "/pulls", json={"title": "Big", "head": "big", "base": "main"}, expect=201)
    refused = world.ada("GET", "/pulls/2", headers={"Accept": "application/vnd.github.diff"}, expect=406).json()
    assert refused["errors"][0]["code"] == "too_large"
    assert len(world.ada("GET", "/pulls/2/files?per_page=100&page=4").json()) == 1


def test_lists_are_filtered_and_sorted(world: World) -> None:
    """State, head, base and order are GitHub's, and a head without an owner filters nothing."""
    world.app.commit("second", {"x.txt": "x\n"})
    world.ada("POST", "/pulls", json={"title": "S", "head": "second", "base": "main"}, expect=201)
    world.ada("PATCH", "/pulls/1", json={"state": "closed"})

    def numbers(query: str) -> list[int]:
        return [pull["number"] for pull in world.ada("GET", f"/pulls?{query}", expect=200).json()]

    assert numbers("") == [2]
    assert numbers("state=all") == [2, 1]
    assert numbers("state=all&sort=updated") == [2, 1]
    assert numbers("state=all&sort=updated&direction=desc") == [1, 2]
    assert numbers("state=all&head=octo:fix") == [1]
    assert numbers("state=all&head=fix") == [2, 1]
    assert numbers("state=closed&base=main") == [1]


def test_search_finds_what_waits_for_me(world: World) -> None:
    """`review-requested:@me` finds a pull request for the one who was asked, and for nobody else."""
    world.ada("POST", "/pulls/1/requested_reviewers", json={"reviewers": ["bob"]}, expect=201)
    address = f"{world.forge.github.api_url}/search/issues?q=is:pr+is:open+review-requested:@me"
    assert world.bob("GET", address, expect=200).json()["total_count"] == 1
    assert world.ada("GET", address, expect=200).json()["total_count"] == 0


def test_the_timeline_tells_what_happened(world: World) -> None:
    """Commits, comments, reviews, labels, pushes and the merge are in it, in order."""
    world.bob("POST", "/issues/1/comments", json={"body": "Hi"})
    world.ada("POST", "/issues/1/labels", json={"labels": ["bug"]})
    world.bob("POST", "/pulls/1/reviews", json={"event": "APPROVE"})
    world.app.reset("fix", world.app.commit("other", {"a.txt": text(LINES[1:])}, author="ada"))
    world.ada("PUT", "/pulls/1/merge", json={}, expect=200)
    events = [event["event"] for event in world.ada("GET", "/issues/1/timeline", expect=200).json()]
    assert sorted(events) == ["commented", "committed", "head_ref_force_pushed", "labeled", "merged", "reviewed"]
    assert events[-1] == "merged"
