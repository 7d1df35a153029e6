"""Conversations out of activities: nested, echoed, pending, and as others have recorded them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
from tests.hosts.bitbucket_dc.recorded import stash

from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.hosts.decoding import told
from pullbridge.model.people import Person
from pullbridge.model.threads import CommentState

URL = "https://code.example/projects/PRJ/repos/app/pull-requests/7"
ADA = Person(id="1", handle="ada")
READER = wire.Reader(url=URL, me=ADA)


def comment(identity: int, text: str = "", *answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    author = {"name": "ada", "id": 1, "slug": "ada"}
    return {"id": identity, "version": 0, "text": text, "author": author, "comments": list(answers), **more}


def said(root: dict[str, Any], action: str = "ADDED", **more: Any) -> dict[str, Any]:
    return {"id": 100 + root["id"], "action": "COMMENTED", "commentAction": action, "comment": root, **more}


def activities(*rows: Any) -> list[payloads.Activity]:
    found = (told(msgspec.json.encode(row), payloads.Activity) for row in rows)
    return [each for each in found if each is not None]


def pending(*roots: dict[str, Any]) -> list[payloads.Comment]:
    return msgspec.convert(list(roots), list[payloads.Comment])


def texts(*rows: Any, drafts: tuple[dict[str, Any], ...] = ()) -> list[list[str]]:
    found = wire.threads(activities(*rows), pending(*drafts), READER)
    return [[each.body for each in thread.comments] for thread in found]


def test_answers_of_any_depth_follow_each_other_in_time() -> None:
    """The conversation is its root's, however deep an answer is nested."""
    deep = comment(9, "first", comment(10, "a", comment(11, "b"), comment(14, "e")), comment(12, "c", comment(13, "d")))
    assert texts(said(deep)) == [["first", "a", "b", "c", "d", "e"]]


def test_a_thousand_answers_below_each_other_are_read() -> None:
    """Depth is the host's matter, and no limit of ours."""
    inner = comment(400, "last")
    for identity in range(399, 0, -1):
        inner = comment(identity, f"{identity}", inner)
    (thread,) = texts(said(inner))
    assert len(thread) == 400
    assert thread[-1] == "last"


def test_the_oldest_comes_first_and_the_whole_before_the_diff() -> None:
    """Activities come newest first; those on the whole pull request lead."""
    at = {"path": "a.py", "line": 1, "lineType": "ADDED", "fileType": "TO"}
    rows = [said(comment(3, "late")), said(comment(2, "line"), commentAnchor=at), said(comment(1, "early"))]
    assert texts(*rows) == [["early"], ["late"], ["line"]]


def test_echoes_make_no_second_conversation() -> None:
    """Edits and answers as activities of their own tell what the conversation tells already; what was deleted is gone."""
    root = comment(1, "root", comment(2, "answer"))
    rows = [
        said(comment(2, "answer"), "REPLIED"),
        said(root, "UPDATED"),
        said(comment(3, "gone"), "DELETED"),
        said(comment(3, "gone")),
        said(comment(4, "an answer", parent={"id": 1}), "REPLIED"),
        said(root),
    ]
    assert texts(*rows) == [["root", "answer"]]


def test_activities_of_unknown_shapes_are_passed_over() -> None:
    """Plug-ins may add any."""
    odd = [{"action": 7}, {"id": "x", "action": "POKED"}, ["?"], {"action": "COMMENTED", "comment": "text"}, {}]
    assert texts(*odd, {"action": "SOMETHING_NEW", "id": 3}, said(comment(1, "here"))) == [["here"]]


def test_drafts_stand_where_they_will_be() -> None:
    """One that begins a conversation takes no answers yet; one that answers is the last of it."""
    answer = comment(3, "my draft", state="PENDING")
    fresh = comment(4, "mine alone", state="PENDING", threadResolved=False)
    found = wire.threads(activities(said(comment(1, "root"))), pending(comment(1, "root", answer), fresh), READER)
    assert [[(c.body, c.state) for c in t.comments] for t in found] == [
        [("root", CommentState.PUBLISHED), ("my draft", CommentState.PENDING)],
        [("mine alone", CommentState.PENDING)],
    ]
    assert (found[0].can_reply, found[1].can_reply, found[1].can_resolve) == (None, False, False)


