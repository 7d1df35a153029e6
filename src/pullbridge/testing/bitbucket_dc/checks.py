"""What stands in the way of a merge: conflicts, and the vetoes of merge checks.

The words are quoted from answers in public code where they are known; the others say what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pullbridge.testing.bitbucket_dc import talk
from pullbridge.testing.store import PullRequest, Repository, Why

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App

Veto = tuple[str, str]


@dataclass
class MergeChecks:
    """A repository's settings for pull requests; `strategies` is `None` as long as nobody chose."""

    all_approvers: bool = False
    all_tasks: bool = False
    approvers: int = 0
    builds: int = 0
    strategies: tuple[str, ...] | None = None
    default_strategy: str = "no-ff"


@dataclass(eq=False, kw_only=True)
class RequiredBuilds:
    """A condition: what goes into a branch needs successful builds of these parents."""

    id: int
    keys: list[str]
    branch: str | None


@dataclass
class Checks:
    """All settings and conditions, by repository."""

    settings: dict[Repository, MergeChecks] = field(default_factory=dict)
    builds: dict[Repository, list[RequiredBuilds]] = field(default_factory=dict)

    def of(self, repository: Repository) -> MergeChecks:
        """The settings of a repository."""
        return self.settings.setdefault(repository, MergeChecks())


def vetoes(app: App, pull: PullRequest) -> list[Veto]:
    """All vetoes against merging it now."""
    found = [*app.knobs.vetoes]
    if pull.draft:
        found.append(("Draft pull requests cannot be merged", "Mark the pull request as ready for review first."))
    found += _approvals(app, pull)
    found += _builds(app, pull)
    counts = talk.counts(app.states.of(pull))
    if app.checks.of(pull.repository).all_tasks and counts["openTaskCount"]:
        text = f"This pull request has {counts['openTaskCount']} unresolved tasks."
        found.append(("Not all tasks are resolved", text))
    reasons = app.store.merging.mergeability(pull).reasons
    if Why.CHANGES_REQUESTED in reasons:
        found.append(("Requested changes", "A reviewer requested changes to this pull request."))
    if Why.BEHIND in reasons:
        found.append(("Not up to date", "The source branch does not have all commits of the target branch."))
    return found


def _approvals(app: App, pull: PullRequest) -> list[Veto]:
    state, checks = app.states.of(pull), app.checks.of(pull.repository)
    approved = {user for user in pull.requested_reviewers if state.status(user).word == "APPROVED"}
    rule = pull.repository.protections.get(pull.target_branch)
    needed = max(checks.approvers, rule.reviews if rule else 0) - len(approved)
    found: list[Veto] = []
    if needed > 0:
        noun = "approval" if needed == 1 else "approvals"
        text = f"You still need {needed} {noun} before this pull request can be merged."
        found.append(("Requires approvals", text))
    if checks.all_approvers and len(approved) < len(pull.requested_reviewers):
        text = "You need all reviewers to approve before this pull request can be merged."
        found.append(("Not all reviewers have approved yet", text))
    if any(condition.missing(pull, approved) for condition in app.reviewing.of(pull.repository)):
        text = "The default reviewers have not given the approvals that this repository requires."
        found.append(("Not all required reviewers have approved yet", text))
    return found


def _builds(app: App, pull: PullRequest) -> list[Veto]:
    store, repository = app.store, pull.repository
    rule = repository.protections.get(pull.target_branch)
    required = list(rule.checks if rule else ())
    for condition in app.checks.builds.get(repository, ()):
        if condition.branch in {None, f"refs/heads/{pull.target_branch}"}:
            required += condition.keys
    succeeded = app.builds.succeeded(repository, pull.head)
    missing = [*store.checks.missing(repository, pull.head, tuple(required))]
    missing = [key for key in missing if key not in succeeded]
    few = len(succeeded) < app.checks.of(repository).builds
    if not missing and not few:
        return []
    text = "You still need a minimum of one successful build before this pull request can be merged."
    return [("Not all required builds are successful yet", text)]
