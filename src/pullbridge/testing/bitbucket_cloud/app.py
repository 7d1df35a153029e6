"""The front door: which operation an address is, who asks, and the headers that every answer has."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from pullbridge.testing.bitbucket_cloud import (
    activity,
    branches,
    comments,
    commits,
    diffs,
    merging,
    misleading,
    pulls,
    repositories,
    reviewing,
    src,
    statuses,
    tasks,
    users,
    web,
    workspaces,
)
from pullbridge.testing.bitbucket_cloud.access import RESOURCES, admit, granted, needed, read_token
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.budget import Budget
from pullbridge.testing.bitbucket_cloud.errors import HIDDEN, TOO_MANY, ApiError, answer_to, not_found
from pullbridge.testing.bitbucket_cloud.fields import partial
from pullbridge.testing.bitbucket_cloud.identity import is_uuid, names_user, uuid_of, workspace_uuid
from pullbridge.testing.bitbucket_cloud.knobs import STRATEGIES, Knobs, Strategy
from pullbridge.testing.bitbucket_cloud.merge_checks import failing
from pullbridge.testing.bitbucket_cloud.states import States
from pullbridge.testing.bitbucket_cloud.talk import Placing
from pullbridge.testing.store import PullRequest, Refused, Repository, Role, Store, Token, User, UserKind

#: Where operations are: each has `ROUTES`.
MODULES = (
    users,
    workspaces,
    repositories,
    activity,
    pulls,
    merging,
    reviewing,
    comments,
    tasks,
    commits,
    diffs,
    statuses,
    branches,
    src,
)
ROUTES: tuple[Route, ...] = tuple(route for module in MODULES for route in module.ROUTES)

API = "/2.0"
#: The ref that keeps a pull request's head; Bitbucket shows none, so git is told to hide it.
PULL_REF = "refs/forge-pulls/{}"
_SAFE = "/~:@!$&'()*+,;="


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
    left: int = 0
    fields: str = ""
    hidden: tuple[str, ...] = field(default_factory=tuple)


class App:
    """Bitbucket Cloud over a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.pull_ref = PULL_REF
        self.knobs: Knobs = Knobs()
        self.budget: Budget = Budget()
        self.states: States = States()
        self.placing: Placing = Placing(store)
        #: What an access token is for: a repository's path, or a workspace.
        self.bound: dict[str, str] = {}
        self.bots: dict[User, str] = {}
        self.nicknames: dict[User, str] = {}
        self.inactive: set[User] = set()
        self.left: set[tuple[str, User]] = set()
        self.default_reviewers: dict[Repository, list[User]] = {}
        #: What the store does not keep of build statuses, by their ids.
        self.builds: dict[int, statuses.Build] = {}

    # -- who is who ----------------------------------------------------------------------------------------------------

    def nickname(self, user: User) -> str:
        """What a person calls themself; two may call themselves the same."""
        return self.nicknames.get(user, user.handle)

    def account_status(self, user: User) -> str:
        """`active`, `inactive` or `closed`."""
        return "closed" if user.deleted else "inactive" if user in self.inactive else "active"

    def find_user(self, selector: str) -> User | None:
        """The account with a uuid or an account id. There are no names to find people by."""
        return next((user for user in self.store.people.users.values() if names_user(selector, user)), None)

    def find_workspace(self, name: str) -> User | None:
        """Whose workspace a slug or a uuid is."""
        owners = [user for user in self.store.people.users.values() if user.kind is not UserKind.BOT]
        if is_uuid(name):
            return next((user for user in owners if workspace_uuid(user) == name.lower()), None)
        return next((user for user in owners if user.handle.lower() == name.lower()), None)

    def member(self, owner: User, user: User) -> bool:
        """Whether somebody is a member of a workspace: they own it, or may do something in a repository of it."""
        if user.kind is not UserKind.USER or user.deleted or (owner.handle.lower(), user) in self.left:
            return False
        here = [repository for repository in self.store.repositories.all() if repository.owner is owner]
        invited = [each.members is None or user.handle.lower() in each.members for each in here]
        return user is owner or any(invited)

    def members(self, owner: User) -> list[User]:
        """The members of a workspace, oldest first."""
        return [user for user in self.store.people.users.values() if self.member(owner, user)]

    def role(self, token: Token | None, repository: Repository) -> Role:
        """What a credential may do in a repository."""
        user = token.user if token else None
        if token is not None and token.kind in RESOURCES:
            at = self.bound.get(token.value, "").lower()
            inside = at in {repository.path.lower(), repository.owner.handle.lower()}
            return Role.ADMIN if inside else self.store.people.role(None, repository)
        if user is not None and (repository.owner.handle.lower(), user) in self.left:
            return self.store.people.role(None, repository)
        return self.store.people.role(user, repository)

    # -- merging -------------------------------------------------------------------------------------------------------

    def strategies(self, repository: Repository) -> tuple[Strategy, ...]:
        """The merge strategies of a repository's branches; the first is the usual one."""
        if self.knobs.strategies is not None:
            return self.knobs.strategies
        allowed = {
            "merge_commit": repository.allow_merge,
            "squash": repository.allow_squash,
            "fast_forward": repository.allow_rebase,
            "squash_fast_forward": repository.allow_squash,
            "rebase_fast_forward": repository.allow_rebase,
            "rebase_merge": repository.allow_rebase,
        }
        return tuple(name for name in STRATEGIES if allowed[name]) or STRATEGIES[:1]

    def mergeable(self, pull: PullRequest) -> bool:
        """Whether all merge checks pass. Conflicts are none of them."""
        return pull.state == "open" and not failing(self, pull)

    # -- answering -----------------------------------------------------------------------------------------------------

    @staticmethod
    def web_base(request: Request) -> str:
        """Where the web pages are."""
        return request.host_url.rstrip("/").replace("//api.bitbucket.org", "//bitbucket.org")

    def handle(self, request: Request) -> Response:
        """Answer one request, whatever it is."""
        if request.path.startswith(f"{API}/"):
            with self.store.lock:
                return self._answer(request, request.path.removeprefix(API))
        return web.respond(self, request)

    def _answer(self, request: Request, path: str) -> Response:
        told = Answering()
        try:
            told.token = read_token(request, self)
            self._spend(request, told)
            answer = self._operation(request, path, told)
        except ApiError as error:
            answer = Answer(payload=error.payload, status=error.status, headers=error.headers)
        return self._response(request, answer, told)

    def _spend(self, request: Request, told: Answering) -> None:
        caller = f"user:{told.token.user.id}" if told.token else f"address:{request.remote_addr}"
        allowed, told.left = self.budget.spend(caller, self.store.now().timestamp())
        if not allowed:
            raise ApiError(429, TOO_MANY)

    def _operation(self, request: Request, path: str, told: Answering) -> Answer:
        route, values = self._match(request, path)
        told.route = route
        repository = self._repository(request, route, values, told.token)
        admit(route, told.token, repository, self, request)
        base = request.host_url.rstrip("/")
        ask = Ask(
            app=self,
            request=request,
            api=base + API,
            web=self.web_base(request),
            here=base + quote(request.path, safe=_SAFE).replace("%252F", "%2F").replace("%252f", "%2F"),
            token=told.token,
            values=values,
            known_repository=repository,
        )
        try:
            return route.answer(ask)
        except Refused as refused:
            raise answer_to(refused) from refused

    @staticmethod
    def _match(request: Request, path: str) -> tuple[Route, Mapping[str, Any]]:
        method = "GET" if request.method == "HEAD" else request.method
        if "/src/" not in path:  # there a slash at the end says that a folder is meant
            path = path.rstrip("/")
        try:
            endpoint, matched = _addresses().bind(request.host, path_info=path).match(method=method)
        except MethodNotAllowed as error:
            raise ApiError(405, "Method not allowed") from error
        except HTTPException as error:
            raise not_found() from error
        # cheroot leaves an encoded slash as it is, so that it does not divide the path
        values = {name: _decoded(value) if isinstance(value, str) else value for name, value in matched.items()}
        return ROUTES[endpoint], values

    def _repository(
        self, request: Request, route: Route, values: Mapping[str, Any], token: Token | None
    ) -> Repository | None:
        if "slug" not in values:
            return None
        workspace, slug = str(values["workspace"]), str(values["slug"])
        found = self.find_repository(workspace, slug)
        if found is not None:
            return found
        moved = self.store.repositories.moved(f"{workspace}/{slug}")
        if moved is None or route.writes or self.role(token, moved) < Role.READ:
            raise not_found(HIDDEN)
        path = request.path.replace(f"/{workspace}/{slug}", f"/{moved.path}", 1)
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        # where a repository that was renamed is asked for is unverified for the API; the pages redirect
        raise ApiError(
            301, None, headers={"Location": f"{request.host_url.rstrip('/')}{quote(path, safe=_SAFE)}{query}"}
        )

    def find_repository(self, workspace: str, slug: str) -> Repository | None:
        """The repository of that name or uuid, in a workspace of that name or uuid; `{}` is any workspace."""
        if is_uuid(slug):
            known = self.store.repositories.all()
            return next((repository for repository in known if uuid_of(repository) == slug.lower()), None)
        owner = self.find_workspace(workspace)
        return self.store.repositories.find(f"{owner.handle}/{slug}") if owner else None

    # -- headers -------------------------------------------------------------------------------------------------------

    def _response(self, request: Request, answer: Answer, told: Answering) -> Response:
        headers = {
            "Cache-Control": "no-cache, no-store, must-revalidate",
            "Vary": "Authorization, Origin, Accept-Language, Cookie",
            "X-Request-Id": uuid.uuid4().hex,
            "X-Served-By": "0123456789ab",
            **self._told_of_token(told),
            **answer.headers,
        }
        if isinstance(answer.payload, dict) and answer.status < 400:
            answer.payload = partial(answer.payload, request.args.get("fields", ""), answer.hidden)
            misleading.mislead(self.knobs, answer.payload)
        if self.knobs.location_to is not None and "Location" in headers:
            headers["Location"] = self.knobs.location_to
        body, status = answer.body, answer.status
        if status == 200 and headers.get("ETag") and headers["ETag"] in request.headers.get("If-None-Match", ""):
            body, status = b"", 304
        response = Response(b"" if request.method == "HEAD" else body, status, headers=headers)
        if not body and status != 200:
            response.headers.remove("Content-Type")
        else:
            response.headers["Content-Type"] = answer.content_type
        return response

    def _told_of_token(self, told: Answering) -> dict[str, str]:
        """Scopes as clients log them; the rate limit only for access tokens."""
        token, route = told.token, told.route
        if token is None:
            return {}
        headers = {"X-OAuth-Scopes": ", ".join(granted(token)), "X-Credential-Type": _CREDENTIALS[token.kind]}
        if route is not None and route.scope:
            headers["X-Accepted-OAuth-Scopes"] = ", ".join(needed(route, token))
        return headers | (self.budget.headers(told.left) if token.kind in RESOURCES else {})


_CREDENTIALS = {
    "oauth": "oauth2",
    "api": "apitoken",
    "repository": "repo_access_token",
    "project": "project_access_token",
    "workspace": "workspace_access_token",
}


def _decoded(value: str) -> str:
    return re.sub("%2f", "/", value, flags=re.IGNORECASE)
