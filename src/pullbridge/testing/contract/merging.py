"""Checks, and the merge."""

from __future__ import annotations

import pytest

import pullbridge
from pullbridge import Can, CheckState, MergeState, Pull, PullState, Repository
from pullbridge.testing.contract.scene import CHANGED, EDGE, Scene, SceneContract, needs


class MergingContract(SceneContract):
    """What machines say, and how it ends."""

    def test_the_newest_report_of_a_check_counts(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """Under its name, and in the roll-up."""
        needs(ada, Can.REPORT_CHECK, Can.CHECKS)
        assert ada.checks.rollup(pull).state is None
        for state in (CheckState.PENDING, CheckState.FAILURE, CheckState.SUCCESS):
            ada.checks.report(scene.head, "tests", state)
            [found] = ada.checks.list(pull)
            # Some hosts have one word for what has not begun and for what goes on.
            same = {CheckState.PENDING, CheckState.RUNNING} if state is CheckState.PENDING else {state}
            assert (found.name, found.state in same) == ("tests", True)
            assert ada.checks.rollup(pull).state is found.state

    def test_merge(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """The receipt names the commit that is on the target, and the pull request says so."""
        receipt = ada.pulls.merge(pull, expect_head=scene.head)
        merged = ada.pulls.get(pull)
        assert (receipt.state, merged.state) == (MergeState.MERGED, PullState.MERGED)
        assert receipt.commit == scene.app.head("main")
        assert merged.merged_at is not None
        with pytest.raises(pullbridge.NotMergeable):
            ada.pulls.merge(pull)

    def test_a_merge_takes_the_branch_along(self, ada: Repository, pull: Pull) -> None:
        """Where that is asked for, and the receipt says so."""
        needs(ada, Can.DELETE_SOURCE)
        assert ada.pulls.merge(pull, delete_source=True).branch_deleted
        with pytest.raises(pullbridge.NotThere):
            ada.branches.get("fix/edge")

    def test_an_older_head_is_not_merged(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """Whoever looked at the older one decides again."""
        seen = scene.head
        scene.app.commit("fix/edge", {"new.txt": "newer\n"})
        with pytest.raises(pullbridge.Stale):
            ada.pulls.merge(pull, expect_head=seen)
        assert ada.pulls.get(pull).state is PullState.OPEN

    def test_a_conflict_is_not_merged(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """With a reason."""
        scene.app.commit("main", {EDGE: CHANGED.replace("changed", "changed otherwise")})
        with pytest.raises(pullbridge.NotMergeable) as caught:
            ada.pulls.merge(pull)
        assert caught.value.reasons
