"""One project with one merge request, seen by stock python-gitlab: its author ada, the reviewer bob, the reader eve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import gitlab
import pytest
import requests
from gitlab.v4.objects import ProjectMergeRequest

from pullbridge.testing import Forge, RepositoryHandle

LINES = [f"line {number}" for number in range(1, 41)]


def text(lines: list[str]) -> str:
    """The lines as a file."""
    return "".join(f"{line}\n" for line in lines)


def changed() -> list[str]:
    """`a.py` of the merge request: line 20 became two others, line 30 is gone."""
    lines = list(LINES)
    lines[19:20] = ["first new", "second new"]
    lines.remove("line 30")
    return lines


FILES: dict[str, str | bytes | None] = {
    "a.py": text(LINES),
    "old.py": text(LINES),
    "gone.txt": "1\n2\n",
    "logo.bin": b"\x00\x01",
}


@dataclass
class Scene:
    """`a.py` is changed, `old.py` renamed to `new.py` and edited, `gone.txt` removed, `fresh.py` and `logo.bin` new."""

    forge: Forge
    app: RepositoryHandle
    head: str
    clients: dict[str, gitlab.Gitlab] = field(default_factory=dict)
    number: int = 1

    def client(self, who: str) -> gitlab.Gitlab:
        """Stock python-gitlab, for somebody."""
        if who not in self.clients:
            token = self.forge.gitlab.token(who)
            self.clients[who] = gitlab.Gitlab(self.forge.gitlab.url, private_token=token, per_page=100)
        return self.clients[who]

    def pull(self, who: str = "bob", *, reads: int = 1) -> ProjectMergeRequest:
        """The merge request as somebody sees it, after so many reads."""
        found = [self.client(who).projects.get("group/app").mergerequests.get(self.number) for _ in range(reads)]
        return found[-1]

    def raw(self, who: str, method: str, path: str, **sent: Any) -> requests.Response:
        """A bare request below the merge request."""
        client = self.client(who)
        url = f"{self.forge.gitlab.api_url}/projects/group%2Fapp/merge_requests/{self.number}{path}"
        headers = {"PRIVATE-TOKEN": client.private_token or ""}
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, url, headers=headers, json=sent or None, timeout=20)

    def position(self, path: str = "a.py", old_path: str | None = None, **more: Any) -> dict[str, Any]:
        """A position in today's diff."""
        refs = self.pull().diff_refs
        return {"position_type": "text", "old_path": old_path or path, "new_path": path, **refs, **more}

    def start(self, body: str = "Why?", who: str = "bob", **position: Any) -> Any:
        """Start a thread on a place in today's diff."""
        return self.pull(who).discussions.create({"body": body, "position": self.position(**position)})


@pytest.fixture
def make() -> Iterator[Callable[..., Scene]]:
    """Make a scene; what is given goes to the forge."""
    forges: list[Forge] = []

    def made(**options: Any) -> Scene:
        forge = Forge(**options)
        forges.append(forge)
        roles = {"ada": "write", "bob": "write", "cid": "maintain", "eve": "read", "robot[bot]": "write"}
        app = forge.gitlab.repository("group/app", FILES, members=roles)
        renamed = ["another 1", *LINES[1:]]
        files = {
            "a.py": text(changed()),
            "old.py": None,
            "new.py": text(renamed),
            "gone.txt": None,
            "fresh.py": "one\ntwo\n",
            "logo.bin": b"\x00\x02",
        }
        head = app.commit("fix", files, "Fix it")
        scene = Scene(forge, app, head)
        project = scene.client("ada").projects.get("group/app")
        project.mergerequests.create({"title": "Fix", "source_branch": "fix", "target_branch": "main"})
        scene.pull("ada", reads=2)
        return scene

    yield made
    for forge in forges:
        forge.close()


@pytest.fixture
def scene(make: Callable[..., Scene]) -> Scene:
    """A scene on the newest GitLab."""
    return make()
