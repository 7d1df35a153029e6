"""Every verb of the GitLab adapter against answers made from what is known of GitLab's API, with no stand-in host between.

The requests must be what GitLab documents. The answers are as full as the entities allow, or everything in them is null:
GitLab does not say what may be, so that such an answer may be refused, but only as an answer that cannot be read.
"""

from __future__ import annotations

import contextlib
import itertools
from functools import cache

import pytest
from tests.contract.gitlab_document import document, judge
from tests.contract.gitlab_verbs import NEVER, VERBS
from tests.contract.made_answers import Maker, Words
from tests.contract.made_wire import Filled, MadeUp, Published, port_names
from tests.contract.openapi import Judge
from tests.contract.port_verbs import HOST_VERBS, SHA
from tests.contract.test_gitlab_forge_schema import forge_schema

from pullbridge import ports
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts import waiting
from pullbridge.hosts.gitlab import drafting, files, forks, merging, payloads, pulls, rebasing
from pullbridge.hosts.gitlab.host import GitLabHost
from pullbridge.model.credentials import Token
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings

pytestmark = pytest.mark.contract

WEB = "https://git.example"
TIME = "2026-01-02T03:04:05.678Z"
WORDS = Words(
    scalars={"ID": "gid://gitlab/Thing/7", "Int": 7, "Float": 1.5, "Time": TIME, "BigInt": "5000000000"},
    named={
        "version": ("19.2.0-ee", "13.12.0", "15.0.0-ee", "16.4.0", "17.9.0-ee"),
        "state": ("opened", "opened", "merged", "closed", "locked"),
        "detailed_merge_status": ("mergeable", "ci_still_running", "not_open", "checking", "something_new"),
        "merge_status": ("can_be_merged", "cannot_be_merged", "unchecked"),
        "diff": ("@@ -1,2 +1,2 @@\n a\n-b\n+c\n", "", "Binary files a/a and b/b differ\n"),
        "changes_count": ("1", "1000+", ""),
        **dict.fromkeys(
            ("sha", "head_sha", "base_sha", "start_sha", "head_commit_sha", "base_commit_sha", "start_commit_sha"),
            (SHA,),
        ),
        **dict.fromkeys(("path_with_namespace", "full_path"), ("octo/app",)),
        "title": ("Draft: T", "T"),
        "merge_method": ("merge", "rebase_merge", "ff"),
        "username": ("octo",),
        "status": ("success", "failed", "manual", "canceled", "something_new"),
    },
)
LEAST = Maker(full=False, words=WORDS)
FULL = [Maker(full=True, variant=n, words=WORDS) for n in range(5)]


@cache
def known() -> Judge:
    """Compile each schema once for all tests."""
    return judge()


GITLAB = Published(
    rest=f"{WEB}/api/v4", graphql=f"{WEB}/api/graphql", judge=known, document=document, schema=forge_schema
)


def opened(made_up: MadeUp, monkeypatch: pytest.MonkeyPatch) -> GitLabHost:
    opening = ports.Opening(web=WEB, credentials=Token("t"), settings=Settings(deadline=1))
    host = GitLabHost(opening)
    monkeypatch.setattr(host._api.requests, "exchange", made_up.exchange)
    return host


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is made up becomes true by waiting."""
    monkeypatch.setattr(waiting, "WAITS", (10.0,))
    for module in (drafting, files, forks, merging, pulls, rebasing):
        monkeypatch.setattr(module, "sleep", lambda _: None)


def call(name: str, host: GitLabHost) -> object:
    if name in HOST_VERBS:
        return HOST_VERBS[name](host)
    return VERBS[name](host.repository(RepoRef(web=WEB, path="octo/app", kind="gitlab")))


@pytest.mark.parametrize("name", [*VERBS, *HOST_VERBS])
@pytest.mark.parametrize("maker", FULL, ids=str)
def test_a_verb_reads_what_gitlab_documents(maker: Maker, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests of a verb are documented, and a full answer is read."""
    made_up = MadeUp(GITLAB, maker)
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


@pytest.mark.parametrize("roots", [0, 2])
@pytest.mark.parametrize("name", [*VERBS, *HOST_VERBS])
def test_null_everywhere_is_an_error_of_ours(name: str, roots: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything is null, the verb says so in the library's own errors, or has a value."""
    made_up = MadeUp(GITLAB, LEAST, roots=roots)
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
    **dict.fromkeys(("RestError", "GraphAnswer.errors", "GraphError", "GraphDone.errors"), "part of a refusal"),
    "AccessToken.scope": "of an OAuth token's description, which is outside the API: judged in test_tokens",
    "Discussion.commands_changes": "of a text that was a command alone; judged in test_threads",
    "GraphProject.pipeline": "of a second page of jobs; judged in test_checks",
    "Connection.total_count": "GitHub's alone",
}


def test_every_field_that_is_read_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No payload has a field that GitLab does not document, or that no document asks for: it would always be empty.

    REST's are asked for in full where GraphQL says nothing.
    """
    filled = Filled()
    filled.watch(monkeypatch)
    ways = [MadeUp(GITLAB, *way) for way in ((FULL[0], 0, LEAST), (FULL[1], 2), (FULL[3], 2))]
    for way, name in itertools.product(ways, [*VERBS, *HOST_VERBS]):
        host = opened(way, monkeypatch)
        with contextlib.suppress(BridgeError):
            call(name, host)
        host.close()
    left = [each for each in filled.never(payloads) if not {each, each.partition(".")[0]} & UNFILLED.keys()]
    assert left == [], f"{len(left)} fields of payloads are never filled: {', '.join(left)}"
