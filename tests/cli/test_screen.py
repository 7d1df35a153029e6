"""Consoles and pictures."""

from __future__ import annotations

import sys
from io import BytesIO, StringIO, TextIOWrapper
from xml.etree import ElementTree as ET

import pytest
from tests.cli import samples

from pullbridge.cli import render, screen


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")


def shown_on(stream: StringIO) -> str:
    screen.console(stream).print(render.pull_header(samples.pull()))
    return stream.getvalue()


def test_a_terminal_gets_colours_and_signs() -> None:
    """On a terminal there are escape sequences and rounded corners."""
    shown = shown_on(Terminal())
    assert "\x1b[" in shown
    assert "╭" in shown


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `NO_COLOR` a terminal gets what a pipe gets."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown_on(Terminal()) == shown_on(StringIO())
    assert shown_on(Terminal()).isascii()


def test_a_dumb_terminal_gets_no_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that says it can nothing is believed."""
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in shown_on(Terminal())


def test_a_wide_terminal_is_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines end at 120 cells."""
    monkeypatch.setenv("COLUMNS", "300")
    assert max(map(len, shown_on(StringIO()).splitlines())) == screen.WIDEST


def test_a_character_that_the_code_page_lacks_is_spelt_out() -> None:
    """Piping into an old code page does not end the command."""
    bytes_ = BytesIO()
    stream = TextIOWrapper(bytes_, encoding="cp1252")
    screen.console(stream).print(render.pull_header(samples.pull(title="購")))
    stream.flush()
    assert rb"\u8cfc" in bytes_.getvalue()


def test_a_picture_loads_nothing_from_elsewhere() -> None:
    """The SVG is well formed and names no address but that of its own language."""
    console = screen.picture(80)
    console.print(render.panel(samples.panel()))
    drawn = screen.svg(console, "pullbridge")
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert drawn.replace("http://www.w3.org/2000/svg", "").count("http") == 0
    assert "Mend" in drawn


def test_what_looks_the_same_is_the_same_picture() -> None:
    """A picture that is drawn again changes only when what one sees does: not with the port of a link."""
    former, latter = (_pictured(f"http://127.0.0.1:{port}/octo/app/pull/7", light=False) for port in (4711, 4712))
    assert former == latter
    assert _pictured("http://127.0.0.1:4711/octo/app/pull/7", light=True) != former


def _pictured(url: str, *, light: bool) -> str:
    console = screen.picture(80)
    console.print(render.pull_header(samples.pull(url=url)))
    return screen.svg(console, "pullbridge", light=light)


def test_what_takes_its_time_is_told_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gets nothing; a terminal gets it on standard error, and has it wiped away."""
    pipe, terminal = StringIO(), Terminal()
    for stream in (pipe, terminal):
        monkeypatch.setattr(sys, "stderr", stream)
        with screen.busy("Reading"):
            pass
    assert pipe.getvalue() == ""
    assert "Reading" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")
