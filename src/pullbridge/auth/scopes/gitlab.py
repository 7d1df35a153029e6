"""GitLab: the scopes of OAuth and of access tokens, and the permissions of fine-grained ones. A table, pure.

Scopes: https://docs.gitlab.com/user/profile/personal_access_tokens/#personal-access-token-scopes
Permissions: https://docs.gitlab.com/auth/tokens/fine_grained_access_tokens/
"""

from __future__ import annotations

from pullbridge.auth.scopes.table import NOTHING, Need, Never, Scopes, Table, Vocabulary, either, takes
from pullbridge.capabilities import Can

NEVER = {
    # https://docs.gitlab.com/user/project/merge_requests/changes/#mark-files-as-viewed
    Can.VIEWED_FILES: Never(
        reason="GitLab keeps what was viewed in the browser alone", instead="keep it in the editor"
    ),
    Can.MERGE_STACKED: Never(
        reason="GitLab has no stacked merge requests on the server", instead="merge them one by one"
    ),
    # https://docs.gitlab.com/api/merge_request_approvals/#reset-approvals-for-a-merge-request
    Can.DISMISS: Never(
        reason="on GitLab only a bot can take back the approvals of others, and only all of them",
        instead="ask the reviewer to take it back",
    ),
    # https://docs.gitlab.com/api/draft_notes/: drafts go up together, with no word of what became of each
    Can.BATCH_REVIEW: Never(
        reason="GitLab takes the comments, the text and the verdict of a review one by one, each with its answer"
    ),
    Can.TEAM_REVIEWERS: Never(
        reason="on GitLab a group reviews by an approval rule, and cannot be asked", instead="ask its members"
    ),
    Can.TASKS: Never(
        reason="check boxes in a description are a part of its text, and have neither a name nor an author of their own",
        instead="edit the body",
    ),
    Can.WEBHOOKS: Never(
        reason="webhooks are set up by whoever administers the project, not by this library",
        instead="use its settings",
    ),
}

_FREE = (Can.HEAD_GUARD, Can.RATE_BUDGET)
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
)
_READS_CODE = (Can.TEMPLATES, Can.CONTENT, Can.COMPARE, Can.BRANCHES)
_READS_CHECKS = (Can.CHECKS, Can.REQUIRED_CHECKS)
_TALKS = (
    Can.CREATE,
    Can.CROSS_FORK,
    Can.COMMENT,
    Can.COMMENT_INLINE,
    Can.COMMENT_OLD_SIDE,
    Can.COMMENT_RANGE,
    Can.COMMENT_FILE,
    Can.COMMENT_OUTSIDE_HUNKS,
    Can.COMMENT_OLD_COMMIT,
    Can.REPLY,
    Can.SUGGEST,
    Can.PENDING_REVIEW,
)
_EDITS = (
    Can.DRAFTS,
    Can.EDIT,
    Can.RETARGET,
    Can.CLOSE,
    Can.REOPEN,
    Can.LOCK,
    Can.SUBSCRIBE,
    Can.ASSIGNEES,
    Can.LABELS,
    Can.MILESTONES,
    Can.EDIT_COMMENT,
    Can.RESOLVE,
    Can.REVIEWERS,
)
_APPROVES = (Can.APPROVE, Can.WITHDRAW, Can.REQUEST_CHANGES)
#: The source branch is deleted by the merge, which takes no permission for branches.
_MERGES = (Can.MERGE, Can.CHOOSE_MERGE_METHOD, Can.AUTO_MERGE, Can.MERGE_QUEUE, Can.DELETE_SOURCE)
_PUSHES = (Can.UPDATE_BRANCH, Can.APPLY_SUGGESTION)
_DELETES = (Can.DELETE_PULL, Can.DELETE_COMMENT)
_REST = (Can.REACT, Can.REPORT_CHECK, Can.DELETE_BRANCH, Can.FORK)

