"""The judge of REST exchanges must be able to say no."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from tests.contract.openapi import ANY_TIME, MAY_BE_NULL, Exchange, Judge
from tests.contract.specs import DOTCOM, GHES, OpenApi, github_openapi

PERSON = {
    "type": "object",
    "required": ["login", "id"],
    "properties": {"login": {"type": "string"}, "id": {"type": "integer"}, "url": {"type": "string", "format": "uri"}},
}
PULL = {
    "type": "object",
    "required": ["number", "state", "user", "merged_at"],
    "properties": {
        "number": {"type": "integer"},
        "state": {"type": "string", "enum": ["open", "closed"]},
        "reason": {"type": "string", "nullable": True, "enum": ["spam"]},
        "user": {"$ref": "#/components/schemas/person"},
        "merged_at": {"type": "string", "format": "date-time", "nullable": True},
        "milestone": {"nullable": True, "oneOf": [{"$ref": "#/components/schemas/person"}, {"type": "string"}]},
        "extra": {"type": "object", "properties": {}, "additionalProperties": True},
        "whole": {"allOf": [{"$ref": "#/components/schemas/person"}, {"properties": {"team": {"type": "string"}}}]},
    },
}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/repos/{owner}/{repo}/pulls": {
            "get": {
                "parameters": [
                    {"$ref": "#/components/parameters/owner"},
                    {"name": "repo", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "state", "in": "query", "schema": {"type": "string", "enum": ["open", "all"]}},
                    {"name": "per_page", "in": "query", "schema": {"type": "integer"}},
                    {"name": "draft", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "sort", "in": "query", "required": True, "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "headers": {"Link": {}},
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/pull"}}
                            }
                        },
                    }
                },
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["title"],
                                "properties": {
                                    "title": {"type": "string"},
                                    "head_repo": {"type": "string", "format": "repo.nwo"},
                                    "to": {"type": "object", "properties": {"ref": {"type": "string"}}},
                                },
                            }
                        }
                    },
                },
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/pull"}}}},
                    "204": {"description": "nothing to say"},
                },
            },
        },
        "/repos/{owner}/{repo}/pulls/{pull_number}": {
            "get": {
                "parameters": [
                    {"name": "pull_number", "in": "path", "required": True, "schema": {"type": "integer"}},
                ],
                "description": "With a custom media type the answer is a diff or a patch.",
                "responses": {"200": {"content": {"application/json": {}, "application/vnd.github.diff": {}}}},
            },
            "delete": {"responses": {"204": {}, "422": {"description": "It cannot be deleted."}}},
        },
        "/repos/{owner}/{repo}/pulls/comments": {"get": {"responses": {"200": {}}}},
        "/repos/{owner}/{repo}/contents/{path}": {"get": {"responses": {"200": {}}}},
        "/repos/{owner}/{repo}/compare/{base}...{head}": {"get": {"responses": {"200": {}}}},
    },
    "components": {
        "parameters": {"owner": {"name": "owner", "in": "path", "required": True, "schema": {"type": "string"}}},
        "schemas": {
            "person": PERSON,
            "pull": PULL,
            "basic-error": {"type": "object", "properties": {"message": {"type": "string"}}},
        },
    },
}
GOOD = {"number": 7, "state": "open", "user": {"login": "octo", "id": 1}, "merged_at": None}
JSON_TYPE = {"content-type": "application/json; charset=utf-8"}


@pytest.fixture
def judge() -> Judge:
    return Judge(msgspec.json.decode(json.dumps(DOCUMENT), type=OpenApi))


def created(answer: Any, **facts: Any) -> Exchange:
    return Exchange(
        method="POST",
        path="/repos/o/r/pulls",
        status=201,
        **{"body": b'{"title": "T"}', "answer": json.dumps(answer).encode(), "answer_headers": JSON_TYPE, **facts},
    )


def listed(query: str = "sort=created", **facts: Any) -> Exchange:
    return Exchange(
        method="GET",
        path="/repos/o/r/pulls",
        query=query,
        **{"status": 200, "answer": b"[]", "answer_headers": JSON_TYPE, **facts},
    )


def test_a_right_exchange_has_no_problems(judge: Judge) -> None:
    """What keeps to the document passes, in the request and in the answer."""
    assert judge.problems(created(GOOD)) == []
    assert judge.problems(created({**GOOD, "reason": None, "milestone": None, "extra": {"any": 1}})) == []
    assert judge.problems(created({**GOOD, "whole": {"login": "o", "id": 1, "team": "t"}})) == []
    assert (
        judge.problems(listed("sort=created&state=all&per_page=100&draft=true", answer=json.dumps([GOOD]).encode()))
        == []
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"number": "7"}, "answer['number']: \"7\" is not of type"),
        ({"number": None}, "answer['number']"),
        ({"state": "merged"}, "answer['state']"),
        ({"state": None}, "answer['state']"),
        ({"reason": "other"}, "answer['reason']"),
        ({"user": {"login": "octo"}}, "answer['user']: \"id\" is a required property"),
        ({"user": None}, "answer['user']"),
        ({"user": {"login": "o", "id": 1, "url": "no address"}}, "answer['user']['url']"),
        ({"user": {"login": "o", "id": 1, "shoe_size": 44}}, "'shoe_size' was unexpected"),
        ({"merged_at": "yesterday"}, "answer['merged_at']"),
        ({"milestone": {"login": "octo"}}, "answer['milestone']: \"id\" is a required property"),
        ({"milestone": 1}, "answer['milestone']"),
        ({"whole": {"login": "o", "id": 1, "shoe_size": 44}}, "'shoe_size' was unexpected"),
        ({"undocumented": 1}, "'undocumented' was unexpected"),
    ],
)
def test_a_wrong_answer_is_found(judge: Judge, changes: dict[str, Any], problem: str) -> None:
    """Each way to break a schema is told, with its place and the branch that came closest."""
    problems = judge.problems(created({**GOOD, **changes}))
    assert problems
    assert all(problem in found for found in problems), problems


def test_a_missing_key_is_found(judge: Judge) -> None:
    """A required key that is absent from the answer is a problem."""
    answer = {key: value for key, value in GOOD.items() if key != "merged_at"}
    assert judge.problems(created(answer)) == ['answer: "merged_at" is a required property']


def test_undocumented_keys_in_answers_can_be_let_through() -> None:
    """With open answers only the unknown key passes, and a wrong type does not."""
    judge = Judge(msgspec.json.decode(json.dumps(DOCUMENT), type=OpenApi), closed_answers=False)
    assert judge.problems(created({**GOOD, "undocumented": 1})) == []
    assert judge.problems(created({**GOOD, "number": "7"})) != []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "body: is required"),
        (b"{", "body: is no JSON"),
        (b"[]", "body: "),
        (b'{"title": 1}', "body['title']"),
        (b'{"to": {}}', 'body: "title" is a required property'),
        (b'{"title": "T", "head_repo": "app"}', "body['head_repo']"),
        (b'{"title": "T", "draught": true}', "'draught' was unexpected"),
        (b'{"title": "T", "to": {"branch": "main"}}', "'branch' was unexpected"),
    ],
)
def test_a_wrong_body_is_found(judge: Judge, body: bytes, problem: str) -> None:
    """A body that lacks, mistypes or invents a key is told."""
    problems = judge.problems(created(GOOD, body=body))
    assert len(problems) == 1
    assert problem in problems[0]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "query: 'sort' is required"),
        ("sort=created&state=merged", "query: state"),
        ("sort=created&author=octo", "query: 'author' is not documented"),
        ("sort=created&per_page=many", "query: per_page"),
        ("sort=created&per_page=101", "101 is not from 1 to 100"),
        ("sort=created&draft=yes", "query: draft"),
        ("sort=created&sort=updated", "query: 'sort' is given more than once"),
    ],
)
def test_a_wrong_query_is_found(judge: Judge, query: str, problem: str) -> None:
    """A query parameter that is unknown, mistyped, missing or doubled is told."""
    problems = judge.problems(listed(query))
    assert len(problems) == 1
    assert problem in problems[0]


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"status": 418}, "status 418 is not documented"),
        ({"answer_headers": {}}, "media type '' is not documented"),
        ({"answer_headers": {"content-type": "text/html"}}, "media type 'text/html'"),
        ({"answer": b"<html>"}, "answer: is no JSON"),
        ({"status": 304}, "no body is documented for 304"),
        ({"answer_headers": {**JSON_TYPE, "link": "<https://h/x?page=2>; rel=next"}}, "Link has"),
        ({"answer_headers": {**JSON_TYPE, "link": '</x?page=2>; rel="next"'}}, "Link has"),
        ({"status": 404, "answer": b'{"error": "gone"}'}, "'error' was unexpected"),
    ],
)
def test_a_wrong_envelope_is_found(judge: Judge, facts: dict[str, Any], problem: str) -> None:
    """Status, media type and links are judged too."""
    problems = judge.problems(listed(**facts))
    assert any(problem in found for found in problems), problems


def test_a_link_where_none_is_documented_is_found(judge: Judge) -> None:
    """A Link header belongs only to operations that page."""
    linked = {**JSON_TYPE, "link": '<https://h/x?page=2>; rel="next", <https://h/x?page=9>; rel="last"'}
    assert judge.problems(listed(answer_headers=linked)) == []
    assert judge.problems(created(GOOD, answer_headers=linked)) == ["answer: has a Link header, and none is documented"]


def test_a_body_where_none_is_documented_is_found(judge: Judge) -> None:
    """Neither a request nor an answer may bring a body that the document does not have."""
    path = "/repos/o/r/pulls/7"
    assert judge.problems(Exchange(method="DELETE", path=path, status=204)) == []
    problems = judge.problems(Exchange(method="DELETE", path=path, status=204, body=b'{"a": 1}', answer=b"{}"))
    assert problems == ["body: none is documented", "answer: no body is documented for 204"]


@pytest.mark.parametrize(
    ("answer", "problems"),
    [
        ({"message": "No"}, 0),
        ({"message": "No", "status": "422"}, 0),
        ({"message": "No", "status": "500"}, 1),
        ({"message": "No", "status": 422}, 1),
        ({"reason": "No"}, 1),
    ],
)
def test_a_refusal_has_an_error(judge: Judge, answer: dict[str, Any], problems: int) -> None:
    """A refusal that is declared without a body has the basic error's, whose `status` is the true one."""
    refused = Exchange(
        method="DELETE",
        path="/repos/o/r/pulls/7",
        status=422,
        answer=json.dumps(answer).encode(),
        answer_headers=JSON_TYPE,
    )
    assert len(judge.problems(refused)) == problems


