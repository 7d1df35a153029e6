"""What each ability takes on GitLab: an access level, a version, an edition. A table, pure.

What it takes of a credential, and what GitLab does not have at all, is in `auth.scopes.gitlab`. Levels:
https://docs.gitlab.com/user/permissions/#project-members-permissions
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from pullbridge.auth.scopes.gitlab import NEVER
from pullbridge.capabilities import YES, Answer, Can
from pullbridge.hosts.judging import never


class Level(IntEnum):
    """A person's access level in a project. https://docs.gitlab.com/api/access_requests/#valid-access-levels"""

    NOBODY = 0
    GUEST = 10
    PLANNER = 15
    REPORTER = 20
    SECURITY = 25
    DEVELOPER = 30
    MAINTAINER = 40
    OWNER = 50

    @property
    def word(self) -> str:
        """As people call it."""
        return "no member" if self is Level.NOBODY else self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one ability takes.

    `author`: with a lesser level, the author of the merge request may all the same. `everywhere`: of an instance, and not
    of a project. `personal`: it changes nothing in the project, so that an archived one allows it. `since` is the version
    that has it, `premium`: a paid plan has it. `jobs`: a job token may.
    """

    answer: Answer | None = None
    writes: bool = False
    everywhere: bool = False
    signed: bool = False
    personal: bool = False
    jobs: bool = False
    level: Level = Level.NOBODY
    author: bool = False
    since: tuple[int, ...] = ()
    premium: bool = False


_READ = Rule()
_FOUND = Rule(everywhere=True)
_MINE = replace(_FOUND, signed=True)
_TALK = Rule(writes=True)
_EDIT = Rule(writes=True, level=Level.DEVELOPER, author=True)
_SORT = replace(_EDIT, author=False)
_PUSH = _EDIT
_MERGE = _SORT

RULES: dict[Can, Rule] = {
    **{can: Rule(answer=never(why)) for can, why in NEVER.items()},
    # Reading
    # https://docs.gitlab.com/ci/jobs/fine_grained_permissions/
    Can.READ: replace(_READ, jobs=True),
    Can.WHOAMI: Rule(everywhere=True, signed=True),
    Can.SEARCH: _FOUND,
    Can.INBOX_AUTHOR: _MINE,
    Can.INBOX_REVIEWER: _MINE,
    Can.INBOX_ASSIGNEE: _MINE,
    Can.FIND_BY_COMMIT: _READ,
    Can.TIMELINE: _READ,
    Can.TEMPLATES: _READ,
    Can.FILES: _READ,
    Can.DIFF: _READ,
    Can.CONTENT: _READ,
    Can.COMPARE: _READ,
    Can.BRANCHES: _READ,
    Can.FORKS: Rule(),
    Can.CHECKS: _READ,
    Can.REQUIRED_CHECKS: _READ,
    # https://docs.gitlab.com/user/project/merge_requests/approvals/rules/
    Can.REQUIRED_APPROVALS: replace(_READ, premium=True),
    # The merge request
    Can.CREATE: _TALK,
    Can.CROSS_FORK: _TALK,
    Can.DRAFTS: _EDIT,
    Can.EDIT: _EDIT,
    Can.RETARGET: _EDIT,
    Can.CLOSE: _EDIT,
    Can.REOPEN: _EDIT,
    # https://docs.gitlab.com/api/merge_requests/#delete-a-merge-request
    Can.DELETE_PULL: Rule(writes=True, level=Level.OWNER),
    Can.LOCK: _SORT,
    Can.SUBSCRIBE: replace(_TALK, personal=True),
    Can.ASSIGNEES: _SORT,
    Can.LABELS: _SORT,
    Can.MILESTONES: _SORT,
    # Merging
    Can.MERGE: _MERGE,
    Can.CHOOSE_MERGE_METHOD: _MERGE,
    Can.HEAD_GUARD: Rule(answer=YES),
    Can.AUTO_MERGE: _MERGE,
    # https://docs.gitlab.com/ci/pipelines/merge_trains/ (how a merge is put on a train: `auto_merge`, 17.11)
    Can.MERGE_QUEUE: replace(_MERGE, since=(17, 11), premium=True),
    Can.UPDATE_BRANCH: _PUSH,
    Can.DELETE_SOURCE: _PUSH,
    # Comments
    **dict.fromkeys(
        (
            Can.COMMENT,
            Can.COMMENT_INLINE,
            Can.COMMENT_OLD_SIDE,
            Can.COMMENT_RANGE,
            Can.COMMENT_OUTSIDE_HUNKS,
            Can.COMMENT_OLD_COMMIT,
            Can.REPLY,
            Can.EDIT_COMMENT,
            Can.DELETE_COMMENT,
            Can.SUGGEST,
        ),
        _TALK,
    ),
    # https://docs.gitlab.com/api/discussions/#create-a-merge-request-thread (`position_type` file)
    Can.COMMENT_FILE: replace(_TALK, since=(16, 4)),
    Can.REACT: _TALK,
    Can.RESOLVE: _EDIT,
    Can.APPLY_SUGGESTION: _PUSH,
    # Reviews
    Can.APPROVE: _MERGE,
    Can.WITHDRAW: _MERGE,
    # The quick action came with 16.9: https://docs.gitlab.com/user/project/quick_actions/ and
    # https://docs.gitlab.com/user/project/merge_requests/reviews/#submit-a-review
    Can.REQUEST_CHANGES: replace(_MERGE, level=Level.NOBODY, since=(16, 9)),
    # https://docs.gitlab.com/api/draft_notes/
    Can.PENDING_REVIEW: replace(_TALK, since=(15, 11)),
    Can.REVIEWERS: _SORT,
    # Around it
    Can.REPORT_CHECK: Rule(writes=True, level=Level.DEVELOPER),
    Can.DELETE_BRANCH: Rule(writes=True, level=Level.DEVELOPER),
    Can.FORK: Rule(writes=True, personal=True),
    Can.RATE_BUDGET: Rule(everywhere=True),
}
