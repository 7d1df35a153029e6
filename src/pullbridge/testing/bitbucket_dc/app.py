"""The front door: which operation an address is, who asks, and the headers that every answer has."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from pullbridge.testing.bitbucket_dc import (
    activities,
    branches,
    builds,
    changes,
    comments,
    commits,
    default_reviewers,
    errors,
    files,
    instance,
    listing,
    merging,
    permissions,
    projects,
    pulls,
    reactions,
    reviewing,
    strategies,
    suggestions,
    talk,
    users,
    web,
)
from pullbridge.testing.bitbucket_dc.access import Level, is_person, level_of, read_token
from pullbridge.testing.bitbucket_dc.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.budget import Budget
from pullbridge.testing.bitbucket_dc.builds import Builds
from pullbridge.testing.bitbucket_dc.checks import Checks
from pullbridge.testing.bitbucket_dc.default_reviewers import Reviewing
from pullbridge.testing.bitbucket_dc.errors import ApiError
from pullbridge.testing.bitbucket_dc.knobs import Knobs, Version
from pullbridge.testing.bitbucket_dc.shapes import hierarchy
from pullbridge.testing.bitbucket_dc.states import PullState, States
from pullbridge.testing.store import PullRequest, Repository, Store, Token, User

#: Where operations are: each has `ROUTES`.
MODULES = (
    instance,
    users,
    projects,
    pulls,
    listing,
    comments,
    reviewing,
    activities,
    changes,
    reactions,
    suggestions,
    merging,
    strategies,
    builds,
    default_reviewers,
    branches,
    commits,
    files,
    permissions,
)
ROUTES: tuple[Route, ...] = tuple(route for module in MODULES for route in module.ROUTES)
VERSIONS = frozenset({"latest", "1.0"})

#: Types that a browser sends without being asked, so a request with one may be forged; none at all counts as one.
#: https://developer.atlassian.com/server/framework/atlassian-sdk/form-token-handling/
FORGEABLE = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})


@cache
def _addresses() -> Map:
    """All operations by address. Made once: it takes longer than anything else of a new forge."""
    rules = [
        Rule(f"/{route.service}{route.rule}", methods=[route.method], endpoint=index)
        for index, route in enumerate(ROUTES)
    ]
    return Map(rules, strict_slashes=False, merge_slashes=False)


def _unknown(request: Request) -> ApiError:
    """No such resource: not the API's error, but the server's, in XML for who does not ask for JSON alone."""
    if request.accept_mimetypes.best_match(["application/xml", "application/json"]) == "application/json":
        return ApiError(404, {"message": f"null for uri: {request.base_url}", "status-code": 404})
    text = "<status><status-code>404</status-code><message>HTTP 404 Not Found</message></status>"
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}'
    return ApiError(404, xml.encode(), headers={"Content-Type": "application/xml"})


class App:
    """Data Center over a store, below the context path (such as `/bitbucket`)."""

    def __init__(self, store: Store, *, version: Version, context: str = "") -> None:
        self.store = store
        store.pull_ref = "refs/pull-requests/{}/from"
        self.version = version
        self.context = context
        self.knobs: Knobs = Knobs()
        self.budget: Budget = Budget()
        self.states: States = States(self)
        self.checks: Checks = Checks()
        self.builds: Builds = Builds(self)
        self.reviewing: Reviewing = Reviewing()

    # -- names ---------------------------------------------------------------------------------------------------------

    @staticmethod
    def key_of(owner: User) -> str:
        """A project's key, in upper case; that of somebody's personal repositories begins with `~`."""
        return owner.handle.upper()

    def label(self, repository: Repository) -> str:
        """A repository's name in messages."""
        return f"{self.key_of(repository.owner)}/{repository.name.lower()}"

    @staticmethod
    def hierarchy_of(repository: Repository) -> str:
        """What a repository and its forks have in common."""
        return hierarchy(repository)

    def counts(self, pull: PullRequest) -> dict[str, Any]:
        """What lists tell of a pull request besides."""
        conflicted = pull.state == "open" and self.conflicts(pull)
        merge = {"outcome": "CONFLICTED" if conflicted else "CLEAN", "current": True}
        told = {"mergeResult": merge} if pull.state == "open" else {}
        return {**told, **talk.counts(self.states.of(pull))}

    @staticmethod
    def conflicts(pull: PullRequest) -> bool:
        """Whether it cannot be merged with its target as they are now."""
        git = pull.repository.git
        tip = git.head(pull.target_branch)
        return tip is None or git.merge(tip, pull.head).tree is None

    def say(self, pull: PullRequest, author: User, text: str) -> None:
        """Comment on a pull request as a whole."""
        talk.add(self, pull, author, text)

    def rescoped(self, state: PullState) -> None:
        """The commits of a pull request changed: everything that hangs on them moves along."""
        talk.rescoped(self, state)

    # -- answering -----------------------------------------------------------------------------------------------------

    def web_base(self, request: Request) -> str:
        """Where the web pages are."""
        return request.host_url.rstrip("/") + self.context

    def handle(self, request: Request) -> Response:
        """Answer one request, whatever it is."""
        path = request.path
        if not path.startswith(f"{self.context}/") and path != self.context:
            return Response("Not Found", 404, mimetype="text/plain")
        below = path.removeprefix(self.context)
        with self.store.lock:
            if below.startswith("/rest/"):
                return self._answer(request, below.removeprefix("/rest"))
        return web.respond(self, request, below)

    def _answer(self, request: Request, path: str) -> Response:
        token: Token | None = None
        try:
            token = read_token(request, self.store)
            self.budget.spend(token, self.store.now())
            answer = self._rest(request, path, token)
        except ApiError as error:
            answer = Answer(payload=error.payload, status=error.status, headers=error.headers)
        return self._response(request, answer, token)

    def _rest(self, request: Request, path: str, token: Token | None) -> Answer:
        route, values = self._match(request, path)
        self._check_origin(request, route)
        if token is None and (route.signed_in or route.writes):
            raise errors.unauthorized()
        repository = self._repository(values, route, token)
        ask = Ask(
            app=self,
            request=request,
            web=self.knobs.links_to or self.web_base(request),
            token=token,
            values=values,
            known_repository=repository,
        )
        merging.settle(self)
        answer = route.answer(ask)
        if route.writes:
            merging.settle(self)
        return answer

    def _match(self, request: Request, path: str) -> tuple[Route, Mapping[str, Any]]:
        method = "GET" if request.method == "HEAD" else request.method
        unknown = _unknown(request)
        _, service, version, *rest = [*path.split("/", 3), ""]
        if version not in VERSIONS or (self.knobs.mirror and "application-properties" not in rest):
            raise unknown
        try:
            inner = f"/{service}/" + "".join(rest)
            endpoint, values = _addresses().bind(request.host, path_info=inner).match(method=method)
        except MethodNotAllowed as error:
            raise ApiError(405, None) from error
        except HTTPException as error:
            raise unknown from error
        route = ROUTES[endpoint]
        old = route.since and not self.version.at_least(*route.since)
        gone = route.until and self.version.at_least(*route.until)
        if old or gone:
            raise unknown
        return route, values

    def _check_origin(self, request: Request, route: Route) -> None:
        """What a forged form could send is refused, and so is a body that is no JSON."""
        if not route.writes:
            return
        trusted = request.headers.get("X-Atlassian-Token", "").lower() in {"no-check", "nocheck"}
        if self.knobs.trusts_programs and not request.mimetype:
            trusted = trusted or "Mozilla" not in request.headers.get("User-Agent", "")
        if request.method == "POST" and request.mimetype in FORGEABLE and not trusted:
            raise ApiError(403, b"XSRF check failed", headers={"Content-Type": "text/html;charset=UTF-8"})
        if request.get_data() and request.mimetype not in {"application/json", "multipart/form-data"}:
            raise ApiError(415, None)

    def _repository(self, values: Mapping[str, Any], route: Route, token: Token | None) -> Repository | None:
        if "slug" not in values:
            return None
        key, slug = str(values["key"]), str(values["slug"])
        found = self.find(key, slug)
        level = Level.NONE if found is None else level_of(self.store, self.knobs, token, found)
        if found is None or (level is Level.NONE and token is not None and self.knobs.hidden_status == 404):
            raise errors.no_repository(key, slug) if self.project(key) else errors.no_project(key)
        if level < route.level:
            raise errors.unauthorized()
        if found.archived and route.writes and not route.kept:
            raise errors.archived(self.label(found))
        return found

    def find(self, key: str, slug: str) -> Repository | None:
        """The repository of that project and slug, in any case; a former name finds it, too, as redirects do."""
        path = f"{key}/{slug}"
        return self.store.repositories.find(path) or self.store.repositories.moved(path)

    def project(self, key: str) -> User | None:
        """The project of that key."""
        owners = {repository.owner for repository in self.store.repositories.all()}
        return next((owner for owner in owners if owner.handle.lower() == key.lower()), None)

    def people(self) -> list[User]:
        """Everybody, by name."""
        everybody = [user for user in self.store.people.users.values() if is_person(user)]
        return sorted(everybody, key=lambda user: user.handle.lower())

    # -- headers -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _response(request: Request, answer: Answer, token: Token | None) -> Response:
        identifier = uuid.uuid4().hex[:12].upper()
        headers = {
            "X-AREQUESTID": f"@{identifier}x1",
            "X-ASEN": "SEN-500",
            "Cache-Control": "private, no-cache",
            "Pragma": "no-cache",
            "Vary": "X-AUSERNAME,X-AUSERID,Cookie,Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if token is not None:
            headers |= {"X-AUSERID": str(token.user.id), "X-AUSERNAME": quote(token.user.handle)}
        headers |= {"Content-Type": answer.content_type} | answer.headers
        body = b"" if request.method == "HEAD" else answer.body
        response = Response(body, answer.status, headers=headers)
        if not answer.body:
            response.headers.remove("Content-Type")
        return response
