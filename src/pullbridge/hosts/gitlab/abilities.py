"""What each ability takes on GitLab: an access level, a version, an edition, a permission. A table, pure.

Levels: https://docs.gitlab.com/user/permissions/#project-members-permissions
Permissions of fine-grained tokens: https://docs.gitlab.com/auth/tokens/fine_grained_access_tokens/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from pullbridge.capabilities import YES, Answer, Can, no


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
    that has it, `premium`: a paid plan has it. `permissions` are those of fine-grained tokens. `jobs`: a job token may.
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
    permissions: tuple[str, ...] = ()


_READ = Rule(permissions=("merge_request: read",))
_CODE = Rule(permissions=("repository: read",))
_CHECKS = Rule(permissions=("pipeline: read", "job: read"))
_FOUND = Rule(everywhere=True, permissions=("merge_request: read",))
_MINE = replace(_FOUND, signed=True)
_TALK = Rule(writes=True, permissions=("merge_request: create",))
_EDIT = Rule(writes=True, level=Level.DEVELOPER, author=True, permissions=("merge_request: update",))
_SORT = replace(_EDIT, author=False)
_APPROVE = Rule(writes=True, level=Level.DEVELOPER, permissions=("merge_request: approve",))
_MERGE = Rule(writes=True, level=Level.DEVELOPER, permissions=("merge_request: merge",))
_PUSH = Rule(writes=True, level=Level.DEVELOPER, author=True, permissions=("repository: update",))

RULES: dict[Can, Rule] = {
    # Reading
    # https://docs.gitlab.com/ci/jobs/fine_grained_permissions/
    Can.READ: replace(_READ, jobs=True),
    Can.WHOAMI: Rule(everywhere=True, signed=True, permissions=("user: read",)),
    Can.SEARCH: _FOUND,
    Can.INBOX_AUTHOR: _MINE,
    Can.INBOX_REVIEWER: _MINE,
    Can.INBOX_ASSIGNEE: _MINE,
    Can.FIND_BY_COMMIT: _READ,
    Can.TIMELINE: _READ,
    Can.TEMPLATES: _CODE,
    Can.FILES: _READ,
    Can.DIFF: _READ,
    Can.CONTENT: _CODE,
    Can.COMPARE: _CODE,
    Can.BRANCHES: _CODE,
    Can.FORKS: Rule(permissions=("project: read",)),
    Can.CHECKS: _CHECKS,
    Can.REQUIRED_CHECKS: _CHECKS,
    # https://docs.gitlab.com/user/project/merge_requests/approvals/rules/
    Can.REQUIRED_APPROVALS: replace(_READ, premium=True, permissions=("merge_request_approval_state: read",)),
    # The merge request
    Can.CREATE: _TALK,
    Can.CROSS_FORK: _TALK,
    Can.DRAFTS: _EDIT,
    Can.EDIT: _EDIT,
    Can.RETARGET: _EDIT,
    Can.CLOSE: _EDIT,
    Can.REOPEN: _EDIT,
    # https://docs.gitlab.com/api/merge_requests/#delete-a-merge-request
    Can.DELETE_PULL: Rule(writes=True, level=Level.OWNER, permissions=("merge_request: delete",)),
    Can.LOCK: _SORT,
    Can.SUBSCRIBE: replace(_TALK, personal=True, permissions=("merge_request: update",)),
    # https://docs.gitlab.com/user/project/merge_requests/changes/#mark-files-as-viewed
    Can.VIEWED_FILES: Rule(
        answer=no("GitLab keeps what was viewed in the browser alone", "keep it in the editor"),
    ),
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
    Can.MERGE_STACKED: Rule(answer=no("GitLab has no stacked merge requests on the server", "merge them one by one")),
    Can.UPDATE_BRANCH: _PUSH,
    Can.DELETE_SOURCE: replace(_PUSH, permissions=("branch: delete",)),
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
    Can.REACT: replace(_TALK, permissions=("award_emoji: create",)),
    Can.RESOLVE: _EDIT,
    Can.APPLY_SUGGESTION: _PUSH,
    # Reviews
    Can.APPROVE: _APPROVE,
    Can.WITHDRAW: _APPROVE,
    # The quick action came with 16.9: https://docs.gitlab.com/user/project/quick_actions/ and
    # https://docs.gitlab.com/user/project/merge_requests/reviews/#submit-a-review
    Can.REQUEST_CHANGES: replace(_APPROVE, level=Level.NOBODY, since=(16, 9)),
    # https://docs.gitlab.com/api/merge_request_approvals/#reset-approvals-for-a-merge-request
    Can.DISMISS: Rule(
        answer=no(
            "on GitLab only a bot can take back the approvals of others, and only all of them",
            "ask the reviewer to take it back",
        )
    ),
    # https://docs.gitlab.com/api/draft_notes/
    Can.PENDING_REVIEW: replace(_TALK, since=(15, 11)),
    # https://docs.gitlab.com/api/draft_notes/: drafts go up together, with no word of what became of each
    Can.BATCH_REVIEW: Rule(
        answer=no("GitLab takes the comments, the text and the verdict of a review one by one, each with its answer")
    ),
    Can.REVIEWERS: _SORT,
    Can.TEAM_REVIEWERS: Rule(
        answer=no("on GitLab a group reviews by an approval rule, and cannot be asked", "ask its members")
    ),
    # Around it
    Can.REPORT_CHECK: Rule(writes=True, level=Level.DEVELOPER, permissions=("commit_status: create",)),
    Can.DELETE_BRANCH: Rule(writes=True, level=Level.DEVELOPER, permissions=("branch: delete",)),
    Can.FORK: Rule(writes=True, personal=True, permissions=("project: create",)),
    Can.TASKS: Rule(
        answer=no(
            "check boxes in a description are a part of its text, and have neither a name nor an author of their own",
            "edit the body",
        )
    ),
    Can.RATE_BUDGET: Rule(everywhere=True),
    Can.WEBHOOKS: Rule(
        answer=no("webhooks are set up by whoever administers the project, not by this library", "use its settings")
    ),
}
