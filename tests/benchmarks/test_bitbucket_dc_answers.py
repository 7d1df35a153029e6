"""The benchmark's Data Center is judged by Atlassian's own document: a smaller answer than the real one would flatter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from benchmarks.bitbucket_dc.answers import Answers
from benchmarks.bitbucket_dc.shapes import anchor
from benchmarks.data import FILES, PULLS, comments_of, oid
from tests.benchmarks.judging import exchange
from tests.contract import bitbucket_dc_document

from pullbridge.anchoring import LineKind, LineMap, parse_diff
from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.decoding import decode
from pullbridge.model.anchor import Side

WEB = "http://127.0.0.1:1"
REPO = "/api/latest/projects/OCTO/repos/app"
PULL = f"{REPO}/pull-requests/7"
COMMENT = {"text": "Why?", "anchor": anchor(7, 3)}


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(WEB)


def read(answers: Answers, target: str) -> Any:
    """A read's answer, decoded."""
    return json.loads(answers.to("GET", f"/rest{target}", b"").body)


@pytest.mark.contract
@pytest.mark.parametrize(
    ("verb", "target", "written"),
    [
        ("GET", "/api/latest/application-properties", None), ("GET", "/api/latest/users/octo", None), ("GET", REPO, None),
        ("GET", "/api/latest/dashboard/pull-requests?role=REVIEWER&limit=100", None),
        ("GET", f"{REPO}/pull-requests?state=OPEN&limit=10", None), ("GET", PULL, None), ("GET", f"{PULL}/commits", None),
        ("GET", f"{PULL}/activities?limit=50", None), ("GET", f"{PULL}/changes?limit=50", None),
        ("GET", f"{PULL}/merge", None), ("GET", f"{PULL}/merge-base", None), ("GET", f"{PULL}/review", None),
        ("GET", f"/build-status/latest/commits/{oid('head', 7)}", None),
        ("GET", "/required-builds/latest/projects/OCTO/repos/app/conditions", None),
        ("POST", f"{PULL}/comments", COMMENT),
    ],
)  # fmt: skip
def test_answers_are_whole(answers: Answers, verb: str, target: str, written: Any) -> None:
    """Every answer fits what Atlassian documents of it, and has nothing that it does not."""
    assert bitbucket_dc_document.judge().problems(exchange(answers, verb, target, written, "/rest")) == []


def test_a_row_of_the_list_has_full_size(answers: Answers) -> None:
    """A pull request with four reviewers has about 4 kB."""
    rows = read(answers, f"{REPO}/pull-requests?limit=1000")["values"]
    assert len(rows) == 100
    assert 3_500 < len(json.dumps(rows[0])) < 5_000


def test_pages_tell_only_the_next(answers: Answers) -> None:
    """The starts that the pages tell lead through all rows."""
    found: list[int] = []
    begin: int | None = 0
    while begin is not None:
        page = read(answers, f"{REPO}/pull-requests?limit=100&start={begin}")
        found += [row["id"] for row in page["values"]]
        begin = page.get("nextPageStart")
    assert found == [*range(1, PULLS + 1)]


def test_changes_come_in_one_page(answers: Answers) -> None:
    """Without being asked for more it is the first 25 of them, and no way leads to the others."""
    short, whole = read(answers, f"{PULL}/changes"), read(answers, f"{PULL}/changes?limit=1000")
    assert len(short["values"]) == 25
    assert not short["isLastPage"]
    assert "nextPageStart" not in short
    assert (len(whole["values"]), whole["toHash"]) == (FILES, oid("head", 7))


def test_all_comments_are_among_the_activities(answers: Answers) -> None:
    """Each conversation is one row, with its answers in it."""
    rows = read(answers, f"{PULL}/activities?limit=500")["values"]
    threads = [row["comment"] for row in rows if row["action"] == "COMMENTED"]
    assert sum(1 + len(each["comments"]) for each in threads) == comments_of(7)


def test_the_diff_is_that_of_the_listed_files(answers: Answers) -> None:
    """Line 14, which the comments hang on, is added in each of them."""
    files = parse_diff(answers.to("GET", f"/rest{PULL}.diff", b"").body)
    assert all(LineMap(file.hunks).kind_of(Side.NEW, 14) is LineKind.ADDED for file in files)
    listed = read(answers, f"{PULL}/changes?limit=1000")["values"]
    assert [row["path"]["toString"] for row in listed] == [file.path for file in files]


def test_a_comment_is_read_as_what_was_written(answers: Answers) -> None:
    """The answer to a comment has its text and its place."""
    made = answers.to("POST", f"/rest{PULL}/comments", json.dumps(COMMENT).encode())
    comment = decode(made.body, payloads.Comment, "a comment", "Bitbucket")
    assert comment.anchor is not None
    assert (comment.text, comment.anchor.line) == ("Why?", 14)
