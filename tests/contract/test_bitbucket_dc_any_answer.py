"""Every verb of the Data Center adapter against answers made from Atlassian's own schemas, with no stand-in host between.

The requests must be what Atlassian documents. The answers are as full as the schemas allow, or as empty: no schema says
what is always there, so that an empty one may be refused, but only as an answer that cannot be read.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from graphql import GraphQLSchema
from tests.contract.bitbucket_dc_document import document, judge
from tests.contract.bitbucket_dc_verbs import NEVER, VERBS
from tests.contract.made_answers import Maker, Words
from tests.contract.made_wire import Filled, MadeUp, Published, port_names
from tests.contract.openapi import Judge
from tests.contract.port_verbs import HOST_VERBS, SHA
from tests.contract.specs import OpenApi

from pullbridge import ports
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts import decoding, waiting
from pullbridge.hosts.bitbucket_dc import forks, payloads, reading
from pullbridge.hosts.bitbucket_dc.host import DataCenterHost
from pullbridge.model.credentials import Token
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.transport.reply import Headers, Reply

pytestmark = pytest.mark.contract

WEB = "https://git.example/bitbucket"
WORDS = Words(
    scalars={},
    named={
        "version": ("9.2.0", "7.0.0", "7.21.4", "8.19.1", "10.1.0"),
        "state": ("OPEN", "OPEN", "MERGED", "DECLINED", "RESOLVED"),
        "path": ("src/a.py",),
        **dict.fromkeys(("latestCommit", "fromHash", "toHash", "lastReviewedCommit"), (SHA,)),
        "slug": ("app",),
        "key": ("PRJ",),
        "name": ("ada",),
        "lineType": ("CONTEXT", "ADDED", "REMOVED", "SIDEWAYS"),
        "fileType": ("TO", "FROM", "SIDEWAYS"),
        "diffType": ("EFFECTIVE", "RANGE", "COMMIT"),
        "action": ("COMMENTED", "APPROVED", "RESCOPED", "REVIEWED", "MERGED"),
        "commentAction": ("ADDED", "DELETED"),
        "outcome": ("CLEAN", "CONFLICTED", "UNKNOWN"),
        "href": ("https://git.example/bitbucket/users/ada",),
    },
)


#: Below this there are no lists: comments contain comments.
_DEEPEST = 4


@dataclass(frozen=True)
class Pages(Maker):
    """Of every list the first page is the last: what is made up would go round in circles.

    Numbers are whole, answers to answers end with an empty list, and of answers of several kinds it is the usual one.
    """

    def rest(self, schema: dict[str, Any], document: OpenApi, depth: int = 0) -> Any:
        """See `Maker.rest`."""
        match schema.get("type"):
            case "number":
                return 7
            case "array" if "items" not in schema or depth > _DEEPEST:
                return []
        if depth == 0 and "oneOf" in schema:
            schema = schema["oneOf"][0]
        made = super().rest(schema, document, depth)
        return {**made, "isLastPage": True} if isinstance(made, dict) and "isLastPage" in made else made


LEAST = Pages(full=False, words=WORDS)
FULL = [Pages(full=True, variant=n, words=WORDS) for n in range(5)]


def no_graphql() -> GraphQLSchema:
    raise AssertionError("Data Center has no GraphQL")


@cache
def known() -> Judge:
    """Compile each schema once for all tests."""
    return judge()


PUBLISHED = Published(rest=f"{WEB}/rest", graphql="", judge=known, document=document, schema=no_graphql)


class Named(MadeUp):
    """Every answer names who is signed in."""

    def _reply(self, status: int, body: bytes, kind: str = "application/json; charset=utf-8") -> Reply:
        return Reply(status, Headers({"Content-Type": kind, "X-AUSERNAME": "ada"}), body, self.published.rest)


def opened(made_up: MadeUp, monkeypatch: pytest.MonkeyPatch) -> DataCenterHost:
    opening = ports.Opening(web=WEB, credentials=Token("t"), settings=Settings(deadline=1))
    host = DataCenterHost(opening)
    monkeypatch.setattr(host._api.requests, "exchange", made_up.exchange)
    return host


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is made up becomes true by waiting."""
    monkeypatch.setattr(waiting, "WAITS", (10.0,))
    monkeypatch.setattr(forks, "sleep", lambda _: None)


def call(name: str, host: DataCenterHost) -> object:
    if name in HOST_VERBS:
        return HOST_VERBS[name](host)
    return VERBS[name](host.repository(RepoRef(web=WEB, path="PRJ/app", kind="bitbucket-dc")))


@pytest.mark.parametrize("name", [*VERBS, *HOST_VERBS])
@pytest.mark.parametrize("maker", FULL, ids=str)
def test_a_verb_reads_what_atlassian_documents(maker: Maker, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests of a verb are documented, and a full answer is read."""
    made_up = Named(PUBLISHED, maker)
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
    """Where everything is missing, the verb says so in the library's own errors, or has a value."""
    made_up = Named(PUBLISHED, LEAST)
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
    **dict.fromkeys(("RestError", "ErrorRow", "ReviewerError"), "part of a refusal"),
    **dict.fromkeys(("Links", "Link"), "the document says of links that they are an object, and no more"),
    **dict.fromkeys(("CommentProperties", "CommentReaction", "Emoticon"), "a plug-in's: properties are any object"),
    **dict.fromkeys(("DiffSegment", "DiffLine"), "deeper than what is made up; judged in test_wire_threads"),
    "Properties": "of a pull request: not in the document, see `bitbucket_dc_document.BESIDES`",
    "BuildStats": "by commit, which the document does not tell; judged in test_search",
}


def test_every_field_that_is_read_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No payload has a field that Atlassian does not document, or that nothing asks for: it would always be empty."""
    filled = Filled()
    filled.watch(monkeypatch)
    monkeypatch.setattr(reading, "told", noting(filled))
    for maker, name in itertools.product((FULL[0], FULL[2], FULL[3]), [*VERBS, *HOST_VERBS]):
        host = opened(Named(PUBLISHED, maker), monkeypatch)
        with contextlib.suppress(BridgeError):
            call(name, host)
        host.close()
    left = [each for each in filled.never(payloads) if not {each, each.partition(".")[0]} & UNFILLED.keys()]
    assert left == [], f"{len(left)} fields of payloads are never filled: {', '.join(left)}"


def noting(filled: Filled) -> Callable[[bytes, Any], Any]:
    """Activities are read one by one."""

    def told(body: bytes, shape: Any) -> Any:
        found = decoding.told(body, shape)
        filled.note(found)
        return found

    return told
