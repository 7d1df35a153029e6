"""Merging: what is in the way and how it is said, strategies, merges that wait, rebases, settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.testing.bitbucket_dc.conftest import Caller, Place, draft

MERGE = f"{Place.one}/merge"
AUTO = f"{Place.one}/auto-merge"
SETTINGS = f"{Place.repo}/settings/pull-requests"
PULL = "com.atlassian.bitbucket.pull."


def merged(who: Caller, place: Place, *, expect: int = 200, **more: Any) -> Any:
    """Merge with today's version."""
    return who.json("POST", MERGE, json={"version": place.version(who), **more}, expect=expect)


def parents(place: Place) -> int:
    """How many parents the target's tip has."""
    return len(place.app.record.git.commit(place.app.head("main")).parents)


def test_a_merge(place: Place, ada: Caller) -> None:
    """It says by which commit; the commit has the host's subject, whatever the text; the state is MERGED."""
    found = merged(ada, place, message="Because.")
    assert (found["state"], found["open"], found["closed"]) == ("MERGED", False, True)
    assert found["properties"]["mergeCommit"]["id"] == place.app.head("main")
    message = place.app.record.git.commit(place.app.head("main")).message
    assert message == "Pull request #1: Fix\n\nBecause."
    (told,) = [each for each in ada.rows(f"{Place.one}/activities") if each["action"] == "MERGED"]
    assert told["commit"]["id"] == place.app.head("main")


def test_ones_own_message(place: Place, ada: Caller) -> None:
    """Without `autoSubject` the message is all; without a message there is the usual one."""
    assert ada.json("GET", f"{Place.one}/commit-message-suggestion")["title"] == "Pull request #1: Fix"
    merged(ada, place, message="Mine alone", autoSubject=False)
    assert place.app.record.git.commit(place.app.head("main")).message == "Mine alone"


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("no-ff", 2), ("ff", 1), ("ff-only", 1), ("rebase-no-ff", 2), ("rebase-ff-only", 1), ("squash", 1)],
)
def test_strategies(place: Place, ada: Caller, strategy: str, expected: int) -> None:
    """Each makes the commits that it promises."""
    merged(ada, place, strategyId=strategy)
    assert parents(place) == expected


def test_strategies_that_need_a_fast_forward(place: Place, ada: Caller) -> None:
    """They are 409 when the target has moved; `ff` then merges, `squash-ff-only` works when it has not."""
    place.app.commit("main", {"m.txt": "m"})
    for strategy in ("ff-only", "squash-ff-only"):
        merged(ada, place, strategyId=strategy, expect=409)
    merged(ada, place, strategyId="ff")
    assert parents(place) == 2


def test_strategies_of_a_repository(place: Place, ada: Caller) -> None:
    """Its settings list all with what is enabled; another one is refused; they can be chosen."""
    place.app.settings(allow_squash=False)
    place.app.members(ada="admin")
    config = ada.json("GET", SETTINGS)["mergeConfig"]
    assert config["defaultStrategy"]["id"] == "no-ff"
    enabled = {each["id"] for each in config["strategies"] if each["enabled"]}
    assert enabled == {"no-ff", "ff", "ff-only", "rebase-no-ff", "rebase-ff-only"}
    merged(ada, place, strategyId="squash", expect=400)
    chosen = {"strategies": [{"id": "squash"}], "defaultStrategy": {"id": "squash"}}
    place.app.settings(allow_squash=True)
    shown = ada.json("POST", SETTINGS, json={"mergeConfig": chosen})["mergeConfig"]
    assert (shown["type"], shown["defaultStrategy"]["id"]) == ("REPOSITORY", "squash")
    merged(ada, place)
    assert parents(place) == 1
    ada("POST", SETTINGS, json={"mergeConfig": {"strategies": [{"id": "magic"}]}}, expect=400)
    assert ada.json("GET", "/projects/OCTO/settings/pull-requests/git")["mergeConfig"]["strategies"]


# -- five meanings of 409 ----------------------------------------------------------------------------------------------


def test_conflicts(place: Place, ada: Caller) -> None:
    """409 with `conflicted` and no vetoes; the question says so, too; the changed file tells of both sides."""
    place.app.commit("main", {"a.txt": "other\n"})
    asked = ada.json("GET", MERGE)
    assert asked == {"canMerge": False, "conflicted": True, "outcome": "CONFLICTED", "vetoes": []}
    (error,) = merged(ada, place, expect=409)["errors"]
    assert error["exceptionName"] == f"{PULL}PullRequestMergeVetoedException"
    assert (error["conflicted"], error["vetoes"]) == (True, [])
    conflicts = [
        row["path"]["toString"] for row in ada.json("GET", f"{Place.one}/changes")["values"] if "conflict" in row
    ]
    assert conflicts == ["a.txt"]


