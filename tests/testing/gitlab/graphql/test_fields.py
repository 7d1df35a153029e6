"""Every field and every mutation of the forge's GraphQL schema has somebody who answers it, on every GitLab."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
)
from tests.testing.gitlab.graphql.scene import NEEDY, PLACES, Scene, about
from tests.testing.selecting import selections

from pullbridge.testing.gitlab.graphql import execution
from pullbridge.testing.gitlab.graphql.schema import MUTATIONS, snake

VERSIONS = ("15.0.0", "15.0.0-ee", "16.11.0", "17.9.0-ee", "19.2.0")


@pytest.fixture(autouse=True)
def _boundless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "MOST_COMPLEXITY_SIGNED_IN", 10**6)


@pytest.mark.parametrize("name", PLACES)
def test_every_field_is_answered(scene: Scene, name: str) -> None:
    """Asked for every field of one thing of each type, and a step further, nothing fails and nothing is an error."""
    asked = selections(scene.schema, name, without=NEEDY)
    for one in asked:
        scene.data(PLACES[name] % one)

    kind = scene.schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    needy = [
        name
        for name, field in kind.fields.items()
        if name in NEEDY or any(is_required_argument(argument) for argument in field.args.values())
    ]
    assert len(kind.fields) - len(needy) == len(asked) - 1 + len(asked[0].split())


@pytest.mark.parametrize("version", VERSIONS)
def test_every_field_of_an_older_gitlab_is_answered(scene: Scene, version: str) -> None:
    """The same of merge requests on older versions and in the Community Edition, whose schemas are smaller."""
    scene.at(version)
    for name in ("MergeRequest", "Note", "CiJob"):
        for one in selections(scene.schema, name, depth=0, without=NEEDY):
            scene.data(PLACES[name] % one)


def test_every_field_of_a_bare_merge_request_is_answered(plain: Scene) -> None:
    """The same of a merge request that nobody has looked at: what is not there is null or empty, never a fault."""
    pull: dict[str, Any] = {}
    for one in selections(plain.schema, "MergeRequest", without=NEEDY):
        pull |= plain.about(one)

    assert pull["milestone"] is pull["headPipeline"] is pull["mergedAt"] is None
    assert pull["discussions"]["nodes"] == pull["reviewers"]["nodes"] == []


def test_every_mutation_has_a_function_that_takes_its_input(plain: Scene) -> None:
    """No mutation of the schema is without a function, and each takes just the fields of its input."""
    mutations = plain.schema.mutation_type
    assert mutations is not None

    taken = {}
    for name, field in mutations.fields.items():
        kind = get_named_type(field.args["input"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        taken[name] = {snake(given) for given in kind.fields} - {"client_mutation_id"}

    assert {name: set(inspect.signature(made).parameters) - {"ask"} for name, made in MUTATIONS.items()} == taken


@pytest.mark.parametrize(
    ("version", "field", "there"),
    [
        ("15.5.0-ee", "detailedMergeStatus", False),
        ("15.6.0-ee", "detailedMergeStatus", True),
        ("19.2.0", "approvalsRequired", False),
        ("15.0.0-ee", "approvalsRequired", True),
        ("16.0.0", "approved", False),
        ("19.2.0", "approved", True),
        ("17.1.0-ee", "closedAt", False),
    ],
)
def test_fields_are_there_by_version_and_edition(plain: Scene, version: str, field: str, there: bool) -> None:
    """A field that this GitLab lacks refuses the whole document, in GitLab's words; introspection does not show it."""
    plain.at(version)

    document = f"query Q {about(field)}"
    answer = plain.ask(document)
    shown = plain.data('{ __type(name: "MergeRequest") { fields { name } } }')["__type"]["fields"]

    assert ({"name": field} in shown) is there
    if there:
        assert "errors" not in answer
    else:
        assert answer == {
            "errors": [
                {
                    "message": f"Field '{field}' doesn't exist on type 'MergeRequest'",
                    "locations": [{"line": 1, "column": document.index(field) + 1}],
                    "path": ["query Q", "project", "mergeRequest", field],
                    "extensions": {"code": "undefinedField", "typeName": "MergeRequest", "fieldName": field},
                }
            ]
        }


def test_arguments_and_mutations_are_there_by_version_too(plain: Scene) -> None:
    """What came later is unknown before: an argument, a mutation and a state of a review."""
    plain.at("15.2.0-ee")

    argument = plain.ask("{ currentUser { reviewRequestedMergeRequests(reviewStates: [REVIEWED]) { count } } }")
    mutation = plain.ask("mutation { mergeRequestSetReviewers { errors } }")
    states = plain.data('{ __type(name: "MergeRequestReviewState") { enumValues { name } } }')["__type"]["enumValues"]

    assert "doesn't accept argument 'reviewStates'" in argument["errors"][0]["message"]
    assert mutation["errors"][0]["extensions"]["typeName"] == "Mutation"
    assert [value["name"] for value in states] == ["REVIEWED", "UNREVIEWED"]


def test_no_more_than_five_errors_are_told(plain: Scene) -> None:
    """A document with six unknown fields is told of five."""
    answer = plain.ask("{ a b c d e f }")

    assert [error["path"] for error in answer["errors"]] == [["query", name] for name in "abcde"]
