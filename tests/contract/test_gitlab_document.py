"""The judge of GitLab's exchanges must be able to say no; and what is restated beside the collected facts is whole."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from tests.contract.gitlab_document import document, entities, judge, more
from tests.contract.gitlab_floor import FLOOR, validator
from tests.contract.openapi import Exchange

pytestmark = pytest.mark.contract

PULL = "/projects/octo%2Fapp/merge_requests/7"
SHAS = {"base_sha": "b", "start_sha": "s", "head_sha": "h"}
AWARD = {
    "id": 1,
    "name": "rocket",
    "awardable_id": 7,
    "awardable_type": "Note",
    "url": None,
    "user": None,
    **dict.fromkeys(("created_at", "updated_at"), "2026-01-02T03:04:05.678Z"),
}


def problems(
    method: str, path: str, body: Any = None, *, query: str = "", status: int = 200, answer: Any = None
) -> str:
    """What the judge says, in one line."""
    sent = b"" if body is None else msgspec.json.encode(body)
    got = b"" if answer is None else msgspec.json.encode(answer)
    kind = {"content-type": "application/json"} if got else {}
    each = Exchange(method=method, path=path, query=query, body=sent, status=status, answer=got, answer_headers=kind)
    return "; ".join(judge().problems(each))


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"body": "B", "position": {**SHAS, "position_type": "text", "new_line": 3}}, ""),
        ({"body": "B", "position": {**SHAS, "position_type": "word", "new_line": 3}}, "position_type"),
        ({"body": "B", "position": {**SHAS, "position_type": "text", "new_line": "3"}}, "new_line"),
        ({"body": "B", "position": {"position_type": "text"}}, "head_sha"),
        ({"body": "B", "position": {**SHAS, "position_type": "text", "line": 3}}, "'line' was unexpected"),
        ({"text": "B"}, "text"),
        ({}, '"body" is a required property'),
    ],
)
def test_a_wrong_body_is_noticed(body: dict[str, Any], wrong: str) -> None:
    """Whatever GitLab would refuse, or pass over in silence."""
    told = problems("POST", f"{PULL}/discussions", body, status=400, answer={"message": "400 Bad Request"})
    assert (wrong in told) if wrong else told == ""


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("state=opened&scope=all&labels=a,b&not[labels]=c&iids[]=1&iids[]=2&per_page=100", ""),
        ("state=open", "state"),
        ("reviewers=ada", "'reviewers' is not documented"),
        ("draft=maybe", "draft"),
        ("per_page=200", "200 is not from 1 to 100"),
    ],
)
def test_a_wrong_query_is_noticed(query: str, wrong: str) -> None:
    """An unknown name, and a value that is none of the parameter's."""
    told = problems("GET", "/projects/octo%2Fapp/merge_requests", query=query, answer=[])
    assert (wrong in told) if wrong else told == ""


@pytest.mark.parametrize(
    ("status", "answer", "wrong"),
    [
        (201, AWARD, ""),
        (200, AWARD, "status 200 is not documented"),
        (201, {**AWARD, "id": "1"}, '"1" is not of type'),
        (201, {**AWARD, "emoji": "x"}, "'emoji' was unexpected"),
        (201, {"id": 1}, "is a required property"),
        (404, {"message": "404 Award Emoji Not Found"}, ""),
        (404, {"reason": "gone"}, "answer"),
        (409, {"message": "409 Conflict"}, "status 409 is not documented"),
    ],
)
def test_a_wrong_answer_is_noticed(status: int, answer: dict[str, Any], wrong: str) -> None:
    """A status, a type, a field too many or too few."""
    told = problems("POST", f"{PULL}/notes/1/award_emoji", {"name": "rocket"}, status=status, answer=answer)
    assert (wrong in told) if wrong else told == ""


def test_an_unknown_operation_is_noticed() -> None:
    """A path that GitLab does not have, or has with another method."""
    assert problems("GET", f"{PULL}/reviews") == "no such operation"
    assert problems("PATCH", PULL) == "no such operation"


def test_what_is_restated_is_whole() -> None:
    """Every entity that is named is described, every correction and every operation tells where it comes from."""
    named = set(re.findall(r"#/components/schemas/([^\"]+)", str(document().paths) + str(document().components)))
    assert named - entities().keys() <= UNUSED
    assert all(each["page"].startswith("https://docs.gitlab.com/api/") for each in more()["operations"])
    assert all(each["reason"] for each in (*more()["corrections"], *more()["retyped"]))
    assert all(each.get("source", "").startswith("https://") for each in more()["entities"].values())


def test_every_schema_of_gitlabs_can_be_used() -> None:
    """None of them is refused by the validator, and each wants something."""
    for name in set(FLOOR.values()):
        assert list(validator(name).iter_errors({})), name


#: Entities of operations that neither the library nor the forge has.
UNUSED = {
    "BlameRange",
    "CommitNote",
    "CommitSequence",
    "CommitSignature",
    "ExternalIssue",
    "IssueBasic",
    "PersonalAccessTokenWithToken",
}
