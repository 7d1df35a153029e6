"""Merge requests: where they stand on their way to be merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pullbridge.testing.gitlab import reviewing, talk
from pullbridge.testing.gitlab.graphql.interaction import people
from pullbridge.testing.gitlab.graphql.nodes import Node
from pullbridge.testing.gitlab.graphql.people import UserCore, person
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.gitlab.merge_words import merge_message, squash_message
from pullbridge.testing.gitlab.project_shapes import merge_method
from pullbridge.testing.gitlab.pull_shapes import state_word
from pullbridge.testing.gitlab.states import PullState
from pullbridge.testing.store import PullRequest

#: Where `DetailedMergeStatus` is not REST's word in capitals.
_DETAILED = {
    "jira_association_missing": "JIRA_ASSOCIATION",
    "merge_request_blocked": "BLOCKED_STATUS",
    "security_policy_violations": "SECURITY_POLICIES_VIOLATIONS",
    "status_checks_must_pass": "EXTERNAL_STATUS_CHECKS",
}
#: What is looked at, as `MergeabilityCheckIdentifier`, by REST's word for its failing.
_CHECKS = {
    "not_open": "NOT_OPEN",
    "draft_status": "DRAFT_STATUS",
    "commits_status": "COMMITS_STATUS",
    "discussions_not_resolved": "DISCUSSIONS_NOT_RESOLVED",
    "ci_must_pass": "CI_MUST_PASS",
    "conflict": "CONFLICT",
    "need_rebase": "NEED_REBASE",
    "requested_changes": "REQUESTED_CHANGES",
    "not_approved": "NOT_APPROVED",
}
_UNKNOWN = frozenset({"checking", "unchecked", "preparing", "approvals_syncing"})


@view
class MergeRequestMergeabilityCheck:
    """One thing that is looked at before a merge."""

    def __init__(self, identifier: str, status: str) -> None:
        self.identifier = identifier
        self.status = status


class Standing(Node[PullRequest]):
    """The part of `MergeRequest` that is about merging."""

    model = "MergeRequest"
    in_progress_merge_commit_sha = rebase_commit_sha = merge_after = None

    @property
    def state_(self) -> PullState:
        """What GitLab alone remembers of it."""
        return self.ask.app.states.of(self.record)

    @property
    def state(self) -> str:
        return state_word(self.ask.shapes, self.record)

    @property
    def draft(self) -> bool:
        return self.record.draft

    @property
    def prepared_at(self) -> datetime | None:
        return self.state_.prepared_at

    @property
    def closed_at(self) -> datetime | None:
        return self.record.closed_at if self.record.state == "closed" else None

    @property
    def merged_at(self) -> datetime | None:
        return self.record.merged_at

    @property
    def merge_user(self) -> UserCore | None:
        waiting = self.record.auto_merge
        return person(self.ask, self.record.merged_by or (waiting.user if waiting else None))

    @property
    def merge_commit_sha(self) -> str | None:
        return None if self.record.merge_commit == self.record.squash_commit else self.record.merge_commit

    # -- can it be merged? ---------------------------------------------------------------------------------------------

    @property
    def _word(self) -> str:
        return self.ask.standing(self.record).detailed

    @property
    def detailed_merge_status(self) -> str | None:
        return _DETAILED.get(self._word, self._word.upper())

    @property
    def merge_status_enum(self) -> str:
        return self.ask.standing(self.record).status.upper()

    @property
    def merge_status(self) -> str:
        return self.ask.standing(self.record).status

    @property
    def mergeable(self) -> bool:
        return self.ask.standing(self.record).mergeable

    @property
    def conflicts(self) -> bool:
        return self.ask.standing(self.record).conflicts

    @property
    def mergeability_checks(self) -> list[MergeRequestMergeabilityCheck]:
        word = self._word

        def status(failing: str) -> str:
            return "CHECKING" if word in _UNKNOWN else "FAILED" if word == failing else "SUCCESS"

        return [MergeRequestMergeabilityCheck(name, status(failing)) for failing, name in _CHECKS.items()]

    @property
    def mergeable_discussions_state(self) -> bool:
        return not talk.unresolved(self.ask.app, self.record)

    @property
    def diverged_from_target_branch(self) -> bool:
        return self.ask.store.merging.behind(self.record) > 0

    @property
    def should_be_rebased(self) -> bool:
        linear = merge_method(self.ask.shapes, self.record.repository) in {"ff", "rebase_merge"}
        return linear and self.diverged_from_target_branch

    @property
    def rebase_in_progress(self) -> bool:
        return self.state_.rebasing > 0

    @property
    def merge_ongoing(self) -> bool:
        return self.state_.locked > 0

    @property
    def merge_error(self) -> str | None:
        return self.state_.merge_error

    @property
    def source_branch_exists(self) -> bool:
        source = self.record.source
        return not source.deleted and source.git.head(self.record.source_branch) is not None

    @property
    def target_branch_exists(self) -> bool:
        return self.record.repository.git.head(self.record.target_branch) is not None

    @property
    def source_branch_protected(self) -> bool:
        return self.record.source_branch in self.record.source.protections

    # -- how ------------------------------------------------------------------------------------------------------------

    @property
    def squash(self) -> bool:
        return self.state_.squash

    @property
    def squash_on_merge(self) -> bool:
        return self.state_.squash

    @property
    def force_remove_source_branch(self) -> bool | None:
        return self.state_.remove_source

    @property
    def should_remove_source_branch(self) -> bool | None:
        return self.state_.remove_when_merged or None

    @property
    def default_merge_commit_message(self) -> str:
        return merge_message(self.record)

    @property
    def default_squash_commit_message(self) -> str:
        return squash_message(self.record)

    @property
    def auto_merge_enabled(self) -> bool:
        return self.record.auto_merge is not None

    @property
    def merge_when_pipeline_succeeds(self) -> bool:
        return self.auto_merge_enabled

    @property
    def _strategy(self) -> str:
        """https://docs.gitlab.com/user/project/merge_requests/auto_merge/: its name changed with what it waits for."""
        return "merge_when_checks_pass" if self.ask.at_least(17, 7) else "merge_when_pipeline_succeeds"

    @property
    def auto_merge_strategy(self) -> str | None:
        return self._strategy if self.auto_merge_enabled else None

    @property
    def available_auto_merge_strategies(self) -> list[str]:
        return [] if self.mergeable or self.record.state != "open" else [self._strategy]

    @property
    def merge_trains_count(self) -> int | None:
        rule = self.record.repository.protections.get(self.record.target_branch)
        if rule is None or not rule.queue:
            return None
        return len(self.ask.store.merging.queue(self.record.repository, self.record.target_branch))

    @property
    def merge_train_index(self) -> int | None:
        queue = self.ask.store.merging.queue(self.record.repository, self.record.target_branch)
        return queue.index(self.record) if self.record in queue else None

    # -- approvals, pipelines ------------------------------------------------------------------------------------------

    @property
    def approved(self) -> bool:
        return reviewing.left(self.ask.app, self.record) == 0

    @property
    def approvals_required(self) -> int:
        return reviewing.required(self.ask.app, self.record)

    @property
    def approvals_left(self) -> int:
        return reviewing.left(self.ask.app, self.record)

    def change_requesters(self) -> list[UserCore]:
        """Who asks for changes, and so blocks the merge."""
        return [UserCore(self.ask, user) for user in people(reviewing.changes_requested(self.ask.app, self.record))]

    has_security_reports = False
    security_reports_up_to_date_on_target_branch = True

    @property
    def has_ci(self) -> bool:
        return self.head_pipeline is not None

    @property
    def head_pipeline(self) -> Any:
        from pullbridge.testing.gitlab.graphql.pipelines import head_pipeline  # noqa: PLC0415 - pipelines know this type

        return head_pipeline(self.ask, self.record)

    def pipelines(self, **filters: Any) -> Sequence[Any] | None:
        """Its pipelines, newest first."""
        from pullbridge.testing.gitlab.graphql.pipelines import pipelines_of_pull  # noqa: PLC0415 - see above

        return pipelines_of_pull(self.ask, self.record, filters)
