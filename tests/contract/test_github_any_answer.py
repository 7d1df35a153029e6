"""Every verb of the GitHub adapter against answers made from GitHub's own schemas, with no stand-in host between.

The requests must be what GitHub documents. The answers are as full as the schemas allow, or as empty: what GitHub does
not promise must not be relied on.
"""

from __future__ import annotations

import contextlib
import inspect
import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from tests.contract.github_verbs import HOST_VERBS, MAY_REFUSE, NEVER, VERBS
from tests.contract.graphql_answers import exchange_problems
from tests.contract.made_answers import Maker
from tests.contract.openapi import Exchange, Judge
from tests.contract.specs import DOTCOM, github_openapi, github_schema

from pullbridge import ports
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.github import api, payloads
from pullbridge.hosts.github.host import GitHubHost
from pullbridge.model import orders
from pullbridge.model.credentials import Token
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.transport.reply import Headers, Reply

pytestmark = pytest.mark.contract

API = "https://api.github.com"
MAKERS = [Maker(full=False), *(Maker(full=True, variant=n) for n in range(5))]


@cache
def judge() -> Judge:
    """Compile each schema once for all tests."""
    return Judge(github_openapi(DOTCOM))


class MadeUp:
    """Stands in for the wire: judges each request, and answers what the schema allows. The first answer is not the last page."""

    def __init__(self, maker: Maker, roots: int = 2) -> None:
        self.maker = maker
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
        path = url.removeprefix(API)
        if path == "/graphql":
            return self._reply(200, self._graph(msgspec.json.decode(body or b"")))
        return self._rest(verb, path, parameters or {}, headers or {}, body or b"")

    def _graph(self, request: dict[str, Any]) -> bytes:
        schema = github_schema()
        more = self.count == 1 and self.maker.full
        made = self.maker.graph(schema, request["query"], request["variables"], roots=self.roots, more=more)
        answer = {"data": made}
        self.problems += exchange_problems(schema, request, answer)
        return msgspec.json.encode(answer)

    def _rest(
        self, verb: str, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str], body: bytes
    ) -> Reply:
        self.sent += [msgspec.json.decode(body)] if body else []
        operation = judge().operation(verb, path)
        if operation is None:
            pytest.skip(f"the document at hand has no {verb} {path}; only the whole one, from npm, does")
        status = min(status for status in operation.responses if status.startswith("2"))
        exchange = Exchange(method=verb, path=path, query=urlencode(parameters), body=body, status=int(status))
        self.problems += [f"{exchange}: {told}" for told in judge().request_problems(operation, exchange)]
        content = operation.responses[status].get("content", {})
        if not content:
            return self._reply(int(status), b"")
        if not headers.get("Accept", "").endswith("json") or "raw" in headers["Accept"]:
            return self._reply(int(status), b"diff --git a/a b/a\n", f"{headers['Accept']}; charset=utf-8")
        schema = content["application/json"]["schema"]
        return self._reply(int(status), msgspec.json.encode(self.maker.rest(schema, github_openapi(DOTCOM))))

    @staticmethod
    def _reply(status: int, body: bytes, kind: str = "application/json; charset=utf-8") -> Reply:
        return Reply(status, Headers({"Content-Type": kind}), body, API)


def opened(made_up: MadeUp, monkeypatch: pytest.MonkeyPatch) -> GitHubHost:
    opening = ports.Opening(web="https://github.com", credentials=Token("t"), settings=Settings())
    host = GitHubHost(opening)
    monkeypatch.setattr(host._api.requests, "exchange", made_up.exchange)
    return host


def call(name: str, host: GitHubHost) -> object:
    if name in HOST_VERBS:
        return HOST_VERBS[name](host)
    return VERBS[name](host.repository(RepoRef(web="https://github.com", path="octo/app", kind="github")))


