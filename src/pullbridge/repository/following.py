"""The verbs of `repo.pulls` around a pull request: its history, who may speak, who is told, and merging later."""

from __future__ import annotations

from pullbridge.capabilities import Can
from pullbridge.errors import Rejected, Stale
from pullbridge.model.listing import Listing
from pullbridge.model.merge import MergeMethod
from pullbridge.model.pulls import Pull
from pullbridge.model.refs import same_commit
from pullbridge.model.timeline import Template, TimelineItem
from pullbridge.repository.verb import Noun, PullLike, reads, writes


class Following(Noun):
    """What `Pulls` has beside the way from creation to merge."""

    __slots__ = ()

    @reads(Can.FIND_BY_COMMIT)
    def containing(self, commit: str) -> tuple[Pull, ...]:
        """Find the pull requests that a commit is part of, or was merged by. Raises `NotThere` for no such commit."""
        if not commit.strip():
            raise Rejected("Name a commit.", problems=("the commit is empty",))
        return self._port.pulls.containing(commit)

    @reads(Can.TIMELINE)
    def timeline(self, n: PullLike) -> Listing[TimelineItem]:
        """List what happened, oldest first; pushes, comments, reviews and changes of every kind."""
        number, fetch = self._session.number(n), self._port.pulls.timeline
        return self._session.listing("pulls.timeline", lambda cursor: fetch(number, cursor))

    @reads(Can.TEMPLATES)
    def templates(self) -> tuple[Template, ...]:
        """Read the texts that the repository offers for new pull requests."""
        return self._port.pulls.templates()

    @writes(Can.UPDATE_BRANCH)
    def update_branch(self, n: PullLike, method: MergeMethod | None = None, expect_head: str | None = None) -> Pull:
        """Bring the target's commits into the source branch, by `MERGE` or `REBASE`, or in the host's own way.

        Guarded by the head that was last seen, or by `expect_head`; raises `Stale` when it is another one, and `Rejected`
        when there is nothing to bring.
        """
        if method not in {None, MergeMethod.MERGE, MergeMethod.REBASE}:
            raise Rejected("A branch is updated by a merge or a rebase.", problems=(f"method={method}",))
        number = self._session.number(n)
        pull = self._port.pulls.get(number)
        if expect_head is not None and not same_commit(pull.source.commit, expect_head):
            text = "The source branch has moved since you looked."
            raise Stale(text, expected=expect_head, found=pull.source.commit, host=self._session.ref.host)
        updated = self._port.pulls.update_branch(number, method, pull.source.commit)
        self._session.memory.saw(number, pull=updated)
        return updated

    @writes(Can.AUTO_MERGE)
    def cancel_auto_merge(self, n: PullLike) -> None:
        """Stop waiting to merge, or leave the merge queue; safe to repeat."""
        self._port.pulls.cancel_auto_merge(self._session.number(n))

    @writes(Can.DELETE_PULL)
    def delete(self, n: PullLike) -> None:
        """Delete a pull request for good, where a host has that."""
        self._port.pulls.delete(self._session.number(n))

    @writes(Can.LOCK)
    def lock(self, n: PullLike, reason: str | None = None) -> None:
        """Let only those with a role in the repository comment; `reason` is one of the host's words. Safe to repeat."""
        self._port.pulls.set_locked(self._session.number(n), True, reason)

    @writes(Can.LOCK)
    def unlock(self, n: PullLike) -> None:
        """Let everybody comment again; safe to repeat."""
        self._port.pulls.set_locked(self._session.number(n), False, None)

    @writes(Can.SUBSCRIBE)
    def subscribe(self, n: PullLike) -> None:
        """Be told of what happens; safe to repeat."""
        self._port.pulls.set_subscribed(self._session.number(n), True)

    @writes(Can.SUBSCRIBE)
    def unsubscribe(self, n: PullLike) -> None:
        """Be told no more, but when named; safe to repeat."""
        self._port.pulls.set_subscribed(self._session.number(n), False)
