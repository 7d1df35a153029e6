"""Credentials that lie around: each for its own host, and for no other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pullbridge
from pullbridge import registry
from pullbridge.auth.ambient import Ambient, BoundAmbient
from pullbridge.errors import SignInNeeded
from pullbridge.hosts.github import PROVIDER
from pullbridge.model.credentials import Token
from pullbridge.ports import Credentials
from pullbridge.testing import Forge

COM = {"GH_TOKEN": "com-1", "GITHUB_TOKEN": "com-2"}
OWN = {"GH_ENTERPRISE_TOKEN": "own-1", "GITHUB_ENTERPRISE_TOKEN": "own-2"}
ALL = {**COM, **OWN, "GITLAB_TOKEN": "lab", "BITBUCKET_TOKEN": "bucket"}


def bound(host: str, environment: Mapping[str, str], *, env: bool = True) -> BoundAmbient:
    return Ambient(env=env).bound(host, PROVIDER.ambient, environment)


@pytest.mark.parametrize("host", ["github.com", "acme.ghe.com"])
def test_githubs_own_hosts_take_its_variables(host: str) -> None:
    """As `gh` does, `GH_TOKEN` before `GITHUB_TOKEN`; the source is told, the value is not."""
    found = bound(host, ALL)
    assert (found.current(), found.source) == (Token("com-1"), "GH_TOKEN")
    assert bound(host, {"GITHUB_TOKEN": "com-2"}).source == "GITHUB_TOKEN"
    assert "com-1" not in repr(found)


def test_a_server_takes_its_variable_only_when_it_is_named() -> None:
    """`GH_HOST` says whose token it is; without it, a token for some server is sent to none."""
    assert bound("code.example", ALL).current() is None
    assert bound("code.example", {**ALL, "GH_HOST": "other.example"}).current() is None
    found = bound("code.example", {**ALL, "GH_HOST": " Code.Example "})
    assert (found.current(), found.source) == (Token("own-1"), "GH_ENTERPRISE_TOKEN")


@given(
    st.sampled_from(
        ["code.example", "github.com.evil.example", "evilgithub.com", "ghe.com.evil.example", "gitlab.com"]
    ),
    st.dictionaries(st.sampled_from([*ALL, "GH_HOST"]), st.sampled_from(["t", "github.com", "code.example", ""])),
)
def test_no_variable_of_another_host_is_used(host: str, environment: dict[str, str]) -> None:
    """Whatever is set: a token of github.com goes to github.com, and a server's goes to the named server."""
    found = bound(host, environment)
    assert found.source not in COM
    if environment.get("GH_HOST") != host:
        assert found.current() is None


def test_nothing_set_is_anonymous() -> None:
    """Empty is not set."""
    assert bound("github.com", {}).current() is None
    assert bound("github.com", {"GH_TOKEN": "  "}).current() is None


def test_the_environment_may_be_left_alone() -> None:
    """Who says no to it gets none of it."""
    assert bound("github.com", ALL, env=False).current() is None


def test_what_no_token_can_be_is_told() -> None:
    """The variable is named, its value is not; the next one is not tried in its place."""
    with pytest.raises(SignInNeeded, match="GH_TOKEN") as caught:
        bound("github.com", {"GH_TOKEN": "oh no", "GITHUB_TOKEN": "good"})
    assert "oh no" not in repr(caught.value)


def test_unbound_it_knows_no_host() -> None:
    """Until a host is named, there is nothing to give."""
    unbound: Credentials = Ambient()
    assert unbound.current() is None
    assert unbound.refresh() is None


def test_a_connection_takes_what_is_there_when_it_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """End to end: the server that `GH_HOST` names gets its token, and never github.com's."""
    with Forge() as forge:
        github = forge.github
        app = github.repository("octo/app", files={"a": "1\n"}, private=True)
        host = github.url.partition("://")[2]
        for name in (*ALL, "GH_HOST"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("GH_TOKEN", "com-1")
        with pullbridge.connect(app.url, settings=github.settings) as repo, pytest.raises(pullbridge.NotThere):
            list(repo.pulls.list())
        assert "com-1" not in str([exchange.headers for exchange in github.requests])
        monkeypatch.setenv("GH_HOST", host)
        monkeypatch.setenv("GH_ENTERPRISE_TOKEN", github.token("ada"))
        with pullbridge.connect(app.url, settings=github.settings) as repo:
            assert list(repo.pulls.list()) == []


@pytest.mark.parametrize("named", ["https://code.example/bitbucket", "https://[no address"])
def test_a_server_that_is_named_keeps_its_token_from_the_cloud(named: str) -> None:
    """`BITBUCKET_URL` says whose `BITBUCKET_TOKEN` is: bitbucket.org is not sent another host's, and Data Center gets its own."""
    read: list[str | None] = []
    for host in ("bitbucket.org", "code.example"):
        environment = {"BITBUCKET_URL": named, "BITBUCKET_TOKEN": "own-1"}
        kind = "bitbucket-cloud" if host == "bitbucket.org" else "bitbucket-dc"
        read.append(Ambient().bound(host, registry.provider(kind).ambient, environment).source)
    assert read == [None, "BITBUCKET_TOKEN" if "code" in named else None]
