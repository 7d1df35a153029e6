"""Users, teams and tokens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pullbridge.testing.git import Signature
from pullbridge.testing.store.records import Repository, Role, Team, Token, User, UserKind

if TYPE_CHECKING:
    from pullbridge.testing.store import Store


class People:
    """Who there is, and what they may do."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.users: dict[str, User] = {}
        self.teams: dict[tuple[str, str], Team] = {}
        self._tokens: dict[str, Token] = {}

    def user(self, handle: str, *, name: str | None = None, kind: UserKind | None = None) -> User:
        """The user of that handle, made when there is none. A handle that ends in `[bot]` is a bot's."""
        known = self.users.get(handle.lower())
        if known is not None:
            return known
        made = User(
            id=self._store.next_id(),
            handle=handle,
            kind=kind or (UserKind.BOT if handle.endswith("[bot]") else UserKind.USER),
            name=name or handle.removesuffix("[bot]").capitalize(),
            email=f"{handle.removesuffix('[bot]')}@users.example",
            created_at=self._store.now(),
        )
        self.users[handle.lower()] = self._store.keep(made)
        return made

    def find(self, handle: str) -> User | None:
        """The living user of that handle, whatever its case, or `None`."""
        user = self.users.get(handle.lower())
        return None if user is None or user.deleted else user

    def delete(self, handle: str) -> None:
        """Delete an account: its tokens stop working, what it wrote stays without an author."""
        user = self.users.pop(handle.lower())
        user.deleted = True
        self._tokens = {value: token for value, token in self._tokens.items() if token.user is not user}

    def team(self, organization: str, slug: str, members: tuple[str, ...] = ()) -> Team:
        """The team, made when there is none."""
        key = (organization.lower(), slug)
        if key not in self.teams:
            people = [self.user(handle) for handle in members]
            made = Team(id=self._store.next_id(), organization=organization, slug=slug, members=people)
            self.teams[key] = self._store.keep(made)
        return self.teams[key]

    def token(
        self,
        handle: str,
        *,
        prefix: str = "",
        scopes: tuple[str, ...] | None = None,
        permissions: Mapping[str, str] | None = None,
        repositories: frozenset[int] | None = None,
        expired: bool = False,
        sso_url: str | None = None,
        kind: str = "",
        value: str | None = None,
        expires_at: datetime | None = None,
    ) -> Token:
        """Make a token for a user (made when there is none): `value`, or a new one that begins with `prefix`."""
        user = self.user(handle)
        if user.kind is UserKind.ORGANIZATION:  # made as somebody's home; whoever signs in is a person
            user.kind = UserKind.USER
        token = Token(
            id=self._store.next_id(),
            created_at=self._store.now(),
            kind=kind,
            value=prefix + secrets.token_hex(18) if value is None else value,
            user=user,
            scopes=scopes,
            permissions=None if permissions is None else dict(permissions),
            repositories=repositories,
            expired=expired,
            expires_at=expires_at,
            sso_url=sso_url,
        )
        self._tokens[token.value] = token
        return token

    def authenticate(self, value: str) -> Token | None:
        """The valid token of that value, or `None` when it is unknown, revoked or expired."""
        token = self.known(value)
        return None if token is None or token.expired or token.revoked else token

    def known(self, value: str) -> Token | None:
        """The token of that value, even one that is revoked or expired; `None` when there never was one."""
        token = self._tokens.get(value)
        if token is not None and token.expires_at is not None and token.expires_at <= self._store.now():
            token = self._tokens[value] = replace(token, expired=True)
        return token

    def secrets(self) -> frozenset[str]:
        """The value of every token that there ever was."""
        return frozenset(self._tokens)

    def revoke(self, value: str) -> None:
        """Make a token worthless."""
        token = self._tokens.get(value)
        if token is not None:
            self._tokens[value] = replace(token, revoked=True)

    def narrow(self, value: str, scopes: tuple[str, ...]) -> None:
        """Let a token have other scopes from now on."""
        self._tokens[value] = replace(self._tokens[value], scopes=scopes)

    def role(self, user: User | None, repository: Repository) -> Role:
        """What a user may do in a repository; `None` is anybody. Without `members=`, every user may write."""
        public = Role.NONE if repository.private else Role.READ
        if user is None or user.deleted:
            return public
        if user is repository.owner:
            return Role.ADMIN
        if repository.members is None:
            return Role.WRITE
        return repository.members.get(user.handle.lower(), public)

    def reach(self, token: Token | None, repository: Repository) -> Role:
        """What whoever has this token may do in a repository: outside of those it is for, what anybody may."""
        outside = token is None or (token.repositories is not None and repository.id not in token.repositories)
        return self.role(None if token is None or outside else token.user, repository)

    def signature(self, user: User) -> Signature:
        """The user as a commit's author, now."""
        return Signature(user.name, user.email, self._store.now())

    def by_email(self, email: str) -> User | None:
        """The living user of an e-mail address: whom a commit is linked to."""
        return next((user for user in self.users.values() if user.email == email), None)
