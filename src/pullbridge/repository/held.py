"""Drafts of reviews that their host does not keep: they wait here until they are submitted. In memory, gone with the process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from threading import Lock
from uuid import uuid4

from pullbridge.model.reviews import DraftComment

#: Marks the ids that are given here, so that none is taken for a host's.
_MARK = "held:"


class Held:
    """The drafts of one connected repository, by the pull request's number. Safe in many threads."""

    def __init__(self) -> None:
        self._drafts: dict[int, dict[str, DraftComment]] = {}
        self._doubtful: dict[int, set[str]] = {}
        self._lock = Lock()

    def of(self, number: int) -> tuple[DraftComment, ...]:
        """The drafts for a pull request, in the order in which they were begun."""
        with self._lock:
            return tuple(self._drafts.get(number, {}).values())

    def add(self, number: int, draft: DraftComment) -> DraftComment:
        """Hold a draft; one with an id that is held already is left as it is. Gives it as it is held."""
        named = draft if draft.id else replace(draft, id=f"{_MARK}{uuid4().hex}")
        with self._lock:
            return self._drafts.setdefault(number, {}).setdefault(str(named.id), named)

    def edit(self, number: int, identity: str, body: str) -> DraftComment | None:
        """Replace a draft's text; `None` where it is not held. What is new in it cannot be up already."""
        with self._lock:
            drafts = self._drafts.get(number, {})
            if identity not in drafts:
                return None
            self._doubtful.get(number, set()).discard(identity)
            drafts[identity] = replace(drafts[identity], body=body)
            return drafts[identity]

    def drop(self, number: int, identities: Iterable[str]) -> bool:
        """Hold these no more; tells whether one of them was held."""
        with self._lock:
            drafts, doubtful = self._drafts.get(number, {}), self._doubtful.get(number, set())
            there = [identity for identity in identities if identity in drafts]
            for identity in there:
                del drafts[identity]
                doubtful.discard(identity)
            return bool(there)

    def doubt(self, number: int, identities: Iterable[str]) -> None:
        """Note that these may be up already."""
        with self._lock:
            held = self._drafts.get(number, {})
            self._doubtful.setdefault(number, set()).update(each for each in identities if each in held)

    def doubtful(self, number: int) -> frozenset[str]:
        """The ids of those that may be up already."""
        with self._lock:
            return frozenset(self._doubtful.get(number, ()))
