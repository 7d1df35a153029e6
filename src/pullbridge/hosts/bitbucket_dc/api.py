"""The one file here that knows atlassian-python-api: it builds the requests, the guarded transport sends them, bytes come out.

It supplies addresses, headers and the live object behind `native`. It neither opens a connection, nor sleeps, retries,
pages, signs, logs or follows a link here: `AtlassianSession` is the one way out for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any, ClassVar, TypeVar

import requests
from atlassian.bitbucket import Bitbucket

from pullbridge import __version__
from pullbridge.auth.signing import Signing
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import errors, paging
from pullbridge.hosts.bitbucket_dc.addresses import Addresses, parted, place
from pullbridge.hosts.bitbucket_dc.dialect import DataCenterDialect
from pullbridge.hosts.bitbucket_dc.diffs import Diffs
from pullbridge.hosts.bitbucket_dc.judgement import Connected
from pullbridge.hosts.bitbucket_dc.knowing import Known
from pullbridge.hosts.bitbucket_dc.payloads import ApplicationProperties, Paged, PullRequest
from pullbridge.hosts.bitbucket_dc.versions import LOWEST, Version, version
from pullbridge.hosts.encoding import encoded
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

#: The second says that no page made the request: https://developer.atlassian.com/server/framework/atlassian-sdk/form-token-handling/
_HEADERS = {"Accept": JSON, "X-Atlassian-Token": "no-check", "User-Agent": f"pullbridge/{__version__}"}
_PROPERTIES = place("application-properties")
#: Pull requests whose versions are remembered, at most.
_REMEMBERED = 10_000


class _Requests(Sending, Bitbucket):
    """Atlassian's client over one guarded session."""

    headers_of_all: ClassVar[Mapping[str, str]] = _HEADERS

    def __init__(self, session: HostSession, rest: str, refusal: Refusal) -> None:
        """`rest` is where all of REST is; `refusal` makes the error for an answer that is no success."""
        options: dict[str, Any] = {"session": AtlassianSession(session, refusal), "retry_with_header": False}
        super().__init__(rest.removesuffix("/rest"), api_version="latest", cloud=False, **options)  # type: ignore[no-untyped-call]
        self._rest = rest
        self._guarded = session

    def address(self, path: str) -> str:
        """See `Sending`."""
        joined: str = self.url_joiner(self._rest, path)
        return joined

    def session_for(self, verb: str, path: str) -> HostSession:
        """See `Sending`."""
        return self._guarded

    def log_curl_debug(self, *_: Any, **__: Any) -> None:
        """Nothing: what is sent is nobody's to log."""


