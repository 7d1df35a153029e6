"""Pages: https://docs.gitlab.com/api/rest/#pagination"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from pullbridge.testing.gitlab.errors import ApiError, parameters

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.asking import Ask

Item = TypeVar("Item")

PER_PAGE, MOST_PER_PAGE = 20, 100


def size(ask: Ask) -> int:
    """How many rows a page has. More than a hundred are a hundred; less than one is refused."""
    asked = ask.number("per_page", PER_PAGE) or 0
    if asked < 1:
        raise parameters("per_page does not have a valid value")
    return min(asked, MOST_PER_PAGE)


def page(
    ask: Ask, items: Sequence[Item], *, limited: str = "", counted: bool = True
) -> tuple[Sequence[Item], dict[str, str]]:
    """One page and its headers. Lists that are too long come without totals, and without the link to their end.

    `lib/gitlab/pagination/offset_header_builder.rb`
    """
    rows, number = size(ask), ask.number("page", 1) or 0
    if number < 1:
        raise parameters("page does not have a valid value")
    if limited and number * rows > ask.knobs.most_offset:
        raise _too_far(ask.knobs.most_offset, limited)
    chosen = items[(number - 1) * rows : number * rows]
    counted = counted and len(items) <= ask.knobs.most_counted
    last = max(1, -(-len(items) // rows))
    after = number + 1 if number < last else None
    before = number - 1 if number > 1 else None
    links = {"prev": before, "next": after, "first": 1, "last": last if counted else None}
    headers = {
        "X-Page": str(number),
        "X-Per-Page": str(rows),
        "X-Next-Page": "" if after is None else str(after),
        "X-Prev-Page": "" if before is None else str(before),
        "Link": ", ".join(_link(ask, rel, target, rows) for rel, target in links.items() if target is not None),
    }
    if counted:
        headers |= {"X-Total": str(len(items)), "X-Total-Pages": str(last)}
    return chosen, headers


def keyset(
    ask: Ask, items: Sequence[Item], *, token: str, name: Callable[[Item], str]
) -> tuple[Sequence[Item], dict[str, str]]:
    """The rows behind the one that `token` names, and a link to the next if the page is full: nothing is counted.

    What filters by itself (`id_after`) has been left out of `items` already.
    """
    rows, after = size(ask), ask.text(token)
    names = [name(item) for item in items]
    start = names.index(after) + 1 if after in names else 0
    chosen = items[start : start + rows]
    if len(chosen) < rows:
        return chosen, {}
    return chosen, {"Link": _href(ask, "next", {"per_page": str(rows), token: name(chosen[-1])})}


def _too_far(most: int, kind: str) -> ApiError:
    message = (
        f"Offset pagination has a maximum allowed offset of {most} for requests that return objects of type {kind}. "
        "Remaining records can be retrieved using keyset pagination."
    )
    return ApiError(405, {"error": message})


def _link(ask: Ask, rel: str, number: int, rows: int) -> str:
    return _href(ask, rel, {"page": str(number), "per_page": str(rows)})


def _href(ask: Ask, rel: str, new: dict[str, str]) -> str:
    own = {*new, "id", "private_token", "job_token", "access_token"}
    query = [(name, value) for name, value in ask.request.args.items(multi=True) if name not in own]
    query += new.items()
    if "project" in ask.values:  # GitLab writes the parameter of the path into the query, too
        query.append(("id", str(ask.values["project"])))
    return f'<{ask.base}{ask.app.path_below(ask.request)}?{urlencode(sorted(query))}>; rel="{rel}"'
