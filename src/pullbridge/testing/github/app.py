"""The front door: which operation an address is, who asks, and the headers that every answer has."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from pullbridge.testing.github import (
    apps,
    branches,
    checks,
    comments,
    files,
    finding,
    graphql_door,
    issues,
    merging,
    people,
    pulls,
    repositories,
    reviewers,
    reviews,
    stacks,
    timeline,
    web,
)
from pullbridge.testing.github.access import admit, read_token, scope_headers
from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.budget import Budget, Resource
from pullbridge.testing.github.errors import ApiError, answer_to, not_found
from pullbridge.testing.github.knobs import Knobs
from pullbridge.testing.store import Refused, Repository, Store, Token

ROUTES: tuple[Route, ...] = (
    *people.ROUTES,
    *repositories.ROUTES,
    *pulls.ROUTES,
    *merging.ROUTES,
    *stacks.ROUTES,
    *files.ROUTES,
    *comments.ROUTES,
    *reviews.ROUTES,
    *reviewers.ROUTES,
    *issues.ROUTES,
    *timeline.ROUTES,
    *checks.ROUTES,
    *branches.ROUTES,
    *finding.ROUTES,
)
ENTERPRISE = "/api/v3"
GRAPHQL = ("/graphql", "/api/graphql")
#: What GitHub answers for a renamed repository leads to its number.
_BY_NUMBER = re.compile(r"/repositories/(\d+)(/.*)?$")
_API_ROOTS = frozenset({"", "app", "user", "users", "repos", "repositories", "meta", "rate_limit", "search", "orgs"})
API_VERSION = "2022-11-28"


@cache
def _addresses() -> Map:
    """All operations by address. Made once: it takes longer than anything else of a new forge."""
    rules = [Rule(route.rule, methods=[route.method], endpoint=index) for index, route in enumerate(ROUTES)]
    return Map(rules, strict_slashes=False, merge_slashes=False)


@dataclass
class Answering:
    """What is known about a request while it is answered: for its headers."""

    token: Token | None = None
    route: Route | None = None
    repository: Repository | None = None
    resource: Resource = "core"
    spent: bool = field(default=True)


class App:
    """GitHub over a store. `enterprise_version` makes it an Enterprise Server: no rate limit, and a version header."""

    def __init__(self, store: Store, *, enterprise_version: str | None = None) -> None:
        self.store = store
        self.enterprise_version = enterprise_version
        self.budget: Budget = Budget()
        self.knobs: Knobs = Knobs()
        self.installations: apps.Installations = apps.Installations()

    # -- addresses -----------------------------------------------------------------------------------------------------

    def path_below(self, request: Request) -> str:
        """The path below the API's base, as the client wrote it."""
        path = request.path
        below = path.removeprefix(ENTERPRISE) if path.startswith(ENTERPRISE) else path
        return quote(below, safe="/:@+,;=!$&'()*~").replace("%252F", "%2F")

    @staticmethod
    def _base(request: Request) -> str:
        """Where the API is, as the client wrote it."""
        return request.host_url.rstrip("/") + (ENTERPRISE if request.path.startswith(ENTERPRISE) else "")

    @staticmethod
    def web_base(request: Request) -> str:
        """Where the web pages are: the same origin, without `api.` before it."""
        scheme, _, host = request.host_url.rstrip("/").partition("://")
        return f"{scheme}://{host.removeprefix('api.')}"

    @staticmethod
    def caller(token: Token | None) -> str:
        """Whose budget it is."""
        return "" if token is None else f"user:{token.user.id}"

    # -- answering -----------------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """Answer one request, whatever it is."""
        with self.store.lock:
            if request.path in GRAPHQL:
                return self._answer(request, graphql=True)
            enterprise = request.path.startswith(f"{ENTERPRISE}/") or request.path == ENTERPRISE
            if enterprise or request.path.split("/")[1] in _API_ROOTS:
                return self._answer(request)
        return web.respond(self.store, request)

    def _answer(self, request: Request, *, graphql: bool = False) -> Response:
        told = Answering()
        try:
            installation = apps.asked_for(self.path_below(request))
            if installation is not None and request.method == "POST":
                return self._response(request, apps.token(self, request, self._base(request), installation), told)
            told.token = read_token(request, self.store)
            answer = self._graphql(request, told) if graphql else self._rest(request, told)
        except ApiError as error:
            answer = Answer(payload=error.payload, status=error.status, headers=error.headers)
        return self._response(request, answer, told)

    def _rest(self, request: Request, told: Answering) -> Answer:
        prefix = ENTERPRISE if request.path.startswith(ENTERPRISE) else ""
        base = self._base(request)
        path = self._by_name(request.path.removeprefix(prefix) or "/")
        try:
            adapter = _addresses().bind(request.host, path_info=path)
            endpoint, matched = adapter.match(method=request.method)
        except HTTPException as error:
            raise not_found() from error
        told.route = ROUTES[endpoint]
        # cheroot leaves an encoded slash as it is, so that it does not divide the path
        values = {
            name: re.sub("%2f", "/", v, flags=re.IGNORECASE) if isinstance(v, str) else v for name, v in matched.items()
        }
        told.resource = "search" if path.startswith("/search/") else "core"
        self._check_budget(told, free=path == "/rate_limit")
        told.repository = self._repository(request, base, values)
        admit(told.route, told.token, told.repository, self.store)
        ask = Ask(
            app=self, request=request, base=base, token=told.token, values=values, known_repository=told.repository
        )
        return self._run(told.route, ask)

    @staticmethod
    def _run(route: Route, ask: Ask) -> Answer:
        try:
            return route.answer(ask)
        except Refused as refused:
            refused.facts.setdefault("repository", ask.known_repository.path if ask.known_repository else "")
            raise answer_to(refused) from refused

    def _by_name(self, path: str) -> str:
        match = _BY_NUMBER.match(path)
        if match is None:
            return path
        repository = self.store.find(Repository, int(match[1]))
        if repository is None or repository.deleted:
            raise not_found()
        return f"/repos/{repository.path}{match[2] or ''}"

    def _repository(self, request: Request, base: str, values: Any) -> Repository | None:
        if "repo" not in values:
            return None
        path = f"{values['owner']}/{values['repo']}"
        found = self.store.repositories.find(path)
        if found is not None:
            return found
        moved = self.store.repositories.moved(path)
        if moved is None:
            raise not_found()
        # https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
        rest = self.path_below(request).removeprefix(f"/repos/{path}")
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        url = f"{base}/repositories/{moved.id}{rest}{query}"
        status, words = (301, "Moved Permanently") if request.method == "GET" else (307, "Temporary Redirect")
        raise ApiError(status, words, headers={"Location": url}, url=url)

    def _graphql(self, request: Request, told: Answering) -> Answer:
        told.resource = "graphql"
        if told.token is None:
            raise ApiError(401, "This endpoint requires you to be authenticated.")
        if request.method != "POST":
            raise not_found()
        told.spent = self.enterprise_version is None
        reply = graphql_door.answer(self, self.web_base(request), told.token, request.get_data())
        if told.spent and reply.points > 1:  # the first point is taken with every answer's headers
            caller, now = self.caller(told.token), self.store.now().timestamp()
            self.budget.spend(caller, "graphql", now, reply.points - 1)
        return Answer(payload=reply.payload, status=reply.status)

    # -- headers -------------------------------------------------------------------------------------------------------

    def _check_budget(self, told: Answering, *, free: bool = False) -> None:
        told.spent = not free and self.enterprise_version is None
        now = self.store.now().timestamp()
        if told.spent and self.budget.exhausted(self.caller(told.token), told.resource, now):
            told.spent = False
            raise ApiError(403, primary_message(told.token))

    def _response(self, request: Request, answer: Answer, told: Answering) -> Response:
        body, status = answer.body, answer.status
        headers = {
            **scope_headers(told.route, told.token, told.repository),
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": uuid.uuid4().hex[:20].upper(),
            "X-GitHub-Api-Version-Selected": request.headers.get("X-GitHub-Api-Version", API_VERSION),
            "Vary": "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With",
            "Server": "github.com",
            "Date": http_date(self.store.now()),
            **answer.headers,
        }
        if request.method == "GET" and status == 200:
            headers |= self._validators(body, told.token)
            if headers["ETag"] in request.headers.get("If-None-Match", ""):
                body, status, told.spent = b"", 304, False
        headers |= self._limits(told)
        response = Response(body, status, headers=headers)
        if status in {204, 304}:
            response.headers.remove("Content-Type")
        else:
            response.headers["Content-Type"] = answer.content_type
        return response

    @staticmethod
    def _validators(body: bytes, token: Token | None) -> dict[str, str]:
        kind = "private" if token else "public"
        etag = hashlib.sha256(body).hexdigest()
        return {"ETag": f'W/"{etag}"', "Cache-Control": f"{kind}, max-age=60, s-maxage=60"}

    def _limits(self, told: Answering) -> dict[str, str]:
        if self.enterprise_version is not None:
            return {"X-GitHub-Enterprise-Version": self.enterprise_version}
        caller, now = self.caller(told.token), self.store.now().timestamp()
        if told.spent:
            self.budget.spend(caller, told.resource, now)
        return self.budget.headers(caller, told.resource, now)


def primary_message(token: Token | None) -> str:
    """What is said when the budget is used up."""
    return "API rate limit exceeded for " + ("127.0.0.1." if token is None else f"user ID {token.user.id}.")
