"""Why the store says no. Each host puts it in its own words and status codes."""

from __future__ import annotations

from enum import Enum, auto


class Why(Enum):
    """The reasons, in neutral words."""

    NOT_FOUND = auto()
    NAME_TAKEN = auto()
    BAD_NAME = auto()
    NO_COMMITS = auto()
    PULL_EXISTS = auto()
    SOURCE_MISSING = auto()
    TARGET_MISSING = auto()
    UNRELATED = auto()
    CLOSED = auto()
    MERGED = auto()
    DRAFT = auto()
    CONFLICTS = auto()
    BEHIND = auto()
    REVIEWS_MISSING = auto()
    CHANGES_REQUESTED = auto()
    CHECKS_MISSING = auto()
    HEAD_MOVED = auto()
    METHOD_NOT_ALLOWED = auto()
    UP_TO_DATE = auto()
    NOT_FAST_FORWARD = auto()
    FILE_NOT_IN_DIFF = auto()
    LINE_NOT_IN_DIFF = auto()
    START_NOT_IN_DIFF = auto()
    START_NOT_BEFORE_END = auto()
    COMMIT_NOT_IN_PULL = auto()
    BODY_MISSING = auto()
    OWN_PULL = auto()
    PENDING_EXISTS = auto()
    NOT_PENDING = auto()
    NOT_DISMISSABLE = auto()
    NOTHING_TO_WAIT_FOR = auto()
    NOT_A_MEMBER = auto()


class Refused(Exception):
    """The store's no. `facts` are values that a host's message may want (a branch name, a number, …)."""

    def __init__(self, why: Why, **facts: object) -> None:
        super().__init__(why.name.lower().replace("_", " "))
        self.why = why
        self.facts = facts
