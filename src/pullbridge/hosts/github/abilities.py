"""What each ability takes on GitHub: a role, fields and mutations of GraphQL. A table, pure.

What it takes of a credential, and what GitHub does not have at all, is in `auth.scopes.github`. Roles:
https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from pullbridge.auth.scopes.github import NEVER
from pullbridge.capabilities import YES, Answer, Can
from pullbridge.hosts.github.gating import ROLLUP, Field
from pullbridge.hosts.judging import never


class Role(IntEnum):
    """A person's role in a repository, the lesser first. https://docs.github.com/en/graphql/reference/enums#repositorypermission"""

    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one ability takes.

    `author`: with a lesser role, the author of the pull request may all the same. `everywhere`: of a host, and not of a
    repository. `personal`: it changes nothing in the repository, so that an archived one allows it.
    """

    answer: Answer | None = None
    writes: bool = False
    graphql: bool = False
    everywhere: bool = False
    personal: bool = False
    role: Role = Role.READ
    author: bool = False
    fields: tuple[Field, ...] = ()


_READ = Rule()
_GRAPH = Rule(graphql=True)
_FOUND = Rule(graphql=True, everywhere=True)
_CHECKS = Rule(graphql=True, fields=(("Commit", ROLLUP[1]),))
_TALK = Rule(writes=True)
_OWN = replace(_TALK, role=Role.WRITE, author=True)
_TRIAGE = replace(_TALK, role=Role.TRIAGE)
_PUSH = Rule(writes=True, role=Role.WRITE)


def _by(rule: Rule, *mutations: str, fields: tuple[Field, ...] = ()) -> Rule:
    """The rule, for what is done by these mutations."""
    return replace(rule, fields=(*fields, *(("Mutation", each) for each in mutations)))


RULES: dict[Can, Rule] = {
    **{can: Rule(answer=never(why)) for can, why in NEVER.items()},
    # Reading
    Can.READ: _READ,
    Can.WHOAMI: Rule(everywhere=True, graphql=True),
    Can.SEARCH: _FOUND,
    Can.INBOX_AUTHOR: _FOUND,
    Can.INBOX_REVIEWER: _FOUND,
    Can.INBOX_ASSIGNEE: _FOUND,
    Can.FIND_BY_COMMIT: _READ,
    Can.TIMELINE: _READ,
    Can.TEMPLATES: replace(_GRAPH, fields=(("Repository", "pullRequestTemplates"),)),
    Can.FILES: _READ,
    Can.DIFF: _READ,
    Can.CONTENT: _READ,
    Can.COMPARE: _READ,
    Can.BRANCHES: _READ,
    Can.FORKS: Rule(),
    Can.CHECKS: _CHECKS,
    Can.REQUIRED_CHECKS: replace(_CHECKS, fields=(*_CHECKS.fields, ("CheckRun", "isRequired"))),
    Can.REQUIRED_APPROVALS: replace(_GRAPH, fields=(("PullRequest", "reviewDecision"),)),
    # The pull request
    Can.CREATE: _TALK,
    Can.CROSS_FORK: _TALK,
    Can.DRAFTS: _by(_OWN, "convertPullRequestToDraft", "markPullRequestReadyForReview"),
    Can.EDIT: _OWN,
    Can.RETARGET: _OWN,
    Can.CLOSE: replace(_OWN, role=Role.TRIAGE),
    Can.REOPEN: replace(_OWN, role=Role.TRIAGE),
    Can.LOCK: _by(replace(_TALK, role=Role.WRITE), "lockLockable", "unlockLockable"),
    Can.SUBSCRIBE: _by(replace(_TALK, personal=True), "updateSubscription"),
    Can.VIEWED_FILES: _by(
        replace(_TALK, personal=True), "markFileAsViewed", fields=(("PullRequestChangedFile", "viewerViewedState"),)
    ),
    Can.ASSIGNEES: _TRIAGE,
    Can.LABELS: _TRIAGE,
    Can.MILESTONES: _TRIAGE,
    # Merging
    Can.MERGE: _PUSH,
    Can.CHOOSE_MERGE_METHOD: _PUSH,
    Can.HEAD_GUARD: Rule(answer=YES),
    Can.AUTO_MERGE: _by(_PUSH, "enablePullRequestAutoMerge"),
    Can.MERGE_QUEUE: _by(_PUSH, "enqueuePullRequest", fields=(("PullRequest", "isMergeQueueEnabled"),)),
    Can.MERGE_STACKED: _PUSH,
    Can.UPDATE_BRANCH: _by(replace(_PUSH, author=True), "updatePullRequestBranch"),
    Can.DELETE_SOURCE: replace(_PUSH, author=True),
    # Comments
    **dict.fromkeys(
        (
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
        ),
        _TALK,
    ),
    Can.RESOLVE: _by(_OWN, "resolveReviewThread", "unresolveReviewThread"),
    Can.APPLY_SUGGESTION: _by(replace(_PUSH, author=True), "createCommitOnBranch"),
    # Reviews
    **dict.fromkeys((Can.APPROVE, Can.REQUEST_CHANGES, Can.BATCH_REVIEW, Can.PENDING_REVIEW), _TALK),
    Can.WITHDRAW: _by(replace(_TALK, role=Role.WRITE), "dismissPullRequestReview"),
    Can.DISMISS: _by(replace(_TALK, role=Role.WRITE), "dismissPullRequestReview"),
    Can.REVIEWERS: _TRIAGE,
    Can.TEAM_REVIEWERS: _TRIAGE,
    # Around it
    Can.REPORT_CHECK: Rule(writes=True, role=Role.WRITE),
    Can.DELETE_BRANCH: _PUSH,
    Can.FORK: Rule(writes=True, personal=True),
    Can.RATE_BUDGET: Rule(everywhere=True),
}
