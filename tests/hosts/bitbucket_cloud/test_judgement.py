"""What can be done, by what is known."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.lab import PATH, Lab

import pullbridge
from pullbridge import AnswerState, Can, Token
from pullbridge.hosts.bitbucket_cloud.abilities import RULES, Right
from pullbridge.hosts.bitbucket_cloud.judgement import Connected, Facts, Home, Own, capabilities, judged
from pullbridge.hosts.bitbucket_cloud.tokens import TokenKind

YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN
ALL = ("account", "pullrequest:write", "repository:write", "repository:admin")


def facts(
    kind: TokenKind = TokenKind.OAUTH,
    granted: tuple[str, ...] | None = ALL,
    right: Right | None = Right.ADMIN,
    own: Own | None = None,
    **home: Any,
) -> Facts:
    connected = Connected(account="x", kind=kind, granted=granted, answered=True)
    return Facts(connected=connected, home=Home(seen=True, right=right, **home), own=own)


def test_every_ability_has_a_rule_and_every_no_a_reason() -> None:
    """None is left to chance."""
    assert set(RULES) == set(Can)
    for can, answer in capabilities(facts()).items():
        assert answer.state is YES or answer.reason, can


def test_before_anything_is_asked_nothing_is_known() -> None:
    """But for what never can be."""
    known = capabilities(Facts(connected=Connected(account="x", kind=TokenKind.OAUTH), home=Home()))
    assert known[Can.READ].remedy == "probe()"
    assert known[Can.MERGE].state is UNKNOWN
    assert known[Can.REOPEN].state is NO


@pytest.mark.parametrize(
    ("can", "granted", "needed"),
    [
        (Can.EDIT, ("pullrequest", "account"), ("pullrequest:write",)),
        (Can.WHOAMI, ("pullrequest:write",), ("account",)),
        (Can.INBOX_REVIEWER, ("pullrequest",), ("account",)),
        (Can.DELETE_BRANCH, ("pullrequest",), ("repository:write",)),
        (Can.READ, ("account", "repository"), ("pullrequest",)),
    ],
)
def test_a_scope_that_is_missing_is_named(can: Can, granted: tuple[str, ...], needed: tuple[str, ...]) -> None:
    """In OAuth's words."""
    answer = judged(can, facts(granted=granted))
    assert (answer.state, answer.needed) == (NO, needed)


@pytest.mark.parametrize(
    ("can", "granted", "needed"),
    [
        (Can.COMMENT, ("read:pullrequest:bitbucket",), ("write:pullrequest:bitbucket",)),
        (Can.EDIT, ("write:pullrequest:bitbucket",), ("read:pullrequest:bitbucket",)),
        (Can.FILES, ("read:pullrequest:bitbucket",), ("read:repository:bitbucket",)),
        (Can.WHOAMI, ("read:pullrequest:bitbucket",), ("read:user:bitbucket",)),
    ],
)
def test_an_api_tokens_scopes_include_nothing(can: Can, granted: tuple[str, ...], needed: tuple[str, ...]) -> None:
    """`write:…` does not read."""
    answer = judged(can, facts(TokenKind.API, granted))
    assert (answer.state, answer.needed) == (NO, needed)


def test_commenting_takes_less_of_oauth() -> None:
    """Its description asks for reading alone."""
    assert judged(Can.COMMENT, facts(granted=("pullrequest",), right=Right.READ)).state is YES


def test_a_credential_that_does_not_tell_is_tried() -> None:
    """For what it writes; reading is seen to go."""
    known = capabilities(facts(granted=None))
    assert (known[Can.EDIT].state, known[Can.EDIT].remedy) == (UNKNOWN, "try; a refusal names what is missing")
    assert known[Can.READ].state is YES


@pytest.mark.parametrize(
    ("can", "right", "own", "state"),
    [
        (Can.MERGE, Right.READ, None, NO),
        (Can.MERGE, Right.WRITE, None, YES),
        (Can.MERGE, None, None, UNKNOWN),
        (Can.EDIT, Right.READ, None, UNKNOWN),
        (Can.EDIT, Right.READ, Own(state="OPEN", author=True), YES),
        (Can.EDIT, Right.READ, Own(state="OPEN", author=False), NO),
        (Can.EDIT, Right.ADMIN, Own(state="DECLINED", author=True), NO),
        (Can.MERGE, Right.ADMIN, Own(state="OPEN", draft=True), NO),
        (Can.MERGE, Right.ADMIN, Own(state="MERGED"), NO),
        (Can.COMMENT, Right.READ, Own(state="MERGED"), YES),
        (Can.REQUIRED_APPROVALS, Right.WRITE, None, NO),
    ],
)
def test_rights_and_states_count(can: Can, right: Right | None, own: Own | None, state: AnswerState) -> None:
    """Of a repository, and of one pull request."""
    assert judged(can, facts(right=right, own=own)).state is state


def test_nobody_only_reads() -> None:
    """And is told to sign in."""
    known = capabilities(facts(TokenKind.NONE, None, Right.NOBODY))
    assert known[Can.READ].state is YES
    for can in (Can.COMMENT, Can.EDIT, Can.WHOAMI, Can.INBOX_AUTHOR, Can.REQUIRED_CHECKS):
        assert known[can].sign_in, can


def test_a_repository_may_not_be_forked() -> None:
    """By its settings."""
    assert judged(Can.FORK, facts(forkable=False)).state is NO


# Asked ----------------------------------------------------------------------------------------------------------------


def test_a_probe_learns_all_of_it_at_once(lab: Lab) -> None:
    """Scopes off the headers, my right off the workspace; the second costs nothing."""
    known = lab.repo.probe()
    assert known.granted is not None
    assert (Can.MERGE in known, Can.REQUIRED_APPROVALS in known) == (True, True)
    assert known[Can.REOPEN].state is NO
    asked = len(lab.sent())
    lab.repo.probe()
    assert (asked, len(lab.sent())) == (2, 2)
    lab.repo.probe(again=True)
    assert len(lab.sent()) == 4


def test_a_readers_probe_says_what_they_may_not(lab: Lab) -> None:
    """With the remedy."""
    known = lab.as_("linus").probe()
    assert (known[Can.MERGE].state, known[Can.COMMENT].state) == (NO, YES)
    assert known[Can.MERGE].remedy == "ask an administrator for it"


def test_an_access_tokens_right_is_not_told(lab: Lab) -> None:
    """It is of no person; what it does is tried."""
    known = lab.with_(Token(lab.host.token("robot", kind="repository", at=PATH))).probe()
    assert (known[Can.MERGE].state, known[Can.WHOAMI].state) == (UNKNOWN, NO)
    assert known[Can.WHOAMI].needed == ("account",)


def test_of_the_host_only_the_credential_counts(lab: Lab) -> None:
    """Who I am, and my inbox with what it costs."""
    known = lab.everywhere("ada").probe()
    assert Can.WHOAMI in known
    assert "200 at most" in known[Can.INBOX_REVIEWER].reason
    assert known[Can.MERGE].state is UNKNOWN
    assert pullbridge.Can.RATE_BUDGET in known


def test_nobody_is_asked_about_nobody(lab: Lab) -> None:
    """A public repository shows itself to everybody."""
    known = lab.with_(pullbridge.Anonymous()).probe()
    assert Can.READ in known
    assert known[Can.COMMENT].sign_in
    assert lab.sent() == ["GET "]
