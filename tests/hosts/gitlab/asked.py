"""One GitLab behind a scripted server: what is asked of it, byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from tests.transport.scripted import Seen, Server, answer

from pullbridge.auth.signing import Signing
from pullbridge.hosts.gitlab.addresses import addresses
from pullbridge.hosts.gitlab.api import Api, RepositoryApi
from pullbridge.hosts.gitlab.tokens import sign
from pullbridge.model.credentials import Anonymous, Token
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.ports import Credentials

Script = Callable[[Seen], bytes | None]

UNAUTHORIZED = {"message": "401 Unauthorized"}


@contextmanager
def served(
    script: Script, *, token: str | None = "glpat-canary", credentials: Credentials | None = None, root: str = ""
) -> Iterator[tuple[Api, Server]]:
    """An API over a real socket; without a token nobody is signed in."""
    server = Server(script)
    given = credentials or (Token(token) if token else Anonymous())
    api = Api(addresses(f"{server.url}{root}"), Signing(given, sign), Settings(proxy="", retries=0, deadline=20))
    try:
        yield api, server
    finally:
        api.wire.close()
        server.close()


def project(api: Api, path: str = "group/app") -> RepositoryApi:
    """One project of it."""
    return RepositoryApi(api, RepoRef(web=api.addresses.web, path=path, kind="gitlab"))


def routed(routes: Mapping[str, bytes | Callable[[Seen], bytes]]) -> Script:
    """Answers by method and path, `GET /api/v4/version`; anything else is not there."""

    def script(seen: Seen) -> bytes:
        found = routes.get(f"{seen.method} {urlsplit(seen.path).path}", answer(404, {"message": "404 Not found"}))
        return found(seen) if callable(found) else found

    return script


def asked(server: Server) -> list[str]:
    """Methods and paths, in order."""
    return [f"{seen.method} {urlsplit(seen.path).path}" for seen in server.seen]


def query(seen: Seen) -> dict[str, str]:
    """The query of a request."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(seen.path).query).items()}