def test_a_settled_conversation_and_a_done_task_are_two_things() -> None:
    """`threadResolved` settles, `state` does a task; before 8.9 nothing settles."""
    settled = comment(
        1, "x", severity="BLOCKER", state="OPEN", threadResolved=True, threadResolver={"name": "ada", "id": 1}
    )
    done = comment(2, "y", severity="BLOCKER", state="RESOLVED", threadResolved=False)
    old = comment(3, "z", severity="BLOCKER", state="RESOLVED")
    found = wire.threads(activities(said(settled), said(done), said(old)), (), READER)
    assert [(t.resolved, t.can_resolve, t.resolved_by) for t in found] == [
        (True, None, ADA),
        (False, None, None),
        (None, False, None),
    ]
    assert [wire.task(each).done for each in pending(settled, done, old)] == [False, True, True]


def test_reactions_are_counted_by_their_shortcut() -> None:
    """There is no count: who reacted is told, and so whether I did."""
    users = [{"name": "ada", "id": 1}, {"name": "bob", "id": 2}]
    told_ = {
        "reactions": [
            {"emoticon": {"shortcut": "tada"}, "users": users},
            {"emoticon": {"value": "x"}, "users": users[1:]},
        ]
    }
    (thread,) = wire.threads(activities(said(comment(1, "x", properties=told_))), (), READER)
    reactions = thread.comments[0].reactions or ()
    assert [(each.name, each.count, each.mine) for each in reactions] == [("tada", 2, True), ("x", 1, False)]


def test_suggestions_are_counted_in_a_text_about_lines() -> None:
    """Data Center keeps no list of them; on the whole pull request there is nothing to replace."""
    text = "Try:\n```suggestion\nfixed\n```\nor\n````suggestion\n```\n````"
    at = {"path": "a.py", "line": 1, "lineType": "ADDED", "fileType": "TO"}
    whole, lines = wire.threads(
        activities(said(comment(1, text)), said(comment(2, text), commentAnchor=at)), (), READER
    )
    assert whole.comments[0].suggestions == ()
    assert [(each.id, each.replacement) for each in lines.comments[0].suggestions] == [
        ("2#0", "fixed\n"),
        ("2#1", "```\n"),
    ]


def test_the_piece_of_the_diff_is_written_as_git_writes_it() -> None:
    """So that an editor can show it beside the conversation."""
    segments = [
        {"type": "CONTEXT", "lines": [{"line": "a"}]},
        {"type": "REMOVED", "lines": [{"line": "b"}]},
        {"type": "ADDED", "lines": [{"line": "B"}]},
    ]
    hunk = {"sourceLine": 1, "sourceSpan": 2, "destinationLine": 1, "destinationSpan": 2, "segments": segments}
    (thread,) = wire.threads(activities(said(comment(1, "x"), diff={"hunks": [hunk]})), (), READER)
    assert thread.hunk == "@@ -1,2 +1,2 @@\n a\n-b\n+B"


@pytest.mark.contract
def test_recorded_activities_are_read() -> None:
    """A recorded stream of Data Center's: two comments of one person, oldest first, and their times."""
    rows = json.loads((stash() / "pr_comments.json").read_bytes())["values"]
    found = wire.threads(activities(*rows), (), READER)
    assert [(t.id, t.comments[0].body) for t in found] == [
        ("1", "this is a comment"),
        ("2", "this is a second comment"),
    ]
    first = found[0].comments[0]
    assert (first.author.handle, first.mine) == ("jcitizen", True)
    assert str(first.created_at) == "2018-07-05 05:58:45.043000+00:00"


@pytest.mark.contract
@pytest.mark.parametrize("name", ["pr_comment.json", "pr_comment_iso_dates.json"])
def test_a_recorded_comment_means_what_others_make_of_it(name: str) -> None:
    """The golden value is go-scm's, of either way to write a time."""
    folder = stash()
    made = wire.comment(
        msgspec.json.decode((folder / name).read_bytes(), type=payloads.Comment), READER, anchored=False
    )
    golden = json.loads((folder / "pr_comment.json.golden").read_bytes())
    assert (made.id, made.body, made.author.handle) == (str(golden["ID"]), golden["Body"], golden["Author"]["Login"])
    assert made.created_at is not None
    assert made.created_at.replace(microsecond=0) == datetime.fromisoformat(golden["Created"])
