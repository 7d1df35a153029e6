"""Conversations beside the text that an editor holds: never on a wrong line, whatever became of the file meanwhile."""

from __future__ import annotations

import pytest
from tests.hostile.site import KINDS, SHOWN, TEXT, Site, changed
from werkzeug.wrappers import Request, Response

from pullbridge import Anchor, PlacedThread, PlaceStatus, Rejected, Repository, Side
from pullbridge.anchoring import texts
from pullbridge.testing import Exchange

BUFFER = changed(10, 40)


def only(repo: Repository, text: str | bytes, path: str = "a.txt") -> PlacedThread:
    """The one conversation of the file."""
    (placed,) = repo.threads.in_file(1, path, text)
    return placed


def spot(placed: PlacedThread) -> tuple[PlaceStatus, int | None, int | None]:
    return placed.place.status, placed.place.start, placed.place.end


def contents(site: Site) -> list[Exchange]:
    """Requests that read a file's bytes."""
    return [each for each in site.requests if "/raw" in each.path or "/contents/" in each.path or "/src/" in each.path]


def test_unsaved_edits_move_a_conversation_along(site: Site) -> None:
    """Lines typed above shift it, and it is as sure as before; `b.txt` has none of it."""
    identity, repo = site.thread(), site.repo
    placed = only(repo, "typed\ntoo\n" + BUFFER)
    assert placed.thread.id == identity
    assert spot(placed) == (PlaceStatus.EXACT, SHOWN + 2, SHOWN + 2)
    assert repo.threads.in_file(1, "b.txt", changed(5)) == ()


def test_what_was_done_to_its_line_is_told(site: Site) -> None:
    """An edited line is changed, a removed one deleted, without a range and with what stands next to where it was."""
    site.thread()
    repo = site.repo
    assert spot(only(repo, BUFFER.replace("line 10, changed", "    line 10, changed"))) == (PlaceStatus.CHANGED, 10, 10)
    placed = only(repo, BUFFER.replace("line 10, changed\n", ""))
    assert spot(placed) == (PlaceStatus.DELETED, None, None)
    assert placed.place.nearest == 9


def test_a_push_that_left_the_line_alone(site: Site) -> None:
    """The host takes it along, and the editor, which has not pulled yet, still finds it."""
    site.thread()
    site.push(a_txt="pushed\n" + BUFFER)
    repo = site.repo
    assert spot(only(repo, "pushed\n" + BUFFER)) == (PlaceStatus.EXACT, SHOWN + 1, SHOWN + 1)
    assert spot(only(repo, BUFFER)) == (PlaceStatus.EXACT, SHOWN, SHOWN)


def test_a_push_between_two_looks(site: Site) -> None:
    """Somebody pushes just when the conversations have been read: their lines are not taken for those of the new head."""
    site.thread("Why so?")
    pushed: list[bool] = []

    def push(_: Request, true: Response) -> None:
        if b"Why so?" in true.get_data() and not pushed:
            pushed.append(True)
            site.push(a_txt="pushed\n" + BUFFER)

    site.instead(push)
    repo = site.connect()
    assert spot(only(repo, BUFFER)) == (PlaceStatus.EXACT, SHOWN, SHOWN)
    assert pushed


def test_a_conversation_on_a_removed_line(site: Site) -> None:
    """Its line is counted in the file where the branch began: in that text it stands, in the head's it is no more."""
    site.connect("ada").threads.start(1, "Why?", at=Anchor.line("a.txt", SHOWN, side=Side.OLD, commit=site.head))
    repo = site.repo
    assert spot(only(repo, TEXT)) == (PlaceStatus.EXACT, SHOWN, SHOWN)
    assert only(repo, BUFFER).place.status is not PlaceStatus.EXACT


def test_a_conversation_on_the_whole_file(site: Site) -> None:
    """It is there, and has no lines."""
    site.connect("ada").threads.start(1, "All of it?", at=Anchor.file("a.txt", commit=site.head))
    assert spot(only(site.repo, "")) == (PlaceStatus.EXACT, None, None)


