"""Mutations of who and what is attached to a merge request: people, labels, milestones, and how far reviews are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pullbridge.testing.gitlab import reviewing
from pullbridge.testing.gitlab.graphql.context import Asking
from pullbridge.testing.gitlab.graphql.errors import unavailable
from pullbridge.testing.gitlab.graphql.mutations.subjects import Payload, editable, pull_of, shown
from pullbridge.testing.gitlab.graphql.nodes import record_of
from pullbridge.testing.gitlab.graphql.schema import mutation
from pullbridge.testing.gitlab.pull_fields import MOST_PEOPLE
from pullbridge.testing.gitlab.roles import sees
from pullbridge.testing.store import Label, Milestone, PullRequest
from pullbridge.testing.store.records import User

Item = TypeVar("Item")


def _combined(known: Sequence[Item], given: Sequence[Item], mode: str) -> list[Item]:
    """What is there after an operation: `REPLACE`, `APPEND` or `REMOVE`."""
    if mode == "REMOVE":
        return [item for item in known if item not in given]
    return list(dict.fromkeys([*(known if mode == "APPEND" else ()), *given]))


def _people(ask: Asking, pull: PullRequest, names: Sequence[str]) -> list[User]:
    """Those who exist and may see the merge request; the others are passed over."""
    found = [ask.store.people.find(name) for name in names]
    return [user for user in found if user is not None and sees(ask.store, user, pull.repository)]


def _limited(ask: Asking, people: list[User]) -> list[User]:
    """Without a licence there is one at a time."""
    return people if ask.app.tier != "free" else people[:1]


@mutation
def merge_request_set_reviewers(
    ask: Asking, *, project_path: str, iid: str, reviewer_usernames: Sequence[str], operation_mode: str | None = None
) -> Payload:
    """Ask people for a review."""
    pull = editable(ask, project_path, iid)
    given = _people(ask, pull, reviewer_usernames)
    wanted = _limited(ask, _combined(pull.requested_reviewers, given, operation_mode or "REPLACE"))
    if len(wanted) > MOST_PEOPLE:
        return shown(ask, pull, f"Reviewers total must be less than or equal to {MOST_PEOPLE}")
    ask.store.pulls.set_reviewers(pull, ask.me, wanted)
    return shown(ask, pull)


@mutation
def merge_request_set_assignees(
    ask: Asking, *, project_path: str, iid: str, assignee_usernames: Sequence[str], operation_mode: str | None = None
) -> Payload:
    """Assign people."""
    pull = editable(ask, project_path, iid)
    given = _people(ask, pull, assignee_usernames)
    wanted = _limited(ask, _combined(pull.assignees, given, operation_mode or "REPLACE"))
    if len(wanted) > MOST_PEOPLE:
        return shown(ask, pull, f"Assignees total must be less than or equal to {MOST_PEOPLE}")
    ask.store.pulls.set_assignees(pull, ask.me, wanted)
    return shown(ask, pull)


@mutation
def merge_request_set_labels(
    ask: Asking, *, project_path: str, iid: str, label_ids: Sequence[str], operation_mode: str | None = None
) -> Payload:
    """Label it with labels of the project."""
    pull = editable(ask, project_path, iid)
    found = [record_of(ask, one, Label, "Label", "ProjectLabel", "GroupLabel") for one in label_ids]
    own = [label for label in found if label in pull.repository.labels.values()]
    ask.store.pulls.set_labels(pull, ask.me, _combined(pull.labels, own, operation_mode or "REPLACE"))
    return shown(ask, pull)


@mutation
def merge_request_set_milestone(
    ask: Asking, *, project_path: str, iid: str, milestone_id: str | None = None
) -> Payload:
    """Give it a milestone of the project, or none."""
    pull = editable(ask, project_path, iid)
    found = record_of(ask, milestone_id, Milestone, "Milestone") if milestone_id else None
    if found is not None and found not in pull.repository.milestones.values():
        raise unavailable()
    ask.store.pulls.set_milestone(pull, ask.me, found)
    return shown(ask, pull)


# -- reviews -----------------------------------------------------------------------------------------------------------


@mutation
def merge_request_reviewer_rereview(ask: Asking, *, project_path: str, iid: str, user_id: str) -> Payload:
    """Ask a reviewer for another review."""
    pull, user = editable(ask, project_path, iid), record_of(ask, user_id, User, "User")
    if user not in pull.requested_reviewers:
        return shown(ask, pull, "Reviewer not found")
    reviewing.ask_again(ask.app, pull, ask.me, user)
    return shown(ask, pull)


@mutation
def merge_request_request_changes(ask: Asking, *, project_path: str, iid: str) -> Payload:
    """Ask for changes, as a reviewer."""
    pull = editable(ask, project_path, iid)
    problem = reviewing.update(ask.app, pull, ask.me, "requested_changes")
    return shown(ask, pull, *([problem] if problem else ()))


@mutation
def merge_request_destroy_requested_changes(ask: Asking, *, project_path: str, iid: str) -> Payload:
    """Ask for them no longer."""
    pull = pull_of(ask, project_path, iid)
    if ask.me not in reviewing.changes_requested(ask.app, pull):
        return shown(ask, pull, "Requested change not found")
    reviewing.withdraw_changes(ask.app, pull, ask.me)
    return shown(ask, pull)
