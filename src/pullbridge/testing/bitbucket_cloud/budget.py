"""The hourly rate limit: https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/"""

from __future__ import annotations

from dataclasses import dataclass, field

#: What Bitbucket allows a user in an hour, and what is told while nothing is enforced.
USUAL = 1000
_HOUR = 3600.0


@dataclass
class Budget:
    """Requests in a sliding hour. `limit` is everybody's own; `None` is as many as one likes."""

    limit: int | None = None
    _spent: dict[str, list[float]] = field(default_factory=dict)

    def spend(self, caller: str, now: float) -> tuple[bool, int]:
        """Count one request: whether it is allowed, and how many are left."""
        limit = self.limit if self.limit is not None else USUAL
        known = [moment for moment in self._spent.get(caller, ()) if moment > now - _HOUR]
        allowed = self.limit is None or len(known) < limit
        if allowed:
            known.append(now)
        self._spent[caller] = known[-limit:]
        return allowed, max(0, limit - len(known))

    def headers(self, left: int) -> dict[str, str]:
        """What an access token is told, and nobody else; how the resource is called is unverified."""
        limit = self.limit if self.limit is not None else USUAL
        near = "true" if left * 5 < limit else "false"
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Resource": "api-repositories",
            "X-RateLimit-NearLimit": near,
        }
