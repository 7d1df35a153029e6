"""Sets of abilities that belong together, for whoever does not want to name each. Pure.

None of them deletes a pull request, a comment or a branch, writes code or changes the settings of a repository: what is
needed for that is asked for by name.
"""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.capabilities import Can

#: To see pull requests, and what is about them.
READ: frozenset[Can] = frozenset(
    {
        Can.READ,
        Can.WHOAMI,
        Can.FIND_BY_COMMIT,
        Can.SEARCH,
        Can.INBOX_AUTHOR,
        Can.INBOX_REVIEWER,
        Can.INBOX_ASSIGNEE,
        Can.TIMELINE,
        Can.TEMPLATES,
        Can.FILES,
        Can.DIFF,
        Can.CONTENT,
        Can.COMPARE,
        Can.CHECKS,
        Can.BRANCHES,
        Can.RATE_BUDGET,
    }
)
#: To review those of others. On GitHub, to resolve a conversation takes the right to write code, as `MERGE` does.
REVIEW: frozenset[Can] = READ | {
    Can.COMMENT,
    Can.COMMENT_INLINE,
    Can.COMMENT_OLD_SIDE,
    Can.COMMENT_RANGE,
    Can.COMMENT_FILE,
    Can.COMMENT_OUTSIDE_HUNKS,
    Can.COMMENT_OLD_COMMIT,
    Can.REPLY,
    Can.EDIT_COMMENT,
    Can.REACT,
    Can.SUGGEST,
    Can.APPROVE,
    Can.WITHDRAW,
    Can.REQUEST_CHANGES,
    Can.PENDING_REVIEW,
    Can.BATCH_REVIEW,
    Can.VIEWED_FILES,
    Can.TASKS,
}
#: To open one's own, and to answer what is said of them.
AUTHOR: frozenset[Can] = READ | {
    Can.CREATE,
    Can.CROSS_FORK,
    Can.DRAFTS,
    Can.EDIT,
    Can.RETARGET,
    Can.CLOSE,
    Can.REOPEN,
    Can.SUBSCRIBE,
    Can.REVIEWERS,
    Can.TEAM_REVIEWERS,
    Can.ASSIGNEES,
    Can.LABELS,
    Can.MILESTONES,
    Can.COMMENT,
    Can.COMMENT_INLINE,
    Can.REPLY,
    Can.EDIT_COMMENT,
    Can.REACT,
    Can.TASKS,
}
#: To bring them in.
MERGE: frozenset[Can] = READ | {
    Can.MERGE,
    Can.CHOOSE_MERGE_METHOD,
    Can.HEAD_GUARD,
    Can.AUTO_MERGE,
    Can.MERGE_QUEUE,
    Can.DELETE_SOURCE,
    Can.RESOLVE,
}

#: By the names that a command line or a settings page has for them.
PROFILES: Mapping[str, frozenset[Can]] = {"read": READ, "review": REVIEW, "author": AUTHOR, "merge": MERGE}
