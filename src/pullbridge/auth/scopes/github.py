"""GitHub: classic scopes, and the permissions of fine-grained tokens and apps. A table, pure.

Scopes: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
Permissions: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
"""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.auth.scopes.table import NOTHING, Need, Never, Scopes, Table, Vocabulary, cannot, either, takes
from pullbridge.capabilities import Can

NEVER = {
    Can.DELETE_PULL: Never(reason="GitHub does not delete pull requests", instead="close it"),
    Can.COMMENT_OUTSIDE_HUNKS: Never(
        reason="GitHub takes comments only on lines that the diff shows",
        instead="comment on the nearest line, or on the file",
    ),
    Can.TASKS: Never(reason="GitHub has no tasks on pull requests", instead="use check boxes in the body"),
    Can.WEBHOOKS: Never(
        reason="webhooks are set up by whoever administers the repository, not by this library",
        instead="use its settings",
    ),
}

#: What takes no scope and no permission of anybody.
_FREE = (Can.WHOAMI, Can.HEAD_GUARD, Can.RATE_BUDGET)
_READS = (
    Can.READ,
    Can.SEARCH,
    Can.INBOX_AUTHOR,
    Can.INBOX_REVIEWER,
    Can.INBOX_ASSIGNEE,
    Can.FIND_BY_COMMIT,
    Can.TIMELINE,
    Can.FILES,
    Can.DIFF,
    Can.REQUIRED_APPROVALS,
)
_READS_CODE = (Can.TEMPLATES, Can.CONTENT, Can.COMPARE, Can.BRANCHES)
_READS_CHECKS = (Can.CHECKS, Can.REQUIRED_CHECKS)
_TALKS = (
    Can.CREATE,
    Can.CROSS_FORK,
    Can.DRAFTS,
    Can.EDIT,
    Can.RETARGET,
    Can.CLOSE,
    Can.REOPEN,
    Can.LOCK,
    Can.SUBSCRIBE,
    Can.VIEWED_FILES,
    Can.ASSIGNEES,
    Can.LABELS,
    Can.MILESTONES,
    Can.COMMENT,
    Can.COMMENT_INLINE,
    Can.COMMENT_OLD_SIDE,
    Can.COMMENT_RANGE,
    Can.COMMENT_FILE,
    Can.COMMENT_OLD_COMMIT,
    Can.REPLY,
    Can.EDIT_COMMENT,
    Can.DELETE_COMMENT,
    Can.SUGGEST,
    Can.REACT,
    Can.APPROVE,
    Can.REQUEST_CHANGES,
    Can.BATCH_REVIEW,
    Can.PENDING_REVIEW,
    Can.WITHDRAW,
    Can.DISMISS,
    Can.REVIEWERS,
    Can.TEAM_REVIEWERS,
)
#: A merge is a change of the contents: it takes no permission for pull requests.
_PUSHES = (
    Can.MERGE,
    Can.CHOOSE_MERGE_METHOD,
    Can.MERGE_STACKED,
    Can.DELETE_SOURCE,
    Can.APPLY_SUGGESTION,
    Can.DELETE_BRANCH,
)
#: Reported by users of fine-grained tokens and apps: https://github.com/orgs/community/discussions/44650
_TAKES_BOTH = (Can.AUTO_MERGE, Can.MERGE_QUEUE, Can.UPDATE_BRANCH, Can.RESOLVE)
_WRITES = (*_TALKS, *_PUSHES, *_TAKES_BOTH, Can.FORK)

PULLS_READ = "pull_requests:read"
_PULLS_WRITE, _CONTENTS_READ, _CONTENTS_WRITE = "pull_requests:write", "contents:read", "contents:write"
_FREELY = dict.fromkeys((*_READS, *_READS_CODE, *_READS_CHECKS, Can.FORKS), NOTHING)

