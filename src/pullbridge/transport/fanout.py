"""Many calls at once, on threads that live as long as the wire does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, CancelledError, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from pullbridge.errors import Cancelled
from pullbridge.transport.call import SLICE

T = TypeVar("T")

#: Seconds that `close` waits for workers. Only a name look-up, which no system lets go of, can take longer.
PATIENCE = 2.0


class Fan:
    """At most `width` calls at a time. The threads start when first needed and end with `close`."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._lock = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None
        self._workers: set[threading.Thread] = set()
        self._closed = False

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        """Call all of them at once; their results, in order.

        Each sees the caller's context variables. The first to fail decides: what has not begun then never does, what
        has is waited for, so that nothing goes on behind the caller's back, and its error is raised. Called from one
        of the workers it does the calls one after the other, because waiting for a free worker there could be for ever.
        """
        if len(thunks) < 2 or threading.current_thread() in self._workers:
            return [thunk() for thunk in thunks]
        failures: list[BaseException] = []
        futures = [self._submit(partial(_noting, failures, thunk)) for thunk in thunks]
        try:
            _, waiting = wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            for future in futures:
                future.cancel()
        if waiting:
            wait(waiting)
        if failures:
            raise failures[0]
        try:
            return [future.result() for future in futures]
        except CancelledError:
            raise Cancelled("The connection was closed.") from None

    def close(self) -> None:
        """Let go of the threads; what has not begun never does. Again does no harm."""
        with self._lock:
            executor, self._executor, self._closed = self._executor, None, True
        if executor is None:
            return
        executor.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + PATIENCE
        for worker in self._workers - {threading.current_thread()}:
            worker.join(max(SLICE, until - time.monotonic()))

    def _submit(self, thunk: Callable[[], T]) -> Future[T]:
        with self._lock:
            if self._closed:
                raise Cancelled("The connection is closed.")
            if self._executor is None:
                self._executor = ThreadPoolExecutor(self._width, "pullbridge", self._enrol)
            return self._executor.submit(copy_context().run, thunk)

    def _enrol(self) -> None:
        self._workers.add(threading.current_thread())


def _noting(failures: list[BaseException], thunk: Callable[[], T]) -> T:
    try:
        return thunk()
    except BaseException as error:
        failures.append(error)
        raise
