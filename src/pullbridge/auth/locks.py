"""One refresh at a time: a lock between the threads of this process, and one between processes.

The lock of a process that died is free: the operating system lets go of it (flock, LockFileEx).
https://py-filelock.readthedocs.io/
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from pullbridge.errors import StoreUnusable
from pullbridge.transport import call
from pullbridge.transport.call import SLICE


class Locks:
    """Locks by name. With a `folder`, other processes that use the same one are kept out, too."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._guard = Lock()
        self._known: dict[str, Lock] = {}

    @contextmanager
    def hold(self, name: str, timeout: float) -> Iterator[None]:
        """Hold the lock; waits for it up to `timeout` seconds, within the bounds in force.

        Raises `StoreUnusable` when it does not come free in that time, `Cancelled` and `DeadlineExceeded`.
        """
        ends = time.monotonic() + timeout
        with self._guard:
            near = self._known.setdefault(name, Lock())
        _wait(lambda: near.acquire(timeout=SLICE), ends)
        try:
            with self._between_processes(name, ends):
                yield
        finally:
            near.release()

    @contextmanager
    def _between_processes(self, name: str, ends: float) -> Iterator[None]:
        if self._folder is None:
            yield
            return
        from filelock import FileLock, Timeout  # noqa: PLC0415  # only a sign-in that is kept needs it

        # A new one each time: the library's own may be entered twice by the same object.
        far = FileLock(self._folder / f"{name}.lock", mode=0o600)

        def acquired() -> bool:
            try:
                far.acquire(timeout=SLICE, poll_interval=SLICE / 2)
            except Timeout:
                return False
            except OSError as cause:
                raise StoreUnusable(f"No lock can be had in {self._folder}.") from cause
            return True

        _wait(acquired, ends)
        try:
            yield
        finally:
            far.release()


def _wait(acquired: Callable[[], bool], ends: float) -> None:
    while not acquired():
        call.check()
        if time.monotonic() >= ends:
            text = "Somebody else has been renewing this sign-in for too long."
            raise StoreUnusable(text, next_step="Try again, or end the program that hangs.", retryable=True)
