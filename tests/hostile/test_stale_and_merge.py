"""What has changed since somebody looked: no merge, no verdict and no comment lands on what was not seen."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hostile.scene import Scene, changed
from werkzeug.wrappers import Request, Response

from pullbridge import (
    Anchor,
    DraftComment,
    MergeabilityState,
    MergeMethod,
    MergeState,
    NotMergeable,
    NotThere,
    OutcomeStatus,
    PullState,
    Rejected,
    Stale,
    Unplaceable,
    Verdict,
)


def test_a_merge_of_what_was_not_seen_is_refused(scene: Scene) -> None:
    """The head moved since: `Stale` says both commits, and nothing is written."""
    seen, repo = scene.head, scene.connect()
    now = scene.push(11)
    with pytest.raises(Stale) as caught:
        repo.pulls.merge(1, expect_head=seen)
    assert (caught.value.expected, caught.value.found) == (seen, now)
    assert scene.writes() == []
    assert repo.pulls.get(1).state is PullState.OPEN


def test_the_host_guards_the_last_moment(scene: Scene) -> None:
    """A push between the look and the merge is caught by the host itself: 409 is `Stale`."""
    repo, seen = scene.connect(), scene.head
    repo.pulls.mergeability(1, wait=5)

    def pushed(request: Request, _: Response) -> None:
        if request.path.endswith("/pulls/1") and scene.head == seen:
            scene.push(12)

    scene.instead(pushed)
    with pytest.raises(Stale) as caught:
        repo.pulls.merge(1, expect_head=seen)
    assert caught.value.status == 409
    assert repo.pulls.get(1).state is PullState.OPEN


def test_a_short_commit_id_is_enough_to_expect(scene: Scene) -> None:
    """Twelve characters of the head are taken for it, and the host gets all forty."""
    repo = scene.connect()
    repo.pulls.mergeability(1, wait=5)
    assert repo.pulls.merge(1, expect_head=scene.head[:12]).state is MergeState.MERGED


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_on_what_was_not_seen_is_refused(scene: Scene, verdict: Verdict) -> None:
    """The head moved since: no review is written, and the texts are in the error's receipt."""
    seen, repo = scene.head, scene.connect()
    scene.push(11)
    with pytest.raises(Stale) as caught:
        repo.reviews.submit(1, verdict, "Fine.", comments=[scene.draft("one", commit=seen)], expect_head=seen)
    assert scene.writes() == []
    assert scene.reviews() == []
    receipt = caught.value.receipt
    assert receipt is not None
    assert (receipt.body, [o.status for o in receipt.outcomes]) == ("Fine.", [OutcomeStatus.NOT_TRIED])


def test_a_verdict_is_bound_to_the_commit_that_was_looked_at(scene: Scene) -> None:
    """An approval with `expect_head` names that commit, so that a later push does not slip below it."""
    repo = scene.connect()
    receipt = repo.reviews.submit(1, Verdict.APPROVE, expect_head=scene.head)
    assert receipt.review is not None
    assert receipt.review.commit == scene.head


class TestNotMergeable:
    """Why it may not be merged is in `NotMergeable.reasons`, and nothing is merged."""

    def test_a_draft(self, scene: Scene) -> None:
        """A draft says that it is one."""
        repo = scene.connect("ada")
        repo.pulls.set_draft(1, True)
        assert "draft" in _reasons(repo)

    def test_conflicts(self, scene: Scene) -> None:
        """Conflicting branches say so."""
        scene.app.commit("main", {"a.txt": changed(10).replace("changed", "otherwise")})
        repo = scene.connect()
        assert repo.pulls.mergeability(1, wait=5).state is MergeabilityState.CONFLICTS
        assert "conflict" in _reasons(repo)

    def test_a_required_review(self, scene: Scene) -> None:
        """A missing approval is named."""
        scene.app.require("main", reviews=1)
        repo = scene.connect()
        assert repo.pulls.mergeability(1, wait=5).state is MergeabilityState.BLOCKED
        assert "review" in _reasons(repo)

    def test_a_required_check(self, scene: Scene) -> None:
        """A failing required check is named."""
        scene.app.require("main", checks=("ci",))
        scene.app.check(scene.head, "ci", "failure")
        assert "check" in _reasons(scene.connect())

    def test_what_is_merged_already(self, scene: Scene) -> None:
        """A second merge is refused and not repeated."""
        repo = scene.connect()
        repo.pulls.mergeability(1, wait=5)
        repo.pulls.merge(1)
        scene.requests.clear()
        with pytest.raises(NotMergeable):
            repo.pulls.merge(1)
        assert len(scene.writes()) == 1

    def test_what_is_closed(self, scene: Scene) -> None:
        """A closed one is not open, and says so."""
        repo = scene.connect("ada")
        repo.pulls.close(1)
        assert repo.pulls.mergeability(1).state is MergeabilityState.CLOSED
        assert "open" in _reasons(repo)


