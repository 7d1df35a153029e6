"""Which answer goes to which request: routes over the shapes of a host, each answer made and encoded once."""

from __future__ import annotations

import gzip
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from benchmarks.data import Json

#: By a name that is a pattern: `GET /user`. Called with the pattern's groups, and `asked` for what is written.
Routes = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Answer:
    """An answer, encoded once: plain and compressed, with what identifies it, and how many comments it has taken."""

    status: int
    body: bytes
    kind: str = "application/json; charset=utf-8"
    #: Headers of its own, each line with its end.
    headers: str = ""
    comments: int = 0
    packed: bytes = field(init=False)
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", gzip.compress(self.body, 5, mtime=0))
        object.__setattr__(self, "etag", f'W/"{sha1(self.body, usedforsecurity=False).hexdigest()}"')


class Answers(ABC):
    """All answers of one server. Each is made once; the same request is then sent the same bytes."""

    #: Whether the host answers a list that has not changed without a body.
    etags: ClassVar[bool] = True
    #: What comes before REST's paths, and the headers of every answer, each line with its end.
    prefix: ClassVar[str]
    headers: ClassVar[str]
    not_found: ClassVar[Json]

    def __init__(self, routes: Routes) -> None:
        self._ready: dict[tuple[str, str, bytes], Answer] = {}
        self._routes = [(re.compile(route), make) for route, make in routes.items()]

    def to(self, verb: str, target: str, body: bytes) -> Answer:
        """The answer to a request; made when it is first asked for."""
        key = verb, target, body
        if key not in self._ready:
            self._ready[key] = self._make(*key)
        return self._ready[key]

    def graph(self, document: str, variables: Json) -> Answer:
        """The answer to a GraphQL document, on a host that has such a thing."""
        return encoded(self.not_found, status=404)

    @abstractmethod
    def rest(self, made: Any, target: str, query: Mapping[str, str], asked: Json | None) -> Answer:
        """REST's answer, of what a route has made; `asked` is what was written, `None` for a read."""

    def _make(self, verb: str, target: str, body: bytes) -> Answer:
        route, _, query = target.partition("?")
        asked = json.loads(body or b"{}")
        if route in {"/graphql", "/api/graphql"}:
            return self.graph(asked["query"], asked.get("variables") or {})
        for pattern, make in self._routes:
            match = pattern.fullmatch(f"{verb} {route.removeprefix(self.prefix)}")
            if match:
                named: Json = {
                    name: int(word) if name == "number" else word for name, word in match.groupdict().items()
                }
                written = {} if verb == "GET" else {"asked": asked}
                made = make(**named, **written)
                if isinstance(made, Answer):
                    return made
                return self.rest(made, target, dict(parse_qsl(query)), asked if written else None)
        return encoded(self.not_found, status=404)


def encoded(value: Any, status: int = 200, headers: str = "", comments: int = 0) -> Answer:
    """A value as the body of an answer."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return Answer(status, body, headers=headers, comments=comments)
