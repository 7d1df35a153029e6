"""What Data Center remembers of a pull request beyond the neutral store: its version, who says what, what happened.

The store tells what happened to a pull request as events, whoever made it happen. They are read when the pull request is
next looked at: each makes a new version, and an activity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pullbridge.testing.git import Commit
from pullbridge.testing.store import Event, PullRequest, User

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App
    from pullbridge.testing.bitbucket_dc.records import Comment

Word = Literal["UNAPPROVED", "NEEDS_WORK", "APPROVED"]

_EDITS = frozenset(
    {"renamed", "described", "retargeted", "draft", "ready", "review_requested", "review_request_removed"}
)
_MOVES = {"closed": "DECLINED", "reopened": "REOPENED", "merged": "MERGED"}


@dataclass(eq=False)
class Status:
    """What somebody makes of a pull request, and the commit that they saw."""

    word: Word = "UNAPPROVED"
    last_reviewed: str | None = None


@dataclass(eq=False, kw_only=True)
class Activity:
    """One entry of the activity stream. `data` is what its action has besides (`comment`, `added`, …)."""

    id: int
    action: str
    user: User
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class WaitingMerge:
    """A merge that was asked for and waits until nothing is in the way."""

    user: User
    at: datetime
    strategy: str
    message: str | None
    auto_subject: bool
    head: str


@dataclass(eq=False, kw_only=True)
class PullState:
    """What is remembered of one pull request.

    `target` is the target's tip as long as it is open, and what it was when it was closed. `statuses` has everybody who
    takes part but says nothing more of their role: the author is the author, who is requested is a reviewer.
    """

    pull: PullRequest
    target: str
    source_ref: str
    version: int = 0
    seen: int = 0
    unknown_reads: int = 0
    statuses: dict[User, Status] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    watchers: dict[User, bool] = field(default_factory=dict)
    waiting: WaitingMerge | None = None

    def status(self, user: User) -> Status:
        """What somebody makes of it, so far."""
        return self.statuses.get(user) or Status()

    def joined(self, user: User) -> Status:
        """The same of somebody who takes part from now on."""
        return self.statuses.setdefault(user, Status())

    def watches(self, user: User) -> bool:
        """Whether somebody hears of it: by their own word, or because they take part."""
        takes_part = user is self.pull.author or user in self.pull.requested_reviewers or user in self.statuses
        return self.watchers.get(user, takes_part)


class States:
    """All of them, by pull request."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: dict[PullRequest, PullState] = {}

    def of(self, pull: PullRequest) -> PullState:
        """The state of a pull request, as of now."""
        state = self._known.get(pull)
        if state is None:
            state = self._known[pull] = self._begin(pull)
        self._read(state)
        return state

    def peek(self, pull: PullRequest) -> PullState:
        """The state of a pull request as it was when it was last looked at."""
        return self._known.get(pull) or self.of(pull)

    def known(self, pull: PullRequest) -> PullState | None:
        """The state of a pull request that was looked at already."""
        return self._known.get(pull)

    def forget(self, pull: PullRequest) -> None:
        """It was deleted."""
        self._known.pop(pull, None)

    def _begin(self, pull: PullRequest) -> PullState:
        tip = pull.repository.git.head(pull.target_branch) or pull.base
        state = PullState(pull=pull, target=tip, source_ref=f"refs/heads/{pull.source_branch}")
        state.unknown_reads = self._app.knobs.reads_stay_unknown
        self.note(state, "OPENED", pull.author, pull.created_at)
        return state

    def note(self, state: PullState, action: str, user: User, at: datetime | None = None, **data: object) -> Activity:
        """Add an activity."""
        store = self._app.store
        made = Activity(id=store.next_id(), action=action, user=user, at=at or store.now(), data=data)
        state.activities.append(made)
        return made

    # -- what happened meanwhile ---------------------------------------------------------------------------------------

    def _read(self, state: PullState) -> None:
        events = state.pull.events[state.seen :]
        state.seen = len(state.pull.events)
        edits: list[Event] = []
        for event in events:
            if event.kind in _EDITS:
                edits.append(event)
                continue
            self._edited(state, edits)
            edits = []
            self._happened(state, event)
        self._edited(state, edits)
        self._target_moved(state)

    def _edited(self, state: PullState, events: list[Event]) -> None:
        """Several changes at once are one update: https://developer.atlassian.com/server/bitbucket/rest/"""
        if not events:
            return
        state.version += 1
        if any(event.kind == "retargeted" for event in events):
            state.target = state.pull.repository.git.head(state.pull.target_branch) or state.target
            self._app.rescoped(state)
        added = [event.data["user"] for event in events if event.kind == "review_requested" and "user" in event.data]
        removed = [event.data["user"] for event in events if event.kind == "review_request_removed"]
        for user in added:
            state.joined(user)
        if added or removed:
            last = events[-1]
            people = {"addedReviewers": added, "removedReviewers": removed}
            self.note(state, "UPDATED", last.actor, last.created_at, **people)

    def _happened(self, state: PullState, event: Event) -> None:
        if event.kind in {"pushed", "force_pushed"}:
            self._pushed(state, event)
        elif event.kind in _MOVES:
            state.version += 1
            if event.kind == "merged":
                state.target = str(event.data["commit"])
            state.waiting = None
            self.note(state, _MOVES[event.kind], event.actor, event.created_at)

    def _pushed(self, state: PullState, event: Event) -> None:
        git, pull = state.pull.repository.git, state.pull
        before, after = str(event.data["before"]), str(event.data["after"])
        added, removed = git.between(before, after), git.between(after, before)
        state.version += 1
        state.unknown_reads = self._app.knobs.reads_stay_unknown
        target = git.head(pull.target_branch) or state.target
        self.note(
            state,
            "RESCOPED",
            event.actor,
            event.created_at,
            fromHash=after,
            previousFromHash=before,
            previousToHash=state.target,
            toHash=target,
            added=added,
            removed=removed,
        )
        state.target = target
        self._app.rescoped(state)
        if self._app.knobs.unapproves:
            self._unapprove(state, state.statuses.values())

    @staticmethod
    def _unapprove(state: PullState, statuses: Iterable[Status]) -> None:
        del state
        for status in statuses:
            if status.word == "APPROVED":
                status.word = "UNAPPROVED"

    def _target_moved(self, state: PullState) -> None:
        pull = state.pull
        tip = pull.repository.git.head(pull.target_branch)
        if pull.state != "open" or tip is None or tip == state.target:
            return
        state.target = tip
        state.unknown_reads = self._app.knobs.reads_stay_unknown
        if self._app.knobs.moves_with_target:
            state.version += 1
        base = pull.repository.git.merge_base(tip, pull.head)
        if base is not None and base != pull.merge_base:
            self._app.store.pulls.refresh(pull)
            self._app.rescoped(state)


def shown_commits(commits: tuple[Commit, ...]) -> tuple[Commit, ...]:
    """Those of a rescope that are shown, newest first: at most five."""
    return tuple(reversed(commits))[:5]
