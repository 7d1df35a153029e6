"""Errors that every host has a reason for, in one wording. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pullbridge import errors
from pullbridge.model.anchor import Anchor


def lacks_it(server: str, what: str, facts: Mapping[str, Any]) -> errors.Unsupported:
    """The error for what this version of a server does not have."""
    text = f"{server} cannot do this yet: {what}."
    return errors.Unsupported(text, reason=f"{server}: {what}", next_step="Do it in another way, or upgrade.", **facts)


def scope_missing(
    host: str, needed: Sequence[str], granted: Sequence[str] | None, facts: Mapping[str, Any], link: str = "or"
) -> errors.ScopeMissing:
    """The error for a token without what is needed: any of it, or, linked by "and", all of it."""
    wanted = f" {link} ".join(needed) or f"a permission that {host} does not name"
    has = "" if granted is None else f" (it has {', '.join(granted) or 'no scope at all'})"
    return errors.ScopeMissing(f"The token lacks {wanted}{has}.", needed=needed, granted=granted, **facts)


def nobody(who: str, **facts: Any) -> errors.SignInNeeded:
    """The error for what a host answers only to somebody; `who` is the product as one says it to people."""
    return errors.SignInNeeded(f"{who} wants to know who asks, and nobody is signed in.", **facts)


def unplaced(error: errors.BridgeError, at: Anchor, body: str, said: str, nearest: Anchor | None) -> errors.Unplaceable:
    """The error for a place that a host found fault with, in place of its own `error`; the text is in it, and not lost.

    `said` is a sentence without its point.
    """
    near = f" The nearest place is {nearest}." if nearest is not None else ""
    made = errors.Unplaceable(
        f"{said}.{near}",
        anchor=replace(at, ends=None),
        nearest=nearest,
        host=error.host,
        status=error.status,
        request_id=error.request_id,
    )
    made.__cause__, made.text = error.__cause__, body
    return made


def nearest_to(at: Anchor) -> Anchor | None:
    """Where a comment may be put instead: of a range its last line, of a line its file."""
    if at.is_file:
        return None
    if at.start != at.end or at.start_side is not None:
        return replace(at, start=at.end, start_side=None, ends=None)
    return file_of(at)


def file_of(at: Anchor) -> Anchor | None:
    """The file of a place; `None` of the file itself."""
    return None if at.is_file else Anchor.file(at.path, commit=at.commit, base=at.base, old_path=at.old_path)
