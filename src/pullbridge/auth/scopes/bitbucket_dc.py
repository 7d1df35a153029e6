"""Bitbucket Data Center: the scopes of OAuth, and the permissions of HTTP access tokens. A table, pure.

Scopes: https://confluence.atlassian.com/bitbucketserver/oauth-2-0-scopes-for-incoming-links-1115666709.html
Tokens: https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html
What each operation takes: https://developer.atlassian.com/server/bitbucket/rest/v902/
"""

from __future__ import annotations

from pullbridge.auth.scopes.table import NOTHING, Never, Scopes, Table, Vocabulary, takes
from pullbridge.capabilities import Can

NEVER = {
    Can.SEARCH: Never(
        reason="Data Center searches the pull requests of one repository at a time",
        instead="repository(path).pulls.list(text=…)",
    ),
    Can.INBOX_ASSIGNEE: Never(
        reason="pull requests have no assignees on Data Center", instead="ask for what I am to review"
    ),
    # https://jira.atlassian.com/browse/BSERV-8663
    Can.TEMPLATES: Never(
        reason="Data Center's REST does not tell the texts for new pull requests",
        instead="keep one in the repository",
    ),
    Can.REQUIRED_APPROVALS: Never(
        reason="Data Center tells of missing approvals only why it does not merge", instead="mergeability(n)"
    ),
    Can.LOCK: Never(reason="conversations cannot be locked on Data Center"),
    Can.VIEWED_FILES: Never(
        reason="Data Center's REST does not tell which files were viewed", instead="keep it in the editor"
    ),
    Can.ASSIGNEES: Never(reason="pull requests have no assignees on Data Center", instead="ask for a review"),
    Can.LABELS: Never(reason="only repositories have labels on Data Center", instead="write it in the title"),
    Can.MILESTONES: Never(reason="Data Center has no milestones", instead="write it in the description"),
    Can.MERGE_QUEUE: Never(reason="Data Center has no merge queue", instead="merge(n, when_ready=True)"),
    Can.MERGE_STACKED: Never(reason="Data Center has no stacked pull requests", instead="merge them one by one"),
    # "CONTEXT, for a line that was unmodified but is in the vicinity of the diff": ten lines around each change.
    Can.COMMENT_OUTSIDE_HUNKS: Never(
        reason="Data Center takes comments on the lines that its diff shows",
        instead="comment on the nearest one, or on the file",
    ),
    Can.DISMISS: Never(
        reason="nobody can take back the verdict of somebody else on Data Center", instead="ask the reviewer to"
    ),
    Can.BATCH_REVIEW: Never(reason="Data Center takes the comments of a review one by one, each with its answer"),
    Can.WEBHOOKS: Never(
        reason="webhooks are set up by whoever administers the repository, not by this library",
        instead="use its settings",
    ),
}

READ, WRITE, ADMIN = "REPO_READ", "REPO_WRITE", "REPO_ADMIN"
PUBLIC = "PUBLIC_REPOS"

_READS = (
    Can.READ,
    Can.FIND_BY_COMMIT,
    Can.TIMELINE,
    Can.FILES,
    Can.DIFF,
    Can.CONTENT,
    Can.COMPARE,
    Can.BRANCHES,
    Can.FORKS,
    Can.CHECKS,
    Can.REQUIRED_CHECKS,
)
#: "Create and comment on pull requests", and fork: all of it comes with reading.
_TALKS = (
    Can.CREATE,
    Can.CROSS_FORK,
    Can.CLOSE,
    Can.REOPEN,
    Can.SUBSCRIBE,
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
    Can.REACT,
    Can.SUGGEST,
    Can.APPROVE,
    Can.WITHDRAW,
    Can.REQUEST_CHANGES,
    Can.PENDING_REVIEW,
    Can.REPORT_CHECK,
    Can.TASKS,
    Can.FORK,
)
_EDITS = (Can.EDIT, Can.RETARGET, Can.DRAFTS, Can.REVIEWERS, Can.TEAM_REVIEWERS)
_MERGES = (
    Can.MERGE,
    Can.CHOOSE_MERGE_METHOD,
    Can.AUTO_MERGE,
    Can.UPDATE_BRANCH,
    Can.DELETE_SOURCE,
    Can.APPLY_SUGGESTION,
    Can.DELETE_BRANCH,
)
_NEEDS = {
    **dict.fromkeys((Can.HEAD_GUARD, Can.RATE_BUDGET), NOTHING),
    Can.WHOAMI: takes(PUBLIC),
    **dict.fromkeys((*_READS, Can.INBOX_AUTHOR, Can.INBOX_REVIEWER, *_TALKS), takes(READ)),
    # Its author may with the permission to read; whether a token that is limited to that may, is documented nowhere.
    **dict.fromkeys(_EDITS, takes(WRITE, perhaps=(READ,))),
    **dict.fromkeys(_MERGES, takes(WRITE)),
    Can.DELETE_PULL: takes(ADMIN, perhaps=(READ,)),
}

#: A link of OAuth that nothing is ticked for has PUBLIC_REPOS; an HTTP access token has no lesser permission than reading.
_FREE = (Can.HEAD_GUARD, Can.RATE_BUDGET, Can.WHOAMI)
_INCLUDED: dict[str, Scopes] = {
    READ: (PUBLIC,),
    WRITE: (READ,),
    ADMIN: (WRITE,),
    "PROJECT_ADMIN": (ADMIN,),
    "ADMIN_WRITE": ("PROJECT_ADMIN",),
    "SYSTEM_ADMIN": ("ADMIN_WRITE",),
}
_MEANS = {
    PUBLIC: "Reads what is public",
    READ: "Reads all repositories that you can read; opens, comments on and reviews pull requests",
    WRITE: "Writes to all repositories that you can write to: pushes code, changes and merges pull requests",
    ADMIN: "Administers repositories that you administer: their settings too, and deletes pull requests",
}


def _includes(scope: str) -> Scopes:
    return _INCLUDED.get(scope, ())


TABLE = Table(
    kind="bitbucket-dc",
    name="Bitbucket Data Center",
    never=NEVER,
    kinds={
        "oauth": Vocabulary(
            called="an OAuth token",
            needs=_NEEDS,
            public=dict.fromkeys(_READS, takes(PUBLIC)),
            includes=_includes,
            means=_MEANS,
        ),
        "access-token": Vocabulary(
            called="an HTTP access token",
            needs={**_NEEDS, **dict.fromkeys(_FREE, NOTHING)},
            public=dict.fromkeys(_READS, NOTHING),
            includes=_includes,
            means=_MEANS,
        ),
    },
)
