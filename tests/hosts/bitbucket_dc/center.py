"""A repository on a forge's Data Center, and a connection to it, for tests of single verbs."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pullbridge
from pullbridge import Pull, Repository
from pullbridge.testing import Forge, RepositoryHandle

PATH = "PRJ/app"
LINES = [f"line {n}\n" for n in range(1, 41)]


@dataclass
class Center:
    """`ada` administers a repository with a branch `fix`; `people` are connected as they are asked for."""

    forge: Forge
    stack: ExitStack
    app: RepositoryHandle
    people: dict[tuple[str, str], Repository] = field(default_factory=dict)

    def as_(self, handle: str, path: str = PATH) -> Repository:
        """Connect as somebody."""
        if (handle, path) not in self.people:
            host = self.forge.bitbucket_dc
            sign = pullbridge.Token(host.token(handle))
            opened = pullbridge.connect(f"{host.url}/{path}", credentials=sign, settings=host.settings)
            self.people[handle, path] = self.stack.enter_context(opened)
        return self.people[handle, path]

    @property
    def repo(self) -> Repository:
        """The repository as its administrator sees it."""
        return self.as_("ada")

    def opened(self, source: str = "fix", title: str = "Fix the edge", **more: Any) -> Pull:
        """Open a pull request, then forget what was sent."""
        pull = self.repo.pulls.create(title, source, "main", "Why.", **more)
        self.forget()
        return pull

    def forget(self) -> None:
        """Forget what was sent."""
        self.forge.bitbucket_dc.requests.clear()

    def sent(self) -> list[str]:
        """What was asked since, behind the repository's own path where it is below that."""
        asked = (f"{each.method} {each.path.partition('/rest/')[2]}" for each in self.forge.bitbucket_dc.requests)
        return [each.replace("api/latest/projects/PRJ/repos/app", "") for each in asked]

    def body(self, path: str, method: str = "POST") -> Any:
        """The body of the last request with that method whose path ends so."""
        found = [
            each.body for each in self.forge.bitbucket_dc.requests if each.method == method and each.path.endswith(path)
        ]
        return json.loads(found[-1])


def made(forge: Forge, stack: ExitStack) -> Center:
    """Set the scene."""
    members = {"ada": "admin", "grace": "write", "linus": "read", "barbara": "read"}
    app = forge.bitbucket_dc.repository(PATH, members=members)
    app.commit("fix", {"a.txt": "1\n"})
    return Center(forge, stack, app)
