"""Merging, now or later, and rebasing: https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import (
    ApiError,
    bad_request,
    conflict,
    forbidden,
    not_allowed,
    problem,
    unauthorized,
    unprocessable,
)
from pullbridge.testing.gitlab.merge_words import merge_message, squash_message
from pullbridge.testing.gitlab.mergeability import WAITABLE, truth
from pullbridge.testing.gitlab.project_shapes import merge_method, squash_option
from pullbridge.testing.gitlab.pulls import shown
from pullbridge.testing.gitlab.roles import DEVELOPER, level_of
from pullbridge.testing.gitlab.shapes import Shapes
from pullbridge.testing.store import MergeMethod, Protection, PullRequest, Refused, Why

_METHODS: dict[str, MergeMethod] = {"merge": "merge", "rebase_merge": "merge", "ff": "fast_forward"}
CANNOT_CANCEL = "Can't cancel the automatic merge"


def merge(ask: Ask) -> Answer:
    """PUT merge. What is in the way is looked for in GitLab's order: 400, 401, 409, 405, 422."""
    pull = ask.pull
    if ask.knobs.require_sha_for_merge and not ask.text("sha") and ask.at_least(19, 2):
        raise problem(400, "SHA must be provided when merging")
    if not may_merge(ask, pull):
        raise unauthorized()
    check_sha(ask, pull)
    state = ask.state
    if ask.flag("squash"):
        state.squash = True
    if state.refusals > 0:
        state.refusals -= 1
        raise not_allowed()
    later = ask.flag("merge_when_pipeline_succeeds") or (ask.at_least(17, 11) and ask.flag("auto_merge"))
    perform(ask, pull, later=bool(later))
    return Answer(payload=shown(ask, pull))


def may_merge(ask: Ask, pull: PullRequest) -> bool:
    """Whether who asks may push to the target branch."""
    return level_of(ask.store, ask.user, pull.repository) >= DEVELOPER


def check_sha(ask: Ask, pull: PullRequest) -> None:
    """Refuse a `sha` that is not the head as it is known."""
    sha, head = ask.text("sha"), ask.app.states.of(pull).head
    if sha and sha != head:
        raise conflict(f"SHA does not match HEAD of source branch: {head}")


def perform(ask: Ask, pull: PullRequest, *, later: bool) -> None:
    """Merge it; `later`, when it may be merged, unless that is now."""
    found, how = truth(ask.app, pull), plan(ask, pull)
    running = ask.store.checks.rollup(pull.repository, pull.head) == "pending"
    if later and (running or not found.mergeable):
        if not (found.mergeable or _can_wait(ask, found.detailed, running=running)):
            raise not_allowed()
        if on_train(pull) and ask.licensed("premium") and found.mergeable:
            ask.store.merging.enqueue(pull, ask.me)
        else:
            ask.store.merging.enable_auto_merge(pull, ask.me, awaits_checks=running, **how)
        return
    if later and on_train(pull) and ask.licensed("premium"):
        ask.store.merging.enqueue(pull, ask.me)
        return
    if not found.mergeable:
        raise not_allowed()
    if ask.knobs.merge_failures > 0:
        ask.knobs.merge_failures -= 1
        raise unprocessable("Branch cannot be merged")
    merge_now(ask, pull, how)


def merge_now(ask: Ask, pull: PullRequest, how: dict[str, Any]) -> None:
    """Merge it this moment."""
    try:
        ask.store.merging.merge(pull, ask.me, **how)
    except Refused as refused:
        raise unprocessable("Branch cannot be merged") from refused
    ask.state.locked = ask.knobs.locked_reads


def _can_wait(ask: Ask, detailed: str, *, running: bool) -> bool:
    """Whether auto-merge waits for what is in the way. Until 17.4 it waited for a running pipeline alone."""
    if not ask.at_least(17, 4):  # https://docs.gitlab.com/user/project/merge_requests/auto_merge/
        return running and detailed in {"ci_still_running", "ci_must_pass"}
    return detailed in WAITABLE


def on_train(pull: PullRequest) -> bool:
    """Whether merges into its target go by train."""
    return pull.repository.protections.get(pull.target_branch, Protection()).queue


