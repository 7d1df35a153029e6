"""Documents without the fields that an older server does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from graphql import (
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    print_ast,
    visit,
)
from graphql import validate as problems_of
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.test_github_documents import documents

from pullbridge.hosts import documents as trees
from pullbridge.hosts import gating
from pullbridge.hosts.gating import Reduced, unknown
from pullbridge.hosts.github.gating import OPTIONAL, PARTS, ROLLUP, TYPES, Field, kind_of
from pullbridge.hosts.github.payloads import GraphError, GraphErrorExtensions
from pullbridge.testing.github.graphql import execution  # noqa: F401  # the views register themselves
from pullbridge.testing.github.graphql.schema import bound_schema

DOCUMENTS = documents()
BY_COMMIT = ("Commit", "statusCheckRollup")


def without(document: str, missing: frozenset[Field]) -> Reduced:
    return gating.without(document, missing, TYPES)


class Fields(Visitor):
    """Collects the fields that a document asks for, each with the type that has it and the type that it has."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found: dict[Field, str] = {}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, kind = self._types.get_parent_type(), self._types.get_type()
        assert parent is not None
        assert kind is not None
        self.found[parent.name, node.name.value] = get_named_type(kind).name if node.selection_set else ""


@cache
def asked(name: str) -> dict[Field, str]:
    schema = bound_schema()
    types = TypeInfo(schema)
    fields = Fields(types)
    visit(parse(DOCUMENTS[name]), TypeInfoVisitor(types, fields))
    return fields.found


def droppable(name: str) -> list[Field]:
    return [field for field in asked(name) if TYPES.dispensable(field)]


def problems(text: str, missing: frozenset[Field]) -> list[str]:
    """What a server without these fields says of a document."""
    schema: GraphQLSchema = bound_schema()
    taken = {(kind, name): schema.type_map[kind].fields.pop(name) for kind, name in missing}  # type: ignore[attr-defined]
    try:
        return [error.message for error in problems_of(schema, parse(text))]
    finally:
        for (kind, name), field in taken.items():
            schema.type_map[kind].fields[name] = field  # type: ignore[attr-defined]


# Trees ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_comes_back_as_it_was(name: str) -> None:
    """Read and written, it says the same."""
    again = trees.written(trees.parse(DOCUMENTS[name]))
    assert print_ast(parse(again)) == print_ast(parse(DOCUMENTS[name]))


def test_all_that_a_document_may_have_is_read() -> None:
    """Aliases, arguments of every kind, directives, comments, both kinds of strings, bare braces."""
    text = r'''
    # a comment with { in it
    query Q($a: [Int!]! = [1, 2] @d, $b: In = {x: "}"}, $c: Boolean!) @live(on: true) {
      one: field(list: [1, -2.5e3], of: {a: $a, b: "a \" ) }"}) @include(if: $c) { id, name }
      ... @skip(if: $c) { other(text: """block " ) } """) }
      ... on Thing @x { deep { er(b: $b) } }
      ...More @y
    }
    fragment More on Query { plain }
    '''
    again = trees.written(trees.parse(text))
    assert print_ast(parse(again)) == print_ast(parse(text))
    assert print_ast(parse(trees.written(trees.parse("{ a }")))) == print_ast(parse("{ a }"))


