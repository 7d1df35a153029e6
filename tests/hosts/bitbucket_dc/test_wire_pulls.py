"""From Data Center's payloads to values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from tests.hosts.bitbucket_dc.asked import pull as made
from tests.hosts.bitbucket_dc.asked import user

from pullbridge import CheckState, MergeabilityState, MergeMethod, PersonKind, Pull, PullState, RepoRef
from pullbridge.hosts import decoding
from pullbridge.hosts.bitbucket_dc import payloads, wire

REF = RepoRef(web="https://code.example/bitbucket", path="prj/app", kind="bitbucket-dc")
ANYWHERE = RepoRef(web=REF.web, path=wire.ANYWHERE, kind=REF.kind)


def read(shape: Any, value: Any) -> Any:
    return decoding.decode(msgspec.json.encode(value), shape, "it", "Bitbucket")


def pull(ref: RepoRef = REF, **more: Any) -> Pull:
    return wire.pull(read(payloads.PullRequest, made(**more)), ref)


def test_times_are_milliseconds() -> None:
    """DC-06: in UTC; a text is one, too, and what is out of the calendar none."""
    assert pull().created_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert pull(createdDate="2018-07-05T05:01:10+0000").created_at == datetime(2018, 7, 5, 5, 1, 10, tzinfo=UTC)
    assert wire.moment(-1) == datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    assert wire.moment(10**18) is None
    assert wire.moment(None) is None


@pytest.mark.parametrize(
    ("raw", "state"),
    [("OPEN", PullState.OPEN), ("DECLINED", PullState.CLOSED), ("MERGED", PullState.MERGED), ("NEW", PullState.OPEN)],
)
def test_states_are_three(raw: str, state: PullState) -> None:
    """A word that is not known here is kept."""
    found = pull(state=raw, closedDate=5)
    assert (found.state, found.raw_state) == (state, raw)
    assert (found.merged_at is not None) == (raw == "MERGED")


def test_what_was_not_said_is_none() -> None:
    """DC-60: by an older version, or for want of it."""
    found = pull(description=None)
    assert (found.draft, found.url, found.comment_count, found.closed_at, found.labels) == (
        None,
        None,
        None,
        None,
        None,
    )
    assert found.body == ""
    assert pull(links={"self": [None]}).url is None
    assert pull(links={"self": []}).url is None
    assert pull(links={"self": [{"href": "https://x/1"}]}).url == "https://x/1"


def test_what_a_list_says_besides_is_read() -> None:
    """And the commit that it was merged by."""
    told = {"commentCount": 4, "openTaskCount": 1, "mergeCommit": {"id": "d" * 40, "displayId": "d" * 11}}
    found = pull(properties=told, state="MERGED")
    assert (found.comment_count, found.merge_commit) == (4, "d" * 40)


def test_a_repository_is_the_one_that_was_asked() -> None:
    """By the name it was asked by; on the dashboard each says its own, with its page."""
    assert pull().ref.repository is REF
    found = pull(ANYWHERE).ref.repository
    assert (found.path, found.url) == ("PRJ/app", f"{REF.web}/projects/PRJ/repos/app")


def test_a_fork_has_its_own_place() -> None:
    """And one that is gone has none."""
    fork = {"slug": "app", "id": 2, "project": {"key": "~ADA"}}
    found = pull(fromRef={**made()["fromRef"], "repository": fork}).source.repository
    assert found is not None
    assert (found.path, found.url) == ("~ADA/app", f"{REF.web}/users/ada/repos/app")
    assert pull(fromRef={**made()["fromRef"], "repository": None}).source.repository is None


def test_people_have_three_names() -> None:
    """DC-57, DC-61: a number that stays, a name for bodies and mentions, a slug for addresses; a service is a bot."""
    person = wire.person(read(payloads.User, user("j.Doe@x", 7, slug="j.doe_x")))
    assert (person.id, person.handle, person.name, person.kind) == ("7", "j.Doe@x", "J.Doe@X", PersonKind.USER)
    assert wire.person(read(payloads.User, user(type="SERVICE"))).kind is PersonKind.BOT
    assert wire.person(None).kind is PersonKind.GHOST
    assert wire.person(payloads.User()).kind is PersonKind.GHOST
    assert wire.known(None) is None


def test_names_of_branches_go_there_and_back() -> None:
    """DC-08: what is no branch stays what it is."""
    assert wire.branch_name("refs/heads/a/b") == "a/b"
    assert wire.full_name("a/b") == "refs/heads/a/b"
    assert wire.full_name("refs/tags/v1") == wire.branch_name("refs/tags/v1") == "refs/tags/v1"


# Merging -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "more", "state", "reasons"),
    [
        ({"canMerge": True, "conflicted": False, "outcome": "CLEAN", "vetoes": []}, {}, "READY", 0),
        ({"conflicted": False, "outcome": "CLEAN", "vetoes": []}, {}, "READY", 0),
        ({"conflicted": False, "outcome": "UNKNOWN", "vetoes": []}, {}, "CHECKING", 1),
        ({"canMerge": False, "conflicted": False, "outcome": "UNKNOWN"}, {}, "CHECKING", 1),
        ({"conflicted": True, "outcome": "CONFLICTED"}, {}, "CONFLICTS", 1),
        ({"conflicted": True, "vetoes": [{"summaryMessage": "No."}]}, {}, "CONFLICTS", 2),
        ({"canMerge": False, "outcome": "CLEAN", "vetoes": [{"summaryMessage": "No."}]}, {}, "BLOCKED", 1),
        ({"canMerge": False, "outcome": "CLEAN"}, {}, "BLOCKED", 0),
        ({"outcome": "UNKNOWN", "vetoes": [{"summaryMessage": "No."}]}, {}, "BLOCKED", 1),
        ({"outcome": "CLEAN"}, {"draft": True}, "DRAFT", 1),
        ({"outcome": "CLEAN"}, {"state": "MERGED"}, "CLOSED", 1),
        (None, {"state": "DECLINED"}, "CLOSED", 1),
        ({"outcome": "A_NEW_WORD"}, {}, "READY", 0),
    ],
)
def test_mergeability_is_one_state_with_its_reasons(
    told: dict[str, Any] | None, more: dict[str, Any], state: str, reasons: int
) -> None:
    """DC-40, DC-41, DC-42."""
    payload = None if told is None else read(payloads.Mergeability, told)
    found = wire.mergeability(payload, read(payloads.PullRequest, made(**more)))
    assert found.state is MergeabilityState[state]
    assert len(found.reasons) == reasons


def test_a_method_is_the_better_of_its_strategies() -> None:
    """What makes a merge commit or none, as it comes, is neither of both."""
    assert wire.strategy(MergeMethod.SQUASH, {"squash-ff-only", "squash"}) == "squash"
    assert wire.strategy(MergeMethod.REBASE, {"rebase-no-ff"}) == "rebase-no-ff"
    assert wire.strategy(MergeMethod.MERGE, {"ff"}) is None
    assert wire.strategy(MergeMethod.FAST_FORWARD, {"ff"}) is None
    assert wire.strategy(MergeMethod.MERGE, None) == "no-ff"
    config = {"strategies": [{"id": "no-ff", "enabled": True}, {"id": "squash", "enabled": False}, {"id": "ff-only"}]}
    settings = read(payloads.PullSettings, {"mergeConfig": config})
    assert wire.methods(settings.merge_config) == frozenset({MergeMethod.MERGE, MergeMethod.FAST_FORWARD})
    assert wire.methods(None) is None


@pytest.mark.parametrize(
    ("stats", "state"),
    [
        ({"successful": 2}, CheckState.SUCCESS),
        ({"successful": 2, "inProgress": 1}, CheckState.RUNNING),
        ({"successful": 2, "inProgress": 1, "failed": 1}, CheckState.FAILURE),
        ({"cancelled": 1}, CheckState.CANCELLED),
        ({"unknown": 1}, CheckState.UNKNOWN),
        ({}, None),
    ],
)
def test_builds_come_to_one_state(stats: dict[str, int], state: CheckState | None) -> None:
    """DC-59: the worst counts, and a cancelled one is no failure."""
    assert wire.tally(read(payloads.BuildStats, stats)) is state
