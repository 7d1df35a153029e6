"""GitLab as a host of a forge."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from werkzeug.wrappers import Request, Response

from pullbridge.testing.gitlab.app import API, App
from pullbridge.testing.gitlab.budget import Budget
from pullbridge.testing.gitlab.knobs import NEWEST, Knobs, Version
from pullbridge.testing.host import Host


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
    def url(self) -> str:
        """The web address with the relative root, without a slash at its end."""
        return super().url + self._root

    def token_prefix(self, user: str, permissions: Mapping[str, str] | None) -> str:
        """https://docs.gitlab.com/security/tokens/#token-prefixes"""
        del user, permissions
        return "glpat-"

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
