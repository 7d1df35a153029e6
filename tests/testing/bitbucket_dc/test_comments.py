"""Comments: where they may hang, what becomes of them after pushes, replies, tasks, resolution, reactions, suggestions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.testing.bitbucket_dc.conftest import LINES, Caller, Place

COMMENTS = f"{Place.one}/comments"
TASKS = f"{Place.one}/blocker-comments"
COMMENT = "com.atlassian.bitbucket.comment."


def said(who: Caller, text: str = "x", *, expect: int = 201, **more: Any) -> Any:
    """Comment."""
    return who.json("POST", COMMENTS, json={"text": text, **more}, expect=expect)


def at(line: int, line_type: str, file_type: str, **more: Any) -> dict[str, Any]:
    """An anchor in `a.txt`, of the effective diff."""
    place = {"diffType": "EFFECTIVE", "path": "a.txt", "line": line, "lineType": line_type, "fileType": file_type}
    return place | more


def activities(who: Caller) -> list[Any]:
    """What `/activities` tells of comments."""
    return [each for each in who.rows(f"{Place.one}/activities") if each["action"] == "COMMENTED"]


# -- anchors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "line_type", "file_type"),
    [
        (20, "ADDED", "TO"),
        (20, "REMOVED", "FROM"),
        (18, "CONTEXT", "TO"),
        (18, "CONTEXT", "FROM"),
        (41, "CONTEXT", "TO"),
        (42, "CONTEXT", "FROM"),
        (40, "REMOVED", "FROM"),
        (30, "CONTEXT", "TO"),
    ],
)
def test_every_line_of_the_diff(place: Place, ada: Caller, line: int, line_type: str, file_type: str) -> None:
    """Added, removed and unchanged lines near a change, each by its own number, come back as they were sent."""
    anchor = said(ada, anchor=at(line, line_type, file_type))["anchor"]
    assert (anchor["line"], anchor["lineType"], anchor["fileType"]) == (line, line_type, file_type)
    assert (anchor["path"], anchor["diffType"], anchor["orphaned"]) == ("a.txt", "EFFECTIVE", False)
    assert (anchor["fromHash"], anchor["toHash"]) == (place.app.head("main"), place.app.head("fix"))
    (told,) = activities(ada)
    assert told["commentAnchor"] == anchor
    (hunk,) = told["diff"]["hunks"]
    kinds = {(segment["type"], row["line"]) for segment in hunk["segments"] for row in segment["lines"]}
    assert ("REMOVED", "line 20") in kinds or ("REMOVED", "line 40") in kinds


@pytest.mark.parametrize(
    ("line", "line_type", "file_type"),
    [(20, "CONTEXT", "TO"), (18, "ADDED", "TO"), (20, "ADDED", "FROM"), (40, "REMOVED", "TO"), (59, "CONTEXT", "TO")],
)
def test_a_line_that_is_something_else(ada: Caller, place: Place, line: int, line_type: str, file_type: str) -> None:
    """A wrong type, a wrong side and a line far from any change are 400; with the knob, kept as orphaned."""
    sent = {"text": "x", "anchor": at(line, line_type, file_type)}
    error = ada.refused("POST", COMMENTS, 400, json=sent)
    assert error["exceptionName"] == "com.atlassian.bitbucket.validation.ArgumentValidationException"
    place.host.knobs.checks_anchors = False
    assert said(ada, anchor=sent["anchor"])["anchor"]["orphaned"] is True


@pytest.mark.parametrize(
    "anchor",
    [
        {"line": 1},
        {"path": "a.txt", "line": 20},
        {"path": "a.txt", "line": 0, "lineType": "ADDED"},
        {"path": "a.txt", "line": 20, "lineType": "CHANGED"},
        {"path": "a.txt", "fromHash": "x", "toHash": "y"},
        {"path": "gone.txt", "line": 1, "lineType": "ADDED"},
        at(20, "ADDED", "RIGHT"),
    ],
)
def test_an_anchor_that_makes_no_sense(ada: Caller, anchor: dict[str, Any]) -> None:
    """What is missing, or no word of the host's, is 400."""
    ada.refused("POST", COMMENTS, 400, json={"text": "x", "anchor": anchor})


