"""Running documents: what is too large, unknown or too complex is refused before anything runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, get_operation_ast, print_ast

from pullbridge.testing.gitlab.graphql import mutations, pulls  # noqa: F401 - views and mutations register themselves
from pullbridge.testing.gitlab.graphql.context import Asking
from pullbridge.testing.gitlab.graphql.cost import (
    MOST_COMPLEXITY,
    MOST_COMPLEXITY_SIGNED_IN,
    MOST_DEPTH,
    MOST_DEPTH_SIGNED_IN,
    Cost,
    cost_of,
)
from pullbridge.testing.gitlab.graphql.errors import MOST_ERRORS, Refusal, described, of_variable, told
from pullbridge.testing.gitlab.graphql.query import Query
from pullbridge.testing.gitlab.graphql.schema import bound_schema
from pullbridge.testing.graphql.running import read, run, started

Payload = dict[str, Any]


@dataclass
class Question:
    """One operation of a request, and what is known about it before it runs."""

    text: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    document: DocumentNode | None = None
    operation: OperationDefinitionNode | None = None
    cost: Cost = field(default_factory=lambda: Cost(0, 0))
    refused: Payload | None = None

    @property
    def changes(self) -> bool:
        """Whether it is a mutation."""
        return self.operation is not None and self.operation.operation.value == "mutation"


def execute(questions: list[Question], ask: Asking) -> list[Payload]:
    """Answer all questions of one request, in order. Their complexity counts together.

    https://graphql-ruby.org/queries/multiplex.html
    """
    version = ask.app.version
    schema = bound_schema(version.numbers, enterprise=version.enterprise)
    for question in questions:
        _prepare(question, schema)
    limit = MOST_COMPLEXITY_SIGNED_IN if ask.viewer else MOST_COMPLEXITY
    total = sum(question.cost.complexity for question in questions)
    if total > limit:
        message = f"Query has complexity of {total}, which exceeds max complexity of {limit}"
        return [told(message) if question.refused is None else question.refused for question in questions]
    return [_answer(question, schema, ask, limit) for question in questions]


def _prepare(question: Question, schema: GraphQLSchema) -> None:
    question.document, wrong = read(question.text, schema)
    if question.document is None or wrong:
        question.refused = {"errors": [described(error) for error in wrong[:MOST_ERRORS]]}
        return
    question.operation = get_operation_ast(question.document, question.operation_name)
    if question.operation is None:
        name = question.operation_name
        question.refused = told(f'No operation named "{name}"' if name else "An operation name is required")
        return
    question.cost = cost_of(schema, question.document, question.operation, question.variables)


def _answer(question: Question, schema: GraphQLSchema, ask: Asking, limit: int) -> Payload:
    document, operation = question.document, question.operation
    if question.refused is not None or document is None or operation is None:
        return question.refused or {}
    deepest = MOST_DEPTH_SIGNED_IN if ask.viewer else MOST_DEPTH
    if question.cost.depth > deepest:
        return told(f"Query has depth of {question.cost.depth}, which exceeds max depth of {deepest}")
    root = Query(ask, score=question.cost.complexity, limit=limit)
    result = run(schema, document, operation, root=root, context=ask, variables=question.variables, refusals=Refusal)
    if not started(result):
        types = {v.variable.name.value: print_ast(v.type) for v in operation.variable_definitions or ()}
        return {"errors": [of_variable(error, types, question.variables) for error in result.errors or ()]}
    payload: Payload = {"data": result.data}
    if result.errors:
        payload["errors"] = [described(error) for error in result.errors]
    return payload
