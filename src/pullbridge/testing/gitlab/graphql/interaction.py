"""A person and a merge request: reviews, approvals, and the rules about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pullbridge.testing.gitlab import reviewing
from pullbridge.testing.gitlab.graphql.nodes import gid
from pullbridge.testing.gitlab.graphql.people import UserCore
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.gitlab.roles import DEVELOPER, level_of
from pullbridge.testing.store import PullRequest
from pullbridge.testing.store.records import User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking

#: Before 16.9 a review was given or not; what came later was told so.
_EARLY = {"UNREVIEWED": "UNREVIEWED"}
STATES_SINCE = (16, 9)


def review_state(ask: Asking, pull: PullRequest, user: User) -> str:
    """How far a reviewer is, as `MergeRequestReviewState`."""
    state = reviewing.standing_of(ask.app, pull, user).state.upper()
    return state if ask.at_least(*STATES_SINCE) else _EARLY.get(state, "REVIEWED")


@view
class UserMergeRequestInteraction:
    """What somebody has to do with a merge request, and may do there."""

    def __init__(self, ask: Asking, both: tuple[User, PullRequest]) -> None:
        self._ask = ask
        self._user, self._pull = both

    @property
    def _level(self) -> int:
        return level_of(self._ask.store, self._user, self._pull.repository)

    @property
    def approved(self) -> bool:
        return any(review.author is self._user for review in reviewing.approvals(self._ask.app, self._pull))

    @property
    def can_merge(self) -> bool:
        return self._level >= DEVELOPER

    @property
    def can_update(self) -> bool:
        return self._user is self._pull.author or self._level >= DEVELOPER

    @property
    def review_state(self) -> str | None:
        if self._user not in self._pull.requested_reviewers:
            return None
        return review_state(self._ask, self._pull, self._user)

    @property
    def reviewed(self) -> bool:
        return self.review_state not in {None, "UNREVIEWED", "REVIEW_STARTED"}

    @property
    def applicable_approval_rules(self) -> list[ApprovalRule]:
        able = self._user in reviewing.approvers(self._ask.app, self._pull)
        return approval_rules(self._ask, self._pull) if able else []


@view
class ApprovalRule:
    """The one rule there is: so many of those who may."""

    name = "All Members"
    type = "ANY_APPROVER"
    contains_hidden_groups = overridden = False
    section = source_rule = None

    def __init__(self, ask: Asking, pull: PullRequest) -> None:
        self._ask = ask
        self._pull = pull
        self.id: str = gid("ApprovalMergeRequestRule", pull.id * 10)

    @property
    def approvals_required(self) -> int:
        return reviewing.required(self._ask.app, self._pull)

    @property
    def approved(self) -> bool:
        return reviewing.left(self._ask.app, self._pull) == 0

    @property
    def eligible_approvers(self) -> list[UserCore]:
        return [UserCore(self._ask, user) for user in reviewing.approvers(self._ask.app, self._pull)]

    def approved_by(self) -> list[UserCore]:
        """Whose approvals count for it."""
        return approved_by(self._ask, self._pull)

    def users(self) -> list[UserCore]:
        """Whom it names: nobody."""
        return []


@view
class MergeRequestApprovalState:
    """What of the rules is fulfilled."""

    approval_rules_overwritten = False

    def __init__(self, ask: Asking, pull: PullRequest) -> None:
        self._ask = ask
        self._pull = pull

    @property
    def rules(self) -> list[ApprovalRule]:
        return approval_rules(self._ask, self._pull)

    @property
    def invalid_approvers_rules(self) -> list[ApprovalRule]:
        return []

    def suggested_approvers(self) -> list[UserCore]:
        """Nobody is suggested."""
        return []


def approval_rules(ask: Asking, pull: PullRequest) -> list[ApprovalRule]:
    """The rules: there are none without the licence."""
    return [] if ask.app.tier == "free" else [ApprovalRule(ask, pull)]


def approved_by(ask: Asking, pull: PullRequest) -> list[UserCore]:
    """Whose approvals stand, oldest first."""
    return [UserCore(ask, review.author) for review in reviewing.approvals(ask.app, pull)]


@view
class MergeRequestPermissions:
    """What who asks may do with a merge request."""

    read_merge_request = True

    def __init__(self, ask: Asking, pull: PullRequest) -> None:
        level, mine = ask.level(pull.repository), pull.author is ask.viewer
        self.admin_merge_request: bool = level >= DEVELOPER
        self.update_merge_request: bool = mine or level >= DEVELOPER
        self.can_merge: bool = pull.state == "open" and level >= DEVELOPER
        self.can_approve: bool = reviewing.may_approve(ask.app, pull, ask.viewer)
        self.create_note: bool = ask.viewer is not None and (not pull.locked or level > 0)
        own = 0 if pull.source.deleted else ask.level(pull.source)
        helped = pull.cross_repository and pull.maintainer_can_modify and level >= DEVELOPER
        self.push_to_source_branch: bool = own >= DEVELOPER or helped
        self.remove_source_branch: bool = own >= DEVELOPER and pull.source_branch != pull.source.default_branch
        merged = pull.state == "merged"
        self.cherry_pick_on_current_merge_request: bool = merged and level >= DEVELOPER
        self.revert_on_current_merge_request: bool = merged and level >= DEVELOPER


def people(users: Sequence[User]) -> list[User]:
    """Those of them who are still there."""
    return [user for user in users if not user.deleted]
