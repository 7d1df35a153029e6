"""What a person wrote, on its way in and back."""

from __future__ import annotations

import io
import sys

import pytest
import typer

from pullbridge.cli import texts
from pullbridge.errors import HostDown, Rejected


def piped(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Standard input as a process has it, with another encoding than that of the text."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="cp1252"))


def test_standard_input_is_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the code page is, and with or without a mark at the beginning."""
    piped(monkeypatch, b"\xef\xbb\xbf\xc3\xbc\n")
    assert texts.read("-") == "ü\n"


def test_standard_input_that_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused, and not posted with other characters."""
    piped(monkeypatch, b"\xff")
    with pytest.raises(Rejected, match="UTF-8"):
        texts.read("-")


def test_an_argument_that_is_no_text() -> None:
    """Bytes that are no UTF-8 arrive as lone surrogates, and are refused."""
    with pytest.raises(Rejected, match="UTF-8"):
        texts.read("caf\udce9")


def test_on_a_terminal_one_is_told_how_to_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing seems to hang."""
    typed = io.StringIO("Hello.\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    assert texts.read("-") == "Hello.\n"
    assert "Ctrl-D" in capsys.readouterr().err


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), typer.BadParameter("no"), ValueError("a mistake of ours")])
def test_however_it_fails_the_text_comes_back(failure: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    """An interruption, wrong use, a mistake in the program."""
    with pytest.raises(type(failure)), texts.kept("Precious."):
        raise failure
    assert "Precious." in capsys.readouterr().err


def test_an_error_of_the_library_carries_it() -> None:
    """It is printed below the error, once, by whoever shows that."""
    with pytest.raises(HostDown) as down, texts.kept("Precious."):
        raise HostDown("Down.")
    assert down.value.text == "Precious."


def test_on_a_terminal_it_cannot_act(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was pasted may hold anything; tabs are kept, for they belong to code."""
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    texts.give_back("a\tb\x1b[2J\n")
    assert "a\tb^[[2J\n" in screen.getvalue()


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_nothing_is_not_given_back(text: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    """A failure without a text prints no empty one."""
    texts.give_back(text)
    assert capsys.readouterr().err == ""
