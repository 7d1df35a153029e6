"""The one file here that knows atlassian-python-api: it builds the requests, the guarded transport sends them, bytes come out.

It supplies addresses, headers and the live objects behind `native`. It neither opens a connection, nor sleeps, retries,
pages, signs, logs or follows a link here: `AtlassianSession` is the one way out for all its objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import requests
from atlassian.bitbucket.cloud import Cloud
from atlassian.bitbucket.cloud.repositories import Repository

from pullbridge import __version__
from pullbridge.auth.signing import Signing
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import errors, paging
from pullbridge.hosts.bitbucket_cloud.addresses import Addresses
from pullbridge.hosts.bitbucket_cloud.dialect import CloudDialect
from pullbridge.hosts.bitbucket_cloud.judgement import Connected
from pullbridge.hosts.bitbucket_cloud.knowing import Known
from pullbridge.hosts.bitbucket_cloud.payloads import Paged
from pullbridge.hosts.bitbucket_cloud.remembering import Remembered
from pullbridge.hosts.encoding import encoded, quoted
from pullbridge.hosts.refusals import nobody
from pullbridge.hosts.sending import JSON, AtlassianSession, Refusal, Sending
from pullbridge.hosts.typed import TypedApi
from pullbridge.hosts.viewers import Viewers
from pullbridge.model.listing import Page
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.transport.call import Repeat
from pullbridge.transport.session import HostSession, Reply

T = TypeVar("T")

_HEADERS = {"Accept": JSON, "User-Agent": f"pullbridge/{__version__}"}


class _Requests(Sending, Cloud):
    """Atlassian's client over one guarded session."""

    headers_of_all: ClassVar[Mapping[str, str]] = _HEADERS

    def __init__(self, session: HostSession, rest: str, refusal: Refusal) -> None:
        """`rest` is the REST API's base; `refusal` makes the error for an answer that is no success."""
        theirs = AtlassianSession(session, refusal)
        super().__init__(rest.removesuffix("/2.0"), session=theirs, retry_with_header=False)  # type: ignore[no-untyped-call]
        self.url: str = rest
        self._guarded = session

    def address(self, path: str) -> str:
        """See `Sending`."""
        joined: str = self.url_joiner(self.url, path)
        return joined

    def session_for(self, verb: str, path: str) -> HostSession:
        """See `Sending`."""
        return self._guarded

    def live(self, path: str) -> Repository:
        """One repository, for whoever wants atlassian's own object; nothing is asked for it."""
        home = {"type": "repository", "links": {"self": {"href": f"{self.url}/repositories/{path}"}}, "full_name": path}
        return Repository(home, **self._new_session_args)  # type: ignore[no-untyped-call]


