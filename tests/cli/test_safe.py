"""What a host says cannot act on the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.cli import safe


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("\x1b]0;pwned\x07", "^[]0;pwned^G"),
        ("\x9b31m", "<U+009B>31m"),
        ("a\rb", "a^Mb"),
        ("back\b\bspace", "back^H^Hspace"),
        ("admin\u202enimda", "admin<U+202E>nimda"),
        ("zero\u200bwidth", "zero<U+200B>width"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("byte\udcff", "byte<U+DCFF>"),
        ("\x7f", "^?"),
        ("para\u2029graph", "para<U+2029>graph"),
    ],
)
def test_what_would_act_is_shown(said: str, shown: str) -> None:
    """A control, a bidirectional override, an invisible character or a stray byte appears as what it is."""
    assert safe.clean(said) == shown


def test_words_of_all_scripts_stay() -> None:
    """Letters, joiners, emoji and line feeds pass through; a CRLF is a line feed; a tab is spaces."""
    assert safe.clean("naïve\r\n\tनमस्ते क्\u200dष 日本 🙂") == "naïve\n    नमस्ते क्\u200dष 日本 🙂"


@given(st.text())
def test_nothing_that_acts_is_left(text: str) -> None:
    """Whatever the text, no control character but the line feed comes out, and it can be encoded."""
    cleaned = safe.clean(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} and char != "\n" for char in cleaned)
    cleaned.encode()
    assert safe.clean(cleaned) == cleaned


def test_a_title_takes_one_line() -> None:
    """Line breaks in a title become spaces."""
    assert safe.one_line(" one\r\n\ttwo ") == "one two"


@pytest.mark.parametrize(
    "url",
    [None, "javascript:alert(1)", "file:///etc/passwd", "https://x/\x1b\\", "https://x/ y", "https://ex\u0430mple"],
)
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    """Another scheme, a control, a space or a look-alike letter makes no hyperlink."""
    assert safe.link(url) is None


def test_a_web_address_becomes_a_link() -> None:
    """An http or https address does."""
    assert safe.link("https://code.example/octo/app/pull/7#r1") == "https://code.example/octo/app/pull/7#r1"
