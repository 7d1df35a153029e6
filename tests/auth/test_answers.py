"""What counts as an answer of a sign-in endpoint."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pullbridge import BadAnswer, BridgeError, HostDown, RateLimited, SignInFailed, SignInNeeded
from pullbridge.auth import answers
from pullbridge.auth.answers import Told
from pullbridge.auth.records import Grant

GOOD: dict[str, Any] = {"access_token": "a", "token_type": "bearer"}
BEFORE = Grant(access="old", refresh="kept", scopes=("api",), expires_at=5.0)


def read(told: object, status: int = 200) -> dict[str, Any]:
    return answers.read(status, json.dumps(told).encode(), "git.example")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"message": "API rate limit exceeded"}', 429),
        (b'{"message": "no"}', 400),
        (b"access_token=a&token_type=bearer", 200),
        (b"<html>Sign in</html>", 200),
        (b"[]", 200),
        (b"", 204),
        (b"[" * 100_000, 200),
        (b"\xff\xfe", 200),
        (b'{"access_token": "a"}', 307),
    ],
)
def test_what_is_no_answer(body: bytes, status: int) -> None:
    """A refusal without the standard's error, a form, a page and a redirect are bad answers, and never a token."""
    with pytest.raises(BadAnswer):
        answers.read(status, body, "git.example")


@pytest.mark.parametrize("status", [200, 400, 401])
def test_an_error_is_one_with_any_status(status: int) -> None:
    """GitHub's errors come with status 200. The new interval of a device is kept."""
    with pytest.raises(Told) as told:
        read({"error": "slow_down", "interval": 10}, status)
    assert (told.value.error, told.value.interval) == ("slow_down", 10.0)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"access_token": ""},
        {"access_token": 5},
        {"access_token": None},
        {"access_token": "two words"},
        {"access_token": "line\nbreak"},
        {"access_token": "a", "token_type": "mac"},
        {"access_token": "a", "token_type": None},
    ],
)
def test_what_is_no_grant(told: dict[str, Any]) -> None:
    """An answer without a token that can sign is refused when it comes, not on the first call."""
    with pytest.raises(BadAnswer):
        answers.grant(told, "git.example", 0.0)


@pytest.mark.parametrize(
    ("told", "scopes"),
    [
        ({"scope": "repo,read:org"}, ("repo", "read:org")),
        ({"scope": "api read_user"}, ("api", "read_user")),
        ({"scopes": "pullrequest:write account"}, ("pullrequest:write", "account")),
        ({"scope": ["api", "api"]}, ("api",)),
        ({"scope": ""}, ()),
        ({}, None),
    ],
)
def test_granted_scopes(told: dict[str, Any], scopes: tuple[str, ...] | None) -> None:
    """Divided by commas (GitHub) or spaces, under `scopes` (Bitbucket) or `scope`; not said is not known."""
    assert answers.grant(read({**GOOD, **told}), "git.example", 0.0).scopes == scopes


def test_what_a_renewal_does_not_repeat_is_unchanged() -> None:
    """The refresh token and the scopes stay when the answer leaves them out; how long it lives does not."""
    fresh = answers.grant(GOOD, "git.example", 100.0, BEFORE)
    assert (fresh.access, fresh.refresh, fresh.scopes, fresh.expires_at) == ("a", "kept", ("api",), None)


@pytest.mark.parametrize(
    ("life", "ends"),
    [(7200, 7300.0), ("7200", 7300.0), (0, None), (-5, None), (True, None), ("soon", None), (None, None)],
)
def test_how_long_it_lives(life: object, ends: float | None) -> None:
    """Seconds from now, also in a text; nonsense is not known."""
    assert answers.grant({**GOOD, "expires_in": life}, "git.example", 100.0).expires_at == ends


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        ("access_denied", SignInFailed, "denied"),
        ("expired_token", SignInFailed, "expired"),
        ("token_expired", SignInFailed, "expired"),
        ("device_flow_disabled", SignInFailed, "no-device-flow"),
        ("invalid_grant", SignInFailed, "refused"),
        ("bad_refresh_token", SignInFailed, "refused"),
        ("invalid_client", SignInFailed, "application"),
        ("redirect_uri_mismatch", SignInFailed, "application"),
        ("Not Found", SignInFailed, "application"),
        ("a" * 4000, SignInFailed, "refused"),
        ("temporarily_unavailable", HostDown, None),
        ("slow_down", RateLimited, None),
    ],
)
def test_errors_by_what_to_do(error: str, kind: type[BridgeError], reason: str | None) -> None:
    """What ends a sign-in is told from what passes, and never in a text that the host chose."""
    failed = answers.failure(Told(error, "secret-ish text", None, 400), "git.example")
    assert type(failed) is kind
    assert getattr(failed, "reason", None) == reason
    assert isinstance(failed, SignInNeeded) is (reason is not None)
    assert "secret-ish" not in str(failed)
    assert len(str(failed)) < 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"device_code": None},
        {"user_code": ""},
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "https://git.example/a b"},
        {"expires_in": 0},
    ],
)
def test_what_is_no_device_code(wrong: dict[str, Any]) -> None:
    """Without a code, or with an address that is no page, there is nothing to show."""
    good = {"device_code": "d", "user_code": "AB-CD", "verification_uri": "https://git.example/d", "expires_in": 900}
    assert answers.device(good, "git.example").interval == 5.0
    with pytest.raises(BadAnswer):
        answers.device({**good, **wrong}, "git.example")


def test_metadata_of_another_host() -> None:
    """Metadata say whose they are, and nobody else's count."""
    told = {"issuer": "https://git.example", "authorization_response_iss_parameter_supported": True}
    assert answers.issuer_required(told, "https://git.example", "git.example") is True
    assert answers.issuer_required({"issuer": "https://git.example"}, "https://git.example", "git.example") is False
    with pytest.raises(BadAnswer):
        answers.issuer_required(told, "https://git.example/gitlab", "git.example")
