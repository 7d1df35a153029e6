"""Suggestions in a text: pure.

A block that begins with the word `suggestion` proposes new lines. Neutrally it replaces the commented lines, as on the
other hosts; on GitLab it replaces the last of them alone, and says how many more before and behind it:
`suggestion:-2+0`. https://docs.gitlab.com/user/project/merge_requests/reviews/suggestions/#multi-line-suggestions
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: An opening fence with what stands behind it: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
_FENCE = re.compile(r"(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<gap>[ \t]*)(?P<info>[^\r\n]*?)(?P<end>[ \t]*\r?)")
_OFFSETS = re.compile(r"suggestion(?::-(?P<above>[0-9]{1,6})\+(?P<below>[0-9]{1,6}))?")
#: The lines that a suggestion may take before and behind the commented one.
MOST = 100


def has_suggestion(body: str) -> bool:
    """Whether a text has a block of the neutral kind, whose lines are those of its place."""
    return hosted(body, 0) != body


def hosted(body: str, above: int) -> str:
    """The text as GitLab understands it, for a comment on a line and the `above` lines before it."""
    return _rewritten(body, lambda info: f"suggestion:-{above}+0" if info == "suggestion" else info)


def neutral(body: str, above: int) -> str:
    """The text as every host understands it: a block that replaces just the commented lines needs no numbers."""

    def told(info: str) -> str:
        found = _OFFSETS.fullmatch(info)
        if found is None:
            return info
        said = (int(found["above"] or 0), int(found["below"] or 0))
        return "suggestion" if said == (above, 0) else f"suggestion:-{said[0]}+{said[1]}"

    return _rewritten(body, told)


def _rewritten(body: str, change: Callable[[str], str]) -> str:
    """The text with the words behind each opening fence changed. What stands inside a block is left alone."""
    rows, closing = body.split("\n"), ""
    for index, row in enumerate(rows):
        found = _FENCE.fullmatch(row)
        if found is None:
            continue
        fence, info = found["fence"], found["info"]
        if closing:
            closing = "" if not info and fence.startswith(closing) else closing
        elif "`" not in info or fence.startswith("~"):
            closing = fence
            rows[index] = f"{found['indent']}{fence}{found['gap']}{change(info)}{found['end']}"
    return "\n".join(rows)
