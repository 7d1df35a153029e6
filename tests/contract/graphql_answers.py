"""Judges GraphQL exchanges by a schema: the document, its variables, and what was answered.

An answer is judged by executing its own document over it with the host's schema: every field is read from the answer,
and every rule of the language (non-null, lists, enums, fragments, directives) is then the executor's to apply. What
comes out must be what went in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
    get_named_type,
    is_abstract_type,
    parse,
    specified_rules,
    validate,
)

_SECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
#: How GitHub writes its own scalars, from their descriptions in the schema. https://docs.github.com/graphql/reference/scalars
SCALARS = {
    "Base64String": r"[A-Za-z0-9+/\s]*={0,2}\s*",
    "BigInt": r"-?\d+",
    "Date": r"\d{4}-\d\d-\d\d",
    "DateTime": rf"{_SECONDS}Z",
    "GitObjectID": r"[0-9a-f]{40}",
    "GitRefname": r"refs/\S+",
    "GitTimestamp": rf"{_SECONDS}(Z|[+-]\d\d:\d\d)",
    "PreciseDateTime": rf"{_SECONDS}\.\d{{3,6}}Z",
    "URI": r"https?://\S+|/\S*",  # `resourcePath` and its like are paths
}

#: The kinds of error that GitHub has been seen to name. https://docs.github.com/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api
ERROR_KEYS = {"message", "type", "path", "locations", "extensions"}


def document_problems(schema: GraphQLSchema, text: str) -> list[str]:
    """Say what is wrong with a document; a deprecated field is wrong too, because it will be gone."""
    return list(_document_problems(schema, text))


@cache
def _document_problems(schema: GraphQLSchema, text: str) -> tuple[str, ...]:
    try:
        document = parse(text)
    except GraphQLError as error:
        return (str(error),)
    return tuple(error.message for error in validate(schema, document, [*specified_rules, NoDeprecatedCustomRule]))


def exchange_problems(schema: GraphQLSchema, request: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with a request (`query`, `variables`, `operationName`) and with its answer (`data`, `errors`)."""
    problems = [
        f"request: key {key!r} is not known" for key in request.keys() - {"query", "variables", "operationName"}
    ]
    problems += [f"document: {problem}" for problem in document_problems(schema, request["query"])]
    if problems:
        return problems
    document = parse(request["query"], no_location=True)
    variables = request.get("variables") or {}
    declared = {v.variable.name.value for o in _operations(document) for v in o.variable_definitions or ()}
    problems += [f"variables: ${name} is not declared" for name in sorted(variables.keys() - declared)]
    problems += [f"answer: {problem}" for problem in _error_problems(answer)]
    data = answer.get("data")
    if data is None:
        return problems + ([] if answer.get("errors") else ["answer: has neither data nor errors"])
    problems += [f"answer: {problem}" for problem in _data_problems(schema, document, request, data)]
    return problems


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def _error_problems(answer: Mapping[str, Any]) -> Iterator[str]:
    if answer.keys() - {"data", "errors", "extensions"}:
        yield f"has the keys {sorted(answer)}"
    for error in answer.get("errors", ()):
        if not isinstance(error.get("message"), str) or error.keys() - ERROR_KEYS:
            yield f"an error has the keys {sorted(error)}"


def _data_problems(
    schema: GraphQLSchema, document: DocumentNode, request: Mapping[str, Any], data: dict[str, Any]
) -> Iterator[str]:
    result = execute_sync(
        schema,
        document,
        root_value=data,
        variable_values=dict(request.get("variables") or {}),
        operation_name=request.get("operationName"),
        field_resolver=_from_answer,
        type_resolver=_type_by_keys(document),
    )
    for error in result.errors or ():
        yield f"{'.'.join(map(str, error.path or ()))}: {error.message}"
    if not result.errors and _text(result.data) != _text(data):
        yield from _differences(data, result.data, "data")


def _from_answer(source: dict[str, Any], info: GraphQLResolveInfo[Any], **_arguments: Any) -> Any:
    key = info.path.key
    if key not in source:
        raise GraphQLError("is selected and not answered")
    value = source[key]
    scalar = get_named_type(info.return_type)
    if isinstance(scalar, GraphQLScalarType):
        _check_scalar(scalar.name, value)
    return value


def _check_scalar(name: str, value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _check_scalar(name, item)
    elif value is not None and name in SCALARS and not (isinstance(value, str) and re.fullmatch(SCALARS[name], value)):
        raise GraphQLError(f"{value!r} is no {name}")


def _type_by_keys(document: DocumentNode) -> Callable[[Any, GraphQLResolveInfo[Any], GraphQLAbstractType], str]:
    """Tell the type of an object by its `__typename`, else as the one whose selected fields are just the object's keys."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    def resolve(value: dict[str, Any], info: GraphQLResolveInfo[Any], abstract: GraphQLAbstractType) -> str:
        named = value.get("__typename")
        if isinstance(named, str):
            return named
        for candidate in info.schema.get_possible_types(abstract):
            selections = [node.selection_set for node in info.field_nodes if node.selection_set]
            if {key for each in selections for key in _keys(each, candidate, info.schema, fragments)} == value.keys():
                return candidate.name
        raise GraphQLError(f"no {abstract.name} has just the keys {sorted(value)}")

    return resolve


def _keys(
    selections: SelectionSetNode,
    runtime: GraphQLObjectType,
    schema: GraphQLSchema,
    fragments: dict[str, FragmentDefinitionNode],
) -> Iterator[str]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield (node.alias or node.name).value
            continue
        assert isinstance(node, InlineFragmentNode | FragmentSpreadNode)
        fragment = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        condition = fragment.type_condition
        if condition is None or _is(runtime, schema.type_map[condition.name.value], schema):
            yield from _keys(fragment.selection_set, runtime, schema, fragments)


def _is(runtime: GraphQLObjectType, wanted: GraphQLNamedType, schema: GraphQLSchema) -> bool:
    return runtime is wanted or (is_abstract_type(wanted) and schema.is_sub_type(wanted, runtime))


def _text(value: Any) -> str:
    """Write a value so that `1`, `1.0` and `true` differ, which Python holds equal."""
    return json.dumps(value, sort_keys=True)


def _differences(given: Any, wanted: Any, where: str) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(wanted, dict):
        for key in sorted(given.keys() - wanted.keys()):
            yield f"{where}.{key}: is answered and not selected"
        for key in sorted(given.keys() & wanted.keys()):
            yield from _differences(given[key], wanted[key], f"{where}.{key}")
    elif isinstance(given, list) and isinstance(wanted, list):
        for index, (one, other) in enumerate(zip(given, wanted, strict=True)):
            yield from _differences(one, other, f"{where}[{index}]")
    elif _text(given) != _text(wanted):
        yield f"{where}: is {given!r}, and the schema makes it {wanted!r}"
