"""The merge queue as GraphQL sees it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pullbridge.testing.github.graphql.commits import Commit
from pullbridge.testing.github.graphql.nodes import composed_id, view_of
from pullbridge.testing.github.graphql.people import Account, actor
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest

#: How long the forge says that one merge of the queue takes, in seconds.
_SECONDS_EACH = 60


def has_queue(pull: records.PullRequest) -> bool:
    """Whether merges into its target go through a queue."""
    protection = pull.repository.protections.get(pull.target_branch)
    return protection is not None and protection.queue


@view
class MergeQueueEntry:
    """A place in the queue, counted from 1."""

    def __init__(self, ask: Asking, pull: records.PullRequest, entry: records.QueueEntry) -> None:
        self._ask = ask
        self._pull = pull
        self._entry = entry
        self.id: str = composed_id("MQE", entry.id)
        self.enqueued_at: datetime = entry.enqueued_at
        self.jump: bool = entry.jump
        self.solo = False
        self.state = "QUEUED"

    @classmethod
    def of(cls, ask: Asking, pull: records.PullRequest) -> MergeQueueEntry | None:
        """The pull request's place, or `None`."""
        entry = ask.store.merging.place_in_queue(pull)
        return cls(ask, pull, entry) if entry else None

    @property
    def position(self) -> int:
        waiting = self._ask.store.merging.queue(self._pull.repository, self._pull.target_branch)
        return waiting.index(self._pull) + 1 if self._pull in waiting else 1

    @property
    def estimated_time_to_merge(self) -> int:
        return self.position * _SECONDS_EACH

    @property
    def enqueuer(self) -> Account | None:
        return actor(self._ask, self._entry.user)

    @property
    def base_commit(self) -> Commit | None:
        tip = self._pull.repository.git.head(self._pull.target_branch)
        return Commit(self._ask, self._pull.repository, tip) if tip else None

    @property
    def head_commit(self) -> Commit:
        return Commit(self._ask, self._pull.repository, self._entry.head)

    @property
    def pull_request(self) -> PullRequest:
        return view_of(self._ask, self._pull)
