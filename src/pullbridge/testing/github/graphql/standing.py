"""Where a pull request stands: its state, whether it can be merged, and what the viewer may do with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pullbridge.testing.github.graphql.comments import Body
from pullbridge.testing.github.graphql.commits import Commit
from pullbridge.testing.github.graphql.nodes import view_of
from pullbridge.testing.github.graphql.people import Account, actor
from pullbridge.testing.github.graphql.queue import MergeQueueEntry, has_queue
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest

_STATES = {
    "checking": "UNKNOWN",
    "ready": "CLEAN",
    "conflicts": "DIRTY",
    "blocked": "BLOCKED",
    "behind": "BEHIND",
    "draft": "DRAFT",
    "unstable": "UNSTABLE",
    "closed": "UNKNOWN",
}


@view
class AutoMergeRequest:
    """A merge that waits for its requirements."""

    def __init__(self, ask: Asking, pull: records.PullRequest, waiting: records.AutoMerge) -> None:
        self._ask = ask
        self._pull = pull
        self._waiting = waiting
        self.enabled_at: datetime = waiting.enabled_at
        self.merge_method = waiting.method.upper()
        self.commit_headline: str | None = waiting.title
        self.commit_body: str | None = waiting.message
        self.author_email: str | None = None

    @property
    def enabled_by(self) -> Account | None:
        return actor(self._ask, self._waiting.user)

    @property
    def pull_request(self) -> PullRequest:
        return view_of(self._ask, self._pull)


class Standing(Body):
    """What the pull request is, who may do what with it, and whether it can be merged."""

    record: records.PullRequest

    @property
    def pull(self) -> records.PullRequest:
        return self.record

    @property
    def _role(self) -> records.Role:
        return self.ask.role(self.record.repository)

    @property
    def _open(self) -> bool:
        return self.record.state == "open"

    @property
    def state(self) -> str:
        return self.record.state.upper()

    @property
    def closed(self) -> bool:
        return not self._open

    @property
    def closed_at(self) -> datetime | None:
        return self.record.closed_at

    @property
    def merged(self) -> bool:
        return self.record.state == "merged"

    @property
    def merged_at(self) -> datetime | None:
        return self.record.merged_at

    @property
    def merged_by(self) -> Account | None:
        return actor(self.ask, self.record.merged_by)

    @property
    def merge_commit(self) -> Commit | None:
        sha = self.record.merge_commit
        return Commit(self.ask, self.record.repository, sha) if sha else None

    @property
    def potential_merge_commit(self) -> Commit | None:
        return None

    @property
    def mergeable(self) -> str:
        found = self.ask.mergeability(self.record).mergeable
        return "UNKNOWN" if found is None else "MERGEABLE" if found else "CONFLICTING"

    @property
    def merge_state_status(self) -> str:
        return _STATES[self.ask.mergeability(self.record).state]

    @property
    def can_be_rebased(self) -> bool:
        return self.ask.mergeability(self.record).mergeable is True

    @property
    def review_decision(self) -> str | None:
        return self.ask.store.reviews.decision(self.record)

    @property
    def auto_merge_request(self) -> AutoMergeRequest | None:
        waiting = self.record.auto_merge
        return AutoMergeRequest(self.ask, self.record, waiting) if waiting else None

    @property
    def is_merge_queue_enabled(self) -> bool:
        return has_queue(self.record)

    @property
    def is_in_merge_queue(self) -> bool:
        return self.merge_queue_entry is not None

    @property
    def merge_queue_entry(self) -> MergeQueueEntry | None:
        return MergeQueueEntry.of(self.ask, self.record)

    @property
    def viewer_can_close(self) -> bool:
        return self._open and self.viewer_can_update

    @property
    def viewer_can_reopen(self) -> bool:
        return self.record.state == "closed" and self.viewer_can_update

    @property
    def viewer_can_delete_head_ref(self) -> bool:
        return not self._open and self.ask.role(self.record.source) >= records.Role.WRITE

    @property
    def viewer_can_enable_auto_merge(self) -> bool:
        may = self._role >= records.Role.WRITE and self.record.repository.allow_auto_merge
        return self._open and may and self.record.auto_merge is None

    @property
    def viewer_can_disable_auto_merge(self) -> bool:
        return self.record.auto_merge is not None and self.viewer_can_update

    @property
    def viewer_can_merge_as_admin(self) -> bool:
        return self._open and self._role >= records.Role.ADMIN

    @property
    def viewer_can_update_branch(self) -> bool:
        behind = self._open and self.ask.store.merging.behind(self.record) > 0
        return behind and self.ask.role(self.record.source) >= records.Role.WRITE

    @property
    def viewer_can_apply_suggestion(self) -> bool:
        return self._open and self.ask.role(self.record.source) >= records.Role.WRITE

    @property
    def viewer_can_edit_files(self) -> bool:
        return self.viewer_can_apply_suggestion

    @property
    def viewer_can_label(self) -> bool:
        return self._role >= records.Role.TRIAGE

    @property
    def viewer_can_subscribe(self) -> bool:
        return True

    @property
    def viewer_subscription(self) -> str:
        took_part = self.ask.viewer in self.ask.store.pulls.participants(self.record)
        return self.record.subscriptions.get(self.ask.viewer, "subscribed" if took_part else "unsubscribed").upper()