#: Whoever signs a request needs the scope for reading, even of what is public.
_CLASSIC = {
    **dict.fromkeys(_FREE, NOTHING),
    **dict.fromkeys((*_READS, *_READS_CODE, *_READS_CHECKS, Can.FORKS, Can.REQUIRED_APPROVALS), takes("read_api")),
    # https://docs.gitlab.com/user/profile/personal_access_tokens/#personal-access-token-scopes (read_repository: files)
    Can.CONTENT: either("read_repository", "read_api"),
    Can.WHOAMI: takes("read_user"),
    **dict.fromkeys((*_TALKS, *_EDITS, *_APPROVES, *_MERGES, *_PUSHES, *_DELETES, *_REST), takes("api")),
}
#: Each action is a permission of its own. Which ones the reading of people, reactions, rebases and suggestions take is
#: documented nowhere that is known here.
_FINE: dict[Can, Need] = {
    **dict.fromkeys(_FREE, NOTHING),
    **dict.fromkeys(_READS, takes("merge_request:read")),
    **dict.fromkeys(_READS_CODE, takes("repository:read")),
    **dict.fromkeys(_READS_CHECKS, takes("pipeline:read", "job:read")),
    Can.REQUIRED_APPROVALS: takes("merge_request_approval_state:read"),
    Can.WHOAMI: takes("user:read"),
    Can.FORKS: takes("project:read"),
    **dict.fromkeys(_TALKS, takes("merge_request:create")),
    **dict.fromkeys(_EDITS, takes("merge_request:update")),
    **dict.fromkeys(_APPROVES, takes("merge_request:approve")),
    **dict.fromkeys(_MERGES, takes("merge_request:merge")),
    **dict.fromkeys(_PUSHES, takes("repository:update")),
    **dict.fromkeys(_DELETES, takes("merge_request:delete")),
    Can.REACT: takes("award_emoji:create"),
    Can.REPORT_CHECK: takes("commit_status:create"),
    Can.DELETE_BRANCH: takes("branch:delete"),
    Can.FORK: takes("project:create"),
}
_INCLUDED: dict[str, Scopes] = {
    "api": ("read_api", "read_user", "read_repository", "write_repository", "read_registry", "write_registry"),
    # Files of a repository are read by the API with either.
    "read_api": ("read_user",),
}
_ALL_ELSE = "GitLab has no scope below it that writes anything by the API"
_MEANS = {
    "read_api": "Reads everything that you can read, by the API: projects, merge requests, pipelines",
    "read_user": "Reads your profile: name, user name, e-mail address",
    "read_repository": "Reads the code of private projects, by git and as files",
    "api": f"Reads and changes everything that you can, by the API. {_ALL_ELSE}",
    "merge_request:read": "Reads merge requests, with their discussions",
    "merge_request:create": "Opens merge requests, and writes comments",
    "merge_request:update": "Changes merge requests and comments",
    "merge_request:approve": "Approves merge requests, and takes approvals back",
    "merge_request:merge": "Merges merge requests",
    "merge_request:delete": "Deletes merge requests and comments",
    "merge_request_approval_state:read": "Reads which approvals are required",
    "repository:read": "Reads code, commits and branches",
    "repository:update": "Changes code and branches",
    "branch:delete": "Deletes branches",
    "pipeline:read": "Reads pipelines",
    "job:read": "Reads the jobs of pipelines",
    "user:read": "Reads your profile",
    "award_emoji:create": "Adds reactions",
    "commit_status:create": "Reports the status of commits",
    "project:read": "Reads projects and their forks",
    "project:create": "Makes projects, such as forks",
}


def _scopes(called: str) -> Vocabulary:
    return Vocabulary(called=called, needs=_CLASSIC, includes=lambda scope: _INCLUDED.get(scope, ()), means=_MEANS)


_PERSONAL = _scopes("a token with classic scopes")

TABLE = Table(
    kind="gitlab",
    name="GitLab",
    never=NEVER,
    kinds={
        "oauth": _PERSONAL,
        "classic-token": _PERSONAL,
        "access-token": _PERSONAL,
        "fine-grained": Vocabulary(called="a fine-grained token", needs=_FINE, means=_MEANS),
    },
)