class Api(TypedApi):
    """Bitbucket Cloud, over one wire: typed answers, or a `BridgeError`."""

    product = "Bitbucket"

    def __init__(self, addresses: Addresses, signing: Signing, settings: Settings) -> None:
        super().__init__(addresses.host, settings)
        self.addresses = addresses
        self.signing = signing
        dialect = CloudDialect(signing.account, lambda: signing.anonymous)
        self.session: HostSession = self.wire.session((addresses.rest,), signing, dialect)
        self._atlassian = _Requests(self.session, addresses.rest, self.refusal)
        self.requests: Sending = self._atlassian
        self.known: Known = Known(signing.known, signing.account)
        #: Full commit ids, by repository and the twelve digits that a pull request has of them; `None` for one that is gone.
        self.hashes: dict[tuple[str, str], str | None] = {}
        self.viewers: Viewers = Viewers(signing)
        #: The names of each account's repositories, and when they were asked for.
        self.repositories: dict[str, tuple[float, list[str]]] = {}

    def reply(
        self,
        verb: str,
        path: str,
        asked: Asked,
        *,
        params: Mapping[str, Any] | None = None,
        accept: str = JSON,
        body: Any = None,
        repeat: Repeat | None = None,
    ) -> Reply:
        """Send one request; an answer that is no success is raised. (The transport has followed what leads on.)

        A POST without a body is sent with `{}`: without any, Bitbucket refuses it.
        """
        content = encoded({} if body is None else body) if verb in {"POST", "PUT"} else None
        return self._answered(asked, verb, path, params, {"Accept": accept}, content, repeat)

    def upload(self, path: str, body: bytes, kind: str, asked: Asked) -> Reply:
        """POST a body of another kind than JSON."""
        return self._answered(asked, "POST", path, None, {"Content-Type": kind}, body, None)

    def _answered(self, asked: Asked, *request: Any) -> Reply:
        reply = self.exchanged(*request)
        self.known.learn_answer(reply.status, reply.headers)
        if reply.status >= 300:
            raise self.refusal(reply, asked)
        return reply

    def page(
        self,
        path: str,
        row: type[T],
        asked: Asked,
        *,
        params: Mapping[str, Any] | None = None,
        cursor: str | None = None,
    ) -> Page[T]:
        """One stretch of a list: the first, or the one at a cursor that this gave. Raises `Rejected` for another cursor."""
        resumed = None if cursor is None else paging.resumed(cursor, path)
        rows, after = self._stretch(path, row, asked, params, resumed)
        return Page(items=tuple(rows), cursor=after)

    def pages(
        self,
        path: str,
        row: type[T],
        asked: Asked,
        *,
        params: Mapping[str, Any] | None = None,
        first: Reply | None = None,
    ) -> list[T]:
        """All rows of a list, page after page: the address of the next one is in the one before.

        `first` is the answer with the first page, where that was asked for already.
        """
        if first is None:
            rows, after = self._stretch(path, row, asked, params, None)
        else:
            rows, after = self._read(first, path, row, asked)
        seen = set[str]()
        while after is not None:
            if after in seen:
                text = "Bitbucket's pages lead in a circle, so that the list has no end."
                raise BadAnswer(text, what="a list", host=self.host)
            seen.add(after)
            more, after = self._stretch(path, row, asked, None, after)
            rows += more
        return rows

    def _stretch(
        self, path: str, row: type[T], asked: Asked, params: Mapping[str, Any] | None, after: str | None
    ) -> tuple[list[T], str | None]:
        """The rows, and the path and query of those behind them."""
        first = {"pagelen": paging.PER_PAGE, **(params or {})}
        reply = self.reply("GET", after or path, asked, params=first if after is None else None)
        return self._read(reply, (after or path).partition("?")[0], row, asked)

    def _read(self, reply: Reply, path: str, row: type[T], asked: Asked) -> tuple[list[T], str | None]:
        found = self.decoded(reply, Paged[row], asked)  # type: ignore[valid-type]  # made at run time
        try:
            following = paging.following(found.next, path, reply.url, self.addresses.bases)
        except BridgeError as error:
            error.host = self.host
            raise
        return found.values, following

    def living(self, path: str) -> Any:
        """Atlassian's live repository, over the same session."""
        return self._atlassian.live(path)

    def connected(self) -> Connected:
        """What is known of the connection, for whoever judges what can be done."""
        return self.known.connected(granted=self.signing.granted)

    def refusal(self, reply: Reply, asked: Asked) -> BridgeError:
        """The error for a refusal, with the exception of atlassian's own kind as its cause. That one carries no body."""
        facts: dict[str, Any] = {"host": self.host, "request_id": reply.request_id}
        if reply.status == 401 and self.signing.anonymous:
            return nobody("Bitbucket", status=401, **facts)
        granted = errors.scopes(reply.headers)
        error = errors.failure(reply.status, reply.body, asked, granted=granted, **facts)
        error.__cause__ = requests.HTTPError(errors.told_by(reply.body).message or f"HTTP {reply.status}")
        return error


class RepositoryApi:
    """The same, seen from one repository: paths begin behind `/repositories/workspace/slug`."""

    def __init__(self, api: Api, ref: RepoRef) -> None:
        self.api = api
        self.ref = ref
        self.remembered: Remembered = Remembered()

    @property
    def workspace(self) -> str:
        """Whose it is."""
        return self.ref.owner

    def path(self, *parts: str | int) -> str:
        """A path in this repository; every part is quoted, slashes too."""
        return self.elsewhere(self.ref.path, *parts)

    def elsewhere(self, home: str, *parts: str | int) -> str:
        """A path in another repository, named `workspace/slug`."""
        names = (quoted(each) for each in home.split("/"))
        return "/".join(["/repositories", *names, *(quoted(part) for part in parts)])

    def workspace_path(self, *parts: str | int) -> str:
        """A path in its workspace."""
        return "/".join(["/workspaces", *(quoted(part) for part in (self.workspace, *parts))])

    def user(self, account: str) -> str:
        """The path of an account, by its uuid or its account id."""
        return f"/users/{quoted(account)}"

    def pull(self, number: int, *parts: str | int) -> str:
        """A path in one pull request."""
        return self.path("pullrequests", number, *parts)
