"""Suggestions in a note's text (pure but for reading files).

https://docs.gitlab.com/user/project/merge_requests/reviews/suggestions/; `lib/gitlab/diff/suggestions_parser.rb`
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullbridge.testing.git import Git
from pullbridge.testing.gitlab.positions import Position
from pullbridge.testing.gitlab.tracing import lines_of

#: How far above and below its line a suggestion may reach.
MOST_LINES = 100

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(\S*)\s*$")
_RANGE = re.compile(r"suggestion(?::(?:-(?P<above>\d+))?(?:\+(?P<below>\d+))?)?$")


@dataclass(frozen=True)
class Proposed:
    """What a suggestion is to change."""

    from_line: int
    to_line: int
    from_content: str
    to_content: str


def fences(text: str) -> list[tuple[int, int, str]]:
    """The suggestions of a text: lines above, lines below, and what is between the fences, without the last newline."""
    found, lines = [], text.replace("\r\n", "\n").split("\n")
    index = 0
    while index < len(lines):
        opened = _FENCE.match(lines[index])
        index += 1
        if opened is None:
            continue
        fence, begin = opened[1], index
        while index < len(lines) and not _closes(lines[index], fence):
            index += 1
        meant = _RANGE.match(opened[2])
        if meant is not None:
            found.append((int(meant["above"] or 0), int(meant["below"] or 0), "\n".join(lines[begin:index])))
        index += 1
    return found


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]} and not line.startswith("    ")


def suggestions_in(text: str, position: Position, git: Git) -> list[Proposed]:
    """What the suggestions of a note propose; none where the commented line is not in the new file."""
    if position.position_type != "text" or position.new_line is None or not position.head_sha or not position.new_path:
        return []
    blob = git.blob(position.head_sha, position.new_path)
    if blob is None:
        return []
    lines = [line.decode(errors="replace") for line in lines_of(blob)]
    return [_proposed(lines, position.new_line, *one) for one in fences(text)]


def _proposed(lines: list[str], line: int, above: int, below: int, text: str) -> Proposed:
    first = max(1, line - min(above, MOST_LINES))
    last = min(len(lines), line + min(below, MOST_LINES))
    old = "".join(lines[first - 1 : last])
    ending = "\r\n" if old.endswith("\r\n") else "\n" if old.endswith("\n") else ""
    return Proposed(first, last, old, f"{text}{ending}" if text.strip() else "")
