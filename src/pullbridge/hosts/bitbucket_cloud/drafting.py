"""Comments on their way to Bitbucket: where they will hang, and what its refusals mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pullbridge import errors
from pullbridge.hosts import refusals
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import wire
from pullbridge.hosts.bitbucket_cloud.errors import WRITE
from pullbridge.model.anchor import Anchor


def write_to(number: int) -> Asked:
    """A write to one pull request."""
    return Asked(what=f"pull request #{number}", write=True, needs=WRITE)


def of_comment() -> Asked:
    """A write to one comment."""
    return Asked(what="such comment", write=True, needs=WRITE)


def comment(body: str, at: Anchor | None = None, parent: str | None = None, host: str | None = None) -> dict[str, Any]:
    """A comment to be. Raises `Unplaceable` for a place that Bitbucket has no words for."""
    values: dict[str, Any] = {"content": {"raw": body}}
    if parent is not None:
        values["parent"] = {"id": number_of(parent)}
    if at is not None:
        place = wire.inline(at)
        if place is None:
            nearest = replace(at, start=at.end, start_side=None, ends=None)
            text = (
                f"{at} cannot be commented on: on Bitbucket a range stays on one side. The nearest place is {nearest}."
            )
            raise errors.Unplaceable(text, anchor=replace(at, ends=None), nearest=nearest, host=host)
        values["inline"] = place
    return values


def number_of(identity: str) -> int:
    """A comment's or a task's number. Raises `NotThere` for what is none: another host's id, perhaps."""
    if not (identity.isascii() and identity.isdigit() and len(identity) < 19):
        raise errors.NotThere(f"Bitbucket has no comment {identity[:40]!r}.", what="such comment")
    return int(identity)


def displaced(error: errors.BridgeError, at: Anchor | None, body: str) -> errors.BridgeError:
    """A refusal; of the place, where that is what Bitbucket found fault with. It is never tried somewhere else instead."""
    if at is None or not isinstance(error, errors.Rejected) or not _is_about_place(error):
        return error
    said = f"Bitbucket takes no comment at {at}: it finds no such place in the diff"
    return refusals.unplaced(error, at, body, said, refusals.file_of(at))


def _is_about_place(error: errors.Rejected) -> bool:
    """Errors name the field: `{"fields": {"inline": …}}`. https://developer.atlassian.com/cloud/bitbucket/rest/intro/"""
    return any("inline" in problem.lower() or "line" in problem.lower().split() for problem in error.problems)
