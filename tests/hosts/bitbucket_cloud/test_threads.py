"""Conversations on Bitbucket Cloud, over the forge: where they are put, how deep they go, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.talking import CHANGED, EDGE, GONE, MOVED, NEW, Talk

import pullbridge
from pullbridge import Anchor, Can, CommentState, PlacementReason, Side
from pullbridge.anchoring import suggestion_block

HERE = Anchor.line(EDGE, 20)


@pytest.mark.parametrize(
    ("at", "inline"),
    [
        (Anchor.line(EDGE, 20), {"path": EDGE, "to": 20}),
        (Anchor.line(EDGE, 18), {"path": EDGE, "to": 18}),
        (Anchor.line(EDGE, 20, side=Side.OLD), {"path": EDGE, "from": 20}),
        (Anchor.lines(EDGE, 19, 22), {"path": EDGE, "start_to": 19, "to": 22}),
        (Anchor.lines(EDGE, 18, 20, side=Side.OLD), {"path": EDGE, "start_from": 18, "from": 20}),
        (Anchor.line(GONE, 2, side=Side.OLD), {"path": GONE, "from": 2}),
        (Anchor.line(MOVED, 5), {"path": MOVED, "to": 5}),
        (Anchor.file(EDGE), {"path": EDGE}),
        (None, None),
    ],
    ids=str,
)
def test_a_comment_is_put_where_it_is_meant(talk: Talk, at: Anchor | None, inline: dict[str, Any] | None) -> None:
    """On each side, on ranges, on files and on the whole: as asked, and read back by somebody else."""
    started = talk.grace.threads.start(talk.pull, "Hm.", at)
    assert talk.body("/comments").get("inline") == inline
    for thread in (started, talk.only()):
        assert _lines(thread.anchor) == _lines(thread.current) == _lines(at)
        assert (thread.outdated, thread.resolved) == (False, None if at is None else False)
        assert [(c.body, c.author.handle) for c in thread.comments] == [("Hm.", "grace")]
    assert started.comments[0].mine is True
    assert talk.only().comments[0].mine is False


def _lines(at: Anchor | None) -> object:
    return None if at is None else (at.path, at.side, at.start, at.end)


def test_whoever_wrote_it_knows_at_which_commit(talk: Talk) -> None:
    """Bitbucket keeps none: what was written from here has it, for everybody else it is `None`."""
    talk.grace.threads.start(talk.pull, "Hm.", HERE)
    (mine,), theirs = talk.grace.threads.list(talk.pull), talk.only()
    assert mine.anchor is not None
    assert (mine.anchor.commit, theirs.anchor and theirs.anchor.commit) == (talk.head, None)


def test_a_range_from_side_to_side_has_no_words(talk: Talk) -> None:
    """It is refused before anything is sent, with the line it ends on."""
    at = Anchor.lines(EDGE, 20, 21, start_side=Side.OLD)
    talk.grace.threads.placement(talk.pull, HERE)
    talk.forget()
    with pytest.raises(pullbridge.Unplaceable, match="stays on one side") as caught:
        talk.grace.threads.start(talk.pull, "Hm.", at)
    assert (caught.value.nearest, caught.value.text) == (Anchor.line(EDGE, 21, commit=talk.head), "Hm.")
    assert talk.written() == []


def test_a_place_that_bitbucket_does_not_take_is_unplaceable(talk: Talk) -> None:
    """Where it is strict about lines outside of the diff: nothing is put somewhere else instead."""
    talk.forge.bitbucket_cloud.knobs.rejects_outside = True
    with pytest.raises(pullbridge.Unplaceable) as caught:
        talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(EDGE, 2))
    assert (caught.value.nearest, caught.value.text) == (Anchor.file(EDGE, commit=talk.head), "Hm.")
    assert talk.threads() == ()


def test_of_lines_that_no_hunk_shows_nobody_knows(talk: Talk) -> None:
    """What is documented nowhere is neither a yes nor a no, and Bitbucket decides; inside of a hunk it is a yes."""
    far = talk.grace.threads.placement(talk.pull, Anchor.line(EDGE, 2))
    assert (far.ok, far.reason) == (None, PlacementReason.OUTSIDE_HUNKS)
    assert far.nearest is not None
    assert talk.grace.threads.placement(talk.pull, far.nearest).ok is True
    assert talk.grace.threads.start(talk.pull, "Hm.", far.anchor).anchor is not None


def test_answers_to_answers_are_one_conversation(talk: Talk) -> None:
    """To any depth, with the place and the state of the root, whether or not answers repeat them."""
    thread = talk.grace.threads.start(talk.pull, "0", HERE)
    parent = thread.id
    for depth in range(1, 6):
        parent = talk.ada.threads.reply(talk.pull, parent, str(depth)).id
    for echo in (True, False):
        talk.forge.bitbucket_cloud.knobs.echo_inline = echo
        found = talk.only()
        assert (found.id, _lines(found.anchor)) == (thread.id, _lines(HERE))
        assert [comment.body for comment in found.comments] == list("012345")


def test_a_conversation_over_many_pages(talk: Talk) -> None:
    """An answer may be pages behind what it answers; nothing is lost at the ends of pages."""
    root = talk.grace.threads.start(talk.pull, "root", HERE)
    state = talk.forge.bitbucket_cloud
    for number in range(120):
        talk.grace.threads.start(talk.pull, f"general {number}")
    talk.ada.threads.reply(talk.pull, root, "at last")
    state.requests.clear()
    found = talk.ada.threads.list(talk.pull)
    assert len(found) == 121
    assert [c.body for c in found[-1].comments] == ["root", "at last"]
    assert len(talk.sent("GET", "/comments")) == 2


def test_what_was_deleted_holds_the_conversation_together(talk: Talk) -> None:
    """A tombstone has no text; a conversation of which nothing is left is none."""
    thread = talk.grace.threads.start(talk.pull, "root", HERE)
    reply = talk.ada.threads.reply(talk.pull, thread, "reply")
    talk.grace.threads.delete(talk.pull, thread.comments[0])
    assert [(c.body, c.deleted) for c in talk.only().comments] == [("", True), ("reply", False)]
    assert _lines(talk.only().anchor) == _lines(HERE)
    talk.ada.threads.delete(talk.pull, reply)
    assert talk.threads() == ()
    with pytest.raises(pullbridge.NotThere):
        talk.ada.threads.delete(talk.pull, "4711")


def test_an_edit_replaces_the_text_alone(talk: Talk) -> None:
    """The place stays, and nothing else is sent."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    assert talk.grace.threads.edit(talk.pull, thread.comments[0], "Well.").body == "Well."
    assert talk.body(f"/comments/{thread.id}", "PUT") == {"content": {"raw": "Well."}}
    assert (talk.only().comments[0].body, _lines(talk.only().anchor)) == ("Well.", _lines(HERE))


