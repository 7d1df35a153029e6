"""What GitLab alone remembers of a merge request: what is done in the background, and is not done yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pullbridge.testing.gitlab.knobs import Knobs
from pullbridge.testing.gitlab.talk_records import Talk
from pullbridge.testing.store import PullRequest, Refused, Repository, Store, User, Why

#: `app/services/merge_requests/rebase_service.rb`
REBASE_FAILED = "Rebase failed: Rebase locally, resolve all conflicts, then push the branch."


@dataclass(eq=False)
class PullState:
    """`prepared_at` is set once the diff is made; `head`, `base` and `merge_base` are those of the newest diff made."""

    head: str
    base: str
    merge_base: str
    preparing: int
    prepared_at: datetime | None = None
    behind: int = 0
    locked: int = 0
    rebasing: int = 0
    rebaser: User | None = None
    refusals: int = 0
    squash: bool = False
    remove_source: bool | None = None
    remove_when_merged: bool = False
    merge_error: str | None = None
    talk: Talk = field(default_factory=Talk, repr=False)
    rows: dict[tuple[object, ...], dict[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def prepared(self) -> bool:
        """Whether there is a diff to look at."""
        return self.prepared_at is not None


class States:
    """One for each merge request, made when it is first looked at."""

    def __init__(self, store: Store, knobs: Knobs) -> None:
        self._store = store
        self._knobs = knobs
        self._known: dict[PullRequest, PullState] = {}
        #: How many more looks at a fork find it being copied.
        self.imports: dict[Repository, int] = {}

    def of(self, pull: PullRequest) -> PullState:
        """The state as it is now; looking at it changes nothing but what a push made old."""
        state = self._known.get(pull)
        if state is None:
            state = PullState(
                pull.head,
                pull.base,
                pull.merge_base,
                preparing=self._knobs.preparation_reads,
                refusals=self._knobs.merge_refusals,
            )
            self._known[pull] = state
        elif state.head != pull.head and not state.behind:
            state.behind = self._knobs.push_reads
            if not state.behind:
                self._catch_up(state, pull)
        elif state.head == pull.head:
            self._catch_up(state, pull)
        return state

    def read(self, pull: PullRequest) -> PullState:
        """The state for somebody who reads the single merge request: what is going on comes one read nearer its end."""
        state = self.of(pull)
        if state.preparing > 0:
            state.preparing -= 1
        elif state.prepared_at is None:
            state.prepared_at = self._store.now()
        state.locked = max(0, state.locked - 1)
        if state.behind > 0:
            state.behind -= 1
            if not state.behind:
                self._catch_up(state, pull)
        if state.rebasing > 0:
            state.rebasing -= 1
            if not state.rebasing:
                self.rebase(pull)
        return state

    def rebase(self, pull: PullRequest) -> None:
        """Do the rebase that was asked for."""
        state = self._known[pull]
        if state.rebaser is None:
            return
        try:
            self._store.merging.update_branch(pull, state.rebaser, method="rebase")
        except Refused as refused:
            if refused.why is not Why.UP_TO_DATE:
                state.merge_error = REBASE_FAILED
        self.of(pull)

    def look_at(self, project: Repository) -> None:
        """Somebody reads a project: its copying comes one read nearer its end."""
        if self.imports.get(project, 0) > 0:
            self.imports[project] -= 1

    @staticmethod
    def _catch_up(state: PullState, pull: PullRequest) -> None:
        state.head, state.base, state.merge_base = pull.head, pull.base, pull.merge_base
