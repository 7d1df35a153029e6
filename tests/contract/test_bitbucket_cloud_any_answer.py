"""Every verb of the Bitbucket Cloud adapter against answers made from Atlassian's own schemas, with no stand-in host between.

The requests must be what Atlassian documents. The answers are as full as the schemas allow, or as empty: hardly any schema
says what is always there, so that an empty one may be refused, but only as an answer that cannot be read.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from graphql import GraphQLSchema
from tests.contract.bitbucket_cloud_document import document, judge
from tests.contract.bitbucket_cloud_verbs import ADA, NEVER, SHORT, VERBS
from tests.contract.made_answers import Maker, Words
from tests.contract.made_wire import Filled, MadeUp, Published, port_names
from tests.contract.openapi import Exchange, Judge
from tests.contract.port_verbs import HOST_VERBS, SHA
from tests.contract.specs import OpenApi

from pullbridge import ports
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts import waiting
from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.host import BitbucketCloudHost
from pullbridge.model.credentials import Token
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.transport.reply import Headers, Reply

pytestmark = pytest.mark.contract

WEB = "https://bitbucket.org"
HOME = "/repositories/octo/app"
WORDS = Words(
    scalars={},
    named={
        "state": ("OPEN", "OPEN", "MERGED", "DECLINED", "SUPERSEDED"),
        "hash": (SHORT, SHA),
        "uuid": (ADA,),
        "full_name": ("octo/app",),
        "slug": ("octo",),
        "default_merge_strategy": ("merge_commit",),
        "path": ("src/a.py",),
        "name": ("fix/edge",),
        "permission": ("admin", "write", "read"),
        "task_status": ("SUCCESS",),
        "created_on": ("2026-01-02T03:04:05.678901+00:00",),
        "raw": ("Ada <ada@example.com>", "Text"),
    },
)


@dataclass(frozen=True)
class Pages(Maker):
    """Of every list the first page is the last: what is made up leads nowhere. What has no type is an object."""

    def rest(self, schema: dict[str, Any], document: OpenApi, depth: int = 0) -> Any:
        """See `Maker.rest`."""
        if schema.get("type") == "array" and "items" not in schema:
            return []
        made = super().rest(schema, document, depth)
        if isinstance(made, dict) and "next" in made:
            del made["next"]
        return made


LEAST = Pages(full=False, words=WORDS)
FULL = [Pages(full=True, variant=n, words=WORDS) for n in range(5)]


def no_graphql() -> GraphQLSchema:
    raise AssertionError("Bitbucket Cloud has no GraphQL")


@cache
def known() -> Judge:
    """Compile each schema once for all tests."""
    return judge()


PUBLISHED = Published(
    rest="https://api.bitbucket.org/2.0", graphql="", judge=known, document=document, schema=no_graphql
)


class Leading(MadeUp):
    """Follows what only leads on, as the transport would, and takes uploads."""

    def _rest(
        self, verb: str, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str], body: bytes
    ) -> Reply:
        if (verb, path) == ("POST", f"{HOME}/src"):
            return Reply(201, Headers({"Location": f"https://api.bitbucket.org/2.0{HOME}/commit/{SHA}"}), b"", "")
        kind = path.removeprefix(f"{HOME}/pullrequests/7/")
        if kind in {"diff", "diffstat", "conflicts"}:
            operation = self.published.judge().operation(verb, path)
            assert operation is not None
            asked = Exchange(method=verb, path=path, query=urlencode(parameters), status=302)
            self.problems += self.published.judge().request_problems(operation, asked)
            path = f"{HOME}/{kind}/{SHORT}..{SHORT}"
        if "/conflicts/" in path or path.endswith("/forks") or path == "/repositories/octo":
            return self._beyond(verb, path)
        return super()._rest(verb, path, parameters, headers, body)

    def _beyond(self, verb: str, path: str) -> Reply:
        """What the whole document alone has: files that conflict, and repositories."""
        made = self.maker.rest({"$ref": "#/components/schemas/repository"}, self.published.document())
        rows = [] if "/conflicts/" in path else [made]
        return self._reply(200, msgspec.json.encode(made if verb == "POST" else {"values": rows, "pagelen": 10}))


def opened(made_up: MadeUp, monkeypatch: pytest.MonkeyPatch) -> BitbucketCloudHost:
    opening = ports.Opening(web=WEB, credentials=Token("t"), settings=Settings(deadline=1))
    host = BitbucketCloudHost(opening)
    monkeypatch.setattr(host._api.requests, "exchange", made_up.exchange)
    return host


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is made up becomes true by waiting."""
    monkeypatch.setattr(waiting, "WAITS", (10.0,))


def call(name: str, host: BitbucketCloudHost) -> object:
    if name in HOST_VERBS:
        return HOST_VERBS[name](host)
    return VERBS[name](host.repository(RepoRef(web=WEB, path="octo/app", kind="bitbucket-cloud")))


@pytest.mark.parametrize("name", [*VERBS, *HOST_VERBS])
@pytest.mark.parametrize("maker", FULL, ids=str)
def test_a_verb_reads_what_atlassian_documents(maker: Maker, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests of a verb are documented, and a full answer is read."""
    made_up = Leading(PUBLISHED, maker)
    host = opened(made_up, monkeypatch)
    try:
        call(name, host)
    except BridgeError as error:
        # What is made up may well say that nothing is to be merged; it must not be unreadable.
        if isinstance(error, BadAnswer) and "does not look like" in error.summary:
            raise
    finally:
        host.close()
    assert made_up.problems == []
    assert made_up.count or name in NEVER


@pytest.mark.parametrize("name", [*VERBS, *HOST_VERBS])
def test_nothing_in_an_answer_is_an_error_of_ours(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything is missing or null, the verb says so in the library's own errors, or has a value."""
    made_up = Leading(PUBLISHED, LEAST)
    host = opened(made_up, monkeypatch)
    with contextlib.suppress(BridgeError):
        call(name, host)
    host.close()
    assert made_up.problems == []


def test_every_verb_of_the_ports_is_called() -> None:
    """No verb that a host must supply is left out above."""
    called = {name.partition(" ")[0] for name in VERBS} | set(HOST_VERBS)
    assert set(port_names()) <= called


#: Fields of payloads that no answer above fills, each with its reason.
UNFILLED = {
    "Account.username": "of answers that were recorded before 2019: judged in test_samples",
    "Commit.links": "of a commit in a list; the forge's contract has its source",
    "Inline.outdated": "newer than the document at hand: judged in test_wire_threads",
    "FileConflict": "in the whole document alone",
    "Paged.next": "nothing that is made up leads on",
    **dict.fromkeys(("Problem", "RestError"), "part of a refusal"),
    **dict.fromkeys(
        ("Activity", "Changed", "ChangedPeople", "Snapshot", "Verdict", "MergeTask"),
        "told in prose, by an example: judged in test_wire_timeline and test_merging",
    ),
}


def test_every_field_that_is_read_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No payload has a field that Atlassian does not document: it would always be empty."""
    filled = Filled()
    filled.watch(monkeypatch)
    for maker, name in itertools.product((FULL[0], FULL[3]), [*VERBS, *HOST_VERBS]):
        host = opened(Leading(PUBLISHED, maker), monkeypatch)
        with contextlib.suppress(BridgeError):
            call(name, host)
        host.close()
    left = [each for each in filled.never(payloads) if not {each, each.partition(".")[0]} & UNFILLED.keys()]
    assert left == [], f"{len(left)} fields of payloads are never filled: {', '.join(left)}"