def test_those_without_a_place_come_last(site: Site) -> None:
    """From the first line to the last, however they were begun."""
    for line in (40, SHOWN):
        site.thread(f"on {line}", line)
    placed = site.repo.threads.in_file(1, "a.txt", BUFFER)
    assert [each.place.start for each in placed] == [SHOWN, 40]


def test_the_text_of_a_commit_is_read_once(site: Site) -> None:
    """To ask again while somebody types reads the list alone, and never writes."""
    site.thread()
    site.requests.clear()
    repo = site.repo
    only(repo, BUFFER)
    first = len(contents(site))
    only(repo.within(deadline=30), BUFFER + "more\n")
    assert (first, len(contents(site))) == (1, 1)
    assert site.writes() == []


def test_any_encoding_and_any_line_ends(site: Site) -> None:
    """Bytes as they are on the disk are the text that the host has in other bytes."""
    site.push(a_txt=BUFFER.replace("line 3\n", "línea 3\n"))
    site.thread()
    buffer, repo = BUFFER.replace("line 3\n", "línea 3\n"), site.repo
    for text in (buffer, buffer.replace("\n", "\r\n")):
        for encoding in ("utf-8", "utf-16", "utf-8-sig", "latin-1"):
            assert spot(only(repo, text.encode(encoding))) == (PlaceStatus.EXACT, SHOWN, SHOWN)


def test_what_is_no_text(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a binary and of a text that is too long nothing is told but why."""
    site.thread()
    repo = site.repo
    binary = only(repo, b"\0\1").place
    monkeypatch.setattr(texts, "LONGEST", 100)
    long = only(repo, BUFFER).place
    assert (long.status, binary.status) == (PlaceStatus.UNKNOWN, PlaceStatus.UNKNOWN)
    assert "longer than" in (long.reason or "")
    assert "binary" in (binary.reason or "")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../a.txt", "src/../../a.txt", "a.txt/"])
def test_a_path_that_is_none(site: Site, path: str) -> None:
    """`Rejected` before anything is asked."""
    repo = site.repo
    with pytest.raises(Rejected, match="no path inside a repository"):
        repo.threads.in_file(1, path, BUFFER)
    assert site.requests == []


def test_a_file_that_was_not_changed(site: Site) -> None:
    """It has no conversations, and that is no error."""
    site.thread()
    assert site.repo.threads.in_file(1, "untouched.txt", "one\n") == ()


@pytest.mark.parametrize("site", KINDS, indirect=True)
def test_a_file_that_the_branch_renames_later(site: Site) -> None:
    """What was written on the old name is found in the file that is called otherwise now, with its lines."""
    site.thread()
    site.app.commit("fix", {"a.txt": None, "c.txt": "first\n" + BUFFER}, "Rename")
    placed = only(site.repo, "first\n" + BUFFER, "c.txt")
    if site.kind == "bitbucket-cloud":
        # It says of what is outdated neither the commit nor the text.
        assert placed.place.status in {PlaceStatus.EXACT, PlaceStatus.UNKNOWN}
    else:
        assert spot(placed) == (PlaceStatus.EXACT, SHOWN + 1, SHOWN + 1)


def test_history_that_was_rewritten(site: Site) -> None:
    """After a force push that changed the line, it is found in the editor that still has it, or said not to be known."""
    site.thread()
    site.app.commit("other", {"a.txt": changed(12, 40)}, "Begin anew", start="main")
    site.app.reset("fix", site.app.head("other"))
    placed = only(site.repo, "typed\n" + BUFFER)
    known = (PlaceStatus.EXACT, SHOWN + 1, SHOWN + 1)
    assert spot(placed) == known or (placed.place.status is PlaceStatus.UNKNOWN and placed.place.reason)
    assert spot(placed) == known or site.kind == "bitbucket-cloud"
