"""The one file that knows python-gitlab: it builds the requests, the guarded transport sends them, bytes come out.

python-gitlab supplies addresses, headers and the live objects behind `native`. It neither
opens a connection, nor sleeps, retries, signs or follows a link here: `Backend` is the one way out for all its objects.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Any, ClassVar, TypeVar

from pullbridge import __version__
from pullbridge.auth.signing import Signing
from pullbridge.errors import BridgeError, Forbidden, NotThere, ScopeMissing, SignInNeeded
from pullbridge.hosts.door import Door
from pullbridge.hosts.encoding import encoded, quoted
from pullbridge.hosts.gating import Field
from pullbridge.hosts.gitlab import errors, moving, paging
from pullbridge.hosts.gitlab.addresses import Addresses
from pullbridge.hosts.gitlab.dialect import NOTES, GitLabDialect, is_note
from pullbridge.hosts.gitlab.diffs import Diffs
from pullbridge.hosts.gitlab.errors import Asked
from pullbridge.hosts.gitlab.gating import TYPES
from pullbridge.hosts.gitlab.judgement import Connected
from pullbridge.hosts.gitlab.knowing import Known
from pullbridge.hosts.gitlab.payloads import GraphError, Metadata, Project
from pullbridge.hosts.gitlab.tokens import TokenKind, kind_of
from pullbridge.hosts.gitlab.versions import LOWEST, Version, version
from pullbridge.hosts.graphql import Partly
from pullbridge.hosts.refusals import nobody
from pullbridge.hosts.sending import JSON, Refusal, Sending, answered
from pullbridge.hosts.typed import TypedApi
from pullbridge.hosts.viewers import Viewers
from pullbridge.model.listing import Page
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.transport.call import Repeat
from pullbridge.transport.session import HostSession, Reply

# Importing python-gitlab adds a filter to the warnings of the whole process.
with warnings.catch_warnings():
    import gitlab
    from gitlab._backends.requests_backend import RequestsBackend, RequestsResponse

T = TypeVar("T")

_HEADERS = {"Accept": JSON, "User-Agent": f"pullbridge/{__version__}"}


class Backend(RequestsBackend):
    """What python-gitlab's objects send through: the guarded session, whose refusals are `BridgeError`s at once.

    https://python-gitlab.readthedocs.io/en/stable/api-usage-advanced.html#custom-session-or-backend
    """

    def __init__(self, session: HostSession, refusal: Refusal) -> None:
        super().__init__(session)
        self._guarded = session
        self._refusal = refusal

    def http_request(self, method: str, url: str, **options: Any) -> RequestsResponse:  # type: ignore[override]  # all by name
        """Send one request. Never gives python-gitlab a refusal that it could wait for, repeat or wrap."""
        options.update(auth=None, timeout=None, verify=True)
        answer = super().http_request(method, url, **options)
        found = answer.response
        reply = Reply(found.status_code, found.headers, found.content, found.url, found.headers.get("X-Request-Id"))
        answered(reply, method, self._refusal, "GitLab", self._guarded)
        return answer


class Requests(Sending, gitlab.Gitlab):
    """python-gitlab's client over one guarded session."""

    headers_of_all: ClassVar[Mapping[str, str]] = _HEADERS

    def __init__(self, session: HostSession, notes: HostSession, rest: str, refusal: Refusal) -> None:
        """`notes` sends comments, which wait for each other; `rest` is the REST API's base; `refusal` makes errors."""
        super().__init__(
            url=rest.removesuffix("/api/v4"),
            user_agent=_HEADERS["User-Agent"],
            per_page=paging.PER_PAGE,
            keep_base_url=True,
            backend=lambda: Backend(session, refusal),
        )
        self._url = rest
        self._guarded = session
        self._notes = notes

    def address(self, path: str) -> str:
        """See `Sending`."""
        return self._build_url(path)

    def session_for(self, verb: str, path: str) -> HostSession:
        """See `Sending`."""
        return self._notes if is_note(verb, path) else self._guarded


