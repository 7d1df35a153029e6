"""Bitbucket Data Center as a host of a forge."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from werkzeug.wrappers import Request, Response

from pullbridge.testing.bitbucket_dc.app import App
from pullbridge.testing.bitbucket_dc.budget import Budget, exhausted
from pullbridge.testing.bitbucket_dc.build_words import BuildState
from pullbridge.testing.bitbucket_dc.default_reviewers import Condition, Group
from pullbridge.testing.bitbucket_dc.knobs import NEWEST, Knobs, Version
from pullbridge.testing.bitbucket_dc.oauth import DataCenterManners
from pullbridge.testing.bitbucket_dc.shapes import Shapes
from pullbridge.testing.host import Host, RepositoryHandle
from pullbridge.testing.oauth.manners import Manners
from pullbridge.testing.store import Files, UserKind

TokenKind = Literal["personal", "repository", "project"]
#: What an HTTP access token begins with (https://jira.atlassian.com/browse/BSERV-13058 has one).
PREFIX = "BBDC-"


class DataCenterRepository(RepositoryHandle):
    """A repository from behind the scenes: its pages and its clone address are Data Center's."""

    _host: BitbucketDataCenter

    @property
    def url(self) -> str:
        """The web page: `…/projects/PRJ/repos/app`, or `…/users/ada/repos/app`."""
        shapes = Shapes(self._host.app, web=self._host.url, viewer=None)
        return f"{self._host.url}{shapes.page_of(self.record)}"

    @property
    def clone_url(self) -> str:
        """What `git clone` takes: `…/scm/prj/app.git`."""
        return f"{self._host.url}/scm/{self.path.lower()}.git"


class BitbucketDataCenter(Host):
    """Data Center: its pages are below `url`, which has the context path in it, and its REST at `api_url`.

    A repository's path is `PRJ/app`, or `~ada/app` for a personal one. `version` (`9.2.0`) and the context path
    (`/bitbucket`) say which one it is. The version may be set at any time.
    """

    kind = "bitbucket-dc"
    api_path = "/rest/api/latest"

    def __init__(
        self,
        folder: Path,
        *,
        version: str = NEWEST,
        context: str = "",
        name: str = "127.0.0.1",
        address: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(folder, name=name, address=address, port=port, tls=tls, clock=clock)
        self._context = context.rstrip("/")
        self.app: App = App(self.store, version=Version(version), context=self._context)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        return self.app.handle(request)

    @property
    def root(self) -> str:
        """The context path."""
        return self._context

    @cached_property
    def manners(self) -> Manners:
        """How it signs people in."""
        return DataCenterManners(lambda: self.app.version)

    @property
    def url(self) -> str:
        """The web address with the context path, without a slash at its end."""
        return super().url + self._context

    def token(
        self,
        user: str,
        scopes: tuple[str, ...] | None = None,
        *,
        permissions: Mapping[str, str] | None = None,
        expired: bool = False,
        sso_url: str | None = None,
        kind: TokenKind = "personal",
    ) -> str:
        """Make an HTTP access token, and its user when there is none.

        Without more it may do all that the user may; `scopes` such as `("PROJECT_READ", "REPO_WRITE")` limit it. A
        repository's or a project's token is used by a service account. `expired` makes it refused.
        """
        del permissions, sso_url  # not a matter of these tokens
        with self.store.lock:
            if kind != "personal":
                self.store.people.user(user, kind=UserKind.BOT)
            made = self.store.people.token(user, prefix=PREFIX, scopes=scopes, expired=expired, kind=kind)
        return made.value

    def password(self, user: str) -> str:
        """Make a password for `Basic`, and its user when there is none."""
        with self.store.lock:
            return self.store.people.token(user, kind="password").value

    def behave(self, *, rate_limit: bool = False, redirect: str | None = None, **how: Any) -> None:
        """Misbehave from now on (see `Fault` for the other words); without any, behave again.

        `rate_limit` answers 429, which tells nothing of when to come back. `redirect` answers 302 to there.
        """
        if rate_limit:
            how = self._limited() | how
        if redirect is not None:
            how = {"status": 302, "headers": {"Location": redirect}} | how
        super().behave(**how)

    @staticmethod
    def _limited() -> dict[str, Any]:
        answer = exhausted()
        return {"status": answer.status, "headers": answer.headers, "body": answer.payload}

    def budget(self, capacity: int | None, fill_rate: float = 5) -> None:
        """Limit everybody to so many requests at once, and so many more a second; `None` is no limit."""
        self.app.budget = Budget(capacity, fill_rate)

    def repository(
        self,
        path: str,
        files: Files | None = None,
        private: bool = False,
        members: Mapping[str, str] | None = None,
    ) -> DataCenterRepository:
        """Make a repository with one commit of `files` on `main`: `PRJ/app`, or `~ada/app` for a personal one.

        Every user may write to it, unless `members={"ada": "write", "bob": "read"}` says otherwise: `read` and `triage`
        are REPO_READ, `write` and `maintain` REPO_WRITE, `admin` REPO_ADMIN.
        """
        with self.store.lock:
            if path.startswith("~"):
                self.store.people.user(path[1:].partition("/")[0])
            made = self.store.repositories.create(path, files, private=private, members=members)
        return DataCenterRepository(self, made)

    def fork(self, path: str, owner: str) -> DataCenterRepository:
        """Make a personal fork of a repository."""
        with self.store.lock:
            self.store.people.user(owner.lstrip("~"))
            home = self.store.people.user(f"~{owner.lstrip('~')}", kind=UserKind.ORGANIZATION)
            made = self.store.repositories.fork(self._record(path), home)
        return DataCenterRepository(self, made)

    def delete_fork(self, path: str) -> None:
        """Delete a repository; open pull requests from it are declined.

        Seen on a 7.2.1: https://github.com/jenkinsci/bitbucket-branch-source-plugin/pull/322
        """
        with self.store.lock:
            gone = self._record(path)
            for name in gone.git.branches():
                self.store.repositories.delete_branch(gone, name, gone.owner)
            self.store.repositories.delete(gone)

    def build(self, path: str, sha: str, key: str, state: BuildState, **more: object) -> None:
        """Report a build in this host's words; `more` are other fields of a build status (`name`, `parent`, `ref`, …)."""
        with self.store.lock:
            told = {"key": key, "state": state, **more}
            self.app.builds.keep(self._record(path), sha, told, self.store.people.user("ci[bot]"))

    def default_reviewers(self, path: str, *people: str, required: int = 0, target: str | None = None) -> None:
        """Say who reviews what goes into a branch (or any), and how many of them must approve."""
        with self.store.lock:
            reviewers = [self.store.people.user(name) for name in people]
            branch = None if target is None else f"refs/heads/{target}"
            made = Condition(
                id=self.store.next_id(),
                repository=self._record(path),
                reviewers=reviewers,
                required=required,
                target=branch,
            )
            self.app.reviewing.conditions.append(made)

    def team(self, organization: str, slug: str, members: tuple[str, ...] = ()) -> None:
        """Make a group of reviewers of a project."""
        super().team(organization, slug, members)
        with self.store.lock:
            people = [self.store.people.user(name) for name in members]
            made = Group(id=self.store.next_id(), name=slug, users=people, key=organization.upper())
            self.app.reviewing.groups.append(made)

    @property
    def version(self) -> str:
        """Which Data Center it is: `9.2.0`."""
        return self.app.version.text

    @version.setter
    def version(self, text: str) -> None:
        self.app.version = Version(text)

    @property
    def knobs(self) -> Knobs:
        """How it behaves where Data Centers differ."""
        return self.app.knobs
