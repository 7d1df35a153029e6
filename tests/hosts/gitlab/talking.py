"""A merge request to talk about: what it changes, who looks at it, and what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.hosts.gitlab.lab import Lab

from pullbridge import Pull, Repository, Thread

EDGE, FORMER, MOVED, NEW, GONE = "src/edge.py", "former.py", "moved.py", "new.txt", "gone.txt"
LINES = [f"line {n}\n" for n in range(1, 41)]
#: Line 20 differs and two follow it that are new, so that all below have two numbers.
CHANGED = "".join([*LINES[:19], "changed\n", "added\n", "added too\n", *LINES[20:]])
#: The same with three more lines at its beginning, where no comment is.
PUSHED = f"first\nsecond\nthird\n{CHANGED}"


@dataclass
class Talk:
    """`ada` asks, `grace` reviews, `linus` may only read."""

    lab: Lab
    pull: Pull

    @property
    def ada(self) -> Repository:
        return self.lab.as_("ada")

    @property
    def grace(self) -> Repository:
        return self.lab.as_("grace")

    @property
    def head(self) -> str:
        return self.lab.app.head("edge")

    def push(self, path: str = EDGE, text: str = PUSHED) -> str:
        """Push to the source branch; gives the commit."""
        return self.lab.app.commit("edge", {path: text})

    def threads(self) -> tuple[Thread, ...]:
        """What is said, as the author sees it."""
        return self.ada.threads.list(self.pull)

    def only(self) -> Thread:
        """The one conversation."""
        (thread,) = self.threads()
        return thread

    def forget(self) -> None:
        """Forget what was sent."""
        self.lab.forge.gitlab.requests.clear()

    def sent(self, method: str = "", path: str = "") -> list[str]:
        """What was sent since, behind the merge request's own path."""
        told = (each.replace("/projects/group%2Fsub%2Fapp", "") for each in self._asked())
        return [each for each in told if method in each and path in each]

    def written(self) -> list[str]:
        """The same of what changes something."""
        return [each for each in self.sent() if not each.startswith("GET")]

    def _asked(self) -> Iterator[str]:
        for each in self.lab.forge.gitlab.requests:
            where = each.path.partition("/api/")[2].removeprefix("v4")
            if where == "graphql" and b"mutation" not in each.body:
                yield "GET a query"
            else:
                yield f"{each.method} {where}"

    def body(self, path: str, method: str = "POST") -> Any:
        """The body of the last request with that method whose path ends so."""
        found = [
            each.body for each in self.lab.forge.gitlab.requests if each.method == method and each.path.endswith(path)
        ]
        return json.loads(found[-1])


def begun(lab: Lab) -> Talk:
    """Set the scene."""
    lab.forge.gitlab.knobs.preparation_reads = 0
    whole = "".join(LINES)
    lab.app.commit("main", {EDGE: whole, FORMER: whole, GONE: "all of it\ngoes away\n"})
    moved = "".join([*LINES[:4], "x\n", *LINES[4:]])
    lab.app.commit("edge", {EDGE: CHANGED, FORMER: None, MOVED: moved, NEW: "one\ntwo\n", GONE: None})
    return Talk(lab, lab.opened("edge"))
