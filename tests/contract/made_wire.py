"""Stands in for the wire: judges each request of an adapter, and answers what the host's own schemas allow."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from graphql import GraphQLSchema
from tests.contract.graphql_answers import exchange_problems
from tests.contract.made_answers import Maker
from tests.contract.openapi import JSON, Exchange, Judge
from tests.contract.specs import OpenApi

from pullbridge import ports
from pullbridge.hosts import decoding, typed
from pullbridge.transport.reply import Headers, Reply


@dataclass(frozen=True, kw_only=True)
class Published:
    """What a host has published, and where it is: its two APIs' addresses."""

    rest: str
    graphql: str
    judge: Callable[[], Judge]
    document: Callable[[], OpenApi]
    schema: Callable[[], GraphQLSchema]


class MadeUp:
    """What an adapter's requests are sent to. The first answer of GraphQL's is not the last page.

    `graph` makes GraphQL's answers, if not `maker`; of the least ones, `roots` levels are there.
    """

    def __init__(self, published: Published, maker: Maker, roots: int = 2, graph: Maker | None = None) -> None:
        self.published = published
        self.maker = maker
        self.graph = graph or maker
        self.roots = roots
        self.problems: list[str] = []
        self.count = 0
        self.sent: list[Any] = []

    def exchange(
        self,
        verb: str,
        url: str,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeat: Any = None,
    ) -> Reply:
        """Answer in place of `Requests.exchange`, with the same parameters."""
        del repeat
        self.count += 1
        path = url.removeprefix(self.published.rest)
        if url == self.published.graphql or path == "/graphql":
            return self._reply(200, self._graph(msgspec.json.decode(body or b"")))
        return self._rest(verb, path, parameters or {}, headers or {}, body or b"")

    def _graph(self, request: dict[str, Any]) -> bytes:
        schema = self.published.schema()
        more = self.count == 1 and self.graph.full
        made = self.graph.graph(schema, request["query"], request["variables"], roots=self.roots, more=more)
        answer = {"data": made}
        self.problems += exchange_problems(schema, request, answer)
        return msgspec.json.encode(answer)

    def _rest(
        self, verb: str, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str], body: bytes
    ) -> Reply:
        self.sent += [msgspec.json.decode(body)] if body else []
        judge = self.published.judge()
        operation = judge.operation(verb, path)
        if operation is None:
            pytest.skip(f"the document at hand has no {verb} {path}; only the whole one does")
        status = min(status for status in operation.responses if status.startswith("2"))
        query = urlencode(parameters, doseq=True)
        exchange = Exchange(method=verb, path=path, query=query, body=body, status=int(status))
        self.problems += [f"{exchange}: {told}" for told in judge.request_problems(operation, exchange)]
        content = operation.responses[status].get("content", {})
        if not content:
            return self._reply(int(status), b"")
        accept = headers.get("Accept", "")
        if JSON not in content or not accept.endswith("json") or "raw" in accept:
            return self._reply(int(status), b"diff --git a/a b/a\n", f"{accept}; charset=utf-8")
        made = self.maker.rest(content[JSON]["schema"], self.published.document())
        return self._reply(int(status), msgspec.json.encode(made))

    def _reply(self, status: int, body: bytes, kind: str = "application/json; charset=utf-8") -> Reply:
        return Reply(status, Headers({"Content-Type": kind}), body, self.published.rest)


def port_names() -> Iterator[str]:
    """The verbs that every host must supply."""
    for noun in ("pulls", "files", "threads", "reviews", "reviewers", "checks", "branches"):
        protocol = vars(ports)[f"{noun.capitalize()}Port"]
        yield from (f"{noun}.{name}" for name, _ in inspect.getmembers(protocol, inspect.isfunction) if name[0] != "_")


class Filled:
    """Notes which fields of payloads were ever filled, from `watch` on."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {}

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Look at everything that is decoded."""

        def noting(body: bytes, shape: Any, what: str, host: str) -> Any:
            decoded = decoding.decode(body, shape, what, host)
            self.note(decoded)
            return decoded

        patch.setattr(typed, "decode", noting)

    def never(self, payloads: ModuleType) -> list[str]:
        """The fields of all payloads, as `Payload.field`, that were not."""
        kinds = [
            kind for kind in vars(payloads).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        ]
        return sorted(
            f"{kind.__name__}.{field}"
            for kind in kinds
            for field in kind.__struct_fields__
            if field not in self.seen.get(kind.__name__, ())
        )

    def note(self, value: Any) -> None:
        """Look at what was decoded, in all depth."""
        if isinstance(value, msgspec.Struct):
            filled = {name: getattr(value, name) for name in value.__struct_fields__}
            for parent in type(value).__mro__:
                there = {name for name, inner in filled.items() if inner is not None and inner is not msgspec.UNSET}
                self.seen.setdefault(parent.__name__, set()).update(there)
            for inner in filled.values():
                self.note(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                self.note(inner)
        elif isinstance(value, dict):
            for inner in value.values():
                self.note(inner)
