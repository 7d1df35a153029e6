"""What can be done on Data Center: by version, permission, settings and the pull request itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pullbridge import AnswerState, Can, MergeMethod
from pullbridge.hosts.bitbucket_dc.abilities import RULES, Level
from pullbridge.hosts.bitbucket_dc.judgement import VERSION, Connected, Facts, Home, Own, capabilities, judged
from pullbridge.hosts.bitbucket_dc.tokens import TokenKind
from pullbridge.hosts.bitbucket_dc.versions import version

YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN
NEWEST = Connected(account="x", kind=TokenKind.TOKEN, answered=True, version=version("9.2.0"), limited=True)
HOME = Home(seen=True, level=Level.ADMIN, archived=False, forkable=True, methods=frozenset({MergeMethod.MERGE}))
#: What no Data Center has.
NEVER = {can for can, rule in RULES.items() if rule.answer is not None and rule.answer.state is NO}
MINE = Own(state="OPEN", author=True)
THEIRS = Own(state="OPEN", author=False)


def at(text: str) -> Connected:
    return replace(NEWEST, version=version(text))


def state(can: Can, connected: Connected = NEWEST, home: Home | None = HOME, own: Own | None = None) -> AnswerState:
    return judged(can, Facts(connected=connected, home=home, own=own)).state


def test_every_ability_has_an_answer_with_a_reason() -> None:
    """A no or an unknown says why; a no that can be mended says how."""
    assert set(RULES) == set(Can)
    for connected in (NEWEST, at("7.0.0"), replace(NEWEST, kind=TokenKind.NONE, version=None)):
        for home in (None, Home(), HOME):
            answers = capabilities(Facts(connected=connected, home=home))
            assert all(answers[can].reason for can in Can if answers[can].state is not YES)


def test_with_all_rights_what_there_is_can_be_done() -> None:
    """All but what no Data Center has."""
    answers = capabilities(Facts(connected=NEWEST, home=HOME))
    assert {can for can in Can if can not in answers} == NEVER
    assert Can.HEAD_GUARD in answers
    assert Can.LABELS not in answers


@pytest.mark.parametrize(
    ("can", "since"),
    [
        (Can.TASKS, "7.2.0"),
        (Can.PENDING_REVIEW, "7.7.0"),
        (Can.REQUIRED_CHECKS, "7.14.0"),
        (Can.AUTO_MERGE, "8.15.0"),
        (Can.DRAFTS, "8.18.0"),
        (Can.RESOLVE, "8.9.0"),
        (Can.COMMENT_RANGE, "9.2.0"),
    ],
)
def test_a_version_has_it_or_has_it_not(can: Can, since: str) -> None:
    """DC-29: from that version on; where none is told it is unknown, and may be tried."""
    major, minor, _ = map(int, since.split("."))
    before = f"{major}.{minor - 1}.9" if minor else f"{major - 1}.21.0"
    assert state(can, at(since)) is YES
    assert state(can, at(before)) is NO
    told = judged(can, Facts(connected=at(before), home=HOME))
    assert before in told.reason
    assert told.remedy == "upgrade the server"
    assert state(can, replace(NEWEST, version=None)) is UNKNOWN
    untold = replace(NEWEST, version=None, untold=frozenset({VERSION}))
    assert "does not tell its version" in judged(can, Facts(connected=untold, home=HOME)).reason


@pytest.mark.parametrize(
    ("level", "merges", "comments", "deletes"),
    [
        (Level.ADMIN, YES, YES, YES),
        (Level.WRITE, YES, YES, UNKNOWN),
        (Level.READ, NO, YES, UNKNOWN),
        (None, UNKNOWN, YES, UNKNOWN),
    ],
)
def test_a_permission_allows_what_it_allows(
    level: Level | None, merges: AnswerState, comments: AnswerState, deletes: AnswerState
) -> None:
    """What the author may in any case is unknown of a pull request that nobody has looked at."""
    home = replace(HOME, level=level)
    assert state(Can.MERGE, home=home) is merges
    assert state(Can.COMMENT, home=home) is comments
    assert state(Can.DELETE_PULL, home=home) is deletes
    assert state(Can.DELETE_PULL, home=home, own=MINE) is YES
    if level is Level.READ:
        told = judged(Can.MERGE, Facts(connected=NEWEST, home=home))
        assert (told.needed, told.remedy) == (("REPO_WRITE",), "ask for REPO_WRITE")
        assert state(Can.EDIT, home=home, own=THEIRS) is NO


def test_nobody_reads_what_is_public() -> None:
    """And signs in to do anything, or to be somebody."""
    nobody = replace(NEWEST, kind=TokenKind.NONE)
    assert state(Can.READ, nobody) is YES
    for can in (Can.COMMENT, Can.WHOAMI, Can.INBOX_REVIEWER, Can.FIND_BY_COMMIT, Can.SUBSCRIBE):
        answer = judged(can, Facts(connected=nobody, home=HOME))
        assert (answer.state, answer.sign_in) == (NO, True)


def test_an_archived_repository_takes_nothing() -> None:
    """But what is personal, and reads."""
    archived = replace(HOME, archived=True)
    assert state(Can.COMMENT, home=archived) is NO
    assert state(Can.SUBSCRIBE, home=archived) is YES
    assert state(Can.FORK, home=archived) is YES
    assert state(Can.FORK, home=replace(HOME, forkable=False)) is NO


def test_settings_say_how_it_lands() -> None:
    """And nothing is known of that before they were read."""
    answer = judged(Can.CHOOSE_MERGE_METHOD, Facts(connected=NEWEST, home=HOME))
    assert (answer.state, answer.reason) == (YES, "its settings allow merge")
    assert state(Can.CHOOSE_MERGE_METHOD, home=replace(HOME, methods=None)) is UNKNOWN


@pytest.mark.parametrize(
    ("own", "merge", "reopen", "approve"),
    [
        (THEIRS, YES, NO, YES),
        (MINE, YES, NO, NO),
        (Own(state="DECLINED", author=False), NO, YES, NO),
        (Own(state="MERGED", author=False), NO, NO, NO),
    ],
)
def test_a_pull_request_allows_what_its_state_allows(
    own: Own, merge: AnswerState, reopen: AnswerState, approve: AnswerState
) -> None:
    """DC-35: and nobody approves their own."""
    assert state(Can.MERGE, own=own) is merge
    assert state(Can.REOPEN, own=own) is reopen
    assert state(Can.APPROVE, own=own) is approve


def test_what_is_of_the_instance_needs_no_repository() -> None:
    """And what is of a repository depends on it."""
    assert state(Can.WHOAMI, home=None) is YES
    assert state(Can.WHOAMI, replace(NEWEST, answered=False), home=None) is UNKNOWN
    assert state(Can.READ, home=None) is UNKNOWN
    assert state(Can.RATE_BUDGET, replace(NEWEST, limited=False), home=None) is UNKNOWN
    assert state(Can.READ, home=Home()) is UNKNOWN
