"""Mutations of merge requests as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from pullbridge.testing.gitlab.drafts import draft_title, is_draft, without_prefix
from pullbridge.testing.gitlab.graphql.context import Asking
from pullbridge.testing.gitlab.graphql.mutations.subjects import Payload, editable, project_of, pull_of, shown
from pullbridge.testing.gitlab.graphql.schema import mutation
from pullbridge.testing.gitlab.pulls import SAME_BRANCH, retitle
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.store import KEEP, Refused, Why

_BRANCHES = {
    Why.SOURCE_MISSING: "Source branch does not exist",
    Why.TARGET_MISSING: "Target branch does not exist",
}


def _problem(refused: Refused) -> str:
    """A validation in a sentence, as `errors` have it."""
    if refused.why is Why.PULL_EXISTS:
        number = refused.facts["number"]
        return f"Validate branches Another open merge request already exists for this source branch: !{number}"
    return _BRANCHES.get(refused.why, str(refused).capitalize())


@mutation
def merge_request_create(
    ask: Asking,
    *,
    project_path: str,
    title: str,
    source_branch: str,
    target_branch: str,
    description: str | None = None,
    labels: Sequence[str] | None = None,
    merge_after: str | None = None,
) -> Payload:
    """Open one within a project; forks and reviewers are REST's."""
    del merge_after
    project, pulls = project_of(ask, project_path, level=DEVELOPER), ask.store.pulls
    try:
        pull = pulls.create(
            project,
            ask.me,
            title=title,
            body=description,
            source_branch=source_branch,
            target_branch=target_branch,
            draft=is_draft(title, ask.app.version),
            empty=True,
        )
    except Refused as refused:
        return {"merge_request": None, "errors": [_problem(refused)]}
    pulls.set_labels(pull, ask.me, [ask.store.repositories.label(project, name) for name in labels or ()])
    return shown(ask, pull)


@mutation
def merge_request_update(
    ask: Asking,
    *,
    project_path: str,
    iid: str,
    title: str | None = None,
    description: str | None = KEEP,
    target_branch: str | None = None,
    state: str | None = None,
    merge_after: str | None = None,
    override_requested_changes: bool | None = None,
    time_estimate: str | None = None,
) -> Payload:
    """Change what is given."""
    del merge_after, override_requested_changes, time_estimate
    pull, pulls = editable(ask, project_path, iid), ask.store.pulls
    if pull.source is pull.repository and target_branch == pull.source_branch:
        return shown(ask, pull, SAME_BRANCH)
    try:
        if target_branch and pull.state == "open":
            pulls.edit(pull, ask.me, target_branch=target_branch, empty=True)
        if title:
            retitle(ask.app, ask.me, pull, title)
        pulls.edit(pull, ask.me, body=description)
        if state == "CLOSED":
            pulls.close(pull, ask.me)
        elif state == "OPEN":
            pulls.reopen(pull, ask.me)
    except Refused as refused:
        return shown(ask, pull, _problem(refused))
    return shown(ask, pull)


@mutation
def merge_request_set_draft(ask: Asking, *, project_path: str, iid: str, draft: bool) -> Payload:
    """Make it a draft, or ready, by its title."""
    pull = editable(ask, project_path, iid)
    bare = without_prefix(pull.title, ask.app.version)
    if draft != pull.draft:
        retitle(ask.app, ask.me, pull, draft_title(bare, ask.app.version) if draft else bare)
    return shown(ask, pull)


@mutation
def merge_request_set_locked(ask: Asking, *, project_path: str, iid: str, locked: bool) -> Payload:
    """Let only members comment, or everybody again."""
    pull = editable(ask, project_path, iid)
    if locked and not pull.locked:
        ask.store.pulls.lock(pull, ask.me)
    elif pull.locked and not locked:
        ask.store.pulls.unlock(pull, ask.me)
    return shown(ask, pull)


@mutation
def merge_request_set_subscription(ask: Asking, *, project_path: str, iid: str, subscribed_state: bool) -> Payload:
    """Hear of it, or not."""
    pull = pull_of(ask, project_path, iid)
    pull.subscriptions[ask.me] = "subscribed" if subscribed_state else "unsubscribed"
    return shown(ask, pull)
