"""Pull requests: opened, edited, closed, moved by pushes, labelled, assigned, discussed as a whole.

Kinds of events, with their data: `closed`, `reopened`, `merged` (commit), `renamed` (before, after), `described`,
`pushed` and `force_pushed` (before, after), `retargeted` (before, after), `draft`, `ready`, `labeled` and `unlabeled`
(label), `assigned` and `unassigned` (user), `review_requested` and `review_request_removed` (user or team),
`review_dismissed` (review, before, message), `milestoned` and `demilestoned` (milestone), `locked` (reason), `unlocked`,
`branch_deleted`, `auto_merge_enabled`, `auto_merge_disabled`, `queued`, `unqueued`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from pullbridge.testing.diffs import FileDiff
from pullbridge.testing.git import Commit
from pullbridge.testing.store.records import (
    Comment,
    DiffVersion,
    Event,
    Label,
    Milestone,
    PullRequest,
    Reactable,
    Reaction,
    Repository,
    Role,
    Team,
    User,
)
from pullbridge.testing.store.refusals import Refused, Why

if TYPE_CHECKING:
    from pullbridge.testing.store import Store

#: An argument that was left out, where `None` means "clear it".
KEEP: Literal["\0keep"] = "\0keep"


class Pulls:
    """All pull requests of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- reading -------------------------------------------------------------------------------------------------------

    def find(self, repository: Repository, number: int) -> PullRequest | None:
        """The pull request of that number, or `None`."""
        return repository.pulls.get(number)

    def all(self) -> Iterable[PullRequest]:
        """Every pull request of every living repository."""
        for repository in self._store.repositories.all():
            yield from repository.pulls.values()

    def files(self, pull: PullRequest) -> tuple[FileDiff, ...]:
        """The changed files, from the merge base to the head, in path order."""
        return pull.repository.git.diff(pull.merge_base, pull.head)

    def file(self, pull: PullRequest, path: str) -> FileDiff | None:
        """The changed file of that (new) path, or `None`."""
        return self._store.threads.by_path(pull.repository, pull.merge_base, pull.head).get(path)

    def commits(self, pull: PullRequest) -> tuple[Commit, ...]:
        """Its commits, oldest first."""
        return pull.repository.git.between(pull.base, pull.head)

    def participants(self, pull: PullRequest) -> tuple[User, ...]:
        """Who took part: the author, then whoever wrote, oldest first."""
        people = [pull.author, *(comment.author for comment in pull.comments)]
        people += [review.author for review in pull.reviews if not review.pending]
        return tuple(dict.fromkeys(people))

    # -- opening and editing -------------------------------------------------------------------------------------------

    def create(
        self,
        repository: Repository,
        author: User,
        *,
        title: str,
        source_branch: str,
        target_branch: str,
        body: str | None = None,
        draft: bool = False,
        source: Repository | None = None,
        maintainer_can_modify: bool = True,
        empty: bool = False,
        source_commit: str | None = None,
    ) -> PullRequest:
        """Open a pull request; `Refused` when a branch is missing, there is one already, or nothing is new.

        `empty` allows one that has nothing new. `source_commit` is what a source points at that is no branch (a tag).
        """
        origin = source or repository
        head, base = source_commit or origin.git.head(source_branch), repository.git.head(target_branch)
        if base is None:
            raise Refused(Why.TARGET_MISSING, branch=target_branch)
        if head is None:
            raise Refused(Why.SOURCE_MISSING, branch=source_branch)
        existing = self.open_between(repository, origin, source_branch, target_branch)
        if existing is not None:
            raise Refused(Why.PULL_EXISTS, number=existing.number)
        merge_base = repository.git.merge_base(base, head)
        if merge_base is None:
            raise Refused(Why.UNRELATED, source=source_branch, target=target_branch)
        if merge_base == head and not empty:
            raise Refused(Why.NO_COMMITS, source=source_branch, target=target_branch)
        now = self._store.now()
        pull = PullRequest(
            id=self._store.next_id(),
            number=self._next_number(repository),
            repository=repository,
            title=title,
            body=body,
            author=author,
            source=origin,
            source_branch=source_branch,
            target_branch=target_branch,
            head=head,
            base=base,
            merge_base=merge_base,
            draft=draft,
            maintainer_can_modify=maintainer_can_modify,
            created_at=now,
            updated_at=now,
            checks_left=self._store.mergeability_reads,
        )
        repository.pulls[pull.number] = self._store.keep(pull)
        self._keep_version(pull, author)
        repository.git.set_ref(self._store.pull_ref.format(pull.number), head)
        return pull

    @staticmethod
    def _next_number(repository: Repository) -> int:
        return max(repository.pulls, default=0) + 1

    def open_between(
        self, repository: Repository, source: Repository, source_branch: str, target_branch: str
    ) -> PullRequest | None:
        """The open pull request between two branches, or `None`."""
        for pull in repository.pulls.values():
            branches = (pull.source, pull.source_branch, pull.target_branch)
            if pull.state == "open" and branches == (source, source_branch, target_branch):
                return pull
        return None

    def edit(
        self,
        pull: PullRequest,
        actor: User,
        *,
        title: str | None = None,
        body: str | None = KEEP,
        target_branch: str | None = None,
        empty: bool = False,
    ) -> None:
        """Change the title, the body (`None` clears it) or the target branch; `empty` allows one that has it all."""
        if title is not None and title != pull.title:
            self.record(pull, "renamed", actor, before=pull.title, after=title)
            pull.title = title
        if body not in {KEEP, pull.body}:
            self.record(pull, "described", actor)
            pull.body = body
        if target_branch is not None and target_branch != pull.target_branch:
            self._retarget(pull, actor, target_branch, empty=empty)
        self.touch(pull)

    def _retarget(self, pull: PullRequest, actor: User, target_branch: str, *, empty: bool) -> None:
        if pull.state != "open":
            raise Refused(Why.CLOSED)
        base = pull.repository.git.head(target_branch)
        if base is None:
            raise Refused(Why.TARGET_MISSING, branch=target_branch)
        existing = self.open_between(pull.repository, pull.source, pull.source_branch, target_branch)
        if existing is not None:
            raise Refused(Why.PULL_EXISTS, number=existing.number)
        if pull.repository.git.merge_base(base, pull.head) in ({None} if empty else {None, pull.head}):
            raise Refused(Why.NO_COMMITS, source=pull.source_branch, target=target_branch)
        self.record(pull, "retargeted", actor, before=pull.target_branch, after=target_branch)
        pull.target_branch = target_branch
        self.refresh(pull)

    def close(self, pull: PullRequest, actor: User) -> None:
        """Close it without merging; nothing happens when it is closed."""
        if pull.state == "open":
            pull.state, pull.closed_at, pull.closed_by, pull.auto_merge = "closed", self._store.now(), actor, None
            self.record(pull, "closed", actor)

    def reopen(self, pull: PullRequest, actor: User) -> None:
        """Open it again; `Refused` when it is merged, its branch is gone, or another one took its place."""
        if pull.state == "merged":
            raise Refused(Why.MERGED)
        head = None if pull.source.deleted else pull.source.git.head(pull.source_branch)
        if head is None:
            raise Refused(Why.SOURCE_MISSING, branch=pull.source_branch)
        existing = self.open_between(pull.repository, pull.source, pull.source_branch, pull.target_branch)
        if existing is not None and existing is not pull:
            raise Refused(Why.PULL_EXISTS, number=existing.number)
        if pull.state == "closed":
            pull.state, pull.closed_at, pull.closed_by = "open", None, None
            pull.head = head
            self.record(pull, "reopened", actor)
            self.refresh(pull)

    def set_draft(self, pull: PullRequest, actor: User, draft: bool) -> None:
        """Make it a draft, or ready for review."""
        if pull.state != "open":
            raise Refused(Why.CLOSED)
        if pull.draft != draft:
            pull.draft = draft
            self.record(pull, "draft" if draft else "ready", actor)
            self._store.merging.retry_auto_merge(pull)

    def delete(self, pull: PullRequest) -> None:
        """Forget it (hosts that let one delete)."""
        del pull.repository.pulls[pull.number]
        self._store.forget(pull)

    # -- pushes --------------------------------------------------------------------------------------------------------

    def branch_moved(
        self, repository: Repository, branch: str, before: str | None, after: str | None, actor: User
    ) -> None:
        """Tell every pull request that a branch moved, appeared (`before` is `None`) or went (`after` is `None`)."""
        for pull in [pull for pull in self.all() if pull.state == "open"]:
            if pull.source is repository and pull.source_branch == branch:
                self._source_moved(pull, before, after, actor)
        if before is None or after is None:
            return
        waiting = [p for p in repository.pulls.values() if p.state == "open" and p.target_branch == branch]
        arrived = {commit.sha for commit in repository.git.between(before, after)} if waiting else set()
        for pull in waiting:
            pull.checks_left = self._store.mergeability_reads
            if pull.head in arrived:
                self._store.merging.mark_merged(pull, actor, after)

    def _source_moved(self, pull: PullRequest, before: str | None, after: str | None, actor: User) -> None:
        if after is None:
            self.record(pull, "branch_deleted", actor)
            self.close(pull, actor)
            return
        git = pull.repository.git
        forced = before is not None and git.merge_base(before, after) != before
        self.record(pull, "force_pushed" if forced else "pushed", actor, before=pull.head, after=after)
        pull.head = after
        git.set_ref(self._store.pull_ref.format(pull.number), after)
        self.refresh(pull)

    def refresh(self, pull: PullRequest) -> None:
        """Count base, merge base, threads' places and mergeability anew, after the head or the target changed."""
        git = pull.repository.git
        pull.base = git.head(pull.target_branch) or pull.base
        pull.merge_base = git.merge_base(pull.base, pull.head) or pull.merge_base
        pull.checks_left = self._store.mergeability_reads
        for thread in pull.threads:
            self._store.threads.carry(thread)
        self._keep_version(pull, pull.events[-1].actor if pull.events else pull.author)
        self.touch(pull)

    def _keep_version(self, pull: PullRequest, actor: User) -> None:
        """Remember what its diff is now, unless it is what it was."""
        last = pull.versions[-1] if pull.versions else None
        if last is not None and (last.head, last.base, last.merge_base) == (pull.head, pull.base, pull.merge_base):
            return
        version = DiffVersion(
            id=self._store.next_id(),
            head=pull.head,
            base=pull.base,
            merge_base=pull.merge_base,
            actor=actor,
            created_at=self._store.now(),
        )
        pull.versions.append(self._store.keep(version))

    # -- small things --------------------------------------------------------------------------------------------------

    def touch(self, pull: PullRequest) -> None:
        """It changed just now."""
        pull.updated_at = self._store.now()

    def record(self, pull: PullRequest, kind: str, actor: User, **data: object) -> Event:
        """Remember an event; the pull request changed."""
        event = Event(id=self._store.next_id(), kind=kind, actor=actor, created_at=self._store.now(), data=data)
        pull.events.append(self._store.keep(event))
        self.touch(pull)
        return event

    def set_labels(self, pull: PullRequest, actor: User, labels: Iterable[Label]) -> None:
        """Exactly these labels."""
        wanted = list(dict.fromkeys(labels))
        for label in [label for label in pull.labels if label not in wanted]:
            self.record(pull, "unlabeled", actor, label=label)
        for label in [label for label in wanted if label not in pull.labels]:
            self.record(pull, "labeled", actor, label=label)
        pull.labels = wanted

    def set_assignees(self, pull: PullRequest, actor: User, people: Iterable[User]) -> None:
        """Exactly these assignees."""
        wanted = list(dict.fromkeys(people))
        for user in [user for user in pull.assignees if user not in wanted]:
            self.record(pull, "unassigned", actor, user=user)
        for user in [user for user in wanted if user not in pull.assignees]:
            self.record(pull, "assigned", actor, user=user)
        pull.assignees = wanted

    def set_milestone(self, pull: PullRequest, actor: User, milestone: Milestone | None) -> None:
        """This milestone, or none."""
        if milestone is not pull.milestone:
            kind = "milestoned" if milestone else "demilestoned"
            self.record(pull, kind, actor, milestone=milestone or pull.milestone)
            pull.milestone = milestone

    def request_reviewers(
        self, pull: PullRequest, actor: User, people: Iterable[User] = (), teams: Iterable[Team] = ()
    ) -> None:
        """Ask people and teams for a review; `Refused` for the author and for people who may not see it."""
        asked = list(people)
        for user in asked:
            if user is pull.author:
                raise Refused(Why.OWN_PULL, handle=user.handle)
            if self._store.people.role(user, pull.repository) < Role.READ:
                raise Refused(Why.NOT_A_MEMBER, handle=user.handle)
        for user in asked:
            if user not in pull.requested_reviewers:
                pull.requested_reviewers.append(user)
                self.record(pull, "review_requested", actor, user=user)
        for team in teams:
            if team not in pull.requested_teams:
                pull.requested_teams.append(team)
                self.record(pull, "review_requested", actor, team=team)

    def set_reviewers(self, pull: PullRequest, actor: User, people: Iterable[User]) -> None:
        """Exactly these people, whoever they are; teams stay."""
        wanted = list(dict.fromkeys(people))
        for user in [user for user in pull.requested_reviewers if user not in wanted]:
            self.record(pull, "review_request_removed", actor, user=user)
        for user in [user for user in wanted if user not in pull.requested_reviewers]:
            self.record(pull, "review_requested", actor, user=user)
        pull.requested_reviewers = wanted

    def remove_reviewers(
        self, pull: PullRequest, actor: User, people: Iterable[User] = (), teams: Iterable[Team] = ()
    ) -> None:
        """Ask them no longer; who was not asked is passed over."""
        for user in people:
            if user in pull.requested_reviewers:
                pull.requested_reviewers.remove(user)
                self.record(pull, "review_request_removed", actor, user=user)
        for team in teams:
            if team in pull.requested_teams:
                pull.requested_teams.remove(team)
                self.record(pull, "review_request_removed", actor, team=team)

    def lock(self, pull: PullRequest, actor: User, reason: str | None = None) -> None:
        """Let only members comment."""
        pull.locked, pull.lock_reason = True, reason
        self.record(pull, "locked", actor, reason=reason)

    def unlock(self, pull: PullRequest, actor: User) -> None:
        """Let everybody comment again."""
        pull.locked, pull.lock_reason = False, None
        self.record(pull, "unlocked", actor)

    def comment(self, pull: PullRequest, author: User, body: str) -> Comment:
        """Comment on the pull request as a whole."""
        if not body.strip():
            raise Refused(Why.BODY_MISSING)
        now = self._store.now()
        comment = Comment(id=self._store.next_id(), pull=pull, author=author, body=body, created_at=now, updated_at=now)
        pull.comments.append(self._store.keep(comment))
        self.touch(pull)
        return comment

    def edit_comment(self, comment: Comment, body: str) -> None:
        """Replace a comment's text."""
        if not body.strip():
            raise Refused(Why.BODY_MISSING)
        comment.body, comment.updated_at = body, self._store.now()

    def delete_comment(self, comment: Comment) -> None:
        """Remove a comment."""
        comment.pull.comments.remove(comment)
        self._store.forget(comment)

    def react(self, subject: Reactable, user: User, content: str) -> tuple[Reaction, bool]:
        """Add a reaction; the second value tells whether it is new."""
        for known in subject.reactions:
            if known.user is user and known.content == content:
                return known, False
        made = Reaction(id=self._store.next_id(), user=user, content=content, created_at=self._store.now())
        subject.reactions.append(self._store.keep(made))
        return made, True

    def unreact(self, subject: Reactable, reaction: Reaction) -> None:
        """Take a reaction back."""
        subject.reactions.remove(reaction)
        self._store.forget(reaction)

    def set_viewed(self, pull: PullRequest, user: User, path: str, viewed: bool) -> None:
        """Tick a file off. The tick holds until the file changes (`viewed` compares its blob)."""
        ticks = pull.viewed.setdefault(user, {})
        file = self.file(pull, path)
        if file is None:
            raise Refused(Why.FILE_NOT_IN_DIFF, path=path)
        if viewed:
            ticks[path] = file.sha
        else:
            ticks.pop(path, None)

    def viewed(self, pull: PullRequest, user: User, file: FileDiff) -> Literal["viewed", "dismissed", "unviewed"]:
        """Whether a user ticked a file off; `dismissed` when it changed since."""
        tick = pull.viewed.get(user, {}).get(file.path)
        if tick is None:
            return "unviewed"
        return "viewed" if tick == file.sha else "dismissed"