def plan(ask: Ask, pull: PullRequest) -> dict[str, Any]:
    """How it will be merged: the project's method, and what was asked for."""
    state = ask.app.states.of(pull)
    if ask.given("should_remove_source_branch"):
        state.remove_when_merged = bool(ask.flag("should_remove_source_branch"))
        delete = state.remove_when_merged
    else:
        delete = bool(state.remove_source)
    words, squash_words = ask.text("merge_commit_message"), ask.text("squash_commit_message")
    return how(ask.shapes, pull, message=words, squash_words=squash_words, delete=delete)


def how(
    shapes: Shapes, pull: PullRequest, *, message: str | None, squash_words: str | None, delete: bool
) -> dict[str, Any]:
    """What the store is told of a merge by the project's method; whether it squashes is known of the merge request."""
    state, option = shapes.app.states.of(pull), squash_option(shapes, pull.repository)
    squash = option == "always" or (option != "never" and state.squash)
    several = len(shapes.store.pulls.commits(pull)) > 1
    return {
        "method": _METHODS[merge_method(shapes, pull.repository)],
        "title": message or merge_message(pull),
        "message": "",
        "squash": squash and (several or squash_words is not None),
        "squash_message": squash_words or squash_message(pull),
        "delete_source": delete,
    }


# -- changing one's mind -----------------------------------------------------------------------------------------------


def cancel(ask: Ask) -> Answer:
    """POST cancel_merge_when_pipeline_succeeds: 201, whatever came of it; the body tells.

    The manual says 406, the implementation gives the service's own result (`lib/api/merge_requests.rb`).
    """
    _may_cancel(ask)
    if _cancelled(ask):
        return Answer(payload={"status": "success"}, status=201)
    return Answer(payload={"message": CANNOT_CANCEL, "status": "error", "http_status": 406}, status=201)


def cancel_auto_merge(ask: Ask) -> Answer:
    """POST cancel_auto_merge: the merge request, or an error of its own (wording unverified)."""
    _may_cancel(ask)
    if not _cancelled(ask):
        raise conflict(CANNOT_CANCEL)
    return Answer(payload=shown(ask, ask.pull), status=201)


def _may_cancel(ask: Ask) -> None:
    if not may_merge(ask, ask.pull) and ask.me is not ask.pull.author:
        raise unauthorized()


def _cancelled(ask: Ask) -> bool:
    merging, pull = ask.store.merging, ask.pull
    if pull.auto_merge is not None:
        merging.disable_auto_merge(pull, ask.me)
    elif merging.place_in_queue(pull) is not None:
        merging.dequeue(pull, ask.me)
    else:
        return False
    return True


def merge_ref(ask: Ask) -> Answer:
    """GET merge_ref: makes `refs/merge-requests/:iid/merge` and tells its commit."""
    try:
        commit = ask.app.pipelines.merge_ref(ask.pull)
    except Refused as refused:
        raise problem(400, "Merge request is not mergeable") from refused
    return Answer(payload={"commit_id": commit})


# -- rebasing ----------------------------------------------------------------------------------------------------------


def rebase(ask: Ask) -> Answer:
    """PUT rebase: 202; what comes of it is seen later, in `rebase_in_progress` and then `merge_error`."""
    pull, state = ask.pull, ask.state
    if pull.state != "open":
        raise forbidden()
    if pull.source.deleted or pull.source.git.head(pull.source_branch) is None:
        raise forbidden("Source branch does not exist")
    if level_of(ask.store, ask.user, pull.source) < DEVELOPER:
        raise forbidden("Cannot push to source branch")
    if pull.source_branch in pull.source.protections:
        raise forbidden("Source branch is protected from force push")
    state.merge_error, state.rebaser, state.rebasing = None, ask.me, ask.knobs.rebase_reads
    if not state.rebasing:
        ask.app.states.rebase(pull)
    return Answer(payload={"rebase_in_progress": state.rebasing > 0}, status=202)


# -- trains ------------------------------------------------------------------------------------------------------------


