"""Answers that others recorded pass through our parsers and mean to us what they mean to them.

The samples are those of drone/go-scm; a `.golden` neighbour holds the neutral value that its authors make of the same
answer. Some of the samples are GitHub's documentation examples: evidence of shape, not of every value.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
from tests.contract.specs import samples

from pullbridge.hosts.github import payloads, wire
from pullbridge.hosts.github.errors import told_by
from pullbridge.model.checks import CheckState
from pullbridge.model.diff import ChangeKind, FileChange
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull, PullState
from pullbridge.model.refs import RepoRef

pytestmark = pytest.mark.contract

REF = RepoRef(web="https://github.com", path="octocat/Hello-World", kind="github")
#: What an event is read with: it says itself which repository it is about.
ANYWHERE = RepoRef(web="https://github.com", path=wire.ANYWHERE, kind="github")
#: What go-scm calls the states of a status, by its numbers (`scm/const.go`).
STATES = {1: CheckState.PENDING, 2: CheckState.RUNNING, 3: CheckState.SUCCESS, 4: CheckState.FAILURE}


def recorded(name: str) -> tuple[bytes, Any]:
    """Read a sample, and what go-scm makes of it."""
    path = samples() / name
    return path.read_bytes(), json.loads(path.with_name(f"{path.name}.golden").read_text("utf-8"))


def pull_view(pull: Pull) -> dict[str, Any]:
    """See a pull request as go-scm's golden files do, where both speak of the same."""
    return {
        "Number": pull.number,
        "Title": pull.title,
        "Body": pull.body,
        "Sha": pull.source.commit,
        "Source": pull.source.name,
        "Target": pull.target.name,
        "Fork": pull.source.repository.path if pull.source.repository else "",
        "Link": pull.url,
        "Closed": pull.state is PullState.CLOSED,
        "Merged": pull.state is PullState.MERGED,
        "Base.Sha": pull.target.commit,
        "Author": person_view(pull.author),
        "Created": pull.created_at,
        "Updated": pull.updated_at,
        "Labels": [label.name for label in pull.labels or ()],
    }


def golden_pull(golden: dict[str, Any]) -> dict[str, Any]:
    """Give the golden file's words for `pull_view`. What it calls closed is neither open nor merged for us."""
    return {
        **{key: golden[key] for key in ("Number", "Title", "Sha", "Source", "Target", "Fork", "Link")},
        "Body": golden["Body"] or "",
        "Closed": bool(golden["Closed"]) and not golden["Merged"],
        "Merged": bool(golden["Merged"]),
        "Base.Sha": golden["Base"]["Sha"],
        "Author": golden_person(golden["Author"]),
        "Created": datetime.fromisoformat(golden["Created"]),
        "Updated": datetime.fromisoformat(golden["Updated"]),
        "Labels": [label["name"] for label in golden.get("labels") or golden.get("Labels") or ()],
    }


def person_view(person: Person | None) -> tuple[str | None, str | None]:
    assert person is not None
    return person.handle, person.avatar_url


def golden_person(golden: dict[str, Any]) -> tuple[str, str]:
    return golden["Login"], golden["Avatar"]


def test_a_pull_request_agrees() -> None:
    """`pr.json`: number, title, ends, commits, state, author, times."""
    body, golden = recorded("pr.json")
    pull = wire.pull(payloads.decode(body, payloads.RestPull, "a pull request"), REF)
    assert pull_view(pull) == golden_pull(golden)
    assert (pull.comment_count, pull.commit_count, pull.file_count) == (10, 3, 5)
    assert pull.draft is golden["Draft"]


def test_a_list_of_pull_requests_agrees() -> None:
    """`pulls.json`: the rows of a list mean the same as a pull request read by itself."""
    body, golden = recorded("pulls.json")
    rows = payloads.decode(body, list[payloads.RestPull], "pull requests")
    assert [pull_view(wire.pull(row, REF)) for row in rows] == [golden_pull(each) for each in golden]


@pytest.mark.parametrize(
    "event",
    [
        "closed",
        "edited",
        "labeled",
        "opened",
        "ready_for_review",
        "reopened",
        "review_edited",
        "review_submitted",
        "sync",
        "unlabeled",
    ],
)
def test_a_pull_request_in_an_event_agrees(event: str) -> None:
    """The pull request inside a recorded event is read by the same code, and means the same."""
    body, golden = recorded(f"webhooks/pr_{event}.json")
    inner = msgspec.json.decode(body, type=dict[str, msgspec.Raw])["pull_request"]
    pull = wire.pull(payloads.decode(inner, payloads.RestPull, "a pull request"), ANYWHERE)
    assert pull_view(pull) == golden_pull(golden["PullRequest"])
    assert pull.raw_state in ("open", "closed")


