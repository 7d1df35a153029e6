"""Bitbucket Cloud behind a scripted server: what is asked of it, byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

from tests.transport.scripted import Seen, Server, answer

from pullbridge.auth.signing import Signing
from pullbridge.hosts.bitbucket_cloud.addresses import addresses
from pullbridge.hosts.bitbucket_cloud.api import Api, RepositoryApi
from pullbridge.hosts.bitbucket_cloud.tokens import sign
from pullbridge.model.credentials import Anonymous, Token
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.ports import Credentials

Script = Callable[[Seen], bytes | None]

HOME = "/2.0/repositories/octo/app"


@contextmanager
def served(
    script: Script, *, token: str | None = "canary", credentials: Credentials | None = None
) -> Iterator[tuple[Api, Server]]:
    """An API over a real socket; without a token nobody is signed in."""
    server = Server(script)
    given = credentials or (Token(token) if token else Anonymous())
    place = addresses("https://bitbucket.org", f"{server.url}/2.0")
    api = Api(place, Signing(given, sign), Settings(proxy="", retries=0, deadline=20))
    try:
        yield api, server
    finally:
        api.wire.close()
        server.close()


def repository(api: Api, path: str = "octo/app") -> RepositoryApi:
    """One repository of it."""
    return RepositoryApi(api, RepoRef(web=api.addresses.web, path=path, kind="bitbucket-cloud"))


def refused(status: int, message: str, **more: object) -> bytes:
    """Bitbucket's own shape of a refusal."""
    return answer(status, {"type": "error", "error": {"message": message, **more}})


def routed(routes: Mapping[str, bytes | Callable[[Seen], bytes]]) -> Script:
    """Answers by method and path, `GET /2.0/user`; anything else is not there."""

    def script(seen: Seen) -> bytes:
        key = f"{seen.method} {unquote(urlsplit(seen.path).path)}"
        found = routes.get(key, refused(404, "Resource not found"))
        return found(seen) if callable(found) else found

    return script


def asked(server: Server) -> list[str]:
    """Methods and paths, in order."""
    return [f"{seen.method} {urlsplit(seen.path).path}" for seen in server.seen]


def query(seen: Seen) -> dict[str, str]:
    """The query of a request."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(seen.path).query).items()}