@pytest.mark.parametrize(
    "text", ["query {", "query Q { a", "{ a } }", "fragment F Thing { a }", "{ ~ }", "{ a(b: 1 }", "q"]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    """Loudly, since the documents are the library's own."""
    with pytest.raises(ValueError, match=r"GraphQL|expected"):
        trees.parse(text)


# The table ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_types_are_the_schemas(name: str) -> None:
    """Wherever something might have to be left out, the type of what is asked there is known."""
    wrong = {
        field: (kind_of(*field), kind)
        for field, kind in asked(name).items()
        if kind and (kind in OPTIONAL or kind_of(*field) is not None) and kind_of(*field) != kind
    }
    assert wrong == {}


def test_the_table_names_no_field_that_is_not_asked_for() -> None:
    """What may be left out is somewhere in a document; interfaces have their objects' fields."""
    found = {field for name in DOCUMENTS for field in asked(name)} | {BY_COMMIT}
    assert {(kind, name) for kind, names in OPTIONAL.items() for name in names if kind != "Actor"} <= found | {
        (kind, name) for kind in ("User", "Bot", "Mannequin", "Organization") for name in ("avatarUrl", "url", "name")
    }
    assert all(map(TYPES.dispensable, PARTS))


# Dropping -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_useless_is_left(name: str) -> None:
    """Whichever one field a document goes without: no empty braces, no fragment and no variable that nobody uses."""
    for field in droppable(name):
        reduced = without(DOCUMENTS[name], frozenset({field}))
        assert reduced.dropped == {field}
        whole = trees.parse(reduced.text) if reduced.text is not None else ()
        spread = {each for definition in whole for each in spreads(definition.inner)}
        assert {each.fragment for each in whole if each.fragment} == spread
        used = set(re.findall(r"\$(\w+)\b(?!:)", reduced.text or ""))
        assert {each for definition in whole for each in definition.variables} == used


def spreads(selections: tuple[trees.Selection, ...]) -> Iterator[str]:
    for each in selections:
        assert each.inner != ()
        yield from [each.fragment] if each.fragment else ()
        yield from spreads(each.inner or ())


def smallest() -> dict[Field, str]:
    """Each field that may be left out, with the shortest document that has it."""
    found: dict[Field, str] = {}
    for name in sorted(DOCUMENTS, key=lambda each: -len(DOCUMENTS[each])):
        found |= dict.fromkeys(droppable(name), name)
    return found


@pytest.mark.parametrize("field", smallest(), ids=".".join)
def test_a_server_has_nothing_to_say_against_the_rest(field: Field) -> None:
    """A document without the one field that the server lacks is valid there, and was not before."""
    missing, text = frozenset({field}), DOCUMENTS[smallest()[field]]
    reduced = without(text, missing).text
    assert problems(text, missing) != []
    assert reduced is None or problems(reduced, missing) == []


@pytest.mark.parametrize("name", [each for each in DOCUMENTS if droppable(each)])
def test_all_of_them_may_be_missing(name: str) -> None:
    """A document without everything that it can do without is valid, too."""
    missing = frozenset(droppable(name))
    reduced = without(DOCUMENTS[name], missing).text
    assert reduced is None or problems(reduced, missing) == []


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_any_number_of_fields_may_be_missing(data: st.DataObject) -> None:
    """Together they leave no empty braces, no fragment and no variable that nobody uses."""
    name = data.draw(st.sampled_from([each for each in DOCUMENTS if droppable(each)]))
    missing = frozenset(data.draw(st.sets(st.sampled_from(droppable(name)), min_size=1)))
    if ROLLUP in missing and data.draw(st.booleans()):
        missing |= {BY_COMMIT}
    reduced = without(DOCUMENTS[name], missing)
    assert reduced.dropped <= missing
    if reduced.text is not None:
        assert problems(reduced.text, missing) == []


def test_what_a_document_does_not_ask_for_changes_nothing() -> None:
    """It stays the very same text."""
    text = DOCUMENTS["queries.MERGEABILITY"]
    reduced = without(text, frozenset({("CheckRun", "isRequired"), ("PullRequest", "viewerCanClose")}))
    assert (reduced.text, reduced.dropped) == (text, frozenset())


def test_checks_are_read_by_the_commit_instead() -> None:
    """GH-46: as GitHub's own tool does, with everything that was asked of them."""
    reduced = without(DOCUMENTS["queries.CHECKS"], frozenset({ROLLUP}))
    assert reduced.text is not None
    assert "headCommit: commits(last: 1) { nodes { commit { statusCheckRollup { state contexts" in reduced.text
    assert "ContextFields" in reduced.text


def test_nothing_is_left_of_some_documents() -> None:
    """What they were for is not there; a mutation that is missing is not sent without its point."""
    for name, field in (
        ("CHECKS", BY_COMMIT),
        ("FILES", ("PullRequest", "files")),
        ("REACT", ("Mutation", "addReaction")),
    ):
        missing = frozenset({field, ROLLUP})
        assert without(DOCUMENTS[f"queries.{name}"], missing).text is None
    one_of_two = without(DOCUMENTS["build_review(30, 5)"], frozenset({("Mutation", "addPullRequestReviewThreadReply")}))
    assert one_of_two.text is None


def test_a_type_may_be_missing() -> None:
    """Then nobody can be of it, and fragments on it go."""
    text = "query Q($a: Int) { viewer { ...Who } node(id: 1) { ... on New { x(a: $a) } id } } fragment Who on Actor { login ... on New { x } }"
    reduced = without(text, frozenset({("New", "*")}))
    assert reduced.text is not None
    assert print_ast(parse(reduced.text)) == print_ast(
        parse("query Q { viewer { ...Who } node(id: 1) { id } } fragment Who on Actor { login }")
    )


def errors() -> Iterator[GraphError]:
    yield GraphError(extensions=GraphErrorExtensions(code="undefinedField", type_name="A", field_name="b"))
    yield GraphError(extensions=GraphErrorExtensions(code="undefinedType", type_name="C"))
    yield GraphError(extensions=GraphErrorExtensions(code="variableNotUsed"))
    yield GraphError(extensions=GraphErrorExtensions(code="undefinedField", type_name="A"))
    yield GraphError(message="Field 'x' doesn't exist on type 'Y'")


def test_a_server_names_what_it_lacks() -> None:
    """By its codes; what follows from a missing field, and what has no code, names nothing."""
    assert unknown(errors()) == {("A", "b"), ("C", "*")}


def test_what_cannot_be_none_is_indispensable() -> None:
    """A number, a head, a text, a line, an author: without one a value would be a guess."""
    for field in (
        ("PullRequest", "number"),
        ("PullRequest", "headRefOid"),
        ("IssueComment", "body"),
        ("PullRequestReviewThread", "line"),
        ("PullRequestReview", "author"),
        ("PageInfo", "hasNextPage"),
        ("Never", "met"),
    ):
        assert not TYPES.dispensable(field)
