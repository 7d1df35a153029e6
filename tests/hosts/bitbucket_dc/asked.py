"""One Data Center behind a scripted server: what is asked of it, byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.transport.scripted import Seen, Server, answer

from pullbridge.auth.signing import Signing
from pullbridge.hosts.bitbucket_dc.addresses import addresses
from pullbridge.hosts.bitbucket_dc.api import Api, RepositoryApi
from pullbridge.hosts.bitbucket_dc.tokens import sign
from pullbridge.model.credentials import Anonymous, Token
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.ports import Credentials

Script = Callable[[Seen], bytes | None]
Routes = Mapping[str, bytes | Callable[[Seen], bytes]]

REST = "/rest/api/latest"
HOME = f"{REST}/projects/PRJ/repos/app"
PROPERTIES = f"{REST}/application-properties"
NAMED = {"X-AUSERNAME": "ada"}


@contextmanager
def served(
    script: Script, *, token: str | None = "BBDC-canary", credentials: Credentials | None = None, root: str = ""
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


def repository(api: Api, path: str = "PRJ/app") -> RepositoryApi:
    """One repository of it."""
    return RepositoryApi(api, RepoRef(web=api.addresses.web, path=path, kind="bitbucket-dc"))


def routed(routes: Routes) -> Script:
    """Answers by method and path, `GET /rest/api/latest/users`; anything else is not there."""

    def script(seen: Seen) -> bytes:
        found = routes.get(f"{seen.method} {urlsplit(seen.path).path}", answer(404, refused("not there")))
        return found(seen) if callable(found) else found

    return script


def asked(server: Server) -> list[str]:
    """Methods and paths, in order."""
    return [f"{seen.method} {urlsplit(seen.path).path}" for seen in server.seen]


def query(seen: Seen) -> dict[str, str]:
    """The query of a request."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(seen.path).query).items()}


def refused(message: str, exception: str | None = None, **more: Any) -> dict[str, Any]:
    """A refusal's body; the exception is named below `com.atlassian.bitbucket`."""
    name = exception and f"com.atlassian.bitbucket.{exception}"
    return {"errors": [{"context": None, "message": message, "exceptionName": name, **more}]}


OUTDATED = refused(
    "You are attempting to modify a pull request based on out-of-date information.",
    "pull.PullRequestOutOfDateException",
    currentVersion=4,
    expectedVersion=3,
)


def user(name: str = "ada", number: int = 1, **more: Any) -> dict[str, Any]:
    """Somebody."""
    return {"name": name, "slug": name.lower(), "id": number, "displayName": name.title(), "type": "NORMAL", **more}


def pull(version: int = 3, **more: Any) -> dict[str, Any]:
    """A pull request of `ada`'s from `fix` into `main`."""
    home = {"slug": "app", "id": 1, "name": "app", "project": {"key": "PRJ"}}
    return {
        "id": 7,
        "version": version,
        "title": "Fix",
        "description": "Why.",
        "state": "OPEN",
        "createdDate": 1_700_000_000_000,
        "updatedDate": 1_700_000_001_500,
        "fromRef": {"id": "refs/heads/fix", "displayId": "fix", "latestCommit": "a" * 40, "repository": home},
        "toRef": {"id": "refs/heads/main", "displayId": "main", "latestCommit": "b" * 40, "repository": home},
        "author": {"user": user(), "role": "AUTHOR", "approved": False, "status": "UNAPPROVED"},
        "reviewers": [],
        "participants": [],
        **more,
    }


def page(*rows: Any, after: int | None = None, start: int = 0) -> dict[str, Any]:
    """A page of a list."""
    shown = {"values": list(rows), "size": len(rows), "limit": 25, "start": start, "isLastPage": after is None}
    return {**shown, "nextPageStart": after}
