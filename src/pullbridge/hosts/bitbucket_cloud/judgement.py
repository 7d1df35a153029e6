"""From what is known to an answer for each ability: pure."""

from __future__ import annotations

from dataclasses import dataclass

from pullbridge.hosts.bitbucket_cloud.tokens import TokenKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What is known of the connection. `answered`: something was answered to this credential; `granted` are scopes."""

    account: str
    kind: TokenKind
    granted: tuple[str, ...] | None = None
    answered: bool = False
