"""Merging over the wire: guarded, patient, and never in another way than was asked for."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from tests.hosts.gitlab.lab import Lab

import pullbridge
from pullbridge import DeadlineExceeded, MergeabilityState, MergeMethod, MergeReceipt, MergeState, Pull, PullState
from pullbridge.hosts.gitlab import merging, rebasing
from pullbridge.testing import Fault


def merge_bodies(lab: Lab) -> list[dict[str, Any]]:
    """What was sent to be merged."""
    found = (each for each in lab.forge.gitlab.requests if each.path.endswith("/merge"))
    return [json.loads(each.body) for each in found]


def test_the_head_is_always_sent(lab: Lab) -> None:
    """The one that was expected, or the one just read: some groups refuse a merge without it."""
    lab.forge.gitlab.knobs.require_sha_for_merge = True
    pull = lab.opened()
    receipt = lab.repo.pulls.merge(pull)
    assert (receipt.state, receipt.commit, receipt.branch_deleted) == (MergeState.MERGED, lab.app.head("main"), None)
    assert merge_bodies(lab) == [{"sha": pull.source.commit}]


def test_an_older_head_is_not_merged(lab: Lab) -> None:
    """The error says what was expected and what is there; nothing was sent."""
    pull = lab.opened()
    newer = lab.app.commit("fix", {"a.txt": "2\n"})
    with pytest.raises(pullbridge.Stale) as caught:
        lab.repo.pulls.merge(pull, expect_head=pull.source.commit)
    assert (caught.value.expected, caught.value.found) == (pull.source.commit, newer)
    assert merge_bodies(lab) == []


def test_a_push_between_look_and_merge_is_seen_by_gitlab(lab: Lab) -> None:
    """409 means that the head is another one (GL-40)."""
    pull = lab.opened()
    refusal = b'{"message":"SHA does not match HEAD of source branch"}'
    lab.forge.gitlab.add_fault(Fault(method="PUT", path="*/merge", status=409, body=refusal, times=1))
    with pytest.raises(pullbridge.Stale) as caught:
        lab.repo.pulls.merge(pull, expect_head=pull.source.commit)
    assert caught.value.status == 409
    assert caught.value.expected == pull.source.commit


@pytest.mark.parametrize("refusals", [1, 4])
def test_a_refusal_is_not_believed_while_gitlab_says_mergeable(lab: Lab, refusals: int) -> None:
    """It answers 405 to the first merges of what it says can be merged (GL-39)."""
    lab.forge.gitlab.knobs.merge_refusals = refusals
    pull = lab.opened()
    assert lab.repo.pulls.merge(pull).state is MergeState.MERGED
    assert len(merge_bodies(lab)) == refusals + 1


def test_doubt_has_an_end(lab: Lab) -> None:
    """A refusal that stays is told, with the status that GitLab has no better word for."""
    lab.forge.gitlab.knobs.merge_refusals = 1000
    pull = lab.opened()
    with pytest.raises(pullbridge.NotMergeable) as caught:
        lab.repo.pulls.merge(pull)
    assert caught.value.status == 405
    assert 2 <= len(merge_bodies(lab)) < 50


def test_what_is_in_the_way_is_told(lab: Lab) -> None:
    """A draft, a conflict: each with its reason, and not tried again."""
    pull = lab.opened()
    lab.repo.pulls.set_draft(pull, True)
    with pytest.raises(pullbridge.NotMergeable) as caught:
        lab.repo.pulls.merge(pull)
    assert caught.value.reasons == ("it is a draft",)
    assert len(merge_bodies(lab)) == 1
    lab.repo.pulls.set_draft(pull, False)
    lab.app.commit("main", {"a.txt": "other\n"})
    with pytest.raises(pullbridge.NotMergeable) as caught:
        lab.repo.pulls.merge(pull)
    assert caught.value.reasons == ("the branches conflict",)


def test_a_merge_that_fails_is_not_mergeable(lab: Lab) -> None:
    """422, with GitLab's words (GL-41)."""
    pull = lab.opened()
    lab.forge.gitlab.knobs.merge_failures = 10
    with pytest.raises(pullbridge.NotMergeable) as caught:
        lab.repo.pulls.merge(pull)
    assert "Branch cannot be merged" in caught.value.reasons