def test_the_wrong_commits(place: Place, ada: Caller) -> None:
    """The effective diff's commits the wrong way round, or of another time, are 409; a commit that is not there 404."""
    main, fix = place.app.head("main"), place.app.head("fix")
    assert said(ada, anchor=at(20, "ADDED", "TO", fromHash=main, toHash=fix))
    for base, head in ((fix, main), (main, main)):
        sent = {"text": "x", "anchor": at(20, "ADDED", "TO", fromHash=base, toHash=head)}
        error = ada.refused("POST", COMMENTS, 409, json=sent)
        assert error["exceptionName"] == "com.atlassian.bitbucket.pull.PullRequestOutOfDateException"
    gone = at(20, "ADDED", "TO", diffType="RANGE", fromHash="0" * 40, toHash=fix)
    ada.refused("POST", COMMENTS, 404, json={"text": "x", "anchor": gone})


def test_other_diffs(place: Place, ada: Caller) -> None:
    """A commit's own diff and a range of commits are anchors, too, and stay where they are."""
    main, fix = place.app.head("main"), place.app.head("fix")
    one = said(ada, anchor=at(20, "ADDED", "TO", diffType="COMMIT", toHash=fix))
    assert one["anchor"]["diffType"] == "COMMIT"
    two = said(ada, anchor=at(20, "ADDED", "TO", diffType="RANGE", fromHash=main, toHash=fix))
    place.app.commit("fix", {"a.txt": None})
    for made in (one, two):
        assert ada.json("GET", f"{COMMENTS}/{made['id']}")["anchor"] == made["anchor"]
    kinds = [each["id"] for each in ada.rows(COMMENTS, path="a.txt", diffTypes="RANGE")]
    assert kinds == [two["id"]]


def test_a_whole_file(place: Place, ada: Caller) -> None:
    """No line is needed; the file need not have changed, but be there."""
    made = said(ada, anchor={"path": "a.txt"})
    assert "line" not in made["anchor"]
    assert (
        said(ada, anchor={"path": {"components": ["docs", "b.txt"], "name": "b.txt"}})["anchor"]["path"] == "docs/b.txt"
    )
    ada.refused("POST", COMMENTS, 404, json={"text": "x", "anchor": {"path": "gone.txt"}})
    place.host.knobs.path_objects = True
    shown = ada.json("GET", f"{COMMENTS}/{made['id']}")["anchor"]["path"]
    assert shown == {"components": ["a.txt"], "parent": "", "name": "a.txt", "extension": "txt", "toString": "a.txt"}


def test_a_moved_file(place: Place, ada: Caller) -> None:
    """An unchanged line of it is one only for who says where the file came from; else all is added."""
    place.app.commit("fix", {"a.txt": None, "moved.txt": "".join(LINES)})
    anchor = at(5, "CONTEXT", "TO", path="moved.txt")
    ada.refused("POST", COMMENTS, 400, json={"text": "x", "anchor": anchor})
    place.app.commit("fix", {"moved.txt": "".join(["first\n", *LINES])})
    made = said(ada, anchor=anchor | {"srcPath": "a.txt"})
    assert made["anchor"]["srcPath"] == "a.txt"
    assert said(ada, anchor=at(5, "ADDED", "TO", path="moved.txt"))


@pytest.mark.parametrize(
    ("marker", "end"),
    [
        ({"startLine": 18, "startLineType": "CONTEXT"}, at(20, "ADDED", "TO")),
        ({"startLine": 20, "startLineType": "REMOVED"}, at(20, "ADDED", "TO")),
        ({"startLine": 38, "startLineType": "CONTEXT"}, at(40, "REMOVED", "FROM")),
    ],
)
def test_ranges(ada: Caller, marker: dict[str, Any], end: dict[str, Any]) -> None:
    """A range ends at its line and begins at the marker, which may be on the other side."""
    assert said(ada, anchor=end | {"multilineMarker": marker})["anchor"]["multilineMarker"] == marker


