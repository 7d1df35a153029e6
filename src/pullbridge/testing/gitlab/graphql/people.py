"""Accounts: as such, and as somebody who has to do with a merge request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab.graphql.listing import Filters, listed
from pullbridge.testing.gitlab.graphql.nodes import Node, viewed
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.store import PullRequest, UserKind
from pullbridge.testing.store.records import User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking
    from pullbridge.testing.gitlab.graphql.interaction import UserMergeRequestInteraction

#: What an account has to tell about itself; here nobody does.
_UNTOLD = frozenset(
    (
        "bio",
        "discord",
        "email",
        "gitpod_enabled",
        "job_title",
        "last_activity_on",
        "linkedin",
        "location",
        "organization",
        "preferences_gitpod_path",
        "profile_enable_gitpod_path",
        "pronouns",
        "public_email",
        "status",
        "twitter",
    )
)


@view
class UserPermissions:
    """What one may do as such."""

    create_snippet = False


@view
class UserCore(Node[User]):
    """An account; the ghost for a deleted one."""

    model = "User"

    def __init__(self, ask: Asking, record: User) -> None:
        super().__init__(ask, ask.app.ghost if record.deleted else record)

    def __getattr__(self, name: str) -> None:
        if name not in _UNTOLD:
            raise AttributeError(name)

    @property
    def username(self) -> str:
        return self.record.handle

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def avatar_url(self) -> str | None:
        shown: str | None = self.ask.shapes.user(self.record)["avatar_url"]
        return shown

    @property
    def web_path(self) -> str:
        return f"{self.ask.app.root}/{self.record.handle}"

    @property
    def web_url(self) -> str:
        return f"{self.ask.web}/{self.record.handle}"

    @property
    def bot(self) -> bool:
        return self.record.kind is UserKind.BOT

    @property
    def human(self) -> bool:
        return not self.bot

    @property
    def active(self) -> bool:
        return True

    @property
    def state(self) -> str:
        return "active"

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def group_count(self) -> int | None:
        return 0 if self.record is self.ask.viewer else None

    @property
    def namespace(self) -> Any:
        return viewed("Namespace", self.ask, self.record)

    @property
    def user_permissions(self) -> UserPermissions:
        return UserPermissions()

    # -- merge requests ------------------------------------------------------------------------------------------------

    def authored_merge_requests(self, **filters: Any) -> Sequence[Any]:
        """Those that they opened."""
        return self._listed([pull for pull in self.ask.pulls() if pull.author is self.record], filters)

    def assigned_merge_requests(self, **filters: Any) -> Sequence[Any]:
        """Those that they are assigned to."""
        return self._listed([pull for pull in self.ask.pulls() if self.record in pull.assignees], filters)

    def review_requested_merge_requests(self, **filters: Any) -> Sequence[Any]:
        """Those that they are a reviewer of."""
        found = [pull for pull in self.ask.pulls() if self.record in pull.requested_reviewers]
        return self._listed(found, filters)

    def _listed(self, pulls: list[PullRequest], filters: dict[str, Any]) -> Sequence[Any]:
        if not self.ask.whole:
            return []
        chosen = listed(self.ask, pulls, Filters(reviewer=self.record, **filters))
        return [viewed("MergeRequest", self.ask, pull) for pull in chosen]


class Partaker(UserCore):
    """An account that has to do with a merge request."""

    def __init__(self, ask: Asking, record: User, pull: PullRequest) -> None:
        super().__init__(ask, record)
        self._pull = pull

    @property
    def merge_request_interaction(self) -> UserMergeRequestInteraction:
        found: UserMergeRequestInteraction = viewed("UserMergeRequestInteraction", self.ask, (self.record, self._pull))
        return found


@view
class MergeRequestReviewer(Partaker):
    """A reviewer."""


@view
class MergeRequestAssignee(Partaker):
    """An assignee."""


@view
class MergeRequestAuthor(Partaker):
    """The author."""


@view
class MergeRequestParticipant(Partaker):
    """Somebody who took part."""


def person(ask: Asking, user: User | None) -> UserCore | None:
    """An account where there may be nobody."""
    return None if user is None else UserCore(ask, user)