def test_vetoes(place: Place, ada: Caller, grace: Caller) -> None:
    """409 with each reason in two sentences: approvals, builds, tasks, drafts, requested changes, and what else."""
    place.app.require(reviews=1, checks=("ci",))
    place.host.app.checks.of(place.app.record).all_tasks = True
    place.host.knobs.vetoes.append(("Freeze", "Nothing is merged before Monday."))
    ada("POST", f"{Place.one}/comments", json={"text": "x", "severity": "BLOCKER"}, expect=201)
    ada("PUT", Place.one, json={"version": 0, "draft": True}, expect=200)
    (error,) = merged(ada, place, expect=409)["errors"]
    assert error["message"] == "Merging the pull request has been vetoed."
    said = {veto["summaryMessage"]: veto["detailedMessage"] for veto in error["vetoes"]}
    assert said["Requires approvals"] == "You still need 1 approval before this pull request can be merged."
    assert set(said) == {
        "Freeze",
        "Draft pull requests cannot be merged",
        "Requires approvals",
        "Not all required builds are successful yet",
        "Not all tasks are resolved",
    }
    asked = ada.json("GET", MERGE)
    assert (asked["canMerge"], asked["outcome"], len(asked["vetoes"])) == (False, "CLEAN", 5)
    grace("PUT", f"{Place.one}/participants/grace", json={"status": "NEEDS_WORK"}, expect=200)
    assert "Requested changes" in {veto["summaryMessage"] for veto in ada.json("GET", MERGE)["vetoes"]}


def test_an_unknown_outcome(place: Place, ada: Caller) -> None:
    """After a change the outcome may be unknown for a while; `canMerge` need not be there."""
    place.host.knobs.reads_stay_unknown = 2
    place.host.knobs.tells_can_merge = False
    place.app.commit("fix", {"d.txt": "d"})
    outcomes = [ada.json("GET", MERGE) for _ in range(3)]
    assert [each["outcome"] for each in outcomes] == ["UNKNOWN", "UNKNOWN", "CLEAN"]
    assert "canMerge" not in outcomes[0]


def test_closed_stale_and_not_allowed(place: Place, ada: Caller) -> None:
    """Merged already is 409 of the state, for the question, too; another version is 409 of its own; no right is 401."""
    assert ada.refused("POST", MERGE, 409, params={"version": 5})["currentVersion"] == 0
    place.app.members(ada="read")
    ada.refused("POST", MERGE, 401, json={"version": 0})
    place.app.members(ada="write")
    merged(ada, place)
    for method in ("GET", "POST"):
        error = ada.refused(method, MERGE, 409)
        assert error["exceptionName"] == f"{PULL}IllegalPullRequestStateException"
    ada.refused("POST", f"{Place.one}/reopen", 409, json={"version": place.version(ada)})


# -- checks that repositories choose -----------------------------------------------------------------------------------


def test_settings(place: Place, ada: Caller, grace: Caller) -> None:
    """Administrators set them with numbers or objects; the answer has objects, and numbers before 8.0."""
    ada.refused("POST", SETTINGS, 401, json={"requiredApprovers": 1})
    place.app.members(ada="admin", grace="write")
    sent = {"requiredApprovers": {"enabled": True, "count": "1"}, "requiredSuccessfulBuilds": 1}
    shown = ada.json("POST", SETTINGS, json=sent | {"requiredAllApprovers": True})
    assert shown["requiredApprovers"] == {"count": "1", "enabled": True}
    assert len(ada.json("GET", MERGE)["vetoes"]) == 3
    grace("PUT", f"{Place.one}/participants/grace", json={"status": "APPROVED"}, expect=200)
    place.host.build("octo/app", place.app.head("fix"), "ci", "SUCCESSFUL")
    assert ada.json("GET", MERGE)["canMerge"] is True
    place.host.version = "7.21.0"
    assert ada.json("GET", SETTINGS)["requiredApprovers"] == 1
    ada("POST", SETTINGS, json={"requiredApprovers": "many"}, expect=400)


def test_default_reviewers_must_approve(place: Place, ada: Caller, grace: Caller) -> None:
    """So many of them as the condition says, for its branch alone."""
    place.host.default_reviewers("octo/app", "grace", "eve", required=1, target="main")
    place.host.default_reviewers("octo/app", "eve", required=1, target="next")
    (veto,) = ada.json("GET", MERGE)["vetoes"]
    assert veto["summaryMessage"] == "Not all required reviewers have approved yet"
    grace("PUT", f"{Place.one}/participants/grace", json={"status": "APPROVED"}, expect=200)
    assert ada.json("GET", MERGE)["vetoes"] == []


def test_required_builds(place: Place, ada: Caller) -> None:
    """A build whose parent is required must be successful; the condition can be taken away."""
    path = f"/rest/required-builds/latest{Place.repo}"
    place.app.members(ada="admin")
    sent = {"buildParentKeys": ["PLAN"], "refMatcher": {"id": "refs/heads/main", "type": {"id": "BRANCH"}}}
    made = ada.json("POST", f"{path}/condition", json=sent)
    assert ada.rows(f"{path}/conditions") == [made]
    assert ada.json("GET", MERGE)["canMerge"] is False
    place.host.build("octo/app", place.app.head("fix"), "PLAN-1", "INPROGRESS", parent="PLAN")
    assert ada.json("GET", MERGE)["canMerge"] is False
    place.host.build("octo/app", place.app.head("fix"), "PLAN-1", "SUCCESSFUL", parent="PLAN")
    assert ada.json("GET", MERGE)["canMerge"] is True
    ada("DELETE", f"{path}/condition/{made['id']}", expect=204)
    assert ada.rows(f"{path}/conditions") == []
    ada("POST", f"{path}/condition", json={}, expect=400)


