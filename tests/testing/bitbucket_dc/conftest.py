"""A Data Center of its own for each test, with a repository, a branch to merge, and raw sessions for its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from pullbridge.testing import Forge, RepositoryHandle
from pullbridge.testing.bitbucket_dc.app import App
from pullbridge.testing.bitbucket_dc.host import BitbucketDataCenter
from pullbridge.testing.bitbucket_dc.knobs import NEWEST, Version

LINES = [f"line {n}\n" for n in range(1, 61)]


class Caller:
    """A raw session below `/rest`: what it gets is what was sent."""

    def __init__(self, base: str, token: str | None) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept"] = "application/json"
        if token is not None:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, *, expect: int | None = None, **more: Any) -> requests.Response:
        """Send one request; a path without a service is the API's. `expect` is the status that the answer must have."""
        if method != "GET" and not {"json", "data", "files"} & more.keys():
            more["json"] = {}
        below = path if path.startswith("/rest/") else f"/rest/api/latest{path}"
        answer = self.session.request(method, self.base + below, timeout=20, allow_redirects=False, **more)
        if expect is not None:
            assert answer.status_code == expect, answer.text
        return answer

    def json(self, method: str, path: str, *, expect: int = 200, **more: Any) -> Any:
        """The same, and what the answer says."""
        return self(method, path, expect=expect, **more).json()

    def rows(self, path: str, /, **params: Any) -> list[Any]:
        """All rows of a list, page by page as the host says."""
        found: list[Any] = []
        start: int | None = 0
        while start is not None:
            page = self.json("GET", path, params={**params, "start": start})
            found += page["values"]
            start = None if page["isLastPage"] else page["nextPageStart"]
        return found

    def refused(self, method: str, path: str, status: int, **more: Any) -> dict[str, Any]:
        """The one error of a refusal."""
        (error,) = self.json(method, path, expect=status, **more)["errors"]
        assert isinstance(error, dict)
        return error


@dataclass
class Place:
    """`app` is `OCTO/app`, whose branch `fix` changes line 20, drops line 40 and adds a file, in two commits."""

    host: BitbucketDataCenter
    app: RepositoryHandle
    exit: ExitStack = field(default_factory=ExitStack)
    repo = "/projects/OCTO/repos/app"
    pulls = f"{repo}/pull-requests"
    one = f"{pulls}/1"

    def caller(self, token: str | None) -> Caller:
        """A session with a token."""
        made = Caller(self.host.url, token)
        self.exit.callback(made.session.close)
        return made

    def person(self, name: str) -> Caller:
        """A session of somebody's."""
        return self.caller(self.host.token(name))

    def opened(self, who: Caller, title: str = "Fix", **more: Any) -> dict[str, Any]:
        """A pull request of `fix`."""
        made: dict[str, Any] = who.json("POST", self.pulls, json=draft(title, **more), expect=201)
        return made

    def version(self, who: Caller, path: str = one) -> int:
        """The version that a pull request has now."""
        found = who.json("GET", path)["version"]
        assert isinstance(found, int)
        return found


def draft(title: str = "Fix", source: str = "fix", target: str = "main", **more: Any) -> dict[str, Any]:
    """What creates a pull request."""
    refs = {"fromRef": {"id": f"refs/heads/{source}"}, "toRef": {"id": f"refs/heads/{target}"}}
    return {"title": title, **refs, **more}


def names(people: list[dict[str, Any]]) -> list[str]:
    """The names in a list of participants."""
    return [str(person["user"]["name"]) for person in people]


def filled(host: BitbucketDataCenter) -> RepositoryHandle:
    """`OCTO/app` with its branch `fix`."""
    app = host.repository("octo/app", files={"a.txt": "".join(LINES), "docs/b.txt": "b\n"})
    changed = [*LINES[:19], "changed\n", *LINES[20:39], *LINES[40:]]
    app.commit("fix", {"a.txt": "".join(changed)}, message="Change a line")
    app.commit("fix", {"c.txt": "c\n"}, message="Add c")
    return app


@pytest.fixture(scope="module")
def _served() -> Iterator[Forge]:
    with Forge() as forge:
        yield forge


@pytest.fixture
def place(_served: Forge) -> Iterator[Place]:
    """A place of its own for each test, on a server that all tests of a file share: nothing else is left of the others."""
    host = _served.bitbucket_dc
    host.behave()
    host.requests.clear()
    with host.store.lock:
        for repository in host.store.repositories.all():
            host.store.repositories.delete(repository)
            repository.git.close()
        for handle in list(host.store.people.users):
            host.store.people.delete(handle)
        host.app = App(host.store, version=Version(NEWEST), context="")
    made = Place(host, filled(host))
    with made.exit:
        yield made


@pytest.fixture
def ada(place: Place) -> Caller:
    """The author of an open pull request that Grace is to review."""
    ada = place.person("ada")
    place.host.token("grace")
    place.opened(ada, reviewers=[{"user": {"name": "grace"}}])
    return ada


@pytest.fixture
def grace(place: Place, ada: Caller) -> Caller:
    """Its reviewer."""
    del ada
    return place.person("grace")


@pytest.fixture
def data_center() -> Iterator[Callable[..., Place]]:
    """Makes Data Centers with options."""
    with ExitStack() as stack:

        def make(**options: Any) -> Place:
            host = stack.enter_context(Forge(**options)).bitbucket_dc
            made = Place(host, filled(host))
            stack.enter_context(made.exit)
            return made

        yield make
