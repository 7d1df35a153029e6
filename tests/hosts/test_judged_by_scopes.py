"""What is planned, and what can be done with what was granted, are one idea: the same table, on every host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import pytest

from pullbridge.auth.scopes import missing, plan
from pullbridge.auth.scopes.planning import TABLES
from pullbridge.auth.scopes.table import Visibility
from pullbridge.capabilities import AnswerState, Can, Capabilities
from pullbridge.hosts.bitbucket_cloud import abilities as cloud_abilities
from pullbridge.hosts.bitbucket_cloud import judgement as cloud
from pullbridge.hosts.bitbucket_cloud.tokens import TokenKind as CloudKind
from pullbridge.hosts.bitbucket_dc import abilities as dc_abilities
from pullbridge.hosts.bitbucket_dc import judgement as dc
from pullbridge.hosts.bitbucket_dc.tokens import TokenKind as DcKind
from pullbridge.hosts.bitbucket_dc.versions import Version
from pullbridge.hosts.github import judgement as github
from pullbridge.hosts.github.features import METHODS
from pullbridge.hosts.github.tokens import TokenKind as GitHubKind
from pullbridge.hosts.gitlab import judgement as gitlab
from pullbridge.hosts.gitlab.tokens import TokenKind as GitLabKind

YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN
Granted = tuple[str, ...]
Judge = Callable[[Granted, bool], Capabilities]


def of_github(kind: GitHubKind) -> Judge:
    def judge(granted: Granted, private: bool) -> Capabilities:
        connected = github.Connected(
            account="", kind=kind, granted=granted, answered=True, enterprise=False, limited=True
        )
        home = github.Home(
            seen=True, permission="ADMIN", private=private, archived=False, methods=frozenset(METHODS), auto_merge=True
        )
        return github.capabilities(github.Facts(connected=connected, home=home))

    return judge


def of_gitlab(granted: Granted, private: bool) -> Capabilities:
    connected = gitlab.Connected(
        account="", kind=GitLabKind.OTHER, granted=granted, answered=True, service=True, limited=True
    )
    home = gitlab.Home(
        seen=True, level=50, pushes=True, creates=True, private=private, premium=True, trains=True, methods=frozenset()
    )
    return gitlab.capabilities(gitlab.Facts(connected=connected, home=home))


def of_cloud(kind: CloudKind) -> Judge:
    def judge(granted: Granted, private: bool) -> Capabilities:
        connected = cloud.Connected(account="", kind=kind, granted=granted, answered=True)
        home = cloud.Home(seen=True, right=cloud_abilities.Right.ADMIN, private=private, forkable=True)
        return cloud.capabilities(cloud.Facts(connected=connected, home=home))

    return judge


def of_dc(granted: Granted, private: bool) -> Capabilities:
    connected = dc.Connected(
        account="",
        kind=DcKind.TOKEN,
        granted=granted,
        answered=True,
        version=Version(number=(99, 0, 0)),
        limited=True,
    )
    home = dc.Home(seen=True, level=dc_abilities.Level.ADMIN, private=private, forkable=True, methods=frozenset())
    return dc.capabilities(dc.Facts(connected=connected, home=home))


JUDGES: dict[tuple[str, Any], Judge] = {
    ("github", "oauth"): of_github(GitHubKind.CLASSIC),
    ("github", "classic-token"): of_github(GitHubKind.OTHER),
    ("github", "github-app"): of_github(GitHubKind.INSTALLATION),
    ("github", "fine-grained"): of_github(GitHubKind.FINE_GRAINED),
    ("gitlab", "oauth"): of_gitlab,
    ("gitlab", "classic-token"): of_gitlab,
    ("gitlab", "access-token"): of_gitlab,
    ("bitbucket-cloud", "oauth"): of_cloud(CloudKind.OAUTH),
    ("bitbucket-cloud", "api-token"): of_cloud(CloudKind.API),
    ("bitbucket-cloud", "access-token"): of_cloud(CloudKind.ACCESS),
    ("bitbucket-dc", "oauth"): of_dc,
}
#: Answers that are not about scopes: an installation is nobody, and what a branch or a place takes is told elsewhere.
OTHER_NOS = {("github", Can.WHOAMI)}
#: Of the whole host: without the scope, what is public is found.
FOUND = {Can.SEARCH, Can.INBOX_AUTHOR, Can.INBOX_REVIEWER, Can.INBOX_ASSIGNEE}


def facts(credential: Any, private: bool) -> dict[str, Any]:
    visibility: Visibility = "private" if private else "public"
    return {"visibility": visibility, "credential": credential}


@pytest.mark.parametrize("private", [True, False], ids=["private", "public"])
@pytest.mark.parametrize(("kind", "credential"), JUDGES, ids=str)
def test_a_plan_is_enough_and_one_scope_less_is_named(kind: str, credential: Any, private: bool) -> None:
    """Each ability by itself: with all that is planned it is no no; without one of these, a no that needs just that one."""
    judge, words = JUDGES[kind, credential], TABLES[kind].kinds[credential]
    for can in Can:
        planned = plan(kind, {can}, **facts(credential, private))
        enough = judge(planned.scopes, private)[can]
        if can in TABLES[kind].never:
            assert enough.state is NO
            continue
        if can in planned.impossible:
            assert (enough.state, enough.needed) == (UNKNOWN, ()), can
            continue
        assert enough.state is not NO or (kind, can) in OTHER_NOS, can
        assert enough.needed == ()
        need = words.need(can, "private" if private else "public")
        for scope in planned.scopes:
            less = tuple(each for each in planned.scopes if each != scope)
            answer = judge(less, private)[can]
            if scope in words.beside:
                continue
            if can in FOUND and kind == "github":
                assert answer.state is YES
                assert scope in answer.reason
            elif need.perhaps and words.held(less) >= set(need.perhaps):
                assert answer.state is UNKNOWN
                assert scope in answer.reason
            else:
                assert (answer.state, answer.needed) == (NO, (scope,)), (can, less)
                assert scope in answer.reason
                assert scope in str(answer.remedy)


def granted_sets(kind: str, credential: Any) -> Iterator[Granted]:
    """Nothing, each scope of the table, and every two of them."""
    table = TABLES[kind].kinds[credential]
    every = sorted({scope for need in table.needs.values() for one in need.any_of for scope in one})
    for count in range(3):
        yield from combinations([*every, "something:else"], count)


@pytest.mark.parametrize("private", [True, False], ids=["private", "public"])
@pytest.mark.parametrize(("kind", "credential"), JUDGES, ids=str)
def test_a_no_for_scopes_is_what_is_missing(kind: str, credential: Any, private: bool) -> None:
    """Whatever was granted, `repo.can` needs what `missing` names, of everything that is not searched on the whole host."""
    judge, words = JUDGES[kind, credential], TABLES[kind].kinds[credential]
    for granted in granted_sets(kind, credential):
        lacks = missing(kind, granted, Can, **facts(credential, private))
        answers = judge(granted, private)
        for can in set(Can) - FOUND - {each for _, each in OTHER_NOS}:
            perhaps = words.needs[can].perhaps if can in words.needs else ()
            open_to_trial = bool(perhaps) and words.held(granted) >= set(perhaps)
            expected = () if open_to_trial else lacks.get(can, ())
            assert answers[can].needed == expected, (can, granted)
            assert answers[can].state is NO or not expected


@pytest.mark.parametrize(("kind", "credential"), JUDGES, ids=str)
def test_what_was_granted_is_told_with_the_answers(kind: str, credential: Any) -> None:
    """`repo.can.granted`, for a status line and for `ScopeMissing`."""
    assert JUDGES[kind, credential](("one", "two"), True).granted == ("one", "two")
