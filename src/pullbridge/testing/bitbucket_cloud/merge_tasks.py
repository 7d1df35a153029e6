"""Merging, now or in a task that is done a little later."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, TypedDict

from pullbridge.testing.bitbucket_cloud.errors import ApiError, answer_to, bad_request, conflict
from pullbridge.testing.bitbucket_cloud.merge_checks import failing
from pullbridge.testing.bitbucket_cloud.states import MergeTask
from pullbridge.testing.store import MergeMethod, PullRequest, Refused, User, Why

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_cloud.app import App


class _How(TypedDict, total=False):
    method: MergeMethod
    squash: bool


#: https://support.atlassian.com/bitbucket-cloud/docs/merge-strategies/
_HOW: dict[str, _How] = {
    "merge_commit": {"method": "merge"},
    "squash": {"method": "squash"},
    "fast_forward": {"method": "fast_forward"},
    "squash_fast_forward": {"method": "fast_forward", "squash": True},
    "rebase_fast_forward": {"method": "rebase"},
    "rebase_merge": {"method": "rebase_merge"},
}
RACED = "One of the refs involved changed while attempting to merge."
FAILED = "Something went wrong while merging. Please try again."
NOT_FAST_FORWARD = "Unable to fast forward due changes in destination branch."
DRAFT = "You can't merge a draft pull request."


def perform(app: App, pull: PullRequest, user: User, strategy: str, message: str | None, close: bool) -> None:
    """Merge, or raise what is in the way: conflicts and merge checks are 400."""
    failed = failing(app, pull)
    if failed:
        # the sentence is unverified; that the checks are named among `fields` is, too
        text = "You can't merge until you resolve all merge checks."
        raise ApiError(400, text, fields={"merge_checks": failed})
    how = _HOW[strategy]
    title, text = _message(app, pull, message)
    try:
        app.store.merging.merge(
            pull,
            user,
            method=how["method"],
            title=title,
            message=text,
            squash=how.get("squash", False),
            squash_message=f"{title}\n\n{text}".strip(),
            delete_source=close,
        )
    except Refused as refused:
        raise _refusal(refused) from refused


def _refusal(refused: Refused) -> ApiError:
    if refused.why is Why.BEHIND:
        return bad_request(NOT_FAST_FORWARD)
    return bad_request(DRAFT) if refused.why is Why.DRAFT else answer_to(refused)


def _message(app: App, pull: PullRequest, message: str | None) -> tuple[str, str]:
    if message:
        return message, ""
    verdicts = app.store.reviews.verdicts(pull)
    approvals = [f"Approved-by: {user.name}" for user, review in verdicts.items() if review.state == "APPROVED"]
    headline = f"Merged in {pull.source_branch} (pull request #{pull.number})"
    return headline, "\n\n".join([pull.title, *(["\n".join(approvals)] if approvals else [])])


# -- later -------------------------------------------------------------------------------------------------------------


def queue(app: App, pull: PullRequest, user: User, strategy: str, message: str | None, close: bool) -> MergeTask:
    """Accept a merge that is done when it has been looked for often enough."""
    task = MergeTask(
        id=secrets.token_hex(16),
        user=user,
        strategy=strategy,
        message=message,
        close_source=close,
        polls=app.knobs.merge_polls,
        fails=app.knobs.meets("merge_failures"),
    )
    app.states.of(pull).merges[task.id] = task
    return task


def look(app: App, pull: PullRequest) -> None:
    """Somebody looks at a pull request: its merges come one look nearer their end."""
    for task in app.states.of(pull).merges.values():
        if task.done:
            continue
        if task.polls > 0:
            task.polls -= 1
            continue
        task.done = True
        try:
            if task.fails:
                raise bad_request(FAILED)
            if pull.state == "merged":
                raise conflict(RACED)
            perform(app, pull, task.user, task.strategy, task.message, task.close_source)
        except ApiError as error:
            task.error = error
