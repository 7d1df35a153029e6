"""Where lines of one version of a file are in another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pullbridge.model.threads import Thread


class PlaceStatus(Enum):
    """What became of the lines of an anchor."""

    #: All of them are there, together, unchanged. Line endings make no difference.
    EXACT = "exact"
    #: They are in their place, and read differently.
    CHANGED = "changed"
    #: They are somewhere else.
    MOVED = "moved"
    #: Some of them are there, others are gone.
    PARTIAL = "partial"
    #: None of them is there.
    DELETED = "deleted"
    #: It cannot be told.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an anchor's lines are in another version of its file.

    `start` and `end` are lines there, 1-based and inclusive, and always inside the text; for `PARTIAL` they are those that
    survive. They are `None` for `DELETED` and `UNKNOWN`, and for an anchor on the whole file. `score` says from 0 to 1 how
    alike the lines are (1 for `EXACT`), `nearest` is the line next to where deleted ones were (`None` in an empty text).
    `whitespace_only` is true when nothing but blanks and tabs differs. `reason` says why it is `UNKNOWN`.
    """

    status: PlaceStatus
    start: int | None = None
    end: int | None = None
    score: float = 0.0
    nearest: int | None = None
    whitespace_only: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedThread:
    """A conversation that belongs in a file, and where its lines are in the text that the file has now."""

    thread: Thread
    place: Place
