"""What gitlab.com answers, and an older or freer GitLab of one's own."""

from __future__ import annotations

from pullbridge.capabilities import Capabilities
from pullbridge.hosts.gitlab import judgement
from pullbridge.hosts.gitlab.abilities import Level
from pullbridge.hosts.gitlab.features import LIMITS
from pullbridge.hosts.gitlab.tokens import TokenKind
from pullbridge.hosts.gitlab.versions import LOWEST, Version
from pullbridge.model.merge import MergeMethod
from tools.docgen.hosts import Standing


def _answers(
    kind: str = "PERSONAL",
    granted: tuple[str, ...] | None = ("api",),
    level: Level = Level.OWNER,
    *,
    server: Version | None = None,
    premium: bool = True,
) -> Capabilities:
    """Once all is known of the project, whose settings allow everything. Without a `server` it is gitlab.com."""
    connected = judgement.Connected(
        account="",
        kind=TokenKind[kind],
        granted=granted,
        granular=kind == "PERSONAL" and granted is None,
        answered=True,
        service=server is None,
        version=server,
        limited=True,
    )
    home = judgement.Home(
        seen=True,
        level=level,
        pushes=level >= Level.DEVELOPER,
        creates=kind != "NONE",
        private=False,
        archived=False,
        pulls=True,
        forkable=True,
        methods=frozenset({MergeMethod.MERGE, MergeMethod.SQUASH}),
        premium=premium,
        trains=premium,
    )
    return judgement.capabilities(judgement.Facts(connected=connected, home=home))


STANDING = Standing(
    host="gitlab.com",
    full=_answers,
    limits=LIMITS,
    others={
        "Nobody is signed in": lambda: _answers("NONE", None, Level.NOBODY),
        "A token with `read_api` only": lambda: _answers(granted=("read_api",)),
        "A fine-grained token": lambda: _answers(granted=None),
        "A job token": lambda: _answers("JOB", None, Level.DEVELOPER),
        "The role `reporter` in the project": lambda: _answers(level=Level.REPORTER),
        "The role `developer`": lambda: _answers(level=Level.DEVELOPER),
        "A group without a paid plan": lambda: _answers(premium=False),
        "GitLab 15.0 Community Edition": lambda: _answers(
            server=Version(number=(15, 0, 0), enterprise=False), premium=False
        ),
        "GitLab 13.12 Community Edition, the oldest": lambda: _answers(
            server=Version(number=LOWEST, enterprise=False), premium=False
        ),
    },
)
