"""Conversations begun on lines that somebody marks in an editor: on those lines in the head, or nowhere."""

from __future__ import annotations

import pytest
from tests.hostile.site import HIDDEN, KINDS, SHOWN, TEXT, Site, changed

from pullbridge import Anchor, PlacementReason, PlaceStatus, Rejected, Side, Unplaceable
from pullbridge.anchoring import suggestion_from, with_suggestion

HEAD = changed(10, 40)
#: What was typed above the changed line, below it, and nowhere near.
BUFFER = "typed\ntoo\n" + HEAD.replace("line 20\n", "line 20, edited\n").replace("line 50\n", "")


def spot(at: Anchor | None) -> tuple[object, ...]:
    assert at is not None
    return at.path, at.side, at.start, at.end


def refused(site: Site, text: str | bytes, start: int, end: int, path: str = "a.txt") -> Unplaceable:
    """What is raised; nothing was written, and the words are kept."""
    with pytest.raises(Unplaceable) as caught:
        site.repo.threads.start_at_buffer(1, path, text, start, end, "Here?")
    assert caught.value.text == "Here?"
    assert site.writes() == []
    return caught.value


def test_the_line_of_the_head_is_commented_on(site: Site) -> None:
    """Unsaved edits around it make no difference, and in the buffer the conversation is where it was begun."""
    thread = site.repo.threads.start_at_buffer(1, "a.txt", BUFFER, SHOWN + 2, SHOWN + 2, "Here?")
    assert spot(thread.anchor) == ("a.txt", Side.NEW, SHOWN, SHOWN)
    (placed,) = site.repo.threads.in_file(1, "a.txt", BUFFER)
    assert (placed.place.start, placed.place.end) == (SHOWN + 2, SHOWN + 2)


def test_a_range_that_was_indented_and_saved_elsewhere(site: Site) -> None:
    """Blanks and line ends alone do not make other lines of them."""
    buffer = BUFFER.replace("line 10,", "\tline 10,").replace("\n", "\r\n").encode("utf-16")
    thread = site.repo.threads.start_at_buffer(1, "a.txt", buffer, SHOWN + 1, SHOWN + 3, "These?")
    assert spot(thread.anchor) == ("a.txt", Side.NEW, SHOWN - 1, SHOWN + 1)


def test_lines_that_nobody_has_pushed(still_site: Site) -> None:
    """Neither typed, nor edited, nor moved lines are taken for what stands in their place, which is said instead."""
    buffer = "line 10, changed\nline 9\nline 8\nline 7\n"
    cases = (
        (HEAD.replace("line 9\n", "line 9\ntyped\n"), SHOWN, SHOWN - 1),
        (HEAD.replace("line 10, changed", "line 10, edited"), SHOWN, SHOWN),
        (HEAD.replace("line 7\nline 8\nline 9\nline 10, changed\n", buffer), 8, None),
    )
    for text, line, nearest in cases:
        error = refused(still_site, text, line, line)
        assert error.reason is PlacementReason.NOT_IN_HEAD
        assert error.nearest is not None
        assert still_site.repo.threads.placement(1, error.nearest).ok
        assert nearest in {None, error.nearest.start}


@pytest.mark.parametrize("still_site", ["github", "bitbucket-dc"], indirect=True)
def test_a_line_without_a_place(still_site: Site) -> None:
    """The nearest place in the head is told, where the host takes nothing outside the hunks."""
    answer = still_site.repo.threads.placement(1, still_site.at(HIDDEN))
    error = refused(still_site, "typed\n" + HEAD, HIDDEN + 1, HIDDEN + 1)
    assert (error.reason, error.nearest) == (PlacementReason.OUTSIDE_HUNKS, answer.nearest)


@pytest.mark.parametrize("still_site", ["github"], indirect=True)
def test_what_is_no_place_at_all(still_site: Site) -> None:
    """A file that the pull request leaves alone, and a buffer of something else."""
    assert refused(still_site, "one\n", 1, 1, "untouched.txt").reason is PlacementReason.FILE_NOT_CHANGED
    error = refused(still_site, "x\ny\n", 2, 2)
    assert (error.reason, spot(error.anchor)) == (PlacementReason.NOT_IN_HEAD, ("a.txt", Side.NEW, 2, 2))


@pytest.mark.parametrize("still_site", ["github"], indirect=True)
@pytest.mark.parametrize(
    ("path", "text", "start", "end", "body"),
    [
        ("../a.txt", HEAD, 1, 1, "Here?"),
        ("a.txt", HEAD, 0, 1, "Here?"),
        ("a.txt", HEAD, 3, 2, "Here?"),
        ("a.txt", HEAD, 60, 61, "Here?"),
        ("a.txt", "", 1, 1, "Here?"),
        ("a.txt", b"\0\1", 1, 1, "Here?"),
        ("a.txt", HEAD, 10, 10, " "),
    ],
)
def test_bad_arguments(still_site: Site, path: str, text: str | bytes, start: int, end: int, body: str) -> None:
    """`Rejected` before anything is asked."""
    with pytest.raises(Rejected):
        still_site.repo.threads.start_at_buffer(1, path, text, start, end, body)
    assert still_site.requests == []


def test_what_was_pushed_since(site: Site) -> None:
    """The editor has what was pushed after the last look: the head is looked at anew before the line is refused."""
    repo = site.repo
    list(repo.files.list(1))
    site.push(a_txt="pushed\n" + changed(2, 10, 40))
    thread = repo.threads.start_at_buffer(1, "a.txt", "typed\npushed\n" + changed(2, 10, 40), 4, 4, "New?")
    assert spot(thread.anchor) == ("a.txt", Side.NEW, 3, 3)


@pytest.mark.parametrize("site", KINDS, indirect=True)
def test_a_file_that_the_branch_renames(site: Site) -> None:
    """In the checkout of the target branch it has its former name, and its unchanged lines are those of the head."""
    site.app.commit("fix", {"a.txt": None, "c.txt": HEAD}, "Rename")
    thread = site.repo.threads.start_at_buffer(1, "a.txt", TEXT, SHOWN + 1, SHOWN + 1, "Here?")
    assert spot(thread.anchor) == ("c.txt", Side.NEW, SHOWN + 1, SHOWN + 1)


def test_what_was_edited_is_suggested_and_applied_in_another_editor(site: Site) -> None:
    """One reviewer's edit is the other's after they applied it, beside what they typed themselves."""
    draft = suggestion_from("a.txt", HEAD, HEAD.replace("line 10, changed\n", "line ten\nand more\n"), commit=site.head)
    site.repo.threads.start(1, draft.body, at=draft.at)
    (placed,) = site.connect("ada").threads.in_file(1, "a.txt", BUFFER)
    (found,) = placed.thread.comments[0].suggestions
    place = placed.place
    assert (place.status, place.start, place.end) == (PlaceStatus.EXACT, SHOWN + 2, SHOWN + 2)
    assert with_suggestion(BUFFER, SHOWN + 2, SHOWN + 2, found.replacement) == BUFFER.replace(
        "line 10, changed\n", "line ten\nand more\n"
    )
