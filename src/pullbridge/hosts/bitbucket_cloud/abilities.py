"""What each ability takes on Bitbucket Cloud: a right in the repository, somebody behind the credential. A table, pure.

What it takes of a credential, and what Bitbucket does not have at all, is in `auth.scopes.bitbucket_cloud`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from pullbridge.auth.scopes.bitbucket_cloud import NEVER
from pullbridge.capabilities import Answer, AnswerState, Can
from pullbridge.hosts.judging import never


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

    `note` is what a yes has to add, and `doubt` what keeps it from being one. `author`: with a lesser right, the author of the pull request may all the same.
    `everywhere`: of the whole host, and not of a repository. `person`: it is about whoever is behind the credential.
    """

    answer: Answer | None = None
    note: str = ""
    doubt: str = ""
    writes: bool = False
    everywhere: bool = False
    person: bool = False
    right: Right = Right.READ
    author: bool = False


_READ = Rule()
_RULES = Rule(right=Right.ADMIN)
_MINE = Rule(everywhere=True, person=True)
_WRITE = Rule(writes=True)
_EDIT = replace(_WRITE, right=Right.WRITE, author=True)
_PUSH = replace(_WRITE, right=Right.WRITE)

RULES: dict[Can, Rule] = {
    **{can: Rule(answer=never(why)) for can, why in NEVER.items()},
    # Reading
    Can.READ: _READ,
    Can.WHOAMI: Rule(everywhere=True, person=True),
    Can.INBOX_AUTHOR: replace(_MINE, note="of the workspaces that you are a member of, with a request for each"),
    Can.INBOX_REVIEWER: replace(
        _MINE,
        note="each of your repositories is asked, 200 at most, out of a thousand requests in an hour",
    ),
    # https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (pull requests that contain a commit)
    Can.FIND_BY_COMMIT: _READ,
    Can.TIMELINE: _READ,
    Can.FILES: _READ,
    Can.DIFF: _READ,
    Can.CONTENT: _READ,
    Can.COMPARE: _READ,
    Can.BRANCHES: _READ,
    Can.FORKS: _READ,
    Can.CHECKS: _READ,
    # https://developer.atlassian.com/cloud/bitbucket/rest/api-group-branch-restrictions/
    Can.REQUIRED_CHECKS: _RULES,
    Can.REQUIRED_APPROVALS: _RULES,
    # The pull request
    Can.CREATE: _WRITE,
    Can.CROSS_FORK: _WRITE,
    Can.DRAFTS: _EDIT,
    Can.EDIT: _EDIT,
    Can.RETARGET: _EDIT,
    Can.CLOSE: _EDIT,
    # Merging
    Can.MERGE: _PUSH,
    Can.CHOOSE_MERGE_METHOD: replace(_PUSH, note="as far as the repository's settings allow it for the destination"),
    Can.DELETE_SOURCE: replace(_PUSH, note="the merge does it"),
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
        _WRITE,
    ),
    Can.COMMENT_OUTSIDE_HUNKS: replace(
        _WRITE, doubt="whether a line that no hunk shows takes a comment is documented nowhere"
    ),
    # Bitbucket knows a suggestion by the word behind its fence, as others do; the API has no way to apply one, and so the
    # file is written (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/).
    Can.SUGGEST: _WRITE,
    Can.APPLY_SUGGESTION: replace(_PUSH, note="by writing the file: one commit for each"),
    # Reviews
    Can.APPROVE: _WRITE,
    Can.WITHDRAW: _WRITE,
    Can.REQUEST_CHANGES: _WRITE,
    Can.PENDING_REVIEW: replace(_WRITE, note="Bitbucket keeps no drafts for its API: they wait in this process"),
    Can.REVIEWERS: _EDIT,
    # Around it
    Can.REPORT_CHECK: Rule(writes=True, right=Right.WRITE),
    Can.DELETE_BRANCH: _PUSH,
    Can.FORK: Rule(writes=True),
    Can.RATE_BUDGET: Rule(
        answer=Answer(state=AnswerState.YES, reason="counted here, because Bitbucket tells only access tokens")
    ),
}
