"""What queries cost, against what gitlab.com was measured to take.

`MEASURED` are the costs of single fields (https://github.com/stackql-registry/stackql-provider-gitlab, 2026-09-25), the
documents those of https://github.com/cplieger/forgeapi (2026-09-20).
"""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, parse
from tests.testing.gitlab.graphql.scene import PATH, Scene, about

from pullbridge.testing.gitlab.graphql.cost import cost_of

#: The fields of a merge request that were measured to cost more than one, without what is selected of them.
MEASURED = {
    **dict.fromkeys(
        (
            "approvalsLeft",
            "approvalsRequired",
            "approved",
            "availableAutoMergeStrategies",
            "defaultMergeCommitMessage",
            "defaultSquashCommitMessage",
            "detailedMergeStatus",
            "diffHeadSha",
            "divergedFromTargetBranch",
            "hasSecurityReports",
            "mergeable",
            "mergeableDiscussionsState",
            "rebaseInProgress",
            "securityReportsUpToDateOnTargetBranch",
            "shouldBeRebased",
            "sourceBranchExists",
            "sourceBranchProtected",
            "targetBranchExists",
            "targetBranchPath",
        ),
        2,
    ),
    **dict.fromkeys(("closedAt", "mergedAt", "subscribed"), 5),
}
#: Of scalars, these were not measured: they are deprecated, or not of the project's list.
UNMEASURED = {"mergeStatus", "mergeTrainIndex", "mergeTrainsCount", "mergeWhenPipelineSucceeds", "securityAutoFix"}
_FIELDS = """
    iid title description author { username } sourceBranch targetBranch webUrl diffHeadSha createdAt updatedAt state draft
    mergedAt mergeable detailedMergeStatus autoMergeEnabled
    labels(first: 100) { pageInfo { hasNextPage } nodes { title color description } } headPipeline { status }"""
_AROUND = "fullPath userPermissions { pushCode readMergeRequest }"
_SCORE = "queryComplexity { score limit }"
ONE = (
    f"query One($fullPath: ID!, $iid: String!) {{ project(fullPath: $fullPath) {{ {_AROUND} "
    f"mergeRequest(iid: $iid) {{ {_FIELDS} }} }} {_SCORE} }}"
)
LIST = (
    f"query List($fullPath: ID!, $first: Int!, $after: String) {{ project(fullPath: $fullPath) {{ {_AROUND} "
    "mergeRequests(state: opened, first: $first, after: $after) "
    f"{{ pageInfo {{ hasNextPage endCursor }} nodes {{ {_FIELDS} }} }} }} {_SCORE} }}"
)
BOTH = (
    f'query Both {{ project(fullPath: "") {{ {_AROUND} '
    "mergeRequests(state: opened, first: 1, after: null) { pageInfo { hasNextPage endCursor } nodes { iid } } "
    f'mergeRequest(iid: "0") {{ {_FIELDS} }} }} {_SCORE} }}'
)


def score(scene: Scene, document: str, **variables: Any) -> int:
    parsed = parse(document)
    [operation, *_] = parsed.definitions
    return cost_of(scene.schema, parsed, operation, variables).complexity  # type: ignore[arg-type] # an operation


def test_every_field_costs_what_was_measured(plain: Scene) -> None:
    """Asked of a hundred rows, each plain field costs twice its own; the list with ids alone costs twelve."""
    kind = plain.schema.type_map["MergeRequest"]
    assert isinstance(kind, GraphQLObjectType)

    def of_list(*fields: str) -> int:
        rows = f"mergeRequests(first: 100) {{ nodes {{ {' '.join(fields)} }} }}"
        return score(plain, f'{{ {_SCORE} project(fullPath: "{PATH}") {{ {rows} }} }}')

    names = [name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))]
    costs = {name: of_list("id", name) - 12 for name in names if name not in {"id", *UNMEASURED}}

    assert of_list("id") == 12
    assert costs == {name: 2 * MEASURED.get(name, 1) for name in costs}
    assert costs.keys() >= MEASURED.keys()


@pytest.mark.parametrize(
    ("document", "variables", "measured"),
    [(ONE, {"fullPath": "a/b", "iid": "1"}, 46), (LIST, {"fullPath": "a/b", "first": 100}, 94), (BOTH, {}, 53)],
)
def test_documents_cost_what_was_measured(plain: Scene, document: str, variables: Any, measured: int) -> None:
    """One merge request, a page of a hundred, and both at once."""
    assert score(plain, document, **variables) == measured


def test_the_score_is_told(plain: Scene) -> None:
    """`queryComplexity` is the query's own, and its limit that of who asks."""
    mine = plain.data(ONE, fullPath=PATH, iid="1")["queryComplexity"]
    anybody = plain.data(ONE, token=None, fullPath=PATH, iid="1")["queryComplexity"]

    assert (mine, anybody) == ({"score": 46, "limit": 250}, {"score": 46, "limit": 200})


@pytest.mark.parametrize(
    ("selection", "cost"),
    [
        ("notes { nodes { body } }", 6),
        ("notes(first: 10) { nodes { body } }", 3),
        ("a: title b: title title title", 3),
        ("...T ... on MergeRequest { iid } ", 2),
        ("title @skip(if: true) iid @include(if: false) state", 1),
        ("discussions { nodes { noteable { ... on MergeRequest { title iid } } } }", 5),
        ("awardEmoji { count: __typename }", 2),
    ],
)
def test_selections_cost(plain: Scene, selection: str, cost: int) -> None:
    """By hand: rows of a resolver, aliases, fragments, directives and unions."""
    document = about(selection) + (" fragment T on MergeRequest { title }" if "...T" in selection else "")

    assert score(plain, document) == 2 + cost


def test_sorting_and_searching_cost_more(plain: Scene) -> None:
    """Lists of people and merge requests are always sorted, which costs one; a search costs five."""
    assert score(plain, "{ users(first: 1) { nodes { id } } }") == 4
    assert score(plain, '{ users(first: 1, search: "b") { nodes { id } } }') == 9
    assert score(plain, "{ currentUser { authoredMergeRequests(first: 1) { count } } }") == 4


def test_what_is_too_complex_is_refused(plain: Scene) -> None:
    """In GitLab's words, before anything runs, with status 200; nobody in particular has less."""
    wide = about(" ".join(f"a{number}: mergedAt" for number in range(40)))

    assert plain.ask(wide, token=None) == {
        "errors": [{"message": "Query has complexity of 202, which exceeds max complexity of 200"}]
    }
    assert "data" in plain.ask(wide)


def test_what_is_too_deep_is_refused(plain: Scene) -> None:
    """Fifteen fields deep for nobody in particular, twenty for who is signed in."""

    def deep(turns: int) -> str:
        return about("project { mergeRequest(iid: 1) { ".replace("1)", '"1")') * turns + "iid" + " } }" * turns)

    assert plain.ask(deep(7), token=None) == {
        "errors": [{"message": "Query has depth of 17, which exceeds max depth of 15"}]
    }
    assert "data" in plain.ask(deep(7))
    assert plain.ask(deep(9))["errors"][0]["message"] == "Query has depth of 21, which exceeds max depth of 20"
