"""Lists in stretches: pure.

The next stretch is at an address that the answer gives, and that nobody puts together. It is followed only where it goes
on with the same list. https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from pullbridge.errors import BadAnswer, EgressRefused, Rejected

#: The most rows of a page; of pull requests the most is 50, of events and participants too.
PER_PAGE = 100
PULLS = 50


def following(told: str | None, asked: str, reached: str, bases: Sequence[str]) -> str | None:
    """The path and query, behind the API's base, of the stretch that `told` leads to; `None` at the end.

    `asked` is the path that was asked, `reached` the address that answered (redirects may lie between). `bases` are those
    that it may begin with, the API's own first: only there is anything asked. Raises `EgressRefused` for another origin,
    and `BadAnswer` for another list.
    """
    if not told:
        return None
    lists = {_plain(asked), _plain(urlsplit(reached).path.removeprefix(urlsplit(bases[0]).path))}
    there, origins = _parted(told), set[tuple[str, str]]()
    for base in map(urlsplit, bases):
        origins.add((base.scheme, base.netloc.lower()))
        path = there.path.removeprefix(base.path)
        same = (there.scheme, there.netloc.lower()) == (base.scheme, base.netloc.lower())
        if same and path != there.path and _plain(path) in lists:
            return f"{path}?{there.query}" if there.query else path
    if (there.scheme, there.netloc.lower()) not in origins:
        origin = f"{there.scheme}://{there.hostname or ''}"
        raise EgressRefused("The next page of a list leads to another place.", origin=origin)
    raise BadAnswer("The next page of a list is not of that list.", what="a list")


def resumed(cursor: str, asked: str) -> str:
    """The path and query of a stretch, from the cursor that a list gave. Raises `Rejected` for one of another list."""
    path = cursor.partition("?")[0]
    if _plain(path) != _plain(asked):
        raise Rejected(
            "That is no cursor of this list.",
            problems=("a cursor of another list, or of another host",),
            next_step="Give the `cursor` of a listing with the same filters.",
        )
    return cursor


def _parted(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise BadAnswer("The next page of a list is at no address.", what="a list") from error


def _plain(path: str) -> str:
    return unquote(path).rstrip("/")