@pytest.mark.parametrize(("word", "problems"), [("diff", 0), ("patch", 0), ("raw", 1), ("pat", 1)])
def test_a_custom_media_type_is_declared_or_spoken_of(judge: Judge, word: str, problems: int) -> None:
    """A media type that neither the answer's declaration nor the operation's prose has is a problem."""
    media = {"content-type": f"application/vnd.github.{word}; charset=utf-8"}
    shown = Exchange(method="GET", path="/repos/o/r/pulls/7", status=200, answer=b"diff", answer_headers=media)
    assert len(judge.problems(shown)) == problems


@pytest.mark.contract
@pytest.mark.parametrize(("component", "paths"), MAY_BE_NULL.items())
def test_what_may_be_null_is_there(component: str, paths: tuple[str, ...]) -> None:
    """Each property that is let be null exists, and the document does not call it nullable (else it need not be listed)."""
    for path in paths:
        schema = msgspec.json.decode(github_openapi().components["schemas"][component])
        for step in path.split("."):
            schema = schema["items"] if step == "[]" else schema["properties"][step]
        assert not schema.get("nullable"), path


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("GET", "/repos/o/r/pulls/comments", "/repos/{owner}/{repo}/pulls/comments"),
        ("GET", "/repos/o/r/pulls/7", "/repos/{owner}/{repo}/pulls/{pull_number}"),
        ("GET", "/repos/o/r/contents/src/deep/a.py", "/repos/{owner}/{repo}/contents/{path}"),
        ("GET", "/repos/o/r/compare/main...fix/edge", "/repos/{owner}/{repo}/compare/{base}...{head}"),
    ],
)
def test_a_path_finds_its_operation(judge: Judge, method: str, path: str, template: str) -> None:
    """The template with the most literal text wins, and branches and files may hold slashes."""
    operation = judge.operation(method, path)
    assert operation is not None
    assert operation.template == template


