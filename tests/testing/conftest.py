"""A small world: one repository, one open pull request, and raw sessions for its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from pullbridge.testing import Forge, RepositoryHandle

LINES = [f"line {number}" for number in range(1, 41)]


def text(lines: list[str]) -> str:
    """The lines as a file."""
    return "".join(f"{line}\n" for line in lines)


class Client:
    """A raw session below an API's base address: what it gets is what was sent."""

    def __init__(self, base: str, token: str | None) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        if token is not None:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, *, expect: int | None = None, **more: Any) -> requests.Response:
        """Send one request; `expect` is the status that the answer must have."""
        url = path if path.startswith("http") else self.base + path
        answer = self.session.request(method, url, timeout=20, allow_redirects=False, **more)
        if expect is not None:
            assert answer.status_code == expect, answer.text
        return answer


@dataclass
class World:
    """`app` has the branch `fix`, which changes line 20 of `a.txt` and moves, deletes and adds files; `pull` is its."""

    forge: Forge
    app: RepositoryHandle
    client: Callable[[str | None], Client]
    ada: Client
    bob: Client
    head: str

    def pull(self, number: int = 1) -> dict[str, Any]:
        """The pull request, mergeability and all."""
        self.ada("GET", f"/pulls/{number}")
        found: dict[str, Any] = self.ada("GET", f"/pulls/{number}", expect=200).json()
        return found


@pytest.fixture
def world(forge: Forge) -> Iterator[World]:
    """A world of its own for each test."""
    app = forge.github.repository(
        "octo/app",
        files={"a.txt": text(LINES), "gone.txt": "bye\n", "old.txt": text(LINES[:9]), "logo.png": b"\x89PNG\0\1"},
    )
    head = app.commit(
        "fix",
        {
            "a.txt": text([*LINES[:19], "line twenty", *LINES[20:]]),
            "gone.txt": None,
            "old.txt": None,
            "new.txt": text(LINES[:9]),
            "logo.png": b"\x89PNG\0\2",
            "b/c.txt": "one\ntwo\n",
        },
        message="Spell it out",
        author="ada",
    )
    with ExitStack() as stack:

        def client(token: str | None) -> Client:
            made = Client(f"{forge.github.api_url}/repos/{app.path}", token)
            stack.callback(made.session.close)
            return made

        ada, bob = (client(forge.github.token(who)) for who in ("ada", "bob"))
        ada("POST", "/pulls", json={"title": "Fix", "head": "fix", "base": "main", "body": "So."}, expect=201)
        yield World(forge, app, client, ada, bob, head)
