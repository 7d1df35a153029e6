"""What an ability is, in words that continue "the application wants to …". Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pullbridge.capabilities import Can

_WORDS: Mapping[str, tuple[Can, ...]] = {
    "read pull requests": (Can.READ, Can.FIND_BY_COMMIT, Can.TIMELINE, Can.TEMPLATES, Can.REQUIRED_APPROVALS),
    "know who you are": (Can.WHOAMI,),
    "find your pull requests": (Can.SEARCH, Can.INBOX_AUTHOR, Can.INBOX_REVIEWER, Can.INBOX_ASSIGNEE),
    "read changed files and code": (Can.FILES, Can.DIFF, Can.CONTENT, Can.COMPARE, Can.BRANCHES, Can.FORKS),
    "read checks": (Can.CHECKS, Can.REQUIRED_CHECKS),
    "open pull requests": (Can.CREATE, Can.CROSS_FORK),
    "edit pull requests": (Can.EDIT, Can.RETARGET, Can.DRAFTS, Can.LABELS, Can.MILESTONES, Can.ASSIGNEES),
    "close and reopen them": (Can.CLOSE, Can.REOPEN),
    "ask for reviews": (Can.REVIEWERS, Can.TEAM_REVIEWERS),
    "comment": (
        Can.COMMENT,
        Can.COMMENT_INLINE,
        Can.COMMENT_OLD_SIDE,
        Can.COMMENT_RANGE,
        Can.COMMENT_FILE,
        Can.COMMENT_OUTSIDE_HUNKS,
        Can.COMMENT_OLD_COMMIT,
        Can.REPLY,
        Can.EDIT_COMMENT,
        Can.SUGGEST,
        Can.TASKS,
    ),
    "react": (Can.REACT,),
    "delete comments": (Can.DELETE_COMMENT,),
    "resolve conversations": (Can.RESOLVE,),
    "review and approve": (Can.APPROVE, Can.WITHDRAW, Can.REQUEST_CHANGES, Can.PENDING_REVIEW, Can.BATCH_REVIEW),
    "dismiss reviews": (Can.DISMISS,),
    "mark files as viewed": (Can.VIEWED_FILES,),
    "watch pull requests": (Can.SUBSCRIBE,),
    "lock conversations": (Can.LOCK,),
    "merge": (
        Can.MERGE,
        Can.CHOOSE_MERGE_METHOD,
        Can.HEAD_GUARD,
        Can.AUTO_MERGE,
        Can.MERGE_QUEUE,
        Can.MERGE_STACKED,
    ),
    "delete merged branches": (Can.DELETE_SOURCE,),
    "update branches": (Can.UPDATE_BRANCH,),
    "apply suggestions": (Can.APPLY_SUGGESTION,),
    "delete branches": (Can.DELETE_BRANCH,),
    "delete pull requests": (Can.DELETE_PULL,),
    "report checks": (Can.REPORT_CHECK,),
    "fork": (Can.FORK,),
    "see the rate limit": (Can.RATE_BUDGET,),
    "set up webhooks": (Can.WEBHOOKS,),
}
PHRASES: Mapping[Can, str] = {can: words for words, abilities in _WORDS.items() for can in abilities}


def said(abilities: Iterable[Can]) -> str:
    """All of these, each phrase once, in the order of the table."""
    wanted = set(abilities)
    return ", ".join(words for words, each in _WORDS.items() if not wanted.isdisjoint(each))
