"""One request in GitLab's terms: who asks, about what, with which values; and the kinds of answers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from werkzeug.wrappers import Request

from pullbridge.testing.asking import AnswerBase, AskBase, Operation
from pullbridge.testing.gitlab import paging, parameters
from pullbridge.testing.gitlab.errors import forbidden, not_found, unauthorized
from pullbridge.testing.gitlab.knobs import TIERS, Knobs, Tier
from pullbridge.testing.gitlab.parameters import Parameters
from pullbridge.testing.gitlab.roles import level_of
from pullbridge.testing.gitlab.shapes import Shapes
from pullbridge.testing.gitlab.states import PullState
from pullbridge.testing.store import PullRequest, Repository, Token

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

Item = TypeVar("Item")


@dataclass(kw_only=True)
class Answer(AnswerBase):
    """What goes back: JSON, or bytes of another type, or nothing."""


@dataclass(kw_only=True)
class Ask(AskBase, Parameters):
    """One request. `base` is the address of the API, `web` that of the pages, as the client wrote them."""

    app: App
    request: Request
    base: str
    web: str
    token: Token | None
    values: Mapping[str, Any]
    known_project: Repository | None = None

    def __post_init__(self) -> None:
        super().__init__(parameters.read(self.request))

    @property
    def knobs(self) -> Knobs:
        """What a test turned."""
        return self.app.knobs

    def at_least(self, *numbers: int) -> bool:
        """Whether the instance is this version or a later one: `ask.at_least(15, 7)`."""
        return self.app.version.at_least(*numbers)

    def licensed(self, tier: Tier) -> bool:
        """Whether the instance has what this licence brings."""
        return TIERS.index(self.app.tier) >= TIERS.index(tier)

    # -- who -----------------------------------------------------------------------------------------------------------

    def nobody(self) -> Exception:
        """401."""
        return unauthorized()

    @property
    def level(self) -> int:
        """The access level that who asks has in the project; 0 for those who only see it."""
        return level_of(self.store, self.user, self.project)

    def need_level(self, least: int) -> None:
        """Refuse who has less: 403."""
        if self.level < least:
            raise forbidden()

    # -- about what ----------------------------------------------------------------------------------------------------

    @cached_property
    def shapes(self) -> Shapes:
        """How records look to whoever asks."""
        return Shapes(self.app, api=self.base, web=self.web, viewer=self.user)

    @property
    def project(self) -> Repository:
        """The project in the address."""
        if self.known_project is None:
            raise not_found("Project")
        return self.known_project

    @property
    def pull(self) -> PullRequest:
        """The merge request whose iid is in the address."""
        found = self.store.pulls.find(self.project, int(self.values["iid"]))
        if found is None:
            raise not_found()
        return found

    @property
    def state(self) -> PullState:
        """What GitLab alone remembers of the merge request in the address."""
        return self.app.states.of(self.pull)

    def record(self, kind: type[Item], name: str, resource: str = "") -> Item:
        """The record whose id is in the address."""
        found = self.store.find(kind, int(self.values[name]))
        if found is None:
            raise not_found(resource)
        return found

    # -- pages ---------------------------------------------------------------------------------------------------------

    def paged(
        self, items: Sequence[Item], shape: Callable[[Item], object], *, limited: str = "", counted: bool = True
    ) -> Answer:
        """A page of rows as the whole answer, with its headers.

        `limited` names a type whose offset ends somewhere; what is not `counted` comes without totals.
        """
        rows, headers = paging.page(self, items, limited=limited, counted=counted)
        return Answer(payload=[shape(row) for row in rows], headers=headers)

    def keyset(
        self,
        items: Sequence[Item],
        shape: Callable[[Item], object],
        *,
        token: str,
        name: Callable[[Item], str],
    ) -> Answer:
        """The rows behind the one that the parameter `token` names, and the link to the next."""
        rows, headers = paging.keyset(self, items, token=token, name=name)
        return Answer(payload=[shape(row) for row in rows], headers=headers)


@dataclass(frozen=True, kw_only=True)
class Route(Operation):
    """One operation: its address, who may call it, and the function that answers.

    scopes: one of them is needed besides `api` (and `read_api` for what only reads). `any` is every scope; `job` says
        that a job token may call it.
    permission: what a fine-grained token needs, in GitLab's own words; "" when it may not be called with one.
    since, until: the versions of GitLab that have it.
    tier: the licence that it needs.
    signed_in: whether nobody may not even read. Whatever writes wants somebody.
    level: the access level in the project that it needs.
    """

    answer: Callable[[Ask], Answer]
    scopes: tuple[str, ...] = ()
    permission: str = ""
    since: tuple[int, ...] = ()
    until: tuple[int, ...] = ()
    tier: Tier = "free"
    signed_in: bool = False
    level: int = 0
