"""The one file that knows PyGithub: it builds the requests, the guarded transport sends them, bytes come out.

PyGithub supplies base addresses, the GraphQL address, query strings and the live objects behind `native`. It neither
opens a connection, nor sleeps, retries, signs or follows a link here: `Requests` overrides the two methods through which
all its objects talk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote

from pullbridge import __version__
from pullbridge.auth.signing import Signing
from pullbridge.errors import BadAnswer, BridgeError, Unsupported
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.door import Door
from pullbridge.hosts.encoding import checked, encoded, quoted
from pullbridge.hosts.github import errors
from pullbridge.hosts.github.addresses import Addresses
from pullbridge.hosts.github.dialect import ALLOWED, GitHubDialect
from pullbridge.hosts.github.gating import TYPES, Field
from pullbridge.hosts.github.payloads import GraphError, decode
from pullbridge.hosts.graphql import Partly
from pullbridge.hosts.logs import untouched
from pullbridge.hosts.refusals import nobody
from pullbridge.hosts.typed import TypedApi
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.transport.call import Repeat
from pullbridge.transport.session import HostSession, Reply

# Importing PyGithub adds a handler to the logger "github" of the whole process, and sets its level.
with untouched("github"):
    import github
    import github.Consts
    import github.Repository
    import github.Requester

T = TypeVar("T")

JSON = "application/vnd.github+json"
DIFF = "application/vnd.github.diff"
RAW = "application/vnd.github.raw+json"
_HEADERS = {"Accept": JSON, "X-GitHub-Api-Version": "2022-11-28", "User-Agent": f"pullbridge/{__version__}"}


class Requests(github.Requester.Requester):
    """PyGithub's requester over one guarded session. Safe in many threads: it keeps nothing about a request in flight."""

    def __init__(self, session: HostSession, base_url: str, host: str, anonymous: Callable[[], bool]) -> None:
        """`host` is what people call it, and stands in errors; `anonymous` tells whether nobody is signed in."""
        super().__init__(
            auth=None,
            base_url=base_url,
            timeout=int(github.Consts.DEFAULT_TIMEOUT),
            user_agent=_HEADERS["User-Agent"],
            per_page=100,
            verify=True,
            retry=None,
            pool_size=None,
            lazy=True,
        )
        self._session = session
        self._host = host
        self._anonymous = anonymous

    def exchange(
        self,
        verb: str,
        url: str,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeat: Repeat | None = None,
    ) -> Reply:
        """Send one request and read its whole answer, whatever its status below 500."""
        address = url if "://" in url else f"{self.base_url}{url}"
        if verb == "POST" and address.endswith("/graphql") and self._anonymous():
            # https://docs.github.com/en/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql
            raise nobody("GitHub", host=self._host)
        if parameters:
            address = self.add_parameters_to_url(address, checked(parameters))
        sent = {**_HEADERS, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            return self._session.exchange(verb, address, headers=sent, body=body, repeat=repeat)
        except BridgeError as error:
            error.host = self._host
            raise

    # What PyGithub's own objects call: `native` goes through here.

    def requestJson(  # noqa: N802  # PyGithub's name
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        input: Any | None = None,  # PyGithub's name
        cnx: Any = None,
        follow_302_redirect: bool = False,
    ) -> tuple[int, dict[str, Any], str]:
        """What PyGithub uses where a status is an answer: the status, the headers in lower case, the body as text."""
        del cnx, follow_302_redirect
        body = None if input is None else encoded(input)
        reply = self.exchange(verb, url, parameters, headers, body)
        lower = {name.lower(): value for name, value in reply.headers.items()}
        # PyGithub takes some statuses for a plain "no", and must not take a refusal for one (`is_merged` on a 401).
        if reply.status in {401, 403, 429}:
            raise self.refusal(reply, Asked(what="such resource", write=verb != "GET"))
        return reply.status, lower, reply.body.decode("utf-8", "replace")

    def requestJsonAndCheck(  # noqa: N802  # PyGithub's name
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        input: Any | None = None,  # PyGithub's name
        follow_302_redirect: bool = False,
    ) -> tuple[dict[str, Any], Any]:
        """What PyGithub uses else: the headers in lower case and the decoded body; a refusal is raised."""
        del follow_302_redirect
        body = None if input is None else encoded(input)
        reply = self.exchange(verb, url, parameters, headers, body)
        if reply.status >= 400:
            raise self.refusal(reply, Asked(what="such resource", write=verb != "GET"))
        try:
            data = decode(reply.body, object, "a JSON answer") if reply.body else None
        except BadAnswer as error:
            self._session.forget(reply)
            error.host, error.status, error.request_id = self._host, reply.status, reply.request_id
            error.maybe_done = verb != "GET"
            raise
        if verb == "GET" and isinstance(data, dict):
            data.setdefault("url", url)
        return {name.lower(): value for name, value in reply.headers.items()}, data

    def refusal(self, reply: Reply, asked: Asked) -> BridgeError:
        """The error for a refusal, with PyGithub's own exception as its cause. That one carries no body."""
        facts = {"host": self._host, "request_id": reply.request_id}
        if reply.status == 401 and self._anonymous():
            return nobody("GitHub", status=401, **facts)
        error = errors.failure(reply.status, reply.headers, reply.body, asked, **facts)
        error.__cause__ = self.createException(reply.status, {}, {"message": errors.told_by(reply.body).message})
        return error

    def withLazy(self, lazy: Any) -> Requests:  # noqa: N802  # PyGithub's name; a plain Requester would escape the guard
        """The same guarded requester, whatever is asked for."""
        del lazy
        return self

    def withAuth(self, auth: Any) -> Requests:  # noqa: N802  # as above
        """As above: the transport signs."""
        del auth
        return self

    def withApiVersion(self, api_version: str | None) -> Requests:  # noqa: N802  # as above
        """As above: the version is ours to say."""
        del api_version
        return self

    def close(self) -> None:
        """Nothing to close: the wire belongs to the connection."""

    def _unguarded(self, *_: Any, **__: Any) -> NoReturn:
        raise Unsupported(
            "This call of PyGithub opens a connection of its own, and is not let out.",
            reason="uploads and downloads of files do not go through the guarded transport",
        )

    requestMultipart: Callable[..., NoReturn] = _unguarded  # noqa: N815  # PyGithub's name
    requestMultipartAndCheck: Callable[..., NoReturn] = _unguarded  # noqa: N815  # PyGithub's name
    requestBlob: Callable[..., NoReturn] = _unguarded  # noqa: N815  # PyGithub's name
    requestBlobAndCheck: Callable[..., NoReturn] = _unguarded  # noqa: N815  # PyGithub's name
    requestMemoryBlobAndCheck: Callable[..., NoReturn] = _unguarded  # noqa: N815  # PyGithub's name
    getFile: Callable[..., NoReturn] = _unguarded  # noqa: N815  # PyGithub's name
    getStream: Callable[..., NoReturn] = _unguarded  # noqa: N815  # PyGithub's name

    def __getstate__(self) -> NoReturn:
        raise TypeError("a live connection is not pickled")


class Api(TypedApi):
    """One GitHub, over one wire: typed answers, or a `BridgeError`."""

    product = "GitHub"

    def __init__(self, addresses: Addresses, signing: Signing, settings: Settings) -> None:
        super().__init__(addresses.host, settings)
        self.addresses = addresses
        self.signing = signing
        # An Enterprise Server has no limits unless its administrators set some:
        # https://docs.github.com/en/enterprise-server@3.19/rest/using-the-rest-api/rate-limits-for-the-rest-api
        allowed = () if addresses.product == "server" else ALLOWED
        places = (addresses.rest, addresses.graphql)
        self.session: HostSession = self.wire.session(places, signing, GitHubDialect(), allowed)
        self.requests: Requests = Requests(self.session, addresses.rest, self.host, lambda: signing.anonymous)
        self.granted: tuple[str, ...] | None = None
        self.version: str | None = None
        #: Whether it is an Enterprise Server; `None` until one has answered at an address that does not tell.
        self.enterprise: bool | None = None if addresses.product == "server" else False
        #: The account that something was answered to, and that `granted` is about.
        self.answered: str | None = None
        self.door: Door = Door(self, TYPES)

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
        """Send one request; an answer that is no success is raised. (The transport has followed what leads on.)"""
        content = None if body is None else encoded(body)
        reply = self.requests.exchange(verb, path, params, {"Accept": accept}, content, repeat)
        self._learn(reply)
        if reply.status >= 300:
            raise self.requests.refusal(reply, asked)
        return reply

    def graphql(
        self, document: str, variables: Mapping[str, Any], shape: type[T], asked: Asked, *, repeat: Repeat | None = None
    ) -> T:
        """Execute a document; any error in the answer is raised."""
        return self.door.execute(document, variables, shape, asked, repeat)

    def mutate(
        self, document: str, values: Mapping[str, Any], shape: type[T], asked: Asked, *, repeat: Repeat | None = None
    ) -> T:
        """Execute a mutation of one field, and give that field's payload."""
        # "The mutation's payload is null if the mutation failed": https://docs.github.com/en/graphql/reference/mutations
        answer = self.graphql(document, {"input": values}, dict[str, shape | None], asked, repeat=repeat)  # type: ignore[valid-type]  # made at run time
        payload: T | None = next(iter(answer.values()), None)
        if payload is None:
            raise BadAnswer("GitHub did not say what it did.", what=asked.what, host=self.host, maybe_done=True)
        return payload

    def partial(
        self, document: str, variables: Mapping[str, Any], shape: type[T], asked: Asked, *, repeat: Repeat | None = None
    ) -> Partly[T]:
        """Execute a document; data and errors may come together (GraphQL specification, section 7.1).

        Fields that an older server does not have are left out of it, from the second time on without asking.
        """
        return self.door.partial(document, variables, shape, asked, repeat)

    @property
    def missing(self) -> frozenset[Field]:
        """The fields of GraphQL that it does not have, as far as it has said so."""
        return self.door.missing

    def posted(self, body: bytes, asked: Asked, repeat: Repeat) -> Reply:
        """See `hosts.door.Behind`."""
        reply = self.requests.exchange("POST", self.addresses.graphql, None, None, body, repeat)
        self._learn(reply)
        if reply.status >= 400:
            raise self.requests.refusal(reply, asked)
        return reply

    @property
    def server(self) -> str:
        """What answers, as one says it to people."""
        return f"GitHub Enterprise Server {self.version or ''}".strip() if self.enterprise else "GitHub"

    def graph_failure(self, problems: Sequence[GraphError], asked: Asked, reply: Reply) -> BridgeError:
        """The error for GraphQL's errors; an answer with neither data nor errors is a bad one."""
        return self.door.failure(problems, asked, reply)

    def graph_error(
        self, problems: Sequence[GraphError], asked: Asked, reply: Reply, facts: dict[str, Any]
    ) -> BridgeError:
        """See `hosts.door.Behind`."""
        error = errors.graph_failure(problems, asked, reply.headers, server=self.server, **facts)
        error.__cause__ = github.GithubException(200, None, None, problems[0].message[:200])
        return error

    def native_host(self) -> Any:
        """The live PyGithub client, over the same session."""
        client = github.Github(base_url=self.addresses.rest, lazy=True)
        # There is no public way to give it a requester: https://github.com/PyGithub/PyGithub/blob/main/github/MainClass.py
        client._Github__requester = self.requests  # type: ignore[attr-defined]  # noqa: SLF001  # as above
        return client

    def living(self, path: str) -> Any:
        """The live PyGithub repository, lazy, over the same session."""
        return github.Repository.Repository(self.requests, url=f"/repos/{quote(path)}")

    def _learn(self, reply: Reply) -> None:
        granted = errors.granted_scopes(reply.headers)
        # A refusal that tells the scopes is an answer to the account, too; a 401 tells none.
        if reply.status < 400 or granted is not None:
            account = self.signing.account()
            if account != self.answered:
                self.answered, self.granted = account, None
        self.granted = granted if granted is not None else self.granted
        self.version = reply.headers.get("x-github-enterprise-version", self.version)
        if self.version is not None:
            self.enterprise = True
        elif self.enterprise is None and "x-github-request-id" in reply.headers:
            self.enterprise = False


class RepositoryApi:
    """The same, seen from one repository: paths begin behind `/repos/owner/name`."""

    def __init__(self, api: Api, ref: RepoRef) -> None:
        self.api = api
        self.ref = ref
        self.owner: str = ref.owner
        self.name: str = ref.name
        #: What GitHub calls it now, as far as it has said: a renamed repository answers to its former name, too.
        self.path_now: str = ref.path
        self._base = f"/repos/{quoted(ref.owner)}/{quoted(ref.name)}"
        self._nodes: dict[int, str] = {}

    def path(self, *parts: str | int) -> str:
        """A path in this repository; every part is quoted, slashes too."""
        return "/".join([self._base, *(quoted(part) for part in parts)])

    def variables(self, number: int, **more: Any) -> dict[str, Any]:
        """What a query about one pull request needs."""
        return {"owner": self.owner, "name": self.name, "number": number, **more}

    def remember(self, number: int, node: str | None) -> None:
        """Keep a pull request's node id, which never changes, so that no mutation asks for it first."""
        if node is not None:
            if len(self._nodes) > 10_000:
                self._nodes.clear()
            self._nodes[number] = node

    def node(self, number: int) -> str | None:
        """The node id, where it has been seen."""
        return self._nodes.get(number)
