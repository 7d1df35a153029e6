"""The rate limit: what each caller has left.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Resource = Literal["core", "search", "graphql"]
HOUR, MINUTE = 3600, 60


def _limits() -> dict[Resource, int]:
    return {"core": 5000, "search": 30, "graphql": 5000}


@dataclass
class Window:
    """One caller's use of one resource until `reset` (seconds since the epoch)."""

    reset: int
    used: int = 0


@dataclass
class Budget:
    """Everybody's use. `limits` may be set; anybody without a token shares one window of `anonymous`."""

    limits: dict[Resource, int] = field(default_factory=_limits)
    anonymous: int = 60
    _windows: dict[tuple[str, Resource], Window] = field(default_factory=dict)

    def window(self, caller: str, resource: Resource, now: float) -> Window:
        """The caller's window of today, a new one when the last has passed."""
        known = self._windows.get((caller, resource))
        if known is None or known.reset <= now:
            length = MINUTE if resource == "search" else HOUR
            known = self._windows[caller, resource] = Window(reset=int(now) + length)
        return known

    def limit(self, caller: str, resource: Resource) -> int:
        """How much a caller has in a window."""
        return self.limits[resource] if caller or resource != "core" else self.anonymous

    def exhausted(self, caller: str, resource: Resource, now: float) -> bool:
        """Whether nothing is left."""
        return self.window(caller, resource, now).used >= self.limit(caller, resource)

    def spend(self, caller: str, resource: Resource, now: float, points: int = 1) -> None:
        """Count what was used."""
        self.window(caller, resource, now).used += points

    def view(self, caller: str, resource: Resource, now: float) -> dict[str, int]:
        """`rate-limit`: limit, used, remaining and reset."""
        window, limit = self.window(caller, resource, now), self.limit(caller, resource)
        used = min(window.used, limit)
        return {"limit": limit, "used": used, "remaining": limit - used, "reset": window.reset}

    def headers(self, caller: str, resource: Resource, now: float) -> dict[str, str]:
        """The same as headers."""
        shown = self.view(caller, resource, now)
        return {f"X-RateLimit-{name.capitalize()}": str(value) for name, value in shown.items()} | {
            "X-RateLimit-Resource": resource
        }