@pytest.mark.parametrize("empty", [False, True])
def test_resolved_by_presence(talk: Talk, empty: bool) -> None:
    """`resolution: {}` settles a conversation as well; whoever did it is named where Bitbucket names them."""
    talk.forge.bitbucket_cloud.knobs.empty_resolutions = empty
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    assert {talk.ada.threads.resolve(talk.pull, thread).resolved for _ in range(2)} == {True}
    found = talk.only()
    assert (found.resolved, found.resolved_by and found.resolved_by.handle) == (True, None if empty else "ada")
    assert {talk.ada.threads.unresolve(talk.pull, thread).resolved for _ in range(2)} == {False}
    assert talk.only().resolved is False


def test_an_answer_is_settled_by_its_root(talk: Talk) -> None:
    """Bitbucket refuses to resolve anything but the root (403)."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    deep = talk.ada.threads.reply(talk.pull, talk.ada.threads.reply(talk.pull, thread, "One.").id, "Two.")
    found = talk.ada.threads.resolve(talk.pull, deep.id)
    assert (found.id, found.resolved) == (thread.id, True)


def test_what_is_not_on_the_diff_is_not_settled(talk: Talk) -> None:
    """Known before, and said with another way; what is not there at all is not there."""
    thread = talk.grace.threads.start(talk.pull, "Hm.")
    assert (thread.can_resolve, thread.resolved) == (False, None)
    with pytest.raises(pullbridge.Unsupported, match=r"tasks\.add") as caught:
        talk.ada.threads.resolve(talk.pull, thread)
    assert caught.value.can is Can.RESOLVE
    for identity in ("4711", "no-number"):
        with pytest.raises(pullbridge.NotThere):
            talk.ada.threads.resolve(talk.pull, identity)
        with pytest.raises(pullbridge.NotThere):
            talk.ada.threads.unresolve(talk.pull, identity)


def test_comments_move_along_until_their_line_is_gone(talk: Talk) -> None:
    """Then they are outdated, and are nowhere in the head."""
    talk.grace.threads.start(talk.pull, "Hm.", HERE)
    talk.push()
    moved = talk.only()
    assert (_lines(moved.current), moved.outdated) == ((EDGE, Side.NEW, 23, 23), False)
    talk.push(text=CHANGED.replace("changed\n", "something else\n"))
    gone = talk.only()
    assert (gone.current, gone.outdated) == (None, True)
    assert gone.anchor is not None
    (mine,) = talk.grace.threads.list(talk.pull)
    assert _lines(mine.anchor) == _lines(HERE), "where it was written is kept by whoever wrote it"


def test_what_was_begun_in_the_browser_is_pending(talk: Talk) -> None:
    """It is shown to its author alone, as what it is, and `reviews.pending` does not promise to publish it."""
    token = talk.forge.bitbucket_cloud.token("grace")
    grace = talk.with_(pullbridge.Token(token))
    path = f"repositories/octo/app/pullrequests/{talk.pull.number}/comments"
    grace.probe()
    sent = {"content": {"raw": "later"}, "pending": True, "inline": {"path": EDGE, "to": 20}}
    grace.native.session.request("POST", f"{talk.forge.bitbucket_cloud.api_url}/{path}", json=sent)
    (thread,) = grace.threads.list(talk.pull)
    assert [(c.state, c.mine) for c in thread.comments] == [(CommentState.PENDING, True)]
    assert thread.can_resolve is False
    assert talk.threads() == ()
    assert grace.reviews.pending(talk.pull) == ()


def test_a_lost_answer_is_looked_up(talk: Talk) -> None:
    """A comment is never posted twice: mine, with that text, at that place, just made."""
    talk.grace.threads.list(talk.pull)
    talk.forge.bitbucket_cloud.behave(cut="after", method="POST", path="*/comments", times=1)
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    assert thread.id == talk.only().id
    talk.forge.bitbucket_cloud.behave(cut="after", method="POST", path="*/comments", times=1)
    reply = talk.ada.threads.reply(talk.pull, thread, "Yes.")
    assert [c.id for c in talk.only().comments] == [thread.id, reply.id]


def test_a_credential_that_may_not_ask_who_it_is(talk: Talk) -> None:
    """What it writes is its own all the same; whose the others are it cannot say, and never guesses."""
    talk.grace.threads.start(talk.pull, "Theirs.")
    token = talk.forge.bitbucket_cloud.token("robot", kind="repository", at="octo/app")
    robot = talk.with_(pullbridge.Token(token))
    assert robot.threads.start(talk.pull, "Mine.", HERE).comments[0].mine is True
    assert [c.mine for t in robot.threads.list(talk.pull) for c in t.comments] == [None, None]


def test_suggestions_are_read_and_applied(talk: Talk) -> None:
    """By the fence that is the same on other hosts; the file is written in one commit, guarded by the head."""
    body = f"Better:\n\n{suggestion_block('fixed')}"
    talk.grace.threads.start(talk.pull, body, Anchor.lines(EDGE, 20, 21))
    (suggestion,) = talk.only().comments[0].suggestions
    assert (suggestion.replacement, suggestion.applied) == ("fixed\n", None)
    before = talk.head
    made = talk.ada.threads.apply_suggestion(talk.pull, suggestion, "Take it")
    assert (made.id, made.title, made.parents) == (talk.head, "Take it", (before,))
    assert talk.ada.files.content(EDGE, talk.head).decode() == CHANGED.replace("changed\nadded\n", "fixed\n")


def test_reactions_are_refused_before(talk: Talk) -> None:
    """The API has none, and nothing is sent."""
    thread = talk.grace.threads.start(talk.pull, "Hm.")
    assert thread.comments[0].reactions is None
    talk.forget()
    with pytest.raises(pullbridge.Unsupported):
        talk.grace.threads.react(talk.pull, thread.comments[0], "+1")
    assert talk.sent() == []


def test_a_comment_on_a_file_that_was_added(talk: Talk) -> None:
    """Its first line is a place; its old side is none."""
    assert _lines(talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(NEW, 1)).anchor) == (NEW, Side.NEW, 1, 1)
    with pytest.raises(pullbridge.Unplaceable):
        talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(NEW, 1, side=Side.OLD))
