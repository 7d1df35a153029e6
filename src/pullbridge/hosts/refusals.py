"""Errors that every host has a reason for, in one wording. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pullbridge import errors


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
