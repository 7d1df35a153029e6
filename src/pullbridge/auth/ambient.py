"""Credentials that lie around: environment variables, each for its own host only."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pullbridge.errors import SignInNeeded
from pullbridge.model.credentials import Token


@dataclass(frozen=True, slots=True)
class Ambient:
    """The environment variables of that very host, by the names that the host's own tools use.

    A variable that is meant for another host is never used, nor one whose host nobody named. Reads the environment when
    the connection opens, and starts no process.
    """

    env: bool = True

    def bound(
        self, host: str, names: Callable[[str, Mapping[str, str]], tuple[str, ...]], environment: Mapping[str, str]
    ) -> BoundAmbient:
        """What there is for one host (`github.com`, with a port where there is one); `names` are its variables.

        Raises `SignInNeeded` when the first variable that is set holds something that no token can be.
        """
        wanted = names(host, environment) if self.env else ()
        found = ((name, environment.get(name, "").strip()) for name in wanted)
        name, value = next(((name, value) for name, value in found if value), (None, ""))
        try:
            return BoundAmbient(token=Token(value) if name else None, source=name)
        except ValueError as error:
            text = f"The environment variable {name} holds no token: {error}."
            raise SignInNeeded(text, host=host, next_step=f"Set {name} anew, or unset it.") from error

    def current(self) -> None:
        """Give nothing while no host is named: `connect` binds it to one."""

    def refresh(self) -> None:
        """Give nothing: an environment is read once."""


@dataclass(frozen=True, slots=True)
class BoundAmbient:
    """What was found for one host; `source` is the variable's name, for a status line."""

    token: Token | None
    source: str | None

    def current(self) -> Token | None:
        """What the environment held when it was bound."""
        return self.token

    def refresh(self) -> None:
        """Nothing: an environment is read once."""


def environment() -> Mapping[str, str]:
    """The environment as it is now."""
    return dict(os.environ)