class Api(TypedApi):
    """One GitLab, over one wire: typed answers, or a `BridgeError`."""

    product = "GitLab"

    def __init__(self, addresses: Addresses, signing: Signing, settings: Settings) -> None:
        super().__init__(addresses.host, settings)
        self.addresses = addresses
        self.signing = signing
        self.session: HostSession = self.wire.session(addresses.places, signing, GitLabDialect())
        allowed = NOTES if addresses.service else ()
        notes = self.wire.session(addresses.places, signing, GitLabDialect(), allowed)
        self.requests: Requests = Requests(self.session, notes, addresses.rest, self.refusal)
        self.known: Known = Known(signing.known, signing.account, service=addresses.service)
        self.moved: moving.Moved = moving.Moved()
        #: The paths of the projects that source branches are in, by account and number; `None` for one that is gone or hidden.
        self.sources: dict[tuple[str, int], str | None] = {}
        self.viewers: Viewers = Viewers(signing)
        self.door: Door = Door(self, TYPES)
        self._asking = Lock()

    # REST -------------------------------------------------------------------------------------------------------------

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

        What belongs to a project that has moved is asked for at its present place.
        """
        content = None if body is None else encoded(body)
        headers = {"Accept": accept}
        reply = self._exchanged(verb, self.moved.now(path), params, headers, content, repeat)
        if errors.is_moved(reply.status, reply.body) and self.find(path):
            reply = self._exchanged(verb, self.moved.now(path), params, headers, content, repeat)
        if reply.status >= 300:
            raise self.refusal(reply, asked)
        self.moved.redirected(path, reply.url)
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
        """One stretch of a list: the first, or the one at a cursor that this gave."""
        rows, reply = self._stretch(path, row, asked, params, cursor)
        return Page(items=tuple(rows), cursor=paging.following(reply.headers, len(rows), cursor))

    def pages(self, path: str, row: type[T], asked: Asked, *, params: Mapping[str, Any] | None = None) -> list[T]:
        """All rows of a list. Where the first answer tells how many pages there are, the others go out together."""
        rows, reply = self._stretch(path, row, asked, params, None)
        last, cursor = paging.last(reply.headers), paging.following(reply.headers, len(rows), None)
        if last is not None and cursor == "2":
            rest = [partial(self._stretch, path, row, asked, params, str(page)) for page in range(2, last + 1)]
            found = self.gather(*rest)
            rows = [*rows, *(each for more, _ in found for each in more)]
            cursor = paging.following(found[-1][1].headers, len(found[-1][0]), str(last))
        while cursor is not None:
            more, reply = self._stretch(path, row, asked, params, cursor)
            rows, cursor = [*rows, *more], paging.following(reply.headers, len(more), cursor)
        return rows

    def _stretch(
        self, path: str, row: type[T], asked: Asked, params: Mapping[str, Any] | None, cursor: str | None
    ) -> tuple[list[T], Reply]:
        reply = self.reply("GET", path, asked, params=paging.query(params, cursor))
        return self.decoded(reply, list[row], asked), reply  # type: ignore[valid-type]  # made at run time

    # GraphQL ----------------------------------------------------------------------------------------------------------

    def graphql(
        self, document: str, variables: Mapping[str, Any], shape: type[T], asked: Asked, *, repeat: Repeat | None = None
    ) -> T:
        """Execute a document; any error in the answer is raised."""
        return self.door.execute(document, variables, shape, asked, repeat)

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
        reply = self._exchanged("POST", self.addresses.graphql, None, None, body, repeat)
        if reply.status >= 300:
            raise self.refusal(reply, asked)
        return reply

    def graph_error(
        self, problems: Sequence[GraphError], asked: Asked, reply: Reply, facts: dict[str, Any]
    ) -> BridgeError:
        """See `hosts.door.Behind`."""
        error = errors.graph_failure(problems, asked, server=self.server, **facts)
        error.__cause__ = gitlab.GitlabHttpError(problems[0].message[:200], response_code=200)
        return error

    # Which GitLab -----------------------------------------------------------------------------------------------------

    @property
    def version(self) -> Version | None:
        """The version, as far as it is known."""
        return self.known.version

    @property
    def server(self) -> str:
        """What answers, as one says it to people."""
        return self.known.server

    def needs_version(self) -> Version | None:
        """The version, asked for once; `None` where this account is not told it. gitlab.com tells it, too."""
        with self._asking:
            if self.version is None and not self.known.versionless and not self.signing.anonymous:
                self.known.learn_version(self._asked_version())
            return self.version

    def at_least(self, wanted: tuple[int, ...]) -> bool:
        """Whether it is that version or a later one. gitlab.com always is; one that does not tell is the oldest."""
        if self.addresses.service:
            return True
        told = self.version or self.needs_version()
        return told.at_least(wanted) if told is not None else wanted <= LOWEST

    def connected(self) -> Connected:
        """What is known of the connection, for whoever judges what can be done."""
        return self.known.connected(limited=self.session.budget.limit is not None, granted=self.signing.granted)

    def _asked_version(self) -> Version | None:
        asked = Asked(what="version")
        for path in ("/metadata", "/version"):
            try:
                told = self.get(path, Metadata, asked)
            except NotThere:
                continue
            except (SignInNeeded, ScopeMissing, Forbidden):
                return None
            return version(told.version, told.enterprise)
        return None

    # Everything else --------------------------------------------------------------------------------------------------

    def living(self, path: str) -> Any:
        """The live python-gitlab project, lazy, over the same session."""
        return self.requests.projects.get(path, lazy=True)

    def refusal(self, reply: Reply, asked: Asked) -> BridgeError:
        """The error for a refusal, with python-gitlab's own exception as its cause. That one carries no body."""
        facts: dict[str, Any] = {"host": self.host, "request_id": reply.request_id}
        if reply.status == 401 and self.signing.anonymous:
            return nobody("GitLab", status=401, **facts)
        kind = kind_of(self.signing.headers())
        doubtful = reply.status == 401 and (asked.write or kind is TokenKind.JOB)
        if doubtful and self._accepted("/job" if kind is TokenKind.JOB else "/user"):
            error: BridgeError = errors.may_not(kind.value, **facts)
        else:
            # whoever bans an address need not be the host itself, nor tell its time
            now = self.session.host_now() or datetime.now(UTC)
            error = errors.failure(reply.status, reply.body, asked, now=now, **facts)
        cause = gitlab.GitlabAuthenticationError if reply.status == 401 else gitlab.GitlabHttpError
        error.__cause__ = cause(errors.told_by(reply.body).message, response_code=reply.status)
        return error

    def _accepted(self, path: str) -> bool:
        """Whether the token is good, after all: GitLab refuses some writes that one may not do as it refuses bad tokens."""
        try:
            return self.requests.exchange("GET", path).status != 401
        except BridgeError:
            return False

    def _exchanged(
        self,
        verb: str,
        path: str,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        body: bytes | None,
        repeat: Repeat | None,
    ) -> Reply:
        reply = self.exchanged(verb, path, params, headers, body, repeat)
        if reply.status < 400:
            self.known.learn_answer()
        return reply

    def find(self, path: str) -> bool:
        """Ask where a project that has moved is now, and what it is called; `False` for a path that is no project's."""
        former = moving.project(path)
        if former is None:
            return False
        found = self.get(f"/projects/{former}", Project, Asked(what="such project"))
        self.moved.keep(former, found.id, found.path_with_namespace)
        return True


