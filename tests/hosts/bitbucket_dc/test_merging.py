"""Merging on Data Center, now and later, and catching up."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hosts.bitbucket_dc.asked import HOME, OUTDATED, Routes, pull, refused, repository, routed, served
from tests.hosts.bitbucket_dc.center import Center
from tests.transport.scripted import Seen, answer

from pullbridge import (
    BadAnswer,
    Forbidden,
    HostDown,
    MergeabilityState,
    MergeMethod,
    MergeState,
    NotMergeable,
    Rejected,
    Stale,
    Unsupported,
)
from pullbridge.hosts import waiting
from pullbridge.hosts.bitbucket_dc import merging, rebasing
from pullbridge.model.orders import MergeOrder

PULL = f"{HOME}/pull-requests/7"
HEAD = "a" * 40


def test_a_merge_names_the_version_that_was_read(center: Center) -> None:
    """DC-03: in the body, and in the query for older versions; the receipt has the commit."""
    opened = center.opened()
    receipt = center.repo.pulls.merge(opened)
    assert (receipt.state, receipt.commit) == (MergeState.MERGED, center.app.head("main"))
    assert center.body("/merge") == {"version": int(opened.version or "")}
    found = center.repo.pulls.get(opened)
    assert (found.merge_commit, found.merged_at) == (receipt.commit, found.closed_at)


@pytest.mark.parametrize(
    ("method", "strategy"),
    [
        (MergeMethod.MERGE, "no-ff"),
        (MergeMethod.SQUASH, "squash"),
        (MergeMethod.REBASE, "rebase-ff-only"),
        (MergeMethod.FAST_FORWARD, "ff-only"),
    ],
)
def test_a_method_is_a_strategy(center: Center, method: MergeMethod, strategy: str) -> None:
    """By its id."""
    opened = center.opened()
    center.repo.pulls.merge(opened, method=method)
    assert center.body("/merge")["strategyId"] == strategy


def test_a_strategy_that_is_off_is_refused_before_the_merge(center: Center) -> None:
    """DC-43: with those that are on; another one of the same meaning is taken."""
    opened = center.opened()
    center.forge.bitbucket_dc.knobs.strategies = ("no-ff", "squash-ff-only")
    with pytest.raises(Unsupported, match=r"no-ff, squash-ff-only"):
        center.repo.pulls.merge(opened, method=MergeMethod.REBASE)
    assert not [each for each in center.sent() if each.startswith("POST")]
    center.repo.pulls.merge(opened, method=MergeMethod.SQUASH)
    assert center.body("/merge")["strategyId"] == "squash-ff-only"


def test_a_message_is_all_of_the_message(center: Center) -> None:
    """Data Center puts no subject of its own before it."""
    opened = center.opened()
    commit = center.repo.pulls.merge(opened, method=MergeMethod.MERGE, message="Title\n\nBody").commit
    with center.forge.bitbucket_dc.store.lock:
        record = center.app.record
        assert record.git.commit(commit or "").message.strip() == "Title\n\nBody"


def test_a_head_that_moved_is_not_merged(center: Center) -> None:
    """Nor what was pushed between the look and the merge: the version is another one then."""
    opened = center.opened()
    center.app.commit("fix", {"a.txt": "2\n"})
    with pytest.raises(Stale) as caught:
        center.repo.pulls.merge(opened, expect_head=opened.source.commit)
    assert caught.value.found == center.app.head("fix")
    assert not [each for each in center.sent() if each.startswith("POST")]


def outdated_by(second: dict[str, Any], merges: list[bytes]) -> Routes:
    """What is answered when it changes between the look and the merge; `merges` are the bodies that were sent."""
    reads = iter([pull(3), second])

    def write(seen: Seen) -> bytes:
        merges.append(seen.body)
        return answer(409, OUTDATED) if len(merges) == 1 else answer(200, pull(5, state="MERGED"))

    return {f"GET {PULL}": lambda _: answer(200, next(reads)), f"POST {PULL}/merge": write}


def test_a_push_between_the_look_and_the_merge_is_not_merged() -> None:
    """The version is outdated then, and the head that is read another one."""
    merges: list[bytes] = []
    moved = pull(4, fromRef={**pull()["fromRef"], "latestCommit": "c" * 40})
    with served(routed(outdated_by(moved, merges))) as (api, _), pytest.raises(Stale) as caught:
        merging.merge(repository(api), 7, MergeOrder(expect_head=HEAD))
    assert caught.value.found == "c" * 40
    assert len(merges) == 1


def test_an_edit_between_the_look_and_the_merge_is_no_matter() -> None:
    """DC-01: read again, and merged, for the head is the same."""
    merges: list[bytes] = []
    with served(routed(outdated_by(pull(4), merges))) as (api, _):
        receipt = merging.merge(repository(api), 7, MergeOrder(expect_head=HEAD))
    assert receipt.state is MergeState.MERGED
    assert merges == [b'{"version":3}', b'{"version":4}']


def test_vetoes_are_reasons(center: Center) -> None:
    """DC-38: with what they go on to say."""
    opened = center.opened()
    center.forge.bitbucket_dc.knobs.vetoes.append(("Not enough approvals", "You need one approval."))
    with pytest.raises(NotMergeable) as caught:
        center.repo.pulls.merge(opened)
    assert caught.value.reasons == ("Not enough approvals: You need one approval.",)
    found = center.repo.pulls.mergeability(opened)
    assert (found.state, found.reasons) == (MergeabilityState.BLOCKED, caught.value.reasons)


def test_a_conflict_is_told_from_a_veto(center: Center) -> None:
    """DC-39."""
    opened = center.opened()
    center.app.commit("main", {"a.txt": "other\n"})
    with pytest.raises(NotMergeable) as caught:
        center.repo.pulls.merge(opened)
    assert caught.value.reasons == ("it has conflicts with its target",)
    found = center.repo.pulls.mergeability(opened)
    assert (found.state, found.raw) == (MergeabilityState.CONFLICTS, "CONFLICTED")


def test_what_is_closed_is_not_merged(center: Center) -> None:
    """DC-39, DC-42: nothing is written, and mergeability says why."""
    opened = center.opened()
    center.repo.pulls.close(opened)
    center.forget()
    with pytest.raises(NotMergeable) as caught:
        center.repo.pulls.merge(opened)
    assert "it is declined" in caught.value.reasons
    assert not [each for each in center.sent() if each.startswith("POST")]
    assert center.repo.pulls.mergeability(opened).state is MergeabilityState.CLOSED


def test_what_was_declined_meanwhile_is_not_merged() -> None:
    """DC-39: the merge is refused for its state, and that is looked at."""
    reads = iter([pull(3), pull(4, state="DECLINED")])
    told = refused("This pull request has already been declined.", "pull.IllegalPullRequestStateException")
    routes: Routes = {f"GET {PULL}": lambda _: answer(200, next(reads)), f"POST {PULL}/merge": answer(409, told)}
    with served(routed(routes)) as (api, _), pytest.raises(NotMergeable) as caught:
        merging.merge(repository(api), 7, MergeOrder())
    assert caught.value.reasons == ("it is declined",)


def test_a_repository_that_is_archived_is_said() -> None:
    """DC-39: the fifth meaning of a 409."""
    told = refused("Repository PRJ/app is archived.", "repository.RepositoryArchivedException")
    routes = {f"GET {PULL}": answer(200, pull()), f"POST {PULL}/merge": answer(409, told)}
    with served(routed(routes)) as (api, _), pytest.raises(Forbidden, match="archived"):
        merging.merge(repository(api), 7, MergeOrder())


def test_an_answer_that_does_not_say_that_it_is_merged_is_in_doubt() -> None:
    """Open still, and nobody said that it waits."""
    routes = {f"GET {PULL}": answer(200, pull()), f"POST {PULL}/merge": answer(200, pull(4))}
    with served(routed(routes)) as (api, _), pytest.raises(BadAnswer) as caught:
        merging.merge(repository(api), 7, MergeOrder())
    assert caught.value.maybe_done


def test_a_merge_whose_answer_was_lost_is_looked_up(center: Center) -> None:
    """It is not sent twice."""
    opened = center.opened()
    center.forge.bitbucket_dc.behave(cut="after", method="POST", times=1)
    receipt = center.repo.pulls.merge(opened)
    assert receipt.state is MergeState.MERGED
    assert receipt.commit == center.app.head("main")
    assert sum(each.startswith("POST") for each in center.sent()) == 1


def test_the_source_branch_is_deleted_afterwards(center: Center) -> None:
    """DC-45: by a request of its own, whose failure is told apart."""
    opened = center.opened()
    receipt = center.repo.pulls.merge(opened, delete_source=True)
    assert receipt.branch_deleted is True
    assert "fix" not in center.app.branches()
    center.app.commit("more", {"b.txt": "1\n"})
    again = center.opened("more")
    center.forge.bitbucket_dc.behave(status=400, method="DELETE", body=b"{}")
    receipt = center.repo.pulls.merge(again, delete_source=True)
    assert (receipt.state, receipt.branch_deleted) == (MergeState.MERGED, False)


def test_a_conflict_that_is_still_computed_is_waited_for(center: Center) -> None:
    """DC-40, DC-41: UNKNOWN is no answer; where `canMerge` is left out, nothing in the way means ready."""
    center.forge.bitbucket_dc.knobs.reads_stay_unknown = 2
    center.forge.bitbucket_dc.knobs.tells_can_merge = False
    opened = center.opened()
    assert center.repo.pulls.mergeability(opened).state is MergeabilityState.CHECKING
    assert center.repo.pulls.mergeability(opened, wait=5).state is MergeabilityState.READY


def test_a_draft_is_one(center: Center) -> None:
    """Whatever else is in its way."""
    opened = center.opened(draft=True)
    assert center.repo.pulls.mergeability(opened).state is MergeabilityState.DRAFT


# Later ---------------------------------------------------------------------------------------------------------------


def test_a_merge_waits_for_its_vetoes(center: Center) -> None:
    """And is called off, which is no error a second time."""
    center.app.settings(allow_auto_merge=True)
    opened = center.opened()
    center.forge.bitbucket_dc.knobs.vetoes.append(("Build", "is running"))
    receipt = center.repo.pulls.merge(opened, when_ready=True, delete_source=True)
    assert (receipt.state, receipt.branch_deleted) == (MergeState.WAITING, False)
    assert center.body("/merge")["autoMerge"] is True
    for _ in range(2):
        center.repo.pulls.cancel_auto_merge(opened)
    center.forge.bitbucket_dc.knobs.vetoes.clear()
    receipt = center.repo.pulls.merge(opened, when_ready=True)
    assert receipt.state is MergeState.MERGED
    center.repo.pulls.cancel_auto_merge(opened)


def test_an_automatic_merge_that_is_off_is_said(center: Center) -> None:
    """DC-44: by the settings, and not for a lack of rights."""
    center.app.settings(allow_auto_merge=False)
    opened = center.opened()
    with pytest.raises(Unsupported, match="settings"):
        center.repo.pulls.merge(opened, when_ready=True)


def test_a_version_without_it_merges_nothing(center: Center) -> None:
    """It would merge at once, and say nothing."""
    center.forge.bitbucket_dc.version = "8.14.0"
    opened = center.opened()
    with pytest.raises(Unsupported, match=r"8\.15"):
        center.repo.pulls.merge(opened, when_ready=True)
    assert not [each for each in center.sent() if each.startswith("POST")]


def test_nothing_to_call_off_is_no_error() -> None:
    """A 404 for that, and one for no such pull request, which is one."""
    none = answer(404, refused("There is no auto-merge request.", "pull.automerge.NoSuchAutoMergeRequestException"))
    with served(routed({f"GET {PULL}": answer(200, pull()), f"DELETE {PULL}/auto-merge": none})) as (api, server):
        merging.cancel(repository(api), 7)
        assert len(server.seen) == 2


# Catching up ---------------------------------------------------------------------------------------------------------


def test_a_source_branch_is_rebased(center: Center) -> None:
    """With the version; the pull request is given with its new head."""
    opened = center.opened()
    center.app.commit("main", {"b.txt": "1\n"})
    found = center.repo.pulls.update_branch(opened)
    assert found.source.commit == center.app.head("fix") != opened.source.commit
    assert "POST git/latest/projects/PRJ/repos/app/pull-requests/1/rebase" in center.sent()


def test_a_rebase_that_cannot_be_is_refused(center: Center) -> None:
    """For its conflicts, for nothing to bring, for another head, for a merge."""
    opened = center.opened()
    with pytest.raises(Rejected, match="up to date"):
        center.repo.pulls.update_branch(opened)
    with pytest.raises(Unsupported, match="by a rebase only"):
        center.repo.pulls.update_branch(opened, method=MergeMethod.MERGE)
    center.app.commit("main", {"a.txt": "other\n"})
    with pytest.raises(Rejected, match="conflicts"):
        center.repo.pulls.update_branch(opened)


def test_a_rebase_is_for_the_head_that_was_looked_at() -> None:
    """Another one is not rebased."""
    with served(routed({f"GET {PULL}": answer(200, pull())})) as (api, server):
        with pytest.raises(Stale):
            rebasing.rebase(repository(api), 7, None, "c" * 40)
        assert len(server.seen) == 1


def test_a_rebased_pull_request_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It learns of its new head a moment later; when it cannot be asked, the rebase is done all the same."""
    monkeypatch.setattr(waiting, "WAITS", (0.01,))
    tip = "c" * 40
    moved = pull(4, fromRef={**pull()["fromRef"], "latestCommit": tip})
    rebase, done = f"POST {PULL.replace('/api/', '/git/')}/rebase", answer(200, {"refChange": {"toHash": tip}})
    reads = iter([answer(200, pull()), answer(200, pull()), answer(200, moved), answer(200, pull()), answer(503)])
    with served(routed({f"GET {PULL}": lambda _: next(reads), rebase: done})) as (api, server):
        assert rebasing.rebase(repository(api), 7, None, None).from_ref.latest_commit == tip
        assert len(server.seen) == 4
        with pytest.raises(HostDown) as caught:
            rebasing.rebase(repository(api), 7, None, None)
        assert caught.value.maybe_done


def test_a_rebase_that_changed_nothing_is_said() -> None:
    """An answer without a change."""
    rebase = f"POST {PULL.replace('/api/', '/git/')}/rebase"
    script = routed({f"GET {PULL}": answer(200, pull()), rebase: answer(200, {})})
    with served(script) as (api, _), pytest.raises(Rejected, match="nothing to bring"):
        rebasing.rebase(repository(api), 7, MergeMethod.REBASE, None)
