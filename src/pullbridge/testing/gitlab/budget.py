"""The rate limit: what each caller has left of a minute.

https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

MINUTE = 60

#: What is answered when nothing is left: plain text, whatever was asked for.
RETRY_LATER = b"Retry later\n"


@dataclass
class Window:
    """One caller's use until `reset` (seconds since the epoch)."""

    reset: int
    used: int = 0


@dataclass
class Budget:
    """Everybody's use. `limit` requests a minute for who is signed in, `anonymous` for all others together.

    `None` is no limit, as a new self-managed instance has it: then nothing is said about it.
    """

    limit: int | None = None
    anonymous: int | None = None
    _windows: dict[str, Window] = field(default_factory=dict)

    def spend(self, caller: str, now: float) -> tuple[bool, dict[str, str]]:
        """Count one request; whether it may be answered, and the headers that say what is left."""
        limit = self.limit if caller else self.anonymous
        if limit is None:
            return True, {}
        window = self._windows.get(caller)
        if window is None or window.reset <= now:
            window = self._windows[caller] = Window(reset=(int(now) // MINUTE + 1) * MINUTE)
        window.used += 1
        headers = _headers(window, limit, "authenticated" if caller else "unauthenticated")
        allowed = window.used <= limit
        if not allowed:
            headers["Retry-After"] = str(max(1, window.reset - int(now)))
        return allowed, headers


def _headers(window: Window, limit: int, who: str) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Name": f"throttle_{who}_api",
        "RateLimit-Observed": str(window.used),
        "RateLimit-Remaining": str(max(0, limit - window.used)),
        "RateLimit-Reset": str(window.reset),
        "RateLimit-ResetTime": datetime.fromtimestamp(window.reset, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }


def exhausted(now: float) -> dict[str, str]:
    """The headers of who has nothing left until the minute ends."""
    return _headers(Window(reset=(int(now) // MINUTE + 1) * MINUTE, used=2001), 2000, "authenticated")
