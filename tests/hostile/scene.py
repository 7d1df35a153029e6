"""The pull request of `tests.hostile.site` on a forge's GitHub, and the ways to look at what is stored of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from tests.hostile.site import HIDDEN, SHOWN, TEXT, Site, changed, is_graph_read, is_write, opened

from pullbridge.testing import Forge
from pullbridge.testing.github.host import GitHub

__all__ = ["HIDDEN", "SHOWN", "TEXT", "Scene", "changed", "is_graph_read", "is_write", "made"]


@dataclass
class Scene(Site):
    """The same, on GitHub."""

    @property
    def host(self) -> GitHub:
        return self.forge.github

    def inline(self) -> list[str]:
        """The published texts on the diff, in the order in which the host stored them."""
        return [c.body for c in sorted(self._inline(), key=lambda c: c.id) if not c.pending]

    def pending(self) -> list[str]:
        """The texts on the diff that nobody but their author sees."""
        return [c.body for c in sorted(self._inline(), key=lambda c: c.id) if c.pending]

    def _inline(self) -> Sequence[Any]:
        return [comment for thread in self.record.threads for comment in thread.comments]

    def general(self) -> list[str]:
        """The texts on the conversation."""
        return [comment.body for comment in self.record.comments]

    def reviews(self) -> list[tuple[str, str]]:
        """State and text of each review."""
        return [(review.state, review.body) for review in self.record.reviews]

    @property
    def record(self) -> Any:
        return self.app.record.pulls[1]


def made(forge: Forge, stack: ExitStack, **repository: Any) -> Scene:
    """The scene, with the log of requests empty."""
    site = opened(forge, stack, "github", **repository)
    return Scene("github", forge, site.app, stack, site.head, site.tokens)
