"""GraphQL over HTTP: its address, tokens of all kinds, several queries in one request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from graphql import build_client_schema, get_introspection_query

from pullbridge.testing import Forge
from pullbridge.testing.gitlab.host import GitLab

ME = "{ currentUser { username } }"
PROJECT = '{ project(fullPath: "group/app") { fullPath } }'
WRITE = (
    'mutation { mergeRequestSetDraft(input: { projectPath: "group/app", iid: "1", draft: true }) '
    "{ errors mergeRequest { title } } }"
)
UNAVAILABLE = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)


@pytest.fixture
def host() -> Iterator[GitLab]:
    with Forge() as forge:
        repository = forge.gitlab.repository("group/app", files={"a.py": "one\n"})
        repository.commit("feature", {"a.py": "two\n"})
        store = forge.gitlab.store
        store.pulls.create(
            repository.record,
            store.people.user("alice"),
            title="Change",
            source_branch="feature",
            target_branch="main",
        )
        yield forge.gitlab


def post(host: GitLab, sent: Any, *, token: str | None = None, **how: Any) -> requests.Response:
    headers = {"PRIVATE-TOKEN": token} if token else {}
    body = {"query": sent} if isinstance(sent, str) else sent
    options: dict[str, Any] = {"json": body, "headers": headers, **how}
    return requests.post(f"{host.url}/api/graphql", timeout=30, **options)


def test_any_header_and_nobody_may_ask(host: GitLab) -> None:
    """A private token, a bearer, and nobody: who is then null, and public projects are still there."""
    token = host.token("bob")

    private = post(host, ME, token=token).json()
    bearer = post(host, ME, headers={"Authorization": f"Bearer {token}"}).json()
    nobody = post(host, ME).json()

    assert private == bearer == {"data": {"currentUser": {"username": "bob"}}}
    assert nobody == {"data": {"currentUser": None}}
    assert post(host, PROJECT).json() == {"data": {"project": {"fullPath": "group/app"}}}


@pytest.mark.parametrize("kind", ["unknown", "expired", "read_user", "job"])
def test_a_token_that_is_no_good_is_refused(host: GitLab, kind: str) -> None:
    """401 in GraphQL's shape: for one that is unknown, expired, of a job, or neither for reading nor for writing."""
    made = {
        "unknown": "glpat-nothing",
        "expired": host.token("bob", expired=True),
        "read_user": host.token("bob", scopes=("read_user",)),
        "job": host.token("bob", kind="job"),
    }

    answer = post(host, ME, headers={"JOB-TOKEN" if kind == "job" else "PRIVATE-TOKEN": made[kind]})

    assert (answer.status_code, answer.json()) == (401, {"errors": [{"message": "Invalid token"}]})


def test_a_token_for_reading_reads(host: GitLab) -> None:
    """With `read_api` all may be asked, and nothing changed."""
    token = host.token("bob", scopes=("read_api",))

    assert post(host, ME, token=token).json()["data"]["currentUser"]
    refused = post(host, WRITE, token=token).json()

    assert refused["data"] == {"mergeRequestSetDraft": None}
    assert refused["errors"][0] == {
        "message": UNAVAILABLE,
        "locations": [{"line": 1, "column": 12}],
        "path": ["mergeRequestSetDraft"],
    }


def test_what_may_not_be_seen_is_null(host: GitLab) -> None:
    """A hidden project, one that was moved, and one that never was are null, without an error."""
    host.repository("group/secret", private=True, members={"ada": "write"})
    host.repository("group/old")
    host.rename("group/old", "group/new")
    document = (
        '{ a: project(fullPath: "group/secret") { id } b: project(fullPath: "group/old") { id } '
        'c: project(fullPath: "no/thing") { id } d: project(fullPath: "GROUP/NEW") { fullPath } }'
    )

    answer = post(host, document, token=host.token("bob")).json()

    assert answer == {"data": {"a": None, "b": None, "c": None, "d": {"fullPath": "group/new"}}}
    seen = post(host, '{ project(fullPath: "group/secret") { visibility } }', token=host.token("ada")).json()
    assert seen == {"data": {"project": {"visibility": "private"}}}


def test_a_fine_grained_token_gets_little(host: GitLab) -> None:
    """As it is turned: nothing, nothing and an error, or the merge request without most of what belongs to it."""
    token = host.token("bob", permissions={"read_merge_request": "", "read_project": ""})
    document = (
        '{ currentUser { id } project(fullPath: "group/app") { mergeRequest(iid: "1") '
        "{ title reviewers { nodes { id } } approvedBy { nodes { id } } headPipeline { id } diffStats { path } } } }"
    )

    nothing = post(host, document, token=token).json()
    host.knobs.fine_grained = "refused"
    refused = post(host, document, token=token).json()
    host.knobs.fine_grained = "part"
    part = post(host, document, token=token).json()

    assert nothing == {"data": {"currentUser": None, "project": None}}
    assert refused["data"] == nothing["data"]
    assert "fine-grained" in refused["errors"][0]["message"]
    assert part == {
        "data": {
            "currentUser": None,
            "project": {
                "mergeRequest": {
                    "title": "Change",
                    "reviewers": None,
                    "approvedBy": None,
                    "headPipeline": None,
                    "diffStats": None,
                }
            },
        }
    }
    assert "fine-grained" in post(host, WRITE, token=token).json()["errors"][0]["message"]


