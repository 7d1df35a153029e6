"""Review threads and their comments."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from pullbridge.testing.github.graphql.comments import Hideable
from pullbridge.testing.github.graphql.commits import Commit
from pullbridge.testing.github.graphql.nodes import Node, view_of
from pullbridge.testing.github.graphql.people import User, person
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.pulls import PullRequest
    from pullbridge.testing.github.graphql.repositories import Repository
    from pullbridge.testing.github.graphql.reviews import PullRequestReview


@view
class PullRequestReviewThread(Node[records.Thread]):
    """An inline conversation. Its lines are null once it is outdated; the original ones stay."""

    @property
    def _place(self) -> records.Place:
        return self.record.current or self.record.original

    @property
    def pull_request(self) -> PullRequest:
        return view_of(self.ask, self.record.pull)

    @property
    def repository(self) -> Repository:
        return view_of(self.ask, self.record.pull.repository)

    @property
    def path(self) -> str:
        return self.record.path

    @property
    def diff_side(self) -> str:
        return self._place.side

    @property
    def start_diff_side(self) -> str | None:
        return self._place.start_side

    @property
    def line(self) -> int | None:
        return self.record.current.line if self.record.current else None

    @property
    def start_line(self) -> int | None:
        return self.record.current.start_line if self.record.current else None

    @property
    def original_line(self) -> int | None:
        return self.record.original.line

    @property
    def original_start_line(self) -> int | None:
        return self.record.original.start_line

    @property
    def subject_type(self) -> str:
        return subject_type(self.record)

    @property
    def is_outdated(self) -> bool:
        return self.record.outdated

    @property
    def is_resolved(self) -> bool:
        return self.record.resolved

    @property
    def is_collapsed(self) -> bool:
        return self.record.resolved or self.record.outdated

    @property
    def resolved_by(self) -> User | None:
        return person(self.ask, self.record.resolved_by)

    @property
    def viewer_can_reply(self) -> bool:
        return self.ask.may_converse(self.record.pull)

    @property
    def viewer_can_resolve(self) -> bool:
        return not self.record.resolved and self.ask.may_resolve(self.record)

    @property
    def viewer_can_unresolve(self) -> bool:
        return self.record.resolved and self.ask.may_resolve(self.record)

    def comments(self, skip: int | None = None) -> list[PullRequestReviewComment]:
        """The comments that the viewer may see, oldest first."""
        seen = self.ask.visible_comments(self.record)
        return [PullRequestReviewComment(self.ask, comment) for comment in seen[skip or 0 :]]


def subject_type(thread: records.Thread) -> str:
    """`FILE` or `LINE`."""
    return "FILE" if thread.original.of_file else "LINE"


@view
class PullRequestReviewComment(Hideable):
    """A comment of a thread. It has no side: that is the thread's."""

    record: records.ReviewComment

    @property
    def _thread(self) -> records.Thread:
        return self.record.thread

    @property
    def pull(self) -> records.PullRequest:
        return self._thread.pull

    @property
    def pull_request_review(self) -> PullRequestReview:
        return view_of(self.ask, self.record.review)

    @property
    def reply_to(self) -> PullRequestReviewComment | None:
        root = self.record.root
        return None if root is self.record else PullRequestReviewComment(self.ask, root)

    @property
    def state(self) -> str:
        return "PENDING" if self.record.pending else "SUBMITTED"

    @property
    def drafted_at(self) -> datetime:
        return self.record.created_at

    @property
    def published_at(self) -> datetime | None:
        return self.record.review.submitted_at

    @property
    def commit(self) -> Commit:
        """The head in which the thread's lines were last found."""
        return Commit(self.ask, self.pull.repository, self._thread.commit)

    @property
    def original_commit(self) -> Commit:
        return Commit(self.ask, self.pull.repository, self._thread.original_commit)

    @property
    def diff_hunk(self) -> str:
        return self._thread.hunk

    @property
    def path(self) -> str:
        return self._thread.path

    @cached_property
    def _current(self) -> records.Place | None:
        return self._thread.current

    @property
    def line(self) -> int | None:
        return self._current.line if self._current else None

    @property
    def start_line(self) -> int | None:
        return self._current.start_line if self._current else None

    @property
    def original_line(self) -> int | None:
        return self._thread.original.line

    @property
    def original_start_line(self) -> int | None:
        return self._thread.original.start_line

    @property
    def outdated(self) -> bool:
        return self._thread.outdated

    @property
    def subject_type(self) -> str:
        return subject_type(self._thread)

    @property
    def resource_path(self) -> str:
        return f"/{self.pull.repository.path}/pull/{self.pull.number}#discussion_r{self.record.id}"
