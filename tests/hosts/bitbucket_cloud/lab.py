"""A repository on a forge's Bitbucket Cloud, and connections to it, for tests of single verbs."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pullbridge
from pullbridge import Credentials, Host, Pull, Repository
from pullbridge.testing import Forge, RepositoryHandle
from pullbridge.testing.bitbucket_cloud.host import BitbucketCloud

PATH = "octo/app"


@dataclass
class Lab:
    """`ada` administers a repository with a branch `fix`, `grace` may write, `linus` reads."""

    forge: Forge
    stack: ExitStack
    app: RepositoryHandle
    people: dict[tuple[str, str], Repository] = field(default_factory=dict)

    @property
    def host(self) -> BitbucketCloud:
        return self.forge.bitbucket_cloud

    def as_(self, handle: str, path: str = PATH) -> Repository:
        """Connect as somebody, once."""
        if (handle, path) not in self.people:
            self.people[handle, path] = self.with_(pullbridge.Token(self.host.token(handle)), path)
        return self.people[handle, path]

    def with_(self, credentials: Credentials, path: str = PATH) -> Repository:
        """Connect with a credential."""
        opened = pullbridge.connect(f"{self.host.url}/{path}", credentials=credentials, settings=self.host.settings)
        return self.stack.enter_context(opened)

    def everywhere(self, handle: str) -> Host:
        """The host, as somebody."""
        sign = pullbridge.Token(self.host.token(handle))
        return self.stack.enter_context(
            pullbridge.open_host(self.host.url, credentials=sign, settings=self.host.settings)
        )

    @property
    def repo(self) -> Repository:
        """As its administrator sees it."""
        return self.as_("ada")

    def opened(self, source: str = "fix", title: str = "Fix the edge", **more: Any) -> Pull:
        """Open a pull request, then forget what was sent."""
        pull = self.repo.pulls.create(title, source, "main", "Why.", **more)
        self.host.requests.clear()
        return pull

    def sent(self) -> list[str]:
        """What was asked since, behind the repository's own path."""
        paths = ((each.method, unquote(each.path).partition("/2.0")[2]) for each in self.host.requests)
        return [f"{method} {path.removeprefix(f'/repositories/{PATH}')}" for method, path in paths]

    def bodies(self, method: str) -> list[Any]:
        """The bodies of the requests with this method."""
        return [json.loads(each.body) for each in self.host.requests if each.method == method]

    def queries(self, path: str) -> list[str]:
        """The queries of the requests whose path ends so."""
        found = ((each.path, each.query) for each in self.host.requests)
        return [unquote(query.replace("+", " ")) for there, query in found if there.endswith(path)]


def made(forge: Forge, stack: ExitStack) -> Lab:
    """Set the scene."""
    app = forge.bitbucket_cloud.repository(PATH, members={"ada": "admin", "grace": "write", "linus": "read"})
    app.commit("fix", {"a.txt": "1\n"})
    for name in ("ada", "grace", "linus"):
        forge.bitbucket_cloud.user(name)
    return Lab(forge, stack, app)
