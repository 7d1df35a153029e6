"""What callers give, checked before anything is sent: pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from pullbridge.capabilities import Limits
from pullbridge.errors import Rejected
from pullbridge.model.people import Person

T = TypeVar("T")


def several(values: Iterable[T], what: str) -> tuple[T, ...]:
    """Several values. A single text, which Python would take for its letters, is `Rejected`."""
    if isinstance(values, (str, Person)):
        text, step = f"{str(values)!r} is one, and {what} are several.", "Give a list of names."
        raise Rejected(text, problems=(f"{what} is no list",), next_step=step)
    return tuple(values)


def handles(people: Iterable[Person | str], limits: Limits) -> tuple[str, ...]:
    """The handles of several people, without the `@`. Raises `Rejected` for an empty one."""
    return tuple(handle_of(who, limits) for who in several(people, "people"))


def handle_of(who: Person | str, limits: Limits) -> str:
    """A person's handle, without the `@`; the id, where handles are not unique. Raises `Rejected` for an empty one."""
    handle = told(who, limits)
    if not handle or not handle.strip():
        raise Rejected("A person is given by a handle that is not empty.", problems=("the handle is empty",))
    return handle.removeprefix("@")


def told(who: Person | str, limits: Limits) -> str:
    """The words by which a host is told who is meant."""
    if isinstance(who, str):
        return who
    return who.handle if limits.unique_handles else who.id or who.handle


def inside(path: str) -> str:
    """A path in a repository: relative, by slashes, and with no way out of it."""
    if not path or path.startswith("/") or any(part in {"", ".", ".."} for part in path.split("/")):
        raise Rejected(f"{path!r} is no path inside a repository.", problems=("a path is relative and has no ..",))
    return path


def filled(**filters: str | None) -> None:
    """An empty filter is no filter to some hosts, and one that nothing passes to others."""
    empty = [name for name, value in filters.items() if value is not None and not value.strip()]
    if empty:
        raise Rejected(
            f"{', '.join(empty)} is empty.", problems=empty, next_step="Leave it out, or say what to look for."
        )


def aware(moment: datetime | None) -> datetime | None:
    """A moment that says its time zone."""
    if moment is not None and moment.tzinfo is None:
        text, step = "A time needs its time zone.", "Use an aware datetime."
        raise Rejected(text, problems=(moment.isoformat(),), next_step=step)
    return moment
