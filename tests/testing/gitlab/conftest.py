"""A GitLab of its own for each test, with a project, a branch to merge, and raw sessions for its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from pullbridge.testing import Forge, RepositoryHandle
from pullbridge.testing.gitlab.host import GitLab


class Caller:
    """A raw session below the API: what it gets is what was sent."""

    def __init__(self, base: str, token: str | None, header: str = "PRIVATE-TOKEN") -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        if token is not None:
            self.session.headers[header] = f"Bearer {token}" if header == "Authorization" else token

    def __call__(self, method: str, path: str, *, expect: int | None = None, **more: Any) -> requests.Response:
        """Send one request; `expect` is the status that the answer must have."""
        url = path if path.startswith("http") else self.base + path
        answer = self.session.request(method, url, timeout=20, allow_redirects=False, **more)
        if expect is not None:
            assert answer.status_code == expect, answer.text
        return answer

    def json(self, method: str, path: str, *, expect: int = 200, **more: Any) -> Any:
        """The same, and what the answer says."""
        return self(method, path, expect=expect, **more).json()


@dataclass
class Place:
    """`app` is `octo/app`, whose branch `fix` has two commits more than `main`."""

    lab: GitLab
    app: RepositoryHandle
    exit: ExitStack = field(default_factory=ExitStack)
    path = "/projects/octo%2Fapp"

    def caller(self, token: str | None, header: str = "PRIVATE-TOKEN") -> Caller:
        """A session with a token."""
        made = Caller(self.lab.api_url, token, header)
        self.exit.callback(made.session.close)
        return made

    def person(self, name: str) -> Caller:
        """A session of somebody's."""
        return self.caller(self.lab.token(name))

    def number(self, name: str) -> int:
        """Somebody's id."""
        found = self.lab.store.people.find(name)
        assert found is not None
        return found.id

    def opened(self, who: Caller, title: str = "Fix", **more: Any) -> dict[str, Any]:
        """A merge request of `fix`."""
        sent = {"title": title, "source_branch": "fix", "target_branch": "main", **more}
        made: dict[str, Any] = who.json("POST", f"{self.path}/merge_requests", json=sent, expect=201)
        return made


@pytest.fixture
def place(forge: Forge) -> Iterator[Place]:
    """A place of its own for each test."""
    app = forge.gitlab.repository("octo/app", files={"a.txt": "one\n", "docs/b.txt": "b\n"})
    app.commit("fix", {"a.txt": "two\n"}, message="Say two")
    app.commit("fix", {"c.txt": "c\n"}, message="Add c")
    made = Place(forge.gitlab, app)
    with made.exit:
        yield made


@pytest.fixture
def gitlab_forge() -> Iterator[Callable[..., GitLab]]:
    """Makes GitLabs with options."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(Forge(**options)).gitlab
