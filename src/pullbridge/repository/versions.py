"""What files held at commits: read once, since a commit does not change. In memory, bounded, gone with the process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import NamedTuple

from pullbridge.errors import NotThere
from pullbridge.ports import RepositoryPort

#: Bytes that are kept, of all files together.
KEPT = 32 * 1024 * 1024


class Version(NamedTuple):
    """A file at a commit."""

    commit: str
    path: str


class Versions:
    """The texts that were asked for last, safe in many threads."""

    def __init__(self, nearby: Callable[[Version], bytes | None] = lambda _: None) -> None:
        """`nearby` gives what need not be asked of the host, or `None`."""
        self._nearby = nearby
        self._texts: OrderedDict[Version, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def read(self, port: RepositoryPort, wanted: Version) -> bytes | None:
        """The bytes of a file; `None` where neither this machine nor the host has it."""
        with self._lock:
            known = self._texts.get(wanted)
        if known is not None:
            return known
        text = self._nearby(wanted)
        if text is None:
            try:
                text = port.files.content(wanted.path, wanted.commit)
            except NotThere:
                return None
        self._keep(wanted, text)
        return text

    def _keep(self, version: Version, text: bytes) -> None:
        with self._lock:
            self._size += len(text) - len(self._texts.pop(version, b""))
            self._texts[version] = text
            while self._size > KEPT:
                _, oldest = self._texts.popitem(last=False)
                self._size -= len(oldest)


def several(
    gather: Callable[..., list[bytes | None]], versions: Versions, port: RepositoryPort, wanted: Iterable[Version]
) -> dict[Version, bytes | None]:
    """Several texts, asked for at once."""
    each = tuple(dict.fromkeys(wanted))
    return dict(zip(each, gather(*(_reading(versions, port, one) for one in each)), strict=True))


def _reading(versions: Versions, port: RepositoryPort, wanted: Version) -> Callable[[], bytes | None]:
    return lambda: versions.read(port, wanted)
