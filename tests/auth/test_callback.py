"""What a browser comes back with."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from pullbridge.auth.callback import Callback, Code, Expected, MixUp, Refusal, Stranger, pasted, read

ISSUER = "https://git.example"
EXPECTED = Expected(state="right", issuers=frozenset({ISSUER}))
STRICT = Expected(state="right", issuers=frozenset({ISSUER}), issuer_required=True)
HERE = "http://127.0.0.1/callback"


def query(**said: str) -> str:
    return urlencode(said)


@pytest.mark.parametrize(
    ("said", "expected", "found"),
    [
        (query(code="c", state="right"), EXPECTED, Code("c")),
        (query(code="c", state="right", iss=ISSUER), STRICT, Code("c")),
        (query(code="c", state="forged"), EXPECTED, Stranger()),
        (query(code="c"), EXPECTED, Stranger()),
        (query(code="c", state=""), EXPECTED, Stranger()),
        (query(code="c", state="right", iss="https://evil.example"), EXPECTED, MixUp()),
        (query(code="c", state="right"), STRICT, MixUp()),
        (query(error="access_denied", state="right", iss="https://evil.example"), STRICT, MixUp()),
        (query(error="access_denied", state="right"), EXPECTED, Refusal("access_denied")),
        (query(error="access_denied", state="forged"), EXPECTED, Stranger()),
        (query(error="access_denied"), EXPECTED, Stranger(hint="access_denied")),
        (query(error="server_error", code="c", state="right"), EXPECTED, Refusal("server_error")),
        ("code=a&code=b&state=right", EXPECTED, Stranger()),
        ("code=a&state=right&state=right", EXPECTED, Stranger()),
        ("code=a&state=right&iss=https://git.example&iss=https://evil.example", EXPECTED, Stranger()),
        (query(state="right"), EXPECTED, Stranger()),
        ("&".join(f"x{i}=1" for i in range(60)), EXPECTED, Stranger()),
        ("", EXPECTED, Stranger()),
    ],
)
def test_what_counts(said: str, expected: Expected, found: Callback) -> None:
    """State is checked first, then the issuer; an error wins over a code; what is there twice counts for nothing."""
    assert read(said, expected) == found


def test_a_hosts_text_is_data() -> None:
    """A description may say anything: control characters go, and it is cut."""
    found = read(query(error="e", error_description="<b>\x1b[31m" + "x" * 999, state="right"), EXPECTED)
    assert isinstance(found, Refusal)
    assert found.description is not None
    assert len(found.description) == 300
    assert found.description.startswith("<b>[31m")


@pytest.mark.parametrize(
    "url",
    [
        f"{HERE}#access_token=EVIL&state=right",
        f"{HERE}?code=c&state=right#access_token=EVIL",
        "http://127.0.0.1/other?code=c&state=right",
        "http://127.0.0.1:1234/callback?code=c&state=right",
        "http://127.0.0.1.evil.example/callback?code=c&state=right",
        "https://127.0.0.1/callback?code=c&state=right",
        "http://[/callback?code=c&state=right",
        "code=c&state=right",
    ],
)
def test_what_is_pasted_from_elsewhere(url: str) -> None:
    """An address with a fragment, or with another scheme, host, port or path, is none of this sign-in's."""
    assert pasted(url, HERE, EXPECTED) == Stranger()


def test_what_a_terminal_does_to_an_address() -> None:
    """Spaces around an address and line breaks in it do not matter."""
    assert pasted(f"  {HERE}?code=abc\n  def&sta\nte=right \r\n", HERE, EXPECTED) == Code("abcdef")


def test_nothing_secret_is_shown() -> None:
    """Neither the code nor the state is in a repr."""
    assert "c0de" not in repr(Code("c0de"))
    assert "right" not in repr(EXPECTED)