def test_review_comments_agree() -> None:
    """`pr_comment.json` and `pr_comments.json`: text, author, times, and the place in the diff."""
    one, golden_one = recorded("pr_comment.json")
    many, golden_many = recorded("pr_comments.json")
    found = [payloads.decode(one, payloads.RestComment, "a comment")]
    found += payloads.decode(many, list[payloads.RestComment], "comments")
    for payload, golden in zip(found, [golden_one, *golden_many], strict=True):
        comment = wire.rest_comment(payload)
        assert comment.id == str(golden["ID"])
        assert comment.body == golden["Body"]
        assert comment.url == golden["Link"]
        assert person_view(comment.author) == golden_person(golden["Author"])
        assert comment.created_at == datetime.fromisoformat(golden["Created"])
        assert comment.updated_at == datetime.fromisoformat(golden["Updated"])
        assert (payload.path, payload.line, payload.commit_id) == (golden["Path"], golden["Line"], golden["Sha"])


def file_view(change: FileChange) -> dict[str, Any]:
    return {
        "Path": change.path,
        "Added": change.kind is ChangeKind.ADDED,
        "Renamed": change.kind is ChangeKind.RENAMED,
        "Deleted": change.kind is ChangeKind.REMOVED,
        "PrevFilePath": change.old_path or "",
        "Patch": change.patch or "",
    }


def golden_file(golden: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in golden.items() if key != "BlobID"}
    return {"PrevFilePath": "", "Patch": "", **kept}


def test_changed_files_agree() -> None:
    """`pr_files.json`: kinds, renames and hunks."""
    body, golden = recorded("pr_files.json")
    rows = payloads.decode(body, list[payloads.RestFile], "changed files")
    assert [file_view(wire.file_change(row)) for row in rows] == [golden_file(each) for each in golden]


def test_the_second_page_of_changed_files_is_read() -> None:
    """`pr_files_page2.json` has no golden neighbour; its one file says more lines than its patch shows."""
    body = (samples() / "pr_files_page2.json").read_bytes()
    (change,) = map(wire.file_change, payloads.decode(body, list[payloads.RestFile], "changed files"))
    assert (change.path, change.kind, change.additions, change.deletions) == ("late_file.go", ChangeKind.MODIFIED, 3, 1)
    assert change.truncated is True, "three lines are said to be added, and the patch shows one"


def test_a_commit_and_its_files_agree() -> None:
    """`changes.json`: the files of one commit, and the commit itself."""
    body, golden = recorded("changes.json")
    files = payloads.decode(
        msgspec.json.decode(body, type=dict[str, msgspec.Raw])["files"], list[payloads.RestFile], "files"
    )
    assert [file_view(wire.file_change(row)) for row in files] == [golden_file(each) for each in golden]
    commit = wire.commit(payloads.decode(body, payloads.RestCommit, "a commit"))
    assert commit.id == "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d"
    assert commit.title == "Merge pull request #6 from Spaceghost/patch-1"
    assert (commit.author_name, commit.author and commit.author.handle) == ("The Octocat", "octocat")
    assert len(commit.parents) == 2


def test_a_person_agrees() -> None:
    """`user.json`: login, name and picture."""
    body, golden = recorded("user.json")
    person = wire.person(payloads.decode(body, payloads.RestUser, "a person"))
    assert (person.handle, person.name, person.avatar_url) == (golden["Login"], golden["Name"], golden["Avatar"])
    assert person.id == "1"


def test_statuses_agree() -> None:
    """`status.json` and `statuses.json`: name, state, words and address."""
    one, golden_one = recorded("status.json")
    many, golden_many = recorded("statuses.json")
    found = [payloads.decode(one, payloads.RestStatus, "a status")]
    found += payloads.decode(many, list[payloads.RestStatus], "statuses")
    for payload, golden in zip(found, [golden_one, *golden_many], strict=True):
        check = wire.reported(payload)
        assert (check.name, check.description, check.url) == (golden["Label"], golden["Desc"], golden["Target"])
        assert check.state is STATES[golden["State"]]


def test_an_error_is_read() -> None:
    """`error.json`: the host's words come out of a recorded refusal."""
    assert told_by((samples() / "error.json").read_bytes()).message == "Not Found"