def train(ask: Ask) -> Answer:
    """GET merge_trains, and merge_trains/:target_branch: the cars, the first to merge last in a descending list."""
    branch = ask.values.get("branch")
    ask.choice("scope", ("active", "complete"))
    down = ask.choice("sort", ("asc", "desc"), "desc") == "desc"
    branches = [str(branch)] if branch else sorted({pull.target_branch for pull in ask.project.pulls.values()})
    cars = [pull for name in branches for pull in ask.store.merging.queue(ask.project, name)]
    return ask.paged(cars[::-1] if down else cars, lambda pull: _car(ask, pull))


def car(ask: Ask) -> Answer:
    """GET merge_trains/merge_requests/:iid."""
    if ask.store.merging.place_in_queue(ask.pull) is None:
        raise problem(404, "404 Merge Train Merge Request Not Found")  # unverified wording
    return Answer(payload=_car(ask, ask.pull))


def board(ask: Ask) -> Answer:
    """POST merge_trains/merge_requests/:iid: 201 on the train, 202 when it will board once its pipeline is done."""
    pull = ask.pull
    if not may_merge(ask, pull):
        raise forbidden()
    check_sha(ask, pull)
    later = ask.flag("auto_merge", ask.flag("when_pipeline_succeeds"))
    found = truth(ask.app, pull)
    if not on_train(pull):
        raise bad_request("Merge trains are not enabled for this project")  # unverified wording
    if found.mergeable:
        ask.store.merging.enqueue(pull, ask.me)
        cars = ask.store.merging.queue(ask.project, pull.target_branch)
        return Answer(payload=[_car(ask, one) for one in cars], status=201)
    if not later or found.detailed not in WAITABLE:
        raise _unboardable()
    ask.store.merging.enable_auto_merge(pull, ask.me, **plan(ask, pull))
    return Answer(payload=[], status=202)


def _unboardable() -> ApiError:
    return bad_request("The merge request is not mergeable")  # unverified wording


def _car(ask: Ask, pull: PullRequest) -> dict[str, Any]:
    """`MergeTrains::Car`: https://docs.gitlab.com/api/merge_trains/"""
    entry = ask.store.merging.place_in_queue(pull)
    if entry is None:
        raise Refused(Why.NOT_FOUND)
    simple = ("id", "iid", "project_id", "title", "description", "state", "created_at", "updated_at", "web_url")
    row = shown(ask, pull)
    return {
        "id": entry.id,
        "merge_request": {name: row[name] for name in simple},
        "user": ask.shapes.user(entry.user),
        "pipeline": None,
        "created_at": ask.shapes.stamp(entry.enqueued_at),
        "updated_at": ask.shapes.stamp(entry.enqueued_at),
        "target_branch": pull.target_branch,
        "status": "fresh",
        "merged_at": None,
        "duration": None,
    }


_ONE = "/projects/<project>/merge_requests/<int:iid>"
_TRAINS = "/projects/<project>/merge_trains"
ROUTES = (
    Route(method="PUT", rule=f"{_ONE}/merge", answer=merge, permission="merge_merge_request"),
    Route(method="GET", rule=f"{_ONE}/merge_ref", answer=merge_ref, permission="read_merge_request_merge_ref"),
    Route(method="PUT", rule=f"{_ONE}/rebase", answer=rebase, permission="rebase_merge_request"),
    Route(
        method="POST",
        rule=f"{_ONE}/cancel_merge_when_pipeline_succeeds",
        answer=cancel,
        permission="cancel_merge_merge_request",
    ),
    Route(method="POST", rule=f"{_ONE}/cancel_auto_merge", answer=cancel_auto_merge, since=(19, 3)),
    Route(method="GET", rule=_TRAINS, answer=train, tier="premium", signed_in=True),
    Route(method="GET", rule=f"{_TRAINS}/merge_requests/<int:iid>", answer=car, tier="premium", signed_in=True),
    Route(method="POST", rule=f"{_TRAINS}/merge_requests/<int:iid>", answer=board, tier="premium"),
    Route(method="GET", rule=f"{_TRAINS}/<branch>", answer=train, tier="premium", signed_in=True),
)