def test_several_queries_in_one_request(host: GitLab) -> None:
    """A list is answered by a list, each by itself; `variables` may be text."""
    asked = [
        {"query": ME},
        {"query": "{ nothing }"},
        {
            "query": "query A { __typename } query B($path: ID!) { project(fullPath: $path) { path } }",
            "operationName": "B",
            "variables": '{"path": "group/app"}',
        },
    ]

    first, second, third = post(host, asked, token=host.token("bob")).json()

    assert first == {"data": {"currentUser": {"username": "bob"}}}
    assert second["errors"][0]["extensions"]["code"] == "undefinedField"
    assert third == {"data": {"project": {"path": "app"}}}


def test_queries_of_one_request_share_the_limit(host: GitLab) -> None:
    """Two that are each simple enough are together too complex: then neither runs."""
    half = "{ currentUser { " + " ".join(f"a{number}: id" for number in range(124)) + " } }"

    wider = half.replace("a0: id", "a0: id b: id")

    for answer in post(host, [{"query": half}] * 2, token=host.token("bob")).json():
        assert answer["data"]["currentUser"]["a0"]
    for answer in post(host, [{"query": wider}] * 2, token=host.token("bob")).json():
        assert answer["errors"][0]["message"] == "Query has complexity of 252, which exceeds max complexity of 250"


def test_a_query_that_is_too_long_is_refused(host: GitLab) -> None:
    """10,000 characters of all queries together; the answer has status 422."""
    long = "{ currentUser { id } }" + " " * 9_979

    answer = post(host, long)

    assert (answer.status_code, answer.json()) == (422, {"errors": [{"message": "Query too large"}]})
    assert post(host, long[:-1]).status_code == 200


def test_reading_by_get(host: GitLab) -> None:
    """An address may carry a query; a mutation there is refused."""
    url = f"{host.url}/api/graphql"

    read = requests.get(url, params={"query": PROJECT}, timeout=30)
    write = requests.get(url, params={"query": WRITE}, timeout=30)

    assert read.json()["data"]["project"] == {"fullPath": "group/app"}
    assert (write.status_code, write.json()["errors"][0]["message"]) == (
        422,
        "Mutations are forbidden in GET requests",
    )


@pytest.mark.parametrize(
    ("how", "status"),
    [({"data": b"{", "json": None}, 400), ({"json": {"query": ME, "variables": [1]}}, 422)],
)
def test_what_is_no_request_is_refused(host: GitLab, how: dict[str, Any], status: int) -> None:
    """Text that is no JSON, and variables that are no object."""
    headers = {"Content-Type": "application/json"}

    answer = post(host, ME, headers=headers, **how)

    assert answer.status_code == status
    assert answer.json()["errors"][0]["message"]


def test_the_schema_is_told_to_anybody(host: GitLab) -> None:
    """What asks for all of it nests deeper than any other question may."""
    told = post(host, get_introspection_query()).json()

    assert "errors" not in told
    assert "MergeRequest" in build_client_schema(told["data"]).type_map


def test_a_form_may_be_sent(host: GitLab) -> None:
    """As `curl --data` does."""
    answer = post(host, ME, json=None, data={"query": PROJECT})

    assert answer.json()["data"]["project"] == {"fullPath": "group/app"}


def test_an_operation_must_be_named(host: GitLab) -> None:
    """Of several operations one is chosen by its name."""
    document = "query A { __typename } query B { __typename }"

    nameless = post(host, document).json()
    unknown = post(host, {"query": document, "operationName": "C"}).json()

    assert nameless == {"errors": [{"message": "An operation name is required"}]}
    assert unknown == {"errors": [{"message": 'No operation named "C"'}]}


def test_variables_are_checked(host: GitLab) -> None:
    """A number where the schema has text, and nothing where there must be something, in graphql-ruby's words."""
    document = 'query Q($iid: String!) { project(fullPath: "group/app") { mergeRequest(iid: $iid) { title } } }'

    number = post(host, {"query": document, "variables": {"iid": 1}}).json()["errors"][0]
    nothing = post(host, document).json()["errors"][0]

    assert number == {
        "message": "Variable $iid of type String! was provided invalid value",
        "locations": [{"line": 1, "column": 9}],
        "extensions": {
            "value": 1,
            "problems": [{"path": [], "explanation": "Could not coerce value 1 to String"}],
        },
    }
    assert nothing["extensions"]["problems"] == [{"path": [], "explanation": "Expected value to not be null"}]


def test_below_a_relative_root() -> None:
    """The address is below the root, and so are those in answers."""
    with Forge(gitlab_root="/gitlab") as forge:
        host = forge.gitlab
        host.repository("group/app")

        answer = post(host, '{ project(fullPath: "group/app") { webUrl } }').json()

        assert host.url.endswith("/gitlab")
        assert answer["data"]["project"]["webUrl"] == f"{host.url}/group/app"
