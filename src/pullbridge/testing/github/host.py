"""GitHub as a host of a forge."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec
from werkzeug.wrappers import Request, Response

from pullbridge.testing.github.app import App
from pullbridge.testing.github.apps import Installation
from pullbridge.testing.github.budget import Budget
from pullbridge.testing.github.errors import DOCS
from pullbridge.testing.github.knobs import Knobs
from pullbridge.testing.github.oauth import GitHubManners
from pullbridge.testing.host import Host
from pullbridge.testing.oauth.manners import Manners

#: How long the rate limit that `behave(rate_limit=…)` reports lasts, in seconds.
LASTS = 1800

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to "
    "GitHub Support for help, please include the request ID."
)


class GitHub(Host):
    """GitHub: its API is at `api_url` in Enterprise's way, and below `url` in github.com's.

    `enterprise_version` makes it an Enterprise Server of that version: it says so in a header and in `/meta`, and has no
    rate limit. It may be set at any time.
    """

    kind = "github"
    api_path = "/api/v3"

    def __init__(
        self,
        folder: Path,
        *,
        enterprise_version: str | None = None,
        name: str = "127.0.0.1",
        address: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(folder, name=name, address=address, port=port, tls=tls, clock=clock)
        self._app = App(self.store, enterprise_version=enterprise_version)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        return self._app.handle(request)

    def token_prefix(self, user: str, permissions: Mapping[str, str] | None) -> str:
        """https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/"""
        if user.endswith("[bot]"):
            return "ghs_"
        return "ghp_" if permissions is None else "github_pat_"

    @cached_property
    def manners(self) -> Manners:
        """How it signs people in."""
        return GitHubManners(lambda: self.enterprise_version is not None)

    def install(
        self,
        app_id: str,
        public_key: str,
        *,
        account: str,
        permissions: Mapping[str, str],
        repositories: tuple[str, ...] | None = None,
        slug: str = "an-app",
        number: int | None = None,
    ) -> int:
        """Install a GitHub App, whose key in PEM is `public_key`, in an account; gives the installation's number.

        Its tokens reach all of the account's repositories, or those of these paths, and act as `<slug>[bot]`.
        """
        number = self.store.next_id() if number is None else number
        self._app.installations.known[number] = Installation(
            id=number,
            app_id=app_id,
            public_key=public_key,
            slug=slug,
            account=account,
            permissions=permissions,
            repositories=repositories,
        )
        return number

    @property
    def enterprise_version(self) -> str | None:
        """The version of the Enterprise Server it is; `None` for github.com."""
        return self._app.enterprise_version

    @enterprise_version.setter
    def enterprise_version(self, version: str | None) -> None:
        self._app.enterprise_version = version

    @property
    def graphql(self) -> Knobs:
        """How GraphQL behaves where GitHubs differ."""
        return self._app.knobs

    def stack(self, path: str, *numbers: int) -> None:
        """Make pull requests a stack, from the bottom up: each is then merged with all below it, in the background alone."""
        record = self._record(path)
        pulls = [self.store.pulls.find(record, number) for number in numbers]
        self.graphql.stacks.stacks.append(tuple(pull for pull in pulls if pull is not None))

    @property
    def budget(self) -> Budget:
        """Everybody's rate limit. `budget.limits["core"] = 10` sets one."""
        return self._app.budget

    def behave(
        self,
        *,
        rate_limit: Literal["primary", "secondary", "graphql"] | None = None,
        retry_after: int | None = None,
        redirect: str | None = None,
        **how: Any,
    ) -> None:
        """Misbehave from now on (see `Fault` for the other words); without any, behave again.

        `rate_limit` answers that the limit is reached: the hourly one (`primary`), the one for haste (`secondary`, with
        `Retry-After` when `retry_after` says so), or GraphQL's, which has status 200. `redirect` answers 302 to there.
        """
        if rate_limit == "graphql":
            how.setdefault("path", "*/graphql")
        if rate_limit is not None:
            how |= self._limited(rate_limit, retry_after)
        if redirect is not None:
            how = {"status": 302, "headers": {"Location": redirect}} | how
        super().behave(**how)

    def _limited(self, kind: str, retry_after: int | None) -> dict[str, Any]:
        reset = int(self.store.now().timestamp()) + LASTS
        left = 0 if kind == "primary" else 4000
        limit = {"Limit": 5000, "Remaining": left, "Used": 5000 - left, "Reset": reset}
        headers = {f"X-RateLimit-{name}": str(value) for name, value in limit.items()}
        headers |= {"Content-Type": "application/json; charset=utf-8", "X-RateLimit-Resource": "core"}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        if kind == "graphql":
            headers |= {"X-RateLimit-Resource": "graphql", "X-RateLimit-Remaining": "0"}
            error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}
            return {"status": 200, "headers": headers, "body": msgspec.json.encode({"errors": [error]})}
        message = "API rate limit exceeded for user ID 1." if kind == "primary" else SECONDARY
        body = msgspec.json.encode({"message": message, "documentation_url": DOCS, "status": "403"})
        return {"status": 403, "headers": headers, "body": body}
