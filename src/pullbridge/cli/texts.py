"""What a person wrote: read from the command line or from standard input, and given back when it could not be posted."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from pullbridge.cli import safe
from pullbridge.errors import BridgeError, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What stands for standard input.
PIPED: Final = "-"


def read(text: str) -> str:
    """The text itself, or what standard input holds for `-`. Raises `Rejected` for what is no UTF-8."""
    return _piped() if text == PIPED else _utf8(text)


def read_file(place: str, option: str) -> str:
    """A file's text, or what standard input holds for `-`; `option` is named when there is no such file."""
    if place == PIPED:
        return _piped()
    try:
        return Path(place).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{place} cannot be read: {error}", param_hint=option) from error


@contextmanager
def kept(text: str) -> Iterator[None]:
    """Give a text back when what is done with it fails, however it fails."""
    try:
        yield
    except BridgeError as error:
        error.text = error.text or text
        raise
    except BaseException:  # Ctrl-C, too: what a person wrote is not lost
        give_back(text)
        raise


def give_back(text: str | None) -> None:
    """Print on standard error what was not posted: as it is, but for what would act on a terminal."""
    if text is None or not text.strip():
        return
    if sys.stderr.isatty():
        text = "\t".join(map(safe.clean, text.split("\t")))
    sys.stderr.write(f"Your text:\n\n{text.rstrip()}\n\n")


def _piped() -> str:
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="strict")
    if sys.stdin.isatty():
        sys.stderr.write("Write your text; end it with Ctrl-D (on Windows Ctrl-Z and Enter).\n")
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise _not_utf8() from error


def _utf8(text: str) -> str:
    """Arguments that are no UTF-8 arrive with lone surrogates, which no host takes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _not_utf8() from error
    return text


def _not_utf8() -> Rejected:
    return Rejected("The text is not UTF-8.", problems=("it has bytes that are no character",))