class RepositoryApi:
    """The same, seen from one project: paths begin behind `/projects/group%2Fname`."""

    def __init__(self, api: Api, ref: RepoRef) -> None:
        self.api = api
        self.ref = ref
        #: GitLab's number for it, as soon as an answer has told it.
        self.project_id: int | None = None
        self.diffs: Diffs = Diffs()
        #: Whether it was found to have no external status checks, which are Ultimate's.
        self.unchecked: bool = False
        self._former = quoted(ref.path)

    def learn(self, project: Project) -> None:
        """Keep its number, and its present path if that is another one."""
        self.project_id = project.id
        if project.path_with_namespace != self.ref.path:
            self.api.moved.keep(self._former, project.id, project.path_with_namespace)

    def path(self, *parts: str | int) -> str:
        """A path in this project; every part is quoted, slashes too."""
        return "/".join([f"/projects/{self._former}", *(quoted(part) for part in parts)])

    def pull(self, number: int, *parts: str | int) -> str:
        """A path in one merge request."""
        return self.path("merge_requests", number, *parts)

    @property
    def path_now(self) -> str:
        """What GitLab calls it now, as far as it has said: one that has moved answers to its former path, too."""
        return self.api.moved.path(self._former) or self.ref.path

    def variables(self, number: int, **more: Any) -> dict[str, Any]:
        """What a query about one merge request needs. GraphQL knows a project by its present path only."""
        if self.api.moved.is_nameless(self._former):
            self.api.find(self.path())
        return {"fullPath": self.path_now, "iid": str(number), **more}
