"""How GitLab says that too much is asked of it: pure.

https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers and
https://docs.gitlab.com/security/rate_limits/
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pullbridge.capabilities import Budget
from pullbridge.transport.pace import Refusal


class GitLabDialect:
    """`transport.session.Dialect`."""

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """The limit on all requests tells its budget; limits on one kind of them, such as notes, do not."""
        if status != 429:
            return None
        if self.budget(headers) is not None:
            return Refusal(resets_at=_reset(headers), message="The budget is used up.")
        return Refusal(resets_at=_reset(headers), message="GitLab asks for a pause.", secondary=True)

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        """What is left of the limit that this answer was counted under."""
        limit, remaining = _number(headers.get("ratelimit-limit")), _number(headers.get("ratelimit-remaining"))
        if limit is None or remaining is None:
            return None
        reset = _number(headers.get("ratelimit-reset"))
        return Budget(
            limit=limit,
            remaining=remaining,
            resets_at=float(reset) if reset is not None else None,
            resource=headers.get("ratelimit-name"),
        )


def _reset(headers: Mapping[str, str]) -> datetime | None:
    seconds = _number(headers.get("ratelimit-reset"))
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 16 else None