@pytest.mark.parametrize(
    "marker",
    [
        {"startLine": 20, "startLineType": "ADDED"},
        {"startLine": 21, "startLineType": "CONTEXT"},
        {"startLine": 19, "startLineType": "ADDED"},
        {"startLine": 1, "startLineType": "CONTEXT"},
        {"startLine": 18},
    ],
)
def test_ranges_that_are_none(ada: Caller, marker: dict[str, Any]) -> None:
    """One that does not begin before its end, of another type, or outside the hunk, is 400."""
    ada.refused("POST", COMMENTS, 400, json={"text": "x", "anchor": at(20, "ADDED", "TO", multilineMarker=marker)})


def test_ranges_before_and_after(data_center: Callable[..., Place]) -> None:
    """Before 9.2 the marker is ignored; where spans are wanted, a range without one is 400."""
    place = data_center(dc_version="9.1.0")
    ada = place.person("ada")
    place.opened(ada)
    anchor = at(20, "ADDED", "TO", multilineMarker={"startLine": 18, "startLineType": "CONTEXT"})
    assert "multilineMarker" not in said(ada, anchor=anchor)["anchor"]
    place.host.version = "10.2.0"
    ada.refused("POST", COMMENTS, 400, json={"text": "x", "anchor": anchor})
    span = {"srcSpanStart": 18, "srcSpanEnd": 20, "dstSpanStart": 18, "dstSpanEnd": 20}
    assert said(ada, anchor=anchor | {"multilineSpan": span})["anchor"]["multilineMarker"]["startLine"] == 18


# -- after pushes ------------------------------------------------------------------------------------------------------


def test_comments_move_with_their_lines(place: Place, ada: Caller) -> None:
    """What a push moves has its new number and the new head; what it takes away is orphaned where it was."""
    moved = said(ada, anchor=at(20, "ADDED", "TO"))
    gone = said(ada, anchor=at(40, "REMOVED", "FROM"))
    before = place.app.head("fix")
    changed = ["new\n", *LINES[:19], "changed\n", *LINES[20:]]
    place.app.commit("fix", {"a.txt": "".join(changed)})
    now = ada.json("GET", f"{COMMENTS}/{moved['id']}")["anchor"]
    assert (now["line"], now["toHash"], now["orphaned"]) == (21, place.app.head("fix"), False)
    lost = ada.json("GET", f"{COMMENTS}/{gone['id']}")["anchor"]
    assert (lost["line"], lost["toHash"], lost["orphaned"]) == (40, before, True)
    assert [each["id"] for each in ada.rows(COMMENTS, path="a.txt")] == [moved["id"]]
    assert [each["id"] for each in ada.rows(COMMENTS, path="a.txt", anchorState="ORPHANED")] == [gone["id"]]
    assert len(ada.rows(COMMENTS, path="a.txt", anchorState="ALL")) == 2


def test_a_version_for_what_moved(place: Place, ada: Caller) -> None:
    """With the knob, a comment that a push moved cannot be edited by the version that was seen before."""
    place.host.knobs.drift_makes_versions = True
    made = said(ada, anchor=at(20, "ADDED", "TO"))
    place.app.commit("fix", {"d.txt": "d"})
    error = ada.refused("PUT", f"{COMMENTS}/{made['id']}", 409, json={"text": "y", "version": 0})
    assert (error["currentVersion"], error["expectedVersion"]) == (1, 0)


# -- threads -----------------------------------------------------------------------------------------------------------


