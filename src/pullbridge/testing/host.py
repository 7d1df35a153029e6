"""What the hosts of a forge have in common: an address, tokens, repositories, what arrived, and how to misbehave."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from pullbridge.model.settings import Settings
from pullbridge.testing.faults import Exchange, Fault, Wire
from pullbridge.testing.oauth.manners import Manners
from pullbridge.testing.server import Server
from pullbridge.testing.store import Files, Protection, Repository, Role, Store, UserKind

if TYPE_CHECKING:
    from pullbridge.testing.oauth.provider import Provider


class RepositoryHandle:
    """A repository from behind the scenes: what one does in git or in its settings, not through the API."""

    def __init__(self, host: Host, record: Repository) -> None:
        self._host = host
        self.record = record

    @property
    def path(self) -> str:
        """`owner/name`."""
        return self.record.path

    @property
    def url(self) -> str:
        """The web page: what `connect` takes."""
        return f"{self._host.url}/{self.path}"

    @property
    def clone_url(self) -> str:
        """What `git clone` takes. Reading and, with a token as the password, pushing work."""
        return f"{self.url}.git"

    def commit(
        self, branch: str, files: Files, message: str = "Change files", start: str = "main", author: str | None = None
    ) -> str:
        """Commit files (`None` deletes one) onto a branch, made from `start` when it is new; return the commit."""
        store = self._host.store
        with store.lock:
            person = None if author is None else store.people.user(author)
            return store.repositories.commit(self.record, branch, files, message=message, start=start, author=person)

    def head(self, branch: str) -> str:
        """The commit a branch points at; `LookupError` when there is no such branch."""
        sha = self.record.git.head(branch)
        if sha is None:
            raise LookupError(branch)
        return sha

    def branches(self) -> dict[str, str]:
        """All branches with their commits."""
        return self.record.git.branches()

    def reset(self, branch: str, commit: str) -> None:
        """Force a branch onto a commit, as a force push does."""
        store = self._host.store
        with store.lock:
            actor = store.people.user("octo-committer")
            store.repositories.move_branch(self.record, branch, commit, actor, force=True)

    def delete_branch(self, branch: str) -> None:
        """Delete a branch."""
        store = self._host.store
        with store.lock:
            store.repositories.delete_branch(self.record, branch, store.people.user("octo-committer"))

    def check(self, sha: str, name: str, state: str) -> None:
        """Report a check on a commit: a status (`success failure error pending`), else a check run's status or conclusion."""
        self._host.check(self.path, sha, name, state)

    def require(
        self,
        branch: str = "main",
        *,
        reviews: int = 0,
        checks: tuple[str, ...] = (),
        strict: bool = False,
        queue: bool = False,
    ) -> None:
        """Protect a branch: approvals, checks by name, being up to date (`strict`), and a merge queue."""
        self._host.require(self.path, branch, reviews=reviews, checks=checks, strict=strict, queue=queue)

    def settings(self, **values: bool) -> None:
        """Set `allow_merge allow_squash allow_rebase allow_auto_merge delete_branch_on_merge archived private`."""
        for name, value in values.items():
            if not hasattr(self.record, name):
                raise TypeError(f"a repository has no setting {name!r}")
            setattr(self.record, name, value)

    def members(self, **roles: str) -> None:
        """Say who may do what, and that nobody else may write: `members(ada="write", bob="read")`."""
        self.record.members = {handle.lower(): Role[role.upper()] for handle, role in roles.items()}