def test_who_may_not_merge_is_forbidden(lab: Lab) -> None:
    """GitLab answers 401 to a token that is as good as any (GL-42)."""
    pull = lab.opened()
    with pytest.raises(pullbridge.Forbidden):
        lab.as_("linus").pulls.merge(pull)


def test_what_is_merged_already_is_not_mergeable(lab: Lab) -> None:
    """Nothing is sent for it."""
    pull = lab.opened()
    lab.repo.pulls.merge(pull)
    lab.forge.gitlab.requests.clear()
    with pytest.raises(pullbridge.NotMergeable, match="it is merged already"):
        lab.repo.pulls.merge(pull)
    assert merge_bodies(lab) == []


def test_squash_with_a_message(lab: Lab) -> None:
    """The message is the squash commit's."""
    lab.app.commit("fix", {"b.txt": "1\n"})
    pull = lab.opened()
    receipt = lab.repo.pulls.merge(pull, method=MergeMethod.SQUASH, message="One\n\nTwo")
    assert receipt.state is MergeState.MERGED
    assert merge_bodies(lab) == [{"sha": pull.source.commit, "squash": True, "squash_commit_message": "One\n\nTwo"}]


def test_a_merge_commit_of_what_is_noted_to_be_squashed(lab: Lab) -> None:
    """GitLab's merge call passes over `squash=false`: it is taken off the merge request before."""
    lab.app.commit("fix", {"b.txt": "1\n"})
    pull = lab.repo.pulls.create("t", "fix", "main", squash_on_merge=True)
    lab.repo.pulls.get(pull)
    lab.forge.gitlab.requests.clear()
    lab.repo.pulls.merge(pull, method=MergeMethod.MERGE)
    puts = [json.loads(body) for body in lab.bodies("PUT")]
    assert puts[0] == {"squash": False}
    assert "squash" not in puts[1]
    landed = lab.repo.pulls.containing(pull.source.commit or "")
    assert [each.number for each in landed] == [pull.number]


@pytest.mark.parametrize(
    ("setting", "option", "method"),
    [
        ("merge", None, MergeMethod.REBASE),
        ("merge", None, MergeMethod.FAST_FORWARD),
        ("ff", None, MergeMethod.MERGE),
        ("merge", "never", MergeMethod.SQUASH),
        ("merge", "always", MergeMethod.MERGE),
    ],
)
def test_a_method_that_the_settings_rule_out_is_refused(
    lab: Lab, setting: Literal["merge", "ff"], option: Literal["never", "always"] | None, method: MergeMethod
) -> None:
    """It is the project's to choose (GL-43); nothing is merged in another way."""
    knobs = lab.forge.gitlab.knobs
    knobs.merge_method, knobs.squash_option = setting, option
    pull = lab.opened()
    with pytest.raises(pullbridge.Unsupported) as caught:
        lab.repo.pulls.merge(pull, method=method)
    assert caught.value.reason
    assert lab.repo.pulls.get(pull).state is PullState.OPEN
    assert merge_bodies(lab) == []


def test_a_fast_forward_has_no_message(lab: Lab) -> None:
    """There is no commit to carry it; without one the head itself lands."""
    lab.forge.gitlab.knobs.merge_method = "ff"
    pull = lab.opened()
    with pytest.raises(pullbridge.Unsupported, match="no commit that could carry a message"):
        lab.repo.pulls.merge(pull, message="One")
    receipt = lab.repo.pulls.merge(pull, method=MergeMethod.FAST_FORWARD)
    assert receipt.commit == pull.source.commit == lab.app.head("main")


@pytest.mark.parametrize("delete", [True, False])
def test_what_becomes_of_the_branch_is_said(lab: Lab, delete: bool) -> None:
    """GitLab is told either way, whatever the merge request notes; the receipt says what came of it."""
    made = lab.repo.pulls.create("t", "fix", "main", delete_source_on_merge=not delete)
    pull = lab.repo.pulls.get(made)
    lab.forge.gitlab.requests.clear()
    receipt = lab.repo.pulls.merge(pull, delete_source=delete)
    assert merge_bodies(lab)[0]["should_remove_source_branch"] is delete
    assert receipt.branch_deleted is (True if delete else None)
    assert [branch.name for branch in lab.repo.branches.list("fix")] == ([] if delete else ["fix"])


