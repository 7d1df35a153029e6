"""The benchmark's Bitbucket Cloud is judged by Atlassian's own document: a smaller answer than the real one would flatter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from benchmarks.bitbucket_cloud.answers import Answers
from benchmarks.bitbucket_cloud.shapes import inline, spec
from benchmarks.data import FILES, FITTING, PULLS, comments_of, oid
from tests.benchmarks.judging import exchange
from tests.contract import bitbucket_cloud_document

from pullbridge.anchoring import LineKind, LineMap, parse_diff
from pullbridge.hosts.bitbucket_cloud import payloads, search
from pullbridge.model.anchor import Side

WEB = "http://127.0.0.1:1"
REPO = "/repositories/octo/app"
PULL = f"{REPO}/pullrequests/7"
COMMENT = {"content": {"raw": "Why?"}, "inline": inline(3)}


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(WEB)


def read(answers: Answers, target: str) -> Any:
    """A read's answer, decoded."""
    return json.loads(answers.to("GET", f"/2.0{target}", b"").body)


def rows(answers: Answers, target: str) -> list[Any]:
    """All rows of a list, by the addresses that its pages tell."""
    page = read(answers, target)
    found = page["values"]
    while "next" in page:
        page = read(answers, page["next"].removeprefix(f"{WEB}/2.0"))
        found += page["values"]
    return list(found)


@pytest.mark.contract
@pytest.mark.parametrize(
    ("verb", "target", "written"),
    [
        ("GET", "/user", None), ("GET", "/user/workspaces", None), ("GET", "/workspaces/octo", None), ("GET", REPO, None),
        ("GET", f"{REPO}/pullrequests?state=OPEN&pagelen=10", None),
        ("GET", PULL, None), ("GET", f"{PULL}/comments?pagelen=10", None), ("GET", f"{PULL}/commits", None),
        ("GET", f"{PULL}/statuses", None), ("GET", f"{PULL}/activity?pagelen=50", None), ("GET", f"{PULL}/diff", None),
        ("GET", f"{REPO}/diffstat/{spec(7)}?pagelen=20", None), ("GET", f"{REPO}/diff/{spec(7)}", None),
        ("GET", f"{REPO}/commit/{oid('head', 7)}", None), ("GET", f"{REPO}/branch-restrictions", None),
        ("POST", f"{PULL}/comments", COMMENT),
    ],
)  # fmt: skip
def test_answers_are_whole(answers: Answers, verb: str, target: str, written: Any) -> None:
    """Every answer fits what Atlassian documents of it."""
    assert bitbucket_cloud_document.judge().problems(exchange(answers, verb, target, written, "/2.0")) == []


def test_a_row_of_the_list_has_full_size(answers: Answers) -> None:
    """A pull request has about 4 kB in a list, as recorded ones have, and 10 with all who take part."""
    plain = read(answers, f"{REPO}/pullrequests?pagelen=50")["values"]
    whole = read(answers, f"{REPO}/pullrequests?pagelen=50&fields={search.ROWS.replace('+', '%2B')}")["values"]
    assert len(plain) == len(whole) == 50
    assert 3_500 < len(json.dumps(plain[0])) < len(json.dumps(whole[0])) < 11_000
    assert "reviewers" not in plain[0]
    assert len(whole[0]["reviewers"]) == len(whole[0]["participants"]) == 4


def test_pages_tell_only_the_next(answers: Answers) -> None:
    """Each page leads to the one behind it, and no number stands in its address that one could count on."""
    first = read(answers, f"{REPO}/pullrequests?pagelen=50")
    assert "page=2" not in first["next"]
    assert [row["id"] for row in rows(answers, f"{REPO}/pullrequests?pagelen=50")] == [*range(1, PULLS + 1)]


@pytest.mark.parametrize("target", [f"{REPO}/pullrequests?pagelen=51", f"{PULL}/comments?pagelen=101"])
def test_a_page_has_its_bounds(answers: Answers, target: str) -> None:
    """More rows than a page may have are refused."""
    assert answers.to("GET", f"/2.0{target}", b"").status == 400


def test_comments_fit_a_page_or_not(answers: Answers) -> None:
    """One pull request has as many comments as fit the largest page, the others have more."""
    fitting = read(answers, f"{REPO}/pullrequests/{FITTING}/comments?pagelen=100")
    assert "next" not in fitting
    assert len(fitting["values"]) == comments_of(FITTING)
    assert len(rows(answers, f"{PULL}/comments?pagelen=100")) == comments_of(7) > 100


def test_the_diff_is_that_of_the_listed_files(answers: Answers) -> None:
    """Line 14, which the comments hang on, is added in each of them, and as many lines as the list says."""
    led = answers.to("GET", f"/2.0{PULL}/diff", b"")
    place = led.headers.removeprefix("Location: ").strip().removeprefix(WEB)
    files = parse_diff(answers.to("GET", place, b"").body)
    listed = rows(answers, f"{REPO}/diffstat/{spec(7)}")
    assert led.status == 302
    assert len(files) == FILES
    assert all(LineMap(file.hunks).kind_of(Side.NEW, 14) is LineKind.ADDED for file in files)
    told = [(row["new"]["path"], row["lines_added"], row["lines_removed"]) for row in listed]
    assert told == [(file.path, file.additions, file.deletions) for file in files]


def test_a_comment_is_read_as_what_was_written(answers: Answers) -> None:
    """The answer to a comment has its text and its place."""
    made = answers.to("POST", f"/2.0{PULL}/comments", json.dumps(COMMENT).encode())
    comment = payloads.decode(made.body, payloads.Comment, "a comment")
    assert comment.content is not None
    assert comment.inline is not None
    assert (comment.content.raw, comment.inline.path, comment.inline.to) == ("Why?", inline(3)["path"], 14)


def test_what_waits_is_asked_of_each_repository(answers: Answers) -> None:
    """A filter by reviewer leaves what waits for that one."""
    target = "/repositories/octo/app03/pullrequests?q=state%3D%22OPEN%22+AND+reviewers.uuid%3D%22x%22&pagelen=50"
    assert len(read(answers, target)["values"]) == 2