# -- later -------------------------------------------------------------------------------------------------------------


def test_a_merge_that_waits(place: Place, ada: Caller) -> None:
    """It is told of as long as it waits, tried on demand, done once nothing is in the way."""
    place.app.require(checks=("ci",))
    ada.refused("GET", AUTO, 404)
    ada.refused("POST", AUTO, 400)
    assert merged(ada, place, autoMerge=True, strategyId="squash")["state"] == "OPEN"
    waiting = ada.json("GET", AUTO)
    assert (waiting["strategyId"], waiting["fromHash"]) == ("squash", place.app.head("fix"))
    tried = ada.json("POST", AUTO)
    assert (tried["autoMergeProcessingStatus"], tried["pullRequest"]["state"]) == ("VETOED", "OPEN")
    place.app.check(place.app.head("fix"), "ci", "success")
    assert ada.json("GET", Place.one)["state"] == "MERGED"
    actions = [each["action"] for each in ada.rows(f"{Place.one}/activities")]
    assert actions == ["MERGED", "AUTO_MERGE_REQUESTED", "OPENED"]


def test_a_merge_that_waits_no_longer(place: Place, ada: Caller) -> None:
    """It can be cancelled, and a push cancels it."""
    place.app.require(checks=("ci",))
    merged(ada, place, autoMerge=True)
    ada("DELETE", AUTO, expect=204)
    ada.refused("GET", AUTO, 404)
    merged(ada, place, autoMerge=True)
    place.app.commit("fix", {"d.txt": "d"})
    ada.refused("GET", AUTO, 404)
    actions = [each["action"] for each in ada.rows(f"{Place.one}/activities")]
    assert actions.count("AUTO_MERGE_CANCELLED") == 2


def test_merges_that_may_not_wait(place: Place, ada: Caller, data_center: Callable[..., Place]) -> None:
    """403 where the repository does not let them; nothing is in the way: merged at once; older ones know no such thing."""
    path = f"{Place.repo}/settings/auto-merge"
    place.app.members(ada="admin")
    assert ada.json("GET", path) == {"enabled": True}
    assert ada.json("PUT", path, json={"enabled": False}) == {"enabled": False}
    merged(ada, place, autoMerge=True, expect=403)
    ada("DELETE", path, expect=204)
    ada("PUT", path, json={"enabled": True}, expect=200)
    assert merged(ada, place, autoMerge=True)["state"] == "MERGED"
    old = data_center(dc_version="8.14.0")
    eve = old.person("eve")
    old.opened(eve)
    old.app.require(checks=("ci",))
    merged(eve, old, autoMerge=True, expect=409)
    eve("GET", AUTO, expect=404)


# -- rebasing ----------------------------------------------------------------------------------------------------------


def test_a_rebase(place: Place, ada: Caller) -> None:
    """The source's commits come to lie on the target's tip; the answer tells from where to where."""
    path = f"/rest/git/latest{Place.one}/rebase"
    before = place.app.head("fix")
    tip = place.app.commit("main", {"m.txt": "m"})
    assert ada.json("GET", path) == {"vetoes": []}
    change = ada.json("POST", path, json={"version": place.version(ada)})["refChange"]
    assert (change["fromHash"], change["toHash"]) == (before, place.app.head("fix"))
    assert ada.json("GET", f"{Place.one}/merge-base")["id"] == tip
    ada.refused("POST", path, 409, json={"version": 0})
    ada.refused("POST", path, 409, json={"version": place.version(ada)})


def test_a_rebase_that_cannot_be(place: Place, ada: Caller) -> None:
    """Conflicts are 409, the lack of rights a veto and 401, what is closed a veto and 409."""
    path = f"/rest/git/latest{Place.one}/rebase"
    place.app.commit("main", {"a.txt": "other\n"})
    ada.refused("POST", path, 409, json={"version": place.version(ada)})
    place.app.members(ada="read")
    assert ada.json("GET", path)["vetoes"][0]["summaryMessage"] == "Insufficient permissions"
    ada.refused("POST", path, 401, json={"version": 0})
    place.app.members(ada="write")
    ada("POST", f"{Place.one}/decline", json={"version": place.version(ada)}, expect=200)
    assert len(ada.json("GET", path)["vetoes"]) == 1
    ada.refused("POST", path, 409, json={"version": place.version(ada)})


def test_what_a_push_to_the_target_merges(place: Place, ada: Caller) -> None:
    """A target that has the head by a push has merged it."""
    place.app.reset("main", place.app.head("fix"))
    assert ada.json("GET", Place.one)["state"] == "MERGED"
    ada("POST", Place.pulls, json=draft(), expect=409)
