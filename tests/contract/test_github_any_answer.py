"""Every verb of the GitHub adapter against answers made from GitHub's own schemas, with no stand-in host between.

The requests must be what GitHub documents. The answers are as full as the schemas allow, or as empty: what GitHub does
not promise must not be relied on.
"""

from __future__ import annotations

import contextlib
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from tests.contract.graphql_answers import exchange_problems
from tests.contract.made_answers import Maker
from tests.contract.openapi import Exchange, Judge
from tests.contract.specs import DOTCOM, github_openapi, github_schema

from pullbridge import ports
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.github import api, payloads
from pullbridge.hosts.github.host import GitHubHost, GitHubRepository
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.checks import CheckState
from pullbridge.model.credentials import Token
from pullbridge.model.merge import MergeMethod
from pullbridge.model.pulls import PullState, Role
from pullbridge.model.refs import RepoRef
from pullbridge.model.reviews import DraftComment, Verdict
from pullbridge.model.settings import Settings
from pullbridge.transport.reply import Headers, Reply

pytestmark = pytest.mark.contract

API = "https://api.github.com"
SHA = "c" * 40
AT = Anchor.lines("src/a.py", 3, 5, commit=SHA)
DRAFTS = (
    DraftComment("Here?", at=AT),
    DraftComment("Gone?", at=Anchor.line("src/a.py", 4, side=Side.OLD, commit=SHA)),
    DraftComment("The file.", at=Anchor.file("src/a.py", commit=SHA)),
    DraftComment("Yes.", reply_to="PRRT_one"),
)
QUERIES = {
    "open": ports.PullQuery(),
    "all from a branch": ports.PullQuery(states=frozenset(PullState), source="fix/edge", target="main"),
    "merged": ports.PullQuery(states=frozenset({PullState.MERGED}), author="octo", labels=("a b",), text="edge"),
    "with checks": ports.PullQuery(draft=True, with_checks=True, reviewer="octo", assignee="octo"),
}


def _listed(repository: GitHubRepository, query: ports.PullQuery) -> object:
    return repository.pulls.list(query, None, 50)


def _deleted(repository: GitHubRepository) -> None:
    for comment in ("PRRC_one", "general:IC_one"):
        repository.threads.delete(7, comment)


