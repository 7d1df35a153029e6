"""What github.com answers."""

from __future__ import annotations

from pullbridge.capabilities import Capabilities
from pullbridge.hosts.github import judgement
from pullbridge.hosts.github.features import LIMITS, METHODS
from pullbridge.hosts.github.tokens import TokenKind
from tools.docgen.hosts import Standing


def _answers(
    kind: str = "CLASSIC", granted: tuple[str, ...] | None = ("repo",), role: str = "ADMIN", *, private: bool = False
) -> Capabilities:
    """Once all is known of the repository, whose settings allow everything."""
    connected = judgement.Connected(
        account="", kind=TokenKind[kind], granted=granted, answered=True, enterprise=False, limited=True
    )
    home = judgement.Home(
        seen=True,
        permission=role,
        private=private,
        archived=False,
        methods=frozenset(METHODS),
        auto_merge=True,
        pulls_read=kind != "NONE",
    )
    return judgement.capabilities(judgement.Facts(connected=connected, home=home))


STANDING = Standing(
    host="github.com",
    full=_answers,
    limits=LIMITS,
    others={
        "Nobody is signed in": lambda: _answers("NONE", None, "READ"),
        "A fine-grained token, in a private repository": lambda: _answers("FINE_GRAINED", None, private=True),
        "A classic token without scopes": lambda: _answers(granted=()),
        "A classic token with `public_repo` only, in a private repository": lambda: _answers(
            granted=("public_repo",), private=True
        ),
        "The role `read` in the repository": lambda: _answers(role="READ"),
        "The role `triage`": lambda: _answers(role="TRIAGE"),
    },
)
