"""The one file here that knows atlassian-python-api: it builds the requests, the guarded transport sends them, bytes come out.

It supplies addresses, headers and the live objects behind `native`. It neither opens a connection, nor sleeps, retries,
pages, signs, logs or follows a link here: `Requests.request` is the one way out for all its objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, NoReturn, TypeVar

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
from pullbridge.hosts.bitbucket_cloud.payloads import Paged, decode
from pullbridge.hosts.bitbucket_cloud.remembering import Remembered
from pullbridge.hosts.encoding import checked, encoded, quoted
from pullbridge.hosts.refusals import nobody
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.transport.call import Repeat
from pullbridge.transport.session import HostSession, Reply, Wire

T = TypeVar("T")

JSON = "application/json"
_HEADERS = {"Accept": JSON, "User-Agent": f"pullbridge/{__version__}"}


class Live:
    """The session that atlassian's objects send through: the guarded one, whose refusals are `BridgeError`s at once.

    They pass on the session that they were given, and lose everything else on the way to each other, so that it is here
    that nothing of theirs counts. None of them sees an answer that it could wait for or wrap.
    """

    verify = True

    def __init__(self, session: HostSession, refusal: Callable[[Reply, Asked], BridgeError]) -> None:
        self._session = session
        self._refusal = refusal

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request. Raises what the wire raises, the error for a refusal, and `BadAnswer` for a page."""
        sent = {name: options[name] for name in ("headers", "data", "json", "files") if options.get(name) is not None}
        answer = self._session.request(method, url, **sent)
        reply = Reply(answer.status_code, answer.headers, answer.content, answer.url)
        write = method.upper() not in {"GET", "HEAD"}
        if reply.status >= 400:
            raise self._refusal(reply, Asked(what="such resource", write=write))
        if answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
            text = "The answer is a page, and not what Bitbucket's API answers."
            raise BadAnswer(text, what="a JSON answer", status=reply.status, maybe_done=write)
        return answer

    def close(self) -> None:
        """Nothing: whoever made the wire closes it."""

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a live connection is not pickled")


class Requests(Cloud):
    """Atlassian's client over one guarded session. Safe in many threads: it keeps nothing about a request in flight."""

    def __init__(self, session: HostSession, rest: str, refusal: Callable[[Reply, Asked], BridgeError]) -> None:
        """`rest` is the REST API's base; `refusal` makes the error for an answer that is no success."""
        base, session_of_theirs = rest.removesuffix("/2.0"), Live(session, refusal)
        super().__init__(base, session=session_of_theirs, retry_with_header=False)  # type: ignore[no-untyped-call]
        self.url = rest
        self._guarded = session

    def exchange(
        self,
        verb: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeat: Repeat | None = None,
    ) -> Reply:
        """Send one request and read its whole answer, whatever its status below 500."""
        sent = {**_HEADERS, **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", JSON)
        params = checked(parameters) if parameters else None
        address = self.url_joiner(self.url, path)
        return self._guarded.exchange(verb, address, params=params, headers=sent, body=body, repeat=repeat)

    def live(self, path: str) -> Repository:
        """One repository, for whoever wants atlassian's own object; nothing is asked for it."""
        home = {"type": "repository", "links": {"self": {"href": f"{self.url}/repositories/{path}"}}, "full_name": path}
        return Repository(home, **self._new_session_args)  # type: ignore[no-untyped-call]

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a live connection is not pickled")


class Api:
    """Bitbucket Cloud, over one wire: typed answers, or a `BridgeError`."""

    def __init__(self, addresses: Addresses, signing: Signing, settings: Settings) -> None:
        self.addresses = addresses
        self.signing = signing
        self.host: str = addresses.host
        self.wire: Wire = Wire(settings, host=self.host)
        dialect = CloudDialect(signing.account, lambda: signing.anonymous)
        self.session: HostSession = self.wire.session((addresses.rest,), signing, dialect)
        self.requests: Requests = Requests(self.session, addresses.rest, self.refusal)
        self.known: Known = Known(signing.headers, signing.account)
        #: Full commit ids, by repository and the twelve digits that a pull request has of them; `None` for one that is gone.
        self.hashes: dict[tuple[str, str], str | None] = {}
        #: Who each account is; `None` for one that is not told.
        self.viewers: dict[str, Person | None] = {}
        self.naming: Lock = Lock()
        #: The names of each account's repositories, and when they were asked for.
        self.repositories: dict[str, tuple[float, list[str]]] = {}
        self._lock = Lock()
        self._live: dict[str, Any] = {}

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
        try:
            reply = self.requests.exchange(*request)
        except BridgeError as error:
            error.host = self.host
            raise
        self.known.learn_answer(reply.status, reply.headers)
        if reply.status >= 300:
            raise self.refusal(reply, asked)
        return reply

    def get(self, path: str, shape: type[T], asked: Asked, *, params: Mapping[str, Any] | None = None) -> T:
        """GET and decode."""
        return self.decoded(self.reply("GET", path, asked, params=params), shape, asked)

    def send(self, verb: str, path: str, body: Any, shape: type[T], asked: Asked, *, repeat: Repeat | None = None) -> T:
        """Write and decode. An answer that cannot be read leaves it open whether the write was done."""
        return self.decoded(self.reply(verb, path, asked, body=body, repeat=repeat), shape, asked)

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

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        """Run all of them at once on the wire's own threads."""
        return self.wire.gather(*thunks)

    def native(self, path: str) -> Any:
        """Atlassian's live repository, over the same session."""
        with self._lock:
            if path not in self._live:
                self._live[path] = self.requests.live(path)
            return self._live[path]

    def connected(self) -> Connected:
        """What is known of the connection, for whoever judges what can be done."""
        return self.known.connected()

    def decoded(self, reply: Reply, shape: type[T], asked: Asked) -> T:
        """Decode an answer's body."""
        try:
            return decode(reply.body, shape, asked.what)
        except BadAnswer as error:
            self.session.forget(reply)
            error.host, error.status, error.request_id = self.host, reply.status, reply.request_id
            error.maybe_done = asked.write
            raise

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
