"""What each ability takes on Data Center: a permission in the repository, a version. A table, pure.

What it takes of a credential, and what Data Center does not have at all, is in `auth.scopes.bitbucket_dc`.
Permissions: https://confluence.atlassian.com/bitbucketserver/using-repository-permissions-776639771.html, and what each
operation of https://developer.atlassian.com/server/bitbucket/rest/v902/ says that it takes.
Versions: https://confluence.atlassian.com/bitbucketserver/bitbucket-data-center-release-notes-872139866.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from pullbridge.auth.scopes.bitbucket_dc import NEVER
from pullbridge.capabilities import YES, Answer, Can, no
from pullbridge.hosts.judging import never


class Level(IntEnum):
    """A permission in a repository; the higher includes the lower."""

    NOBODY = 0
    READ = 10
    WRITE = 20
    ADMIN = 30

    @property
    def word(self) -> str:
        """As people call it."""
        return "no permission" if self is Level.NOBODY else f"REPO_{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one ability takes.

    `author`: with a lesser permission, the author of the pull request may all the same. `everywhere`: of an instance, and
    not of a repository. `personal`: it changes nothing in the repository, so that an archived one allows it. `since` is
    the version that has it.
    """

    answer: Answer | None = None
    writes: bool = False
    everywhere: bool = False
    signed: bool = False
    personal: bool = False
    level: Level = Level.READ
    author: bool = False
    since: tuple[int, ...] = ()


_READ = Rule()
_MINE = Rule(everywhere=True, signed=True)
_TALK = Rule(writes=True)
_EDIT = Rule(writes=True, level=Level.WRITE, author=True)
_MERGE = Rule(writes=True, level=Level.WRITE)

RULES: dict[Can, Rule] = {
    **{can: Rule(answer=never(why)) for can, why in NEVER.items()},
    # Reading
    Can.READ: _READ,
    Can.WHOAMI: _MINE,
    Can.INBOX_AUTHOR: _MINE,
    Can.INBOX_REVIEWER: _MINE,
    Can.FIND_BY_COMMIT: replace(_READ, signed=True),
    Can.TIMELINE: _READ,
    Can.FILES: _READ,
    Can.DIFF: _READ,
    Can.CONTENT: _READ,
    Can.COMPARE: _READ,
    Can.BRANCHES: _READ,
    Can.FORKS: _READ,
    Can.CHECKS: _READ,
    # https://confluence.atlassian.com/bitbucketserver/bitbucket-server-7-14-release-notes-1063554659.html
    Can.REQUIRED_CHECKS: replace(_READ, since=(7, 14)),
    # The pull request
    Can.CREATE: _TALK,
    Can.CROSS_FORK: _TALK,
    # https://confluence.atlassian.com/bitbucketserver/bitbucket-data-center-8-18-release-notes-1318881575.html
    Can.DRAFTS: replace(_EDIT, since=(8, 18)),
    Can.EDIT: _EDIT,
    Can.RETARGET: _EDIT,
    Can.CLOSE: _TALK,
    Can.REOPEN: _TALK,
    # The author's right is a setting of the instance, on by default.
    Can.DELETE_PULL: Rule(writes=True, level=Level.ADMIN, author=True),
    Can.SUBSCRIBE: Rule(writes=True, personal=True),
    # Merging
    Can.MERGE: _MERGE,
    Can.CHOOSE_MERGE_METHOD: _MERGE,
    Can.HEAD_GUARD: Rule(answer=YES),
    # https://confluence.atlassian.com/bitbucketserver/bitbucket-data-center-8-15-release-notes-1299913279.html
    Can.AUTO_MERGE: replace(_MERGE, since=(8, 15)),
    # It takes the permission to write in the source's repository, which is not told.
    Can.UPDATE_BRANCH: _EDIT,
    Can.DELETE_SOURCE: _EDIT,
    # Comments
    **dict.fromkeys(
        (
            Can.COMMENT,
            Can.COMMENT_INLINE,
            Can.COMMENT_OLD_SIDE,
            Can.COMMENT_FILE,
            Can.COMMENT_OLD_COMMIT,
            Can.REPLY,
            Can.EDIT_COMMENT,
            Can.DELETE_COMMENT,
            Can.REACT,
            Can.SUGGEST,
        ),
        _TALK,
    ),
    Can.COMMENT_RANGE: replace(_TALK, since=(9, 2)),
    Can.RESOLVE: replace(_TALK, since=(8, 9)),
    Can.APPLY_SUGGESTION: _EDIT,
    # Reviews
    Can.APPROVE: _TALK,
    Can.WITHDRAW: _TALK,
    Can.REQUEST_CHANGES: _TALK,
    # https://confluence.atlassian.com/bitbucketserver/bitbucket-server-7-7-release-notes-1018764826.html
    Can.PENDING_REVIEW: replace(_TALK, since=(7, 7)),
    Can.REVIEWERS: _EDIT,
    # A group of reviewers stands for its people, who are asked: https://confluence.atlassian.com/bitbucketserver/reviewer-groups-1063171142.html
    Can.TEAM_REVIEWERS: replace(_EDIT, since=(7, 13)),
    # Around it
    Can.REPORT_CHECK: _TALK,
    Can.DELETE_BRANCH: _MERGE,
    Can.FORK: Rule(writes=True, personal=True),
    # Blocker comments; tasks of a comment before: https://confluence.atlassian.com/bitbucketserver/bitbucket-server-7-2-release-notes-1001827220.html
    Can.TASKS: replace(_TALK, since=(7, 2)),
    Can.RATE_BUDGET: Rule(everywhere=True),
}


def lacking(can: Can) -> Answer:
    """Why Data Center has no such thing at all."""
    return RULES[can].answer or no("Data Center has no such thing")
