"""Pages, nodes, repositories and commits: what is read besides the panel."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.github.graphql.scene import WEB, Scene, nodes_of

from pullbridge.testing.github.node_ids import node_id
from pullbridge.testing.store import records


def files(scene: Scene, arguments: str) -> Any:
    return scene.about(
        f"files({arguments}) {{ totalCount nodes {{ path }} edges {{ cursor node {{ path }} }} "
        "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
    )["files"]


def paths(page: Any) -> list[str]:
    return [node["path"] for node in page["nodes"]]


def test_pages_follow_each_other(plain: Scene) -> None:
    """The end cursor of one page begins the next, until there is none."""
    first = files(plain, "first: 3")
    second = files(plain, f'first: 3, after: "{first["pageInfo"]["endCursor"]}"')

    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (
        4,
        True,
        False,
    )
    assert paths(first) + paths(second) == ["a.py", "b.py", "new.py", "old.py"]
    assert first["edges"][-1] == {"cursor": first["pageInfo"]["endCursor"], "node": {"path": "new.py"}}


def test_pages_go_backwards(plain: Scene) -> None:
    """`last` and `before` count from the end."""
    last = files(plain, "last: 2")
    before = files(plain, f'last: 2, before: "{last["pageInfo"]["startCursor"]}"')

    assert (paths(before), paths(last)) == (["a.py", "b.py"], ["new.py", "old.py"])
    assert (last["pageInfo"]["hasPreviousPage"], before["pageInfo"]["hasPreviousPage"]) == (True, False)


def test_an_empty_page_has_no_cursors(plain: Scene) -> None:
    """Nothing begins and nothing ends."""
    page = files(plain, "first: 0")

    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ("first: 101", "EXCESSIVE_PAGINATION"),
        ("last: 101", "EXCESSIVE_PAGINATION"),
        ("first: -1", "INVALID_PAGINATION"),
        ('first: 1, after: "nonsense"', "INVALID_CURSOR_ARGUMENTS"),
        ('first: 1, after: "Y3Vyc29yOnYyOng="', "INVALID_CURSOR_ARGUMENTS"),
    ],
)
def test_bad_pages_are_refused(plain: Scene, arguments: str, kind: str) -> None:
    """Each with its type, and its path in the answer."""
    answer = plain.ask(
        '{ repository(owner: "octo", name: "app") { pullRequest(number: 1) '
        f"{{ files({arguments}) {{ nodes {{ path }} }} }} }} }}"
    )

    assert {error["type"] for error in answer["errors"]} == {kind}
    assert answer["errors"][0]["path"][:3] == ["repository", "pullRequest", "files"]


def test_a_list_needs_a_size_and_a_count_does_not(plain: Scene) -> None:
    """`first` or `last` is needed where items are listed, also by way of a fragment."""
    counted = plain.about("commits { totalCount }")
    answer = plain.ask(
        '{ repository(owner: "octo", name: "app") { pullRequest(number: 1) { commits { ...Listed } } } } '
        "fragment Listed on PullRequestCommitConnection { nodes { id } }"
    )

    assert counted == {"commits": {"totalCount": 1}}
    [error] = answer["errors"]
    assert (error["type"], error["path"]) == (
        "MISSING_PAGINATION_BOUNDARIES",
        ["repository", "pullRequest", "commits"],
    )
    assert answer["data"] == {"repository": {"pullRequest": None}}


def test_everything_is_found_by_its_id(scene: Scene) -> None:
    """A global id leads back to what has it."""
    ids = nodes_of(scene)

    nodes = scene.data("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=list(ids.values()))["nodes"]

    assert nodes == [{"__typename": name, "id": one} for name, one in ids.items()]


@pytest.mark.parametrize(
    "id", ["", "x", "PR_", "PR_AAAA", "PR_%%", "R_kgDOAAAAAAAAAAA", "REF_MTA6eA", "C_MTA6eA", "MQE_MQ"]
)
def test_an_id_that_leads_nowhere_is_null(scene: Scene, id: str) -> None:
    """One of several ids is null with an error of its own; the others are there."""
    answer = scene.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[scene.pull_id, id])

    assert answer["data"]["nodes"] == [{"id": scene.pull_id}, None]
    [error] = answer["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["nodes", 1])


def test_another_persons_pending_review_is_not_found(scene: Scene) -> None:
    """Not by its id either."""
    pending = next(review for review in scene.pull.reviews if review.pending)
    document = "query($id: ID!) { node(id: $id) { id } }"

    mine = scene.data(document, id=node_id(pending))
    theirs = scene.ask(document, token=scene.token_of("carol"), id=node_id(pending))

    assert mine["node"] == {"id": node_id(pending)}
    assert theirs["data"] == {"node": None}


def test_what_is_not_there_is_named(scene: Scene) -> None:
    """Each in GitHub's words."""
    answer = scene.ask(
        '{ a: repository(owner: "octo", name: "gone") { id } b: user(login: "nobody") { id } '
        'c: organization(login: "bob") { id } d: repository(owner: "octo", name: "app") { pullRequest(number: 99) { id } } }'
    )

    assert answer["data"] == {"a": None, "b": None, "c": None, "d": {"pullRequest": None}}
    assert [(error["type"], error["message"]) for error in answer["errors"]] == [
        ("NOT_FOUND", "Could not resolve to a Repository with the name 'octo/gone'."),
        ("NOT_FOUND", "Could not resolve to a User with the login of 'nobody'."),
        ("NOT_FOUND", "Could not resolve to an Organization with the login of 'bob'."),
        ("NOT_FOUND", "Could not resolve to a PullRequest with the number of 99."),
    ]


