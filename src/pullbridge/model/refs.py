"""Names of things: a repository on a host, a pull request in a repository, a commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

#: Twelve hexadecimal digits: what Bitbucket Cloud gives where others give forty.
#: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
SHORTEST_COMMIT = 12


def same_commit(a: str | None, b: str | None) -> bool:
    """Tell whether two commit ids name the same commit.

    Prefixes of twelve or more characters count as equal, because Bitbucket Cloud abbreviates. Case does not matter.
    `None` equals nothing.
    """
    if not a or not b:
        return False
    first, second = a.lower(), b.lower()
    if first == second:
        return True
    shorter = min(len(first), len(second))
    return shorter >= SHORTEST_COMMIT and first[:shorter] == second[:shorter]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoRef:
    """A repository: where its web pages live, and its path there.

    `web` is an origin with its context path and without a trailing slash (`https://github.com`,
    `https://code.example/bitbucket`); `path` is `owner/name`, or `group/subgroup/name`. `kind` is the product, `None`
    while nobody has said or asked. `page` is where below `web` its page is, where that is known to be elsewhere than at
    its path.
    """

    web: str
    path: str
    kind: str | None = None
    page: str | None = field(default=None, compare=False, repr=False)

    @property
    def host(self) -> str:
        """Host name, with the port when the address names one."""
        return urlsplit(self.web).netloc

    @property
    def owner(self) -> str:
        """All of the path before its last part."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def url(self) -> str:
        """The repository's web page."""
        return f"{self.web}/{quote(self.page or self.path)}"

    def __str__(self) -> str:
        return f"{self.host}/{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRef:
    """A pull request: its repository (the target's) and its number there."""

    repository: RepoRef
    number: int

    def __str__(self) -> str:
        return f"{self.repository}#{self.number}"
