"""Credentials that lie around: environment variables and the host's own tools, each for its own host only."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from pullbridge.errors import SignInNeeded
from pullbridge.model.credentials import Basic, Token, Unpicklable

#: What may be asked, in this order: GitHub's tool, GitLab's tool, and the credential programs that git is set up with.
TOOLS: Final = ("gh", "glab", "git")


@dataclass(frozen=True, slots=True)
class Ambient:
    """The environment variables of that very host, by the names that the host's own tools use; and those tools, if asked for.

    A variable that is meant for another host is never used, nor one whose host nobody named. Reads the environment when
    the connection opens. `tools=True`, or some of `("gh", "glab", "git")`, asks these then, where the environment has
    nothing; only so is a process started. None of them asks a person anything, and each has ten seconds.
    """

    env: bool = True
    tools: bool | tuple[str, ...] = False

    def __post_init__(self) -> None:
        if isinstance(self.tools, tuple) and not set(self.tools) <= set(TOOLS):
            raise ValueError(f"the tools are {', '.join(TOOLS)}, and not {', '.join(map(str, self.tools))}")

    def bound(
        self,
        host: str,
        names: Callable[[str, Mapping[str, str]], tuple[str, ...]],
        environment: Mapping[str, str],
        *,
        kind: str = "",
        web: str = "",
    ) -> BoundAmbient:
        """What there is for one host (`github.com`, with a port where there is one); `names` are its variables.

        `kind` is the host's, and `web` the address of its pages, which the tools are asked for. Raises `SignInNeeded` when
        the first variable that is set holds something that no token can be.
        """
        wanted = names(host, environment) if self.env else ()
        found = ((name, environment.get(name, "").strip()) for name in wanted)
        name, value = next(((name, value) for name, value in found if value), (None, ""))
        if name is None:
            return self._asked(kind, web)
        try:
            return BoundAmbient(token=Token(value), source=name)
        except ValueError as error:
            text = f"The environment variable {name} holds no token: {error}."
            raise SignInNeeded(text, host=host, next_step=f"Set {name} anew, or unset it.") from error

    def _asked(self, kind: str, web: str) -> BoundAmbient:
        chosen = self.tools if isinstance(self.tools, tuple) else TOOLS if self.tools else ()
        if not (chosen and web):
            return BoundAmbient(token=None, source=None)
        from pullbridge.auth import tools  # noqa: PLC0415  # starts processes, only when that was asked for

        skipped: dict[str, str] = {}
        for tool in chosen:
            told = tools.ask(tool, kind, web)
            if told is not None and told.credential is not None:
                ask = _Again(tool, kind, web)
                return BoundAmbient(token=told.credential, source=tool, skipped=skipped, again=ask)
            if told is not None:
                skipped[tool] = told.why_not
        return BoundAmbient(token=None, source=None, skipped=skipped)

    def current(self) -> None:
        """Give nothing while no host is named: `connect` binds it to one."""

    def refresh(self) -> None:
        """Give nothing: an environment is read once."""


class _Again:
    """Asks a tool for another token, once for each that is refused: it may have renewed it in the meantime."""

    def __init__(self, tool: str, kind: str, web: str) -> None:
        self._tool, self._kind, self._web = tool, kind, web
        self._lock = Lock()
        self._given: Token | Basic | None = None

    def __call__(self, refused: Token | Basic | None) -> Token | Basic | None:
        from pullbridge.auth import tools  # noqa: PLC0415  # as above

        with self._lock:
            if self._given is not None:
                return None
            told = tools.ask(self._tool, self._kind, self._web)
            fresh = told.credential if told is not None else None
            self._given = fresh if fresh is not None else refused
            return fresh if fresh != refused else None


@dataclass(frozen=True, slots=True)
class BoundAmbient(Unpicklable):
    """What was found for one host.

    `source` is the variable's name, or the tool's, for a status line; `skipped` says of each tool that was asked in vain why
    it gave nothing. What is found belongs to whoever put it there: to sign out leaves it as it is.
    """

    token: Token | Basic | None
    source: str | None
    skipped: Mapping[str, str] | None = None
    again: Callable[[Token | Basic | None], Token | Basic | None] | None = None

    def current(self) -> Token | Basic | None:
        """What was found when it was bound."""
        return self.token

    def refresh(self) -> Token | Basic | None:
        """Another one, where a tool gives another than was refused; an environment is read once."""
        return self.again(self.token) if self.again is not None else None


def environment() -> Mapping[str, str]:
    """The environment as it is now."""
    return dict(os.environ)
