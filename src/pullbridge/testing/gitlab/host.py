"""GitLab as a host of a forge."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec
from werkzeug.wrappers import Request, Response

from pullbridge.testing.gitlab.app import API, App
from pullbridge.testing.gitlab.budget import RETRY_LATER, Budget, exhausted
from pullbridge.testing.gitlab.ci import report_job
from pullbridge.testing.gitlab.errors import too_many
from pullbridge.testing.gitlab.knobs import NEWEST, Knobs, Version
from pullbridge.testing.gitlab.oauth import GitLabManners
from pullbridge.testing.host import Host, RepositoryHandle
from pullbridge.testing.oauth.manners import Manners
from pullbridge.testing.store import Files, UserKind

TokenKind = Literal["personal", "oauth", "project", "group", "job"]
#: https://docs.gitlab.com/security/tokens/#token-prefixes
PREFIXES: dict[TokenKind, str] = {
    "personal": "glpat-",
    "oauth": "",
    "project": "glpat-",
    "group": "glpat-",
    "job": "glcbt-",
}


class GitLab(Host):
    """GitLab: its pages are below `url`, which has the relative root in it, and its API at `api_url`.

    `version` (`19.2.0-ee`; without `-ee` the Community Edition) and the root (`/gitlab`) say which one it is. The version
    may be set at any time.
    """

    kind = "gitlab"
    api_path = API

    def __init__(
        self,
        folder: Path,
        *,
        version: str = NEWEST,
        root: str = "",
        name: str = "127.0.0.1",
        address: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(folder, name=name, address=address, port=port, tls=tls, clock=clock)
        self._root = root.rstrip("/")
        self._app = App(self.store, version=Version(version), root=self._root)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        return self._app.handle(request)

    @property
    def root(self) -> str:
        """The relative root."""
        return self._root

    @cached_property
    def manners(self) -> Manners:
        """How it signs people in."""
        return GitLabManners(lambda: self._app)

    @property
    def url(self) -> str:
        """The web address with the relative root, without a slash at its end."""
        return super().url + self._root

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
        """Make a token, and its user when there is none.

        Without more it has the scopes `api`, `read_user`, `read_repository` and `write_repository`. `permissions` makes it
        a fine-grained one, with the names of permissions such as `read_merge_request` as keys. `kind` says whose it is: a
        person's, an application's (`oauth`), the bot's of a project or a group, or a job's. `expired` makes it refused.
        """
        del sso_url  # GitLab's single sign-on is no matter of a token's
        with self.store.lock:
            if kind in {"project", "group"}:
                self.store.people.user(user, kind=UserKind.BOT)
            made = self.store.people.token(
                user,
                prefix=PREFIXES[kind],
                scopes=scopes,
                permissions=permissions,
                expired=expired,
                kind=kind,
            )
        return made.value

    def behave(
        self,
        *,
        rate_limit: Literal["throttle", "application", "ban"] | None = None,
        retry_after: int | None = None,
        redirect: str | None = None,
        **how: Any,
    ) -> None:
        """Misbehave from now on (see `Fault` for the other words); without any, behave again.

        `rate_limit` answers that there were too many requests: 429 in plain text from the throttle before the application,
        429 in JSON from the application itself, or 403 to an address that is banned for a while. `retry_after` is in
        seconds. `redirect` answers 302 to there.
        """
        if rate_limit is not None:
            how |= self._limited(rate_limit, retry_after)
        if redirect is not None:
            how = {"status": 302, "headers": {"Location": redirect}} | how
        super().behave(**how)

    def _limited(self, kind: str, retry_after: int | None) -> dict[str, Any]:
        """https://docs.gitlab.com/security/rate_limits/"""
        waits = {} if retry_after is None else {"Retry-After": str(retry_after)}
        if kind == "ban":
            return {"status": 403, "headers": {"Content-Type": "text/plain"} | waits, "body": b"Forbidden\n"}
        if kind == "application":
            body = msgspec.json.encode(too_many().payload)
            return {"status": 429, "headers": {"Content-Type": "application/json"} | waits, "body": body}
        headers = exhausted(self.store.now().timestamp()) | {"Content-Type": "text/plain"} | waits
        return {"status": 429, "headers": headers, "body": RETRY_LATER}

    def repository(
        self,
        path: str,
        files: Files | None = None,
        private: bool = False,
        members: Mapping[str, str] | None = None,
    ) -> RepositoryHandle:
        """Make a project with one commit of `files` on `main`, and the groups that it is in: `group/sub/name`.

        Every user is a developer of it, unless `members={"ada": "write", "bob": "read"}` says otherwise: the roles `read
        triage write maintain admin` are reporters (twice), developers, maintainers and owners.
        """
        self._make_groups(path)
        return super().repository(path, files, private, members)

    def rename(self, path: str, new_path: str) -> None:
        """Give a project another path, and make the groups that it is in then; the old path redirects who reads."""
        self._make_groups(new_path)
        super().rename(path, new_path)

    def _make_groups(self, path: str) -> None:
        groups = path.split("/")[:-2]
        with self.store.lock:
            for depth in range(1, len(groups) + 1):
                self.store.people.user("/".join(groups[:depth]), kind=UserKind.ORGANIZATION)

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
        """Protect a branch. Approvals are required, and trains run, only with the licence for it."""
        paid = self._app.tier != "free"
        super().require(
            path, branch, reviews=reviews if paid else 0, checks=checks, strict=strict, queue=queue and paid
        )

    @property
    def version(self) -> str:
        """Which GitLab it is: `19.2.0-ee`."""
        return self._app.version.text

    @version.setter
    def version(self, text: str) -> None:
        self._app.version = Version(text)

    @property
    def knobs(self) -> Knobs:
        """How it behaves where GitLabs differ."""
        return self._app.knobs

    @property
    def budget(self) -> Budget:
        """Everybody's rate limit. `budget.limit = 10` sets one."""
        return self._app.budget

    def job(
        self, path: str, sha: str, name: str, status: str, *, stage: str = "test", allow_failure: bool = False
    ) -> None:
        """Report a job of a commit's pipeline in GitLab's words: `success failed running manual skipped canceled …`."""
        with self.store.lock:
            project = self._record(path)
            report_job(self.store, project, sha, name, status, stage=stage, allow_failure=allow_failure)

    def merge_ref(self, path: str, number: int) -> str:
        """Make what merging a merge request would give now, and return its commit: merged results' pipelines run on it."""
        with self.store.lock:
            return self._app.pipelines.merge_ref(self._record(path).pulls[number])