#: No classic scope reads private repositories only.
_CLASSIC = {
    **dict.fromkeys(_FREE, NOTHING),
    **dict.fromkeys((*_READS, *_READS_CODE, *_READS_CHECKS, Can.FORKS, *_WRITES), takes("repo")),
    Can.REPORT_CHECK: either("repo:status", "repo"),
}
_CLASSIC_PUBLIC = {
    **_FREELY,
    **dict.fromkeys(_WRITES, takes("public_repo")),
    Can.REPORT_CHECK: either("repo:status", "public_repo"),
}


def _permissions(checks: Need) -> dict[Can, Need]:
    return {
        **dict.fromkeys((*_FREE, Can.FORKS), NOTHING),
        **dict.fromkeys(_READS, takes(PULLS_READ)),
        **dict.fromkeys(_READS_CODE, takes(_CONTENTS_READ)),
        **dict.fromkeys(_READS_CHECKS, checks),
        **dict.fromkeys(_TALKS, takes(_PULLS_WRITE)),
        **dict.fromkeys(_PUSHES, takes(_CONTENTS_WRITE)),
        **dict.fromkeys(_TAKES_BOTH, takes(_CONTENTS_WRITE, _PULLS_WRITE)),
        Can.REPORT_CHECK: takes("statuses:write"),
        Can.FORK: takes("administration:write", _CONTENTS_READ),
    }


_INCLUDED: dict[str, Scopes] = {
    "repo": ("public_repo", "repo:status", "repo_deployment", "repo:invite", "security_events"),
    "user": ("read:user", "user:email", "user:follow"),
    "admin:org": ("write:org",),
    "write:org": ("read:org",),
    "admin:repo_hook": ("write:repo_hook",),
    "write:repo_hook": ("read:repo_hook",),
}
_LEVELS = ("read", "write", "admin")


def _lesser_levels(permission: str) -> Iterable[str]:
    """A level of a permission includes the ones below it."""
    name, _, level = permission.rpartition(":")
    return (f"{name}:{each}" for each in _LEVELS[: _LEVELS.index(level)]) if level in _LEVELS else ()


_MEANS = {
    "repo": "Reads and changes all repositories that you can reach, private ones too: code, pull requests, checks, "
    "settings. GitHub has no narrower classic scope for private repositories, not even for reading",
    "public_repo": "Reads and changes public repositories that you can reach: code, pull requests, checks",
    "repo:status": "Reads and writes the statuses of commits, without access to code",
    "pull_requests:read": "Reads pull requests, with their reviews and comments",
    "pull_requests:write": "Reads and writes pull requests, with their reviews and comments, and cannot merge them",
    "contents:read": "Reads code, commits and branches",
    "contents:write": "Reads and writes code, commits and branches; a merge is a change of the code for GitHub",
    "checks:read": "Reads the results of checks",
    "statuses:read": "Reads the statuses of commits",
    "statuses:write": "Reads and writes the statuses of commits",
    "administration:write": "Changes the settings of repositories, and makes new ones, such as forks",
    "metadata:read": "Reads the names and the visibility of repositories; it comes with every other permission",
}
_CLASSIC_WORDS = Vocabulary(
    called="a token with classic scopes",
    needs=_CLASSIC,
    public=_CLASSIC_PUBLIC,
    includes=lambda scope: _INCLUDED.get(scope, ()),
    means=_MEANS,
)
_APP_WORDS = Vocabulary(
    called="a GitHub App's token",
    needs=_permissions(takes("checks:read", "statuses:read")),
    public=_FREELY,
    includes=_lesser_levels,
    means=_MEANS,
    beside=("metadata:read",),
)
#: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens has no
#: permission for check runs, and the field that has them with the statuses is refused as a whole.
_FINE_WORDS = Vocabulary(
    called="a fine-grained token",
    needs=_permissions(cannot("GitHub has no permission for fine-grained tokens to read check runs")),
    public=_FREELY,
    includes=_lesser_levels,
    means=_MEANS,
    beside=("metadata:read",),
)

TABLE = Table(
    kind="github",
    name="GitHub",
    never=NEVER,
    kinds={
        "oauth": _CLASSIC_WORDS,
        "classic-token": _CLASSIC_WORDS,
        "github-app": _APP_WORDS,
        "fine-grained": _FINE_WORDS,
    },
)