class Host(ABC):
    """One host of a forge. It listens when its address is first asked for."""

    #: `Settings.kind`, and what comes after the web address for the API.
    kind = ""
    api_path = ""

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "127.0.0.1",
        address: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.store: Store = Store(folder) if clock is None else Store(folder, clock=clock)
        self._name = name
        self._wire = Wire(self._answer)
        self._server = Server(self._wire, address=address, port=port, tls=tls)
        self._listening = False

    @abstractmethod
    def handle(self, request: Request) -> Response:
        """Answer one request."""

    @property
    def root(self) -> str:
        """What all addresses begin with: a relative root, without a slash at its end."""
        return ""

    @cached_property
    def manners(self) -> Manners:
        """How it signs people in."""
        return Manners()

    @cached_property
    def oauth(self) -> Provider:
        """Signing in: applications, people who consent, and what happened."""
        from pullbridge.testing.oauth.provider import Provider  # noqa: PLC0415 - Authlib, for who signs in

        return Provider(self.store, self.manners, root=self.root, url=lambda: self.url, behave=self.behave)

    def _answer(self, request: Request) -> Response:
        address = request.path.removeprefix(self.root)
        if request.path.startswith(self.root) and self.manners.serves(address):
            return self.oauth.answer(request, address)
        return self.handle(request)

    # -- where it is ---------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The web address, without a slash at its end."""
        with self.store.lock:
            if not self._listening:
                self._server.start()
                self._listening = True
        scheme, usual = ("https", 443) if self._server.secure else ("http", 80)
        port = "" if self._server.port == usual else f":{self._server.port}"
        return f"{scheme}://{self._name}{port}"

    @property
    def api_url(self) -> str:
        """The API's base address, without a slash at its end."""
        return self.url + self.api_path

    @property
    def settings(self) -> Settings:
        """What `connect` needs to know: the product, the API's address, and that no proxy leads to this machine."""
        return Settings(kind=self.kind, api_url=self.api_url, proxy="")

    def close(self) -> None:
        """Stop listening and delete everything."""
        self._wire.close()
        if self._listening:
            self._server.stop()
        self.store.close()

    # -- who and what there is -----------------------------------------------------------------------------------------

    def token(
        self,
        user: str,
        scopes: tuple[str, ...] | None = None,
        *,
        permissions: Mapping[str, str] | None = None,
        expired: bool = False,
        sso_url: str | None = None,
    ) -> str:
        """Make a token, and its user when there is none.

        Without more it may do all that the user may. `scopes` or `permissions` limit it, in the host's own words.
        `expired` makes it refused; `sso_url` makes it refused until it would be authorized there.
        """
        with self.store.lock:
            made = self.store.people.token(
                user,
                prefix=self.token_prefix(user, permissions),
                scopes=scopes,
                permissions=permissions,
                expired=expired,
                sso_url=sso_url,
            )
        return made.value

    def token_prefix(self, user: str, permissions: Mapping[str, str] | None) -> str:
        """What the host's tokens begin with."""
        del user, permissions
        return ""

    def revoke(self, token: str) -> None:
        """Make a token unknown."""
        self.store.people.revoke(token)

    def user(self, handle: str, name: str | None = None, *, organization: bool = False) -> None:
        """Make a user (or an organization)."""
        with self.store.lock:
            kind = UserKind.ORGANIZATION if organization else None
            self.store.people.user(handle, name=name, kind=kind)

    def team(self, organization: str, slug: str, members: tuple[str, ...] = ()) -> None:
        """Make a team."""
        with self.store.lock:
            self.store.people.team(organization, slug, members)

    def delete_user(self, handle: str) -> None:
        """Delete an account: what it wrote stays."""
        with self.store.lock:
            self.store.people.delete(handle)

    def repository(
        self,
        path: str,
        files: Files | None = None,
        private: bool = False,
        members: Mapping[str, str] | None = None,
    ) -> RepositoryHandle:
        """Make a repository with one commit of `files` on `main`.

        Every user may write to it, unless `members={"ada": "write", "bob": "read"}` says otherwise (the roles are
        `read triage write maintain admin`). Nobody but members, and without them every user, sees a private one.
        """
        with self.store.lock:
            made = self.store.repositories.create(path, files, private=private, members=members)
        return RepositoryHandle(self, made)

    def fork(self, path: str, owner: str) -> RepositoryHandle:
        """Make a user's fork of a repository."""
        with self.store.lock:
            made = self.store.repositories.fork(self._record(path), self.store.people.user(owner))
        return RepositoryHandle(self, made)

    def delete_fork(self, path: str) -> None:
        """Delete a repository; pull requests from it lose their source."""
        with self.store.lock:
            self.store.repositories.delete(self._record(path))

    def rename(self, path: str, new_path: str) -> None:
        """Give a repository another path; the old one redirects."""
        with self.store.lock:
            self.store.repositories.rename(self._record(path), new_path)

    def check(self, path: str, sha: str, name: str, state: str) -> None:
        """Report a check on a commit: a status (`success failure error pending`), else a check run's status or conclusion."""
        with self.store.lock:
            self.store.checks.report(self._record(path), sha, name, state)

    def require(
        self,
        path: str,
        branch: str = "main",
        *,
        reviews: int = 0,
        checks: tuple[str, ...] = (),
        strict: bool = False,
        queue: bool = False,
    ) -> None:
        """Protect a branch: approvals, checks by name, being up to date (`strict`), and a merge queue."""
        with self.store.lock:
            rule = Protection(reviews=reviews, checks=tuple(checks), strict=strict, queue=queue)
            self.store.repositories.protect(self._record(path), branch, rule)

    def _record(self, path: str) -> Repository:
        found = self.store.repositories.find(path)
        if found is None:
            raise LookupError(path)
        return found

    # -- what arrives, and what becomes of it --------------------------------------------------------------------------

    @property
    def requests(self) -> list[Exchange]:
        """All that arrived so far, in the order it was answered. Clear it with `requests.clear()`."""
        return self._wire.exchanges

    def behave(self, **how: Any) -> None:
        """Misbehave from now on (see `Fault` for the words); without any, behave again.

        Several calls add up: delays are summed, of the rest the first that matches is done.
        """
        if not how:
            self._wire.faults = []
            return
        self._wire.faults = [*self._wire.faults, Fault(**how)]

    def add_fault(self, fault: Fault) -> None:
        """The same with a ready fault."""
        self._wire.faults = [*self._wire.faults, replace(fault)]
