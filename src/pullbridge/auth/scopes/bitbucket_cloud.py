"""Bitbucket Cloud: the scopes of OAuth and of access tokens, and those of API tokens. A table, pure.

Scopes: https://developer.atlassian.com/cloud/bitbucket/bitbucket-cloud-rest-api-scopes/, and which of them each operation
takes: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/; those of API tokens:
https://support.atlassian.com/bitbucket-cloud/docs/api-token-permissions/
"""

from __future__ import annotations

from dataclasses import replace

from pullbridge.auth.scopes.table import NOTHING, Need, Never, Scopes, Table, Vocabulary, takes
from pullbridge.capabilities import Can

_NO_ISSUES = "pull requests of Bitbucket Cloud have no {}"

NEVER = {
    Can.SEARCH: Never(
        reason="Bitbucket Cloud searches code, and no pull requests",
        instead="list the pull requests of a repository, with `text`",
    ),
    Can.INBOX_ASSIGNEE: Never(reason=_NO_ISSUES.format("assignees")),
    # https://support.atlassian.com/bitbucket-cloud/docs/pull-request-and-merge-settings/
    Can.TEMPLATES: Never(
        reason="the one default description is a setting of the repository, which the API does not show",
        instead="look at the repository's settings",
    ),
    Can.REOPEN: Never(
        reason="what is declined stays so on Bitbucket Cloud", instead="open a new one from the same branch"
    ),
    Can.DELETE_PULL: Never(reason="Bitbucket Cloud never deletes a pull request", instead="close it"),
    Can.LOCK: Never(reason="Bitbucket Cloud does not lock conversations"),
    Can.SUBSCRIBE: Never(reason="who watches a pull request is not part of the API", instead="use the web page"),
    Can.VIEWED_FILES: Never(reason="what was viewed is not part of the API", instead="keep it in the editor"),
    Can.ASSIGNEES: Never(reason=_NO_ISSUES.format("assignees"), instead="ask for a review"),
    Can.LABELS: Never(reason=_NO_ISSUES.format("labels")),
    Can.MILESTONES: Never(reason=_NO_ISSUES.format("milestones")),
    Can.HEAD_GUARD: Never(
        reason="Bitbucket Cloud merges whatever the head is; it is compared immediately before, and a push in between is merged",
    ),
    Can.AUTO_MERGE: Never(
        reason="waiting to merge is not part of the API", instead="merge when the checks have passed"
    ),
    Can.MERGE_QUEUE: Never(reason="Bitbucket Cloud's API has no merge queue"),
    Can.MERGE_STACKED: Never(reason="Bitbucket Cloud has no stacked pull requests", instead="merge them one by one"),
    Can.UPDATE_BRANCH: Never(
        reason="the API does not bring the destination into the source", instead="merge or rebase it with git"
    ),
    Can.COMMENT_OLD_COMMIT: Never(
        reason="a comment always hangs on the newest diff", instead="carry it to the new head"
    ),
    Can.REACT: Never(reason="reactions are not part of the API", instead="reply"),
    Can.DISMISS: Never(reason="only who has given a verdict can take it back", instead="ask the reviewer"),
    Can.BATCH_REVIEW: Never(reason="Bitbucket takes the comments, the text and the verdict of a review one by one"),
    Can.TEAM_REVIEWERS: Never(reason="only people can be asked for a review by the API", instead="ask its members"),
    Can.WEBHOOKS: Never(reason="webhooks are set up by whoever administers the repository", instead="use its settings"),
}

_READS = (Can.READ, Can.FIND_BY_COMMIT, Can.TIMELINE, Can.CHECKS)
_READS_CODE = (Can.CONTENT, Can.COMPARE, Can.BRANCHES, Can.FORKS)
_READS_CHANGES = (Can.FILES, Can.DIFF)
#: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-branch-restrictions/
_READS_RULES = (Can.REQUIRED_CHECKS, Can.REQUIRED_APPROVALS)
_TALKS = (
    Can.COMMENT,
    Can.COMMENT_INLINE,
    Can.COMMENT_OLD_SIDE,
    Can.COMMENT_RANGE,
    Can.COMMENT_FILE,
    Can.COMMENT_OUTSIDE_HUNKS,
    Can.REPLY,
    Can.EDIT_COMMENT,
    Can.DELETE_COMMENT,
    Can.RESOLVE,
    Can.TASKS,
    Can.SUGGEST,
    Can.PENDING_REVIEW,
)
_WRITES = (
    Can.CREATE,
    Can.CROSS_FORK,
    Can.DRAFTS,
    Can.EDIT,
    Can.RETARGET,
    Can.CLOSE,
    Can.MERGE,
    Can.CHOOSE_MERGE_METHOD,
    # The merge does it.
    Can.DELETE_SOURCE,
    Can.APPROVE,
    Can.WITHDRAW,
    Can.REQUEST_CHANGES,
    Can.REVIEWERS,
)
_PUSHES = (Can.APPLY_SUGGESTION, Can.DELETE_BRANCH, Can.FORK)

