"""Bitbucket Cloud as a host of a forge."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec
from werkzeug.wrappers import Request, Response

from pullbridge.testing.bitbucket_cloud.access import RESOURCES
from pullbridge.testing.bitbucket_cloud.app import API, App
from pullbridge.testing.bitbucket_cloud.budget import Budget
from pullbridge.testing.bitbucket_cloud.errors import TOO_MANY, ApiError
from pullbridge.testing.bitbucket_cloud.identity import account_id, uuid_of
from pullbridge.testing.bitbucket_cloud.knobs import Knobs
from pullbridge.testing.bitbucket_cloud.oauth import BitbucketCloudManners
from pullbridge.testing.bitbucket_cloud.talk import Remark
from pullbridge.testing.host import Host
from pullbridge.testing.oauth.manners import Manners
from pullbridge.testing.store import UserKind

TokenKind = Literal["oauth", "api", "app-password", "repository", "project", "workspace"]
#: https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/
PREFIXES: dict[TokenKind, str] = {
    "oauth": "",
    "api": "ATATT3xFfGF0",
    "app-password": "ATBB",
    "repository": "ATCTT3xFfGN0",
    "project": "ATCTT3xFfGN0",
    "workspace": "ATCTT3xFfGN0",
}


class BitbucketCloud(Host):
    """Bitbucket Cloud: its pages are below `url`, its API at `api_url`. A repository's owner is its workspace."""

    kind = "bitbucket-cloud"
    api_path = API

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
        super().__init__(folder, name=name, address=address, port=port, tls=tls, clock=clock)
        self._app = App(self.store)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        return self._app.handle(request)

    @cached_property
    def manners(self) -> Manners:
        """How it signs people in."""
        return BitbucketCloudManners()

    @property
    def knobs(self) -> Knobs:
        """How it behaves where one cannot be sure, and where it takes long."""
        return self._app.knobs

    @property
    def budget(self) -> Budget:
        """Everybody's hourly rate limit. `budget.limit = 10` sets one."""
        return self._app.budget

    # -- who there is --------------------------------------------------------------------------------------------------

    def token(
        self,
        user: str,
        scopes: tuple[str, ...] | None = None,
        *,
        permissions: Mapping[str, str] | None = None,
        expired: bool = False,
        sso_url: str | None = None,
        kind: TokenKind = "oauth",
        at: str = "",
        length: int = 0,
    ) -> str:
        """Make a token, and its user when there is none.

        Without `scopes` it may do all that its kind can. Those of `oauth` come as `Bearer`; those of `api` as the password of
        `Basic`, after `email(user)`; so do app passwords, which are refused. The access token of a `repository`, a `project`
        or a `workspace` (`at="octo/app"`, `at="octo"`) is `Bearer`, and belongs to a bot, which `user` names. `length` is how
        many characters it has at least.
        """
        del permissions, sso_url  # Bitbucket's tokens have scopes only
        prefix = PREFIXES[kind] + secrets.token_hex(max(0, (length - 36 + 1) // 2))
        with self.store.lock:
            if kind in RESOURCES:
                bot = self.store.people.user(user, kind=UserKind.BOT)
                self._app.bots[bot] = f"{kind}_access_token"
            made = self.store.people.token(user, prefix=prefix, scopes=scopes, expired=expired, kind=kind)
            if kind in RESOURCES:
                self._app.bound[made.value] = at
        return made.value

    def email(self, user: str) -> str:
        """The e-mail address of a user: what comes before an API token."""
        with self.store.lock:
            return self.store.people.user(user).email

    def uuid(self, user: str) -> str:
        """A user's uuid, in its braces."""
        with self.store.lock:
            return uuid_of(self.store.people.user(user))

    def account_id(self, user: str) -> str:
        """A user's Atlassian account id."""
        with self.store.lock:
            return account_id(self.store.people.user(user))

    def nickname(self, user: str, nickname: str) -> None:
        """Let a user call themself something; two may use the same name."""
        with self.store.lock:
            self._app.nicknames[self.store.people.user(user)] = nickname

    def deactivate(self, user: str) -> None:
        """Suspend an account: it cannot be asked for reviews any more, and whoever sends it along is refused."""
        with self.store.lock:
            self._app.inactive.add(self.store.people.user(user))

    def leave(self, workspace: str, user: str) -> None:
        """Take a user out of a workspace; they stay a reviewer where they are one, until somebody edits that."""
        with self.store.lock:
            self._app.left.add((workspace.lower(), self.store.people.user(user)))

    def default_reviewers(self, path: str, *users: str) -> None:
        """Say who a repository's default reviewers are."""
        with self.store.lock:
            people = [self.store.people.user(user) for user in users]
            self._app.default_reviewers[self._record(path)] = people

    # -- behind the scenes ---------------------------------------------------------------------------------------------

    def supersede(self, path: str, number: int) -> None:
        """Close a pull request as one that another took the place of; no API call does that."""
        with self.store.lock:
            pull = self._record(path).pulls[number]
            self._app.states.of(pull).superseded = True
            self.store.pulls.close(pull, pull.author)

    def comments(self, path: str, number: int, user: str, count: int) -> None:
        """Let a user say many things about a pull request as a whole, without a request for each."""
        with self.store.lock:
            pull, author = self._record(path).pulls[number], self.store.people.user(user)
            state, now = self._app.states.of(pull), self.store.now()
            for each in range(count):
                remark = Remark(
                    id=self.store.next_id(),
                    pull=pull,
                    author=author,
                    body=f"Remark {each}",
                    created_at=now,
                    updated_at=now,
                )
                state.remarks.append(remark)

    def behave(
        self,
        *,
        rate_limit: bool = False,
        retry_after: int | None = None,
        redirect: str | None = None,
        **how: Any,
    ) -> None:
        """Misbehave from now on (see `Fault` for the other words); without any, behave again.

        `rate_limit` answers 429, which Bitbucket does without saying for how long, unless `retry_after` does. `redirect`
        answers 302 to there.
        """
        if rate_limit:
            waits = {} if retry_after is None else {"Retry-After": str(retry_after)}
            body = msgspec.json.encode(ApiError(429, TOO_MANY).payload)
            how = {"status": 429, "headers": {"Content-Type": "application/json"} | waits, "body": body} | how
        if redirect is not None:
            how = {"status": 302, "headers": {"Location": redirect}} | how
        super().behave(**how)
