"""Comments in and out of Bitbucket's words: pure."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge import Anchor, CommentState, Person, Side
from pullbridge.hosts.bitbucket_cloud import payloads, wire

ME = Person(id="{me}", handle="me")


def comment(identity: int, parent: int | None = None, **more: Any) -> payloads.Comment:
    given_ = {"id": identity, "content": {"raw": f"text {identity}"}, **more}
    if parent is not None:
        given_["parent"] = {"id": parent, "links": {}}
    return msgspec.json.decode(json.dumps(given_), type=payloads.Comment)


@st.composite
def anchors(draw: st.DrawFn) -> Anchor:
    side = draw(st.sampled_from(Side))
    start, more = draw(st.integers(1, 10**6)), draw(st.integers(0, 30))
    return draw(st.sampled_from([Anchor.file("a/b"), Anchor.lines("a/b", start, start + more, side=side)]))


@given(anchors())
def test_a_place_comes_back_as_it_went(at: Anchor) -> None:
    """One side, and the lower of two ends of a range only beside the other."""
    sent = wire.inline(at)
    assert sent is not None
    assert not ({"to", "start_to"} & sent.keys() and {"from", "start_from"} & sent.keys())
    assert wire.anchor(msgspec.convert(sent, payloads.Inline)) == at


@pytest.mark.parametrize(
    ("inline", "at"),
    [
        ({"path": "a", "to": 5, "from": None}, Anchor.line("a", 5)),
        ({"path": "a", "to": 5, "from": 4}, Anchor.line("a", 5)),
        ({"path": "a", "to": None, "from": 4}, Anchor.line("a", 4, side=Side.OLD)),
        ({"path": "a", "to": 5, "start_to": 5}, Anchor.line("a", 5)),
        ({"path": "a", "to": 5, "start_to": 9}, Anchor.line("a", 5)),
        ({"path": "a", "to": 5, "start_to": 2, "start_from": None}, Anchor.lines("a", 2, 5)),
        ({"path": "a", "from": 5, "start_from": 2}, Anchor.lines("a", 2, 5, side=Side.OLD)),
        ({"path": "a"}, Anchor.file("a")),
        ({"path": "a", "to": None, "from": None, "outdated": True}, Anchor.file("a")),
    ],
    ids=str,
)
def test_places_as_they_are_told(inline: dict[str, Any], at: Anchor) -> None:
    """With all fields, with those that older answers have, and with numbers that cannot be."""
    assert wire.anchor(msgspec.convert(inline, payloads.Inline)) == at


def test_a_range_from_side_to_side_has_no_place() -> None:
    """Rather none than half of one."""
    assert wire.inline(Anchor.lines("a", 4, 5, start_side=Side.OLD)) is None


@pytest.mark.parametrize(
    ("resolution", "resolved"), [({}, True), ({"type": "x", "user": None}, True), (None, False), (msgspec.UNSET, False)]
)
def test_resolved_by_presence(resolution: Any, resolved: bool) -> None:
    """`{}` is a resolution; null and none at all are none."""
    more = {} if resolution is msgspec.UNSET else {"resolution": resolution}
    (thread,) = wire.threads([comment(1, inline={"path": "a", "to": 1}, **more)], wire.Reader())
    assert thread.resolved is resolved


def test_answers_come_before_and_after_what_they_answer() -> None:
    """Whatever the order of the pages: by their numbers, which grow with time."""
    rows = [comment(4, 3), comment(1, inline={"path": "a", "to": 1}), comment(3, 1), comment(2)]
    found = wire.threads(rows, wire.Reader())
    assert [(t.id, [c.id for c in t.comments]) for t in found] == [("2", ["2"]), ("1", ["1", "3", "4"])]


def test_what_is_answered_may_be_hidden() -> None:
    """The answers stay together, at the place that they repeat."""
    rows = [comment(5, 1, inline={"path": "a", "to": 1}), comment(6, 5)]
    (thread,) = wire.threads(rows, wire.Reader())
    assert (thread.id, [c.id for c in thread.comments], thread.anchor) == ("1", ["5", "6"], Anchor.line("a", 1))


@given(st.dictionaries(st.integers(1, 8), st.integers(1, 8) | st.none(), max_size=8))
def test_no_comment_is_lost_whatever_answers_whatever(parents: dict[int, int | None]) -> None:
    """Circles and gaps are no reason to hang, nor to drop anything."""
    found = wire.threads([comment(one, other) for one, other in parents.items()], wire.Reader())
    assert sorted(int(c.id) for t in found for c in t.comments) == sorted(parents)
    assert len({t.id for t in found}) == len(found)


def test_tombstones_hold_a_conversation_together() -> None:
    """And are no conversation by themselves; their text is empty whatever is in it."""
    dead = {"deleted": True}
    assert wire.threads([comment(1, **dead), comment(2, 1, **dead)], wire.Reader()) == ()
    (thread,) = wire.threads([comment(1, **dead), comment(2, 1)], wire.Reader())
    assert [(c.body, c.deleted) for c in thread.comments] == [("", True), ("text 2", False)]


def test_where_it_stands_and_where_it_was_written() -> None:
    """The head is that of the answer; the commit it was written at is known of what was written from here."""
    inline = {"path": "a", "to": 8, "outdated": False}
    written = {"1": Anchor.line("a", 5, commit="c" * 40)}
    (thread,) = wire.threads([comment(1, inline=inline)], wire.Reader(head="d" * 40, written=written))
    assert (thread.anchor, thread.current) == (written["1"], Anchor.line("a", 8, commit="d" * 40))
    (gone,) = wire.threads([comment(2, inline={**inline, "outdated": True})], wire.Reader(head="d" * 40))
    assert (gone.anchor, gone.current, gone.outdated) == (Anchor.line("a", 8), None, True)


def test_what_is_mine_and_what_is_pending() -> None:
    """By the account's number; unknown where nobody knows who I am."""
    row = comment(1, user={"uuid": "{me}", "nickname": "me"}, pending=True)
    (thread,) = wire.threads([row], wire.Reader(me=ME))
    assert (thread.comments[0].mine, thread.comments[0].state) == (True, CommentState.PENDING)
    assert wire.comment(row, wire.Reader()).mine is None
    assert wire.comment(comment(1), wire.Reader(me=ME)).mine is False


def test_a_ghost_has_no_account() -> None:
    """An account that is gone is null, and the comment is still there."""
    assert wire.comment(comment(1, user=None), wire.Reader()).author.handle == "ghost"
