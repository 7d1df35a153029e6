"""Merge requests: what they are, and what they change. See `standing` for whether they can be merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab import talk
from pullbridge.testing.gitlab.graphql.commits import Commit
from pullbridge.testing.gitlab.graphql.interaction import (
    MergeRequestApprovalState,
    MergeRequestPermissions,
    approved_by,
    people,
)
from pullbridge.testing.gitlab.graphql.notes import AwardEmoji, DiffRefs, Discussion, Note, awards, notes_of
from pullbridge.testing.gitlab.graphql.people import (
    MergeRequestAssignee,
    MergeRequestAuthor,
    MergeRequestParticipant,
    MergeRequestReviewer,
    UserCore,
)
from pullbridge.testing.gitlab.graphql.projects import Label, Milestone, Project
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.gitlab.graphql.standing import Standing
from pullbridge.testing.gitlab.pull_shapes import tasks
from pullbridge.testing.gitlab.versions import diff_refs

if TYPE_CHECKING:
    from pullbridge.testing.diffs import FileDiff


@view
class DiffStats:
    """How much of a file is changed. Neither a former name nor a patch is told."""

    def __init__(self, file: FileDiff) -> None:
        self.path: str = file.path
        self.additions: int = file.additions
        self.deletions: int = file.deletions


@view
class DiffStatsSummary:
    """How much is changed in all."""

    def __init__(self, files: Sequence[FileDiff]) -> None:
        self.additions: int = sum(file.additions for file in files)
        self.deletions: int = sum(file.deletions for file in files)
        self.changes: int = self.additions + self.deletions
        self.file_count: int = len(files)


@view
class TaskCompletionStatus:
    """The checkboxes of the description."""

    def __init__(self, body: str | None) -> None:
        counted = tasks(body)
        self.count: int = counted["count"]
        self.completed_count: int = counted["completed_count"]


@view
class MergeRequest(Standing):
    """A merge request."""

    security_auto_fix = hidden = retargeted = supports_lock_on_merge = False
    time_estimate = total_time_spent = 0
    human_time_estimate = human_total_time_spent = None

    @property
    def iid(self) -> str:
        return str(self.record.number)

    @property
    def title(self) -> str:
        return self.record.title

    @property
    def name(self) -> str:
        return self.record.title

    @property
    def title_html(self) -> str:
        return escape(self.record.title)

    @property
    def description(self) -> str | None:
        return self.record.body

    @property
    def description_html(self) -> str:
        return f"<p>{escape(self.record.body)}</p>" if self.record.body else ""

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def updated_at(self) -> datetime:
        return self.record.updated_at

    @property
    def web_path(self) -> str:
        return f"{self.ask.app.root}/{self.record.repository.path}/-/merge_requests/{self.iid}"

    @property
    def web_url(self) -> str:
        return f"{self.ask.web}/{self.record.repository.path}/-/merge_requests/{self.iid}"

    def reference(self, full: bool = False) -> str:
        """How texts refer to it."""
        return f"{self.record.repository.path}!{self.iid}" if full else f"!{self.iid}"

    @property
    def discussion_locked(self) -> bool:
        return self.record.locked

    @property
    def subscribed(self) -> bool:
        return self.ask.app.subscribed(self.record, self.ask.viewer)

    @property
    def task_completion_status(self) -> TaskCompletionStatus:
        return TaskCompletionStatus(self.record.body)

    @property
    def user_permissions(self) -> MergeRequestPermissions:
        return MergeRequestPermissions(self.ask, self.record)

    # -- branches ------------------------------------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        return Project(self.ask, self.record.repository)

    @property
    def target_project(self) -> Project:
        return self.project

    @property
    def project_id(self) -> int:
        return self.record.repository.id

    @property
    def target_project_id(self) -> int:
        return self.record.repository.id

    @property
    def source_project(self) -> Project | None:
        source = self.record.source
        return Project(self.ask, source) if self.ask.sees(source) else None

    @property
    def source_project_id(self) -> int | None:
        return None if self.record.source.deleted else self.record.source.id

    @property
    def source_branch(self) -> str:
        return self.record.source_branch

    @property
    def target_branch(self) -> str:
        return self.record.target_branch

    @property
    def target_branch_path(self) -> str:
        return f"{self.ask.app.root}/{self.record.repository.path}/-/commits/{self.record.target_branch}"

    @property
    def allow_collaboration(self) -> bool:
        return self.record.cross_repository and self.record.maintainer_can_modify

    # -- what it changes -----------------------------------------------------------------------------------------------

    @property
    def diff_head_sha(self) -> str:
        return self.state_.head

    @property
    def diff_refs(self) -> DiffRefs | None:
        found = diff_refs(self.ask.app, self.record)
        return None if found is None else DiffRefs(found.base, found.start or "", found.head or "")

    @property
    def _files(self) -> Sequence[FileDiff]:
        found = diff_refs(self.ask.app, self.record)
        if not self.ask.whole or found is None or found.base is None or found.head is None:
            return ()
        return self.record.repository.git.diff(found.base, found.head)

    def diff_stats(self, path: str | None = None) -> list[DiffStats] | None:
        """The changed files; none while the diff is not made."""
        if not self.ask.whole:
            return None
        return [DiffStats(file) for file in self._files if path in {None, "", file.path}]

    @property
    def diff_stats_summary(self) -> DiffStatsSummary | None:
        return DiffStatsSummary(self._files) if self.ask.whole else None

    def commits(self) -> list[Commit] | None:
        """Its commits, newest first."""
        if not self.ask.whole:
            return None
        found = self.ask.store.pulls.commits(self.record)
        return [Commit(self.ask, self.record.repository, commit) for commit in reversed(found)]

    def commits_without_merge_commits(self) -> list[Commit] | None:
        """The same, but for merges."""
        every = {commit.sha: len(commit.parents) for commit in self.ask.store.pulls.commits(self.record)}
        return [commit for commit in self.commits() or () if every[commit.sha] < 2]

    @property
    def commit_count(self) -> int:
        return len(self.ask.store.pulls.commits(self.record))

    # -- people --------------------------------------------------------------------------------------------------------

    @property
    def author(self) -> MergeRequestAuthor:
        return MergeRequestAuthor(self.ask, self.record.author, self.record)

    def assignees(self) -> list[MergeRequestAssignee]:
        """Who is assigned."""
        return [MergeRequestAssignee(self.ask, user, self.record) for user in people(self.record.assignees)]

    def reviewers(self) -> list[MergeRequestReviewer] | None:
        """Who is asked for a review."""
        if not self.ask.whole:
            return None
        return [MergeRequestReviewer(self.ask, user, self.record) for user in people(self.record.requested_reviewers)]

    @property
    def allows_multiple_assignees(self) -> bool:
        return self.ask.app.tier != "free"

    @property
    def allows_multiple_reviewers(self) -> bool:
        return self.ask.app.tier != "free"

    def commenters(self) -> list[UserCore]:
        """Who wrote."""
        writers = dict.fromkeys(note.record.author for note in self.notes() if not note.system)
        return [UserCore(self.ask, user) for user in writers]

    def participants(self) -> list[MergeRequestParticipant]:
        """Who took part: the author, assignees, reviewers, and who wrote."""
        pull, writers = self.record, [note.record.author for note in self.notes() if not note.system]
        everyone = dict.fromkeys([pull.author, *pull.assignees, *pull.requested_reviewers, *writers])
        return [MergeRequestParticipant(self.ask, user, pull) for user in people(list(everyone))]

    def committers(self) -> list[UserCore]:
        """Whose accounts the commits' addresses lead to."""
        found = [self.ask.store.people.by_email(one.author.email) for one in self.ask.store.pulls.commits(self.record)]
        return [UserCore(self.ask, user) for user in dict.fromkeys(found) if user is not None]

    def approved_by(self) -> list[UserCore] | None:
        """Whose approvals stand."""
        return approved_by(self.ask, self.record) if self.ask.whole else None

    @property
    def approval_state(self) -> MergeRequestApprovalState:
        return MergeRequestApprovalState(self.ask, self.record)

    # -- labels, talk --------------------------------------------------------------------------------------------------

    def labels(self) -> list[Label]:
        """Its labels, by name."""
        found = sorted(self.record.labels, key=lambda label: label.name)
        return [Label(self.ask, self.record.repository, label) for label in found]

    @property
    def milestone(self) -> Milestone | None:
        found = self.record.milestone
        return None if found is None else Milestone(self.ask, self.record.repository, found)

    def discussions(self) -> list[Discussion]:
        """All that is said, oldest first."""
        found = talk.discussions(self.ask.app, self.record, self.ask.viewer)
        return [Discussion(self.ask, discussion) for discussion in found] if self.ask.whole else []

    def notes(self, **_filter: Any) -> list[Note]:
        """The same without its division into discussions."""
        return notes_of(self.ask, self.record) if self.ask.whole else []

    def award_emoji(self) -> list[AwardEmoji]:
        """Emoji on the merge request itself."""
        return awards(self.ask, self.record.reactions)

    @property
    def upvotes(self) -> int:
        return sum(one.content in {"+1", "thumbsup"} for one in self.record.reactions)

    @property
    def downvotes(self) -> int:
        return sum(one.content in {"-1", "thumbsdown"} for one in self.record.reactions)

    @property
    def user_notes_count(self) -> int:
        return sum(not note.system for note in self.notes())

    @property
    def user_discussions_count(self) -> int:
        return sum(not found.record.first.system for found in self.discussions())

    @property
    def resolvable_discussions_count(self) -> int:
        return sum(found.resolvable for found in self.discussions())

    @property
    def resolved_discussions_count(self) -> int:
        return sum(found.resolved for found in self.discussions())
