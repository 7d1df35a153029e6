"""The GraphQL documents against what is published of GitLab's schema: nobody here wrote that."""

from __future__ import annotations

import math

import pytest
from graphql import (
    FieldNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    separate_operations,
    validate,
    visit,
)
from tests.contract.specs import gitlab_graphql_facts, gitlab_schema

from pullbridge.hosts import gating
from pullbridge.hosts.gating import Field
from pullbridge.hosts.gitlab import queries
from pullbridge.hosts.gitlab.gating import OPTIONAL, TYPES, kind_of

DOCUMENTS = {name: text for name, text in vars(queries).items() if name.isupper() and not name.startswith("_")}
READS = [name for name, text in DOCUMENTS.items() if text.startswith("query")]

#: What is read from git, and what is priced apart: app/graphql/types/merge_request_type.rb of gitlab-org/gitlab
READS_GIT = frozenset({"diffHeadSha", "diffStats", "commits", "project"})
PRICES = {"reviewers": 5, "mergeRequest": 5}


class Fields(Visitor):
    """Collects the fields of a document, with the type that has each and the type that it has."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found: dict[Field, str] = {}
        self.missing: set[Field] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, kind = self._types.get_parent_type(), self._types.get_type()
        if parent is not None and kind is not None:
            self.found[parent.name, node.name.value] = get_named_type(kind).name if node.selection_set else ""
        elif parent is not None:
            self.missing.add((parent.name, node.name.value))


def fields(name: str) -> Fields:
    types = TypeInfo(gitlab_schema())
    seen = Fields(types)
    visit(parse(DOCUMENTS[name]), TypeInfoVisitor(types, seen))
    return seen


@pytest.mark.parametrize("name", READS)
def test_15_0_understands_it_without_what_is_newer(name: str) -> None:
    """Without the fields that 15.0 lacks, all of which may be missed, it is valid there."""
    lacking = frozenset(fields(name).missing)
    assert all(TYPES.dispensable(field) for field in lacking), lacking
    reduced = gating.without(DOCUMENTS[name], lacking, TYPES)
    assert reduced.text is not None
    assert [error.message for error in validate(gitlab_schema(), parse(reduced.text))] == []


@pytest.mark.parametrize("name", READS)
def test_17_9_has_every_field(name: str) -> None:
    """Every field of a type that the reference of 17.9 lists is in that list, and was not taken away since."""
    known = gitlab_graphql_facts()["types"]
    asked = fields(name).found.keys() | fields(name).missing
    for kind, field in asked:
        if kind in known and kind != "Project":  # known by the introspection alone
            assert field in {each["name"] for each in known[kind]["fields"]}, (kind, field)


@pytest.mark.parametrize("name", READS)
def test_the_types_of_its_objects_are_known(name: str) -> None:
    """What the leaving out of fields takes for an object's type is what the schema says."""
    for (parent, field), kind in fields(name).found.items():
        if kind:
            assert kind_of(parent, field) == kind, (parent, field)


def test_what_may_be_missed_is_asked_for() -> None:
    """The list of dispensable fields holds none that no document asks for."""
    seen = [fields(name) for name in READS]
    asked = {field for each in seen for field in each.found.keys() | each.missing}
    assert {(kind, field) for kind, listed in OPTIONAL.items() for field in listed} <= asked


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_keeps_the_limits(name: str) -> None:
    """It has fewer than 10,000 characters, is no deeper than 15, and costs no more than nobody in particular may spend."""
    text = DOCUMENTS[name]
    assert len(text) < 10_000
    document = parse(text)
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    fragments = {each.name.value: each.selection_set for each in document.definitions if each is not operation}  # type: ignore[attr-defined]  # the rest are fragments
    assert depth(operation.selection_set, fragments) <= 15
    assert price(operation.selection_set, fragments) <= 200
    assert len(separate_operations(document)) == 1


def nested(selections: SelectionSetNode, fragments: dict[str, SelectionSetNode]) -> list[FieldNode]:
    found: list[FieldNode] = []
    for each in selections.selections:
        if isinstance(each, FieldNode):
            found.append(each)
        else:
            found += nested(fragments[each.name.value], fragments)  # type: ignore[attr-defined]  # only spreads are used
    return found


def depth(selections: SelectionSetNode, fragments: dict[str, SelectionSetNode]) -> int:
    inner = [each.selection_set for each in nested(selections, fragments) if each.selection_set]
    return 1 + max((depth(each, fragments) for each in inner), default=0)


def price(selections: SelectionSetNode, fragments: dict[str, SelectionSetNode]) -> int:
    """GitLab's own sum, or more: it multiplies only some of the lists (app/graphql/types/base_field.rb)."""
    total = 0.0
    for each in nested(selections, fragments):
        inner = price(each.selection_set, fragments) if each.selection_set else 0
        cost = PRICES.get(each.name.value, 1) + (each.name.value in READS_GIT) + inner
        sizes = [int(given.value.value) for given in each.arguments or () if isinstance(given.value, IntValueNode)]
        total += cost * (1 + 0.01 * max(sizes, default=0))
    return math.ceil(total)
