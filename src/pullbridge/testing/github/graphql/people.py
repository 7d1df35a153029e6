"""Accounts as GraphQL sees them: users, bots, organizations, teams and apps."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pullbridge.testing.github.graphql.errors import not_found
from pullbridge.testing.github.graphql.nodes import Node, view_of
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.repositories import Repository


class Account(Node[records.User]):
    """What users, bots and organizations have in common (`Actor`, `RepositoryOwner`)."""

    @property
    def login(self) -> str:
        return self.record.handle

    @property
    def name(self) -> str | None:
        return self.record.name or None

    @property
    def email(self) -> str:
        return self.record.email

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def updated_at(self) -> datetime:
        return self.record.created_at

    @property
    def resource_path(self) -> str:
        return f"/{self.record.handle}"

    @property
    def url(self) -> str:
        return self.ask.web + self.resource_path

    def avatar_url(self, size: int | None = None) -> str:
        """The picture's address. Nothing is served there."""
        return f"{self.ask.web}/avatars/u/{self.record.id}?{f's={size}&' if size else ''}v=4"

    def repository(self, name: str, follow_renames: bool = True) -> Repository:
        """A repository of theirs, by its name. The forge renames nothing, so there are no renames to follow."""
        del follow_renames
        return view_of(self.ask, self.ask.repository(self.record.handle, name))


@view
class User(Account):
    """A person."""

    @property
    def is_viewer(self) -> bool:
        return self.record is self.ask.viewer

    @property
    def is_site_admin(self) -> bool:
        return False


@view
class Bot(Account):
    """An app's account."""

    @property
    def resource_path(self) -> str:
        return f"/apps/{self.record.handle.removesuffix('[bot]')}"

    @property
    def login(self) -> str:
        """GraphQL leaves away the suffix that REST shows: `dependabot`, not `dependabot[bot]`."""
        return self.record.handle.removesuffix("[bot]")


@view
class Organization(Account):
    """An organization."""

    def team(self, slug: str) -> Team | None:
        """One of its teams."""
        found = self.ask.store.people.teams.get((self.record.handle.lower(), slug))
        return Team(self.ask, found) if found else None


@view
class Team(Node[records.Team]):
    """A team of an organization."""

    @property
    def slug(self) -> str:
        return self.record.slug

    @property
    def name(self) -> str:
        return self.record.slug

    @property
    def combined_slug(self) -> str:
        return f"{self.record.organization}/{self.record.slug}"

    @property
    def description(self) -> str | None:
        return None

    @property
    def organization(self) -> Organization:
        owner = self.ask.store.people.find(self.record.organization)
        if owner is None:
            raise not_found(f"Could not resolve to an Organization with the login of '{self.record.organization}'.")
        return Organization(self.ask, owner)

    @property
    def resource_path(self) -> str:
        return f"/orgs/{self.record.organization}/teams/{self.record.slug}"

    @property
    def url(self) -> str:
        return self.ask.web + self.resource_path

    def avatar_url(self, size: int | None = None) -> str:
        """The picture's address. Nothing is served there."""
        return f"{self.ask.web}/avatars/t/{self.record.id}?{f's={size}&' if size else ''}v=4"

    @property
    def viewer_can_subscribe(self) -> bool:
        return False

    @property
    def viewer_subscription(self) -> str | None:
        return None

    def members(self, **_filters: object) -> list[User]:
        """Its members; the filters are for larger teams than the forge's."""
        return [User(self.ask, member) for member in self.record.members if not member.deleted]


_KINDS: dict[records.UserKind, type[Account]] = {
    records.UserKind.USER: User,
    records.UserKind.BOT: Bot,
    records.UserKind.ORGANIZATION: Organization,
}


def actor(ask: Asking, user: records.User | None) -> Account | None:
    """The account's view; `None` for a deleted one, which GraphQL does not show as a ghost."""
    return None if user is None or user.deleted else _KINDS[user.kind](ask, user)


def person(ask: Asking, user: records.User | None) -> User | None:
    """The account where the schema wants a `User`: `None` for bots."""
    found = actor(ask, user)
    return found if isinstance(found, User) else None
