"""Every GraphQL document of the library keeps to the schema and the limits that GitHub publishes."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)
from tests.contract.graphql_answers import document_problems
from tests.contract.specs import github_schema

import pullbridge.hosts.github

pytestmark = pytest.mark.contract

_OPERATION = re.compile(r"\s*(query|mutation)\b[^{]*\{")


def documents() -> dict[str, str]:
    """Collect the documents: every public text in a module that begins like an operation, and the built ones."""
    from pullbridge.hosts.github.queries import build_review

    package = pullbridge.hosts.github
    names = [module.name for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]
    found = {
        f"{name.rpartition('.')[2]}.{constant}": value
        for name in names
        for constant, value in vars(importlib.import_module(name)).items()
        if isinstance(value, str) and _OPERATION.match(value) and not constant.startswith("_")
    }
    built = {f"build_review({t}, {r})": build_review(t, r) for t, r in ((1, 0), (0, 1), (30, 5))}
    return found | built


def nodes(text: str) -> int:
    """Count the nodes that a document may ask for, and assert that each list is asked for in bounds.

    "Clients must supply a first or last argument on any connection. Values of first and last must be within 1-100.
    Individual calls cannot request more than 500,000 total nodes."
    https://docs.github.com/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api#node-limit
    """
    definitions = parse(text).definitions
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}

    def within(selections: SelectionSetNode | None, times: int) -> int:
        total = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FragmentSpreadNode):
                total += within(fragments[node.name.value].selection_set, times)
            elif isinstance(node, InlineFragmentNode):
                total += within(node.selection_set, times)
            elif isinstance(node, FieldNode):
                size = _page_size(node)
                total += within(node.selection_set, times * (size or 1)) + times * (size or 0)
        return total

    return sum(within(each.selection_set, 1) for each in definitions if isinstance(each, OperationDefinitionNode))


def _page_size(field: FieldNode) -> int | None:
    """The page size of a connection whose rows are selected, `None` for any other field. A variable may be 100."""
    inner = field.selection_set.selections if field.selection_set else ()
    if not any(isinstance(each, FieldNode) and each.name.value in ("nodes", "edges") for each in inner):
        return None
    sizes: list[Any] = [each.value for each in field.arguments or () if each.name.value in ("first", "last")]
    assert len(sizes) == 1, f"{field.name.value} has no page size"
    size = int(sizes[0].value) if isinstance(sizes[0], IntValueNode) else 100
    assert 1 <= size <= 100, f"{field.name.value} has pages of {size}"
    return size


@pytest.mark.parametrize("name", documents())
def test_a_document_is_valid_and_asks_for_nothing_deprecated(name: str) -> None:
    """GitHub's schema has every type, field and argument of the document, and none is deprecated."""
    assert document_problems(github_schema(), documents()[name]) == []


@pytest.mark.parametrize("name", documents())
def test_a_document_keeps_to_the_limits(name: str) -> None:
    """Every list has a page size from 1 to 100, and all together stay below 500,000 nodes."""
    assert nodes(documents()[name]) <= 500_000


def test_the_limits_can_be_broken() -> None:
    """The count multiplies nested lists, and a list without a page size or with a large one is refused."""
    assert nodes("{ a(first: 50) { nodes { b(last: 10) { nodes { id } } c { totalCount } } } }") == 50 + 50 * 10
    for wrong in ("{ a { nodes { id } } }", "{ a(first: 101) { edges { cursor } } }"):
        with pytest.raises(AssertionError):
            nodes(wrong)


def test_the_documents_are_found() -> None:
    """The collection above sees the panel, the search, the mutations and what is built at run time."""
    definitions = [definition for text in documents().values() for definition in parse(text).definitions]
    operations = {each.name.value for each in definitions if isinstance(each, OperationDefinitionNode) and each.name}
    assert {"PullPanel", "PullSearch", "BuildReview", "ResolveReviewThread"} <= operations
