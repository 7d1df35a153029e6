"""The GraphQL documents, as documents: whole, without waste, and with nothing of ours in them."""

from __future__ import annotations

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    visit,
)

from pullbridge.hosts.github import queries
from pullbridge.hosts.github.queries import build_review

DOCUMENTS = {
    name: text
    for name, text in vars(queries).items()
    if not name.startswith("_") and isinstance(text, str) and text.lstrip().startswith(("query", "mutation"))
}
BUILT = {f"build_review{size}": build_review(*size) for size in ((1, 0), (0, 1), (30, 5))}
every = pytest.mark.parametrize("text", [*DOCUMENTS.values(), *BUILT.values()], ids=[*DOCUMENTS, *BUILT])


class Names(Visitor):
    """Which fragments and variables are used."""

    def __init__(self) -> None:
        super().__init__()
        self.fragments: set[str] = set()
        self.variables: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.fragments.add(node.name.value)

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.variables.append(node.name.value)


def used(document: DocumentNode) -> Names:
    names = Names()
    visit(document, names)
    return names


def operation(document: DocumentNode) -> OperationDefinitionNode:
    (found,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return found


def test_there_are_documents() -> None:
    """The others of this file are about something."""
    assert len(DOCUMENTS) > 25


@every
def test_a_document_is_whole(text: str) -> None:
    """One named operation, every fragment that it uses, each once, and none that it does not use."""
    document = parse(text)
    defined = [each.name.value for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    assert sorted(defined) == sorted(used(document).fragments)
    assert operation(document).name is not None


@every
def test_every_variable_is_declared_and_used(text: str) -> None:
    """GitHub refuses a document that declares what it does not use, or uses what it does not declare."""
    document = parse(text)
    declared = [each.variable.name.value for each in operation(document).variable_definitions or ()]
    uses = used(document).variables
    assert len(declared) == len(set(declared))
    assert all(uses.count(name) >= 2 for name in declared), "its declaration is one"
    assert set(uses) == set(declared)


@every
def test_values_are_never_part_of_a_document(text: str) -> None:
    """All that comes from a caller goes as a variable: a document has no texts of its own but the prefix of branches."""
    assert text.count('"') in {0, 2}
    assert '"' not in text.replace('"refs/heads/"', "")


@pytest.mark.parametrize(("threads", "replies"), [(0, 3), (3, 0), (2, 2), (100, 100)])
def test_a_review_is_built_of_its_parts(threads: int, replies: int) -> None:
    """A step for each, in order, each with its own variable and its own answer, so that each fails alone."""
    found = operation(parse(build_review(threads, replies)))
    steps = [each for each in found.selection_set.selections if isinstance(each, FieldNode)]
    aliases = [each.alias.value for each in steps if each.alias is not None]
    assert aliases == [f"t{i}" for i in range(threads)] + [f"r{i}" for i in range(replies)]
    assert [each.variable.name.value for each in found.variable_definitions or ()] == aliases
