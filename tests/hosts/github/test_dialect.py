"""How GitHub says that it is too much."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pullbridge.capabilities import Budget
from pullbridge.hosts.github.dialect import GitHubDialect
from pullbridge.hosts.github.host import GitHubHost
from pullbridge.model.credentials import Token
from pullbridge.model.settings import Settings
from pullbridge.ports import Opening
from pullbridge.transport.pace import Allowance
from pullbridge.transport.reply import Headers
from pullbridge.transport.session import HostSession, Wire

GITHUB = GitHubDialect()
RESET = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1772366400"}
#: The wording of the documentation: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
SECONDARY = b'{"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}'


@pytest.mark.parametrize("status", [403, 429])
def test_an_empty_budget_is_a_limit_with_its_end(status: int) -> None:
    """GH-50: not a refusal of rights, and it says until when."""
    refusal = GITHUB.refusal(status, Headers(RESET), b"{}")
    assert refusal is not None
    assert refusal.resets_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert not refusal.secondary


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, {}, SECONDARY),
        (429, {}, SECONDARY),
        (429, {}, b""),
        (403, {"Retry-After": "30"}, b"{}"),
        (403, {}, b'{"message": "You have triggered an abuse detection mechanism."}'),
    ],
)
def test_haste_is_a_limit_of_its_own(status: int, headers: dict[str, str], body: bytes) -> None:
    """GH-51: told by its words or by `Retry-After`; the budget is not empty."""
    refusal = GITHUB.refusal(status, Headers({**headers, "X-RateLimit-Remaining": "4000"}), body)
    assert refusal is not None
    assert refusal.secondary
    assert refusal.resets_at is None


def test_graphql_limits_with_status_200() -> None:
    """GH-49: an errors-only answer of that type."""
    body = b'{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}'
    refusal = GITHUB.refusal(200, Headers(RESET), body)
    assert refusal is not None
    assert refusal.resets_at is not None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"data": {"title": "RATE_LIMITED"}}'),
        (200, b'{"data": {"body": "\\"RATE_LIMITED\\" \\"errors\\""}}' + b" " * 5000),
        (200, b""),
        (403, b'{"message": "Resource not accessible by integration"}'),
        (404, SECONDARY),
        (422, SECONDARY),
        (500, SECONDARY),
    ],
)
def test_everything_else_is_no_limit(status: int, body: bytes) -> None:
    """What people write about limits, and what is refused for another reason."""
    assert GITHUB.refusal(status, Headers({"X-RateLimit-Remaining": "12"}), body) is None


def test_what_is_left_is_told() -> None:
    """The numbers of the resource that the answer was taken from."""
    headers = Headers({**RESET, "X-RateLimit-Remaining": "4987", "X-RateLimit-Resource": "graphql"})
    assert GITHUB.budget(headers) == Budget(limit=5000, remaining=4987, resets_at=1772366400.0, resource="graphql")


@pytest.mark.parametrize("value", ["-1", "", "many", "1e9", "9" * 30, "\u0661", "5000, 5000"])
def test_numbers_that_are_none_are_not_believed(value: str) -> None:
    """A proxy may write anything there; a Server has no limit and no headers."""
    assert GITHUB.budget(Headers({**RESET, "X-RateLimit-Limit": value})) is None
    assert GITHUB.budget(Headers()) is None
    refusal = GITHUB.refusal(403, Headers({**RESET, "X-RateLimit-Reset": value}), b"")
    assert refusal is not None
    assert refusal.resets_at is None


def test_a_reset_beyond_all_calendars_is_unknown() -> None:
    """Fifteen digits of seconds are thirty million years."""
    refusal = GITHUB.refusal(429, Headers({**RESET, "X-RateLimit-Reset": "9" * 15}), b"")
    assert refusal is not None
    assert refusal.resets_at is None


@pytest.mark.parametrize(
    ("web", "limited"), [("https://github.com", True), ("https://acme.ghe.com", True), ("https://code.example", False)]
)
def test_githubs_own_hosts_take_so_many_writes(web: str, limited: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """GH-52: 80 a minute and 500 an hour; a server of one's own has its own rules, or none."""
    given: list[tuple[Allowance, ...]] = []
    real = Wire.session

    def noted(wire: Wire, places: Any, signer: Any, dialect: Any, allowed: Any = ()) -> HostSession:
        given.append(tuple(allowed))
        return real(wire, places, signer, dialect, allowed)

    monkeypatch.setattr(Wire, "session", noted)
    GitHubHost(Opening(web=web, credentials=Token("t"), settings=Settings())).close()
    assert given == [(Allowance(80, 60), Allowance(500, 3600)) if limited else ()]
