"""The front door: which operation an address is, who asks, and the headers that every answer has."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from pullbridge.testing.gitlab import (
    branches,
    commits,
    files,
    finding,
    graphql,
    instance,
    labels,
    members,
    merging,
    projects,
    pulls,
    review,
    templates,
    tokens,
    users,
    web,
)
from pullbridge.testing.gitlab.access import admit, read_token
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.budget import RETRY_LATER, Budget
from pullbridge.testing.gitlab.ci import Pipelines
from pullbridge.testing.gitlab.errors import ApiError, answer_to, not_allowed, not_found
from pullbridge.testing.gitlab.knobs import Knobs, Tier, Version
from pullbridge.testing.gitlab.reviewing import changes_requested
from pullbridge.testing.gitlab.roles import sees
from pullbridge.testing.gitlab.states import States
from pullbridge.testing.gitlab.talk import unresolved
from pullbridge.testing.store import PullRequest, Refused, Repository, Store, Token, User, UserKind

#: Where operations are: each has `ROUTES`.
MODULES = (
    instance,
    tokens,
    users,
    projects,
    members,
    finding,
    pulls,
    merging,
    labels,
    templates,
    branches,
    commits,
    files,
    review,
)
ROUTES: tuple[Route, ...] = tuple(route for module in MODULES for route in module.ROUTES)

API = "/api/v4"
Door = Callable[["App", Request, Token | None], Answer]
#: Whole addresses that have a protocol of their own.
DOORS: dict[str, Door] = {graphql.ADDRESS: graphql.answer}


@cache
def _addresses() -> Map:
    """All operations by address. Made once: it takes longer than anything else of a new forge."""
    rules = [Rule(route.rule, methods=[route.method], endpoint=index) for index, route in enumerate(ROUTES)]
    return Map(rules, strict_slashes=False, merge_slashes=False)


@dataclass
class Answering:
    """What is known about a request while it is answered: for its headers."""

    token: Token | None = None
    headers: dict[str, str] = field(default_factory=dict)


class App:
    """GitLab over a store, below the path `root` (such as `/gitlab`)."""

    def __init__(self, store: Store, *, version: Version, root: str = "") -> None:
        self.store = store
        store.pull_ref = "refs/merge-requests/{}/head"
        self.version = version
        self.root = root
        self.knobs: Knobs = Knobs()
        self.budget: Budget = Budget()
        self.states: States = States(store, self.knobs)
        self.pipelines: Pipelines = Pipelines(self)
        self.note_times: dict[User, list[float]] = {}

    @property
    def tier(self) -> Tier:
        """The licence it runs under."""
        if not self.version.enterprise:
            return "free"
        return self.knobs.tier or "ultimate"

    @cached_property
    def ghost(self) -> User:
        """The account that stands for deleted ones."""
        return User(
            id=self.store.next_id(),
            handle="ghost",
            kind=UserKind.USER,
            name="Ghost User",
            email="ghost@users.example",
            created_at=self.store.now(),
        )

    @staticmethod
    def subscribed(pull: PullRequest, user: User | None) -> bool:
        """Whether a user hears of a merge request: by their own word, or because they take part."""
        if user is None:
            return False
        said = pull.subscriptions.get(user)
        took_part = user in {pull.author, *pull.assignees, *pull.requested_reviewers}
        return said == "subscribed" if said else took_part

    def merge_method(self, project: Repository) -> str:
        """How merges into a project are made: `merge`, `rebase_merge` (semi-linear) or `ff`."""
        return self.knobs.merge_method or ("merge" if project.allow_merge or not project.allow_rebase else "ff")

    def semi_linear(self, project: Repository) -> bool:
        """Whether only what has all of the target may be merged."""
        return self.merge_method(project) != "merge"

    def discussions_resolved(self, pull: PullRequest) -> bool:
        """Whether no open thread blocks the merge."""
        if not self.knobs.discussions_must_be_resolved:
            return True
        return not unresolved(self, pull)

    def changes_requested(self, pull: PullRequest) -> bool:
        """Whether somebody's request for changes blocks the merge: https://docs.gitlab.com/user/project/merge_requests/reviews/"""
        return bool(changes_requested(self, pull))

    # -- addresses -----------------------------------------------------------------------------------------------------

    def path_below(self, request: Request) -> str:
        """The path below the API's base, as the client wrote it."""
        below = request.path.removeprefix(self.root).removeprefix(API)
        return quote(below, safe="/:@+,;=!$&'()*~").replace("%252F", "%2F").replace("%252f", "%2F")

    def web_base(self, request: Request) -> str:
        """Where the web pages are."""
        return request.host_url.rstrip("/") + self.root

    # -- answering -----------------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """Answer one request, whatever it is."""
        path = request.path
        if not path.startswith(f"{self.root}/") and path != self.root:
            return Response("Not Found", 404, mimetype="text/plain")
        below = path.removeprefix(self.root)
        with self.store.lock:
            if below in DOORS or below.startswith(f"{API}/"):
                return self._answer(request, below)
        return web.respond(self, request, below)

    def _answer(self, request: Request, path: str) -> Response:
        told = Answering()
        try:
            told.token = read_token(request, self)
            self._spend(told)
            door = DOORS.get(path)
            answer = door(self, request, told.token) if door else self._rest(request, path, told)
        except ApiError as error:
            plain = Answer(payload=error.payload, status=error.status, headers=error.headers)
            answer = graphql.refused(error) if path == graphql.ADDRESS else plain
        return self._response(request, answer, told)

    def _spend(self, told: Answering) -> None:
        caller = "" if told.token is None else f"user:{told.token.user.id}"
        allowed, told.headers = self.budget.spend(caller, self.store.now().timestamp())
        if not allowed:
            raise ApiError(429, RETRY_LATER)

    def _rest(self, request: Request, path: str, told: Answering) -> Answer:
        route, values = self._match(request, path.removeprefix(API))
        project = self._project(request, route, values, told.token)
        admit(route, told.token, project, self)
        web = self.web_base(request)
        ask = Ask(
            app=self,
            request=request,
            base=web + API,
            web=web,
            token=told.token,
            values=values,
            known_project=project,
        )
        try:
            return route.answer(ask)
        except Refused as refused:
            raise answer_to(refused) from refused

    def _match(self, request: Request, path: str) -> tuple[Route, Mapping[str, Any]]:
        method = "GET" if request.method == "HEAD" else request.method
        try:
            endpoint, matched = _addresses().bind(request.host, path_info=path).match(method=method)
        except MethodNotAllowed as error:
            raise ApiError(405, {"error": "405 Not Allowed"}) from error
        except HTTPException as error:
            raise ApiError(404, {"error": "404 Not Found"}) from error
        route = ROUTES[endpoint]
        old = route.since and not self.version.at_least(*route.since)
        gone = route.until and self.version.at_least(*route.until)
        if old or gone or (route.tier != "free" and not self.version.enterprise):
            raise ApiError(404, {"error": "404 Not Found"})
        # cheroot leaves an encoded slash as it is, so that it does not divide the path
        values = {name: _decoded(value) if isinstance(value, str) else value for name, value in matched.items()}
        return route, values

    def _project(
        self, request: Request, route: Route, values: Mapping[str, Any], token: Token | None
    ) -> Repository | None:
        if "project" not in values:
            return None
        name, user = str(values["project"]), token.user if token else None
        repositories = self.store.repositories
        found = self.store.find(Repository, int(name)) if name.isdecimal() else repositories.find(name)
        moved = None if found or name.isdecimal() else repositories.moved(name)
        known = found or moved
        if known is None or known.deleted or not sees(self.store, user, known):
            raise not_found("Project")
        if moved is None:
            return found
        if route.writes:
            raise not_allowed("Non GET methods are not allowed for moved projects")
        raise self._elsewhere(request, name, moved)

    def _elsewhere(self, request: Request, name: str, moved: Repository) -> ApiError:
        """https://docs.gitlab.com/api/rest/#redirects"""
        path = self.path_below(request).replace(quote(name, safe=""), str(moved.id), 1)
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        url = f"{self.web_base(request)}{API}{path}{query}"
        text = f"This resource has been moved permanently to {url}.".encode()
        return ApiError(301, text, headers={"Location": url})

    # -- headers -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _response(request: Request, answer: Answer, told: Answering) -> Response:
        identifier = uuid.uuid4().hex[:26].upper()
        headers = {
            "Cache-Control": "max-age=0, private, must-revalidate",
            "Vary": "Origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "X-Gitlab-Meta": json.dumps({"correlation_id": identifier, "version": "1"}, separators=(",", ":")),
            "X-Request-Id": identifier,
            "X-Runtime": "0.010000",
            **told.headers,
            **answer.headers,
        }
        body, status = answer.body, answer.status
        if request.method in {"GET", "HEAD"} and status == 200:
            headers["ETag"] = f'W/"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
            if headers["ETag"] in request.headers.get("If-None-Match", ""):
                status = 304
        response = Response(b"" if status == 304 or request.method == "HEAD" else body, status, headers=headers)
        if status in {204, 304}:
            response.headers.remove("Content-Type")
        elif answer.content_type == "application/json" and isinstance(answer.payload, bytes):
            response.headers["Content-Type"] = "text/plain"
        else:
            response.headers["Content-Type"] = answer.content_type
        return response


def _decoded(value: str) -> str:
    return re.sub("%2f", "/", value, flags=re.IGNORECASE)
