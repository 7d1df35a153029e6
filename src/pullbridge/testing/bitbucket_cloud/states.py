"""What Bitbucket alone remembers of a pull request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pullbridge.testing.bitbucket_cloud.errors import ApiError
from pullbridge.testing.bitbucket_cloud.talk import Remark, Task
from pullbridge.testing.store import PullRequest, User


@dataclass(eq=False)
class MergeTask:
    """A merge that was accepted and is done later. `error` is what became of one that failed."""

    id: str
    user: User
    strategy: str
    message: str | None
    close_source: bool
    polls: int
    fails: bool = False
    done: bool = False
    error: ApiError | None = None


@dataclass(eq=False)
class PullState:
    """The flags that its author set, what was said, and the merges that are on their way."""

    close_source_branch: bool = False
    reason: str = ""
    superseded: bool = False
    remarks: list[Remark] = field(default_factory=list, repr=False)
    tasks: list[Task] = field(default_factory=list, repr=False)
    merges: dict[str, MergeTask] = field(default_factory=dict, repr=False)
    acted: dict[User, datetime] = field(default_factory=dict, repr=False)


class States:
    """One for each pull request, made when it is first looked at."""

    def __init__(self) -> None:
        self._known: dict[PullRequest, PullState] = {}

    def of(self, pull: PullRequest) -> PullState:
        """The state of a pull request."""
        return self._known.setdefault(pull, PullState())
