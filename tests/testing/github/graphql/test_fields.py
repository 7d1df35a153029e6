"""Every field and every mutation of the forge's GraphQL schema has somebody who answers it."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_required_argument
from tests.testing.github.graphql.scene import Scene, nodes_of, questions_about

from pullbridge.testing.github.graphql.schema import MUTATIONS, bound_schema, snake


def test_every_field_is_answered(scene: Scene) -> None:
    """Asked for every field of one thing of each type, and a step further, nothing fails and nothing is an error."""
    for name, one in nodes_of(scene).items():
        answers = [scene.data(question, id=one)["node"] for question in questions_about(scene.schema, name)]

        kind = scene.schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        wanting = {field for field, definition in kind.fields.items() if _needs_more(definition)}
        assert {key for answer in answers for key in answer} == kind.fields.keys() - wanting


def _needs_more(field: GraphQLField) -> bool:
    """Whether it takes an argument that must be there: such fields have tests of their own."""
    return any(is_required_argument(argument) for argument in field.args.values())


def test_every_field_of_a_bare_pull_request_is_answered(plain: Scene) -> None:
    """The same of a pull request that nobody has looked at: what is not there is null or empty, never a fault."""
    pull: dict[str, Any] = {}
    for question in questions_about(plain.schema, "PullRequest"):
        pull |= plain.data(question, id=plain.pull_id)["node"]

    assert pull["milestone"] is pull["statusCheckRollup"] is pull["reviewDecision"] is None
    assert pull["reviewThreads"]["nodes"] == pull["comments"]["nodes"] == []


def test_every_mutation_has_a_function_that_takes_its_input() -> None:
    """No mutation of the schema is without a function, and each takes just the fields of its input."""
    mutations = bound_schema().mutation_type
    assert mutations is not None

    taken = {}
    for name, field in mutations.fields.items():
        kind = get_named_type(field.args["input"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        taken[name] = {snake(given) for given in kind.fields} - {"client_mutation_id"}

    assert {name: set(inspect.signature(made).parameters) - {"ask"} for name, made in MUTATIONS.items()} == taken


@pytest.mark.parametrize(
    ("name", "expected"),
    [("id", "id"), ("bodyHTML", "body_html"), ("commitOID", "commit_oid"), ("headRefOid", "head_ref_oid")],
)
def test_names_are_turned_into_python(name: str, expected: str) -> None:
    """Camel case becomes snake case, also behind capitals."""
    assert snake(name) == expected


def test_older_servers_lack_fields(plain: Scene) -> None:
    """A field that was taken away is unknown: the document is refused as a whole, in GitHub's words."""
    plain.knobs.without = {"PullRequest.isInMergeQueue"}

    answer = plain.ask(
        'query Q { repository(owner: "octo", name: "app") { pullRequest(number: 1) { isInMergeQueue } } }'
    )

    assert answer == {
        "errors": [
            {
                "path": ["query Q", "repository", "pullRequest", "isInMergeQueue"],
                "extensions": {"code": "undefinedField", "typeName": "PullRequest", "fieldName": "isInMergeQueue"},
                "locations": [{"line": 1, "column": 77}],
                "message": "Field 'isInMergeQueue' doesn't exist on type 'PullRequest'",
            }
        ]
    }


def test_the_other_fields_stay(plain: Scene) -> None:
    """Introspection no longer shows the field that was taken away, and still shows its neighbours."""
    plain.knobs.without = {"PullRequest.isInMergeQueue"}

    kind = plain.data('{ __type(name: "PullRequest") { fields { name } } }')["__type"]

    names = {field["name"] for field in kind["fields"]}
    assert "isInMergeQueue" not in names
    assert "isMergeQueueEnabled" in names


def test_only_known_fields_can_be_taken_away() -> None:
    """A typing error in `without` is an error, not a field that is still there."""
    with pytest.raises(ValueError, match=r"no PullRequest\.isInMergeQueu$"):
        bound_schema(frozenset({"PullRequest.isInMergeQueu"}))
