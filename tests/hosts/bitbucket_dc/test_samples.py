"""Answers that others recorded pass through our parsers and mean to us what they mean to them: drone/go-scm's of Stash."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from tests.hosts.bitbucket_dc.recorded import stash

from pullbridge import Pull, PullState, RepoRef
from pullbridge.hosts import decoding
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.hosts.bitbucket_dc.errors import failure, told_by

pytestmark = pytest.mark.contract

REF = RepoRef(web="http://example.com:7990", path="PRJ/my-repo", kind="bitbucket-dc")


def recorded(name: str) -> bytes:
    return (stash() / name).read_bytes()


def golden(name: str) -> Any:
    return json.loads(recorded(f"{name}.golden"))


def read(name: str, shape: Any) -> Any:
    return decoding.decode(recorded(name), shape, name, "Bitbucket")


def seen(pull: Pull) -> dict[str, Any]:
    """A pull request as go-scm's golden files see it, where both speak of the same."""
    return {
        "Number": pull.number,
        "Title": pull.title,
        "Body": pull.body,
        "Sha": pull.source.commit,
        "Source": pull.source.name,
        "Target": pull.target.name,
        "Fork": pull.source.repository.path if pull.source.repository else "",
        "Link": pull.url,
        "Closed": pull.state is not PullState.OPEN,
        "Merged": pull.state is PullState.MERGED,
        "Base": pull.target.commit,
        "Author": (pull.author.handle, pull.author.name) if pull.author else None,
        "Created": pull.created_at and pull.created_at.replace(microsecond=0),
        "Updated": pull.updated_at and pull.updated_at.replace(microsecond=0),
    }


def expected(told: dict[str, Any]) -> dict[str, Any]:
    names = ("Number", "Title", "Body", "Sha", "Source", "Target", "Fork", "Link", "Closed", "Merged")
    return {
        **{name: told[name] for name in names},
        "Base": told["Base"]["Sha"],
        "Author": (told["Author"]["Login"], told["Author"]["Name"]),
        "Created": datetime.fromisoformat(told["Created"]),
        "Updated": datetime.fromisoformat(told["Updated"]),
    }


@pytest.mark.parametrize("name", ["pr.json", "pr_iso_dates.json"])
def test_a_pull_request_means_what_it_means_to_others(name: str) -> None:
    """In milliseconds, and in texts."""
    found = wire.pull(read(name, payloads.PullRequest), REF)
    assert seen(found) == expected(golden("pr.json"))
    assert found.version == "0"


def test_a_list_of_them_does() -> None:
    """Row by row."""
    found = read("prs.json", payloads.Paged[payloads.PullRequest])
    assert found.is_last_page
    assert [seen(wire.pull(row, REF)) for row in found.values] == [expected(row) for row in golden("prs.json")]


def test_somebody_does() -> None:
    """By name and full name."""
    person = wire.person(read("user.json", payloads.User))
    assert (person.handle, person.name) == (golden("user.json")["Login"], golden("user.json")["Name"])


def test_a_refusal_says_what_it_says() -> None:
    """In its own words."""
    body = recorded("error.json")
    assert told_by(body).problems == ("Project dev does not exist.",)
    error = failure(404, {}, body, Asked(what="such repository"))
    assert "Project dev does not exist" in str(error)
