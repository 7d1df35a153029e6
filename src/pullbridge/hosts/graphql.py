"""What GraphQL's answers have in common, on the hosts that are built on graphql-ruby: the envelope, and lists.

https://spec.graphql.org/October2021/#sec-Response-Format and https://graphql-ruby.org/errors/overview.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from pullbridge.transport.reply import Reply

T = TypeVar("T")


class Struct(msgspec.Struct, rename="camel", gc=False):
    """GraphQL's spelling."""


class PageInfo(Struct):
    has_next_page: bool = False
    end_cursor: str | None = None


class Connection(Struct, Generic[T]):
    """A stretch of a list; GraphQL allows null rows."""

    nodes: list[T | None] | None = None
    total_count: int | None = None
    page_info: PageInfo = msgspec.field(default_factory=PageInfo)

    @property
    def items(self) -> list[T]:
        return [node for node in self.nodes or () if node is not None]

    @property
    def rest(self) -> str | None:
        """The cursor of what is missing, `None` when this is all."""
        return self.page_info.end_cursor if self.page_info.has_next_page else None


class GraphValueProblem(Struct):
    """What is wrong with a variable's value."""

    explanation: str = ""


class GraphErrorExtensions(Struct):
    code: str | None = None
    type_name: str | None = None
    field_name: str | None = None
    problems: list[GraphValueProblem] | None = None


class GraphError(Struct):
    message: str = ""
    type: str | None = None
    path: list[str | int] | None = None
    extensions: GraphErrorExtensions | None = None


class GraphAnswer(Struct, Generic[T]):
    """The envelope: partial data may come with errors."""

    data: T | None = None
    errors: list[GraphError] | None = None


@dataclass(frozen=True, slots=True)
class Partly(Generic[T]):
    """GraphQL's answer: data, errors, or some of each; and how it came."""

    data: T | None
    problems: Sequence[GraphError]
    reply: Reply