class Api(TypedApi):
    """One Data Center, over one wire: typed answers, or a `BridgeError`."""

    product = "Bitbucket"

    def __init__(self, addresses: Addresses, signing: Signing, settings: Settings) -> None:
        super().__init__(addresses.host, settings)
        self.addresses = addresses
        self.signing = signing
        self.session: HostSession = self.wire.session(addresses.places, signing, DataCenterDialect())
        self.requests: Sending = _Requests(self.session, addresses.rest, self.refusal)
        self.known: Known = Known(signing.known, signing.account)
        self.viewers: Viewers = Viewers(signing, kept=False)
        self._asking = Lock()

    def reply(
        self,
        verb: str,
        path: str,
        asked: Asked,
        *,
        params: Mapping[str, Any] | None = None,
        accept: str = JSON,
        body: Any = None,
        content: tuple[str, bytes] | None = None,
        repeat: Repeat | None = None,
    ) -> Reply:
        """Send one request; an answer that is no success is raised. (The transport has followed what leads on.)

        `path` is below `/rest` and begins with a service (`addresses.place`). `body` is sent as JSON, `content` as it is,
        with its type. A POST without either is sent with an empty object: Data Center wants to be told the type.
        """
        kind, sent = content or (JSON, encoded({} if body is None else body) if _has_body(verb, body) else None)
        headers = {"Accept": accept} if sent is None else {"Accept": accept, "Content-Type": kind}
        reply = self.exchanged(verb, path, params, headers, sent, repeat)
        self.known.learn_answer(reply.status, reply.headers)
        if reply.status >= 300:
            raise self.refusal(reply, asked)
        return reply

    def send(
        self,
        verb: str,
        path: str,
        body: Any,
        shape: type[T],
        asked: Asked,
        *,
        params: Mapping[str, Any] | None = None,
        repeat: Repeat | None = None,
    ) -> T:
        """Write and decode. An answer that cannot be read leaves it open whether the write was done."""
        return self.decoded(self.reply(verb, path, asked, params=params, body=body, repeat=repeat), shape, asked)

    def page(
        self,
        path: str,
        row: type[T],
        asked: Asked,
        *,
        params: Mapping[str, Any] | None = None,
        cursor: str | None = None,
    ) -> Page[T]:
        """One stretch of a list: the first, or the one at a cursor that this gave. `limit` in `params` says how many rows."""
        found = self.get(path, Paged[row], asked, params=paging.query(params, cursor))  # type: ignore[valid-type]  # made at run time
        try:
            return Page(items=tuple(found.values), cursor=paging.following(found, cursor))
        except BadAnswer as error:
            error.host = self.host
            raise

    def pages(self, path: str, row: type[T], asked: Asked, *, params: Mapping[str, Any] | None = None) -> list[T]:
        """All rows of a list, page after page: where the next one begins stands in the one before."""
        page = self.page(path, row, asked, params=params)
        rows = list(page.items)
        while page.cursor is not None:
            page = self.page(path, row, asked, params=params, cursor=page.cursor)
            rows += page.items
        return rows

    # Which Data Center ------------------------------------------------------------------------------------------------

    @property
    def version(self) -> Version | None:
        """The version, as far as it is known."""
        return self.known.version

    @property
    def server(self) -> str:
        """What answers, as one says it to people."""
        return self.known.server

    def needs_version(self) -> Version | None:
        """The version, asked for once; `None` where it is not told. (Anybody is told it, by default.)"""
        with self._asking:
            if self.version is None and not self.known.versionless:
                try:
                    told = self.get(_PROPERTIES, ApplicationProperties, Asked(what="version")).version
                except BridgeError as error:
                    if error.status is None or error.status >= 500:
                        raise
                    told = None
                self.known.learn_version(version(told))
            return self.version

    def ask_name(self) -> bool:
        """Ask anything, for the header that names who is signed in: whether it does."""
        reply = self.requests.exchange("GET", _PROPERTIES)
        return self.known.learn_answer(reply.status, reply.headers)

    def at_least(self, wanted: tuple[int, ...]) -> bool:
        """Whether it is that version or a later one. One that does not tell is the oldest."""
        told = self.version or self.needs_version()
        return told.at_least(wanted) if told is not None else wanted <= LOWEST

    def connected(self) -> Connected:
        """What is known of the connection, for whoever judges what can be done."""
        return self.known.connected(limited=self.session.budget.limit is not None, granted=self.signing.granted)

    # Everything else --------------------------------------------------------------------------------------------------

    def living(self, path: str) -> Any:
        """Atlassian's client, over the same session: it has no object for a repository, whose key and name its methods take."""
        return self.requests

    def refusal(self, reply: Reply, asked: Asked) -> BridgeError:
        """The error for a refusal, with the exception that atlassian's client would raise as its cause; without a body."""
        facts: dict[str, Any] = {"host": self.host, "request_id": reply.request_id}
        if reply.status == 401 and self.signing.anonymous:
            return nobody("Bitbucket", status=401, **facts)
        signed_in = self._is_signed_in(reply) if reply.status == 401 else None
        error = errors.failure(reply.status, reply.headers, reply.body, asked, signed_in=signed_in, **facts)
        error.__cause__ = requests.HTTPError(errors.told_by(reply.body).message[:200])
        return error

    def _is_signed_in(self, refused: Reply) -> bool:
        """Whether the credential is good, after all: Data Center refuses what one may not do as it refuses bad credentials.

        Whom it accepts, it names in a header of every answer; where a refusal has none, another answer is asked for.
        """
        if self.known.learn_answer(refused.status, refused.headers):
            return True
        if not errors.is_about_rights(refused.body):
            return False
        try:
            return self.ask_name()
        except BridgeError:
            return False


class RepositoryApi:
    """The same, seen from one repository: paths begin behind `/projects/PRJ/repos/name`."""

    def __init__(self, api: Api, ref: RepoRef) -> None:
        self.api = api
        self.ref = ref
        key, slug = parted(ref)
        self.key: str = key
        self.slug: str = slug
        #: The versions of pull requests that answers have told last; see `versioned`.
        self.versions: dict[int, int] = {}
        self.diffs: Diffs = Diffs()
        #: The plans that reports are of, by commit and key; see `checks`.
        self.plans: dict[tuple[str, str], str | None] = {}

    def saw(self, pull: PullRequest) -> PullRequest:
        """Remember its version and its head; gives it back."""
        if len(self.versions) > _REMEMBERED:
            self.versions.clear()
        self.versions[pull.id] = pull.version
        self.diffs.learn(pull.id, None, pull.from_ref.latest_commit)
        return pull

    def path(self, *parts: str | int, service: str = "api") -> str:
        """A path in this repository, in a service of REST; every part is quoted, slashes too."""
        return place("projects", self.key, "repos", self.slug, *parts, service=service)

    def pull(self, number: int, *parts: str | int, service: str = "api") -> str:
        """A path in one pull request."""
        return self.path("pull-requests", number, *parts, service=service)


def _has_body(verb: str, body: Any) -> bool:
    return body is not None or verb in {"POST", "PUT"}
