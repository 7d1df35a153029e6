"""The benchmark's GitLab is judged by what is published about GitLab: a smaller answer than the real one would flatter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from benchmarks.data import FILES, PULLS, oid
from benchmarks.gitlab.answers import Answers
from benchmarks.gitlab.shapes import asked_position
from tests.benchmarks.judging import exchange
from tests.contract import gitlab_document
from tests.contract.gitlab_floor import validator

from pullbridge.anchoring import LineKind, LineMap, parse_patch
from pullbridge.hosts.gitlab import payloads, queries, wire
from pullbridge.model.anchor import Side

WEB = "http://127.0.0.1:1"
PROJECT = "/projects/octo%2Fapp"
PULL = f"{PROJECT}/merge_requests/7"


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(WEB)


def read(answers: Answers, target: str) -> Any:
    """A read's answer, decoded."""
    return json.loads(answers.to("GET", f"/api/v4{target}", b"").body)


COMMENT = {"body": "Why?", "position": asked_position(7, "src/x.py")}


@pytest.mark.contract
@pytest.mark.parametrize(
    ("verb", "target", "written"),
    [
        ("GET", "/user", None), ("GET", "/metadata", None), ("GET", PROJECT, None),
        ("GET", f"{PROJECT}/merge_requests?per_page=10&page=2&with_labels_details=true", None),
        ("GET", "/merge_requests?scope=all&state=opened&reviewer_username=octo&per_page=10", None),
        ("GET", PULL, None), ("GET", f"{PULL}/changes", None), ("GET", f"{PULL}/diffs?per_page=10&page=3", None),
        ("GET", f"{PULL}/commits", None), ("GET", f"{PULL}/discussions?per_page=5", None),
        ("GET", f"{PULL}/draft_notes", None), ("GET", f"{PULL}/approvals", None), ("GET", f"{PULL}/reviewers", None),
        ("GET", f"{PULL}/versions", None), ("GET", f"{PROJECT}/pipelines/70007/jobs?per_page=5", None),
        ("POST", f"{PULL}/discussions", COMMENT), ("POST", f"{PULL}/notes", {"body": "Thanks."}),
    ],
)  # fmt: skip
def test_rest_answers_are_whole(answers: Answers, verb: str, target: str, written: Any) -> None:
    """Every field that GitLab's entities have is there, and none that they have not."""
    assert gitlab_document.judge().problems(exchange(answers, verb, target, written, "/api/v4")) == []


@pytest.mark.contract
def test_merge_requests_fit_gitlabs_own_schemas(answers: Answers) -> None:
    """A merge request, a row, a commit and a person have what GitLab's own tests want of them."""
    validator("merge_request.json").validate(read(answers, PULL))
    validator("merge_request.json").validate(read(answers, f"{PROJECT}/merge_requests")[0])
    validator("commit/basic.json").validate(read(answers, f"{PULL}/commits")[0])
    validator("user/basic.json").validate(read(answers, PULL)["author"])


@pytest.mark.parametrize(
    "document", [queries.PANEL, queries.REACTIONS, queries.REVIEWERS, queries.CHECKS, queries.DIFF_STATS]
)
def test_graphql_answers_are_decoded(answers: Answers, document: str) -> None:
    """What the adapter asks is answered field for field, and has the shapes that it reads."""
    request = {"query": document, "variables": {"fullPath": "octo/app", "iid": "7"}}
    answer = answers.to("POST", "/api/graphql", json.dumps(request).encode())
    shape = payloads.GraphAnswer[payloads.GraphPullAnswer[payloads.GraphPull]]
    told = payloads.decode(answer.body, shape, "a panel")
    assert told.data is not None
    assert told.data.project is not None
    assert told.data.project.merge_request is not None


def test_a_row_of_the_list_has_full_size(answers: Answers) -> None:
    """A merge request in a list has about 4 kB on GitLab with a milestone, four reviewers and two assignees."""
    rows = read(answers, f"{PROJECT}/merge_requests?per_page=100")
    assert len(rows) == 100
    assert 3_500 < len(json.dumps(rows[0])) < 5_500


def test_pages_tell_their_totals(answers: Answers) -> None:
    """The last page has no next one, and holds the last merge request."""
    last = answers.to("GET", f"/api/v4{PROJECT}/merge_requests?per_page=100&page=3", b"")
    assert "X-Total-Pages: 3\r\n" in last.headers
    assert "X-Next-Page: \r\n" in last.headers
    assert 'rel="next"' not in last.headers
    assert json.loads(last.body)[-1]["iid"] == PULLS


def test_a_project_has_a_number_too(answers: Answers) -> None:
    """python-gitlab and ogr go on with the number that a project has."""
    number = read(answers, PROJECT)["id"]
    assert read(answers, f"/projects/{number}/merge_requests/7") == read(answers, PULL)


def test_every_file_has_a_patch_that_parses(answers: Answers) -> None:
    """Line 14, which the comments hang on, is added in each of them, and is called as GitLab calls it."""
    rows = read(answers, f"{PULL}/diffs?per_page=100&page=3")
    maps = [LineMap(parse_patch(row["diff"])) for row in rows]
    assert len(maps) == FILES - 200
    assert all(each.kind_of(Side.NEW, 14) is LineKind.ADDED for each in maps)


def test_a_comment_is_read_as_what_was_written(answers: Answers) -> None:
    """The answer to a comment has its text and its place."""
    made = answers.to("POST", f"/api/v4{PULL}/discussions", json.dumps(COMMENT).encode())
    discussion = payloads.decode(made.body, payloads.Discussion, "a discussion")
    assert discussion.notes is not None
    (note,) = discussion.notes
    anchor = wire.anchor(note.position)
    assert note.body == "Why?"
    assert anchor is not None
    assert (anchor.path, anchor.end, anchor.commit) == ("src/x.py", 14, oid("head", 7))


def test_a_field_that_the_data_lack_is_an_error(answers: Answers) -> None:
    """Nothing is guessed: an unknown field fails loudly."""
    with pytest.raises(KeyError):
        answers.to("POST", "/api/graphql", json.dumps({"query": "{ currentUser { shoeSize } }"}).encode())
