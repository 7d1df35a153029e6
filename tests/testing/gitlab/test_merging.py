"""Merging: what is in the way and in which order it is said, the commits that come of it, later merges, rebases, trains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.testing.gitlab.conftest import Caller, Place

ONE = f"{Place.path}/merge_requests/1"
METHOD_NOT_ALLOWED = {"message": "405 Method Not Allowed"}


@pytest.fixture
def ada(place: Place) -> Caller:
    """The author of an open merge request."""
    ada = place.person("ada")
    place.opened(ada)
    return ada


def status(ada: Caller) -> str:
    """What `detailed_merge_status` comes to."""
    found = [ada.json("GET", ONE) for _ in range(3)][-1]
    return str(found["detailed_merge_status"])


def test_the_order_of_refusals(place: Place, ada: Caller) -> None:
    """400 without a sha where that is required, then 401, 409, 405; a failed merge is 422."""
    knobs = place.lab.knobs
    knobs.require_sha_for_merge = True
    place.app.members(ada="write", eve="read")
    eve, wrong = place.person("eve"), {"sha": "0" * 40}
    assert eve.json("PUT", f"{ONE}/merge", expect=400) == {"message": "SHA must be provided when merging"}
    assert eve.json("PUT", f"{ONE}/merge", json=wrong, expect=401) == {"message": "401 Unauthorized"}
    head = place.app.head("fix")
    stale = ada.json("PUT", f"{ONE}/merge", json=wrong, expect=409)
    assert stale == {"message": f"SHA does not match HEAD of source branch: {head}"}
    ada("PUT", ONE, json={"title": "Draft: Fix"})
    assert ada.json("PUT", f"{ONE}/merge", json={"sha": head}, expect=405) == METHOD_NOT_ALLOWED
    ada("PUT", ONE, json={"title": "Fix"})
    knobs.merge_failures = 1
    assert ada.json("PUT", f"{ONE}/merge", json={"sha": head}, expect=422) == {"message": "Branch cannot be merged"}
    assert ada.json("PUT", f"{ONE}/merge", json={"sha": head})["state"] == "merged"


def test_a_405_that_passes(place: Place, ada: Caller) -> None:
    """With the knob, what says that it is mergeable is refused all the same, a number of times."""
    place.lab.knobs.merge_refusals = 2
    place.app.commit("other", {"o.txt": "o"})
    sent = {"title": "Other", "source_branch": "other", "target_branch": "main"}
    ada("POST", f"{place.path}/merge_requests", json=sent, expect=201)
    two = f"{place.path}/merge_requests/2/merge"
    assert [ada("PUT", two).status_code for _ in range(3)] == [405, 405, 200]


@pytest.mark.parametrize("method", ["merge", "rebase_merge", "ff"])
@pytest.mark.parametrize("squash", [False, True])
def test_methods(place: Place, ada: Caller, method: Any, squash: bool) -> None:
    """The project's method and the wish to squash say which commits are made."""
    place.lab.knobs.merge_method = method
    head, base = place.app.head("fix"), place.app.head("main")
    merged = ada.json("PUT", f"{ONE}/merge", json={"squash": squash, "sha": head})
    git = place.app.record.git
    tip = git.commit(place.app.head("main"))
    theirs = merged["squash_commit_sha"] if squash else head
    assert (merged["squash_commit_sha"] is not None) is squash
    if method == "ff":
        assert (tip.sha, merged["merge_commit_sha"]) == (theirs, None)
    else:
        assert (tip.parents, merged["merge_commit_sha"]) == ((base, theirs), tip.sha)
        assert tip.message == "Merge branch 'fix' into 'main'\n\nFix\n\nSee merge request octo/app!1"
    if squash:
        assert (git.commit(theirs).parents, git.commit(theirs).message) == ((base,), "Fix")


def test_messages_and_branches(place: Place, ada: Caller) -> None:
    """Messages are as sent, and the branch goes by the word of who merges, which beats the merge request's own."""
    ada("PUT", ONE, json={"remove_source_branch": True})
    sent = {"merge_commit_message": "Mine\n\nText", "should_remove_source_branch": False}
    merged = ada.json("PUT", f"{ONE}/merge", json=sent)
    assert place.app.record.git.commit(merged["merge_commit_sha"]).message == "Mine\n\nText"
    assert merged["force_remove_source_branch"] is True
    assert "fix" in place.app.branches()
    assert (merged["merged_by"]["username"], merged["merge_user"]["username"]) == ("ada", "ada")


