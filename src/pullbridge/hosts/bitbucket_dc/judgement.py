"""From what is known to an answer for each ability: pure."""

from __future__ import annotations

from dataclasses import dataclass

from pullbridge.hosts.bitbucket_dc.tokens import TokenKind
from pullbridge.hosts.bitbucket_dc.versions import Version

#: What `Connected.untold` may hold.
VERSION = "version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What is known of the connection. `answered`: something was answered to this credential.

    `untold`: the instance was asked for its version, and does not tell it. `limited`: an answer has told a budget.
    """

    account: str
    kind: TokenKind
    answered: bool = False
    version: Version | None = None
    untold: frozenset[str] = frozenset()
    server: str = "Bitbucket"
    limited: bool = False
