"""A repository on a forge's Data Center, with a pull request to talk about, for tests of single verbs."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pullbridge
from pullbridge import Pull, Repository, Thread
from pullbridge.testing import Forge, RepositoryHandle
from pullbridge.testing.bitbucket_dc.host import BitbucketDataCenter

PATH = "OCTO/app"
EDGE, FORMER, MOVED, NEW, GONE = "src/edge.py", "former.py", "moved.py", "new.txt", "gone.txt"
LINES = [f"line {n}\n" for n in range(1, 61)]
#: Line 20 differs and two follow it that are new, and line 40 is gone.
CHANGED = "".join([*LINES[:19], "changed\n", "added\n", "added too\n", *LINES[20:39], *LINES[40:]])
#: The same with three more lines at its beginning, where no comment is.
PUSHED = f"first\nsecond\nthird\n{CHANGED}"


@dataclass
class Lab:
    """`ada` asks, `grace` and `linus` review; each is connected when first asked for."""

    host: BitbucketDataCenter
    app: RepositoryHandle
    stack: ExitStack
    people: dict[str, Repository] = field(default_factory=dict)
    pull: Pull = field(init=False)

    def as_(self, handle: str) -> Repository:
        """Connect as somebody."""
        if handle not in self.people:
            token = pullbridge.Token(self.host.token(handle))
            opened = pullbridge.connect(self.app.url, credentials=token, settings=self.host.settings)
            self.people[handle] = self.stack.enter_context(opened)
        return self.people[handle]

    @property
    def ada(self) -> Repository:
        return self.as_("ada")

    @property
    def grace(self) -> Repository:
        return self.as_("grace")

    @property
    def head(self) -> str:
        return self.app.head("edge")

    def push(self, path: str = EDGE, text: str = PUSHED) -> str:
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
        self.host.requests.clear()

    def sent(self, method: str = "", path: str = "") -> list[str]:
        """What was sent since, behind the pull request's own path."""
        told = [f"{each.method} {each.path.partition('/rest/')[2]}" for each in self.host.requests]
        short = [each.replace("api/latest/projects/OCTO/repos/app/", "") for each in told]
        return [each for each in short if each.startswith(method) and path in each]

    def written(self) -> list[str]:
        """The same of what changes something."""
        return [each for each in self.sent() if not each.startswith("GET")]

    def body(self, path: str, method: str = "POST") -> Any:
        """The body of the last request with that method whose path ends so."""
        found = [each.body for each in self.host.requests if each.method == method and each.path.endswith(path)]
        return json.loads(found[-1])


def made(forge: Forge, stack: ExitStack, path: str = PATH) -> Lab:
    """Set the scene."""
    host, whole = forge.bitbucket_dc, "".join(LINES)
    app = host.repository(path, {EDGE: whole, FORMER: whole, GONE: "all of it\ngoes away\n"})
    moved = "".join([*LINES[:4], "x\n", *LINES[4:]])
    app.commit("edge", {EDGE: CHANGED, FORMER: None, MOVED: moved, NEW: "one\ntwo\n", GONE: None})
    lab = Lab(host, app, stack)
    lab.pull = lab.ada.pulls.create("Fix the edge", "edge", "main", "Why.")
    host.requests.clear()
    return lab
