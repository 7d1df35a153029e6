"""Who may what: a refusal names the missing right, before the request where that is known, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from tests.hostile.scene import Scene, made

from pullbridge import (
    Anonymous,
    BridgeError,
    Can,
    CheckState,
    Forbidden,
    NotThere,
    Repository,
    ScopeMissing,
    SignInNeeded,
    Token,
    Unsupported,
    Verdict,
    connect,
)
from pullbridge.testing import Forge

TEXT = "What a person wrote."

WRITES: dict[str, Callable[[Scene, Repository], Any]] = {
    "create": lambda _, repo: repo.pulls.create("Other", "fix", "main", TEXT),
    "edit": lambda _, repo: repo.pulls.edit(1, body=TEXT),
    "comment": lambda scene, repo: repo.threads.start(1, TEXT, at=scene.at()),
    "word": lambda _, repo: repo.threads.start(1, TEXT),
    "review": lambda _, repo: repo.reviews.submit(1, Verdict.COMMENT, TEXT),
    "merge": lambda _, repo: repo.pulls.merge(1, message=TEXT),
}


@pytest.fixture
def private() -> Any:
    """A private repository that ada may write, bob may read, and nobody else may see."""
    with Forge() as forge, ExitStack() as stack:
        yield made(forge, stack, private=True, members={"ada": "write", "bob": "read"})


def test_a_hidden_repository_and_one_that_is_not_there_look_alike(private: Scene) -> None:
    """A repository that I may not see is `NotThere`, and the message says both possibilities."""
    hidden = private.connect("eve")
    absent = private.connect("eve", where=f"{private.host.url}/octo/nothing")
    for repo in (hidden, absent):
        with pytest.raises(NotThere) as caught:
            repo.pulls.get(1)
        assert "hides it" in str(caught.value)
        with pytest.raises(NotThere):
            repo.pulls.panel(1)


@pytest.mark.parametrize(
    "verb",
    [
        lambda repo: repo.pulls.get(404),
        lambda repo: repo.pulls.panel(404),
        lambda repo: repo.pulls.merge(404),
        lambda repo: repo.threads.list(404),
        lambda repo: repo.threads.start(404, TEXT),
        lambda repo: repo.reviews.submit(404, Verdict.APPROVE),
        lambda repo: repo.checks.list(404),
        lambda repo: repo.files.list(404).first(),
        lambda repo: repo.files.content("nothing.txt", at="main"),
        lambda repo: repo.branches.get("nothing"),
    ],
)
def test_a_number_that_is_not_there(still: Scene, verb: Callable[[Repository], Any]) -> None:
    """It is named in `NotThere.what`, by every verb."""
    with pytest.raises(NotThere) as caught:
        verb(still.connect())
    assert "404" in caught.value.what or "nothing" in caught.value.what or "nothing.txt" in caught.value.what


@pytest.mark.parametrize("how", [{"expired": True}, {"scopes": None}])
def test_a_refused_token_asks_for_sign_in(still: Scene, how: dict[str, Any]) -> None:
    """An expired or revoked token is `SignInNeeded`, with the host's status; it is in no message."""
    token = still.host.token("carol", **how)
    if "expired" not in how:
        still.host.revoke(token)
    repo = still.connect(token=token)
    for verb in (repo.pulls.get, repo.pulls.panel, repo.threads.list):
        with pytest.raises(SignInNeeded) as caught:
            verb(1)
        assert caught.value.status == 401
        assert token not in f"{caught.value!r}"


def test_nobody_is_told_to_sign_in_before_a_write(still: Scene) -> None:
    """Without a credential a write is refused at once, and the text is kept."""
    with connect(still.app.url, credentials=Anonymous(), settings=still.host.settings) as repo:
        for name, write in WRITES.items():
            with pytest.raises((SignInNeeded, Unsupported)) as caught:
                write(still, repo)
            assert _kept(caught.value), name
    assert still.writes() == []


