"""Where a thread may start: what stock python-gitlab sends is held against the diff."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import gitlab
import pytest
from tests.testing.gitlab.review.conftest import Scene

BLANK = """400 Bad request - Note {:line_code=>["can't be blank", "must be a valid line code"]}"""


def code(path: str, old: int, new: int) -> str:
    """A line code, by the documented rule."""
    return f"{hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest()}_{old}_{new}"


def draft_code(scene: Scene, **position: Any) -> str | None:
    """The code that GitLab computes for a place: drafts tell it."""
    draft = scene.pull().draft_notes.create({"note": "?", "position": scene.position(**position)})
    found: str | None = draft.line_code
    draft.delete()
    return found


def test_lines_have_the_codes_of_both_counters(scene: Scene) -> None:
    """Added, removed and unchanged lines: `<sha1>_<old>_<new>` with the numbers as they stand in the hunk."""
    assert draft_code(scene, new_line=20) == code("a.py", 21, 20)
    assert draft_code(scene, new_line=21) == code("a.py", 21, 21)
    assert draft_code(scene, old_line=20) == code("a.py", 20, 20)
    assert draft_code(scene, old_line=30) == code("a.py", 30, 31)
    assert draft_code(scene, old_line=21, new_line=22) == code("a.py", 21, 22)
    assert draft_code(scene, path="fresh.py", new_line=2) == code("fresh.py", 0, 2)
    assert draft_code(scene, path="gone.txt", old_line=2) == code("gone.txt", 2, 0)
    assert draft_code(scene, path="README.md", new_line=1) is None


def test_each_kind_of_line_takes_a_thread(scene: Scene) -> None:
    """Added: new alone; removed: old alone; unchanged: both, which may differ; renamed: both paths."""
    places: list[dict[str, Any]] = [
        {"new_line": 20},
        {"old_line": 30},
        {"old_line": 31, "new_line": 31},
        {"path": "new.py", "old_path": "old.py", "new_line": 1},
        {"path": "new.py", "old_path": "old.py", "old_line": 4, "new_line": 4},
        {"path": "gone.txt", "old_line": 1},
    ]
    for place in places:
        note = scene.start(**place).attributes["notes"][0]
        kept = {name: note["position"][name] for name in ("old_line", "new_line")}
        assert kept == {"old_line": place.get("old_line"), "new_line": place.get("new_line")}
        assert (note["type"], note["resolvable"], note["resolved"]) == ("DiffNote", True, False)


def test_other_places_are_refused_in_gitlabs_words(scene: Scene) -> None:
    """One number of an unchanged line, a wrong pair, no such line, file or commit, and half a rename: no line code."""
    places: tuple[dict[str, Any], ...] = (
        {"new_line": 22},
        {"old_line": 21},
        {"old_line": 21, "new_line": 21},
        {"new_line": 900},
        {"old_line": 20, "new_line": 20},
        {"path": "nowhere.py", "new_line": 1},
        {"path": "new.py", "new_line": 4, "old_line": 4},
        {"head_sha": "0" * 40, "new_line": 20},
    )
    for place in places:
        with pytest.raises(gitlab.GitlabCreateError) as refused:
            scene.start(**place)
        assert refused.value.response_code == 400
        assert refused.value.error_message == BLANK
    assert scene.pull().discussions.list() == []


def test_lines_between_hunks_are_unfolded(scene: Scene) -> None:
    """A pair that is right outside the hunks is accepted, before, between and behind them; a wrong one is not."""
    for pair in ((5, 5), (25, 26), (39, 39)):
        scene.start(old_line=pair[0], new_line=pair[1])
    for pair in ((5, 6), (25, 25), (41, 41), (39, 40)):
        with pytest.raises(gitlab.GitlabCreateError, match="line_code"):
            scene.start(old_line=pair[0], new_line=pair[1])


def test_a_position_must_be_whole(scene: Scene) -> None:
    """What is missing is named as Grape names it; a position without lines or paths is incomplete."""
    sent = {"position_type": "text", "new_path": "a.py", "new_line": 20}
    answer = scene.raw("bob", "POST", "/discussions", body="x", position=sent)
    assert answer.status_code == 400
    missing = "position[base_sha] is missing, position[start_sha] is missing, position[head_sha] is missing"
    assert answer.json() == {"error": missing}
    answer = scene.raw("bob", "POST", "/discussions", body="x", position=scene.position(position_type="line"))
    assert answer.json() == {"error": "position[position_type] does not have a valid value"}
    answer = scene.raw("bob", "POST", "/discussions", body="x", position=scene.position(new_line="ten"))
    assert answer.json() == {"error": "position[new_line] is invalid"}
    answer = scene.raw("bob", "POST", "/discussions", body="x", position=scene.position())
    assert answer.json()["message"].endswith(':position=>["is incomplete"]}')
    pathless = {**scene.position(new_line=20), "new_path": None, "old_path": None}
    answer = scene.raw("bob", "POST", "/discussions", body="x", position=pathless)
    assert answer.json()["message"].endswith(':position=>["is incomplete"]}')
    assert scene.raw("bob", "POST", "/discussions").json() == {"error": "body is missing"}


def test_spots_and_ranges_have_types(scene: Scene) -> None:
    """Grape refuses what is no number, and what is no object."""
    for place, problem in (
        ({"position_type": "image", "x": "far"}, "position[x] is invalid"),
        ({"line_range": {"start": 1}}, "position[line_range][start] is invalid"),
        ({"line_range": {"end": {"type": []}}}, "position[line_range][end][type] is invalid"),
    ):
        sent: dict[str, Any] = scene.position(**place)
        assert scene.raw("bob", "POST", "/discussions", body="x", position=sent).json() == {"error": problem}
    sent = scene.position(line_range={"end": {"new_line": "ten"}})
    answer = scene.raw("bob", "POST", "/draft_notes", note="x", position=sent)
    assert answer.json() == {"error": "position[line_range][end][new_line] is invalid"}


def test_a_range_has_the_codes_of_its_ends(scene: Scene) -> None:
    """Both codes must be lines of the diff, the second the commented one; `type` is kept, numbers become text."""
    span = {
        "start": {"line_code": code("a.py", 20, 20), "type": "old", "old_line": 20},
        "end": {"line_code": code("a.py", 21, 21), "type": "new", "new_line": 21},
    }
    note = scene.start(new_line=21, line_range=span).attributes["notes"][0]
    assert note["position"]["line_range"]["end"] == {
        "line_code": code("a.py", 21, 21),
        "type": "new",
        "new_line": "21",
    }
    for end in (
        {"line_code": code("a.py", 0, 21), "type": "new"},
        {"line_code": code("a.py", 21, 21), "type": "old"},
        {"line_code": code("a.py", 21, 20), "type": "new"},
        {"line_code": code("b.py", 21, 21), "type": "new"},
        {"type": "new"},
    ):
        with pytest.raises(gitlab.GitlabCreateError, match="line_code"):
            scene.start(new_line=21, line_range={**span, "end": end})
    answer = scene.raw("bob", "POST", "/discussions", body="x", position=scene.position(new_line=21, line_range="x"))
    assert answer.json() == {"error": "position[line_range] is invalid"}


def test_a_range_may_be_trusted(scene: Scene) -> None:
    """With `ranges="trust"` the codes are kept as they are, as GitLab's source has it."""
    scene.forge.gitlab.knobs.ranges = "trust"
    note = scene.start(new_line=21, line_range={"start": {"line_code": "x"}, "end": {}}).attributes["notes"][0]
    assert note["position"]["line_range"] == {"start": {"line_code": "x"}, "end": {}}


