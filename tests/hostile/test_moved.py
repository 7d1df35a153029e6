"""Anchors of an older head, after pushes that nobody looked at and after rewritten history: never a wrong line."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hostile.scene import TEXT, Scene, changed

from pullbridge import Anchor, DraftComment, OutcomeStatus, Repository, Stale, Unplaceable, Verdict


def submitted(repo: Repository, at: Anchor, **how: Any) -> Any:
    return repo.reviews.submit(1, Verdict.COMMENT, "", [DraftComment("Here?", at=at)], **how)


def line_of(scene: Scene) -> tuple[str, int | None]:
    """The commit and the line that the comment hangs on."""
    thread = scene.record.threads[0]
    return thread.original_commit, thread.original.line


def test_refuse_looks_at_the_head_of_today(scene: Scene) -> None:
    """What a panel showed before somebody pushed does not make an old anchor a new one."""
    repo, seen = scene.connect(), scene.at()
    repo.pulls.panel(1)
    now = scene.push(12)
    scene.requests.clear()
    with pytest.raises(Stale) as caught:
        submitted(repo, seen, on_moved="refuse")
    assert (caught.value.expected, caught.value.found) == (seen.commit, now)
    assert scene.writes() == []


def test_carry_goes_to_the_head_of_today(scene: Scene) -> None:
    """Carried is carried to where the branch is now, and the outcome says so."""
    repo, seen = scene.connect(), scene.at()
    repo.pulls.panel(1)
    now = scene.push(a_txt="new first line\n" + changed(10, 40))
    receipt = submitted(repo, seen, on_moved="carry")
    assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.CARRIED]
    assert line_of(scene) == (now, 11)


def rewritten(scene: Scene) -> None:
    """The branch begins anew, with other commits."""
    scene.app.commit("other", {"a.txt": changed(10, 40)}, "Begin anew", start="main")
    scene.app.reset("fix", scene.app.head("other"))


@pytest.mark.parametrize("line", [10, 12])
def test_rewritten_history_is_no_obstacle(scene: Scene, line: int) -> None:
    """After a force push the lines are found by what the file held: the host's comparison counts from elsewhere."""
    scene.push(a_txt="one more\ntwo more\n" + changed(10, 40))
    repo, seen = scene.connect(), scene.at(line)
    rewritten(scene)
    receipt = submitted(repo, seen, on_moved="carry")
    assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.CARRIED]
    assert line_of(scene) == (scene.app.head("fix"), line - 2)


def test_rewritten_history_is_not_counted_through(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the text of the old version is not to be had, nothing is guessed."""
    scene.push(a_txt="one more\ntwo more\n" + changed(10, 40))
    repo, seen = scene.connect(), scene.at(12)
    rewritten(scene)
    monkeypatch.setattr(repo.threads._session.versions, "read", lambda *_: None)
    with pytest.raises(Unplaceable, match="the branch was rewritten since"):
        submitted(repo, seen, on_moved="carry")
    assert scene.inline() == []


def test_a_block_that_was_moved_is_carried_along(scene: Scene) -> None:
    """It is where it stands now, though the comparison has it removed here and added there; not where it stands twice."""
    block, repo = "the block, line one\nthe block, line two\n", scene.connect()
    old = scene.push(a_txt=block + changed(10, 40))
    seen = Anchor.lines("a.txt", 1, 2, commit=old)
    scene.push(a_txt=changed(10, 40) + block)
    receipt = submitted(repo, seen, on_moved="carry")
    assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.CARRIED]
    assert line_of(scene) == (scene.head, 62)
    scene.push(a_txt=changed(10, 40).replace("line 30\n", "line 30\n" + block) + block)
    with pytest.raises(Unplaceable, match="its lines have changed"):
        submitted(repo, seen, on_moved="carry")


def test_rewritten_history_leaves_the_old_place(scene: Scene) -> None:
    """By default the comment is put where it was looked at: on the older commit, on its line."""
    old = scene.push(a_txt="one more\ntwo more\n" + changed(10, 40))
    repo, seen = scene.connect(), scene.at(12)
    scene.app.commit("other", {"a.txt": TEXT + "end\n"}, "Begin anew", start="main")
    scene.app.reset("fix", scene.app.head("other"))
    assert submitted(repo, seen).complete
    assert line_of(scene) == (old, 12)


def test_lines_that_changed_are_not_carried(scene: Scene) -> None:
    """A line that is another one now gets no comment that was meant for the former."""
    repo, seen = scene.connect(), scene.at(10)
    text = changed(40).replace("line 10\n", "something else\n")
    scene.push(a_txt=text)
    with pytest.raises(Unplaceable, match="its lines have changed"):
        submitted(repo, seen, on_moved="carry")
    assert scene.inline() == []
