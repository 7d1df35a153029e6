"""The schema as an instance has it: by version and edition, bound to the views that answer it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from graphql import (
    REMOVE,
    ConstDirectiveNode,
    DocumentNode,
    GraphQLSchema,
    Node,
    Visitor,
    build_ast_schema,
    parse,
    visit,
)

from pullbridge.testing.gitlab.graphql.errors import Refusal
from pullbridge.testing.gitlab.graphql.paging import window_of
from pullbridge.testing.graphql.binding import Binding, MutationBinder, ViewBinder, snake
from pullbridge.testing.store import Refused

Numbers = tuple[int, ...]


def _refusal_of(refused: Refused) -> Refusal:
    return Refusal(str(refused))


def _stamp(when: datetime | None) -> str | None:
    """GraphQL writes times without the milliseconds that REST gives: `app/graphql/types/time_type.rb`."""
    return None if when is None else f"{when:%Y-%m-%dT%H:%M:%SZ}"


_BINDING = Binding(stamps={"Time": _stamp}, window=window_of, refusal=_refusal_of)
VIEWS = _BINDING.views
MUTATIONS = _BINDING.mutations
view: ViewBinder = _BINDING.view
mutation: MutationBinder = _BINDING.mutation


@cache
def document() -> DocumentNode:
    """All that any GitLab has, with the directives that say which does."""
    return parse(files(__package__).joinpath("schema.graphql").read_text(encoding="utf-8"), no_location=True)


@cache
def bound_schema(version: Numbers, *, enterprise: bool) -> GraphQLSchema:
    """The schema of a version such as `(17, 9)`, in the Enterprise or the Community Edition."""
    return _BINDING.bind(build_ast_schema(visit(document(), _Edition(version, enterprise)), assume_valid=True))


class _Edition(Visitor):
    """Takes away what an instance has not."""

    def __init__(self, version: Numbers, enterprise: bool) -> None:
        super().__init__()
        self._version = version
        self._enterprise = enterprise

    def enter(self, node: Node, *_: Any) -> Any:
        """Look at one node of the schema's text."""
        if node.kind == "directive_definition":
            return REMOVE
        lacks = any(self._lacks(directive) for directive in getattr(node, "directives", None) or ())
        return REMOVE if lacks else None

    def _lacks(self, directive: ConstDirectiveNode) -> bool:
        name, given = directive.name.value, arguments_of(directive)
        if name == "since":
            return self._version < numbers(given["version"])
        if name == "enterprise" and not self._enterprise:
            return "until" not in given or self._version < numbers(given["until"])
        return False


def arguments_of(directive: ConstDirectiveNode) -> dict[str, Any]:
    """A directive's arguments, as text or truth."""
    return {argument.name.value: getattr(argument.value, "value", None) for argument in directive.arguments or ()}


def numbers(version: str) -> Numbers:
    """`"15.6"` to `(15, 6)`."""
    return tuple(int(part) for part in version.split("."))


__all__ = ["MUTATIONS", "VIEWS", "arguments_of", "bound_schema", "document", "mutation", "numbers", "snake", "view"]
