"""Merge checks: what a branch asks for before a merge.

https://support.atlassian.com/bitbucket-cloud/docs/suggest-or-require-checks-before-a-merge/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullbridge.testing.store import Protection, PullRequest

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_cloud.app import App


def rule(pull: PullRequest) -> Protection:
    """What the target branch asks for."""
    return pull.repository.protections.get(pull.target_branch, Protection())


def failing(app: App, pull: PullRequest) -> list[str]:
    """The checks that a pull request fails, in words."""
    store, asked = app.store, rule(pull)
    found: list[str] = []
    decision = store.reviews.decision(pull)
    if decision == "CHANGES_REQUESTED":
        found.append("No changes are requested")
    if decision == "REVIEW_REQUIRED":
        found.append(f"At least {asked.reviews} {'approval' if asked.reviews == 1 else 'approvals'}")
    if asked.checks and store.checks.missing(pull.repository, pull.head, asked.checks):
        many = len(asked.checks)
        found.append(f"At least {many} successful {'build' if many == 1 else 'builds'} with no failed builds")
    if app.knobs.tasks_must_be_completed and any(task.resolved_at is None for task in app.states.of(pull).tasks):
        found.append("All tasks are resolved")
    if asked.strict and store.merging.behind(pull):
        found.append("The source branch is not behind the destination branch")
    return found
