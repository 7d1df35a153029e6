"""One request in Data Center's terms: who asks, about what, with which values; and the kinds of answers there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from werkzeug.wrappers import Request

from pullbridge.testing.asking import AnswerBase, AskBase, Operation
from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level, level_of
from pullbridge.testing.bitbucket_dc.knobs import Knobs
from pullbridge.testing.bitbucket_dc.shapes import Shapes
from pullbridge.testing.store import PullRequest, Repository, Token

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App
    from pullbridge.testing.bitbucket_dc.states import PullState

Item = TypeVar("Item")

#: A repository, and a pull request of it, in a route's rule.
REPO = "/projects/<key>/repos/<slug>"
PULL = f"{REPO}/pull-requests/<int:number>"
PER_PAGE = 25
ZERO = "0" * 40


@dataclass(kw_only=True)
class Answer(AnswerBase):
    """What goes back: JSON, or bytes of another type, or nothing."""

    content_type: str = "application/json;charset=UTF-8"

    @property
    def bare(self) -> bool:
        """Whether there is nothing to send."""
        return self.payload is None


NOTHING = Answer(status=204)


@dataclass(kw_only=True)
class Ask(AskBase):
    """One request. `web` is the address of the instance, with its context path, as the client wrote it."""

    app: App
    request: Request
    web: str
    token: Token | None
    values: Mapping[str, Any]
    known_repository: Repository | None = None

    @property
    def knobs(self) -> Knobs:
        """What a test turned."""
        return self.app.knobs

    def at_least(self, *numbers: int) -> bool:
        """Whether the instance is this version or a later one."""
        return self.app.version.at_least(*numbers)

    # -- who -----------------------------------------------------------------------------------------------------------

    def nobody(self) -> Exception:
        """401."""
        return errors.unauthorized()

    @property
    def level(self) -> Level:
        """What the credential may do in the repository."""
        return self.level_in(self.repository)

    def level_in(self, repository: Repository) -> Level:
        """What the credential may do in any repository."""
        return level_of(self.store, self.knobs, self.token, repository)

    def need(self, level: Level, repository: Repository | None = None) -> None:
        """Refuse who has less: 401."""
        if self.level_in(repository or self.repository) < level:
            raise errors.unauthorized()

    # -- about what ----------------------------------------------------------------------------------------------------

    @cached_property
    def shapes(self) -> Shapes:
        """How records look to whoever asks."""
        return Shapes(self.app, web=self.web, viewer=self.user)

    @property
    def repository(self) -> Repository:
        """The repository in the address."""
        if self.known_repository is None:
            raise errors.no_repository(str(self.values.get("key")), str(self.values.get("slug")))
        return self.known_repository

    @property
    def label(self) -> str:
        """The repository's name in messages: `PRJ/app`."""
        return self.app.label(self.repository)

    @cached_property
    def pull(self) -> PullRequest:
        """The pull request whose number is in the address."""
        number = int(self.values["number"])
        found = self.store.pulls.find(self.repository, number)
        if found is None:
            text = f"Pull request {number} does not exist in {self.label}."
            raise errors.not_there("pull.NoSuchPullRequest", text)
        self.app.states.of(found)
        return found

    @property
    def state(self) -> PullState:
        """What Bitbucket alone remembers of the pull request in the address."""
        return self.app.states.of(self.pull)

    def commit(self, revision: str, repository: Repository | None = None) -> str:
        """The commit that a branch, tag, ref or id names."""
        home = repository or self.repository
        found = home.git.resolve(revision)
        if found is None:
            raise errors.no_commit(revision, home.name)
        return found

    # -- values --------------------------------------------------------------------------------------------------------

    def text(self, name: str) -> str | None:
        """A parameter of the query; a blank one is none."""
        return self.request.args.get(name) or None

    def required(self, name: str) -> str:
        """A parameter of the query that must be there."""
        value = self.text(name)
        if value is None:
            raise errors.invalid(name, f"The '{name}' query parameter is required")
        return value

    def number(self, name: str) -> int | None:
        """A whole number of the query."""
        value = self.text(name)
        if value is None:
            return None
        if re.fullmatch(r"-?\d+", value) is None:
            # Jersey knows no resource whose parameter cannot be read: https://stackoverflow.com/q/25424684
            raise errors.ApiError(404, {"message": f"HTTP 404 Not Found: {name}={value}", "status-code": 404})
        return int(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean of the query."""
        value = self.text(name)
        return default if value is None else value.lower() == "true"

    def choice(self, name: str, values: Iterable[str], default: str) -> str:
        """One of some words, in any case."""
        value = (self.text(name) or default).upper()
        if value not in values:
            raise errors.bad_argument(f"'{value}' is not a valid value for '{name}'.")
        return value

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object that was sent; an empty one without any."""
        sent = self.json
        return sent if isinstance(sent, dict) else {}

    @cached_property
    def json(self) -> Any:
        """The JSON that was sent, `None` without any."""
        data = self.request.get_data()
        if not data.strip():
            return None
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError as error:
            raise errors.invalid(None, "Unable to parse the request body as JSON.") from error

    def sent(self, name: str, kind: type[Item]) -> Item | None:
        """A field of the body, if it has that type; another type is refused."""
        value = self.body.get(name)
        if value is None or (isinstance(value, kind) and not (kind is int and isinstance(value, bool))):
            return value
        raise errors.invalid(name, f"Unable to read {name} as {kind.__name__}.")

    # -- pages ---------------------------------------------------------------------------------------------------------

    def page(
        self, rows: Sequence[Item], shape: Callable[[Item], object], *, most: int = 1000, **more: object
    ) -> dict[str, Any]:
        """A page of rows. Rows that the caller may not see lie between them (`hidden_rows`), so only `nextPageStart` leads on.

        https://developer.atlassian.com/server/bitbucket/rest/v902/intro/#paged-apis
        """
        start, limit = self.bounds(most)
        step = 1 + self.knobs.hidden_rows
        first = -(-start // step)
        chosen = rows[first : first + limit]
        last = first + len(chosen) >= len(rows)
        page = {
            **more,
            "size": len(chosen),
            "limit": limit,
            "isLastPage": last,
            "values": [shape(row) for row in chosen],
            "start": start,
        }
        if self.knobs.pages_loop:
            return page | {"isLastPage": False, "nextPageStart": start}
        if not last:
            return page | {"nextPageStart": (first + len(chosen) - 1) * step + 1}
        # recorded of 9.4: no key at all; of earlier ones: null
        return page if self.at_least(9, 0) else page | {"nextPageStart": None}

    def bounds(self, most: int) -> tuple[int, int]:
        """`start` and `limit`. Too large a page is cut to the resource's own."""
        start, limit = self.number("start") or 0, self.number("limit")
        if start < 0:
            raise errors.bad_argument("The start of a page cannot be negative.")
        return start, min(PER_PAGE if not limit or limit < 0 else limit, most, self.knobs.most_rows)

    def paged(
        self, rows: Sequence[Item], shape: Callable[[Item], object], *, most: int = 1000, **more: object
    ) -> Answer:
        """The same as a whole answer."""
        return Answer(payload=self.page(rows, shape, most=most, **more))


@dataclass(frozen=True, kw_only=True)
class Route(Operation):
    """One operation: its address, who may call it, and the function that answers.

    service: which part of the REST it is of (`api`, `build-status`, …).
    level: the permission in the repository that it needs.
    since, until: the versions of Data Center that have it.
    signed_in: whether nobody may not even read. Whatever writes wants somebody.
    kept: whether it works in an archived repository, although it writes.
    """

    answer: Callable[[Ask], Answer]
    service: str = "api"
    level: Level = Level.READ
    since: tuple[int, ...] = ()
    until: tuple[int, ...] = ()
    signed_in: bool = False
    kept: bool = False
