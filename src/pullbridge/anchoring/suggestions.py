"""Suggestions: written as text, made of an edited buffer, and applied to one. Pure."""

from __future__ import annotations

import re
from typing import AnyStr

from pullbridge.anchoring.matching import Gap, Matching
from pullbridge.anchoring.texts import NoText, lines_of, rewritten
from pullbridge.errors import Rejected
from pullbridge.model.anchor import Anchor
from pullbridge.model.reviews import DraftComment

#: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
_SHORTEST = 3


def suggestion_block(replacement: str) -> str:
    """Write the block that suggests `replacement` for the commented lines, to be put into a comment's text.

    `replacement` is whole lines, `""` to take the lines out. The fence is longer than any run of backticks inside, so that
    the block ends where it should. https://docs.github.com/en/pull-requests/collaborating-with-pull-requests
    """
    longest = max((len(run) for run in re.findall("`+", replacement)), default=0)
    fence = "`" * max(_SHORTEST, longest + 1)
    text = replacement if not replacement or replacement.endswith("\n") else f"{replacement}\n"
    return f"{fence}suggestion\n{text}{fence}"


def suggestion_from(path: str, old: str | bytes, new: str | bytes, *, commit: str | None = None) -> DraftComment:
    """Suggest what an editor holds now (`new`) in place of the file at the head (`old`), as one comment.

    It is for the lines from the first to the last that differ, on the new side at `commit`; give its `body` and `at` to
    `threads.start`, or itself to `reviews.submit`. Where lines were only put in, it takes the line above with it, since a
    suggestion replaces lines: the one below at the very top. Line ends make no difference.

    Raises `Rejected` where the texts do not differ, where `old` is empty, and of what is no text.
    """
    return _drafted(path, old, new, commit, together=True)[0]


def suggestions_from(
    path: str, old: str | bytes, new: str | bytes, *, commit: str | None = None
) -> tuple[DraftComment, ...]:
    """The same with one comment for each edit, as many as there are unchanged lines between. None shares a line."""
    return _drafted(path, old, new, commit, together=False)


def with_suggestion(text: AnyStr, start: int, end: int, replacement: str) -> AnyStr:
    """Apply a suggestion to an editor's text: its lines `start` to `end` (from 1, both included) are replaced.

    `replacement` is whole lines, `""` to take the lines out. The text keeps its line ends and its encoding. Which lines
    these are in a text that was edited tells `threads.in_file`; only where they are `EXACT` is nothing overwritten that
    somebody typed. Raises `Rejected` for lines that the text does not have, and for what is no text or has no such
    characters.
    """
    try:
        return rewritten(text, lambda plain: _with_lines(plain, start, end, replacement))
    except (NoText, UnicodeEncodeError) as error:
        raise Rejected(f"A suggestion cannot be applied: {error}.", problems=(str(error),)) from error


def _with_lines(plain: str, start: int, end: int, replacement: str) -> str:
    rows = plain.split("\n")
    size = len(rows) - (not rows[-1])
    if not 1 <= start <= end <= size:
        problem = f"the text has lines 1 to {size}, and {start} to {end} were given"
        raise Rejected(f"A suggestion replaces lines that are there: {problem}.", problems=(problem,))
    return "\n".join([*rows[: start - 1], *_fresh(rows[start - 1 : end], replacement), *rows[end:]])


def _fresh(former: list[str], replacement: str) -> list[str]:
    """The new lines, with the ends of those that they replace."""
    if not replacement:
        return []
    crlf = any(row.endswith("\r") for row in former)
    rows = replacement.replace("\r\n", "\n").removesuffix("\n").split("\n")
    return [f"{row}\r" if crlf else row for row in rows]


def _drafted(
    path: str, old: str | bytes, new: str | bytes, commit: str | None, *, together: bool
) -> tuple[DraftComment, ...]:
    try:
        before, after = lines_of(old), lines_of(new)
    except NoText as error:
        raise Rejected(f"No suggestion can be made for {path}: {error}.", problems=(str(error),)) from error
    gaps = Matching(before, after).gaps
    if not gaps or not before:
        problem = "there are no lines to replace" if gaps else "the texts do not differ"
        raise Rejected(f"No suggestion can be made for {path}: {problem}.", problems=(problem,))
    if together:
        gaps = (Gap(gaps[0].old, gaps[-1].old_end, gaps[0].new, gaps[-1].new_end),)
    return tuple(_draft(path, gap, after, commit) for gap in _apart([_widened(gap) for gap in gaps]))


def _widened(gap: Gap) -> Gap:
    """With a line of the old text, which is a line of the new one too."""
    if gap.old < gap.old_end:
        return gap
    if gap.old:
        return Gap(gap.old - 1, gap.old_end, gap.new - 1, gap.new_end)
    return Gap(gap.old, gap.old_end + 1, gap.new, gap.new_end + 1)


def _apart(gaps: list[Gap]) -> list[Gap]:
    """Join those that came to share a line."""
    found: list[Gap] = []
    for gap in gaps:
        if found and gap.old < found[-1].old_end:
            found[-1] = Gap(found[-1].old, gap.old_end, found[-1].new, gap.new_end)
        else:
            found.append(gap)
    return found


def _draft(path: str, gap: Gap, after: list[str], commit: str | None) -> DraftComment:
    text = "".join(f"{line}\n" for line in after[gap.new : gap.new_end])
    return DraftComment(suggestion_block(text), at=Anchor.lines(path, gap.old + 1, gap.old_end, commit=commit))
