"""From what is known of a GitLab to an answer for each ability."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pullbridge.capabilities import AnswerState, Can
from pullbridge.hosts.gitlab.abilities import RULES, Level
from pullbridge.hosts.gitlab.judgement import Connected, Facts, Home, Own, capabilities, judged
from pullbridge.hosts.gitlab.tokens import TokenKind
from pullbridge.hosts.gitlab.versions import LOWEST, Version, named, version
from pullbridge.model.merge import MergeMethod

YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN
NEWEST = Version(number=(19, 2, 0), enterprise=True, text="19.2.0-ee")
SIGNED = Connected(account="a", kind=TokenKind.PERSONAL, granted=("api",), answered=True, version=NEWEST)
MINE = Home(
    seen=True,
    level=Level.MAINTAINER,
    private=True,
    archived=False,
    pulls=True,
    creates=True,
    methods=frozenset({MergeMethod.MERGE, MergeMethod.SQUASH}),
    premium=True,
    trains=True,
)
OPEN = Own(state="opened", author=False, draft=False, locked=False)
WRITES = [can for can, rule in RULES.items() if rule.writes]
NEVER = [can for can, rule in RULES.items() if rule.answer is not None and rule.answer.state is NO]
#: But for what only an owner may, and a budget that only gitlab.com has for certain.
HAD = [can for can in Can if can not in {*NEVER, Can.DELETE_PULL, Can.RATE_BUDGET}]


def state(can: Can, connected: Connected = SIGNED, home: Home | None = MINE, own: Own | None = None) -> AnswerState:
    return judged(can, Facts(connected=connected, home=home, own=own)).state


def connection(**told: Any) -> Connected:
    return replace(SIGNED, **told)


def home(**told: Any) -> Home:
    return replace(MINE, **told)


def own(**told: Any) -> Own:
    return replace(OPEN, **told)


def test_every_ability_has_a_rule() -> None:
    """So that none is answered by accident."""
    assert set(RULES) == set(Can)


@pytest.mark.parametrize("can", HAD)
def test_a_maintainer_with_api_may_all_that_gitlab_has(can: Can) -> None:
    """Nothing is unknown once everything was told."""
    assert state(can) is YES


@pytest.mark.parametrize("can", NEVER)
def test_what_gitlab_has_not_is_no_with_a_reason(can: Can) -> None:
    """Before any request, and for everybody."""
    answer = judged(can, Facts(connected=Connected(account="", kind=TokenKind.NONE)))
    assert answer.state is NO
    assert answer.reason


@pytest.mark.parametrize("can", list(Can))
def test_what_is_not_yes_has_a_reason(can: Can) -> None:
    """And says what to do about it, wherever something can be done."""
    for connected in (Connected(account="", kind=TokenKind.NONE), Connected(account="a", kind=TokenKind.OTHER), SIGNED):
        for known in (None, Home(), MINE, home(level=0, pushes=False, creates=False, archived=True, pulls=False)):
            for one in (None, OPEN, own(state="merged")):
                answer = judged(can, Facts(connected=connected, home=known, own=one))
                assert answer.state is YES or answer.reason
                assert answer.state is not UNKNOWN or answer.remedy or can is Can.RATE_BUDGET


# Credentials ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("can", WRITES)
def test_nobody_writes(can: Can) -> None:
    """And is told to sign in."""
    answer = judged(can, Facts(connected=connection(kind=TokenKind.NONE, granted=None), home=MINE))
    assert answer.state is NO
    assert answer.sign_in


def test_nobody_reads_and_searches() -> None:
    """What is public; but there is no inbox of nobody."""
    nobody = connection(kind=TokenKind.NONE, granted=None)
    assert state(Can.READ, nobody) is YES
    assert state(Can.SEARCH, nobody, None) is YES
    assert state(Can.INBOX_REVIEWER, nobody, None) is NO
    assert state(Can.WHOAMI, nobody, None) is NO


@pytest.mark.parametrize(
    ("granted", "reads", "writes"),
    [(("api",), YES, YES), (("read_api",), YES, NO), (("read_user",), NO, NO), ((), NO, NO), (None, YES, UNKNOWN)],
)
def test_scopes_decide(granted: tuple[str, ...] | None, reads: AnswerState, writes: AnswerState) -> None:
    """There is one scope for reading and one for all; an untold one is asked for."""
    connected = connection(granted=granted)
    assert state(Can.READ, connected) is reads
    assert state(Can.COMMENT, connected) is writes
    if granted is not None and writes is NO:
        assert judged(Can.COMMENT, Facts(connected=connected, home=MINE)).needed == ("api",)


def test_a_fine_grained_token_is_never_a_no() -> None:
    """It has permissions that nobody tells; the reason names the one that is needed."""
    answer = judged(Can.MERGE, Facts(connected=connection(granted=None, granular=True), home=MINE))
    assert answer.state is UNKNOWN
    assert "merge_request:merge" in answer.reason


def test_a_jobs_token_reads_a_little() -> None:
    """Merge requests, and nothing that writes; the rest is to be tried."""
    job = connection(kind=TokenKind.JOB, granted=None)
    assert state(Can.READ, job) is YES
    assert state(Can.CONTENT, job) is UNKNOWN
    assert state(Can.WHOAMI, job, None) is NO
    assert all(state(can, job) is NO for can in WRITES)


# Versions and editions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("can", "since"),
    [
        (Can.COMMENT_FILE, (16, 4)),
        (Can.REQUEST_CHANGES, (16, 9)),
        (Can.PENDING_REVIEW, (15, 11)),
        (Can.MERGE_QUEUE, (17, 11)),
    ],
)
def test_what_is_newer_says_since_when(can: Can, since: tuple[int, int]) -> None:
    """GL-26, GL-45, GL-51: known before the call."""
    major, minor = since
    older = Version(number=(major, minor - 1, 9), enterprise=True, text=f"{major}.{minor - 1}.9")
    at = Version(number=(major, minor, 0), enterprise=True, text=f"{major}.{minor}.0")
    answer = judged(can, Facts(connected=connection(version=older), home=MINE))
    assert answer.state is NO
    assert f"needs GitLab {named(since)}" in answer.reason
    assert str(older) in answer.reason
    assert state(can, connection(version=at)) is YES
    assert state(can, connection(version=None, service=True)) is YES
    unknown = judged(can, Facts(connected=connection(version=None), home=MINE))
    assert (unknown.state, unknown.remedy) == (UNKNOWN, "probe()")
    untold = judged(can, Facts(connected=connection(version=None, untold=frozenset({"version"})), home=MINE))
    assert (untold.state, "does not tell its version" in untold.reason) == (UNKNOWN, True)


@pytest.mark.parametrize("can", [Can.REQUIRED_APPROVALS, Can.MERGE_QUEUE])
def test_what_is_paid_for_says_so(can: Can) -> None:
    """GL-53: the Community Edition never has it; of the Enterprise Edition the plan decides, which nothing may tell."""
    community = connection(version=replace(NEWEST, enterprise=False))
    answer = judged(can, Facts(connected=community, home=home(premium=None)))
    assert (answer.state, "Premium" in answer.reason) == (NO, True)
    assert state(can, SIGNED, home(premium=False)) is NO
    assert state(can, SIGNED, home(premium=None)) is UNKNOWN


@pytest.mark.parametrize(
    ("text", "number", "enterprise"),
    [
        ("19.2.0-ee", (19, 2, 0), True),
        ("15.0.0", (15, 0, 0), False),
        ("17.9.0-pre", (17, 9, 0), None),
        ("v16.11", (16, 11, 0), False),
        ("18.0.1-rc42.ee", (18, 0, 1), None),
        (" 14.10.5-ee ", (14, 10, 5), True),
    ],
)
def test_versions_are_read(text: str, number: tuple[int, int, int], enterprise: bool | None) -> None:
    """With what packages add to them."""
    found = version(text)
    assert found is not None
    assert (found.number, found.enterprise) == (number, enterprise)
    assert found.at_least(number)
    assert not found.at_least((number[0], number[1] + 1))


@pytest.mark.parametrize("text", ["", "unknown", "ee-19.2", "19"])
def test_what_is_no_version_is_none(text: str) -> None:
    """Never a guess."""
    assert version(text) is None
    assert LOWEST <= (13, 12, 0)


# Roles ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "pushes", "expected"),
    [
        (Level.MAINTAINER, None, YES),
        (Level.DEVELOPER, None, YES),
        (Level.REPORTER, None, UNKNOWN),
        (Level.NOBODY, None, UNKNOWN),
        (None, None, UNKNOWN),
        (Level.NOBODY, True, YES),
        (Level.REPORTER, False, NO),
        (0, False, NO),
        (35, None, YES),
    ],
)
def test_a_level_is_the_least_that_one_has(level: int | None, pushes: bool | None, expected: AnswerState) -> None:
    """A group that the project is shared with gives more, of which only GraphQL tells: before that nothing is refused."""
    assert state(Can.REPORT_CHECK, SIGNED, home(level=level, pushes=pushes)) is expected


def test_an_author_may_change_what_is_their_own() -> None:
    """Whatever their role: titles and states, but not labels."""
    guest = home(level=0, pushes=False)
    assert state(Can.EDIT, SIGNED, guest, own(author=True)) is YES
    assert state(Can.EDIT, SIGNED, guest, own(author=False)) is NO
    assert state(Can.EDIT, SIGNED, guest) is UNKNOWN
    assert state(Can.LABELS, SIGNED, guest, own(author=True)) is NO


def test_a_developer_may_not_merge_into_everything() -> None:
    """Protected branches are the maintainers' by default; the merge request itself tells."""
    developer = home(level=Level.DEVELOPER)
    assert state(Can.MERGE, SIGNED, developer) is UNKNOWN
    assert state(Can.MERGE, SIGNED, developer, own(told={Can.MERGE: True})) is YES
    assert state(Can.MERGE, SIGNED, developer, own(told={Can.MERGE: False})) is NO


