"""What happened, over the wire: notes and events as one story."""

from __future__ import annotations

import pytest
from tests.hosts.gitlab.lab import Lab

import pullbridge
from pullbridge import TimelineKind
from pullbridge.hosts.gitlab import PROVIDER, paging
from pullbridge.ports import Opening
from pullbridge.testing import Fault

K = TimelineKind


def story(lab: Lab) -> int:
    """Let a few things happen; give the number."""
    pull = lab.opened()
    repo = lab.repo
    repo.threads.start(pull, "Hello.")
    repo.pulls.edit(pull, title="Mend the edge")
    repo.pulls.edit(pull, add_labels=["bug"])
    repo.reviewers.request(pull, ["grace"])
    lab.app.commit("fix", {"b.txt": "1\n"}, message="More")
    repo.pulls.set_draft(pull, True)
    repo.pulls.set_draft(pull, False)
    repo.pulls.edit(pull, remove_labels=["bug"])
    repo.pulls.close(pull)
    repo.pulls.reopen(pull)
    repo.pulls.merge(pull)
    return pull.number


KINDS = [
    K.COMMENTED,
    K.RENAMED,
    K.LABELED,
    K.REVIEW_REQUESTED,
    K.PUSHED,
    K.DRAFTED,
    K.READIED,
    K.UNLABELED,
    K.CLOSED,
    K.REOPENED,
    K.MERGED,
]


def test_notes_and_events_are_one_story(lab: Lab) -> None:
    """In the order of their times, each with who did it, and none twice."""
    items = list(lab.repo.pulls.timeline(story(lab)))
    assert sorted(item.kind.value for item in items) == sorted(kind.value for kind in KINDS)
    moments = [item.at for item in items if item.at is not None]
    assert moments == sorted(moments)
    assert len(moments) == len(items) == len({item.id for item in items})
    by_kind = {item.kind: item for item in items}
    assert (by_kind[K.RENAMED].subject, by_kind[K.LABELED].subject) == ("Mend the edge", "bug")
    assert by_kind[K.REVIEW_REQUESTED].subject == "grace"
    assert by_kind[K.COMMENTED].body == "Hello."
    assert {item.actor.handle for item in items if item.actor and item.kind is not K.PUSHED} == {"ada"}


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_end_within_the_story(lab: Lab, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """The events go with the notes of their time, so that nothing is lost or told twice between two pages."""
    number = story(lab)
    whole = [item.id for item in lab.repo.pulls.timeline(number)]
    monkeypatch.setattr(paging, "PER_PAGE", size)
    listing = lab.repo.pulls.timeline(number)
    assert [item.id for item in listing] == whole
    assert listing.complete


def test_events_that_may_not_be_read_are_not_left_out(lab: Lab) -> None:
    """A story without them would be another one: what the token lacks is named."""
    number = story(lab)
    refusal = (
        b'{"error":"insufficient_scope","error_description":"The request requires higher privileges","scope":"api"}'
    )
    lab.forge.gitlab.add_fault(Fault(path="*/resource_label_events", status=403, body=refusal, times=1))
    with pytest.raises(pullbridge.ScopeMissing):
        list(lab.repo.pulls.timeline(number))


def test_no_such_merge_request(lab: Lab) -> None:
    """It is not there, and has no story."""
    with pytest.raises(pullbridge.NotThere):
        list(lab.repo.pulls.timeline(99))


@pytest.mark.parametrize("cursor", ["x", "1@yesterday", "@", "-1"])
def test_a_cursor_of_another_list_is_rejected(lab: Lab, cursor: str) -> None:
    """Before anything is sent."""
    host = lab.forge.gitlab
    opened = PROVIDER.open(Opening(web=host.url, credentials=pullbridge.Anonymous(), settings=host.settings))
    with pytest.raises(pullbridge.Rejected, match="is no cursor"):
        opened.repository(lab.repo.ref).pulls.timeline(7, cursor)
    opened.close()
    assert lab.sent() == []
