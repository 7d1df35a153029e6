"""GitHub Apps as themselves: the least token, for the repositories that were named, renewed before it dies."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.auth.bots import APP, OTHER, PRIVATE, PUBLIC, Hands

import pullbridge
from pullbridge import AppInstallation, Can, errors
from pullbridge.auth.scopes import REVIEW, plan
from pullbridge.testing import Forge


@pytest.fixture
def hands() -> Iterator[Hands]:
    made = Hands()
    with made.forge:
        yield made


def test_a_bot_reads_and_comments(hands: Hands) -> None:
    """It works as the app's bot, with one token for many calls."""
    with hands.connect(AppInstallation(APP, PRIVATE, hands.installed())) as repo:
        assert repo.pulls.get(1).title == "Fix"
        thread = repo.threads.start(1, "Hello from a bot")
        assert thread.comments[0].author is not None
        assert thread.comments[0].author.kind is pullbridge.PersonKind.BOT
        assert repo.pulls.panel(1).pull.number == 1
    assert hands.asked() == [201]


def test_only_what_was_named(hands: Hands) -> None:
    """The token is for the named repositories and permissions alone, and what it may not do is known before."""
    asked = plan("github", REVIEW, credential="github-app").scopes
    least = AppInstallation(APP, PRIVATE, hands.installed(), repositories=("app",), permissions=asked)
    with hands.connect(least) as repo:
        repo.threads.start(1, "Hello")
        assert repo.can[Can.COMMENT].state is not pullbridge.AnswerState.NO
        assert repo.can[Can.MERGE].state is pullbridge.AnswerState.NO
        with pytest.raises(errors.ScopeMissing):
            repo.pulls.merge(1, expect_head=repo.pulls.get(1).source.commit)
    for outside in ("octo/lib", "octo/secret"):
        with hands.connect(least, outside) as repo, pytest.raises(errors.NotThere):
            repo.branches.default()


def test_without_names_all_that_it_was_installed_for(hands: Hands) -> None:
    """Nothing named is the whole installation, and no more."""
    whole = AppInstallation(APP, PRIVATE, hands.installed())
    with hands.connect(whole, "octo/lib") as repo:
        assert repo.branches.default().name == "main"
    with hands.connect(whole, "octo/secret") as repo, pytest.raises(errors.NotThere):
        repo.branches.default()


def test_renewed_before_it_dies(hands: Hands) -> None:
    """A token revoked or over is replaced, and the call goes on."""
    with hands.connect(AppInstallation(APP, PRIVATE, hands.installed())) as repo:
        repo.pulls.get(1)
        hands.ahead = timedelta(minutes=61)
        assert repo.pulls.get(1).number == 1
    assert hands.asked()[0] == 201
    assert len(hands.asked()) > 1


@pytest.mark.parametrize("ahead", [timedelta(minutes=-30), timedelta(minutes=30)])
def test_a_clock_that_is_wrong(hands: Hands, ahead: timedelta) -> None:
    """A statement that is too old, or from the future, is made once more by the host's clock."""
    number = hands.installed()
    hands.ahead = ahead
    with hands.connect(AppInstallation(APP, PRIVATE, number)) as repo:
        assert repo.pulls.get(1).number == 1
    assert hands.asked() == [401, 201]


def test_properties_ask_nobody(hands: Hands) -> None:
    """What can be done is told without a token, by the kind of the credential."""
    with hands.connect(AppInstallation(APP, PRIVATE, hands.installed())) as repo:
        hands.forge.github.requests.clear()
        assert repo.can[Can.TASKS].state is pullbridge.AnswerState.NO
    assert hands.asked() == []


@pytest.mark.parametrize(
    ("key", "app", "error"),
    [
        (OTHER, APP, errors.SignInNeeded),
        (PRIVATE, "Iv23other", errors.NotThere),
        ("no key at all", APP, errors.SignInNeeded),
        ("-----BEGIN RSA PRIVATE KEY-----\nTk9LRVk=\n-----END RSA PRIVATE KEY-----", APP, errors.SignInNeeded),
    ],
)
def test_refused(hands: Hands, key: str, app: str, error: type[errors.BridgeError]) -> None:
    """A wrong key, a wrong app and no key are told apart from each other, and the key is in no text."""
    number = hands.installed()
    with hands.connect(AppInstallation(app, key, number)) as repo, pytest.raises(error) as refused:
        repo.pulls.get(1)
    assert all(line not in str(refused.value) for line in key.splitlines()[1:-1])


def test_an_installation_that_is_none(hands: Hands) -> None:
    """A number that nobody has says so."""
    hands.installed()
    with (
        hands.connect(AppInstallation(APP, PRIVATE, 7)) as repo,
        pytest.raises(errors.NotThere, match="installation 7"),
    ):
        repo.pulls.get(1)


@pytest.mark.parametrize(
    "wish", [{"repositories": ("secret",)}, {"permissions": ("administration:write",)}, {"permissions": ("x:admin",)}]
)
def test_more_than_was_installed(hands: Hands, wish: dict[str, tuple[str, ...]]) -> None:
    """What the installation has not is refused with the host's reason."""
    credentials = AppInstallation(APP, PRIVATE, hands.installed(), **wish)
    with hands.connect(credentials) as repo, pytest.raises(errors.Rejected) as refused:
        repo.pulls.get(1)
    assert "installation" in refused.value.problems[0]


def test_only_for_github(forge: Forge) -> None:
    """Another host gets nothing of it, and the error says whose apps these are."""
    project = forge.gitlab.repository("octo/app", {"a.py": "a\n"})
    credentials = AppInstallation(APP, PRIVATE, 1)
    repo = pullbridge.connect(project.url, credentials=credentials, settings=forge.gitlab.settings)
    with repo, pytest.raises(errors.SignInNeeded, match="GitHub"):
        repo.pulls.get(1)
    assert forge.gitlab.requests == []


@pytest.mark.parametrize("wrong", [{"repositories": ("octo/app",)}, {"permissions": ("pull_requests",)}])
def test_wrong_at_once(wrong: dict[str, tuple[str, ...]]) -> None:
    """What can be told to be wrong is refused when it is made."""
    with pytest.raises(ValueError, match="name"):
        AppInstallation(APP, PRIVATE, 1, **wrong)


def test_no_secret_shows() -> None:
    """The key is in no text of it, and it is not pickled."""
    credentials = AppInstallation(APP, PRIVATE, 1)
    assert "BEGIN" not in f"{credentials!r} {credentials}"
    with pytest.raises(TypeError, match="secret"):
        pickle.dumps(credentials)


def test_statements_are_short_lived() -> None:
    """GitHub takes ten minutes at most, and a clock of ours that is a little ahead must not matter."""
    import jwt

    from pullbridge.auth.installation import _Statement

    token = _Statement(APP, PRIVATE).headers()["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, PUBLIC, algorithms=["RS256"])
    assert claims["iss"] == APP
    assert claims["iat"] < time.time() - 30
    assert claims["exp"] - claims["iat"] <= 600
