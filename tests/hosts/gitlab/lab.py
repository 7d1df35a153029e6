"""A project on a forge's GitLab, and a connection to it, for tests of single verbs."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

import pullbridge
from pullbridge import Pull, Repository
from pullbridge.testing import Forge, RepositoryHandle

PATH = "group/sub/app"


@dataclass
class Lab:
    """`ada` owns a project with a branch `fix`; `people` are connected as they are asked for."""

    forge: Forge
    stack: ExitStack
    app: RepositoryHandle
    people: dict[tuple[str, str], Repository] = field(default_factory=dict)

    def as_(self, handle: str, path: str = PATH) -> Repository:
        """Connect as somebody."""
        if (handle, path) not in self.people:
            host = self.forge.gitlab
            sign = pullbridge.Token(host.token(handle))
            opened = pullbridge.connect(f"{host.url}/{path}", credentials=sign, settings=host.settings)
            self.people[handle, path] = self.stack.enter_context(opened)
        return self.people[handle, path]

    @property
    def repo(self) -> Repository:
        """The project as its owner sees it."""
        return self.as_("ada")

    def opened(self, source: str = "fix", title: str = "Fix the edge") -> Pull:
        """Open a merge request, and look at it once, so that GitLab has prepared it; then forget what was sent."""
        pull = self.repo.pulls.create(title, source, "main", "Why.")
        found = self.repo.pulls.get(pull)
        self.forge.gitlab.requests.clear()
        return found

    def sent(self) -> list[str]:
        """What was asked since, without the instance's own address."""
        return [f"{each.method} {each.path.partition('/api/v4')[2]}" for each in self.forge.gitlab.requests]

    def bodies(self, method: str) -> list[str]:
        """The bodies of the requests with this method."""
        return [each.body.decode() for each in self.forge.gitlab.requests if each.method == method]


def made(forge: Forge, stack: ExitStack) -> Lab:
    """Set the scene."""
    app = forge.gitlab.repository(PATH, members={"ada": "admin", "grace": "write", "linus": "read"})
    app.commit("fix", {"a.txt": "1\n"})
    return Lab(forge, stack, app)
