"""What of a panel could not be had, while it is being read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pullbridge import errors
from pullbridge.model.panel import Gap

T = TypeVar("T")


@dataclass(slots=True)
class Gaps:
    """Gathers them, in many threads. `anonymous`: nobody has signed in, to whom some parts are not shown.

    `refusals` are what a part may be refused with on its own; every other error is the whole panel's.
    """

    anonymous: bool
    refusals: tuple[type[errors.BridgeError], ...] = (errors.Forbidden, errors.ScopeMissing, errors.SignInNeeded)
    found: list[Gap] = field(default_factory=list)

    def has(self, part: str) -> bool:
        """Whether that part was refused."""
        return any(each.part == part for each in self.found)

    def part(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        """A part that may be refused on its own, as narrow tokens are refused; `otherwise` stands in for it."""
        try:
            return read()
        except self.refusals as refused:
            if isinstance(refused, errors.SignInNeeded) and not self.anonymous:
                raise
            self.found.append(Gap(part=name, reason=refused.summary.rstrip("."), remedy=refused.remedy))
            return otherwise
