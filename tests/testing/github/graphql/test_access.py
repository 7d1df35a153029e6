"""Who sees and does what by GraphQL: roles, classic scopes, permissions of fine-grained tokens and apps."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.github.graphql.scene import Scene

from pullbridge.testing.github.node_ids import node_id
from pullbridge.testing.store import Role

NAME = '{ repository(owner: "octo", name: "app") { nameWithOwner pullRequest(number: 1) { number } } }'
TEAM = (
    '{ repository(owner: "octo", name: "app") { pullRequest(number: 1) { reviewRequests(first: 1) { nodes '
    "{ requestedReviewer { ... on Team { slug } } } } } } }"
)
CHECKS = "title statusCheckRollup { state contexts(first: 9) { nodes { __typename } } }"
READ_ONLY = {"pull_requests": "read"}


def checks(scene: Scene, **permissions: str) -> dict[str, Any]:
    """The checks as a fine-grained token gets them."""
    token = scene.token_of("bob", permissions={"pull_requests": "read", **permissions})
    document = f'{{ repository(owner: "octo", name: "app") {{ pullRequest(number: 1) {{ {CHECKS} }} }} }}'
    return scene.ask(document, token=token)


def test_a_hidden_repository_is_not_found(scene: Scene) -> None:
    """Who may not see it is told that it is not there, by name and by id."""
    scene.repository.private = True
    scene.repository.members = {"bob": Role.READ}
    stranger = scene.token_of("mallory")

    answer = scene.ask(NAME, token=stranger)
    node = scene.ask("query($id: ID!) { node(id: $id) { id } }", token=stranger, id=scene.pull_id)
    search = scene.data('{ search(query: "is:pr", type: ISSUE, first: 5) { issueCount } }', token=stranger)

    assert answer["data"] == {"repository": None}
    assert answer["errors"][0]["message"] == "Could not resolve to a Repository with the name 'octo/app'."
    assert node["errors"][0]["type"] == "NOT_FOUND"
    assert search["search"] == {"issueCount": 0}
    assert scene.data(NAME)["repository"]["pullRequest"] == {"number": 1}


@pytest.mark.parametrize(("scopes", "sees"), [(("repo",), True), (("public_repo",), False), ((), False)])
def test_private_things_need_the_scope_repo(scene: Scene, scopes: tuple[str, ...], sees: bool) -> None:
    """No narrower classic scope shows a private repository."""
    scene.repository.private = True
    scene.repository.members = {"bob": Role.WRITE}

    answer = scene.ask(NAME, token=scene.token_of("bob", scopes=scopes))

    assert (answer["data"]["repository"] is not None) is sees


def test_public_things_need_no_scope(scene: Scene) -> None:
    """Reading them needs a token, and nothing more."""
    assert scene.data(NAME, token=scene.token_of("mallory", scopes=()))["repository"]["nameWithOwner"] == "octo/app"


def test_writing_needs_a_scope(scene: Scene) -> None:
    """Without one nothing runs, and the error names what would do and what is there."""
    answer = scene.ask(
        "mutation($i: AddCommentInput!) { addComment(input: $i) { clientMutationId } }",
        token=scene.token_of("bob", scopes=("gist", "read:org")),
        i={"subjectId": scene.pull_id, "body": "Hello"},
    )

    assert answer == {
        "errors": [
            {
                "type": "INSUFFICIENT_SCOPES",
                "locations": [{"line": 1, "column": 34}],
                "message": "Your token has not been granted the required scopes to execute this query. The 'addComment' "
                "field requires one of the following scopes: ['public_repo', 'repo'], but your token has only been "
                "granted the: ['gist', 'read:org'] scopes. Please modify your token's scopes at: "
                "https://github.com/settings/tokens.",
            }
        ]
    }
    assert len(scene.pull.comments) == 1


@pytest.mark.parametrize("scope", ["read:org", "admin:org", "read:discussion"])
def test_a_teams_fields_need_a_scope_of_their_own(scene: Scene, scope: str) -> None:
    """A document that names one is refused whole with `repo` alone, wherever the field is."""
    refused = scene.ask(TEAM, token=scene.token_of("bob", scopes=("repo",)))
    answer = scene.ask(TEAM, token=scene.token_of("bob", scopes=("repo", scope)))

    assert "data" not in refused
    assert [error["type"] for error in refused["errors"]] == ["INSUFFICIENT_SCOPES"]
    assert "['read:org', 'read:discussion']" in refused["errors"][0]["message"]
    assert "errors" not in answer


def test_fine_grained_tokens_have_no_scopes(scene: Scene) -> None:
    """They are not asked for classic ones."""
    assert "errors" not in scene.ask(TEAM, token=scene.token_of("bob", permissions=READ_ONLY))


def test_private_pull_requests_need_their_permission(scene: Scene) -> None:
    """The repository is there, its pull requests are refused."""
    scene.repository.private = True
    scene.repository.members = {"bob": Role.WRITE}

    answer = scene.ask(NAME, token=scene.token_of("bob", permissions={"contents": "read"}))

    assert answer["data"] == {"repository": {"nameWithOwner": "octo/app", "pullRequest": None}}
    assert answer["errors"][0] == {
        "type": "FORBIDDEN",
        "path": ["repository", "pullRequest"],
        "extensions": {"saml_failure": False},
        "locations": [{"line": 1, "column": 58}],
        "message": "Resource not accessible by personal access token",
    }


@pytest.mark.parametrize(
    ("handle", "message"),
    [
        ("bob", "Resource not accessible by personal access token"),
        ("helper[bot]", "Resource not accessible by integration"),
    ],
)
def test_resolving_needs_contents_write(scene: Scene, handle: str, message: str) -> None:
    """Writing to pull requests alone is refused, and the thread says so beforehand."""
    thread = scene.thread(4)
    token = scene.token_of(handle, permissions={"pull_requests": "write", "contents": "read"})
    enough = scene.token_of(handle, permissions={"pull_requests": "write", "contents": "write"})

    told = scene.data(
        "query($id: ID!) { node(id: $id) { ... on PullRequestReviewThread { viewerCanResolve viewerCanReply } } }",
        token=token,
        id=node_id(thread),
    )
    error = scene.refused("resolveReviewThread", token=token, threadId=node_id(thread))
    resolved = scene.do("resolveReviewThread", "thread { isResolved }", token=enough, threadId=node_id(thread))

    assert told["node"] == {"viewerCanResolve": False, "viewerCanReply": True}
    assert (error["type"], error["message"]) == ("FORBIDDEN", message)
    assert resolved == {"thread": {"isResolved": True}}


def test_commenting_needs_the_permission_to_write(scene: Scene) -> None:
    """Reading is not enough."""
    token = scene.token_of("bob", permissions=READ_ONLY)

    error = scene.refused("addComment", token=token, subjectId=scene.pull_id, body="Hello")

    assert error["type"] == "FORBIDDEN"


def test_fine_grained_tokens_read_no_check_runs(scene: Scene) -> None:
    """Each run is null with an error of its own; the state, the statuses and all else are there."""
    scene.repository.private = True
    scene.repository.members = {"bob": Role.WRITE}

    answer = checks(scene, statuses="read")

    pull = answer["data"]["repository"]["pullRequest"]
    assert (pull["title"], pull["statusCheckRollup"]["state"]) == ("Change one line", "FAILURE")
    assert pull["statusCheckRollup"]["contexts"]["nodes"] == [None] * 3 + [{"__typename": "StatusContext"}] * 2
    assert {error["type"] for error in answer["errors"]} == {"FORBIDDEN"}
    assert [error["path"][3:] for error in answer["errors"]] == [["contexts", "nodes", number] for number in range(3)]


def test_an_app_may_read_all_checks(scene: Scene) -> None:
    """With both permissions nothing is refused; so are public ones with none."""
    scene.repository.private = True
    scene.repository.members = {"bob": Role.WRITE}
    private = checks(scene, statuses="read", checks="read")
    scene.repository.private = False

    assert "errors" not in private
    assert "errors" not in checks(scene)


def test_single_sign_on_is_asked_for(scene: Scene) -> None:
    """A token that was not authorized for the organization is refused, with a word that says why."""
    token = scene.token_of("bob", sso_url="https://sso.test/authorize")

    answer = scene.ask(NAME, token=token)

    assert answer["data"] == {"repository": None}
    assert answer["errors"][0]["extensions"] == {"saml_failure": True}


def test_the_author_may_edit_what_others_may_not(plain: Scene) -> None:
    """One's own pull request needs no role."""
    plain.repository.members = {}
    given: dict[str, Any] = {"pullRequestId": plain.pull_id, "title": "Mine"}

    mine = plain.do("updatePullRequest", "pullRequest { title }", token=plain.token_of("alice"), **given)
    error = plain.refused("updatePullRequest", **given)

    assert mine == {"pullRequest": {"title": "Mine"}}
    assert error["message"] == "bob does not have the correct permissions to execute `UpdatePullRequest`"


def test_association_and_permission_are_told(plain: Scene) -> None:
    """A contributor has merged something before; a stranger has not."""
    plain.repository.members = {"bob": Role.TRIAGE}

    before = plain.about("authorAssociation viewerCanLabel viewerCanUpdate")
    plain.pull.state = "merged"

    assert before == {"authorAssociation": "NONE", "viewerCanLabel": True, "viewerCanUpdate": False}
    assert plain.about("authorAssociation") == {"authorAssociation": "CONTRIBUTOR"}
