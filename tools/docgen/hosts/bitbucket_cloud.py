"""What bitbucket.org answers."""

from __future__ import annotations

from pullbridge.auth.scopes.bitbucket_cloud import GRANULAR
from pullbridge.capabilities import Capabilities
from pullbridge.hosts.bitbucket_cloud import judgement
from pullbridge.hosts.bitbucket_cloud.abilities import Right
from pullbridge.hosts.bitbucket_cloud.features import LIMITS
from pullbridge.hosts.bitbucket_cloud.tokens import TokenKind
from tools.docgen.hosts import Standing

_ALL = ("account", "pullrequest:write", "repository:write", "repository:admin")


def _answers(
    kind: str = "OAUTH", granted: tuple[str, ...] | None = _ALL, right: Right | None = Right.ADMIN
) -> Capabilities:
    """Once all is known of the repository."""
    connected = judgement.Connected(account="", kind=TokenKind[kind], granted=granted, answered=True)
    home = judgement.Home(seen=True, right=right, untold=right is None, private=False, forkable=True)
    return judgement.capabilities(judgement.Facts(connected=connected, home=home))


STANDING = Standing(
    host="bitbucket.org",
    full=_answers,
    limits=LIMITS,
    others={
        "Nobody is signed in": lambda: _answers("NONE", None, Right.NOBODY),
        "An OAuth token with `pullrequest` only": lambda: _answers(granted=("pullrequest",), right=None),
        "An API token that may only read": lambda: _answers(
            "API", (*GRANULAR["account"], *GRANULAR["pullrequest"], *GRANULAR["repository"])
        ),
        "The access token of a repository": lambda: _answers("ACCESS", ("pullrequest:write", "repository:write"), None),
        "The right to read the repository": lambda: _answers(right=Right.READ),
        "The right to write": lambda: _answers(right=Right.WRITE),
    },
)