def test_replies_nest(place: Place, ada: Caller, grace: Caller) -> None:
    """A reply to a reply is below it; one activity tells the whole thread."""
    root = said(ada, "root", anchor=at(20, "ADDED", "TO"))
    reply = said(grace, "reply", parent={"id": root["id"]})
    said(ada, "again", parent={"id": reply["id"]})
    (told,) = activities(ada)
    assert told["commentAction"] == "ADDED"
    assert told["comment"]["comments"][0]["comments"][0]["text"] == "again"
    assert "anchor" not in reply
    ada.refused("POST", COMMENTS, 404, json={"text": "x", "parent": {"id": 1}})
    place.host.knobs.comment_echoes = True
    said(grace, "more", parent={"id": root["id"]})
    assert [each["commentAction"] for each in activities(ada)] == ["REPLIED", "ADDED"]


def test_a_list_needs_a_path(ada: Caller) -> None:
    """Without one, it is 400: all threads are in the activities alone."""
    said(ada)
    ada.refused("GET", COMMENTS, 400)
    assert ada.rows(COMMENTS, path="a.txt") == []
    assert len(activities(ada)) == 1


def test_editing_needs_the_version(place: Place, ada: Caller, grace: Caller) -> None:
    """None is 400, another one 409; the text is its author's alone; blank text is 400."""
    place.app.members(ada="write", grace="read")
    made = said(grace)
    path = f"{COMMENTS}/{made['id']}"
    grace.refused("PUT", path, 400, json={"text": "y"})
    assert grace.json("PUT", path, json={"text": "y", "version": 0})["version"] == 1
    error = grace.refused("PUT", path, 409, json={"text": "z", "version": 0})
    assert error["exceptionName"] == f"{COMMENT}CommentOutOfDateException"
    ada.refused("PUT", path, 401, json={"text": "z", "version": 1})
    grace.refused("PUT", path, 400, json={"text": " ", "version": 1})
    assert grace.refused("POST", COMMENTS, 400, json={"text": ""})["context"] == "text"


def test_deleting(place: Place, ada: Caller, grace: Caller) -> None:
    """With the version, one's own, and nothing that was answered."""
    place.app.members(ada="write", grace="read", root="admin")
    root = said(ada)
    reply = said(grace, parent={"id": root["id"]})
    path = f"{COMMENTS}/{root['id']}"
    assert ada.refused("DELETE", path, 409)["expectedVersion"] == -1
    error = ada.refused("DELETE", path, 409, params={"version": 0})
    assert error["exceptionName"] == f"{COMMENT}CommentDeletionException"
    ada.refused("DELETE", f"{COMMENTS}/{reply['id']}", 401, params={"version": 0})
    place.person("root")("DELETE", f"{COMMENTS}/{reply['id']}", params={"version": 0}, expect=204)
    ada("DELETE", path, params={"version": 0}, expect=204)
    assert ada.refused("GET", path, 404)["exceptionName"] == f"{COMMENT}NoSuchCommentException"
    assert activities(ada) == []


def test_resolving_a_thread(place: Place, ada: Caller) -> None:
    """The root says so, with its version, by whoever is the author of either; a task's state is another matter."""
    made = said(ada, anchor=at(20, "ADDED", "TO"))
    assert made["threadResolved"] is False
    path = f"{COMMENTS}/{made['id']}"
    done = ada.json("PUT", path, json={"threadResolved": True, "version": 0})
    assert (done["threadResolved"], done["state"], done["version"]) == (True, "OPEN", 1)
    assert done["threadResolver"]["name"] == "ada"
    assert done["threadResolvedDate"] >= done["createdDate"]
    open_ = ada.json("PUT", path, json={"threadResolved": False, "version": 1})
    assert "threadResolver" not in open_
    reply = said(ada, parent={"id": made["id"]})
    ada.refused("PUT", f"{COMMENTS}/{reply['id']}", 400, json={"threadResolved": True, "version": 0})
    ada.refused("PUT", path, 400, json={"state": "RESOLVED", "version": 2})
    place.host.version = "8.8.0"
    assert "threadResolved" not in ada.json("PUT", path, json={"threadResolved": True, "version": 2})