def test_a_merge_that_is_under_way_is_watched(lab: Lab) -> None:
    """While GitLab merges the state is `locked`; the receipt comes when it is done (GL-01)."""
    lab.forge.gitlab.knobs.locked_reads = 3
    pull = lab.opened()
    receipt = lab.repo.pulls.merge(pull)
    assert (receipt.state, receipt.commit) == (MergeState.MERGED, lab.app.head("main"))


def test_a_merge_that_takes_too_long_goes_on_by_itself(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The receipt says that it waits; the pull request is open and being merged."""
    monkeypatch.setattr(merging, "_PATIENCE", 0.05)
    lab.forge.gitlab.knobs.locked_reads = 50
    pull = lab.opened()
    assert lab.repo.pulls.merge(pull).state is MergeState.WAITING
    seen = lab.repo.pulls.get(pull)
    assert (seen.state, seen.raw_state) == (PullState.OPEN, "locked")
    assert lab.repo.pulls.mergeability(pull).state is MergeabilityState.CHECKING


@pytest.mark.parametrize("cut", ["sleep", "read"])
def test_a_deadline_cuts_a_look_off_and_not_the_merge(lab: Lab, monkeypatch: pytest.MonkeyPatch, cut: str) -> None:
    """It waits, instead of raising what would read as a failure, wherever the time is over."""

    def over(*_: object) -> None:
        raise DeadlineExceeded("The time given for this call is over.")

    lab.forge.gitlab.knobs.locked_reads = 10_000
    pull = lab.opened()
    put = merging._put

    def sent(*args: Any) -> MergeReceipt:
        with monkeypatch.context() as patch:
            patch.setattr(merging, cut, over)
            return put(*args)

    monkeypatch.setattr(merging, "_put", sent)
    assert lab.repo.pulls.merge(pull).state is MergeState.WAITING


@pytest.mark.parametrize("locked", [0, 1, 2, 3, 4, 9])
def test_a_lost_answer_of_a_merge_under_way(lab: Lab, locked: int) -> None:
    """Nothing is merged twice, and what the lost try has merged is no refusal, whenever it is done."""
    lab.forge.gitlab.knobs.locked_reads = locked
    pull = lab.opened()
    lab.forge.gitlab.add_fault(Fault(method="PUT", path="*/merge", cut="after", times=1))
    receipt = lab.repo.pulls.merge(pull)
    assert (receipt.state, receipt.commit) == (MergeState.MERGED, lab.app.head("main"))
    assert len(merge_bodies(lab)) == 1


def _running(lab: Lab) -> Pull:
    """A merge request whose pipeline must succeed, and is still running."""
    lab.app.require(checks=("tests",))
    lab.app.check(lab.app.head("fix"), "tests", "pending")
    return lab.opened()


@pytest.mark.parametrize(
    ("version", "name"), [("17.10.0-ee", "merge_when_pipeline_succeeds"), ("17.11.0-ee", "auto_merge")]
)
def test_merge_when_ready(lab: Lab, version: str, name: str) -> None:
    """By the name that the version knows; the receipt says that it waits, and it can be stopped."""
    lab.forge.gitlab.version = version
    pull = _running(lab)
    receipt = lab.repo.pulls.merge(pull, when_ready=True, delete_source=True)
    assert (receipt.state, receipt.branch_deleted) == (MergeState.WAITING, None)
    body = merge_bodies(lab)[0]
    assert (body[name], body["sha"]) == (True, pull.source.commit)
    assert lab.repo.pulls.get(pull).auto_merge is True
    for _ in range(2):
        lab.repo.pulls.cancel_auto_merge(pull)
    assert lab.repo.pulls.get(pull).auto_merge is False


def test_what_can_be_merged_at_once_is(lab: Lab) -> None:
    """There is nothing to wait for, and the receipt says so."""
    pull = lab.opened()
    assert lab.repo.pulls.merge(pull, when_ready=True).state is MergeState.MERGED


def test_auto_merge_right_after_creation(lab: Lab) -> None:
    """405 while the pipeline is not there yet (GL-44)."""
    lab.forge.gitlab.knobs.merge_refusals = 2
    pull = _running(lab)
    assert lab.repo.pulls.merge(pull, when_ready=True).state is MergeState.WAITING
    assert len(merge_bodies(lab)) == 3


def test_what_nothing_can_wait_for_is_not_mergeable(lab: Lab) -> None:
    """A conflict does not go away by itself."""
    pull = lab.opened()
    lab.app.commit("main", {"a.txt": "other\n"})
    with pytest.raises(pullbridge.NotMergeable, match="conflict"):
        lab.repo.pulls.merge(pull, when_ready=True)


def test_a_refused_cancellation_is_told(lab: Lab) -> None:
    """The older route answers it with a 201, and the refusal in the body (GL-46)."""
    pull = _running(lab)
    lab.repo.pulls.merge(pull, when_ready=True)
    refusal = b'{"status":"error","message":"Can\'t cancel the automatic merge","http_status":406}'
    path = "*/cancel_merge_when_pipeline_succeeds"
    lab.forge.gitlab.add_fault(Fault(path=path, status=201, body=refusal, times=1))
    with pytest.raises(pullbridge.Rejected, match="Can't cancel"):
        lab.repo.pulls.cancel_auto_merge(pull)


def test_the_newer_route_is_taken_when_the_older_is_gone(lab: Lab) -> None:
    """One of them is enough."""
    lab.forge.gitlab.version = "19.4.0-ee"
    pull = _running(lab)
    lab.repo.pulls.merge(pull, when_ready=True)
    path = "*/cancel_merge_when_pipeline_succeeds"
    lab.forge.gitlab.add_fault(Fault(path=path, status=404, body=b'{"error":"404 Not Found"}', times=None))
    lab.repo.pulls.cancel_auto_merge(pull)
    assert lab.repo.pulls.get(pull).auto_merge is False
    with pytest.raises(pullbridge.NotThere):
        lab.repo.pulls.cancel_auto_merge(99)


def test_the_merge_train(lab: Lab) -> None:
    """A project that has one merges by it: at once when nothing is in the way, else when the pipeline is done."""
    lab.app.require(queue=True)
    pull = lab.opened()
    receipt = lab.repo.pulls.merge(pull, when_ready=True, expect_head=pull.source.commit, delete_source=True)
    assert (receipt.state, receipt.branch_deleted) == (MergeState.QUEUED, None)
    posts = [json.loads(body) for body in lab.bodies("POST")]
    assert posts == [{"sha": pull.source.commit, "auto_merge": True}]
    with pytest.raises(pullbridge.Unsupported, match="writes its own message"):
        lab.repo.pulls.merge(pull, when_ready=True, message="One")


def test_the_merge_train_right_after_creation(lab: Lab) -> None:
    """405 while nothing is in the way but that the train does not know of it yet, which passes (GL-44); then it is queued."""
    lab.app.require(queue=True)
    pull = lab.opened()
    lab.forge.gitlab.add_fault(Fault(method="POST", path="*/merge_trains/*", status=405, body=b"{}", times=2))
    assert lab.repo.pulls.merge(pull, when_ready=True).state is MergeState.QUEUED
    assert [each.status for each in lab.forge.gitlab.requests if "merge_trains" in each.path] == [405, 405, 201]


def test_no_train_before_17_11(lab: Lab) -> None:
    """GitLab itself chooses what to do with an automatic merge there (GL-45)."""
    lab.forge.gitlab.version = "17.10.0-ee"
    lab.app.require(queue=True)
    pull = lab.opened()
    lab.repo.pulls.merge(pull, when_ready=True)
    assert not any("merge_trains" in sent for sent in lab.sent())


@pytest.mark.parametrize("in_progress", [0, 1, 3])
def test_update_is_a_rebase_that_is_waited_for(lab: Lab, in_progress: int) -> None:
    """The pull request comes back with its new head (GL-47)."""
    lab.forge.gitlab.knobs.rebase_reads = in_progress
    pull = lab.opened()
    tip = lab.app.commit("main", {"m.txt": "1\n"})
    updated = lab.repo.pulls.update_branch(pull, expect_head=pull.source.commit)
    assert updated.source.commit == lab.app.head("fix") != pull.source.commit
    assert tip in lab.repo.pulls.commits(updated)[0].parents


def test_the_new_head_is_waited_for(lab: Lab) -> None:
    """GitLab learns of the push a little later than the rebase is over."""
    lab.forge.gitlab.knobs.push_reads = 3
    pull = lab.opened()
    lab.app.commit("main", {"m.txt": "1\n"})
    assert lab.repo.pulls.update_branch(pull).source.commit == lab.app.head("fix")


def test_a_rebase_with_conflicts_is_rejected(lab: Lab) -> None:
    """In GitLab's words, and with what to do."""
    pull = lab.opened()
    lab.app.commit("main", {"a.txt": "other\n"})
    with pytest.raises(pullbridge.Rejected) as caught:
        lab.repo.pulls.update_branch(pull, MergeMethod.REBASE)
    assert "ebase" in caught.value.problems[0]
    assert "checkout" in caught.value.remedy


def test_an_update_with_nothing_to_bring_is_rejected(lab: Lab) -> None:
    """As on other hosts."""
    pull = lab.opened()
    with pytest.raises(pullbridge.Rejected, match="nothing to bring"):
        lab.repo.pulls.update_branch(pull)


def test_an_update_by_a_merge_is_unsupported(lab: Lab) -> None:
    """GitLab does not merge the target into the source."""
    pull = lab.opened()
    with pytest.raises(pullbridge.Unsupported, match="by a rebase only"):
        lab.repo.pulls.update_branch(pull, MergeMethod.MERGE)
    assert lab.bodies("PUT") == []


def test_a_head_that_moved_is_not_rebased(lab: Lab) -> None:
    """GitLab has no guard of its own for that."""
    pull = lab.opened()
    lab.app.commit("fix", {"a.txt": "2\n"})
    lab.app.commit("main", {"m.txt": "1\n"})
    with pytest.raises(pullbridge.Stale):
        lab.repo.pulls.update_branch(pull, expect_head=pull.source.commit)
    assert lab.bodies("PUT") == []


def test_a_rebase_that_gitlab_does_not_begin(lab: Lab) -> None:
    """409 is a lock that it did not get: the call may be made again."""
    pull = lab.opened()
    lab.app.commit("main", {"m.txt": "1\n"})
    refusal = b'{"message":"Failed to enqueue the rebase operation, possibly due to a long-lived transaction."}'
    lab.forge.gitlab.add_fault(Fault(path="*/rebase", status=409, body=refusal, times=1))
    with pytest.raises(pullbridge.HostDown) as caught:
        lab.repo.pulls.update_branch(pull)
    assert caught.value.retryable
    assert not caught.value.maybe_done
    assert lab.repo.pulls.update_branch(pull).source.commit != pull.source.commit


def test_a_rebase_that_takes_too_long_goes_on_by_itself(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can say yet what came of it."""
    monkeypatch.setattr(rebasing, "_PATIENCE", 0.05)
    lab.forge.gitlab.knobs.rebase_reads = 50
    pull = lab.opened()
    lab.app.commit("main", {"m.txt": "1\n"})
    with pytest.raises(pullbridge.DeadlineExceeded) as caught:
        lab.repo.pulls.update_branch(pull)
    assert caught.value.maybe_done


@pytest.mark.parametrize(
    ("word", "state"),
    [("jira_association_missing", MergeabilityState.BLOCKED), ("moon_phase", MergeabilityState.UNKNOWN)],
)
def test_gitlabs_word_is_kept(lab: Lab, word: str, state: MergeabilityState) -> None:
    """Whatever it says, the single merge request is asked (GL-38)."""
    lab.opened()
    (row,) = lab.repo.pulls.list()
    lab.forge.gitlab.knobs.detailed_merge_status = word
    lab.forge.gitlab.requests.clear()
    found = lab.repo.pulls.mergeability(row)
    assert (found.state, found.raw) == (state, word)
    assert [each.rpartition("/")[2] for each in lab.sent()] == ["1"]


def test_before_15_6_mergeability_is_read_from_the_older_word(lab: Lab) -> None:
    """There is no detailed one."""
    lab.forge.gitlab.version = "15.5.0-ee"
    pull = lab.opened()
    assert lab.repo.pulls.mergeability(pull, wait=2).state is MergeabilityState.READY
    lab.app.commit("main", {"a.txt": "other\n"})
    assert lab.repo.pulls.mergeability(pull, wait=2).state is MergeabilityState.CONFLICTS
