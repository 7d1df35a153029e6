"""Answers of Bitbucket Cloud's that the authors of drone/go-scm keep, against the neutral values that they make of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest
from tests.contract.specs import SHARED, give_up

from pullbridge import Anchor, CheckState
from pullbridge.hosts.bitbucket_cloud import payloads, wire


def recorded(name: str) -> bytes:
    """One of them; skips where they are not there."""
    path = SHARED / "samples" / "go-scm" / "bitbucket" / name
    if not path.is_file():
        give_up("go-scm's recorded answers of Bitbucket Cloud", path)
    return path.read_bytes()


def golden(name: str) -> Any:
    return msgspec.json.decode(recorded(f"{name}.golden"))


@pytest.mark.parametrize("name", ["prcomment.json", "review.json"])
def test_comments(name: str) -> None:
    """One on the whole and one on a line: its text, its author by the uuid, its times, its line."""
    row = msgspec.json.decode(recorded(name), type=payloads.Comment)
    (thread,) = wire.threads([row], wire.Reader())
    (said,), told = thread.comments, golden(name)
    assert (said.id, said.body) == (str(told["ID"]), told["Body"])
    assert (said.author.id, said.author.handle, said.author.name) == tuple(
        told["Author"][key] for key in ("ID", "Login", "Name")
    )
    assert (said.created_at, said.updated_at) == tuple(
        datetime.fromisoformat(told[key]) for key in ("Created", "Updated")
    )
    assert thread.anchor == (Anchor.line(told["Path"], told["Line"]) if "Path" in told else None)
    assert said.url == told.get("Link", said.url)


def test_a_page_of_comments() -> None:
    """All of them."""
    rows = msgspec.json.decode(recorded("prcomments.json"), type=payloads.Paged[payloads.Comment]).values
    found = wire.threads(rows, wire.Reader())
    assert [(t.id, t.comments[0].body) for t in found] == [
        (str(each["ID"]), each["Body"]) for each in golden("prcomments.json")
    ]


def test_changed_files() -> None:
    """By path, and what happened to each."""
    rows = msgspec.json.decode(recorded("pr_diffstat.json"), type=payloads.Paged[payloads.DiffStat]).values
    found = wire.file_changes(rows, None)
    flags = {"added": "Added", "renamed": "Renamed", "removed": "Deleted"}
    for change, told in zip(found, golden("pr_diffstat.json"), strict=True):
        assert change.path == told["Path"]
        assert {word: change.kind.value == word for word in flags} == {word: told[flag] for word, flag in flags.items()}
    assert [(each.additions, each.deletions) for each in found] == [(15, 15)]


def test_build_statuses() -> None:
    """3 is go-scm's number for a success; a name that is empty is the key."""
    rows = msgspec.json.decode(recorded("statuses.json"), type=payloads.Paged[payloads.CommitStatus]).values
    (check,), (told,) = wire.checks(rows), golden("statuses.json")
    assert (check.name, check.description, check.url) == (told["Label"], told["Desc"], told["Target"])
    assert (told["State"], check.state) == (3, CheckState.SUCCESS)
