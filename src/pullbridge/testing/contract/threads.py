"""Conversations: where they are put, and what becomes of them."""

from __future__ import annotations

import pytest

import pullbridge
from pullbridge import Anchor, AnswerState, Can, Pull, Repository, Side, Thread
from pullbridge.testing.contract.scene import EDGE, Scene, SceneContract, needs


class ThreadsContract(SceneContract):
    """Conversations on the whole, on lines and on files."""

    @pytest.mark.parametrize(
        ("at", "abilities"),
        [
            (None, (Can.COMMENT,)),
            (Anchor.line(EDGE, 20), (Can.COMMENT_INLINE,)),
            (Anchor.line(EDGE, 18), (Can.COMMENT_INLINE,)),
            (Anchor.line(EDGE, 20, side=Side.OLD), (Can.COMMENT_INLINE, Can.COMMENT_OLD_SIDE)),
            (Anchor.lines(EDGE, 18, 20), (Can.COMMENT_RANGE,)),
            (Anchor.file(EDGE), (Can.COMMENT_FILE,)),
        ],
        ids=str,
    )
    def test_a_comment_stays_where_it_is_put(
        self, grace: Repository, pull: Pull, at: Anchor | None, abilities: tuple[Can, ...]
    ) -> None:
        """On the whole, on a changed, an unchanged and a removed line, on a range, on a file: as written, and read back."""
        needs(grace, *abilities)
        started = grace.threads.start(pull, "Hm.", at)
        (read,) = grace.threads.list(pull)
        for thread in (started, read):
            assert [comment.body for comment in thread.comments] == ["Hm."]
            assert thread.comments[0].author.handle == "grace"
            assert thread.comments[0].mine is not False
            assert _place(thread) == (None if at is None else (at.path, at.side, at.start, at.end))
        assert started.id == read.id

    def test_a_place_outside_the_diff_is_known_before(self, scene: Scene, grace: Repository, pull: Pull) -> None:
        """Nothing is posted, and the nearest place is named."""
        needs(grace, Can.COMMENT_INLINE)
        if grace.can[Can.COMMENT_OUTSIDE_HUNKS].state is not AnswerState.NO:
            pytest.skip("this host takes comments on every line")
        with pytest.raises(pullbridge.Unplaceable) as caught:
            grace.threads.start(pull, "Far away.", Anchor.line(EDGE, 2, commit=scene.head))
        assert caught.value.nearest is not None
        assert caught.value.text == "Far away."
        assert grace.threads.list(pull) == ()
        assert grace.threads.placement(pull, caught.value.nearest).ok

    def test_reply_edit_and_delete(self, ada: Repository, grace: Repository, pull: Pull) -> None:
        """A conversation goes on below its first comment, and its texts may be mended."""
        needs(grace, Can.COMMENT_INLINE, Can.REPLY)
        thread = grace.threads.start(pull, "Hm.", Anchor.line(EDGE, 20))
        reply = ada.threads.reply(pull, thread, "Yes.")
        assert [each.body for each in _only(ada, pull).comments] == ["Hm.", "Yes."]
        needs(ada, Can.EDIT_COMMENT)
        assert ada.threads.edit(pull, reply, "Yes, indeed.").body == "Yes, indeed."
        needs(ada, Can.DELETE_COMMENT)
        ada.threads.delete(pull, reply)
        assert [each.body for each in _only(ada, pull).comments if not each.deleted] == ["Hm."]

    def test_resolve_and_unresolve(self, grace: Repository, pull: Pull) -> None:
        """Both may be repeated, and are there when read again."""
        needs(grace, Can.COMMENT_INLINE, Can.RESOLVE)
        thread = grace.threads.start(pull, "Hm.", Anchor.line(EDGE, 20))
        assert {grace.threads.resolve(pull, thread).resolved for _ in range(2)} == {True}
        assert _only(grace, pull).resolved is True
        assert {grace.threads.unresolve(pull, thread).resolved for _ in range(2)} == {False}

    def test_a_second_run_posts_nothing_twice(self, grace: Repository, pull: Pull) -> None:
        """`skip_existing` finds my own comment with that text at that place."""
        first = grace.threads.start(pull, "Hm.", Anchor.line(EDGE, 20))
        again = grace.threads.start(pull, "Hm.", Anchor.line(EDGE, 20), skip_existing=True)
        assert again.id == first.id
        assert len(grace.threads.list(pull)) == 1


def _place(thread: Thread) -> tuple[object, ...] | None:
    at = thread.anchor
    return None if at is None else (at.path, at.side, at.start, at.end)


def _only(repo: Repository, pull: Pull) -> Thread:
    (thread,) = repo.threads.list(pull)
    return thread
