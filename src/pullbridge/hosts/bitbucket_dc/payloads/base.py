"""What all answers have in common."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Rest(msgspec.Struct, rename="camel", gc=False):
    """Data Center's spelling. Unknown keys are ignored, and only what cannot be missing is required."""


class Link(Rest):
    href: str | None = None


class Links(Rest):
    """Somebody without a page has a list of nothing: `{"self": [null]}`."""

    self: list[Link | None] | None = None

    @property
    def page(self) -> str | None:
        """The address of its page."""
        first = self.self[0] if self.self else None
        return first.href if first is not None else None


class Paged(Rest, Generic[T]):
    """A stretch of a list. `size` counts its rows, and nothing the whole.

    https://developer.atlassian.com/server/bitbucket/rest/v902/intro/#paged-apis
    """

    values: list[T]
    is_last_page: bool | None = None
    next_page_start: int | None = None
    start: int | None = None
    size: int | None = None
