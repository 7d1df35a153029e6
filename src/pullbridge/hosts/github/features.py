"""What can be done on this GitHub, with this credential, in this repository, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from pullbridge.capabilities import YES, Answer, Can, Capabilities, Limits, no, unknown
from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.errors import lacks

#: https://docs.github.com/en/rest/pulls (sizes); https://docs.github.com/en/search-github (search)
LIMITS = Limits(body=65_536, title=256, files=3_000, commits=250, search_results=1_000, reviewers=15)

#: What the host itself has no way of doing.
_NEVER = {
    Can.DELETE_PULL: no("GitHub does not delete pull requests", "close it"),
    Can.COMMENT_OUTSIDE_HUNKS: no(
        "GitHub takes comments only on lines that the diff shows", "comment on the nearest line, or on the file"
    ),
    Can.TASKS: no("GitHub has no tasks on pull requests", "use check boxes in the body"),
}
_WRITES = (
    Can.CREATE,
    Can.DRAFTS,
    Can.EDIT,
    Can.RETARGET,
    Can.CLOSE,
    Can.REOPEN,
    Can.MERGE,
    Can.COMMENT,
    Can.COMMENT_INLINE,
    Can.COMMENT_OLD_SIDE,
    Can.COMMENT_RANGE,
    Can.COMMENT_FILE,
    Can.COMMENT_OLD_COMMIT,
    Can.REPLY,
    Can.EDIT_COMMENT,
    Can.DELETE_COMMENT,
    Can.RESOLVE,
    Can.APPROVE,
    Can.REQUEST_CHANGES,
    Can.BATCH_REVIEW,
    Can.REVIEWERS,
    Can.TEAM_REVIEWERS,
    Can.DELETE_SOURCE,
    Can.DELETE_BRANCH,
    Can.REPORT_CHECK,
    Can.AUTO_MERGE,
    Can.MERGE_QUEUE,
    Can.UPDATE_BRANCH,
    Can.LOCK,
    Can.SUBSCRIBE,
    Can.REACT,
    Can.APPLY_SUGGESTION,
    Can.WITHDRAW,
    Can.DISMISS,
    Can.PENDING_REVIEW,
    Can.VIEWED_FILES,
    Can.ASSIGNEES,
    Can.LABELS,
    Can.MILESTONES,
    Can.FORK,
)
_READS = (
    Can.READ,
    Can.WHOAMI,
    Can.FILES,
    Can.DIFF,
    Can.CONTENT,
    Can.COMPARE,
    Can.SEARCH,
    Can.INBOX_AUTHOR,
    Can.INBOX_REVIEWER,
    Can.INBOX_ASSIGNEE,
    Can.CHECKS,
    Can.REQUIRED_CHECKS,
    Can.BRANCHES,
    Can.HEAD_GUARD,
    Can.CHOOSE_MERGE_METHOD,
    Can.CROSS_FORK,
    Can.SUGGEST,
    Can.RATE_BUDGET,
    Can.FIND_BY_COMMIT,
    Can.TIMELINE,
    Can.TEMPLATES,
    Can.FORKS,
    Can.REQUIRED_APPROVALS,
)
_NEEDS_PUSH = (Can.MERGE, Can.DELETE_BRANCH, Can.DELETE_SOURCE, Can.REPORT_CHECK, Can.AUTO_MERGE, Can.LOCK, Can.DISMISS)
_MAY_PUSH = frozenset({"ADMIN", "MAINTAIN", "WRITE"})


class Features:
    """Learns from every answer; `capabilities` is what is known so far, without I/O."""

    def __init__(self, *, anonymous: bool, granted: Callable[[], tuple[str, ...] | None]) -> None:
        self._anonymous = anonymous
        self._granted = granted
        self._lock = Lock()
        self._permission: str | None = None
        self._private: bool | None = None

    def learn_repository(self, repository: payloads.GraphRepository[Any] | None) -> None:
        """My role and whether the repository is private, from an answer that has them."""
        if repository is not None:
            with self._lock:
                self._permission = repository.viewer_permission or self._permission
                self._private = repository.is_private if repository.is_private is not None else self._private

    @property
    def capabilities(self) -> Capabilities:
        granted = self._granted()
        answers = dict.fromkeys(_READS, YES) | dict.fromkeys(_WRITES, self._write(granted)) | _NEVER
        if self._permission is not None and self._permission not in _MAY_PUSH:
            role = self._permission.lower()
            refused = no(f"your role in this repository is {role}", "ask for the role `write`")
            answers |= {can: refused for can in _NEEDS_PUSH if answers[can].state is not refused.state}
        return Capabilities(answers, granted=granted)

    def _write(self, granted: tuple[str, ...] | None) -> Answer:
        """Whether the credential may write here at all. Only classic tokens tell what they were granted."""
        if self._anonymous:
            return no("nobody is signed in", "give a token")
        if granted is None:
            return unknown("this kind of token does not tell its permissions", "try; a refusal names what is missing")
        any_of = ("repo",) if self._private else ("repo", "public_repo")
        if lacks(granted, any_of):
            return no(f"the token has none of {', '.join(any_of)}", "grant it to the token", needed=any_of)
        return (
            YES if self._private is False or not lacks(granted, ("repo",)) else unknown("public or private?", "probe()")
        )
