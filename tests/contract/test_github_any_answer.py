"""Every verb of the GitHub adapter against answers made from GitHub's own schemas, with no stand-in host between.

The requests must be what GitHub documents. The answers are as full as the schemas allow, or as empty: what GitHub does
not promise must not be relied on.
"""

from __future__ import annotations

import contextlib
import itertools
from functools import cache

import pytest
from tests.contract.github_verbs import MAY_REFUSE, NEVER, VERBS
from tests.contract.made_answers import Maker
from tests.contract.made_wire import Filled, MadeUp, Published, port_names
from tests.contract.openapi import Judge
from tests.contract.port_verbs import HOST_VERBS
from tests.contract.specs import DOTCOM, github_openapi, github_schema

from pullbridge import ports
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.host import GitHubHost
from pullbridge.model import orders
from pullbridge.model.credentials import Token
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings

pytestmark = pytest.mark.contract

API = "https://api.github.com"
MAKERS = [Maker(full=False), *(Maker(full=True, variant=n) for n in range(5))]


@cache
def judge() -> Judge:
    """Compile each schema once for all tests."""
    return Judge(github_openapi(DOTCOM))


GITHUB = Published(
    rest=API,
    graphql=f"{API}/graphql",
    judge=judge,
    document=lambda: github_openapi(DOTCOM),
    schema=github_schema,
)


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
    made_up = MadeUp(GITHUB, maker)
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
    made_up = MadeUp(GITHUB, Maker(full=False), roots=0)
    host = opened(made_up, monkeypatch)
    with contextlib.suppress(BridgeError):
        call(name, host)
    host.close()
    assert made_up.count


def test_an_empty_body_is_sent_and_a_missing_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-08: clearing a text sends the empty text, and leaving it alone sends nothing of it."""
    made_up = MadeUp(GITHUB, MAKERS[1])
    host = opened(made_up, monkeypatch)
    pulls = host.repository(RepoRef(web="https://github.com", path="octo/app", kind="github")).pulls
    pulls.edit(7, orders.PullChanges(body=""))
    pulls.edit(7, orders.PullChanges(title="T"))
    host.close()
    assert made_up.sent == [{"body": ""}, {"title": "T"}]


def test_every_verb_of_the_ports_is_called() -> None:
    """No verb that a host must supply is left out above."""
    called = {name.partition(" ")[0] for name in VERBS} | set(HOST_VERBS)
    assert set(port_names()) - NEVER <= called


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
    filled = Filled()
    filled.watch(monkeypatch)
    for maker, name in itertools.product((MAKERS[1], MAKERS[-2]), [*VERBS, *HOST_VERBS]):
        host = opened(MadeUp(GITHUB, maker), monkeypatch)
        with contextlib.suppress(BridgeError):
            call(name, host)
        host.close()
    left = [each for each in filled.never(payloads) if not {each, each.partition(".")[0]} & UNFILLED.keys()]
    assert left == [], f"{len(left)} fields of payloads are never filled: {', '.join(left)}"
