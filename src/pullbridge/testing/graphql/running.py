"""Running a document against a bound schema."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    execute_sync,
    parse,
    validate,
)

from pullbridge.testing.graphql.ruby import RULES


@lru_cache(maxsize=256)
def read(text: str, schema: GraphQLSchema) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """The document, and what is wrong with it. Clients send the same few documents over and over."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema, document, RULES))


def run(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    *,
    root: Any,
    context: Any,
    variables: dict[str, Any],
    refusals: type[Exception],
) -> ExecutionResult:
    """Execute one operation; only the host's `refusals` become errors of the answer, anything else is raised."""
    result = execute_sync(
        schema,
        document,
        root_value=root,
        context_value=context,
        variable_values=variables,
        operation_name=operation.name.value if operation.name else None,
    )
    for error in result.errors or ():
        if error.original_error is not None and not isinstance(error.original_error, (refusals, GraphQLError)):
            raise error.original_error  # a fault of the forge shall be seen, not be answered
    return result


def started(result: ExecutionResult) -> bool:
    """Whether any resolver ran: errors in variables have no path."""
    return result.data is not None or any(error.path for error in result.errors or ())
