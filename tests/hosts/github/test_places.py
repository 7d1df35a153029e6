"""Where a comment hangs, in GitHub's words, on a file whose old and new lines are counted differently."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.hostile.scene import TEXT, Scene
from werkzeug.wrappers import Request, Response

from pullbridge import Anchor, Comment, DraftComment, PlacementReason, Side, Unplaceable, Verdict

#: Three lines come in at the top, and old line 10 is replaced by new lines 13 and 14.
MOVED = TEXT.replace("line 1\n", "one\ntwo\nthree\nline 1\n", 1).replace("line 10\n", "ten\nand a half\n")
FILE = "a.txt"


@pytest.fixture
def moved(scene: Scene) -> Scene:
    scene.head = scene.app.commit("fix", {FILE: MOVED}, "Push")
    scene.connect().pulls.panel(1)
    scene.requests.clear()
    return scene


def written(scene: Scene) -> list[dict[str, Any]]:
    """The bodies of what wrote: of REST as they are, of GraphQL the variables."""
    bodies = [json.loads(each.body) for each in scene.writes()]
    return [body.get("variables", body) for body in bodies]


LINES = {
    "an added line": (Anchor.line(FILE, 13), {"side": "RIGHT", "line": 13}),
    "an unchanged line": (Anchor.line(FILE, 12), {"side": "RIGHT", "line": 12}),
    "a removed line": (Anchor.line(FILE, 10, side=Side.OLD), {"side": "LEFT", "line": 10}),
    "a range of one line": (Anchor.lines(FILE, 13, 13), {"side": "RIGHT", "line": 13}),
    "a range": (
        Anchor.lines(FILE, 12, 14),
        {"side": "RIGHT", "line": 14, "startSide": "RIGHT", "startLine": 12},
    ),
    "from removed to added": (
        Anchor.lines(FILE, 10, 14, start_side=Side.OLD),
        {"side": "RIGHT", "line": 14, "startSide": "LEFT", "startLine": 10},
    ),
}


@pytest.mark.parametrize("what", LINES)
def test_lines_are_said_as_github_counts_them(moved: Scene, what: str) -> None:
    """GH-12 to GH-16: new lines are RIGHT and old ones LEFT, and a start is only said where it is another line."""
    at, said = LINES[what]
    thread = moved.connect().threads.start(1, "Here.", at=at)
    (sent,) = written(moved)
    assert sent["input"]["threads"] == [{"path": FILE, "body": "Here.", **said}]
    place = thread.anchor
    assert place is not None
    assert (place.side, place.start, place.end, place.start_side) == (at.side, at.start, at.end, at.start_side)


def test_a_file_alone_is_said_without_a_line(moved: Scene) -> None:
    """GH-17: REST takes one that is a comment on the file."""
    moved.connect().threads.start(1, "The file.", at=Anchor.file(FILE))
    (sent,) = written(moved)
    assert sent == {"body": "The file.", "commit_id": moved.head, "path": FILE, "subject_type": "file"}


def test_a_file_in_a_review_goes_through_a_pending_one(moved: Scene) -> None:
    """GH-18: begun with what hangs on lines, filled with `addPullRequestReviewThread`, then submitted."""
    drafts = [DraftComment("A line.", at=Anchor.line(FILE, 13)), DraftComment("The file.", at=Anchor.file(FILE))]
    receipt = moved.connect().reviews.submit(1, Verdict.COMMENT, "Both.", drafts)
    assert receipt.complete
    begun, built, submitted = written(moved)
    assert [each["body"] for each in begun["input"]["threads"]] == ["A line."]
    assert "event" not in begun["input"]
    review = submitted["input"]["pullRequestReviewId"]
    assert built == {
        "t0": {"pullRequestReviewId": review, "path": FILE, "body": "The file.", "subjectType": "FILE"},
    }
    assert submitted["input"]["event"] == "COMMENT"


def test_an_answer_is_said_with_its_text_alone(moved: Scene) -> None:
    """GH-23: the conversation knows its place, so nothing of that goes along."""
    repo = moved.connect()
    thread = repo.threads.start(1, "Why?", at=Anchor.line(FILE, 13))
    moved.requests.clear()
    answer: Comment = repo.threads.reply(1, thread, "Because.")
    assert answer.body == "Because."
    assert written(moved) == [{"input": {"pullRequestReviewThreadId": thread.id, "body": "Because."}}]


def test_a_file_without_its_lines_is_left_to_github(moved: Scene) -> None:
    """N-44: GitHub leaves out large patches: the file says so, nothing is refused unasked, and what GitHub says counts."""

    def without_patches(request: Request, true: Response) -> None:
        if request.path.endswith("/pulls/1/files"):
            rows = json.loads(true.get_data())
            true.set_data(json.dumps([{key: row[key] for key in row if key != "patch"} for row in rows]))

    moved.instead(without_patches)
    repo = moved.connect()
    file = next(each for each in repo.files.list(1) if each.path == FILE)
    assert (file.patch, file.truncated, file.binary) == (None, True, False)
    placement = repo.threads.placement(1, Anchor.line(FILE, 13))
    assert (placement.ok, placement.reason) == (None, PlacementReason.TRUNCATED)
    assert repo.threads.start(1, "Here.", at=Anchor.line(FILE, 13)).anchor == Anchor.line(FILE, 13, commit=moved.head)
    with pytest.raises(Unplaceable, match="not part of the diff") as caught:
        repo.threads.start(1, "Nowhere.", at=Anchor.line(FILE, 30))
    assert caught.value.text == "Nowhere."
    assert "+ten\n" in repo.files.diff(1)
