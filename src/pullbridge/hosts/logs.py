"""The log of the process is the caller's: an import changes nothing in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def untouched(name: str) -> Iterator[None]:
    """Leave a logger as it was, handlers and level, whatever is imported inside."""
    logger = logging.getLogger(name)
    handlers, level = logger.handlers[:], logger.level
    try:
        yield
    finally:
        logger.handlers[:] = handlers
        logger.setLevel(level)
