"""Credentials that know what they were granted: what needs more is refused before anything is sent, on every host."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

import pullbridge
from pullbridge import AnswerState, Can, ScopeMissing, Token
from pullbridge.auth.scopes import MERGE, plan
from pullbridge.testing import Forge

KINDS = ["github", "gitlab", "bitbucket-cloud", "bitbucket-dc"]
LITTLE = {
    "github": ("read:user",),
    "gitlab": ("read_api",),
    "bitbucket-cloud": ("pullrequest",),
    "bitbucket-dc": ("REPO_READ",),
}
NEEDED = {
    "github": ("repo", "public_repo"),
    "gitlab": ("api",),
    "bitbucket-cloud": ("pullrequest:write",),
    "bitbucket-dc": ("REPO_WRITE",),
}


@dataclass
class Granted:
    """As a sign-in has them: a token, and the scopes that came with it."""

    token: Token
    scopes: Any

    def current(self) -> Token:
        return self.token

    def refresh(self) -> None:
        return None


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_granted_counts_before_the_first_request(kind: str) -> None:
    """The answer is a no that names what is missing, the verb raises it with what there is, and the host hears nothing."""
    with Forge() as forge:
        host = getattr(forge, kind.replace("-", "_"))
        app = host.repository("octo/app", files={"a": "1\n"})
        credentials = Granted(Token(host.token("ada")), LITTLE[kind])
        before = len(host.requests)
        with pullbridge.connect(app.url, settings=host.settings, credentials=credentials) as repo:
            answer = repo.can[Can.MERGE]
            with pytest.raises(ScopeMissing) as caught:
                repo.pulls.merge(1)
        assert len(host.requests) == before
    assert (answer.state, answer.needed) == (AnswerState.NO, NEEDED[kind])
    assert (caught.value.needed, caught.value.granted) == (NEEDED[kind], LITTLE[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_planned_is_let_through(kind: str) -> None:
    """With the scopes of the plan, nothing that the host has is refused for want of one."""
    with Forge() as forge:
        host = getattr(forge, kind.replace("-", "_"))
        app = host.repository("octo/app", files={"a": "1\n"}, private=True)
        scopes = plan(kind, MERGE).scopes
        credentials = Granted(Token(host.token("ada", scopes=scopes)), scopes)
        with pullbridge.connect(app.url, settings=host.settings, credentials=credentials) as repo:
            assert not [can for can in MERGE if repo.can[can].needed]
            assert not [can for can in MERGE if repo.probe()[can].needed]
            assert list(repo.pulls.list()) == []


@pytest.mark.parametrize("told", [None, ["repo"], "repo"])
def test_what_credentials_do_not_tell_rightly_is_not_known(told: Any) -> None:
    """An IDE's own credentials may have something else by that name."""
    with Forge() as forge:
        app = forge.github.repository("octo/app", files={"a": "1\n"})
        credentials = Granted(Token(forge.github.token("ada")), told)
        with pullbridge.connect(app.url, settings=forge.github.settings, credentials=credentials) as repo:
            assert repo.can.granted is None
            assert repo.can[Can.MERGE].state is AnswerState.UNKNOWN


def test_the_hosts_own_word_outweighs_the_credentials() -> None:
    """A person may have taken a scope away after the grant: GitHub says so in every answer."""
    with Forge() as forge:
        app = forge.github.repository("octo/app", files={"a": "1\n"})
        credentials = Granted(Token(forge.github.token("ada", scopes=("read:user",))), ("repo",))
        with pullbridge.connect(app.url, settings=forge.github.settings, credentials=credentials) as repo:
            assert repo.can.granted == ("repo",)
            repo.probe()
            assert repo.can.granted == ("read:user",)
            assert repo.can[Can.COMMENT].needed == ("public_repo",)


def test_each_host_hears_its_own_credential_however_calls_interleave() -> None:
    """Two hosts in one process, sixteen threads: either host would refuse the other's token."""
    with Forge() as forge:
        places = []
        for host in (forge.github, forge.gitlab):
            app = host.repository("octo/app", files={"a": "1\n"}, private=True)
            credentials = Token(host.token("ada"))
            places.append(pullbridge.connect(app.url, settings=host.settings, credentials=credentials))
        with places[0], places[1], ThreadPoolExecutor(16) as pool:
            found = list(pool.map(lambda turn: list(places[turn % 2].pulls.list()), range(64)))
    assert found == [[]] * 64
