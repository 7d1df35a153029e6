"""A suggestion that was written is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge import DraftComment, Rejected
from pullbridge.anchoring import suggestion_block, suggestion_from, suggestions_from, with_suggestion
from pullbridge.hosts.suggesting import suggestions


@given(st.lists(st.text(alphabet="`a ~\t", max_size=12), max_size=5), st.booleans())
def test_what_is_written_is_read_back(lines: list[str], with_words: bool) -> None:
    """Backticks and tildes inside do not end the block, with other words around it or without."""
    replacement = "".join(f"{line}\n" for line in lines)
    block = suggestion_block(replacement)
    body = f"Better:\n\n{block}\n\nIs it?" if with_words else block
    (found,) = suggestions("c1", body)
    assert found.replacement == replacement


@pytest.mark.parametrize(("text", "fence"), [("a", 3), ("```python\nx\n```", 4), ("`````", 6)])
def test_the_fence_is_longer_than_any_inside(text: str, fence: int) -> None:
    """N-38: the fence has one backtick more than the longest run inside, and three at least."""
    block = suggestion_block(text)
    assert block.startswith("`" * fence + "suggestion\n")
    assert block.endswith("\n" + "`" * fence)


LINES = st.lists(st.sampled_from(["a", "b", "", "  c", "```"]), min_size=1, max_size=9)


def applied(text: str, drafts: tuple[DraftComment, ...]) -> str:
    """The text with each of them applied, as its reader would: the last one first."""
    for draft in reversed(drafts):
        assert draft.at is not None
        (found,) = suggestions("c1", draft.body)
        text = with_suggestion(text, draft.at.start or 0, draft.at.end or 0, found.replacement)
    return text


@given(LINES, LINES)
def test_applying_what_was_suggested_gives_what_was_meant(before: list[str], after: list[str]) -> None:
    """For any two texts, as one suggestion and as one for each edit; none has lines that the old text has not."""
    old, new = "\n".join(before) + "\n", "\n".join(after) + "\n"
    if before == after:
        with pytest.raises(Rejected, match="do not differ"):
            suggestion_from("a.py", old, new)
        return
    assert applied(old, (suggestion_from("a.py", old, new),)) == new
    assert applied(old, suggestions_from("a.py", old, new)) == new


def test_each_edit_is_for_its_own_lines() -> None:
    """An edited line for itself, lines that were put in with the one above, lines that were taken out for themselves."""
    old = "".join(f"line {number}\n" for number in range(1, 31))
    new = old.replace("line 3\n", "three\n").replace("line 12\n", "line 12\nnew\n").replace("line 20\n", "")
    drafts = suggestions_from("a.py", old, new, commit="c" * 40)
    assert [(each.at.start, each.at.end, each.at.commit) for each in drafts if each.at] == [
        (3, 3, "c" * 40),
        (12, 12, "c" * 40),
        (20, 20, "c" * 40),
    ]
    assert drafts[1].body == "```suggestion\nline 12\nnew\n```"
    assert str(suggestion_from("a.py", old, new).at) == "a.py:3..20"


@pytest.mark.parametrize(("old", "new"), [("", "a\n"), ("a\r\n", "a\n"), ("a", "a\n"), (b"\0", b"a")])
def test_where_nothing_can_be_suggested(old: str | bytes, new: str | bytes) -> None:
    """Of an empty file, of what differs in its line ends alone, and of a binary one."""
    with pytest.raises(Rejected, match=r"a\.py"):
        suggestion_from("a.py", old, new)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_file_keeps_its_encoding_and_line_ends(encoding: str) -> None:
    """What was not suggested is byte for byte what it was."""
    text = "é one\r\ntwo\r\nlast"
    assert with_suggestion(text.encode(encoding), 2, 2, "ü\nmore\n") == "é one\r\nü\r\nmore\r\nlast".encode(encoding)
    assert with_suggestion(text, 1, 2, "") == "last"


@pytest.mark.parametrize(("text", "start", "end"), [("a\n", 1, 2), ("a\n", 0, 1), ("", 1, 1), ("a\nb\n", 2, 1)])
def test_lines_that_are_not_there_are_not_replaced(text: str, start: int, end: int) -> None:
    """Nothing is put at the end of a text, or anywhere else that nobody named."""
    with pytest.raises(Rejected, match="lines that are there"):
        with_suggestion(text, start, end, "x\n")


@pytest.mark.parametrize("content", [b"\xe9\n", b"\0\1"])
def test_what_cannot_be_written_there(content: bytes) -> None:
    """A character that the encoding lacks, and a binary file."""
    with pytest.raises(Rejected, match="cannot be applied"):
        with_suggestion(content, 1, 1, "→\n")
