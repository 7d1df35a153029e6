"""What can be done on a GitHub: known before a verb is tried, and with a reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import pullbridge
from pullbridge.capabilities import AnswerState, Can, Capabilities
from pullbridge.hosts.github.features import LIMITS
from pullbridge.testing import Forge

YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN
OPEN, SECRET, TEAM = "octo/open", "octo/secret", "octo/team"


@pytest.fixture(scope="module")
def world() -> Iterator[Forge]:
    """A public repository, a private one, and one where Ada may write and Bob may read."""
    with Forge() as forge:
        forge.github.repository(OPEN)
        forge.github.repository(SECRET, private=True)
        forge.github.repository(TEAM, members={"ada": "write", "bob": "read", "tom": "triage", "eve": "admin"})
        yield forge


def can(
    world: Forge,
    path: str = OPEN,
    user: str | None = "ada",
    *,
    scopes: tuple[str, ...] | None = ("repo",),
    permissions: dict[str, str] | None = None,
    probe: bool = True,
) -> Capabilities:
    """What is known, after a probe or before any request. Without scopes and permissions nobody is signed in."""
    github = world.github
    credentials: pullbridge.Credentials = pullbridge.Anonymous()
    if user is not None:
        credentials = pullbridge.Token(github.token(user, scopes=scopes, permissions=permissions))
    with pullbridge.connect(f"{github.url}/{path}", credentials=credentials, settings=github.settings) as repo:
        return repo.probe() if probe else repo.can


def test_nobody_may_read_and_not_write(world: Forge) -> None:
    """Known before any request; the remedy says what to do."""
    answers = can(world, user=None, probe=False)
    assert answers[Can.READ].state is not NO
    assert answers[Can.COMMENT].state is NO
    assert answers[Can.COMMENT].remedy
    assert answers[Can.COMMENT].needed == ()


@pytest.mark.parametrize("ability", [Can.DELETE_PULL, Can.COMMENT_OUTSIDE_HUNKS, Can.TASKS])
@pytest.mark.parametrize("user", [None, "ada"])
def test_what_github_has_not_is_no_for_everybody(world: Forge, user: str | None, ability: Can) -> None:
    """With a reason and a way round it, before any request."""
    answer = can(world, user=user, probe=False)[ability]
    assert answer.state is NO
    assert answer.reason
    assert answer.remedy


@pytest.mark.parametrize(
    ("path", "scopes", "state"),
    [
        (OPEN, ("repo",), YES),
        (OPEN, ("public_repo",), YES),
        (OPEN, ("read:user",), NO),
        (OPEN, (), NO),
        (SECRET, ("repo",), YES),
    ],
)
def test_scopes_decide_over_writes(world: Forge, path: str, scopes: tuple[str, ...], state: AnswerState) -> None:
    """Classic tokens tell what they were granted, and `repo` includes `public_repo`."""
    answers = can(world, path, scopes=scopes)
    assert answers[Can.COMMENT].state is state
    assert answers.granted == scopes


def test_a_missing_scope_is_named(world: Forge) -> None:
    """So that a verb raises `ScopeMissing` with it, and not `Unsupported`."""
    assert {"repo", "public_repo"} & {*can(world, scopes=("read:user",))[Can.COMMENT].needed}
    assert can(world)[Can.COMMENT].needed == ()


def test_before_anybody_asked_it_is_unknown(world: Forge) -> None:
    """What is not known is not refused, and `probe()` is named."""
    answer = can(world, probe=False)[Can.COMMENT]
    assert answer.state is UNKNOWN
    assert answer.reason


def test_a_fine_grained_token_does_not_tell(world: Forge) -> None:
    """Nobody knows what it was granted, so nothing is blocked for that reason."""
    answers = can(world, scopes=None, permissions={"pull_requests": "read", "metadata": "read"})
    assert answers.granted is None
    assert answers[Can.COMMENT].state is not NO


@pytest.mark.parametrize(("user", "role"), [("bob", "read"), ("tom", "triage")])
def test_a_role_decides_over_merging(world: Forge, user: str, role: str) -> None:
    """Everybody who reads may comment; only those who may push may merge, and the reason is the role."""
    answers = can(world, TEAM, user)
    assert answers[Can.MERGE].state is NO
    assert role in answers[Can.MERGE].reason
    assert answers[Can.MERGE].needed == ()
    assert Can.COMMENT in answers


@pytest.mark.parametrize("user", ["ada", "eve"])
def test_who_may_push_may_merge(world: Forge, user: str) -> None:
    """No role blocks them."""
    assert Can.MERGE in can(world, TEAM, user)


def test_every_no_and_every_unknown_has_a_reason(world: Forge) -> None:
    """A user interface shows it beside what it leaves out."""
    worlds = [
        can(world),
        can(world, probe=False),
        can(world, user=None),
        can(world, TEAM, "bob"),
        can(world, scopes=()),
    ]
    for answers in worlds:
        assert all(answer.reason for answer in answers.values() if answer.state is not YES)


def test_limits_are_githubs() -> None:
    """https://docs.github.com/en/rest/pulls and https://docs.github.com/en/rest/search"""
    assert (LIMITS.body, LIMITS.commits, LIMITS.files, LIMITS.search_results) == (65_536, 250, 3_000, 1_000)
