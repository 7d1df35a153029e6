"""What was last seen of a few pull requests, so that a write needs no read first. In memory, bounded, gone with `close`."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

from pullbridge.model.orders import Changes
from pullbridge.model.pulls import Pull

#: Pull requests whose changes are kept; a big one is a few megabytes.
KEPT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One pull request as last seen; `comments` are the ids of all comments that were there."""

    pull: Pull | None = None
    changes: Changes | None = None
    file_count: int | None = None
    comments: frozenset[str] | None = None

    @property
    def head(self) -> str | None:
        """The head commit, by whichever answer told it."""
        if self.changes is not None and self.changes.head is not None:
            return self.changes.head
        return self.pull.source.commit if self.pull is not None else None


class Memory:
    """The last pull requests seen, safe in many threads."""

    def __init__(self) -> None:
        self._seen: OrderedDict[int, Seen] = OrderedDict()
        self._lock = Lock()

    def of(self, number: int) -> Seen:
        """What is known of a pull request; empty when nothing is."""
        with self._lock:
            return self._seen.get(number, Seen())

    def saw(
        self,
        number: int,
        *,
        pull: Pull | None = None,
        changes: Changes | None = None,
        comments: frozenset[str] | None = None,
    ) -> None:
        """Keep the newest. Changes of another head than the pull request's are forgotten, and those to come not kept."""
        with self._lock:
            known = self._seen.get(number, Seen())
            if pull is not None:
                moved = known.changes is not None and known.changes.head != pull.source.commit
                count = pull.file_count if pull.file_count is not None else (None if moved else known.file_count)
                known = replace(known, pull=pull, file_count=count, changes=None if moved else known.changes)
            if changes is not None and changes.ready:
                known = replace(known, changes=changes, file_count=len(changes.files))
            if comments is not None:
                known = replace(known, comments=comments)
            self._keep(number, known)

    def wrote(self, number: int, *comments: str) -> None:
        """Comments of mine that are up now, so that none is taken for a later one with the same text."""
        with self._lock:
            known = self._seen.get(number, Seen())
            self._keep(number, replace(known, comments=(known.comments or frozenset()) | frozenset(comments)))

    def forget(self, number: int) -> None:
        """Something was written that makes it old."""
        with self._lock:
            self._seen.pop(number, None)

    def _keep(self, number: int, seen: Seen) -> None:
        self._seen[number] = seen
        self._seen.move_to_end(number)
        while len(self._seen) > KEPT:
            self._seen.popitem(last=False)
