"""Projects that have moved: their former paths, and where they are now. Pure.

To a read GitLab answers with a redirect to the project's number, to a write with a 405 and no address:
https://docs.gitlab.com/api/rest/#moved-projects and `find_project!` in GitLab's lib/api/helpers.rb. GraphQL knows the
present path only.
"""

from __future__ import annotations

import re

_PROJECT = re.compile(r"/projects/([^/?]+)(.*)", re.DOTALL)
_NUMBER = re.compile(r"/projects/([0-9]{1,18})(?:/|\?|$)")


class Moved:
    """What is known of them. Safe in many threads: an entry is only ever added."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._paths: dict[str, str] = {}

    def keep(self, former: str, number: int, path: str) -> None:
        """A project's number and present path; `former` is quoted, as it stands in an address."""
        self._numbers[former] = number
        self._paths[former] = path

    def redirected(self, asked: str, reached: str) -> None:
        """Learn from where an answer came from."""
        former, found = project(asked), _NUMBER.search(reached)
        if former is not None and found is not None and not former.isdigit():
            self._numbers[former] = int(found[1])

    def now(self, path: str) -> str:
        """The same path, by the number of the project where that has moved."""
        found = _PROJECT.fullmatch(path)
        number = self._numbers.get(found[1]) if found is not None else None
        return path if found is None or number is None else f"/projects/{number}{found[2]}"

    def is_nameless(self, former: str) -> bool:
        """Whether it has moved to where only its number is known."""
        return former in self._numbers and former not in self._paths

    def path(self, former: str) -> str | None:
        """Its present path, where that is known."""
        return self._paths.get(former)


def project(path: str) -> str | None:
    """The quoted path, or the number, of the project that a path is about."""
    found = _PROJECT.fullmatch(path)
    return None if found is None else found[1]
