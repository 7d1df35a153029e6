"""What all answers have in common."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Rest(msgspec.Struct, gc=False):
    """REST's spelling. Unknown keys are ignored, and only what cannot be missing is required."""


class Paged(msgspec.Struct, Generic[T], gc=False):
    """A stretch of a list. `next` is opaque; `size` is often left out.

    https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination
    """

    values: list[T] = []
    next: str | None = None
    size: int | None = None


class Link(Rest):
    href: str = ""


class Links(Rest):
    """`html` is the page, `avatar` the picture."""

    html: Link | None = None
    avatar: Link | None = None


class Text(Rest):
    """A text as it was typed. https://developer.atlassian.com/cloud/bitbucket/rest/intro/ (rendered text)"""

    raw: str | None = None
