"""Answers that others recorded pass through our parsers and mean to us what they mean to them.

The samples are those of drone/go-scm; a `.golden` neighbour holds the neutral value that its authors make of the same
answer.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
from tests.contract.specs import samples

from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.addresses import addresses
from pullbridge.hosts.bitbucket_cloud.errors import told_by
from pullbridge.hosts.bitbucket_cloud.paging import following
from pullbridge.model.anchor import Side
from pullbridge.model.checks import CheckState
from pullbridge.model.diff import ChangeKind
from pullbridge.model.pulls import Pull, PullState
from pullbridge.model.refs import RepoRef

pytestmark = pytest.mark.contract

REF = RepoRef(web="https://bitbucket.org", path="atlassian/atlaskit", kind="bitbucket-cloud")


def recorded(name: str) -> tuple[bytes, Any]:
    """Read a sample, and what go-scm makes of it."""
    path = samples("bitbucket") / name
    golden = path.with_name(f"{path.name}.golden")
    return path.read_bytes(), json.loads(golden.read_text("utf-8")) if golden.is_file() else None


def is_golden(pull: Pull, golden: dict[str, Any]) -> None:
    """See a pull request as go-scm's golden files do, where both speak of the same."""
    assert pull.author is not None
    assert pull.source.repository is not None
    assert (pull.number, pull.title, pull.body) == (golden["Number"], golden["Title"], golden["Body"])
    assert (pull.source.commit, pull.source.name) == (golden["Sha"], golden["Source"])
    assert (pull.target.commit, pull.target.name) == (golden["Base"]["Sha"], golden["Target"])
    assert (pull.source.repository.path, pull.url) == (golden["Fork"], golden["Link"])
    assert pull.state is (PullState.CLOSED if golden["Closed"] else PullState.OPEN)
    assert (pull.author.name, pull.author.avatar_url) == (golden["Author"]["Name"], golden["Author"]["Avatar"])
    assert pull.created_at == datetime.fromisoformat(golden["Created"])
    assert pull.updated_at == datetime.fromisoformat(golden["Updated"])
    assert pull.source.commit_abbreviated


def test_a_pull_request() -> None:
    """From a fork; there alone it has its reviewers."""
    body, golden = recorded("pr.json")
    pull = wire.pull(msgspec.json.decode(body, type=payloads.PullRequest), REF)
    is_golden(pull, golden)
    assert (pull.reviewers, pull.target.repository) == ((), REF)


def test_a_list_of_them() -> None:
    """Its rows leave out who was asked."""
    body, golden = recorded("prs.json")
    rows = msgspec.json.decode(body, type=payloads.Paged[payloads.PullRequest]).values
    for row, each in zip(rows, golden, strict=True):
        is_golden(wire.pull(row, REF), each)


def test_a_user() -> None:
    """Of before 2019, with a name that nobody has any more."""
    body, golden = recorded("user.json")
    person = wire.person(msgspec.json.decode(body, type=payloads.Account))
    assert (person.handle, person.name, person.avatar_url) == (golden["Login"], golden["Name"], golden["Avatar"])


def test_comments() -> None:
    """On the whole, and on a line."""
    body, golden = recorded("prcomments.json")
    rows = msgspec.json.decode(body, type=payloads.Paged[payloads.Comment]).values
    (thread,) = wire.threads(rows, wire.Reader())
    assert (thread.anchor, thread.comments[0].body) == (None, golden[0]["Body"])
    assert thread.comments[0].author is not None
    assert thread.comments[0].author.id == golden[0]["Author"]["ID"]
    assert thread.comments[0].created_at == datetime.fromisoformat(golden[0]["Created"])
    body, golden = recorded("review.json")
    (placed,) = wire.threads([msgspec.json.decode(body, type=payloads.Comment)], wire.Reader(head="a" * 40))
    found = placed.anchor or placed.current
    assert found is not None
    assert (found.path, found.start, found.side) == (golden["Path"], golden["Line"], Side.NEW)


@pytest.mark.parametrize("name", ["status.json", "statuses.json"])
def test_reports(name: str) -> None:
    """By their key where they have no name."""
    body, golden = recorded(name)
    if name == "status.json":
        rows, golden = [msgspec.json.decode(body, type=payloads.CommitStatus)], [golden]
    else:
        rows = msgspec.json.decode(body, type=payloads.Paged[payloads.CommitStatus]).values
    for check, each in zip(wire.checks(rows), golden, strict=True):
        assert check.state is CheckState.SUCCESS
        assert (check.description, check.url) == (each["Desc"], each["Target"])
        assert check.name in {each["Label"], each.get("Title")}


def test_changed_files() -> None:
    """Without a hunk, which only the diff has."""
    body, golden = recorded("pr_diffstat.json")
    rows = msgspec.json.decode(body, type=payloads.Paged[payloads.DiffStat]).values
    for file, each in zip(wire.file_changes(rows, None), golden, strict=True):
        assert (file.path, file.kind) == (each["Path"], ChangeKind.MODIFIED)


def test_a_refusal_and_a_next_page() -> None:
    """In Bitbucket's words, and at an address that is asked at the API's own."""
    assert told_by(recorded("error.json")[0]).message == "Repository dev/null not found"
    body, _ = recorded("statuses.json")
    told = msgspec.json.decode(body, type=payloads.Paged[payloads.CommitStatus]).next
    bases = addresses("https://bitbucket.org").bases
    path = f"/repositories/atlassian/stash-example-plugin/commit/{'a6e5e7d797edf751cbd839d6bd4aef86c941eec9'}/statuses/build"
    assert following(told, path, f"{bases[0]}{path}", bases) == f"{path}?pagelen=30&page=2"