def test_removed_branches(place: Place, ada: Caller) -> None:
    """Without another word, a merge request that shall lose its branch loses it."""
    ada("PUT", ONE, json={"remove_source_branch": True})
    ada("PUT", f"{ONE}/merge", expect=200)
    assert "fix" not in place.app.branches()


def test_locked_while_merging(place: Place, ada: Caller) -> None:
    """With the knob, reads after a merge find it locked, and lists do too."""
    place.lab.knobs.locked_reads = 2
    assert ada.json("PUT", f"{ONE}/merge")["state"] == "locked"
    assert [row["iid"] for row in ada.json("GET", f"{place.path}/merge_requests?state=locked")] == [1]
    assert [ada.json("GET", ONE)["state"] for _ in range(2)] == ["locked", "merged"]


# -- what is in the way ------------------------------------------------------------------------------------------------


def _conflict(place: Place, _: Caller) -> None:
    place.app.commit("main", {"a.txt": "three\n"})


def _draft(_: Place, ada: Caller) -> None:
    ada("PUT", ONE, json={"title": "Draft: Fix"})


def _reviews(place: Place, _: Caller) -> None:
    place.app.require(reviews=1)


def _checks(place: Place, _: Caller) -> None:
    place.app.require(checks=("ci",))


def _running(place: Place, _: Caller) -> None:
    place.app.require(checks=("ci",))
    place.app.check(place.app.head("fix"), "ci", "pending")


def _behind(place: Place, _: Caller) -> None:
    place.lab.knobs.merge_method = "ff"
    place.app.commit("main", {"m.txt": "m\n"})


def _closed(_: Place, ada: Caller) -> None:
    ada("PUT", ONE, json={"state_event": "close"})


@pytest.mark.parametrize(
    ("obstacle", "word"),
    [
        (_conflict, "conflict"),
        (_draft, "draft_status"),
        (_reviews, "not_approved"),
        (_checks, "ci_must_pass"),
        (_running, "ci_still_running"),
        (_behind, "need_rebase"),
        (_closed, "not_open"),
    ],
)
def test_statuses(place: Place, ada: Caller, obstacle: Callable[[Place, Caller], None], word: str) -> None:
    """Each obstacle has its word, and makes the merge 405."""
    obstacle(place, ada)
    assert status(ada) == word
    found = ada.json("GET", ONE)
    assert found["has_conflicts"] is (word == "conflict")
    assert found["merge_status"] == ("cannot_be_merged" if word == "conflict" else "can_be_merged")
    assert ada.json("PUT", f"{ONE}/merge", expect=405) == METHOD_NOT_ALLOWED


def test_any_status(place: Place, ada: Caller) -> None:
    """A status that nobody knows yet can be said."""
    place.lab.knobs.detailed_merge_status = "moon_in_the_wrong_phase"
    assert status(ada) == "moon_in_the_wrong_phase"


# -- later -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["auto_merge", "merge_when_pipeline_succeeds"])
def test_auto_merge(place: Place, ada: Caller, name: str) -> None:
    """By either name it waits for what is in the way, and is merged when that is gone, as it was asked for."""
    _checks(place, ada)
    found = ada.json("PUT", f"{ONE}/merge", json={name: True, "squash": True, "should_remove_source_branch": True})
    assert (found["state"], found["merge_when_pipeline_succeeds"]) == ("opened", True)
    place.app.check(place.app.head("fix"), "ci", "success")
    merged = ada.json("GET", ONE)
    assert (merged["state"], merged["squash_commit_sha"] is None) == ("merged", False)
    assert "fix" not in place.app.branches()


def test_auto_merge_of_a_running_pipeline(place: Place, ada: Caller) -> None:
    """It waits for a pipeline that nothing requires, too; with nothing to wait for it merges at once."""
    place.app.check(place.app.head("fix"), "ci", "pending")
    assert ada.json("PUT", f"{ONE}/merge", json={"auto_merge": True})["state"] == "opened"
    place.app.check(place.app.head("fix"), "ci", "success")
    assert ada.json("GET", ONE)["state"] == "merged"


