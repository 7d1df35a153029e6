"""Which GitLab it is: pure.

`16.11.4-ee`, `15.0.0`, `17.9.0-pre`: a version is compared by its numbers. https://docs.gitlab.com/policy/maintenance/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The lowest version that this is written for, and what a server is taken for that does not tell its own.
LOWEST = (13, 12, 0)
_NUMBERS = re.compile(r"\s*v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version and its edition. `enterprise` is `None` where nothing tells the edition."""

    number: tuple[int, int, int]
    enterprise: bool | None = None
    text: str = ""

    def at_least(self, wanted: tuple[int, ...]) -> bool:
        """Whether it is that version, or a later one."""
        return self.number >= wanted

    def __str__(self) -> str:
        return self.text or ".".join(map(str, self.number))


def version(text: str, enterprise: bool | None = None) -> Version | None:
    """Read what `/metadata` or `/version` says; `None` for what cannot be read.

    Releases of the Enterprise Edition end in `-ee`, those of the Community Edition in their numbers.
    """
    found = _NUMBERS.match(text)
    if found is None:
        return None
    major, minor, patch = (int(each or 0) for each in found.groups())
    told = {"-ee": True, "": False}.get(text[found.end() :].strip())
    edition = told if enterprise is None else enterprise
    return Version(number=(major, minor, patch), enterprise=edition, text=text.strip())


def named(number: tuple[int, ...]) -> str:
    """As people write it: `15.7`."""
    return ".".join(map(str, number))
