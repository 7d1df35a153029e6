"""Stacked pull requests, and merging in the background, which is the one way to merge them.

https://docs.github.com/rest/pulls/pulls#merge-a-pull-request-asynchronously and
https://github.github.com/gh-stack/reference/merge-api/
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any, cast

from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, not_found
from pullbridge.testing.store import MergeMethod, PullRequest, Refused, Role, Store, User, Why

#: https://github.com/microsoft/vscode-pull-request-github/issues/8912
REFUSAL = (
    "This pull request is part of a stack and must be merged using the asynchronous merge REST API. For more information, "
    "see https://docs.github.com/rest/pulls/pulls#merge-a-pull-request-asynchronously"
)
_CUSTOM = "Custom merge params (merge_method, commit_title, commit_message) are not supported with the merge_queue merge action."


@dataclass
class Job:
    """One merge that was asked for. `looks` is how often it is still to be found pending."""

    pull: PullRequest
    user: User
    method: MergeMethod | None
    action: str
    head: str
    title: str | None
    message: str | None
    looks: int
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    result: dict[str, Any] | None = None

    @property
    def pending(self) -> dict[str, Any]:
        """What it is while it is under way."""
        details = {
            "message": "Merge request enqueued.",
            "uuid": self.id,
            "merge_method": self.method or "default",
            "merge_action": self.action,
            "expected_head_sha": self.head,
        }
        return {"status": "pending", "details": details}


@dataclass
class Stacks:
    """The stacks, each from the bottom up, and the merges in the background. `looks`: how long these take."""

    stacks: list[tuple[PullRequest, ...]] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    looks: int = 1

    def below(self, pull: PullRequest) -> tuple[PullRequest, ...]:
        """What is merged together with a pull request, from the bottom up; without the merged ones."""
        stack = next((each for each in self.stacks if pull in each), (pull,))
        return tuple(each for each in stack[: stack.index(pull) + 1] if each.state == "open")

    def holds(self, pull: PullRequest) -> bool:
        """Whether it is part of a stack."""
        return any(pull in each for each in self.stacks)

    def target(self, pull: PullRequest) -> str:
        """The branch that the whole stack is for."""
        return next((each for each in self.stacks if pull in each), (pull,))[0].target_branch


def ask_for_merge(ask: Ask) -> Answer:
    """PUT merge-async."""
    stacks, pull = _stacks(ask), ask.pull
    if pull.state == "merged":
        return Answer(payload=_told("merged", "Pull request was merged.", sha=pull.merge_commit))
    if pull.state != "open" or pull.draft:
        return Answer(payload=_told("failed", "Pull request is not open, or still a draft."), status=400)
    method, action = ask.sent("merge_method", str), ask.sent("merge_action", str) or "default"
    worded = [ask.sent("commit_title", str), ask.sent("commit_message", str)]
    if action == "merge_queue" and any(each is not None for each in (method, *worded)):
        raise ApiError(422, _CUSTOM)
    running = next((job for job in stacks.jobs.values() if job.pull is pull and job.result is None), None)
    if running is not None:
        return Answer(payload=running.pending, status=409)
    job = Job(
        pull=pull,
        user=ask.me,
        method=cast("MergeMethod | None", method),
        action=action,
        head=ask.sent("sha", str) or pull.head,
        title=worded[0],
        message=worded[1],
        looks=stacks.looks,
    )
    stacks.jobs[job.id] = job
    return Answer(payload=job.pending, status=202)


def look_at_merge(ask: Ask) -> Answer:
    """GET merge-async: it is done when it was looked at often enough."""
    job = _stacks(ask).jobs.get(str(ask.values["uuid"]))
    if job is None or job.pull is not ask.pull:
        raise not_found()
    job.looks -= 1
    if job.result is None and job.looks < 0:
        job.result = _done(_stacks(ask), ask.store, job)
    return Answer(payload=job.result or job.pending)


def _done(stacks: Stacks, store: Store, job: Job) -> dict[str, Any]:
    """Do it: into the queue where the target has one, else merge all up to the one that was asked."""
    rule = job.pull.repository.protections.get(stacks.target(job.pull))
    try:
        if job.action != "direct_merge" and rule is not None and rule.queue:
            if job.method or job.title or job.message:
                return _told("failed", "Custom merge params are not supported when merging via a merge queue")
            for pull in stacks.below(job.pull):
                store.merging.enqueue(pull, job.user, expected_head=None, jump=False)
            return _told("enqueued", "Pull request was added to the merge queue.")
        return _told("merged", "Pull request was merged.", sha=_merged(stacks, store, job))
    except Refused as refused:
        return _told("failed", _WORDS.get(refused.why, "Pull request is not mergeable"))


def _merged(stacks: Stacks, store: Store, job: Job) -> str:
    target, pulls, sha = stacks.target(job.pull), stacks.below(job.pull), ""
    before = {pull.id: pull.target_branch for pull in pulls}
    for pull in pulls:
        pull.target_branch = target
    # All of it or nothing: the uppermost has the commits of those below.
    standing = store.merging.mergeability(job.pull)
    if standing.reasons or job.head != job.pull.head:
        for pull in pulls:
            pull.target_branch = before[pull.id]
        raise Refused(standing.reasons[0] if standing.reasons else Why.HEAD_MOVED)
    for pull in pulls:
        last = pull is job.pull
        sha = store.merging.merge(
            pull,
            job.user,
            method=job.method or "merge",
            title=job.title if last else None,
            message=job.message if last else None,
            expected_head=job.head if last else None,
        )
    return sha


_WORDS = {
    Why.HEAD_MOVED: "Head branch was modified. Review and try the merge again.",
    Why.CONFLICTS: "Merge conflict: the pull request could not be merged.",
}


def _told(status: str, message: str, **more: str | None) -> dict[str, Any]:
    return {"status": status, "details": {"message": message, **more}}


def _stacks(ask: Ask) -> Stacks:
    """No Enterprise Server has this."""
    if ask.app.enterprise_version is not None:
        raise not_found()
    return ask.app.knobs.stacks


_MERGE = "/repos/<owner>/<repo>/pulls/<int:number>/merge-async"
ROUTES = (
    Route(method="PUT", rule=_MERGE, answer=ask_for_merge, permissions="contents=write", role=Role.WRITE),
    Route(method="GET", rule=f"{_MERGE}/<uuid>", answer=look_at_merge, permissions="contents=read"),
)
