"""Mutations that merge, now or later."""

from __future__ import annotations

from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.errors import unprocessable
from pullbridge.testing.github.graphql.mutations.pulls import editable
from pullbridge.testing.github.graphql.mutations.subjects import Payload, me, pull_of
from pullbridge.testing.github.graphql.nodes import view_of
from pullbridge.testing.github.graphql.queue import MergeQueueEntry, has_queue
from pullbridge.testing.github.graphql.schema import mutation
from pullbridge.testing.github.stacks import REFUSAL
from pullbridge.testing.store import MergeMethod, Refused, Why, records

_METHODS: dict[str, MergeMethod] = {"MERGE": "merge", "SQUASH": "squash", "REBASE": "rebase"}


def _mergeable(ask: Asking, id: str) -> records.PullRequest:
    pull = pull_of(ask, id)
    ask.require(pull.repository, "contents", role=records.Role.WRITE)
    return pull


def _at_head(pull: records.PullRequest, expected: str | None) -> None:
    if expected is not None and expected != pull.head:
        raise Refused(Why.HEAD_MOVED, head=pull.head, expected=expected)


@mutation
def merge_pull_request(
    ask: Asking,
    *,
    pull_request_id: str,
    merge_method: str = "MERGE",
    commit_headline: str | None = None,
    commit_body: str | None = None,
    expected_head_oid: str | None = None,
    author_email: str | None = None,
) -> Payload:
    """Merge it."""
    del author_email
    pull = _mergeable(ask, pull_request_id)
    ask.store.merging.merge(
        pull,
        ask.viewer,
        method=_METHODS[merge_method],
        title=commit_headline,
        message=commit_body,
        expected_head=expected_head_oid,
    )
    return {"actor": me(ask), "pull_request": view_of(ask, pull)}


@mutation
def enable_pull_request_auto_merge(
    ask: Asking,
    *,
    pull_request_id: str,
    merge_method: str = "MERGE",
    commit_headline: str | None = None,
    commit_body: str | None = None,
    expected_head_oid: str | None = None,
    author_email: str | None = None,
) -> Payload:
    """Merge it when its requirements are met; refused when they are met now."""
    del author_email
    pull = _mergeable(ask, pull_request_id)
    _at_head(pull, expected_head_oid)
    if not pull.repository.allow_auto_merge:
        raise unprocessable("Auto merge is not allowed for this repository")
    method = _METHODS[merge_method]
    ask.store.merging.enable_auto_merge(pull, ask.viewer, method=method, title=commit_headline, message=commit_body)
    return {"actor": me(ask), "pull_request": view_of(ask, pull)}


@mutation
def disable_pull_request_auto_merge(ask: Asking, *, pull_request_id: str) -> Payload:
    """Wait no longer."""
    pull = editable(ask, pull_request_id)
    if pull.auto_merge is None:
        raise unprocessable("Can't disable auto-merge for this pull request")
    ask.store.merging.disable_auto_merge(pull, ask.viewer)
    return {"actor": me(ask), "pull_request": view_of(ask, pull)}


@mutation
def enqueue_pull_request(
    ask: Asking, *, pull_request_id: str, expected_head_oid: str | None = None, jump: bool | None = None
) -> Payload:
    """Put it into the merge queue of its target."""
    pull = _mergeable(ask, pull_request_id)
    if ask.knobs.stacks.holds(pull):
        raise unprocessable(REFUSAL)
    if not has_queue(pull):
        raise unprocessable("Pull request The merge queue is not enabled on this branch")  # unverified wording
    ask.store.merging.enqueue(pull, ask.viewer, expected_head=expected_head_oid, jump=bool(jump))
    return {"merge_queue_entry": MergeQueueEntry.of(ask, pull)}


@mutation
def dequeue_pull_request(ask: Asking, *, id: str) -> Payload:
    """Take it out of the merge queue. `id` is the pull request's."""
    pull = _mergeable(ask, id)
    entry = ask.store.merging.dequeue(pull, ask.viewer)
    return {"merge_queue_entry": MergeQueueEntry(ask, pull, entry)}


@mutation
def update_pull_request_branch(
    ask: Asking, *, pull_request_id: str, expected_head_oid: str | None = None, update_method: str = "MERGE"
) -> Payload:
    """Bring the target's news into the source branch."""
    pull = pull_of(ask, pull_request_id)
    ask.require(pull.source, "contents", "pull_requests", role=records.Role.WRITE)
    method = _METHODS[update_method]
    ask.store.merging.update_branch(pull, ask.viewer, expected_head=expected_head_oid, method=method)
    return {"pull_request": view_of(ask, pull)}