def test_whoever_may_not_create_is_told() -> None:
    """By GitLab's own word."""
    assert state(Can.CREATE, SIGNED, home(creates=False)) is NO
    assert state(Can.CREATE, SIGNED, home(level=0, creates=True)) is YES


# Settings and states -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("can", WRITES)
def test_an_archived_project_takes_no_writes(can: Can) -> None:
    """But for what is one's own affair."""
    expected = YES if RULES[can].personal else NO
    assert state(can, SIGNED, home(archived=True, level=Level.OWNER)) is expected


def test_settings_turn_things_off() -> None:
    """Merge requests, forking, merge trains."""
    assert state(Can.READ, SIGNED, home(pulls=False)) is NO
    assert state(Can.CREATE, SIGNED, home(pulls=False)) is NO
    assert state(Can.CONTENT, SIGNED, home(pulls=False)) is YES
    assert state(Can.FORK, SIGNED, home(forkable=False)) is NO
    assert state(Can.MERGE_QUEUE, SIGNED, home(trains=False)) is NO
    assert state(Can.MERGE_QUEUE, SIGNED, home(trains=None)) is UNKNOWN


@pytest.mark.parametrize(
    ("methods", "expected", "words"),
    [
        (frozenset({MergeMethod.MERGE, MergeMethod.SQUASH}), YES, "merge and squash"),
        (frozenset({MergeMethod.FAST_FORWARD}), YES, "fast forward"),
        (None, UNKNOWN, "not known yet"),
    ],
)
def test_the_methods_are_named(methods: frozenset[MergeMethod] | None, expected: AnswerState, words: str) -> None:
    """GL-43: they are the project's setting."""
    answer = judged(Can.CHOOSE_MERGE_METHOD, Facts(connected=SIGNED, home=home(methods=methods)))
    assert (answer.state, words in answer.reason) == (expected, True)


