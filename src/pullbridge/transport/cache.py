"""Answers that are worth asking about again: kept in memory, bounded, and never served without asking.

A host that says 304 to `If-None-Match` confirms the kept answer (RFC 9110, 13.1.2; RFC 9111, 4.3). The key holds whatever
an answer can vary by: the account, and every header that the caller chose.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from pullbridge.transport.reply import Headers, Reply

#: Bytes; the bodies kept, with an allowance for what surrounds them.
CAPACITY = 32 * 1024 * 1024
_OVERHEAD = 2048
#: These say how the request travels, not what is asked for.
_IRRELEVANT = frozenset({"accept-encoding", "connection", "user-agent", "content-type", "content-length"})
_CONDITIONS = frozenset({"if-none-match", "if-match", "if-modified-since", "if-unmodified-since", "if-range", "range"})


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer and its validator."""

    etag: str
    reply: Reply

    @property
    def size(self) -> int:
        return len(self.reply.body) + _OVERHEAD

    def confirmed(self, by: Reply) -> Reply:
        """The kept answer as a 304 confirms and refreshes it (RFC 9111, 3.2): dates, budgets and request id are new."""
        headers = Headers(self.reply.headers)
        for name, value in by.headers.items():
            if name.lower() not in {"content-length", "content-encoding", "content-type", "transfer-encoding"}:
                headers[name] = value
        return replace(self.reply, headers=headers, request_id=by.request_id, from_cache=True)


def key(account: str, url: str, headers: Mapping[str, str]) -> Hashable | None:
    """What a GET's answer is kept under; `None` when the caller asks for a part, or has conditions of its own."""
    chosen = {name.lower(): value for name, value in headers.items()}
    if not _CONDITIONS.isdisjoint(chosen) or "no-store" in chosen.get("cache-control", ""):
        return None
    return account, url, frozenset((name, value) for name, value in chosen.items() if name not in _IRRELEVANT)


class Cache:
    """The answers of one wire, the least recently used one dropped first. Safe in many threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Keep at most `capacity` bytes; 0 keeps nothing."""
        self._capacity = capacity
        self._size = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes kept now."""
        return self._size

    def find(self, place: Hashable) -> Kept | None:
        """The answer kept there."""
        with self._lock:
            kept = self._kept.get(place)
            if kept is not None:
                self._kept.move_to_end(place)
            return kept

    def keep(self, place: Hashable, reply: Reply) -> None:
        """Keep an answer that has a validator and may be kept; anything else replaces what was there by nothing."""
        etag = reply.headers.get("ETag")
        refused = "no-store" in reply.headers.get("Cache-Control", "").lower() or reply.headers.get("Vary", "") == "*"
        kept = Kept(etag, reply) if etag and not refused and reply.status == 200 else None
        with self._lock:
            before = self._kept.pop(place, None)
            self._size -= before.size if before else 0
            if kept is None or kept.size * 4 > self._capacity:
                return
            self._kept[place] = kept
            self._size += kept.size
            while self._size > self._capacity:
                _, oldest = self._kept.popitem(last=False)
                self._size -= oldest.size

    def drop(self, reply: Reply) -> None:
        """Forget an answer, wherever it is kept."""
        with self._lock:
            places = [place for place, kept in self._kept.items() if kept.reply.body is reply.body]
            for place in places:
                self._size -= self._kept.pop(place).size

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._size = 0
