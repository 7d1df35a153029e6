"""Mutations of pull requests as a whole."""

from __future__ import annotations

from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.mutations.labels import labels_of
from pullbridge.testing.github.graphql.mutations.subjects import Payload, me, own, people_of, pull_of, subject
from pullbridge.testing.github.graphql.nodes import view_of
from pullbridge.testing.github.graphql.schema import mutation
from pullbridge.testing.store import KEEP, records


def editable(ask: Asking, id: str, role: records.Role = records.Role.WRITE) -> records.PullRequest:
    """A pull request that the viewer may change: their own, or with a role."""
    pull = pull_of(ask, id)
    ask.require(pull.repository, "pull_requests", role=role, own=own(ask, pull))
    return pull


@mutation
def update_pull_request(
    ask: Asking,
    *,
    pull_request_id: str,
    title: str | None = None,
    body: str | None = None,
    base_ref_name: str | None = None,
    state: str | None = None,
    maintainer_can_modify: bool | None = None,
    assignee_ids: list[str] | None = None,
    label_ids: list[str] | None = None,
    milestone_id: str | None = KEEP,
    project_ids: list[str] | None = None,
) -> Payload:
    """Change what is given. Projects are not the forge's."""
    del project_ids
    pull, pulls = editable(ask, pull_request_id), ask.store.pulls
    pulls.edit(pull, ask.viewer, title=title, body=KEEP if body is None else body, target_branch=base_ref_name)
    if maintainer_can_modify is not None:
        pull.maintainer_can_modify = maintainer_can_modify
    if assignee_ids is not None:
        pulls.set_assignees(pull, ask.viewer, people_of(ask, assignee_ids))
    if label_ids is not None:
        pulls.set_labels(pull, ask.viewer, labels_of(ask, label_ids))
    if milestone_id != KEEP:
        milestone = subject(ask, milestone_id, records.Milestone) if milestone_id else None
        pulls.set_milestone(pull, ask.viewer, milestone)
    if state is not None:
        change = pulls.close if state == "CLOSED" else pulls.reopen
        change(pull, ask.viewer)
    return {"actor": me(ask), "pull_request": view_of(ask, pull)}


@mutation
def close_pull_request(ask: Asking, *, pull_request_id: str) -> Payload:
    """Close it without merging."""
    pull = editable(ask, pull_request_id, records.Role.TRIAGE)
    ask.store.pulls.close(pull, ask.viewer)
    return {"pull_request": view_of(ask, pull)}


@mutation
def reopen_pull_request(ask: Asking, *, pull_request_id: str) -> Payload:
    """Open it again."""
    pull = editable(ask, pull_request_id, records.Role.TRIAGE)
    ask.store.pulls.reopen(pull, ask.viewer)
    return {"pull_request": view_of(ask, pull)}


def _draft(ask: Asking, id: str, draft: bool) -> Payload:
    pull = editable(ask, id)
    ask.store.pulls.set_draft(pull, ask.viewer, draft)
    return {"pull_request": view_of(ask, pull)}


@mutation
def convert_pull_request_to_draft(ask: Asking, *, pull_request_id: str) -> Payload:
    """Make it a draft."""
    return _draft(ask, pull_request_id, draft=True)


@mutation
def mark_pull_request_ready_for_review(ask: Asking, *, pull_request_id: str) -> Payload:
    """Make it ready for review."""
    return _draft(ask, pull_request_id, draft=False)


def _view_file(ask: Asking, pull_request_id: str, path: str, viewed: bool) -> Payload:
    pull = pull_of(ask, pull_request_id)
    ask.require(pull.repository, "pull_requests")
    ask.store.pulls.set_viewed(pull, ask.viewer, path, viewed)
    return {"pull_request": view_of(ask, pull)}


@mutation
def mark_file_as_viewed(ask: Asking, *, pull_request_id: str, path: str) -> Payload:
    """Tick a file off."""
    return _view_file(ask, pull_request_id, path, viewed=True)


@mutation
def unmark_file_as_viewed(ask: Asking, *, pull_request_id: str, path: str) -> Payload:
    """Take the tick back."""
    return _view_file(ask, pull_request_id, path, viewed=False)


@mutation
def lock_lockable(ask: Asking, *, lockable_id: str, lock_reason: str | None = None) -> Payload:
    """Let only those comment who may write. The store keeps REST's words for the reasons."""
    pull = pull_of(ask, lockable_id)
    ask.require(pull.repository, "pull_requests", role=records.Role.WRITE)
    words = {"OFF_TOPIC": "off-topic", "TOO_HEATED": "too heated", "RESOLVED": "resolved", "SPAM": "spam"}
    ask.store.pulls.lock(pull, ask.viewer, words[lock_reason] if lock_reason else None)
    return {"actor": me(ask), "locked_record": view_of(ask, pull)}


@mutation
def unlock_lockable(ask: Asking, *, lockable_id: str) -> Payload:
    """Let everybody comment again."""
    pull = pull_of(ask, lockable_id)
    ask.require(pull.repository, "pull_requests", role=records.Role.WRITE)
    ask.store.pulls.unlock(pull, ask.viewer)
    return {"actor": me(ask), "unlocked_record": view_of(ask, pull)}


@mutation
def update_subscription(ask: Asking, *, subscribable_id: str, state: str) -> Payload:
    """Subscribe the viewer, or not."""
    pull = pull_of(ask, subscribable_id)
    pull.subscriptions[ask.viewer] = state.lower()
    return {"subscribable": view_of(ask, pull)}