def test_whole_files_and_images(make: Callable[..., Scene]) -> None:
    """A file's thread has no lines, and is known since 16.4; an image's has a spot, which must be whole."""
    scene = make()
    note = scene.start(position_type="file").attributes["notes"][0]
    assert "new_line" not in note["position"]
    spot: dict[str, Any] = {"width": 10, "height": 10, "x": 2, "y": 3}
    note = scene.start(path="logo.bin", position_type="image", **spot).attributes["notes"][0]
    assert {name: note["position"][name] for name in spot} == spot
    with pytest.raises(gitlab.GitlabCreateError, match="is incomplete"):
        scene.start(path="logo.bin", position_type="image", width=10)
    scene.forge.gitlab.version = "16.3.0-ee"
    with pytest.raises(gitlab.GitlabCreateError, match=r"position\[position_type\] does not have a valid value"):
        scene.start(position_type="file")


def test_a_half_right_position_is_put_right(scene: Scene) -> None:
    """Wrong base and start with the right head: GitLab follows the line into today's diff, and says so."""
    note = scene.start(new_line=20, base_sha=scene.head, start_sha=scene.head).attributes["notes"][0]
    refs = scene.pull().diff_refs
    assert note["position"]["base_sha"] == refs["base_sha"]
    assert note["position"]["new_line"] == 20


def test_nothing_hangs_on_a_diff_that_is_not_made(scene: Scene) -> None:
    """While `diff_refs` is null there is nothing to comment on."""
    scene.app.commit("other", {"a.py": "new\n"})
    project = scene.client("ada").projects.get("group/app")
    made = project.mergerequests.create({"title": "Other", "source_branch": "other", "target_branch": "main"})
    assert made.diff_refs is None
    sent = {**scene.position(path="a.py", new_line=1), "head_sha": scene.app.head("other")}
    with pytest.raises(gitlab.GitlabCreateError, match="doesn't support new-style diff notes"):
        made.discussions.create({"body": "x", "position": sent})
