"""Suggestions in a comment's text, on hosts that know them by the word behind a fence alone: pure.

Such a host keeps no list of them, and gives them neither ids nor lines: a suggestion is for the lines of its thread.
"""

from __future__ import annotations

import re

from pullbridge.model.threads import Suggestion

#: A fence may be longer than three backticks, and ends with one as long: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ \t]*suggestion[^\n`]*\n(?P<text>.*?)^(?P=fence)[`~]*[ \t]*$", re.MULTILINE | re.DOTALL
)


def suggestions(identity: str, body: str) -> tuple[Suggestion, ...]:
    """The suggestions in a comment's text, counted, because they have no ids of their own."""
    if "suggestion" not in body:
        return ()
    found = _FENCE.finditer(body.replace("\r\n", "\n"))
    return tuple(Suggestion(id=f"{identity}#{index}", replacement=match["text"]) for index, match in enumerate(found))
