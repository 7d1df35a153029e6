"""One request in Bitbucket's terms: who asks, about what, with which values; and the kinds of answers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from werkzeug.wrappers import Request

from pullbridge.testing.asking import AnswerBase, AskBase, Operation
from pullbridge.testing.bitbucket_cloud import bbql, paging
from pullbridge.testing.bitbucket_cloud.errors import bad_request, forbidden, not_found, unauthorized
from pullbridge.testing.bitbucket_cloud.knobs import Knobs
from pullbridge.testing.bitbucket_cloud.pull_shapes import Shapes
from pullbridge.testing.bitbucket_cloud.states import PullState
from pullbridge.testing.store import PullRequest, Repository, Role, Token

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_cloud.app import App

Item = TypeVar("Item")
Json = dict[str, Any]


@dataclass(kw_only=True)
class Answer(AnswerBase):
    """What goes back: JSON, or bytes of another type, or nothing. What is `hidden` is only for those who name it."""

    content_type: str = "application/json; charset=utf-8"
    hidden: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether there is nothing to send."""
        return self.payload is None


@dataclass(kw_only=True)
class Ask(AskBase):
    """One request. `api` is the address of the API, `web` that of the pages, `here` this one without its query."""

    app: App
    request: Request
    api: str
    web: str
    here: str
    token: Token | None
    values: Mapping[str, Any]
    known_repository: Repository | None = None

    @property
    def knobs(self) -> Knobs:
        """What a test turned."""
        return self.app.knobs

    # -- what was sent -------------------------------------------------------------------------------------------------

    @cached_property
    def body(self) -> Json:
        """The JSON object that was sent; 400 for anything else."""
        try:
            sent = msgspec.json.decode(self.request.get_data() or b"{}")
        except msgspec.DecodeError as error:
            raise bad_request("Invalid JSON") from error
        if not isinstance(sent, dict):
            raise bad_request("Expected a JSON object")
        return sent

    def flag(self, name: str, default: bool) -> bool:
        """A boolean of the query."""
        text = self.request.args.get(name)
        return default if text is None else text.lower() in {"true", "1", "yes"}

    # -- who -----------------------------------------------------------------------------------------------------------

    def nobody(self) -> Exception:
        """401."""
        return unauthorized()

    @cached_property
    def role(self) -> Role:
        """What whoever asks may do in the repository."""
        return self.app.role(self.token, self.repository)

    def need(self, role: Role) -> None:
        """Refuse who may less: 403."""
        if self.role < role:
            raise forbidden()

    # -- about what ----------------------------------------------------------------------------------------------------

    @cached_property
    def shapes(self) -> Shapes:
        """How records look to whoever asks."""
        return Shapes(self.app, api=self.api, web=self.web, viewer=self.user)

    @property
    def repository(self) -> Repository:
        """The repository in the address."""
        if self.known_repository is None:
            raise not_found()
        return self.known_repository

    @property
    def pull(self) -> PullRequest:
        """The pull request whose number is in the address."""
        found = self.store.pulls.find(self.repository, int(self.values["id"]))
        if found is None:
            raise not_found(f"No pull request with id {self.values['id']} in {self.repository.path}")
        return found

    @property
    def state(self) -> PullState:
        """What Bitbucket alone remembers of the pull request in the address."""
        return self.app.states.of(self.pull)

    # -- pages ---------------------------------------------------------------------------------------------------------

    def rows(self, items: Sequence[Item], shape: Callable[[Item], Json]) -> Sequence[Item]:
        """What `q` leaves of the items, as `sort` orders them."""
        query, sort = self.request.args.get("q"), self.request.args.get("sort")
        if not query and not sort:
            return items
        shown = [shape(item) for item in items]
        by_row = {id(row): item for row, item in zip(shown, items, strict=True)}
        chosen = shown
        if query:
            understood = bbql.parse(query)
            bbql.known(understood.names, shown)
            chosen = [row for row in chosen if understood.test(row)]
        if sort:
            chosen = bbql.ordered(chosen, sort)
        return [by_row[id(row)] for row in chosen]

    def paged(
        self,
        items: Sequence[Item],
        shape: Callable[[Item], Json],
        *,
        usual: int = paging.USUAL,
        most: int = paging.MOST,
        counted: bool = True,
        hidden: tuple[str, ...] = (),
        status: int = 200,
    ) -> Answer:
        """A page of what `q` leaves. Pages that are not `counted` have no `size`, and no numbers that mean anything.

        `hidden` are the fields of a row that are left out unless asked for.
        """
        take = paging.counted if counted else paging.uncounted
        chosen, page = take(self, self.rows(items, shape), usual=usual, most=most)
        if not self.knobs.tells_size:
            page.pop("size", None)
        payload = {"values": [shape(row) for row in chosen], **page}
        return Answer(payload=payload, hidden=tuple(f"values.{name}" for name in hidden), status=status)


@dataclass(frozen=True, kw_only=True)
class Route(Operation):
    """One operation: its address, who may call it, and the function that answers.

    scope: what it needs in OAuth's words; "" when any credential will do.
    granular: what an API token needs, where that is not what `scope` is called there.
    signed_in: whether nobody may not even read. Whatever writes wants somebody.
    role: what one must be allowed in the repository.
    json: whether a body of JSON must be sent, if only `{}`.
    """

    answer: Callable[[Ask], Answer]
    scope: str = "repository"
    granular: tuple[str, ...] = ()
    signed_in: bool = False
    role: Role = Role.READ
    json: bool = True
