"""What a request is for, and what a host's refusal says: plain values that every host's errors are made of. Pure."""

from __future__ import annotations

from dataclasses import dataclass

#: A host's words in a message: enough to act on, too little to be a page.
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request was for: `what` in words, whether it writes, and the permissions that it needs where known.

    `rests_on` are fields of GraphQL that may be left out elsewhere, and not here.
    """

    what: str
    write: bool = False
    needs: tuple[str, ...] = ()
    rests_on: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an error's body says: one line, and its problems one by one."""

    message: str = ""
    problems: tuple[str, ...] = ()

    @property
    def quoted(self) -> str:
        """The host's words for the end of a sentence, shortened to one line."""
        words = "; ".join(self.problems) or self.message
        line = " ".join("".join(ch if ch.isprintable() else " " for ch in words).split())
        return f": {line[:_LONGEST].rstrip(' .')}" if line else ""
