"""What happened to a pull request on Data Center."""

from __future__ import annotations

import msgspec
import pytest
from tests.hosts.bitbucket_dc.asked import HOME, page, repository, routed, served, user
from tests.hosts.bitbucket_dc.center import Center
from tests.transport.scripted import answer

from pullbridge import TimelineKind
from pullbridge.hosts import decoding
from pullbridge.hosts.bitbucket_dc import payloads, timeline, wire

Kind = TimelineKind


def happened(**entry: object) -> list[tuple[Kind, str | None]]:
    """The kinds that an entry tells, each with its subject."""
    body = msgspec.json.encode({"id": 1, "createdDate": 1, "user": user(), **entry})
    found = decoding.decode(body, payloads.Happening, "an entry", "Bitbucket")
    return [(each.kind, each.subject) for each in wire.happened(found)]


def test_a_life_is_told_oldest_first(center: Center) -> None:
    """Data Center answers the newest first."""
    opened = center.opened(reviewers=["grace"])
    center.repo.threads.start(opened, "Hm.")
    center.app.commit("fix", {"a.txt": "2\n"})
    center.repo.reviewers.request(opened, ["linus"])
    center.repo.pulls.close(opened)
    center.repo.pulls.reopen(opened)
    merged = center.repo.pulls.merge(opened)
    told = list(center.repo.pulls.timeline(opened))
    assert [each.kind for each in told] == [
        Kind.OTHER,
        Kind.COMMENTED,
        Kind.PUSHED,
        Kind.REVIEW_REQUESTED,
        Kind.CLOSED,
        Kind.REOPENED,
        Kind.MERGED,
    ]
    assert told[0].raw_kind == "OPENED"
    assert (told[1].body, told[1].actor and told[1].actor.handle) == ("Hm.", "ada")
    assert told[2].commit == center.app.head("fix")
    assert told[3].subject == "linus"
    assert told[-1].commit == merged.commit
    assert len({each.id for each in told}) == len(told)
    assert all(each.at is not None for each in told)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"action": "APPROVED"}, [(Kind.REVIEWED, None)]),
        ({"action": "REVIEWED"}, [(Kind.REVIEWED, None)]),
        ({"action": "UNAPPROVED"}, [(Kind.REVIEW_DISMISSED, None)]),
        ({"action": "AUTO_MERGE_REQUESTED"}, [(Kind.AUTO_MERGE, None)]),
        ({"action": "RESCOPED", "fromHash": "a", "previousFromHash": "b"}, [(Kind.PUSHED, None)]),
        ({"action": "RESCOPED", "fromHash": "a", "previousFromHash": "a"}, [(Kind.OTHER, None)]),
        ({"action": "COMMENTED", "commentAction": "DELETED"}, [(Kind.OTHER, None)]),
        ({"action": "UPDATED"}, [(Kind.OTHER, None)]),
        (
            {"action": "UPDATED", "addedReviewers": [user("x"), user("y")], "removedReviewers": [user("z")]},
            [(Kind.REVIEW_REQUESTED, "x"), (Kind.REVIEW_REQUESTED, "y"), (Kind.REVIEW_REQUEST_REMOVED, "z")],
        ),
        ({"action": "SOMETHING_NEW", "user": None}, [(Kind.OTHER, None)]),
        ({"action": ""}, [(Kind.OTHER, None)]),
    ],
)
def test_each_entry_has_its_meaning(entry: dict[str, object], expected: list[tuple[Kind, str | None]]) -> None:
    """DC-25: what is not known here is there all the same."""
    assert happened(**entry) == expected


def test_an_entry_of_a_plug_in_fails_nothing() -> None:
    """DC-25: without anything that the others have."""
    rows = page(
        {}, {"id": 3, "action": "PLUGGED", "thing": {"x": [1]}}, {"id": 2, "action": "OPENED", "createdDate": 5}
    )
    path = f"GET {HOME}/pull-requests/7/activities"
    with served(routed({path: answer(200, rows)})) as (api, _):
        told = timeline.timeline(repository(api), 7)
    assert [each.raw_kind for each in told] == ["OPENED", "PLUGGED", "untold"]
    assert (told[2].id, told[2].at) == (None, None)
