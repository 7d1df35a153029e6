"""Every GraphQL document of the library runs on the forge's GitLab, in every version and edition, within its limits.

That the forge's schema is GitLab's is proven in `test_gitlab_forge_schema`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, print_schema, validate
from tests.contract.graphql_answers import exchange_problems
from tests.contract.specs import gitlab_schema
from tests.testing.gitlab.graphql.scene import PATH, Scene, full_scene

from pullbridge.hosts import gating
from pullbridge.hosts.gitlab import queries
from pullbridge.hosts.gitlab.gating import TYPES
from pullbridge.testing.gitlab.graphql.cost import MOST_COMPLEXITY, MOST_DEPTH, cost_of
from pullbridge.testing.gitlab.graphql.door import MOST_TEXT
from pullbridge.testing.gitlab.graphql.schema import bound_schema
from pullbridge.testing.graphql.ruby import RULES

pytestmark = pytest.mark.contract

DOCUMENTS = {name: text for name, text in vars(queries).items() if name.isupper() and not name.startswith("_")}
#: What was found to matter: the floor of the facts, the last without most of what is new, the reference, and the newest.
GITLABS = [(version, enterprise) for version in ((15, 0), (16, 11), (17, 9), (19, 2)) for enterprise in (True, False)]
NEWEST = ((19, 2), True)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with closing(full_scene(tmp_path_factory.mktemp("forge"))) as made:
        yield made


def operation_of(text: str) -> OperationDefinitionNode:
    return next(one for one in parse(text).definitions if isinstance(one, OperationDefinitionNode))


def unknown(text: str, version: tuple[int, ...], *, enterprise: bool) -> frozenset[gating.Field]:
    """The fields that this GitLab lacks; nothing else may be wrong."""
    errors = validate(bound_schema(version, enterprise=enterprise), parse(text), RULES, max_errors=1000)
    told = [error.extensions or {} for error in errors]
    assert {one.get("code") for one in told} <= {"undefinedField"}, errors
    return frozenset((one["typeName"], one["fieldName"]) for one in told)


@pytest.mark.parametrize(("version", "enterprise"), GITLABS)
def test_what_a_gitlab_lacks_may_be_missed(version: tuple[int, ...], enterprise: bool) -> None:
    """No read of any version or edition is refused for a field that cannot be left out; without them it is valid."""
    for name, text in DOCUMENTS.items():
        lacking = unknown(text, version, enterprise=enterprise)
        if operation_of(text).operation.value == "mutation":
            assert {kind for kind, _ in lacking} <= {"Mutation"}, name
            continue
        assert all(TYPES.dispensable(field) for field in lacking), (name, lacking)
        reduced = gating.without(text, lacking, TYPES).text
        assert reduced is not None, name
        assert unknown(reduced, version, enterprise=enterprise) == frozenset(), name


def test_the_newest_gitlab_has_all() -> None:
    """Nothing in a document is only a hope."""
    version, enterprise = NEWEST

    assert {
        name: found for name, text in DOCUMENTS.items() if (found := unknown(text, version, enterprise=enterprise))
    } == {}


def test_every_document_keeps_to_the_limits() -> None:
    """In length, depth and complexity: to those for nobody in particular, with pages of a hundred."""
    schema = bound_schema(NEWEST[0], enterprise=NEWEST[1])
    for name, text in DOCUMENTS.items():
        cost = cost_of(schema, parse(text), operation_of(text), {})
        assert len(text) <= MOST_TEXT, name
        assert cost.depth <= MOST_DEPTH, name
        assert cost.complexity <= MOST_COMPLEXITY, (name, cost)


def reads() -> dict[str, str]:
    return {name: text for name, text in DOCUMENTS.items() if operation_of(text).operation.value == "query"}


def answered(scene: Scene, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The request, and its answer without errors."""
    variables = {"fullPath": PATH, "iid": "1", "iids": ["1"], "after": None}
    declared = {one.variable.name.value for one in operation_of(text).variable_definitions or ()}
    given: dict[str, Any] = {key: value for key, value in variables.items() if key in declared}
    answer = scene.ask(text, **given)
    assert "errors" not in answer, (text, answer)
    return {"query": text, "variables": given}, answer


def test_every_read_is_answered(scene: Scene) -> None:
    """Without an error, and by what the schema allows, of a merge request with some of everything."""
    schema = build_schema(print_schema(bound_schema(NEWEST[0], enterprise=NEWEST[1])))
    for name, text in reads().items():
        assert exchange_problems(schema, *answered(scene, text)) == [], name


def test_every_read_of_15_0_is_answered_as_its_introspection_says(scene: Scene) -> None:
    """Without what it lacks; the judge is what gitlab.com told of itself."""
    scene.at("15.0.0-ee")
    for name, text in reads().items():
        reduced = gating.without(text, unknown(text, (15, 0), enterprise=True), TYPES).text
        assert reduced is not None
        assert exchange_problems(gitlab_schema(), *answered(scene, reduced)) == [], name
    scene.at("19.2.0-ee")


def test_every_mutation_is_answered(scene: Scene) -> None:
    """Its payload says what was wrong, if anything."""
    scene.at("19.2.0-ee")
    where = {"projectPath": PATH, "iid": "1"}
    more: dict[str, dict[str, Any]] = {"ASK_ANEW": {"userId": f"gid://gitlab/User/{scene.user('carol').id}"}}
    tried = []
    for name, text in DOCUMENTS.items():
        if operation_of(text).operation.value == "mutation":
            answer = scene.ask(text, input={**where, **more.get(name, {})})
            assert "errors" not in answer, (name, answer)
            tried.append(name)

    assert set(more) <= set(tried)
