"""How each kind of credential signs."""

from __future__ import annotations

import base64

import pytest

from pullbridge import Basic, SignInNeeded, Token
from pullbridge.hosts.bitbucket_cloud.tokens import TokenKind, kind_of, sign


def basic(user: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"


@pytest.mark.parametrize(
    ("credential", "header", "kind"),
    [
        (Token("0" * 64), f"Bearer {'0' * 64}", TokenKind.OAUTH),
        (Token("x" * 3_000), f"Bearer {'x' * 3_000}", TokenKind.OAUTH),
        (Token("ATCTT3x"), "Bearer ATCTT3x", TokenKind.ACCESS),
        (Basic("x-token-auth", "ATCTT3x"), "Bearer ATCTT3x", TokenKind.ACCESS),
        (Basic("ada@example.org", "ATCTT3x"), "Bearer ATCTT3x", TokenKind.ACCESS),
        (Basic("x-token-auth", "abc"), "Bearer abc", TokenKind.OAUTH),
        (Basic("ada@example.org", "ATATT3x"), basic("ada@example.org", "ATATT3x"), TokenKind.API),
        (Basic("adä@example.org", "ATATT3x"), basic("adä@example.org", "ATATT3x"), TokenKind.API),
        (Token("ada@example.org:ATATT3x"), basic("ada@example.org", "ATATT3x"), TokenKind.API),
    ],
)
def test_each_kind_signs_in_its_way(credential: Token | Basic, header: str, kind: TokenKind) -> None:
    """OAuth's and access tokens as Bearer, API tokens as Basic with the e-mail address."""
    signed = sign(credential)
    assert signed == {"Authorization": header}
    assert kind_of(signed) is kind


def test_nobody_is_nobody() -> None:
    """Without a header."""
    assert kind_of({}) is TokenKind.NONE


@pytest.mark.parametrize("credential", [Token("ATATT3x"), Basic("x-bitbucket-api-token-auth", "ATATT3x")])
def test_an_api_token_wants_its_address(credential: Token | Basic) -> None:
    """And says how it is given."""
    with pytest.raises(SignInNeeded, match=r"Basic\(email, token\)") as caught:
        sign(credential)
    assert "3x" not in str(caught.value)


@pytest.mark.parametrize("credential", [Token("ATBB3x"), Basic("ada", "ATBB3x")])
def test_an_app_password_is_refused_with_the_way_out(credential: Token | Basic) -> None:
    """Before anything is sent."""
    with pytest.raises(SignInNeeded, match=r"app password.*API token"):
        sign(credential)
