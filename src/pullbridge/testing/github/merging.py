"""Merging: https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request"""

from __future__ import annotations

from typing import cast

from pullbridge.testing.github import stacks
from pullbridge.testing.github.asking import NO_CONTENT, Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, answer_to, not_found
from pullbridge.testing.github.pull_shapes import pull_url
from pullbridge.testing.store import MergeMethod, Refused, Role, Why


def is_merged(ask: Ask) -> Answer:
    """GET merge: 204 or 404."""
    if ask.pull.state != "merged":
        raise not_found()
    return Answer(status=NO_CONTENT)


def merge(ask: Ask) -> Answer:
    """PUT merge."""
    if ask.app.knobs.stacks.holds(ask.pull):
        raise ApiError(405, stacks.REFUSAL)
    method = ask.sent("merge_method", str, default="merge")
    if method not in {"merge", "squash", "rebase"}:
        raise ApiError(422, f"Invalid request.\n\nFor 'properties/merge_method', {method} is not a member of the enum.")
    sha = ask.store.merging.merge(
        ask.pull,
        ask.me,
        method=cast("MergeMethod", method),
        title=ask.sent("commit_title", str),
        message=ask.sent("commit_message", str),
        expected_head=ask.sent("sha", str),
    )
    return Answer(payload={"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def update_branch(ask: Ask) -> Answer:
    """PUT update-branch. The host does it in the background; here it is done when the answer comes."""
    pull = ask.pull
    if ask.store.people.role(ask.user, pull.source) < Role.WRITE:
        raise ApiError(403, "Must have write access to Repository.")
    try:
        ask.store.merging.update_branch(pull, ask.me, expected_head=ask.sent("expected_head_sha", str))
    except Refused as refused:
        messages = {
            Why.HEAD_MOVED: "expected head sha didn\u2019t match current head ref.",
            Why.CONFLICTS: "merge conflict between base and head",
            Why.CLOSED: "Pull request is closed",
        }
        if refused.why in messages:
            raise ApiError(422, messages[refused.why]) from refused
        raise answer_to(refused) from refused
    return Answer(payload={"message": "Updating pull request branch.", "url": pull_url(ask.shapes, pull)}, status=202)


_PULL = "/repos/<owner>/<repo>/pulls/<int:number>"
ROUTES = (
    Route(method="GET", rule=f"{_PULL}/merge", answer=is_merged, permissions="pull_requests=read"),
    Route(method="PUT", rule=f"{_PULL}/merge", answer=merge, permissions="contents=write", role=Role.WRITE),
    Route(method="PUT", rule=f"{_PULL}/update-branch", answer=update_branch, permissions="pull_requests=write"),
)
