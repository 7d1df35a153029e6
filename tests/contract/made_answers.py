"""Makes answers out of a host's own schemas: as full as they allow, or as empty.

What a client makes of them shows whether it reads what the host documents, and not more than the host promises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    execute_sync,
    is_list_type,
    is_non_null_type,
    parse,
)
from tests.contract.closed_schema import COMPONENT
from tests.contract.specs import OpenApi

_FORMATS = {"uri": "https://api.github.com/anything", "date-time": "2026-01-02T03:04:05Z", "email": "octo@example.com"}
_GITHUB_SCALARS: dict[str, Any] = {
    "Base64String": "QQ==",
    "BigInt": "5000000000",
    "Date": "2026-01-02",
    "DateTime": "2026-01-02T03:04:05Z",
    "Float": 1.5,
    "GitObjectID": "c" * 40,
    "GitTimestamp": "2026-01-02T03:04:05+02:00",
    "ID": "PR_kwDOone",
    "Int": 7,
    "PreciseDateTime": "2026-01-02T03:04:05.678Z",
    "URI": "https://github.com/anything",
}


@dataclass(frozen=True)
class Words:
    """What values look like on a host: GraphQL's scalars, and texts that are more than the document says, by their key.

    Of several the `variant` chooses.
    """

    scalars: dict[str, Any]
    named: dict[str, tuple[Any, ...]]


#: Ids that agree with GraphQL's, times that the document forgot to call so (`status`).
GITHUB = Words(
    scalars=_GITHUB_SCALARS,
    named={
        "node_id": (_GITHUB_SCALARS["ID"],),
        **dict.fromkeys(("created_at", "updated_at"), (_FORMATS["date-time"],)),
    },
)
#: Deeper than this, optional parts of REST answers are left out: repositories contain repositories.
_DEEPEST = 8


@dataclass(frozen=True)
class Maker:
    """Makes answers: with everything in them (`full`), or with only what the host promises and null where it may be.

    `variant` counts through the alternatives: the values of enums, the members of unions, no and yes.
    """

    full: bool
    variant: int = 0
    words: Words = GITHUB

    def __str__(self) -> str:
        return f"full-{self.variant}" if self.full else "least"

    def rest(self, schema: dict[str, Any], document: OpenApi, depth: int = 0) -> Any:
        """Make a JSON value that an OpenAPI 3.0 schema allows."""
        if "$ref" in schema:
            component = msgspec.json.decode(document.components["schemas"][schema["$ref"].removeprefix(COMPONENT)])
            return self.rest(component, document, depth)
        if schema.get("nullable") and not self.full:
            return None
        for word in ("oneOf", "anyOf"):
            if word in schema:
                return self.rest(schema[word][self.variant % len(schema[word])], document, depth)
        if "allOf" in schema:
            return {key: value for part in schema["allOf"] for key, value in self.rest(part, document, depth).items()}
        if "enum" in schema:
            return schema["enum"][self.variant % len(schema["enum"])]
        return self._typed(schema, document, depth)

    def _typed(self, schema: dict[str, Any], document: OpenApi, depth: int) -> Any:
        match schema.get("type", "object"):
            case "object":
                required = schema.get("required", ())
                wanted = self.full and depth < _DEEPEST
                properties = schema.get("properties", {}).items()
                made = {k: self.rest(v, document, depth + 1) for k, v in properties if wanted or k in required}
                return {
                    key: self._named(key, value) if isinstance(value, str) else value for key, value in made.items()
                }
            case "array":
                rows = self._rows(schema["items"], document) if self.full and depth < _DEEPEST else []
                return [self.rest(row, document, depth + 1) for row in rows]
            case "string":
                return _FORMATS.get(schema.get("format", ""), "text")
            case kind:
                return {"integer": 7, "number": 1.5, "boolean": self.variant % 2 == 1, "null": None}[kind]

    def _named(self, key: str, value: str) -> Any:
        known = self.words.named.get(key)
        return value if known is None else known[self.variant % len(known)]

    @staticmethod
    def _rows(schema: dict[str, Any], document: OpenApi) -> list[dict[str, Any]]:
        """One row, or one of each kind where there are several: a timeline has twenty."""
        if "$ref" in schema:
            schema = msgspec.json.decode(document.components["schemas"][schema["$ref"].removeprefix(COMPONENT)])
        kinds: list[dict[str, Any]] = schema.get("anyOf", [schema])
        return kinds

    def graph(
        self, schema: GraphQLSchema, text: str, variables: dict[str, Any], *, roots: int = 2, more: bool = False
    ) -> dict[str, Any] | None:
        """Execute a document over made values.

        The first `roots` levels are there even where they could be null. `more`: every list says that it goes on.
        """
        document = parse(text)
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}

        def field(_source: Any, info: GraphQLResolveInfo[Any], **_arguments: Any) -> Any:
            if info.field_name == "hasNextPage":
                return more
            return self._value(info.return_type, there=len(info.path.as_list()) <= roots)

        result = execute_sync(
            schema,
            document,
            root_value={},
            variable_values=variables,
            field_resolver=field,
            type_resolver=self._choose(fragments),
        )
        assert not result.errors, result.errors
        return result.data

    def _value(self, kind: GraphQLOutputType, *, there: bool) -> Any:
        if is_non_null_type(kind):
            return self._value(kind.of_type, there=True)
        if not (self.full or there):
            return None
        if is_list_type(kind):
            return [self._value(kind.of_type, there=there)] if self.full else []
        if isinstance(kind, GraphQLEnumType):
            names = list(kind.values)
            return names[self.variant % len(names)]
        if isinstance(kind, GraphQLScalarType):
            if kind.name == "Boolean":
                return self.variant % 2 == 1
            return self.words.scalars.get(kind.name, "text")
        return {}

    def _choose(
        self, fragments: dict[str, FragmentDefinitionNode]
    ) -> Callable[[Any, GraphQLResolveInfo[Any], GraphQLAbstractType], str]:
        """Choose one of the types that the document asks fields of, and of those without any where there is none."""

        def resolve(_value: Any, info: GraphQLResolveInfo[Any], abstract: GraphQLAbstractType) -> str:
            asked = [name for node in info.field_nodes for name in _conditions(node, fragments)]
            possible = [each.name for each in info.schema.get_possible_types(abstract)]
            names = [name for name in dict.fromkeys(asked) if name in possible] or possible
            return names[self.variant % len(names)]

        return resolve


def _conditions(node: Any, fragments: dict[str, FragmentDefinitionNode]) -> list[str]:
    found: list[str] = []
    for each in node.selection_set.selections if node.selection_set else ():
        inner = fragments[each.name.value] if isinstance(each, FragmentSpreadNode) else each
        if isinstance(inner, InlineFragmentNode | FragmentDefinitionNode):
            condition = inner.type_condition
            found += [condition.name.value] if condition else []
            found += _conditions(inner, fragments)
    return found
