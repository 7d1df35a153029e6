"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: Above each page, for whoever would edit it.
MARK = "<!-- Written by tools/gen_docs.py from the code. Edit that, and run `python tools/gen_docs.py`. -->"


def page(title: str, *parts: str) -> str:
    """A page: its title, then its parts with a blank line between them."""
    return "\n\n".join([MARK, f"# {title}", *(part for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a cell's line breaks and bars would end it, and are taken out."""
    lines = [_row(head), "|" + "---|" * len(head), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def code(text: str) -> str:
    """A block to read. Only blocks marked `python` are run by the tests, and this is none."""
    return f"```py\n{text}\n```"


def name(text: str) -> str:
    """A name from the code."""
    return f"`{text}`"