def test_tasks(ada: Caller, grace: Caller) -> None:
    """A task is a comment that blocks: it has a state, can be counted, and becomes a comment and back."""
    task = grace.json("POST", TASKS, json={"text": "Do it"}, expect=201)
    assert (task["severity"], task["state"]) == ("BLOCKER", "OPEN")
    path = f"{TASKS}/{task['id']}"
    done = ada.json("PUT", path, json={"state": "RESOLVED", "version": 0})
    assert (done["state"], done["resolver"]["name"]) == ("RESOLVED", "ada")
    assert done["threadResolved"] is False
    assert ada.rows(TASKS) == []
    assert len(ada.rows(TASKS, states="RESOLVED")) == 1
    assert ada.json("GET", TASKS, params={"count": "true"}) == {"OPEN": 0, "RESOLVED": 1, "PENDING": 0}
    plain = ada.json("PUT", path, json={"severity": "NORMAL", "version": 1})
    assert (plain["severity"], plain["state"]) == ("NORMAL", "OPEN")
    grace("DELETE", path, params={"version": 2}, expect=204)


def test_reactions(ada: Caller, grace: Caller) -> None:
    """Once a person, grouped by emoticon in the comment's properties; unknown ones are 400."""
    made = said(ada)
    path = f"/rest/comment-likes/latest{COMMENTS}/{made['id']}/reactions"
    for who in (grace, grace, ada):
        assert who.json("PUT", f"{path}/heart")["emoticon"]["shortcut"] == "heart"
    (group,) = ada.json("GET", f"{COMMENTS}/{made['id']}")["properties"]["reactions"]
    assert [user["name"] for user in group["users"]] == ["grace", "ada"]
    for who in (ada, grace, grace):
        who("DELETE", f"{path}/heart", expect=204)
    assert "reactions" not in ada.json("GET", f"{COMMENTS}/{made['id']}")["properties"]
    ada.refused("PUT", f"{path}/nonsense", 400)


# -- suggestions -------------------------------------------------------------------------------------------------------


def applied(who: Caller, made: dict[str, Any], status: int, **more: Any) -> Any:
    """Apply a comment's first suggestion."""
    version = who.json("GET", Place.one)["version"]
    sent = {"commentVersion": made["version"], "pullRequestVersion": version, "suggestionIndex": 0, **more}
    return who("POST", f"{COMMENTS}/{made['id']}/apply-suggestion", json=sent, expect=status)


def test_a_suggestion_is_applied(place: Place, ada: Caller, grace: Caller) -> None:
    """Exactly the lines of the range are replaced, by a commit of whoever applies it; the rest of the file stays."""
    text = "Better:\n```suggestion\none\ntwo\n```\n"
    marker = {"multilineMarker": {"startLine": 19, "startLineType": "CONTEXT"}}
    made = said(ada, text, anchor=at(20, "ADDED", "TO", **marker))
    applied(grace, made, 204, commitMessage="Take it")
    content = ada("GET", f"{place.repo}/raw/a.txt", params={"at": "refs/heads/fix"}).text.splitlines()
    assert content[17:22] == ["line 18", "one", "two", "line 21", "line 22"]
    commit = ada.json("GET", f"{place.repo}/commits/fix")
    assert (commit["message"], commit["author"]["name"]) == ("Take it", "grace")
    assert applied(grace, made, 409).json()["errors"][0]["message"].endswith("It must be applied manually.")


def test_a_suggestion_that_cannot_be(place: Place, ada: Caller) -> None:
    """Stale versions are 409; no such suggestion, and the specification's odd objects, 400; on no line, by hand."""
    made = said(ada, "```suggestion\nx\n```", anchor=at(20, "ADDED", "TO"))
    applied(ada, made, 409, commentVersion=7)
    applied(ada, made, 409, pullRequestVersion=7)
    applied(ada, made, 400, suggestionIndex=1)
    applied(ada, made, 400, suggestionIndex={"asInt": 0, "present": True})
    old = said(ada, "```suggestion\nx\n```", anchor=at(40, "REMOVED", "FROM"))
    applied(ada, old, 409)
    place.app.members(ada="read")
    applied(ada, made, 401)
