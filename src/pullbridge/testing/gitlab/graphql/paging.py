"""GitLab's cursors and page sizes: a hundred is the most, whatever was asked for.

https://docs.gitlab.com/api/graphql/#limits, `lib/gitlab/graphql/pagination` of https://gitlab.com/gitlab-org/gitlab
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from graphql import GraphQLResolveInfo

from pullbridge.testing.gitlab.graphql.errors import Refusal
from pullbridge.testing.graphql.paging import Window

LARGEST_PAGE = 100


class _Cursors:
    """The number of an item, from 1, in base 64 without padding."""

    def name(self, index: int) -> str:
        return urlsafe_b64encode(str(index + 1).encode()).decode().rstrip("=")

    def index(self, name: str) -> int:
        try:
            number = urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
        except (binascii.Error, ValueError):
            number = ""
        if not number.isdigit():
            raise Refusal("Please provide a valid cursor")
        return int(number) - 1


_CURSORS = _Cursors()


def window_of(_info: GraphQLResolveInfo[Any], arguments: dict[str, Any]) -> Window:
    """Take the paging arguments out of a field's; raise `Refusal` when both ends are asked for."""
    first, last, after, before = (arguments.pop(name, None) for name in ("first", "last", "after", "before"))
    if first is not None and last is not None:
        raise Refusal("Can only provide either `first` or `last`, not both")
    if last is not None:
        return Window(_CURSORS, last=min(last, LARGEST_PAGE), after=after, before=before)
    return Window(
        _CURSORS, first=LARGEST_PAGE if first is None else min(first, LARGEST_PAGE), after=after, before=before
    )