@pytest.mark.parametrize(
    ("one", "no", "yes"),
    [
        (own(state="merged"), {Can.MERGE, Can.CLOSE, Can.REOPEN, Can.APPROVE}, {Can.COMMENT, Can.EDIT}),
        (own(state="closed"), {Can.MERGE, Can.CLOSE}, {Can.REOPEN, Can.COMMENT}),
        (own(state="locked"), {Can.MERGE, Can.CLOSE}, {Can.COMMENT}),
        (own(state="opened"), {Can.REOPEN}, {Can.MERGE, Can.CLOSE, Can.DRAFTS}),
        (own(draft=True), {Can.MERGE}, {Can.DRAFTS, Can.AUTO_MERGE}),
    ],
)
def test_a_state_decides_what_can_be_done_next(one: Own, no: set[Can], yes: set[Can]) -> None:
    """GL-01: "locked" is one that is being merged."""
    known = capabilities(Facts(connected=SIGNED, home=MINE, own=one))
    assert {can for can in no | yes if known[can].state is NO} == no
    assert {can for can in yes if known[can].state is YES} == yes


def test_a_locked_conversation_may_be_closed_to_strangers() -> None:
    """Members go on talking; of who is a member the project may not tell."""
    locked = own(locked=True)
    assert state(Can.COMMENT, SIGNED, MINE, locked) is YES
    assert state(Can.COMMENT, SIGNED, home(level=0), locked) is UNKNOWN
    assert state(Can.COMMENT, SIGNED, home(level=0), own(locked=True, told={Can.COMMENT: False})) is NO


def test_the_whole_instance_knows_no_project() -> None:
    """Abilities of a project are unknown there, and say where to ask."""
    answer = judged(Can.COMMENT, Facts(connected=SIGNED))
    assert (answer.state, answer.remedy) == (UNKNOWN, "repository(path).probe()")
    assert state(Can.WHOAMI, SIGNED, None) is YES
    assert state(Can.SEARCH, connection(answered=False), None) is UNKNOWN


def test_a_budget_is_told_where_there_is_one() -> None:
    """gitlab.com limits everybody; an instance, where somebody has turned that on."""
    assert state(Can.RATE_BUDGET, connection(service=True), None) is YES
    assert state(Can.RATE_BUDGET, connection(limited=True), None) is YES
    assert state(Can.RATE_BUDGET, SIGNED, None) is UNKNOWN
