"""One request in GitHub's terms: who asks, about what, with which values; and the kinds of answers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

import msgspec
from werkzeug.wrappers import Request

from pullbridge.testing.asking import AnswerBase, AskBase, Operation
from pullbridge.testing.github.errors import ApiError, not_found
from pullbridge.testing.github.shapes import Shapes
from pullbridge.testing.store import PullRequest, Repository, Role, Token

if TYPE_CHECKING:
    from pullbridge.testing.github.app import App

Item = TypeVar("Item")
Json = dict[str, Any]

#: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
PER_PAGE, MOST_PER_PAGE = 30, 100
_TYPES = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object"}


@dataclass(kw_only=True)
class Answer(AnswerBase):
    """What goes back: JSON, or bytes of another type, or nothing."""

    content_type: str = "application/json; charset=utf-8"


NO_CONTENT = 204


@dataclass(kw_only=True)
class Ask(AskBase):
    """One request. `base` is the address of the API as the client wrote it, without a slash at its end."""

    app: App
    request: Request
    base: str
    token: Token | None
    values: Mapping[str, Any]
    known_repository: Repository | None = None

    def nobody(self) -> Exception:
        """401."""
        return ApiError(401, "Requires authentication")

    @cached_property
    def shapes(self) -> Shapes:
        """How records look to whoever asks."""
        return Shapes(self.store, api=self.base, web=self.app.web_base(self.request), viewer=self.user)

    @property
    def repository(self) -> Repository:
        """The repository in the address."""
        if self.known_repository is None:
            raise not_found()
        return self.known_repository

    @property
    def pull(self) -> PullRequest:
        """The pull request whose number is in the address."""
        found = self.store.pulls.find(self.repository, int(self.values["number"]))
        if found is None:
            raise not_found()
        return found

    def record(self, kind: type[Item], name: str = "id") -> Item:
        """The record whose id is in the address."""
        found = self.store.find(kind, int(self.values[name]))
        if found is None:
            raise not_found()
        return found

    # -- what was sent -------------------------------------------------------------------------------------------------

    @cached_property
    def body(self) -> Json:
        """The JSON that was sent; an empty object for nothing."""
        data = self.request.get_data()
        if not data:
            return {}
        try:
            sent = msgspec.json.decode(data)
        except msgspec.DecodeError as error:
            raise ApiError(400, "Problems parsing JSON") from error
        if isinstance(sent, list) and self.known_list:
            return {self.known_list: sent}
        if not isinstance(sent, dict):
            raise ApiError(400, "Body should be a JSON object")
        return sent

    @property
    def known_list(self) -> str:
        """What a bare list in the body is: labels are sent so by older clients."""
        return "labels" if self.request.path.endswith("/labels") else ""

    def sent(self, name: str, kind: type[Item], default: Item | None = None) -> Item | None:
        """A value of the body, checked for its type; `default` when it is absent or null."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            shown = msgspec.json.encode(value).decode()
            raise ApiError(422, f"Invalid request.\n\nFor 'properties/{name}', {shown} is not a {_TYPES[kind]}.")
        return value

    def required(self, name: str, kind: type[Item]) -> Item:
        """A value of the body that must be there."""
        value = self.sent(name, kind)
        if value is None:
            raise ApiError(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        return value

    def strings(self, name: str) -> list[str] | None:
        """A list of strings in the body; `None` when it is absent."""
        values = cast("list[object] | None", self.sent(name, list))
        if values is not None and not all(isinstance(value, str) for value in values):
            raise ApiError(422, f"Invalid request.\n\nFor 'properties/{name}', an item is not a string.")
        return cast("list[str] | None", values)

    def query(self, name: str, default: str = "") -> str:
        """A value of the query."""
        return self.request.args.get(name, default)

    def role(self, at_least: Role) -> bool:
        """Whether who asks has this role in the repository."""
        return self.store.people.role(self.user, self.repository) >= at_least

    @property
    def media(self) -> str:
        """What `Accept` asks for, without GitHub's prefix: `json`, `diff`, `patch`, `raw`, `html`, …

        https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types
        """
        for kind in self.request.headers.get("Accept", "").split(","):
            name = kind.split(";")[0].strip()
            if name.startswith("application/vnd.github."):
                words = name.removeprefix("application/vnd.github.").removesuffix("+json").split(".")
                rest = [word for word in words if word not in {"v3", "json"} and not word.endswith("-preview")]
                if rest:
                    return rest[-1]
        return "json"

    # -- pages ---------------------------------------------------------------------------------------------------------

    def number(self, name: str, default: int) -> int:
        """A whole number above zero in the query; `default` for anything else."""
        text = self.query(name)
        return int(text) if text.isdecimal() and int(text) > 0 else default

    def page(
        self,
        items: Sequence[Item],
        shape: Callable[[Item], object],
        *,
        default: int = PER_PAGE,
        most: int = MOST_PER_PAGE,
    ) -> tuple[list[object], dict[str, str]]:
        """One page of `items` in their shape, and the `Link` header that leads to the others."""
        size, number = min(self.number("per_page", default), most), self.number("page", 1)
        chosen = items[(number - 1) * size : number * size]
        last = max(1, -(-len(items) // size))
        return [shape(item) for item in chosen], self._links(number, last)

    def paged(self, items: Sequence[Item], shape: Callable[[Item], object]) -> Answer:
        """A page as the whole answer."""
        rows, headers = self.page(items, shape)
        return Answer(payload=rows, headers=headers)

    def _links(self, number: int, last: int) -> dict[str, str]:
        pages = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        if number >= last:
            del pages["next"], pages["last"]
        if number <= 1:
            del pages["prev"], pages["first"]
        if not pages:
            return {}
        kept = [(name, value) for name, value in self.request.args.items(multi=True) if name != "page"]
        here = self.base + self.app.path_below(self.request)
        links = (f'<{here}?{urlencode([*kept, ("page", page)])}>; rel="{rel}"' for rel, page in pages.items())
        return {"Link": ", ".join(links)}


@dataclass(frozen=True, kw_only=True)
class Route(Operation):
    """One operation: its address, who may call it, and the function that answers.

    `permissions` is what a fine-grained token needs, in the words of `X-Accepted-GitHub-Permissions`: a semicolon
    separates alternatives. `scope` is a narrower classic scope that suffices besides `repo`.
    """

    answer: Callable[[Ask], Answer]
    permissions: str = "metadata=read"
    role: Role = Role.READ
    scope: str | None = None
    signed_in: bool = False
