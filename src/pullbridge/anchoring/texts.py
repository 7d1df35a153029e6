"""Texts as lines that can be compared: pure.

A line ends at LF alone, as git counts them: VT, FF, NEL and U+2028 stay in their line. A carriage return before the LF,
a byte-order mark and a missing LF at the end make no difference to a line.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import AnyStr

#: Where git looks for a NUL: https://github.com/git/git/blob/master/xdiff-interface.c (`buffer_is_binary`).
_LOOKED_AT = 8000
#: Characters (or bytes) beyond which nobody reads a text beside its comments.
LONGEST = 32 * 1024 * 1024
#: The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NoText(ValueError):
    """What there is has no lines to compare; the message says why."""


def lines_of(text: str | bytes) -> list[str]:
    """The lines, without their ends. Bytes are read by their mark, else as UTF-8, else as Latin-1, which every byte has.

    Raises `NoText` for what is binary or longer than `LONGEST`.
    """
    if len(text) > LONGEST:
        raise NoText(f"the text is longer than {LONGEST // 2**20} MiB")
    plain = (text if isinstance(text, str) else _decoded(text)).removeprefix("\ufeff")
    rows = plain.replace("\r\n", "\n").removesuffix("\r").removesuffix("\n").split("\n") if plain else []
    return rows if plain != "\n" else [""]


def _decoded(text: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if text.startswith(mark)), None)
    if encoding is None and b"\0" in text[:_LOOKED_AT]:
        raise NoText("the file is binary")
    try:
        return text.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def rewritten(text: AnyStr, change: Callable[[str], str]) -> AnyStr:
    """The text with `change` made to it, its mark and its encoding kept.

    Raises `NoText` as `lines_of` does, and `UnicodeEncodeError` for characters that its encoding does not have.
    """
    lines_of(text)
    if isinstance(text, str):
        return change(text)
    mark, encoding = next(((mark, name) for mark, name in _PLAIN if text.startswith(mark)), (b"", "utf-8"))
    body = text[len(mark) :]
    try:
        plain = body.decode(encoding)
    except UnicodeDecodeError:
        mark, encoding = b"", "latin-1"
        plain = text.decode(encoding)
    return mark + change(plain).encode(encoding)


#: The marks, and how what follows them is written.
_PLAIN = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