def test_cancelling(place: Place, ada: Caller) -> None:
    """A cancelled one waits no more; to cancel what does not wait is 201 with an error inside; the newer route says 409."""
    _checks(place, ada)
    ada("PUT", f"{ONE}/merge", json={"auto_merge": True}, expect=200)
    old, new = f"{ONE}/cancel_merge_when_pipeline_succeeds", f"{ONE}/cancel_auto_merge"
    assert ada.json("POST", old, expect=201) == {"status": "success"}
    assert ada.json("GET", ONE)["merge_when_pipeline_succeeds"] is False
    assert ada.json("POST", old, expect=201) == {
        "message": "Can't cancel the automatic merge",
        "status": "error",
        "http_status": 406,
    }
    ada("POST", new, expect=404)
    place.lab.version = "19.3.0-ee"
    ada("POST", new, expect=409)


def test_trains(place: Place, ada: Caller) -> None:
    """A merge request boards a train, is merged in its turn, and may leave; the Community Edition has none."""
    place.app.require(queue=True)
    found = ada.json("PUT", f"{ONE}/merge", json={"auto_merge": True})
    assert found["state"] == "opened"
    car = ada.json("GET", f"{place.path}/merge_trains/merge_requests/1")
    assert (car["status"], car["merge_request"]["iid"], car["target_branch"]) == ("fresh", 1, "main")
    assert [row["id"] for row in ada.json("GET", f"{place.path}/merge_trains/main")] == [car["id"]]
    ada("POST", f"{ONE}/cancel_merge_when_pipeline_succeeds", expect=201)
    assert ada.json("GET", f"{place.path}/merge_trains") == []
    boarded = ada.json("POST", f"{place.path}/merge_trains/merge_requests/1", expect=201)
    assert [row["merge_request"]["iid"] for row in boarded] == [1]
    place.lab.store.merging.merge_queued(place.app.record, "main")
    assert ada.json("GET", ONE)["state"] == "merged"
    place.lab.version = "19.2.0"
    ada("GET", f"{place.path}/merge_trains", expect=404)


# -- rebasing ----------------------------------------------------------------------------------------------------------


def test_rebasing(place: Place, ada: Caller) -> None:
    """202 at once, in progress for a while where that is asked for, and then the branch is on top of the target."""
    tip = place.app.commit("main", {"m.txt": "m\n"})
    place.lab.knobs.rebase_reads = 2
    assert ada.json("PUT", f"{ONE}/rebase", expect=202) == {"rebase_in_progress": True}
    asked = f"{ONE}?include_rebase_in_progress=true&include_diverged_commits_count=true"
    seen = [ada.json("GET", asked) for _ in range(2)]
    assert [found["rebase_in_progress"] for found in seen] == [True, False]
    assert [found["diverged_commits_count"] for found in seen] == [1, 0]
    assert seen[1]["merge_error"] is None
    assert place.app.record.git.merge_base(tip, place.app.head("fix")) == tip
    assert "rebase_in_progress" not in ada.json("GET", ONE)


def test_rebases_that_fail(place: Place, ada: Caller) -> None:
    """A conflict is told afterwards, in `merge_error`; who may not push to the source is told at once."""
    _conflict(place, ada)
    ada("PUT", f"{ONE}/rebase", expect=202)
    found = ada.json("GET", ONE)
    assert found["merge_error"] == "Rebase failed: Rebase locally, resolve all conflicts, then push the branch."
    place.app.members(ada="write", eve="read")
    refused = place.person("eve").json("PUT", f"{ONE}/rebase", expect=403)
    assert refused == {"message": "403 Forbidden - Cannot push to source branch"}


def test_the_merge_ref(place: Place, ada: Caller) -> None:
    """The merge as it would be is made on demand; not of what conflicts."""
    commit = ada.json("GET", f"{ONE}/merge_ref")["commit_id"]
    assert place.app.record.git.commit(commit).parents == (place.app.head("main"), place.app.head("fix"))
    _conflict(place, ada)
    ada("GET", f"{ONE}/merge_ref", expect=400)
