"""How requests are signed."""

from __future__ import annotations

import base64

import pytest

from pullbridge.errors import SignInNeeded
from pullbridge.hosts.bitbucket_dc.tokens import TokenKind, kind_of, sign
from pullbridge.model.credentials import Basic, Token


def test_a_token_is_a_bearer() -> None:
    """Access tokens, OAuth's, and those that begin in no way of their own."""
    assert sign(Token("BBDC-x")) == {"Authorization": "Bearer BBDC-x"}
    assert kind_of(sign(Token("MDQ1"))) is TokenKind.TOKEN


def test_a_token_of_three_thousand_characters_goes_whole() -> None:
    """Nothing cuts it."""
    long = "x" * 3_000
    assert sign(Token(long)) == {"Authorization": f"Bearer {long}"}


def test_a_password_is_basic() -> None:
    """With its user, in UTF-8."""
    signed = sign(Basic("ada", "pässword"))["Authorization"]
    assert base64.b64decode(signed.removeprefix("Basic ")).decode() == "ada:pässword"
    assert kind_of({"Authorization": signed}) is TokenKind.PASSWORD


def test_an_access_token_beside_a_user_is_a_bearer_all_the_same() -> None:
    """Those of projects and repositories are taken in no other way."""
    assert sign(Basic("ada", "BBDC-x")) == {"Authorization": "Bearer BBDC-x"}


@pytest.mark.parametrize("secret", ["ATATT3xFf", "ATCTT3xFf", "ATBBx"])
def test_a_token_of_the_cloud_is_refused(secret: str) -> None:
    """Before it is sent to somebody's server."""
    with pytest.raises(SignInNeeded, match="What was given is") as caught:
        sign(Basic("ada@example.com", secret))
    assert secret not in str(caught.value)


def test_nobody_is_nobody() -> None:
    """Without a header."""
    assert kind_of({}) is TokenKind.NONE