#: Whoever signs a request needs the scope for reading, even of what is public.
_OAUTH: dict[Can, Need] = {
    Can.RATE_BUDGET: NOTHING,
    **dict.fromkeys(_READS, takes("pullrequest")),
    **dict.fromkeys(_READS_CODE, takes("repository")),
    **dict.fromkeys(_READS_CHANGES, takes("pullrequest", "repository")),
    **dict.fromkeys(_READS_RULES, takes("repository:admin")),
    Can.WHOAMI: takes("account"),
    Can.INBOX_AUTHOR: takes("pullrequest", "account"),
    Can.INBOX_REVIEWER: takes("pullrequest", "account", "repository"),
    # The API's description asks for no more than reading of whoever comments.
    **dict.fromkeys(_TALKS, takes("pullrequest")),
    **dict.fromkeys(_WRITES, takes("pullrequest:write")),
    **dict.fromkeys(_PUSHES, takes("repository:write")),
    Can.REPORT_CHECK: takes("repository"),
}
#: https://support.atlassian.com/bitbucket-cloud/docs/repository-access-token-permissions/ puts comments under writing,
#: and the API's description under reading.
_ACCESS = {**_OAUTH, **dict.fromkeys(_TALKS, takes("pullrequest:write", perhaps=("pullrequest",)))}

#: The scopes of an API token for what OAuth calls by one name. Who writes reads here, too, and no scope includes another.
GRANULAR: dict[str, Scopes] = {
    "account": ("read:user:bitbucket",),
    "pullrequest": ("read:pullrequest:bitbucket",),
    "pullrequest:write": ("read:pullrequest:bitbucket", "write:pullrequest:bitbucket"),
    "repository": ("read:repository:bitbucket",),
    "repository:write": ("write:repository:bitbucket",),
    "repository:admin": ("admin:repository:bitbucket",),
}


def _granular(need: Need) -> Need:
    return replace(
        need,
        any_of=tuple(tuple(dict.fromkeys(name for each in one for name in GRANULAR[each])) for one in need.any_of),
        perhaps=(),
    )


_API = {can: _granular(need) for can, need in {**_OAUTH, **dict.fromkeys(_TALKS, takes("pullrequest:write"))}.items()}

_INCLUDED: dict[str, Scopes] = {
    "pullrequest": ("repository",),
    # "This is necessary to allow merging": https://developer.atlassian.com/cloud/bitbucket/bitbucket-cloud-rest-api-scopes/
    "pullrequest:write": ("pullrequest", "repository:write"),
    "repository:write": ("repository",),
    "account:write": ("account",),
    "account": ("email",),
}
_MEANS = {
    "account": "Reads your account: name, identity, the workspaces that you are in",
    "pullrequest": "Reads pull requests and the code of their repositories, and writes comments and tasks",
    "pullrequest:write": "Reads, opens, changes, approves and merges pull requests, and writes to their repositories",
    "repository": "Reads code, commits and branches",
    "repository:write": "Reads and writes code, commits and branches, and makes forks",
    "repository:admin": "Administers repositories: Bitbucket shows the rules of branches to administrators only",
    "read:user:bitbucket": "Reads your account: name, identity",
    "read:pullrequest:bitbucket": "Reads pull requests, with their comments",
    "write:pullrequest:bitbucket": "Opens, changes, comments on, approves and merges pull requests",
    "read:repository:bitbucket": "Reads code, commits and branches",
    "write:repository:bitbucket": "Writes code, commits and branches, and makes forks",
    "admin:repository:bitbucket": "Administers repositories: Bitbucket shows the rules of branches to administrators only",
}


def _includes(scope: str) -> Scopes:
    return _INCLUDED.get(scope, ())


TABLE = Table(
    kind="bitbucket-cloud",
    name="Bitbucket Cloud",
    never=NEVER,
    kinds={
        "oauth": Vocabulary(called="an OAuth consumer's token", needs=_OAUTH, includes=_includes, means=_MEANS),
        "access-token": Vocabulary(called="an access token", needs=_ACCESS, includes=_includes, means=_MEANS),
        "api-token": Vocabulary(called="an API token", needs=_API, means=_MEANS),
    },
)
