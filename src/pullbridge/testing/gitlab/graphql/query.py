"""The root of all queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pullbridge.testing.gitlab.graphql.nodes import number_of, record_of
from pullbridge.testing.gitlab.graphql.people import UserCore
from pullbridge.testing.gitlab.graphql.projects import Project
from pullbridge.testing.gitlab.graphql.pulls import MergeRequest
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.store import PullRequest, UserKind
from pullbridge.testing.store.records import User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking


@view
class QueryComplexity:
    """What the query costs, and what it may."""

    def __init__(self, score: int, limit: int) -> None:
        self.score = score
        self.limit = limit


@view
class Metadata:
    """Which GitLab it is."""

    revision = "e91cba9cbd9"

    def __init__(self, ask: Asking) -> None:
        self.version: str = ask.app.version.text
        self.enterprise: bool = ask.app.version.enterprise


@view
class Query:
    """What one can ask for."""

    def __init__(self, ask: Asking, *, score: int, limit: int) -> None:
        self._ask = ask
        self.query_complexity: QueryComplexity = QueryComplexity(score, limit)

    @property
    def current_user(self) -> UserCore | None:
        viewer = self._ask.viewer if self._ask.whole else None
        return None if viewer is None else UserCore(self._ask, viewer)

    @property
    def metadata(self) -> Metadata | None:
        return Metadata(self._ask) if self._ask.viewer else None

    def echo(self, text: str) -> str:
        """The text again."""
        viewer = self._ask.viewer
        return f'"{viewer.handle}" says: {text}' if viewer else f"nil says: {text}"

    def project(self, full_path: str) -> Project | None:
        """A project by its full path; a former one finds nothing."""
        found = self._ask.project(full_path)
        return None if found is None else Project(self._ask, found)

    def merge_request(self, id: str) -> MergeRequest | None:
        """A merge request by its global id."""
        number = number_of(id, "MergeRequest")
        found = self._ask.store.find(PullRequest, int(number)) if number.isdecimal() else None
        if found is None or not self._ask.whole or not self._ask.sees(found.repository):
            return None
        return MergeRequest(self._ask, found)

    def user(self, id: str | None = None, username: str | None = None) -> UserCore | None:
        """A person by their global id, or their name."""
        people = self._ask.store.people
        found = record_of(self._ask, id, User, "User") if id else people.find(username or "")
        return UserCore(self._ask, found) if found and found.kind is not UserKind.ORGANIZATION else None

    def users(
        self, search: str | None = None, usernames: Sequence[str] | None = None, **_more: object
    ) -> list[UserCore] | None:
        """People; nobody in particular may not list them."""
        if self._ask.viewer is None:
            return None
        text, names = (search or "").lower(), {name.lower() for name in usernames or ()}
        every = [user for user in self._ask.store.people.users.values() if user.kind is not UserKind.ORGANIZATION]
        return [
            UserCore(self._ask, user)
            for user in sorted(every, key=lambda user: -user.id)
            if (not names or user.handle.lower() in names)
            and (text in user.handle.lower() or text in user.name.lower())
        ]
