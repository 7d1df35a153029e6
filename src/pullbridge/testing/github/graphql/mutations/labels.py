"""Mutations of labels and assignees."""

from __future__ import annotations

from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.mutations.subjects import Payload, people_of, pull_of, subject
from pullbridge.testing.github.graphql.nodes import view_of
from pullbridge.testing.github.graphql.schema import mutation
from pullbridge.testing.store import records


def _pull(ask: Asking, id: str) -> records.PullRequest:
    pull = pull_of(ask, id)
    ask.require(pull.repository, "pull_requests", role=records.Role.TRIAGE)
    return pull


def labels_of(ask: Asking, ids: list[str]) -> list[records.Label]:
    """Several labels."""
    return [subject(ask, one, records.Label) for one in ids]


@mutation
def add_labels_to_labelable(ask: Asking, *, labelable_id: str, label_ids: list[str]) -> Payload:
    """Add labels to those that are there."""
    pull = _pull(ask, labelable_id)
    ask.store.pulls.set_labels(pull, ask.viewer, [*pull.labels, *labels_of(ask, label_ids)])
    return {"labelable": view_of(ask, pull)}


@mutation
def remove_labels_from_labelable(ask: Asking, *, labelable_id: str, label_ids: list[str]) -> Payload:
    """Remove labels."""
    pull, gone = _pull(ask, labelable_id), labels_of(ask, label_ids)
    ask.store.pulls.set_labels(pull, ask.viewer, [label for label in pull.labels if label not in gone])
    return {"labelable": view_of(ask, pull)}


@mutation
def add_assignees_to_assignable(ask: Asking, *, assignable_id: str, assignee_ids: list[str]) -> Payload:
    """Assign people besides those who are assigned."""
    pull = _pull(ask, assignable_id)
    ask.store.pulls.set_assignees(pull, ask.viewer, [*pull.assignees, *people_of(ask, assignee_ids)])
    return {"assignable": view_of(ask, pull)}


@mutation
def remove_assignees_from_assignable(ask: Asking, *, assignable_id: str, assignee_ids: list[str]) -> Payload:
    """Assign people no longer."""
    pull, gone = _pull(ask, assignable_id), people_of(ask, assignee_ids)
    ask.store.pulls.set_assignees(pull, ask.viewer, [user for user in pull.assignees if user not in gone])
    return {"assignable": view_of(ask, pull)}
