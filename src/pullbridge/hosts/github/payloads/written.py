"""What GraphQL's mutations give back. https://docs.github.com/en/graphql/reference/mutations"""

from __future__ import annotations

from pullbridge.hosts.github.payloads.graph import (
    GraphComment,
    GraphOid,
    GraphPull,
    GraphReview,
    GraphThread,
)
from pullbridge.hosts.graphql import Connection, Struct


class GraphPullWritten(Struct):
    """The payload of a mutation that gives the pull request back."""

    pull_request: GraphPull


class GraphThreadWritten(Struct):
    """The payload of a mutation that gives the thread back; `None` when GitHub dropped it without an error."""

    thread: GraphThread | None = None


class GraphCommentWritten(Struct):
    """The payload of the mutations that give a comment back, each under its own name."""

    comment: GraphComment | None = None
    pull_request_review_comment: GraphComment | None = None
    issue_comment: GraphComment | None = None

    @property
    def written(self) -> GraphComment | None:
        return self.comment or self.pull_request_review_comment or self.issue_comment


class GraphBuilt(Struct):
    """The payload of one step of `queries.build_review`."""

    thread: GraphThread | None = None
    comment: GraphComment | None = None


class GraphPostedPull(Struct):
    head_ref_oid: str | None = None
    review_threads: Connection[GraphThread] | None = None


class GraphPostedReview(GraphReview):
    pull_request: GraphPostedPull | None = None


class GraphReviewWritten(Struct):
    pull_request_review: GraphPostedReview


class GraphNothing(Struct):
    """A payload that is only asked for because GraphQL wants a selection."""


class GraphReviewDismissed(Struct):
    pull_request_review: GraphReview


class GraphCommitted(Struct):
    commit: GraphOid


class GraphQueueEntry(Struct):
    state: str | None = None
    position: int | None = None


class GraphQueued(Struct):
    merge_queue_entry: GraphQueueEntry | None = None