VERBS: dict[str, Callable[[GitHubRepository], object]] = {
    **{f"pulls.list {name}": partial(_listed, query=query) for name, query in QUERIES.items()},
    "pulls.get": lambda r: r.pulls.get(7),
    "pulls.create": lambda r: r.pulls.create(ports.NewPull(title="T", source="fix", target="main", draft=True)),
    "pulls.create from a fork": lambda r: r.pulls.create(
        ports.NewPull(title="T", source="fix", target="main", body="B", source_repository="fork/app")
    ),
    "pulls.edit": lambda r: r.pulls.edit(7, ports.PullChanges(title="T", body="", target="main")),
    "pulls.set_open": lambda r: (r.pulls.set_open(7, True), r.pulls.set_open(7, False)),
    "pulls.set_draft": lambda r: (r.pulls.set_draft(7, True), r.pulls.set_draft(7, False)),
    "pulls.mergeability": lambda r: r.pulls.mergeability(7),
    "pulls.merge": lambda r: r.pulls.merge(
        7, ports.MergeOrder(method=MergeMethod.SQUASH, message="One\n\nTwo", expect_head=SHA)
    ),
    "pulls.merge plainly": lambda r: r.pulls.merge(7, ports.MergeOrder()),
    "pulls.commits": lambda r: r.pulls.commits(7),
    "pulls.panel": lambda r: r.pulls.panel(7, None),
    "pulls.panel of many files": lambda r: r.pulls.panel(7, 250),
    "files.changes": lambda r: r.files.changes(7, None),
    "files.diff": lambda r: r.files.diff(7),
    "files.content": lambda r: r.files.content("src/some file.py", SHA),
    "files.compare": lambda r: r.files.compare("main", "fix/edge"),
    "threads.list": lambda r: r.threads.list(7),
    "threads.start": lambda r: r.threads.start(7, "Text", None),
    "threads.start on lines": lambda r: r.threads.start(7, "Text", AT),
    "threads.start on a file": lambda r: r.threads.start(7, "Text", Anchor.file("src/a.py", commit=SHA)),
    "threads.reply": lambda r: r.threads.reply(7, "PRRT_one", "Text"),
    "threads.edit": lambda r: (r.threads.edit(7, "PRRC_one", "T"), r.threads.edit(7, "general:IC_one", "T")),
    "threads.delete": _deleted,
    "threads.set_resolved": lambda r: (
        r.threads.set_resolved(7, "PRRT_one", True),
        r.threads.set_resolved(7, "PRRT_one", False),
    ),
    "reviews.list": lambda r: r.reviews.list(7),
    "reviews.submit": lambda r: r.reviews.submit(
        7, ports.ReviewOrder(verdict=Verdict.APPROVE, body="Good.", comments=DRAFTS[:2], commit=SHA)
    ),
    "reviews.submit all kinds": lambda r: r.reviews.submit(
        7, ports.ReviewOrder(verdict=Verdict.REQUEST_CHANGES, body="Hm.", comments=DRAFTS, commit=SHA)
    ),
    "reviews.submit pending": lambda r: r.reviews.submit(
        7, ports.ReviewOrder(verdict=Verdict.COMMENT, comments=DRAFTS[:1], commit=SHA, include_pending=True)
    ),
    "reviewers.list": lambda r: r.reviewers.list(7),
    "reviewers.request": lambda r: r.reviewers.request(7, ["octo", "acme/core"]),
    "reviewers.remove": lambda r: r.reviewers.remove(7, ["octo", "acme/core"]),
    "checks.list": lambda r: r.checks.list(7),
    "checks.report": lambda r: r.checks.report(SHA, "ci/unit", CheckState.SUCCESS, "https://ci.example/1", "Passed"),
    "checks.report plainly": lambda r: r.checks.report(SHA, "ci/unit", CheckState.RUNNING, None, ""),
    "branches.get": lambda r: r.branches.get("fix/edge"),
    "branches.default": lambda r: r.branches.default(),
    "branches.delete": lambda r: r.branches.delete("fix/edge"),
    "probe": lambda r: r.probe(),
}
HOST_VERBS: dict[str, Callable[[GitHubHost], object]] = {
    "viewer": lambda h: h.viewer(),
    "probe": lambda h: h.probe(),
    "search": lambda h: h.search("edge", None, None),
    "inbox": lambda h: [h.inbox(role, None, None) for role in Role],
}
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
            return self._reply(int(status), b"diff --git a/a b/a\n")
        schema = content["application/json"]["schema"]
        return self._reply(int(status), msgspec.json.encode(self.maker.rest(schema, github_openapi(DOTCOM))))

    @staticmethod
    def _reply(status: int, body: bytes) -> Reply:
        return Reply(status, Headers({"Content-Type": "application/json; charset=utf-8"}), body, API)


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
        if maker.full or (isinstance(error, BadAnswer) and "does not look like" in error.summary):
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


def test_every_verb_of_the_ports_is_called() -> None:
    """No verb that a host must supply is left out above."""
    called = {name.partition(" ")[0] for name in VERBS} | set(HOST_VERBS)
    assert set(_verbs()) <= called


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
}


def test_every_field_that_is_read_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No payload has a field that GitHub does not document, or that no document asks for: it would always be empty."""
    seen: dict[str, set[str]] = {}

    def noting(body: bytes, shape: Any, what: str) -> Any:
        decoded = payloads.decode(body, shape, what)
        _note(decoded, seen)
        return decoded

    monkeypatch.setattr(api, "decode", noting)
    for maker, name in itertools.product(MAKERS, [*VERBS, *HOST_VERBS]):
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
