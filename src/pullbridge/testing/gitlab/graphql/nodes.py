"""What every view has: the question it belongs to, the record behind it, and a global id.

Global ids are `gid://gitlab/<model>/<number>`: https://docs.gitlab.com/api/graphql/#global-ids
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pullbridge.testing.gitlab.graphql.errors import Refusal, unavailable
from pullbridge.testing.gitlab.graphql.schema import VIEWS

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking

_GID = re.compile(r"gid://gitlab/(\w+(?:::\w+)*)/([\w-]+)")


def gid(model: str, number: int | str) -> str:
    """The global id of a record."""
    return f"gid://gitlab/{model}/{number}"


def number_of(id: str, *models: str) -> str:
    """What a global id of one of the models ends with; refused when it is none."""
    match = _GID.fullmatch(id)
    if match is None:
        raise Refusal(f"{id} is not a valid GitLab ID.")
    if models and match[1] not in models:
        raise Refusal(f"{id} is not a valid ID for {', '.join(models)}.")
    return match[2]


Found = TypeVar("Found")


def record_of(ask: Asking, id: str, kind: type[Found], *models: str) -> Found:
    """The record of a global id, as the store keeps it; unavailable when there is none."""
    number = number_of(id, *models)
    found = ask.store.find(kind, int(number)) if number.isdecimal() else None
    if found is None:
        raise unavailable()
    return found


class Stored(Protocol):
    """A record of the store."""

    id: int


Record = TypeVar("Record", bound=Stored)


class Node(Generic[Record]):
    """A view of a record. Views live as long as one request, and hold nothing of their own."""

    model = ""

    def __init__(self, ask: Asking, record: Record) -> None:
        self.ask = ask
        self.record = record

    @property
    def id(self) -> str:
        """The global id."""
        return gid(self.model or type(self).__name__, self.record.id)


def viewed(name: str, ask: Asking, record: Any) -> Any:
    """The view of that name. The nouns refer to each other in circles."""
    return VIEWS[name](ask, record)
