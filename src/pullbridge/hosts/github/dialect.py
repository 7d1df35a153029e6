"""How GitHub says that too much is asked of it: pure.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api and
https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pullbridge.capabilities import Budget
from pullbridge.hosts import budgets
from pullbridge.transport.pace import Allowance, Refusal

_SECONDARY = b"secondary rate limit"
_ABUSE = b"abuse detection"
#: "No more than 80 content-generating requests per minute and no more than 500 content-generating requests per hour":
#: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
ALLOWED = (Allowance(80, 60.0), Allowance(500, 3600.0))
#: GraphQL refuses with status 200 and this type among its errors.
_GRAPHQL = b'"RATE_LIMITED"'


class GitHubDialect:
    """`transport.session.Dialect`."""

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """Primary limits have a budget of zero; secondary ones say so in words, often with `Retry-After`."""
        if status == 200:
            # An errors-only answer is short, so that ordinary answers are not searched.
            limited = len(body) < 4096 and _GRAPHQL in body and b'"errors"' in body
            return Refusal(resets_at=_reset(headers), message="GraphQL's budget is used up.") if limited else None
        if status not in {403, 429}:
            return None
        if headers.get("x-ratelimit-remaining") == "0":
            return Refusal(resets_at=_reset(headers), message="The budget is used up.")
        lower = body[:4096].lower()
        if status == 429 or _SECONDARY in lower or _ABUSE in lower or "retry-after" in headers:
            return Refusal(message="GitHub asks for a pause (secondary limit).", secondary=True)
        return None

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        """What is left of the resource that this answer was taken from."""
        return budgets.budget(headers, "x-ratelimit-", "x-ratelimit-resource")


def _reset(headers: Mapping[str, str]) -> datetime | None:
    return budgets.resets_at(headers, "x-ratelimit-")
