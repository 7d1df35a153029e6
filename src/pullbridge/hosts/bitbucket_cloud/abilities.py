"""What each ability takes on Bitbucket Cloud: a right in the repository, scopes, somebody behind the credential. A table, pure.

Scopes: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (each operation's), and those of API
tokens: https://support.atlassian.com/bitbucket-cloud/docs/api-token-permissions/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from pullbridge.capabilities import Answer, AnswerState, Can, no, unknown


class Right(IntEnum):
    """What one may do in a repository. https://support.atlassian.com/bitbucket-cloud/docs/repository-permissions/"""

    NOBODY = 0
    READ = 10
    WRITE = 20
    ADMIN = 30

    @property
    def word(self) -> str:
        """As people call it."""
        return "no" if self is Right.NOBODY else self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one ability takes.

    `note` is what a yes has to add. `author`: with a lesser right, the author of the pull request may all the same.
    `everywhere`: of the whole host, and not of a repository. `person`: it is about whoever is behind the credential.
    `scopes` are those of OAuth and of access tokens, all of them; `tokens` those of API tokens, where they are others
    than `GRANULAR` says.
    """

    answer: Answer | None = None
    note: str = ""
    writes: bool = False
    everywhere: bool = False
    person: bool = False
    right: Right = Right.READ
    author: bool = False
    scopes: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


#: The scopes of an API token for what OAuth calls by one name; who writes reads here, too, and no scope includes another.
GRANULAR = {
    "account": ("read:user:bitbucket",),
    "pullrequest": ("read:pullrequest:bitbucket",),
    "pullrequest:write": ("read:pullrequest:bitbucket", "write:pullrequest:bitbucket"),
    "repository": ("read:repository:bitbucket",),
    "repository:write": ("write:repository:bitbucket",),
    "repository:admin": ("admin:repository:bitbucket",),
}


def _never(reason: str, remedy: str | None = None) -> Rule:
    return Rule(answer=no(reason, remedy))


_READ = Rule(scopes=("pullrequest",))
_CODE = Rule(scopes=("repository",))
_RULES = Rule(right=Right.ADMIN, scopes=("repository:admin",))
_MINE = Rule(everywhere=True, person=True, scopes=("pullrequest", "account"))
#: The API's description asks for no more than reading of whoever comments.
_TALK = Rule(writes=True, scopes=("pullrequest",), tokens=GRANULAR["pullrequest:write"])
_CHANGES = Rule(scopes=("pullrequest", "repository"))
_OPEN = Rule(writes=True, scopes=("pullrequest:write",))
_EDIT = replace(_OPEN, right=Right.WRITE, author=True)
_MERGE = replace(_OPEN, right=Right.WRITE)
_PUSH = Rule(writes=True, right=Right.WRITE, scopes=("repository:write",))
_NO_ISSUES = "pull requests of Bitbucket Cloud have no {}"

RULES: dict[Can, Rule] = {
    # Reading
    Can.READ: _READ,
    Can.WHOAMI: Rule(everywhere=True, person=True, scopes=("account",)),
    Can.SEARCH: _never(
        "Bitbucket Cloud searches code, and no pull requests", "list the pull requests of a repository, with `text`"
    ),
    Can.INBOX_AUTHOR: replace(_MINE, note="of the workspaces that you are a member of, with a request for each"),
    Can.INBOX_REVIEWER: replace(
        _MINE,
        scopes=("pullrequest", "account", "repository"),
        note="each of your repositories is asked, 200 at most, out of a thousand requests in an hour",
    ),
    Can.INBOX_ASSIGNEE: _never(_NO_ISSUES.format("assignees")),
    # https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (pull requests that contain a commit)
    Can.FIND_BY_COMMIT: _READ,
    Can.TIMELINE: _READ,
    # https://support.atlassian.com/bitbucket-cloud/docs/pull-request-and-merge-settings/
    Can.TEMPLATES: _never(
        "the one default description is a setting of the repository, which the API does not show",
        "look at the repository's settings",
    ),
    Can.FILES: _CHANGES,
    Can.DIFF: _CHANGES,
    Can.CONTENT: _CODE,
    Can.COMPARE: _CODE,
    Can.BRANCHES: _CODE,
    Can.FORKS: _CODE,
    Can.CHECKS: _READ,
    # https://developer.atlassian.com/cloud/bitbucket/rest/api-group-branch-restrictions/
    Can.REQUIRED_CHECKS: _RULES,
    Can.REQUIRED_APPROVALS: _RULES,
    # The pull request
    Can.CREATE: _OPEN,
    Can.CROSS_FORK: _OPEN,
    Can.DRAFTS: _EDIT,
    Can.EDIT: _EDIT,
    Can.RETARGET: _EDIT,
    Can.CLOSE: _EDIT,
    Can.REOPEN: _never("what is declined stays so on Bitbucket Cloud", "open a new one from the same branch"),
    Can.DELETE_PULL: _never("Bitbucket Cloud never deletes a pull request", "close it"),
    Can.LOCK: _never("Bitbucket Cloud does not lock conversations"),
    Can.SUBSCRIBE: _never("who watches a pull request is not part of the API", "use the web page"),
    Can.VIEWED_FILES: _never("what was viewed is not part of the API", "keep it in the editor"),
    Can.ASSIGNEES: _never(_NO_ISSUES.format("assignees"), "ask for a review"),
    Can.LABELS: _never(_NO_ISSUES.format("labels")),
    Can.MILESTONES: _never(_NO_ISSUES.format("milestones")),
    # Merging
    Can.MERGE: _MERGE,
    Can.CHOOSE_MERGE_METHOD: replace(_MERGE, note="as far as the repository's settings allow it for the destination"),
    Can.HEAD_GUARD: _never(
        "Bitbucket Cloud merges whatever the head is; it is compared immediately before, and a push in between is merged",
    ),
    Can.AUTO_MERGE: _never("waiting to merge is not part of the API", "merge when the checks have passed"),
    Can.MERGE_QUEUE: _never("Bitbucket Cloud's API has no merge queue"),
    Can.MERGE_STACKED: _never("Bitbucket Cloud has no stacked pull requests", "merge them one by one"),
    Can.UPDATE_BRANCH: _never("the API does not bring the destination into the source", "merge or rebase it with git"),
    Can.DELETE_SOURCE: replace(_MERGE, note="the merge does it"),
    # Comments
    **dict.fromkeys(
        (
            Can.COMMENT,
            Can.COMMENT_INLINE,
            Can.COMMENT_OLD_SIDE,
            Can.COMMENT_RANGE,
            Can.COMMENT_FILE,
            Can.REPLY,
            Can.EDIT_COMMENT,
            Can.DELETE_COMMENT,
            Can.RESOLVE,
            Can.TASKS,
        ),
        _TALK,
    ),
    Can.COMMENT_OUTSIDE_HUNKS: Rule(
        answer=unknown("whether a line that no hunk shows takes a comment is documented nowhere", "try")
    ),
    Can.COMMENT_OLD_COMMIT: _never("a comment always hangs on the newest diff", "carry it to the new head"),
    Can.REACT: _never("reactions are not part of the API", "reply"),
    # Bitbucket knows a suggestion by the word behind its fence, as others do; the API has no way to apply one, and so the
    # file is written (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/).
    Can.SUGGEST: _TALK,
    Can.APPLY_SUGGESTION: replace(_PUSH, note="by writing the file: one commit for each"),
    # Reviews
    Can.APPROVE: _OPEN,
    Can.WITHDRAW: _OPEN,
    Can.REQUEST_CHANGES: _OPEN,
    Can.DISMISS: _never("only who has given a verdict can take it back", "ask the reviewer"),
    Can.PENDING_REVIEW: replace(_TALK, note="Bitbucket keeps no drafts for its API: they wait in this process"),
    Can.BATCH_REVIEW: _never("Bitbucket takes the comments, the text and the verdict of a review one by one"),
    Can.REVIEWERS: _EDIT,
    Can.TEAM_REVIEWERS: _never("only people can be asked for a review by the API", "ask its members"),
    # Around it
    Can.REPORT_CHECK: Rule(writes=True, right=Right.WRITE, scopes=("repository",)),
    Can.DELETE_BRANCH: _PUSH,
    Can.FORK: Rule(writes=True, scopes=("repository:write",)),
    Can.RATE_BUDGET: Rule(
        answer=Answer(state=AnswerState.YES, reason="counted here, because Bitbucket tells only access tokens")
    ),
    Can.WEBHOOKS: _never("webhooks are set up by whoever administers the repository", "use its settings"),
}