@pytest.mark.parametrize("name", [*VERBS, *HOST_VERBS])
@pytest.mark.parametrize("maker", MAKERS, ids=str)
def test_a_verb_reads_what_github_documents(maker: Maker, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests of a verb are documented; a full answer is read, and an empty one is not taken for an unreadable one."""
    made_up = MadeUp(maker)
    host = opened(made_up, monkeypatch)
    try:
        call(name, host)
    except BridgeError as error:
        # An empty answer may well say that a comment is not there; it must not be unreadable.
        unread = isinstance(error, BadAnswer) and "does not look like" in error.summary
        if unread or (maker.full and name not in MAY_REFUSE):
            raise
    finally:
        host.close()
    assert made_up.problems == []
    assert made_up.count


@pytest.mark.parametrize("name", [*VERBS, *HOST_VERBS])
def test_null_everywhere_is_an_error_of_ours(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where GraphQL may answer null at the root, the verb says so in the library's own errors, or has a value."""
    made_up = MadeUp(Maker(full=False), roots=0)
    host = opened(made_up, monkeypatch)
    with contextlib.suppress(BridgeError):
        call(name, host)
    host.close()
    assert made_up.count


def test_an_empty_body_is_sent_and_a_missing_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-08: clearing a text sends the empty text, and leaving it alone sends nothing of it."""
    made_up = MadeUp(MAKERS[1])
    host = opened(made_up, monkeypatch)
    pulls = host.repository(RepoRef(web="https://github.com", path="octo/app", kind="github")).pulls
    pulls.edit(7, orders.PullChanges(body=""))
    pulls.edit(7, orders.PullChanges(title="T"))
    host.close()
    assert made_up.sent == [{"body": ""}, {"title": "T"}]


def test_every_verb_of_the_ports_is_called() -> None:
    """No verb that a host must supply is left out above."""
    called = {name.partition(" ")[0] for name in VERBS} | set(HOST_VERBS)
    assert set(_verbs()) - NEVER <= called


def _verbs() -> Iterator[str]:
    nouns = ("pulls", "files", "threads", "reviews", "reviewers", "checks", "branches")
    for noun in nouns:
        protocol = vars(ports)[f"{noun.capitalize()}Port"]
        yield from (f"{noun}.{name}" for name, _ in inspect.getmembers(protocol, inspect.isfunction) if name[0] != "_")


#: Fields of payloads that no answer above fills, each with its reason.
UNFILLED = {
    **dict.fromkeys(("RestProblem", "RestError"), "part of a refusal"),
    **dict.fromkeys(("GraphAnswer.errors", "GraphError", "GraphErrorExtensions"), "part of a refusal"),
    "RestMeta.installed_version": "Enterprise Server alone",
    "GraphFullPull.rollup_state": "a search's alone; the whole pull request has every check",
    "GraphValueProblem": "part of a refusal",
    **dict.fromkeys(
        (
            "GraphPull.head_commit",
            "GraphFullPull.head_commit",
            "GraphConversations.head_commit",
            "GraphHeadCommit",
            "GraphHead",
        ),
        "of servers alone that have no checks on the pull request itself",
    ),
    **dict.fromkeys(("RestBackgroundMerge", "RestMergeDetails"), "of stacks alone; judged in test_github_stacks"),
}


def test_every_field_that_is_read_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No payload has a field that GitHub does not document, or that no document asks for: it would always be empty."""
    seen: dict[str, set[str]] = {}

    def noting(body: bytes, shape: Any, what: str) -> Any:
        decoded = payloads.decode(body, shape, what)
        _note(decoded, seen)
        return decoded

    monkeypatch.setattr(api, "decode", noting)
    for maker, name in itertools.product((MAKERS[1], MAKERS[-2]), [*VERBS, *HOST_VERBS]):
        host = opened(MadeUp(maker), monkeypatch)
        with contextlib.suppress(BridgeError):
            call(name, host)
        host.close()
    unfilled = {(name, field) for name, fields in _fields().items() for field in fields - seen.get(name, set())}
    left = sorted(f"{name}.{field}" for name, field in unfilled if not {name, f"{name}.{field}"} & UNFILLED.keys())
    assert left == [], f"{len(left)} fields of payloads are never filled: {', '.join(left)}"


def _fields() -> dict[str, set[str]]:
    kinds = [kind for kind in vars(payloads).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    return {kind.__name__: set(kind.__struct_fields__) for kind in kinds}


def _note(value: Any, seen: dict[str, set[str]]) -> None:
    if isinstance(value, msgspec.Struct):
        filled = {name: getattr(value, name) for name in value.__struct_fields__}
        kind = type(value).__mro__
        for parent in kind:
            seen.setdefault(parent.__name__, set()).update(n for n, inner in filled.items() if inner is not None)
        for inner in filled.values():
            _note(inner, seen)
    elif isinstance(value, list | tuple):
        for inner in value:
            _note(inner, seen)
    elif isinstance(value, dict):
        for inner in value.values():
            _note(inner, seen)
