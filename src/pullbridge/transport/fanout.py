"""Many calls at once, on threads that live as long as the wire does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from copy import copy
from functools import partial
from typing import Protocol, TypeVar

from pullbridge.errors import BridgeError
from pullbridge.transport.call import SLICE, Cancel

T = TypeVar("T")

#: Seconds that `close` waits for workers. Only a name look-up, which no system lets go of, can take longer.
PATIENCE = 2.0


class Gather(Protocol):
    """What calls many at once, and raises what the first of them raises: `Fan.gather`, under any of its names."""

    def __call__(self, *thunks: Callable[[], T]) -> list[T]: ...


def kept(gather: Gather, thunks: Sequence[Callable[[], T]]) -> list[T | BridgeError]:
    """Call all of them at once and lose nothing of what they did: an error takes the place of what ended in it.

    What never began, because the connection was closed meanwhile, has the error that kept it; what left has its own.
    """
    done: dict[int, T | BridgeError] = {}

    def keep(place: int, thunk: Callable[[], T]) -> None:
        try:
            done[place] = thunk()
        except BridgeError as error:
            done[place] = error

    try:
        gather(*(partial(keep, place, thunk) for place, thunk in enumerate(thunks)))
    except BridgeError as error:
        for place in range(len(thunks)):
            done.setdefault(place, copy(error))
    return [done[place] for place in range(len(thunks))]


class Fan:
    """At most `width` calls at a time. The threads start when first needed and end with `close`."""

    def __init__(self, width: int, closing: Cancel) -> None:
        """`closing` is cancelled before `close`: from then on nothing begins."""
        self._width = width
        self._closing = closing
        self._lock = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None
        self._workers: set[threading.Thread] = set()

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        """Call all of them at once; their results, in order.

        Each sees the caller's context variables. The first to fail decides: what has not begun then never does, what
        has is waited for, so that nothing goes on behind the caller's back, and its error is raised. Called from one
        of the workers it does the calls one after the other, because waiting for a free worker there could be for ever.
        """
        if len(thunks) < 2 or threading.current_thread() in self._workers:
            return [thunk() for thunk in thunks]
        failures: list[BaseException] = []
        futures: list[Future[T]] = []
        try:
            for thunk in thunks:
                futures.append(self._submit(partial(self._begin, thunk, failures)))  # noqa: PERF401  # half of them count
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            begun = [future for future in futures if not future.cancel()]
        wait(begun)
        if failures:
            raise failures[0]
        return [future.result() for future in futures]

    def close(self) -> None:
        """Let go of the threads; what has not begun never does. Again does no harm."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is None:
            return
        executor.shutdown(wait=False)
        until = time.monotonic() + PATIENCE
        for worker in self._workers - {threading.current_thread()}:
            worker.join(max(SLICE, until - time.monotonic()))

    def _submit(self, thunk: Callable[[], T]) -> Future[T]:
        with self._lock:
            self._closing.check()
            if self._executor is None:
                self._executor = ThreadPoolExecutor(self._width, "pullbridge", self._enrol)
            return self._executor.submit(copy_context().run, thunk)

    def _enrol(self) -> None:
        self._workers.add(threading.current_thread())

    def _begin(self, thunk: Callable[[], T], failures: list[BaseException]) -> T:
        try:
            self._closing.check()
            return thunk()
        except BaseException as error:  # raised again by `gather`, when the others have ended
            failures.append(error)
            raise
