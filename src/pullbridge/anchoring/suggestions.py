"""Suggestions as text: pure."""

from __future__ import annotations

import re

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