def test_a_method_that_the_repository_forbids_is_never_another_one(scene: Scene) -> None:
    """Where squashing is off, asking for it is refused; nothing is merged in another way."""
    scene.app.settings(allow_squash=False)
    repo = scene.connect()
    repo.pulls.mergeability(1, wait=5)
    with pytest.raises((NotMergeable, Rejected)):
        repo.pulls.merge(1, method=MergeMethod.SQUASH)
    assert repo.pulls.get(1).state is PullState.OPEN


def test_deleting_the_source_is_told_apart_from_the_merge(scene: Scene) -> None:
    """The receipt says that the branch is gone; where it cannot be deleted, the merge still counts."""
    repo = scene.connect()
    repo.pulls.mergeability(1, wait=5)
    scene.host.behave(status=403, method="DELETE")
    receipt = repo.pulls.merge(1, delete_source=True)
    assert (receipt.state, receipt.branch_deleted) == (MergeState.MERGED, False)


class TestOnMoved:
    """An anchor made at an older head, by what the caller wants done with it."""

    @pytest.fixture
    def older(self, scene: Scene) -> Anchor:
        """Line 40 as it was before two lines came in above it, in a hunk of their own."""
        anchor = scene.at(40)
        text = changed(10, 40).replace("line 1\n", "line 1\nnew\nnew\n")
        scene.head = scene.app.commit("fix", {"a.txt": text}, "Push")
        return anchor

    def test_refuse(self, scene: Scene, older: Anchor) -> None:
        """`refuse` is `Stale`, and writes nothing."""
        with pytest.raises(Stale):
            self._submit(scene, older, "refuse")
        assert scene.writes() == []

    def test_there(self, scene: Scene, older: Anchor) -> None:
        """`there` comments on the commit that was looked at."""
        receipt = self._submit(scene, older, "there")
        assert receipt.outcomes[0].status is OutcomeStatus.POSTED
        assert self._anchor(scene) == older

    def test_by_default_there(self, scene: Scene, older: Anchor) -> None:
        """Nothing said is: there, where the host can."""
        assert self._submit(scene, older, None).outcomes[0].status is OutcomeStatus.POSTED
        assert self._anchor(scene) == older

    def test_carry(self, scene: Scene, older: Anchor) -> None:
        """`carry` finds the same line in the head, and the outcome says that it was carried."""
        receipt = self._submit(scene, older, "carry")
        assert receipt.outcomes[0].status is OutcomeStatus.CARRIED
        assert self._anchor(scene) == scene.at(42)

    def test_carry_never_guesses(self, scene: Scene) -> None:
        """A line that has changed is not carried to one that looks alike."""
        older = scene.at(40)
        scene.head = scene.app.commit("fix", {"a.txt": changed(10, 40).replace("line 40, changed", "something else")})
        with pytest.raises(Unplaceable) as caught:
            self._submit(scene, older, "carry")
        assert caught.value.text == "Here."
        assert scene.writes() == []

    def _submit(self, scene: Scene, at: Anchor, on_moved: str | None) -> Any:
        return scene.connect().reviews.submit(
            1, Verdict.COMMENT, comments=[DraftComment("Here.", at=at)], on_moved=on_moved
        )

    def _anchor(self, scene: Scene) -> Anchor | None:
        thread = next(thread for thread in scene.connect().threads.list(1) if thread.anchor)
        return thread.anchor


def test_a_branch_is_deleted_only_where_it_was_seen(scene: Scene) -> None:
    """`branches.delete(expect=)` refuses a branch that has moved; an absent one is `NotThere`."""
    repo, seen = scene.connect(), scene.head
    scene.push(11)
    with pytest.raises(Stale):
        repo.branches.delete("fix", expect=seen)
    assert scene.writes() == []
    with pytest.raises(NotThere):
        repo.branches.delete("nowhere")


def test_updating_a_branch_that_moved_is_refused(scene: Scene) -> None:
    """`update_branch(expect_head=)` refuses a moved head before anything is written."""
    repo, seen = scene.connect(), scene.head
    scene.push(11)
    with pytest.raises(Stale):
        repo.pulls.update_branch(1, expect_head=seen)
    assert scene.writes() == []


def _reasons(repo: Any) -> str:
    with pytest.raises(NotMergeable) as caught:
        repo.pulls.merge(1)
    assert repo.pulls.get(1).state is not PullState.MERGED
    assert caught.value.reasons
    return " ".join(caught.value.reasons).lower()