@pytest.mark.parametrize("name", WRITES)
def test_a_classic_token_without_the_scope(private: Scene, name: str) -> None:
    """The missing scope is named; once the host has told the granted ones, before any request."""
    token = private.host.token("ada", scopes=("read:org",))
    repo = private.connect(token=token)
    with pytest.raises((ScopeMissing, NotThere)):
        WRITES[name](private, repo)
    private.requests.clear()
    with pytest.raises(ScopeMissing) as caught:
        WRITES[name](private, repo)
    assert "repo" in caught.value.needed
    assert caught.value.granted == ("read:org",)
    assert _kept(caught.value)
    assert private.requests == []


@pytest.mark.parametrize("name", ["edit", "comment", "word", "review", "merge"])
def test_a_fine_grained_token_without_the_permission(private: Scene, name: str) -> None:
    """Such a token does not tell what it has; the refusal names the permission, and nothing is written."""
    reads = {"pull_requests": "read", "contents": "read", "metadata": "read"}
    repo = private.connect(token=private.host.token("ada", permissions=reads))
    with pytest.raises(ScopeMissing) as caught:
        WRITES[name](private, repo)
    assert any("write" in needed for needed in caught.value.needed)
    assert _kept(caught.value)
    assert (private.inline(), private.general(), private.reviews()) == ([], [], [])


def test_resolving_wants_more_than_commenting(private: Scene) -> None:
    """A fine-grained token that may comment may not resolve: the two permissions that it takes are named."""
    rights = {"pull_requests": "write", "contents": "read", "metadata": "read"}
    repo = private.connect(token=private.host.token("ada", permissions=rights))
    thread = repo.threads.start(1, TEXT, at=private.at())
    with pytest.raises(ScopeMissing) as caught:
        repo.threads.resolve(1, thread)
    assert set(caught.value.needed) == {"contents:write", "pull_requests:write"}


def test_single_sign_on_keeps_the_address(still: Scene) -> None:
    """A token that the organisation wants authorized says where to do that."""
    url = "https://github.com/orgs/octo/sso?authorization_request=A1"
    repo = still.connect(token=still.host.token("sue", sso_url=url))
    with pytest.raises(ScopeMissing) as caught:
        repo.pulls.get(1)
    assert caught.value.sso_url == url
    assert url in str(caught.value)


def test_a_reader_may_not_merge_and_is_told_before(private: Scene) -> None:
    """Once my role is known, merging is a `NO` with that reason, and is refused without a request."""
    repo = private.connect("bob")
    panel = repo.pulls.panel(1)
    assert panel.can[Can.MERGE].state.value == "no"
    assert "read" in panel.can[Can.MERGE].reason
    private.requests.clear()
    with pytest.raises((Unsupported, Forbidden)) as caught:
        repo.pulls.merge(1)
    assert "role" in str(caught.value)
    assert private.requests == []


def test_a_reader_who_tries_is_refused_by_the_host(private: Scene) -> None:
    """Where nothing was known before, the host's refusal is `Forbidden` and not a missing scope."""
    with pytest.raises(BridgeError) as caught:
        private.connect("bob").pulls.merge(1)
    assert isinstance(caught.value, (Forbidden, Unsupported))
    with pytest.raises((Forbidden, ScopeMissing, NotThere)):
        private.connect("bob").checks.report(private.head, "ci", CheckState.SUCCESS)


def test_a_token_of_another_account_never_sees_the_first_ones_answers(private: Scene) -> None:
    """Two accounts on one machine: what one has cached is not shown to the other."""
    assert private.connect("ada").pulls.get(1).number == 1
    with pytest.raises(NotThere):
        private.connect("eve").pulls.get(1)


def test_a_credential_that_renews_itself_is_asked_once(still: Scene) -> None:
    """After a 401 the credentials are asked for a new token, and the call succeeds with it."""
    old = still.host.token("mia", expired=True)
    new = still.host.token("mia")
    asked: list[str] = []

    class Renewing:
        def current(self) -> Token:
            return Token(old)

        def refresh(self) -> Token:
            asked.append("refresh")
            return Token(new)

    with connect(still.app.url, credentials=Renewing(), settings=still.host.settings) as repo:
        assert repo.pulls.get(1).number == 1
        assert repo.pulls.panel(1).pull.number == 1
    assert asked == ["refresh"]


def _kept(error: BridgeError) -> bool:
    """Whether what a person wrote is in the error."""
    return TEXT in (error.text or "") or (error.receipt is not None and error.receipt.body == TEXT)
