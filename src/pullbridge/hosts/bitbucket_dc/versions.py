"""Which Data Center it is: pure.

`9.2.0`, `8.19.5`: a version is compared by its numbers.
https://confluence.atlassian.com/support/atlassian-support-end-of-life-policy-201851003.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The lowest version that this is written for, and what an instance is taken for that does not tell its own.
LOWEST = (7, 0, 0)
_NUMBERS = re.compile(r"\s*v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version, as its numbers and as it was told."""

    number: tuple[int, int, int]
    text: str = ""

    def at_least(self, wanted: tuple[int, ...]) -> bool:
        """Whether it is that version, or a later one."""
        return self.number >= wanted

    def __str__(self) -> str:
        return self.text or ".".join(map(str, self.number))


def version(text: str | None) -> Version | None:
    """Read what `/application-properties` says; `None` for what cannot be read."""
    found = _NUMBERS.match(text or "")
    if found is None:
        return None
    major, minor, patch = (int(each or 0) for each in found.groups())
    return Version(number=(major, minor, patch), text=(text or "").strip())


def named(number: tuple[int, ...]) -> str:
    """As people write it: `8.9`."""
    return ".".join(map(str, number))
