"""Whether a pull request can be merged, and merging it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pullbridge.testing.git import Signature
from pullbridge.testing.store.records import (
    AutoMerge,
    MergeMethod,
    Protection,
    PullRequest,
    QueueEntry,
    Repository,
    User,
)
from pullbridge.testing.store.refusals import Refused, Why

if TYPE_CHECKING:
    from pullbridge.testing.store import Store

MergeState = Literal["checking", "ready", "conflicts", "blocked", "behind", "draft", "unstable", "closed"]


@dataclass(frozen=True, slots=True)
class Mergeability:
    """Whether git can merge it (`None` while nobody has looked), where it stands, and all that is in the way."""

    mergeable: bool | None
    state: MergeState
    reasons: tuple[Why, ...] = ()
    missing_checks: tuple[str, ...] = ()


class Merging:
    """Merges, now or when ready."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def observe(self, pull: PullRequest, *, counts: bool = True) -> Mergeability:
        """Mergeability as a host tells it: unknown for the first reads after a change, each of which `counts`."""
        if pull.state == "open" and pull.checks_left > 0:
            pull.checks_left -= counts
            return Mergeability(None, "checking")
        return self.mergeability(pull)

    def mergeability(self, pull: PullRequest) -> Mergeability:
        """The truth, without waiting."""
        if pull.state != "open":
            return Mergeability(None, "closed", (Why.MERGED if pull.state == "merged" else Why.CLOSED,))
        conflicts = self._merged_tree(pull) is None
        rule = pull.repository.protections.get(pull.target_branch, Protection())
        missing = self._store.checks.missing(pull.repository, pull.head, rule.checks)
        decision = self._store.reviews.decision(pull)
        reasons = {
            Why.CONFLICTS: conflicts,
            Why.DRAFT: pull.draft,
            Why.CHANGES_REQUESTED: decision == "CHANGES_REQUESTED",
            Why.REVIEWS_MISSING: decision == "REVIEW_REQUIRED",
            Why.CHECKS_MISSING: bool(missing),
            Why.BEHIND: rule.strict and self.behind(pull) > 0,
        }
        standing = tuple(why for why, holds in reasons.items() if holds)
        return Mergeability(not conflicts, self._state(pull, standing), standing, missing)

    def _state(self, pull: PullRequest, reasons: tuple[Why, ...]) -> MergeState:
        if Why.CONFLICTS in reasons:
            return "conflicts"
        if Why.DRAFT in reasons:
            return "draft"
        if reasons == (Why.BEHIND,):
            return "behind"
        if reasons:
            return "blocked"
        rollup = self._store.checks.rollup(pull.repository, pull.head)
        return "ready" if rollup in {None, "success"} else "unstable"

    def behind(self, pull: PullRequest) -> int:
        """How many commits of the target the pull request does not have."""
        tip = pull.repository.git.head(pull.target_branch)
        return pull.repository.git.count(pull.head, tip) if tip else 0

    def _merged_tree(self, pull: PullRequest) -> str | None:
        tip = pull.repository.git.head(pull.target_branch)
        return pull.repository.git.merge(tip, pull.head).tree if tip else None

    def merge(
        self,
        pull: PullRequest,
        actor: User,
        *,
        method: MergeMethod = "merge",
        title: str | None = None,
        message: str | None = None,
        expected_head: str | None = None,
        squash: bool = False,
        squash_message: str | None = None,
        delete_source: bool | None = None,
    ) -> str:
        """Merge it and return the commit the target is at; `Refused` with the first thing in the way.

        `squash` makes one commit of the source's first, and merges that. `delete_source` says whether the source branch is
        deleted then; `None` leaves it to the repository.
        """
        repository, now = pull.repository, self.mergeability(pull)
        if now.state == "closed":
            raise Refused(now.reasons[0])
        if expected_head is not None and expected_head != pull.head:
            raise Refused(Why.HEAD_MOVED, head=pull.head, expected=expected_head)
        if not self.allows(repository, method):
            raise Refused(Why.METHOD_NOT_ALLOWED, method=method)
        if now.reasons:
            raise Refused(now.reasons[0], missing=now.missing_checks)
        theirs = pull.squash_commit = self._squashed(pull, actor, squash_message) if squash else None
        commit = self._make_commit(pull, actor, method, title, message, theirs or pull.head)
        before = repository.git.head(pull.target_branch)
        repository.git.set_ref(f"refs/heads/{pull.target_branch}", commit)
        self.mark_merged(pull, actor, commit)
        self._store.branch_moved(repository, pull.target_branch, before, commit, actor)
        self._tidy(pull, actor, delete_source)
        return commit

    def _tidy(self, pull: PullRequest, actor: User, delete_source: bool | None) -> None:
        """Delete the source branch of a merged pull request, if it shall be; of a fork only where somebody said so."""
        wanted = delete_source
        if wanted is None:
            wanted = pull.repository.delete_branch_on_merge and not pull.cross_repository
        if wanted and not pull.source.deleted and pull.source.git.head(pull.source_branch) is not None:
            self._store.repositories.delete_branch(pull.source, pull.source_branch, actor)

    @staticmethod
    def allows(repository: Repository, method: MergeMethod) -> bool:
        """Whether the repository's settings allow a method."""
        return {
            "merge": repository.allow_merge,
            "squash": repository.allow_squash,
            "rebase": repository.allow_rebase,
            "rebase_merge": repository.allow_rebase,
            "fast_forward": repository.allow_rebase,
        }[method]

    def _squashed(self, pull: PullRequest, actor: User, message: str | None) -> str:
        """One commit of all the source's, where it left the target."""
        git = pull.repository.git
        text = message or self._store.pulls.commits(pull)[-1].message
        author, committer = self._author(pull), self._store.people.signature(actor)
        tree = git.commit(pull.head).tree
        return git.commit_tree(tree, (pull.merge_base,), message=text, author=author, committer=committer)

    def _make_commit(
        self,
        pull: PullRequest,
        actor: User,
        method: MergeMethod,
        title: str | None,
        message: str | None,
        theirs: str,
    ) -> str:
        git, me = pull.repository.git, self._store.people.signature(actor)
        tip, tree = git.head(pull.target_branch), self._merged_tree(pull)
        if tip is None or tree is None:
            raise Refused(Why.CONFLICTS)
        if method == "fast_forward":
            if pull.merge_base != tip:
                raise Refused(Why.BEHIND)
            return theirs
        if method == "rebase":
            return self._rebase(pull, tip, me)
        if method == "rebase_merge":
            theirs = self._rebase(pull, tip, me)
        headline, text = self.default_message(pull, method)
        full = "\n\n".join(part for part in (title or headline, text if message is None else message) if part)
        if method == "squash":
            return git.commit_tree(tree, (tip,), message=full, author=self._author(pull), committer=me)
        return git.commit_tree(tree, (tip, theirs), message=full, author=me, committer=me)

    def _author(self, pull: PullRequest) -> Signature:
        return self._store.people.signature(pull.author)

    def default_message(self, pull: PullRequest, method: MergeMethod) -> tuple[str, str]:
        """The title and text of a merge without a message.

        https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
        """
        if method == "merge":
            source = f"{pull.source.owner.handle}/{pull.source_branch}"
            return f"Merge pull request #{pull.number} from {source}", pull.title
        commits = self._store.pulls.commits(pull)
        if len(commits) == 1:
            first, _, rest = commits[0].message.partition("\n")
            return f"{first} (#{pull.number})", rest.strip()
        return f"{pull.title} (#{pull.number})", "\n\n".join(f"* {commit.message}" for commit in commits)

    def _rebase(self, pull: PullRequest, tip: str, committer: Signature) -> str:
        git, onto = pull.repository.git, tip
        for commit in git.between(tip, pull.head):
            if len(commit.parents) == 1:
                replayed = git.replay(commit, onto, committer)
                if replayed is None:
                    raise Refused(Why.CONFLICTS)
                onto = replayed
        return onto

    def mark_merged(self, pull: PullRequest, actor: User, commit: str) -> None:
        """It is merged: by us, or because its head arrived on the target by a push."""
        if pull.state != "open":
            return
        now = self._store.now()
        pull.state, pull.merged_at, pull.closed_at = "merged", now, now
        pull.merged_by = pull.closed_by = actor
        pull.merge_commit, pull.auto_merge = commit, None
        self._store.pulls.record(pull, "merged", actor, commit=commit)

    def update_branch(
        self, pull: PullRequest, actor: User, *, expected_head: str | None = None, method: MergeMethod = "merge"
    ) -> str:
        """Bring the target's news into the source branch; return its new head."""
        if pull.state != "open":
            raise Refused(Why.CLOSED)
        if expected_head is not None and expected_head != pull.head:
            raise Refused(Why.HEAD_MOVED, head=pull.head, expected=expected_head)
        git, me = pull.source.git, self._store.people.signature(actor)
        tip = pull.repository.git.head(pull.target_branch)
        if tip is None or not self.behind(pull):
            raise Refused(Why.UP_TO_DATE)
        tree = git.merge(pull.head, tip).tree
        if tree is None:
            raise Refused(Why.CONFLICTS)
        if method == "rebase":
            new = self._rebase(pull, tip, me)
        else:
            text = f"Merge branch '{pull.target_branch}' into {pull.source_branch}"
            new = git.commit_tree(tree, (pull.head, tip), message=text, author=me, committer=me)
        self._store.repositories.move_branch(pull.source, pull.source_branch, new, actor, force=True)
        return new

    # -- later ---------------------------------------------------------------------------------------------------------

    def enable_auto_merge(
        self,
        pull: PullRequest,
        actor: User,
        *,
        method: MergeMethod = "merge",
        title: str | None = None,
        message: str | None = None,
        squash: bool = False,
        squash_message: str | None = None,
        delete_source: bool | None = None,
        awaits_checks: bool = False,
    ) -> None:
        """Merge it when nothing blocks it any more; `Refused` when nothing does now.

        One that `awaits_checks` waits for the checks that block nothing, too.
        """
        if pull.state != "open":
            raise Refused(Why.CLOSED)
        if not pull.repository.allow_auto_merge or not self.allows(pull.repository, method):
            raise Refused(Why.METHOD_NOT_ALLOWED, method=method)
        waiting = AutoMerge(
            user=actor,
            method=method,
            enabled_at=self._store.now(),
            title=title,
            message=message,
            squash=squash,
            squash_message=squash_message,
            delete_source=delete_source,
            awaits_checks=awaits_checks,
        )
        if not self._blocked(pull, waiting):
            raise Refused(Why.NOTHING_TO_WAIT_FOR)
        pull.auto_merge = waiting
        self._store.pulls.record(pull, "auto_merge_enabled", actor)

    def disable_auto_merge(self, pull: PullRequest, actor: User) -> None:
        """Wait no longer."""
        if pull.auto_merge is None:
            raise Refused(Why.NOT_FOUND)
        pull.auto_merge = None
        self._store.pulls.record(pull, "auto_merge_disabled", actor)

    def retry_auto_merge(self, pull: PullRequest) -> None:
        """Merge a waiting pull request, if nothing is in the way now."""
        waiting = pull.auto_merge
        if waiting is not None and pull.state == "open" and not self._blocked(pull, waiting):
            self.merge(
                pull,
                waiting.user,
                method=waiting.method,
                title=waiting.title,
                message=waiting.message,
                squash=waiting.squash,
                squash_message=waiting.squash_message,
                delete_source=waiting.delete_source,
            )

    def _blocked(self, pull: PullRequest, waiting: AutoMerge) -> bool:
        if self.mergeability(pull).reasons:
            return True
        return waiting.awaits_checks and self._store.checks.rollup(pull.repository, pull.head) not in {None, "success"}

    def retry_auto_merges(self, repository: Repository, sha: str) -> None:
        """The same for all whose head is a commit that was just checked."""
        for pull in list(repository.pulls.values()):
            if pull.head == sha:
                self.retry_auto_merge(pull)

    # -- the merge queue -----------------------------------------------------------------------------------------------

    def queue(self, repository: Repository, branch: str) -> tuple[PullRequest, ...]:
        """The pull requests that wait for their turn, in order."""
        waiting = {pull: entry for pull in repository.pulls.values() if (entry := self.place_in_queue(pull))}
        here = [pull for pull in waiting if pull.target_branch == branch]
        return tuple(sorted(here, key=lambda pull: (not waiting[pull].jump, waiting[pull].id)))

    @staticmethod
    def place_in_queue(pull: PullRequest) -> QueueEntry | None:
        """Its place in the queue; `None` without one, or when it was lost by a push or by closing."""
        entry = pull.queued
        return entry if entry and pull.state == "open" and entry.head == pull.head else None

    def enqueue(
        self, pull: PullRequest, actor: User, *, expected_head: str | None = None, jump: bool = False
    ) -> QueueEntry:
        """Put it into its target's queue; `Refused` when there is no queue, or something is in the way."""
        now = self.mergeability(pull)
        if not pull.repository.protections.get(pull.target_branch, Protection()).queue:
            raise Refused(Why.NOT_FOUND)
        if expected_head is not None and expected_head != pull.head:
            raise Refused(Why.HEAD_MOVED, head=pull.head, expected=expected_head)
        if now.reasons:
            raise Refused(now.reasons[0], missing=now.missing_checks)
        entry = QueueEntry(
            id=self._store.next_id(), user=actor, head=pull.head, enqueued_at=self._store.now(), jump=jump
        )
        pull.queued = self._store.keep(entry)
        self._store.pulls.record(pull, "queued", actor)
        return entry

    def dequeue(self, pull: PullRequest, actor: User) -> QueueEntry:
        """Take it out of the queue."""
        entry = self.place_in_queue(pull)
        if entry is None:
            raise Refused(Why.NOT_FOUND)
        pull.queued = None
        self._store.pulls.record(pull, "unqueued", actor)
        return entry

    def merge_queued(self, repository: Repository, branch: str) -> str | None:
        """Merge the first of the queue, as the host does by itself once its checks are green; return the commit."""
        waiting = self.queue(repository, branch)
        entry = waiting[0].queued if waiting else None
        return self.merge(waiting[0], entry.user) if entry else None
