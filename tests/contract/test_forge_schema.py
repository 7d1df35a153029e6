"""The forge's GraphQL schema is a part of GitHub's, and what it answers is what GitHub's schema allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)
from tests.contract.graphql_answers import exchange_problems
from tests.contract.specs import github_schema
from tests.testing.github.graphql.scene import nodes_of, questions_about, scene_of

pytestmark = pytest.mark.contract

#: Addresses without a host, which the judge of scalars takes for no `URI`.
_PATHS = re.compile(r"(?:\w+: )?\b\w*[rR]esourcePath\b")

Member = GraphQLField | GraphQLArgument | GraphQLInputField


@pytest.fixture(scope="module")
def published() -> GraphQLSchema:
    return github_schema()


def forge_schema() -> GraphQLSchema:
    return build_schema(files("pullbridge.testing.github.graphql").joinpath("schema.graphql").read_text("utf-8"))


def members_of(kind: GraphQLNamedType) -> Iterator[tuple[str, Member | None]]:
    """What a type has, by a name that says what it is."""
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}", field
            for argument, definition in field.args.items():
                yield f"{kind.name}.{name}({argument}:)", definition
        yield from ((f"{kind.name} implements {interface.name}", None) for interface in kind.interfaces)
    elif isinstance(kind, GraphQLInputObjectType):
        yield from ((f"{kind.name}.{name}", field) for name, field in kind.fields.items())
    elif isinstance(kind, GraphQLEnumType):
        yield from ((f"{kind.name}.{name}", None) for name in kind.values)
    elif isinstance(kind, GraphQLUnionType):
        yield from ((f"{kind.name} = {member.name}", None) for member in kind.types)


def differences(part: GraphQLSchema, whole: GraphQLSchema) -> Iterator[str]:
    for name, kind in part.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        theirs = whole.type_map.get(name)
        if type(theirs) is not type(kind):
            yield f"{name}: {type(theirs).__name__} there, {type(kind).__name__} here"
            continue
        known = dict(members_of(theirs))
        for member, ours in members_of(kind):
            if member not in known:
                yield f"{member}: not there"
            elif ours is not None and str(ours.type) != str(getattr(known[member], "type", None)):
                yield f"{member}: {getattr(known[member], 'type', None)} there, {ours.type} here"


def test_the_schema_is_a_part_of_githubs(published: GraphQLSchema) -> None:
    """Every type, field, argument, value, input, interface and union member is there, of the same type and nullability."""
    assert list(differences(forge_schema(), published)) == []


def test_a_difference_is_found(published: GraphQLSchema) -> None:
    """The comparison sees a foreign field, a changed nullability and a foreign value."""
    strange = build_schema(
        "type Query { viewer: User  gossip: String  node(id: ID): Node }  type User { login: String! }"
        " interface Node { id: ID! }  enum DiffSide { LEFT MIDDLE }  input AddReactionInput { content: String }"
    )

    found = set(differences(strange, published))

    assert found == {
        "Query.gossip: not there",
        "Query.viewer: User! there, User here",
        "Query.node(id:): ID! there, ID here",
        "DiffSide.MIDDLE: not there",
        "AddReactionInput.content: ReactionContent! there, String here",
    }


def test_no_deprecated_field_is_served(published: GraphQLSchema) -> None:
    """What GitHub will take away cannot be asked of the forge, but for an input that it still takes."""
    gone = []
    for name, kind in forge_schema().type_map.items():
        theirs = published.type_map.get(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and isinstance(theirs, type(kind)):
            gone += [f"{name}.{field}" for field in kind.fields if theirs.fields[field].deprecation_reason]

    assert [name for name in gone if not name.startswith("__")] == []


def test_all_that_the_forge_says_fits_githubs_schema(published: GraphQLSchema, tmp_path: Path) -> None:
    """Asked for every field of one thing of each type, the forge's answer is one that GitHub's schema allows."""
    problems = []
    with closing(scene_of(tmp_path)) as scene:
        for name, one in nodes_of(scene).items():
            questions = questions_about(scene.schema, name, depth=1 if name == "PullRequest" else 0)
            for question in (_PATHS.sub("__typename", text) for text in questions):
                request = {"query": question, "variables": {"id": one}}
                answer = scene.ask(question, id=one)
                found = exchange_problems(published, request, answer)
                problems += [f"{question}: {problem}" for problem in found]

    assert problems == []
