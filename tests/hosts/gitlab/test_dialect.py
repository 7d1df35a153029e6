"""How GitLab says that it is too much."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pullbridge.auth.signing import Signing
from pullbridge.capabilities import Budget
from pullbridge.hosts.gitlab.addresses import addresses
from pullbridge.hosts.gitlab.api import Api
from pullbridge.hosts.gitlab.dialect import GitLabDialect, is_note
from pullbridge.hosts.gitlab.tokens import sign
from pullbridge.model.credentials import Token
from pullbridge.model.settings import Settings
from pullbridge.transport.pace import Allowance, wait_for
from pullbridge.transport.reply import Headers
from pullbridge.transport.session import HostSession, Wire

GITLAB = GitLabDialect()
#: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
THROTTLED = {
    "RateLimit-Limit": "2000",
    "RateLimit-Name": "throttle_authenticated_api",
    "RateLimit-Observed": "2001",
    "RateLimit-Remaining": "0",
    "RateLimit-Reset": "1772366400",
    "RateLimit-ResetTime": "Sun, 01 Mar 2026 12:00:00 GMT",
    "Retry-After": "30",
}
NOON = datetime(2026, 3, 1, 11, 59, tzinfo=UTC)


def test_the_limit_on_all_requests_tells_its_end() -> None:
    """A budget of zero, which ends at a time."""
    refusal = GITLAB.refusal(429, Headers(THROTTLED), b"Retry later\n")
    assert refusal is not None
    assert (refusal.resets_at, refusal.secondary) == (datetime(2026, 3, 1, 12, tzinfo=UTC), False)


def test_retry_after_wins_over_the_reset() -> None:
    """GL-64: it is the shorter, and the one that the standard has."""
    refusal = GITLAB.refusal(429, Headers(THROTTLED), b"")
    assert refusal is not None
    assert wait_for(refusal, Headers(THROTTLED), NOON) == 30.0
    without = Headers({name: value for name, value in THROTTLED.items() if name != "Retry-After"})
    assert wait_for(refusal, without, NOON) == 60.0


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "60"}])
def test_a_limit_on_one_kind_of_request_is_told_apart(headers: dict[str, str]) -> None:
    """Notes and searches are counted by the application, which says at most how long to wait."""
    body = b'{"message":{"error":"This endpoint has been requested too many times. Try again later."}}'
    refusal = GITLAB.refusal(429, Headers(headers), body)
    assert refusal is not None
    assert refusal.secondary
    assert wait_for(refusal, Headers(headers), NOON) == 60.0


@pytest.mark.parametrize("status", [200, 401, 403, 404, 408, 500, 503])
def test_nothing_else_is_a_limit(status: int) -> None:
    """Not even a 403 with an empty budget: GitLab refuses by 429."""
    assert GITLAB.refusal(status, Headers(THROTTLED), b"Retry later\n") is None


def test_what_is_left_is_told() -> None:
    """gitlab.com says it in every answer."""
    headers = Headers({**THROTTLED, "RateLimit-Remaining": "1987"})
    found = Budget(limit=2000, remaining=1987, resets_at=1772366400.0, resource="throttle_authenticated_api")
    assert GITLAB.budget(headers) == found
    assert GITLAB.budget(Headers()) is None


@pytest.mark.parametrize("value", ["-1", "", "many", "9" * 30, "\u0661"])
def test_numbers_that_are_none_are_not_believed(value: str) -> None:
    """A proxy may write anything there."""
    assert GITLAB.budget(Headers({**THROTTLED, "RateLimit-Limit": value})) is None


@pytest.mark.parametrize(
    ("verb", "path", "note"),
    [
        ("POST", "/projects/1/merge_requests/7/notes", True),
        ("POST", "/projects/1/merge_requests/7/discussions", True),
        ("POST", "/projects/1/merge_requests/7/discussions/ab12/notes", True),
        ("PUT", "/projects/1/merge_requests/7/notes/3", False),
        ("GET", "/projects/1/merge_requests/7/notes", False),
        ("POST", "/projects/1/merge_requests/7/draft_notes", False),
        ("POST", "/projects/group%2Fnotes/merge_requests", False),
    ],
)
def test_only_new_comments_are_counted_apart(verb: str, path: str, note: bool) -> None:
    """They have a limit of their own, which nothing else is to wait for."""
    assert is_note(verb, path) is note


@pytest.mark.parametrize(("web", "limited"), [("https://gitlab.com", True), ("https://code.example", False)])
def test_gitlab_com_takes_so_many_comments(web: str, limited: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """GL-63: 60 a minute, and nothing but comments waits; an instance of one's own has its own rules, or none."""
    given: list[tuple[Allowance, ...]] = []
    real = Wire.session

    def noted(wire: Wire, places: Any, signer: Any, dialect: Any, allowed: Any = ()) -> HostSession:
        given.append(tuple(allowed))
        return real(wire, places, signer, dialect, allowed)

    monkeypatch.setattr(Wire, "session", noted)
    Api(addresses(web), Signing(Token("t"), sign), Settings()).wire.close()
    assert given == [(), (Allowance(60, 60.0),) if limited else ()]
