"""A Bitbucket of its own for each test, with a repository, a branch to merge, and raw sessions for its people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from pullbridge.testing import Forge, RepositoryHandle
from pullbridge.testing.bitbucket_cloud.host import BitbucketCloud

LINES = [f"line {number}" for number in range(1, 21)]


def text(lines: list[str]) -> str:
    """The lines as a file."""
    return "".join(f"{line}\n" for line in lines)


class Caller:
    """A raw session below the API: what it gets is what was sent."""

    def __init__(self, base: str, token: str | None, name: str = "") -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        if token is not None and name:
            self.session.auth = (name, token)
        elif token is not None:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(
        self, method: str, path: str, *, expect: int | None = None, follow: bool = False, **more: Any
    ) -> requests.Response:
        """Send one request; `expect` is the status that the answer must have."""
        url = path if path.startswith("http") else self.base + path
        answer = self.session.request(method, url, timeout=20, allow_redirects=follow, **more)
        if expect is not None:
            assert answer.status_code == expect, answer.text
        return answer

    def get(self, path: str, /, **params: Any) -> Any:
        """What a read says."""
        return self("GET", path, expect=200, follow=True, params=params).json()

    def post(self, path: str, sent: Any = None, expect: int = 200) -> Any:
        """What a write says; `{}` is sent where there is nothing to say."""
        return self("POST", path, expect=expect, json={} if sent is None else sent).json()

    def put(self, path: str, sent: Any, expect: int = 200) -> Any:
        """The same for a change."""
        return self("PUT", path, expect=expect, json=sent).json()


@dataclass
class Place:
    """`app` is `octo/app`, whose branch `fix` changes lines 5 and 6 of `a.txt`, and adds `new.txt`."""

    host: BitbucketCloud
    app: RepositoryHandle
    exit: ExitStack = field(default_factory=ExitStack)
    path = "/repositories/octo/app"
    pulls = "/repositories/octo/app/pullrequests"
    pull = "/repositories/octo/app/pullrequests/1"

    def caller(self, token: str | None, name: str = "") -> Caller:
        """A session with a token."""
        made = Caller(self.host.api_url, token, name)
        self.exit.callback(made.session.close)
        return made

    def person(self, name: str, **how: Any) -> Caller:
        """A session of somebody's."""
        return self.caller(self.host.token(name, **how))

    def people(self, *names: str) -> list[dict[str, str]]:
        """People as they are named in what is sent."""
        return [{"uuid": self.host.uuid(name)} for name in names]

    def opened(self, who: Caller, title: str = "Fix", *, expect: int = 201, **more: Any) -> Any:
        """A pull request of `fix`."""
        return who.post(self.pulls, {"title": title, "source": {"branch": {"name": "fix"}}, **more}, expect)

    def commented(self, who: Caller, text: str = "Hm", **more: Any) -> Any:
        """A comment on it."""
        return who.post(f"{self.pull}/comments", {"content": {"raw": text}, **more}, 201)


@pytest.fixture
def place(forge: Forge) -> Iterator[Place]:
    """A place of its own for each test."""
    app = forge.bitbucket_cloud.repository("octo/app", files={"a.txt": text(LINES), "docs/b.txt": "b\n"})
    app.commit("fix", {"a.txt": text([*LINES[:4], "new 5", "new 6", *LINES[6:]])}, message="Say it anew")
    app.commit("fix", {"new.txt": "new\n"}, message="Add new")
    made = Place(forge.bitbucket_cloud, app)
    with made.exit:
        yield made


@pytest.fixture
def ada(place: Place) -> Caller:
    """Ada, who opens pull requests."""
    return place.person("ada")


@pytest.fixture
def bob(place: Place) -> Caller:
    """Bob, who reviews them."""
    return place.person("bob")
