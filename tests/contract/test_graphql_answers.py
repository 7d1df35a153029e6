"""The judge of GraphQL exchanges must be able to say no."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from graphql import build_schema
from tests.contract.graphql_answers import document_problems, exchange_problems

SCHEMA = build_schema("""
    scalar DateTime
    scalar URI
    scalar GitObjectID
    scalar BigInt
    enum State { OPEN CLOSED }
    interface Actor { login: String! url: URI! }
    type User implements Actor { login: String! url: URI! name: String }
    type Bot implements Actor { login: String! url: URI! databaseId: Int }
    union Someone = User | Bot
    type Pull {
        id: ID! number: Int! state: State! createdAt: DateTime! fullDatabaseId: BigInt headRefOid: GitObjectID!
        author: Actor merger: Someone labels: [String!]! old: String @deprecated(reason: "gone soon")
    }
    type Query { pull(number: Int!): Pull }
""")

QUERY = """
    query One($number: Int!, $deep: Boolean = false) {
      pull(number: $number) {
        id number state createdAt fullDatabaseId headRefOid labels
        author { login ...Named }
        merger { ... on User { login } ... on Bot { databaseId } }
        more: id @include(if: $deep)
      }
    }
    fragment Named on Actor { ... on User { name } }
"""
REQUEST: dict[str, Any] = {"query": QUERY, "variables": {"number": 7}}
PULL: dict[str, Any] = {
    "id": "PR_1",
    "number": 7,
    "state": "OPEN",
    "createdAt": "2026-01-02T03:04:05Z",
    "fullDatabaseId": "5000000000",
    "headRefOid": "a" * 40,
    "labels": ["bug"],
    "author": {"login": "octo", "name": None},
    "merger": {"databaseId": 3},
}


def judged(**changes: Any) -> list[str]:
    return exchange_problems(SCHEMA, REQUEST, {"data": {"pull": {**deepcopy(PULL), **changes}}})


def test_a_right_answer_has_no_problems() -> None:
    """An answer that keeps to the schema and to its document passes."""
    assert judged() == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"number": None}, "Cannot return null for non-nullable field Pull.number"),
        ({"number": "7"}, "is '7', and the schema makes it 7"),
        ({"number": 2**31}, "Int cannot represent"),
        ({"state": "MERGED"}, "MERGED"),
        ({"createdAt": "2026-01-02 03:04"}, "is no DateTime"),
        ({"createdAt": 0}, "is no DateTime"),
        ({"fullDatabaseId": 5000000000}, "is no BigInt"),
        ({"headRefOid": "abc"}, "is no GitObjectID"),
        ({"labels": None}, "non-nullable"),
        ({"labels": [None]}, "non-nullable"),
        ({"author": {"login": "octo", "name": None, "url": "https://x"}}, "no Actor has just the keys"),
        ({"merger": {}}, "no Someone has just the keys"),
        ({"merger": {"databaseId": True}}, "True"),
        ({"title": "extra"}, "data.pull.title: is answered and not selected"),
    ],
)
def test_a_wrong_answer_is_found(changes: dict[str, Any], problem: str) -> None:
    """Each way to break the schema is told, with its place."""
    assert any(problem in found for found in judged(**changes)), judged(**changes)


def test_a_missing_field_is_found() -> None:
    """A field that was selected must be answered, if only with null."""
    answer = {"data": {"pull": {key: value for key, value in PULL.items() if key != "author"}}}
    assert exchange_problems(SCHEMA, REQUEST, answer) == ["answer: pull.author: is selected and not answered"]


def test_directives_decide_what_is_selected() -> None:
    """A field behind `@include` is wanted exactly when its variable says so."""
    deep = {**REQUEST, "variables": {"number": 7, "deep": True}}
    assert exchange_problems(SCHEMA, deep, {"data": {"pull": PULL}}) == [
        "answer: pull.more: is selected and not answered"
    ]
    assert exchange_problems(SCHEMA, deep, {"data": {"pull": {**PULL, "more": "PR_1"}}}) == []


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        ({"query": "{ pull(number: 1) { nothing } }"}, "Cannot query field 'nothing'"),
        ({"query": "{ pull(number: 1) { old } }"}, "deprecated"),
        ({"query": "{ pull { id } }"}, "is required"),
        ({"query": "{ pull(number: 1) {"}, "Syntax Error"),
        ({**REQUEST, "variables": {}}, "$number"),
        ({**REQUEST, "variables": {"number": "7"}}, "$number"),
        ({**REQUEST, "variables": {"number": 7, "other": 1}}, "$other is not declared"),
        ({**REQUEST, "operation": "One"}, "'operation' is not known"),
    ],
)
def test_a_wrong_request_is_found(request_: dict[str, Any], problem: str) -> None:
    """A document that the schema does not have, and variables that it would not take, are told."""
    problems = exchange_problems(SCHEMA, request_, {"data": {"pull": PULL}})
    assert any(problem in found for found in problems), problems


def test_errors_need_a_message() -> None:
    """An answer without data passes with errors that have a message, and not otherwise."""
    assert (
        exchange_problems(SCHEMA, REQUEST, {"data": None, "errors": [{"type": "NOT_FOUND", "message": "gone"}]}) == []
    )
    assert exchange_problems(SCHEMA, REQUEST, {"data": None}) == ["answer: has neither data nor errors"]
    assert exchange_problems(SCHEMA, REQUEST, {"data": None, "errors": [{"type": "X"}]}) != []


def test_deprecated_arguments_and_fields_are_problems_of_the_document() -> None:
    """`document_problems` alone finds what will be gone."""
    assert document_problems(SCHEMA, "{ pull(number: 1) { id } }") == []
    assert document_problems(SCHEMA, "{ pull(number: 1) { old } }") != []