def test_a_renamed_repository_is_followed(scene: Scene) -> None:
    """Its former name leads to it, unless that is not wanted."""
    scene.store.repositories.rename(scene.repository, "octo/new")
    document = 'query($f: Boolean) { repository(owner: "octo", name: "app", followRenames: $f) { nameWithOwner } }'

    followed = scene.data(document)
    strict = scene.ask(document, f=False)

    assert followed == {"repository": {"nameWithOwner": "octo/new"}}
    assert strict["errors"][0]["type"] == "NOT_FOUND"


def test_pull_requests_are_listed_by_state_branch_and_label(scene: Scene) -> None:
    """Filters hold together; an order turns the list round."""
    store, bob = scene.store, scene.user("bob")
    store.repositories.commit(scene.repository, "other", {"o.py": "o\n"}, start="main")
    store.pulls.create(scene.repository, bob, title="Two", source_branch="other", target_branch="main")

    def numbers(arguments: str) -> list[int]:
        found = scene.data(
            f'{{ repository(owner: "octo", name: "app") {{ pullRequests(first: 9, {arguments}) {{ nodes {{ number }} }} }} }}'
        )
        return [node["number"] for node in found["repository"]["pullRequests"]["nodes"]]

    assert numbers("states: [OPEN]") == [1, 2]
    assert numbers("orderBy: {field: CREATED_AT, direction: DESC}") == [2, 1]
    assert numbers('headRefName: "other"') == [2]
    assert numbers('baseRefName: "other"') == []
    assert numbers('labels: ["bug", "docs"]') == [1]
    assert numbers("states: [CLOSED, MERGED]") == []


def test_a_repository_tells_its_settings(scene: Scene) -> None:
    """Its merge methods, its default branch, the viewer's role."""
    found = scene.data(
        '{ repository(owner: "octo", name: "app") { url viewerPermission viewerDefaultMergeMethod visibility isFork '
        'owner { __typename login } defaultBranchRef { name prefix target { oid } } ref(qualifiedName: "feature") { name } '
        'missing: ref(qualifiedName: "nope") { name } refs(refPrefix: "refs/heads/", first: 5) { nodes { name } } '
        'label(name: "BUG") { color } milestone(number: 1) { title } assignableUsers(first: 2, query: "bo") { nodes { login } } } }'
    )["repository"]

    assert found == {
        "url": f"{WEB}/octo/app",
        "viewerPermission": "WRITE",
        "viewerDefaultMergeMethod": "MERGE",
        "visibility": "PUBLIC",
        "isFork": False,
        "owner": {"__typename": "Organization", "login": "octo"},
        "defaultBranchRef": {
            "name": "main",
            "prefix": "refs/heads/",
            "target": {"oid": scene.repository.git.head("main")},
        },
        "ref": {"name": "feature"},
        "missing": None,
        "refs": {"nodes": [{"name": "feature"}, {"name": "main"}]},
        "label": {"color": "ff0000"},
        "milestone": {"title": "One"},
        "assignableUsers": {"nodes": [{"login": "bob"}]},
    }