@pytest.mark.parametrize(("method", "path"), [("PUT", "/repos/o/r/pulls/7"), ("GET", "/repos/o/pulls"), ("GET", "/x")])
def test_an_unknown_operation_is_found(judge: Judge, method: str, path: str) -> None:
    """A method or a path that the document does not have is a problem."""
    assert judge.problems(Exchange(method=method, path=path, status=200)) == ["no such operation"]


def test_a_path_parameter_has_its_type(judge: Judge) -> None:
    """A number in the path must be one."""
    diff = {"content-type": "application/vnd.github.diff"}
    assert judge.problems(Exchange(method="GET", path="/repos/o/r/pulls/7", status=200, answer_headers=diff)) == []
    problems = judge.problems(Exchange(method="GET", path="/repos/o/r/pulls/new", status=200, answer_headers=diff))
    assert len(problems) == 1
    assert "path: pull_number" in problems[0]


@pytest.mark.contract
@pytest.mark.parametrize("flavour", [DOTCOM, *GHES])
def test_githubs_own_documents_can_refuse(flavour: str) -> None:
    """Each of GitHub's documents tells a right request to open a pull request from a wrong one."""
    judge = Judge(github_openapi(flavour))
    path = "/repos/octo/app/pulls"
    operation = judge.operation("POST", path)
    assert operation is not None
    right = Exchange(method="POST", path=path, status=201, body=b'{"title": "T", "head": "fix", "base": "main"}')
    wrong = Exchange(method="POST", path=path, status=201, body=b'{"title": 1, "head": "fix", "reviewers": []}')
    assert list(judge.request_problems(operation, right)) == []
    assert len(list(judge.request_problems(operation, wrong))) == 3


@pytest.mark.contract
def test_each_status_that_any_operation_may_answer_has_its_page() -> None:
    """The relaxation about statuses rests on GitHub's pages, and no success is among them."""
    assert all(page.startswith("https://docs.github.com/rest/") for page in ANY_TIME.values())
    assert all(status >= 300 for status in ANY_TIME)
