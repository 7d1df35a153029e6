"""A pull request on a forge's Bitbucket Cloud to talk about: what it changes, who looks at it, and what was sent."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pullbridge
from pullbridge import Credentials, Pull, Repository, Thread
from pullbridge.testing import Forge, RepositoryHandle

PATH = "octo/app"
EDGE, FORMER, MOVED, NEW, GONE = "src/edge.py", "former.py", "moved.py", "new.txt", "gone.txt"
LINES = [f"line {n}\n" for n in range(1, 41)]
#: Line 20 differs and two follow it that are new, so that all below have two numbers.
CHANGED = "".join([*LINES[:19], "changed\n", "added\n", "added too\n", *LINES[20:]])
#: The same with three more lines at its beginning, where no comment is.
PUSHED = f"first\nsecond\nthird\n{CHANGED}"


@dataclass
class Talk:
    """`ada` asks, `grace` reviews, `linus` may only read."""

    forge: Forge
    stack: ExitStack
    app: RepositoryHandle
    people: dict[str, Repository] = field(default_factory=dict)
    pull: Pull = field(init=False)

    def as_(self, handle: str) -> Repository:
        """Connect as somebody, once."""
        if handle not in self.people:
            self.people[handle] = self.with_(pullbridge.Token(self.forge.bitbucket_cloud.token(handle)))
        return self.people[handle]

    def with_(self, credentials: Credentials, path: str = PATH) -> Repository:
        """Connect with a credential."""
        host = self.forge.bitbucket_cloud
        opened = pullbridge.connect(f"{host.url}/{path}", credentials=credentials, settings=host.settings)
        return self.stack.enter_context(opened)

    @property
    def ada(self) -> Repository:
        return self.as_("ada")

    @property
    def grace(self) -> Repository:
        return self.as_("grace")

    @property
    def head(self) -> str:
        return self.app.head("edge")

    def push(self, path: str = EDGE, text: str | bytes | None = PUSHED) -> str:
        """Push to the source branch; gives the commit."""
        return self.app.commit("edge", {path: text})

    def threads(self) -> tuple[Thread, ...]:
        """What is said, as the author sees it."""
        return self.ada.threads.list(self.pull)

    def only(self) -> Thread:
        """The one conversation."""
        (thread,) = self.threads()
        return thread

    def forget(self) -> None:
        """Forget what was sent."""
        self.forge.bitbucket_cloud.requests.clear()

    def sent(self, method: str = "", path: str = "") -> list[str]:
        """What was sent since, behind the repository's own path."""
        told = (
            f"{each.method} {unquote(each.path).partition('/2.0')[2].removeprefix(f'/repositories/{PATH}')}"
            for each in self.forge.bitbucket_cloud.requests
        )
        return [each for each in told if method in each and path in each]

    def written(self) -> list[str]:
        """The same of what changes something."""
        return [each for each in self.sent() if not each.startswith("GET")]

    def body(self, path: str, method: str = "POST") -> Any:
        """The body of the last request with that method whose path ends so."""
        rows = self.forge.bitbucket_cloud.requests
        return json.loads([row.body for row in rows if row.method == method and row.path.endswith(path)][-1])


def begun(forge: Forge, stack: ExitStack) -> Talk:
    """Set the scene."""
    host = forge.bitbucket_cloud
    app = host.repository(PATH, members={"ada": "admin", "grace": "write", "linus": "read"})
    whole = "".join(LINES)
    app.commit("main", {EDGE: whole, FORMER: whole, GONE: "all of it\ngoes away\n"})
    moved = "".join([*LINES[:4], "x\n", *LINES[4:]])
    app.commit("edge", {EDGE: CHANGED, FORMER: None, MOVED: moved, NEW: "one\ntwo\n", GONE: None})
    talk = Talk(forge, stack, app)
    talk.pull = talk.ada.pulls.create("Fix the edge", "edge", "main", "Why.")
    talk.forget()
    return talk
