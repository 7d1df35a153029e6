"""What can be done here: by this product, version, role, repository and credential. Three answers, each with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Can(Enum):
    """One name, one ability. Its value is the name in small letters, for JSON; it never changes."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:
        del start, count, last_values
        return name.lower()

    READ = auto()
    WHOAMI = auto()
    CREATE = auto()
    DRAFTS = auto()
    EDIT = auto()
    RETARGET = auto()
    CLOSE = auto()
    REOPEN = auto()
    DELETE_PULL = auto()
    MERGE = auto()
    CHOOSE_MERGE_METHOD = auto()
    HEAD_GUARD = auto()
    AUTO_MERGE = auto()
    MERGE_QUEUE = auto()
    MERGE_STACKED = auto()
    UPDATE_BRANCH = auto()
    DELETE_SOURCE = auto()
    CROSS_FORK = auto()
    FIND_BY_COMMIT = auto()
    SEARCH = auto()
    INBOX_AUTHOR = auto()
    INBOX_REVIEWER = auto()
    INBOX_ASSIGNEE = auto()
    TIMELINE = auto()
    TEMPLATES = auto()
    LOCK = auto()
    SUBSCRIBE = auto()
    FILES = auto()
    DIFF = auto()
    CONTENT = auto()
    COMPARE = auto()
    VIEWED_FILES = auto()
    COMMENT = auto()
    COMMENT_INLINE = auto()
    COMMENT_OLD_SIDE = auto()
    COMMENT_RANGE = auto()
    COMMENT_FILE = auto()
    COMMENT_OUTSIDE_HUNKS = auto()
    COMMENT_OLD_COMMIT = auto()
    REPLY = auto()
    EDIT_COMMENT = auto()
    DELETE_COMMENT = auto()
    RESOLVE = auto()
    REACT = auto()
    SUGGEST = auto()
    APPLY_SUGGESTION = auto()
    APPROVE = auto()
    WITHDRAW = auto()
    REQUEST_CHANGES = auto()
    DISMISS = auto()
    PENDING_REVIEW = auto()
    BATCH_REVIEW = auto()
    REQUIRED_APPROVALS = auto()
    REVIEWERS = auto()
    TEAM_REVIEWERS = auto()
    ASSIGNEES = auto()
    LABELS = auto()
    MILESTONES = auto()
    CHECKS = auto()
    REQUIRED_CHECKS = auto()
    REPORT_CHECK = auto()
    BRANCHES = auto()
    DELETE_BRANCH = auto()
    FORKS = auto()
    FORK = auto()
    TASKS = auto()
    RATE_BUDGET = auto()
    WEBHOOKS = auto()


class AnswerState(Enum):
    """Only `NO` blocks a verb."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Yes, no or unknown; why; and what would turn a no into a yes.

    `needed` is filled when the answer is no because the credential lacks these scopes or permissions; `sign_in` is true
    when it is no because there is no credential.
    """

    state: AnswerState
    reason: str = ""
    remedy: str | None = None
    needed: tuple[str, ...] = ()
    sign_in: bool = False


YES = Answer(state=AnswerState.YES)
UNKNOWN = Answer(state=AnswerState.UNKNOWN, reason="not asked yet", remedy="probe()")


def no(reason: str, remedy: str | None = None, *, needed: tuple[str, ...] = (), sign_in: bool = False) -> Answer:
    """A no with its reason."""
    return Answer(state=AnswerState.NO, reason=reason, remedy=remedy, needed=needed, sign_in=sign_in)


def unknown(reason: str, remedy: str | None = None) -> Answer:
    """An unknown with its reason."""
    return Answer(state=AnswerState.UNKNOWN, reason=reason, remedy=remedy)


class Capabilities(Mapping[Can, Answer]):
    """The answers, one for each `Can`. `Can.X in can` is true only for a yes; a name that is no `Can` is a `TypeError`."""

    __slots__ = ("_answers", "granted")

    def __init__(self, answers: Mapping[Can, Answer], *, granted: tuple[str, ...] | None = None) -> None:
        self._answers = dict(answers)
        self.granted: tuple[str, ...] | None = granted

    def __getitem__(self, ability: Can) -> Answer:
        if not isinstance(ability, Can):
            raise TypeError(f"ask for a pullbridge.Can, not {ability!r}")
        return self._answers.get(ability, UNKNOWN)

    def __contains__(self, ability: object) -> bool:
        if not isinstance(ability, Can):
            raise TypeError(f"ask for a pullbridge.Can, not {ability!r}")
        return self[ability].state is AnswerState.YES

    def __iter__(self) -> Iterator[Can]:
        return iter(Can)

    def __len__(self) -> int:
        return len(Can)

    def but(self, answers: Mapping[Can, Answer]) -> Capabilities:
        """These answers, with some replaced."""
        return Capabilities({**self._answers, **answers}, granted=self.granted)

    def __repr__(self) -> str:
        told = {state: sum(self[can].state is state for can in Can) for state in AnswerState}
        return f"<Capabilities: {', '.join(f'{count} {state.value}' for state, count in told.items())}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The host's own bounds; `None` where it has none or does not say. Sizes are characters unless named otherwise.

    `drafts` is how many drafts of a review it keeps: 0 where it keeps none, and they wait in this process instead.
    `unique_handles`: a handle names one account; where it does not, who is given as a `Person` is told by the `id`.
    """

    body: int | None = None
    title: int | None = None
    files: int | None = None
    commits: int | None = None
    search_results: int | None = None
    reviewers: int | None = None
    review_comments: int | None = None
    drafts: int | None = None
    unique_handles: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What is left of the host's rate limit, as of the last answer. `None` everywhere until one said so."""

    limit: int | None = None
    remaining: int | None = None
    resets_at: float | None = None
    resource: str | None = None
