"""`repo.pulls`: pull requests from creation to merge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pullbridge.capabilities import Can, Limits
from pullbridge.errors import AlreadyThere, BridgeError, Rejected
from pullbridge.model.diff import Commit
from pullbridge.model.listing import Listing
from pullbridge.model.orders import NewPull, PullChanges, PullQuery
from pullbridge.model.panel import Panel
from pullbridge.model.people import Milestone, Person
from pullbridge.model.pulls import Order, Pull, PullState
from pullbridge.model.refs import RepoRef
from pullbridge.model.unset import UNSET, Unset
from pullbridge.repository.arguments import aware, filled, handles, several, told
from pullbridge.repository.confirm import Since, Unsure, confirmed, matching, one_of
from pullbridge.repository.merging import Merging
from pullbridge.repository.placing import when_ready
from pullbridge.repository.verb import PullLike, reads, writes

Who = Person | str


class Pulls(Merging):
    """Pull requests. One is given as its number, its `Pull` or its `PullRef`."""

    __slots__ = ()

    @reads(Can.READ)
    def list(
        self,
        states: Iterable[PullState] = frozenset({PullState.OPEN}),
        author: Who | None = None,
        reviewer: Who | None = None,
        assignee: Who | None = None,
        source: str | None = None,
        target: str | None = None,
        labels: Iterable[str] = (),
        updated_since: datetime | None = None,
        updated_before: datetime | None = None,
        text: str | None = None,
        draft: bool | None = None,
        order: Order = Order.UPDATED,
        with_checks: bool = False,
        limit: int | None = None,
        after: str | None = None,
    ) -> Listing[Pull]:
        """List pull requests, newest change first. Nothing is sent before the list is read.

        With a `limit` the pages that it takes go out together; without one they are read as they are needed. Every filter
        is applied by the host or refused (`Rejected`), none is dropped. `Listing.stopped` says when the host ends the
        list early.
        """
        limits = self._port.limits
        query = PullQuery(
            states=frozenset(states),
            author=_told(author, limits),
            reviewer=_told(reviewer, limits),
            assignee=_told(assignee, limits),
            source=source,
            target=target,
            labels=several(labels, "labels"),
            updated_since=aware(updated_since),
            updated_before=aware(updated_before),
            text=text,
            draft=draft,
            order=order,
            with_checks=with_checks,
        )
        if not query.states:
            raise Rejected("Name at least one state to list.", problems=("states is empty",))
        filled(author=query.author, reviewer=query.reviewer, assignee=query.assignee)
        filled(source=source, target=target, text=text, **{f"labels[{i}]": name for i, name in enumerate(query.labels)})
        if limit is not None and limit < 0:
            raise Rejected("A limit counts items and cannot be negative.", problems=(f"limit={limit}",))
        fetch = self._port.pulls.list
        return self._session.listing("pulls.list", lambda cursor: fetch(query, cursor, limit), limit=limit, after=after)

    @reads(Can.READ)
    def get(self, n: PullLike) -> Pull:
        """Read one pull request, with full commit ids. Raises `NotThere`."""
        return self._seen(self._port.pulls.get(self._session.number(n)))

    @reads(Can.READ)
    def find(self, source: str, target: str | None = None) -> Pull | None:
        """Find the open pull request from a branch, `owner:branch` for one of a fork; `None` where there is none."""
        return self.list(source=source, target=target, limit=1).first()

    @writes(Can.CREATE)
    def create(
        self,
        title: str,
        source: str,
        target: str,
        body: str = "",
        draft: bool = False,
        reviewers: Iterable[Who] = (),
        assignees: Iterable[Who] = (),
        labels: Iterable[str] = (),
        source_repository: RepoRef | str | None = None,
        delete_source_on_merge: bool | None = None,
        if_exists: Literal["raise", "return"] = "raise",
        milestone: Milestone | str | None = None,
        squash_on_merge: bool | None = None,
    ) -> Pull:
        """Create a pull request from `source` into `target`.

        `source_repository` is the fork that has the branch; `delete_source_on_merge` and `squash_on_merge` are noted with
        the pull request where the host does so (`Unsupported` elsewhere). Raises `AlreadyThere` with the `existing` one (or
        returns it, with `if_exists="return"`), `Rejected` with the host's reasons, and `Unconfirmed` with the body in `text`.
        """
        self._check_new(title, source, target, draft, source_repository)
        fork = source_repository.path if isinstance(source_repository, RepoRef) else source_repository
        new = NewPull(
            title=title,
            source=source,
            target=target,
            body=body,
            draft=draft,
            source_repository=fork,
            delete_source_on_merge=delete_source_on_merge,
            squash_on_merge=squash_on_merge,
            reviewers=handles(reviewers, self._port.limits),
            assignees=handles(assignees, self._port.limits),
            labels=several(labels, "labels"),
            milestone=milestone.id if isinstance(milestone, Milestone) else milestone,
        )
        try:
            pull = self._created(new)
        except AlreadyThere as error:
            error.existing = error.existing or self._existing(new)
            if if_exists == "return" and error.existing is not None:
                return self._seen(error.existing)
            raise
        return self._completed(pull, new)

    def _check_new(
        self,
        title: str,
        source: str,
        target: str,
        draft: bool,
        fork: RepoRef | str | None,
    ) -> None:
        if not title.strip() or not source.strip() or not target.strip():
            raise Rejected("A pull request needs a title, a source and a target.", problems=("one of them is empty",))
        needs = [can for can, wanted in ((Can.DRAFTS, draft), (Can.CROSS_FORK, fork is not None)) if wanted]
        self._session.require(*needs)

    def _created(self, new: NewPull) -> Pull:
        def look(since: Since) -> Pull | Unsure | None:
            found = self._existing(new)
            if found is None or found.title != new.title:
                return None
            viewer = self._session.connection.host().viewer()
            mine = found.author is not None and found.author.id == viewer.id
            return one_of(matching([(found, mine, found.created_at, str(found.number))], since, None))

        return self._seen(
            confirmed(
                lambda: self._port.pulls.create(new),
                look,
                host_now=self._port.host_now,
                operation="the pull request",
                payload=new,
            )
        )

    def _existing(self, new: NewPull) -> Pull | None:
        owner = new.source_repository.rpartition("/")[0] if new.source_repository else None
        return self.find(source=f"{owner}:{new.source}" if owner else new.source, target=new.target)

    def _completed(self, pull: Pull, new: NewPull) -> Pull:
        """Ask the people and set what the first write has not; the pull request is there, whatever becomes of that."""
        limits = self._port.limits
        reviewers = _lacking(new.reviewers, pull.reviewers, limits)
        later = PullChanges(
            add_assignees=_lacking(new.assignees, pull.assignees, limits),
            add_labels=tuple(name for name in new.labels if name not in {label.name for label in pull.labels or ()}),
            milestone=UNSET if new.milestone is None or pull.milestone is not None else new.milestone,
        )
        changes = later != PullChanges()
        try:
            if reviewers:
                self._port.reviewers.request(pull.number, reviewers)
            if changes:
                self._assigned(self._port.pulls.edit(pull.number, later), later.add_assignees)
        except BridgeError as error:
            error.summary = f"{pull.ref} is created, but not all of its people or labels are as asked: {error.summary}"
            raise
        return self.get(pull) if reviewers or changes else pull

    @writes(Can.EDIT)
    def edit(
        self,
        n: PullLike,
        title: str | Unset = UNSET,
        body: str | Unset = UNSET,
        target: str | Unset = UNSET,
        add_labels: Iterable[str] = (),
        remove_labels: Iterable[str] = (),
        add_assignees: Iterable[Who] = (),
        remove_assignees: Iterable[Who] = (),
        milestone: Milestone | str | Unset | None = UNSET,
    ) -> Pull:
        """Change what is given and leave the rest; `body=""` clears the body, `milestone=None` the milestone.

        It costs nobody their place among the reviewers, but for an account that the host takes no more (somebody who has
        left a workspace of Bitbucket Cloud): that one is missing in what comes back.
        """
        if isinstance(title, str) and not title.strip():
            raise Rejected("A title is not empty.", problems=("title is empty",))
        if target is not UNSET:
            self._session.require(Can.RETARGET)
        changes = PullChanges(
            title=title,
            body=body,
            target=target,
            add_labels=several(add_labels, "labels"),
            remove_labels=several(remove_labels, "labels"),
            add_assignees=handles(add_assignees, self._port.limits),
            remove_assignees=handles(remove_assignees, self._port.limits),
            milestone=milestone.id if isinstance(milestone, Milestone) else milestone,
        )
        return self._assigned(
            self._seen(self._port.pulls.edit(self._session.number(n), changes)), changes.add_assignees
        )

    def _assigned(self, pull: Pull, wanted: tuple[str, ...]) -> Pull:
        """The pull request, once all who should be are assigned: hosts pass over those who may not be, in silence."""
        missing = _lacking(wanted, pull.assignees, self._port.limits)
        if missing and pull.assignees is not None:
            text = f"{', '.join(missing)} could not be assigned to {pull.ref}; everything else is as asked."
            step = "Check the handles, and that these people have access to the repository."
            raise Rejected(
                text, problems=(f"not assigned: {', '.join(missing)}",), host=self._session.ref.host, next_step=step
            )
        return pull

    @writes(Can.CLOSE)
    def close(self, n: PullLike) -> Pull:
        """Close without merging; safe to repeat."""
        return self._seen(self._port.pulls.set_open(self._session.number(n), False))

    @writes(Can.REOPEN)
    def reopen(self, n: PullLike) -> Pull:
        """Open again what was closed; safe to repeat."""
        return self._seen(self._port.pulls.set_open(self._session.number(n), True))

    @writes(Can.DRAFTS)
    def set_draft(self, n: PullLike, draft: bool) -> Pull:
        """Make it a draft, or ready for review; safe to repeat."""
        return self._seen(self._port.pulls.set_draft(self._session.number(n), draft))

    @reads(Can.READ)
    def commits(self, n: PullLike) -> tuple[Commit, ...]:
        """List all commits, oldest first. Raises `Unsupported` where the host shows only a part of them."""
        return self._port.pulls.commits(self._session.number(n))

    @reads(Can.READ)
    def panel(self, n: PullLike) -> Panel:
        """Read everything that an editor shows of a pull request, in as few round trips as the host allows.

        A part that cannot be had is named in `Panel.gaps`, with its reason. A diff that the host is still making is waited
        for, half a minute at most. What was seen is remembered, so that a comment or a review that follows needs no read
        first.
        """
        number = self._session.number(n)
        known = n.file_count if isinstance(n, Pull) and n.file_count is not None else None
        count = known or self._session.memory.of(number).file_count
        panel, changes = when_ready(lambda: self._port.pulls.panel(number, count), lambda found: found[1].ready)
        ids = frozenset(comment.id for thread in panel.threads for comment in thread.comments)
        self._session.memory.saw(number, pull=panel.pull, comments=ids)
        self._session.memory.saw(number, changes=changes)
        return panel


def _told(who: Who | None, limits: Limits) -> str | None:
    return None if who is None else told(who, limits)


def _lacking(wanted: tuple[str, ...], there: tuple[Person, ...] | None, limits: Limits) -> tuple[str, ...]:
    """Those of the handles who are not there."""
    held = {name for person in there or () for name in (person.handle.lower(), told(person, limits).lower())}
    return tuple(handle for handle in wanted if handle.removeprefix("@").lower() not in held)