def test_files_are_read_by_expression(scene: Scene) -> None:
    """Texts, folders and commits, by branch and path."""
    found = scene.data(
        '{ repository(owner: "octo", name: "app") { '
        'text: object(expression: "feature:new.py") { ... on Blob { text byteSize isBinary } } '
        'folder: object(expression: "HEAD:") { ... on Tree { entries { name type mode size } } } '
        'commit: object(expression: "main") { __typename ... on Commit { message tree { oid } additions } } '
        'nothing: object(expression: "main:nope") { oid } } }'
    )["repository"]

    assert found["text"] == {"text": "new\n", "byteSize": 4, "isBinary": False}
    assert [entry["name"] for entry in found["folder"]["entries"]] == ["a.py", "b.py", "old.py"]
    assert found["commit"]["__typename"] == "Commit"
    assert found["commit"]["additions"] == 120
    assert found["nothing"] is None


def test_a_template_is_found(scene: Scene) -> None:
    """In the default branch."""
    scene.store.repositories.commit(scene.repository, "main", {".github/pull_request_template.md": "## Why\n"})

    found = scene.data('{ repository(owner: "octo", name: "app") { pullRequestTemplates { filename body } } }')

    assert found["repository"]["pullRequestTemplates"] == [
        {"filename": ".github/pull_request_template.md", "body": "## Why\n"}
    ]


def test_a_commit_knows_its_pull_requests_and_checks(scene: Scene) -> None:
    """Who wrote it, where it belongs, and what ran on it."""
    commit = scene.about(
        "commits(last: 1) { nodes { commit { author { user { login } } additions changedFilesIfAvailable "
        "status { state contexts { context } } statusCheckRollup { state } "
        "associatedPullRequests(first: 5) { nodes { number } } } } }"
    )["commits"]["nodes"][0]["commit"]

    assert commit["author"]["user"] == {"login": "alice"}
    assert (commit["additions"], commit["changedFilesIfAvailable"]) == (3, 4)
    assert commit["status"] == {"state": "FAILURE", "contexts": [{"context": "lint"}, {"context": "unit"}]}
    assert commit["associatedPullRequests"]["nodes"] == [{"number": 1}]


def test_a_check_run_has_a_suite_and_an_app(scene: Scene) -> None:
    """GitHub Actions' runs have a workflow, others have none."""
    nodes = scene.about(
        "statusCheckRollup { contexts(first: 9) { checkRunCount statusContextCount checkRunCountsByState { state count } "
        "nodes { ... on CheckRun { name checkSuite { status conclusion app { slug name } "
        "workflowRun { event workflow { name } } checkRuns(first: 5) { totalCount } } } } } }"
    )["statusCheckRollup"]["contexts"]

    suites = {node["name"]: node["checkSuite"] for node in nodes["nodes"] if node}
    assert (nodes["checkRunCount"], nodes["statusContextCount"]) == (3, 2)
    assert suites["ci"]["workflowRun"] == {"event": "pull_request", "workflow": {"name": "CI"}}
    assert suites["docs"]["workflowRun"] is None
    assert suites["e2e"]["status"] == "IN_PROGRESS"
    assert suites["ci"]["app"] == {"slug": "github-actions", "name": "Github Actions"}


def test_an_address_leads_to_a_pull_request(scene: Scene) -> None:
    """By its web page; a foreign one leads nowhere."""
    document = "query($u: URI!) { resource(url: $u) { __typename url } }"

    assert scene.data(document, u=f"{WEB}/octo/app/pull/1")["resource"]["__typename"] == "PullRequest"
    assert scene.data(document, u=f"{WEB}/octo/app")["resource"]["__typename"] == "Repository"
    assert scene.data(document, u="https://elsewhere.test/octo/app/pull/1") == {"resource": None}


def test_a_team_has_members(scene: Scene) -> None:
    """By its organization and slug."""
    found = scene.data(
        '{ organization(login: "octo") { team(slug: "core") { combinedSlug members(first: 5) { nodes { login } } } '
        'none: team(slug: "nope") { slug } } }'
    )["organization"]

    assert found == {"team": {"combinedSlug": "octo/core", "members": {"nodes": [{"login": "carol"}]}}, "none": None}


def test_the_viewer_is_whose_token_it_is(scene: Scene) -> None:
    """And nobody else."""
    assert scene.data("{ viewer { login isViewer databaseId } }")["viewer"] == {
        "login": "bob",
        "isViewer": True,
        "databaseId": scene.user("bob").id,
    }
    assert isinstance(scene.store.find(records.User, scene.user("bob").id), records.User)
