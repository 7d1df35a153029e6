"""The plain credentials: a token, a user with a secret, nobody. All fulfil `ports.Credentials`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self


class Unpicklable:
    """A secret is not written to disk by accident: pickling is refused, copies are the object itself."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds a secret and is not pickled; store it in a keyring instead")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Token(Unpicklable):
    """One token, for one host: personal, OAuth or installation. Its text is in no `repr`, log or pickle."""

    value: str = field(repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch("[!-~]+", self.value):
            raise ValueError("a token is not empty and has only visible ASCII signs (RFC 6750, section 2.1)")

    def current(self) -> Token:
        """Give itself: it never changes."""
        return self

    def refresh(self) -> None:
        """Give nothing: there is no other one to be had."""


@dataclass(frozen=True, slots=True)
class Basic(Unpicklable):
    """A user name (or e-mail address) and a secret, as Bitbucket's API tokens want them."""

    user: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.user or ":" in self.user or not self.secret:
            raise ValueError(
                "a user name is not empty and has no colon, and a secret is not empty (RFC 7617, section 2)"
            )

    def current(self) -> Basic:
        """Give itself: it never changes."""
        return self

    def refresh(self) -> None:
        """Give nothing: there is no other one to be had."""


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody: only what is public."""

    def current(self) -> None:
        """Give nothing: nobody signs."""

    def refresh(self) -> None:
        """Give nothing, whatever was refused."""
