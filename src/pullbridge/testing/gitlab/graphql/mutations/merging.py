"""Merging: `app/graphql/mutations/merge_requests/accept.rb`, whose sentences these are."""

from __future__ import annotations

from pullbridge.testing.gitlab.graphql.context import Asking
from pullbridge.testing.gitlab.graphql.errors import unavailable
from pullbridge.testing.gitlab.graphql.mutations.subjects import Payload, pull_of, shown
from pullbridge.testing.gitlab.graphql.schema import mutation
from pullbridge.testing.gitlab.mergeability import WAITABLE, truth
from pullbridge.testing.gitlab.merging import how
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.store import PullRequest, Refused

NOT_MERGEABLE = "This branch cannot be merged"
SHA_MISMATCH = "The merge-head is not at the anticipated SHA"
MERGE_FAILED = "The merge failed"
ALREADY_SCHEDULED = "The merge request is already scheduled to be merged"

_BY_TRAIN = frozenset(
    {"MERGE_TRAIN", "ADD_TO_MERGE_TRAIN_WHEN_PIPELINE_SUCCEEDS", "ADD_TO_MERGE_TRAIN_WHEN_CHECKS_PASS"}
)


def _problem(ask: Asking, pull: PullRequest, sha: str, *, later: bool) -> str | None:
    found = truth(ask.app, pull)
    if pull.auto_merge is not None:
        return ALREADY_SCHEDULED
    if not (found.mergeable or (later and found.detailed in WAITABLE)):
        return NOT_MERGEABLE
    return SHA_MISMATCH if sha != ask.app.states.of(pull).head else None


@mutation
def merge_request_accept(
    ask: Asking,
    *,
    project_path: str,
    iid: str,
    sha: str,
    commit_message: str | None = None,
    squash: bool | None = None,
    squash_commit_message: str | None = None,
    should_remove_source_branch: bool | None = None,
    strategy: str | None = None,
) -> Payload:
    """Merge it, now or by a strategy. The answer may be earlier than the merge."""
    pull = pull_of(ask, project_path, iid)
    if ask.level(pull.repository) < DEVELOPER or ask.me.deleted:
        raise unavailable()
    problem = _problem(ask, pull, sha, later=strategy is not None)
    if problem is not None:
        return shown(ask, pull, problem)
    state = ask.app.states.of(pull)
    state.squash = bool(squash)
    if should_remove_source_branch is not None:
        state.remove_when_merged = should_remove_source_branch
    delete = state.remove_when_merged or bool(state.remove_source)
    plan = how(ask.shapes, pull, message=commit_message, squash_words=squash_commit_message, delete=delete)
    merging = ask.store.merging
    try:
        if strategy in _BY_TRAIN:
            merging.enqueue(pull, ask.me)
            return shown(ask, pull)
        perform = merging.merge if strategy is None else merging.enable_auto_merge
        perform(pull, ask.me, **plan)
    except Refused:
        return shown(ask, pull, MERGE_FAILED)
    state.locked = ask.app.knobs.locked_reads if pull.state == "merged" else 0
    return shown(ask, pull)
