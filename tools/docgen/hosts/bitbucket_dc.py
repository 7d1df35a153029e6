"""What the newest Data Center answers, and older ones."""

from __future__ import annotations

from pullbridge.capabilities import Capabilities
from pullbridge.hosts.bitbucket_dc import judgement
from pullbridge.hosts.bitbucket_dc.abilities import Level
from pullbridge.hosts.bitbucket_dc.features import LIMITS
from pullbridge.hosts.bitbucket_dc.tokens import TokenKind
from pullbridge.hosts.bitbucket_dc.versions import LOWEST, Version
from pullbridge.model.merge import MergeMethod
from tools.docgen.hosts import Standing

#: The newest that is tried.
_NEWEST = (9, 2, 0)


def _answers(
    kind: TokenKind = TokenKind.TOKEN, level: Level = Level.ADMIN, version: tuple[int, int, int] = _NEWEST
) -> Capabilities:
    """Once all is known of the repository, whose settings allow everything."""
    connected = judgement.Connected(account="", kind=kind, answered=True, version=Version(number=version), limited=True)
    home = judgement.Home(
        seen=True,
        level=level,
        private=False,
        archived=False,
        forkable=True,
        methods=frozenset(MergeMethod),
    )
    return judgement.capabilities(judgement.Facts(connected=connected, home=home))


STANDING = Standing(
    host="Bitbucket Data Center 9.2",
    full=_answers,
    limits=LIMITS,
    others={
        "Nobody is signed in": lambda: _answers(TokenKind.NONE, Level.READ),
        "`REPO_READ`, by permission or by token": lambda: _answers(level=Level.READ),
        "`REPO_WRITE`": lambda: _answers(level=Level.WRITE),
        "Bitbucket 8.19": lambda: _answers(version=(8, 19, 0)),
        "Bitbucket 8.9": lambda: _answers(version=(8, 9, 0)),
        "Bitbucket 7.21": lambda: _answers(version=(7, 21, 0)),
        "Bitbucket 7.0, the oldest": lambda: _answers(version=LOWEST),
    },
)
