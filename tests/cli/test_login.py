"""Signing in and out by the command line, against the forge."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.auth.signins import register
from tests.cli.conftest import ALL_NAMES, VARIABLES, Run, World, on_every_host

from pullbridge import SignInFailed
from pullbridge.auth import browser
from pullbridge.cli import kept
from pullbridge.testing.host import Host


@pytest.fixture(autouse=True)
def _signed_out(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No token in the environment; what is kept is kept in the test's folder. A desktop, whatever the tests run on."""
    del environment
    for variable in (*ALL_NAMES, *(token for _, token in VARIABLES.values())):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(browser, "why_headless", lambda: None)


def application(world: World, monkeypatch: pytest.MonkeyPatch, **options: Any) -> str:
    """An application at the host, named by the environment for that host alone; its id."""
    host: Host = world.host
    forge = type("Only", (), {host.kind.replace("-", "_"): host})()
    _, app = register(forge, host.kind.replace("-", "_"), **options)
    prefix = f"PULLBRIDGE_{host.kind.upper().replace('-', '_')}"
    monkeypatch.setenv(f"{prefix}_CLIENT_ID", app.client_id)
    monkeypatch.setenv(f"{prefix}_CLIENT_HOST", urlsplit(host.url).netloc)
    monkeypatch.setenv(f"{prefix}_REDIRECT_URI", app.redirect_uri or "")
    if app.client_secret:
        monkeypatch.setenv(f"{prefix}_CLIENT_SECRET", app.client_secret)
    return app.client_id


@on_every_host
def test_a_whole_life(world: World, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In, used by another command, its token for a program, and out; what is asked for is shown before it is asked."""
    application(world, monkeypatch)
    monkeypatch.setattr(browser, "open_browser", world.host.oauth.consent("ada"))
    host = world.host.url
    done = run("login", host, "--via", "browser", "--store", "file", "--profile", "review", "--profile", "merge")
    assert (done.code, done.out.strip()) == (0, f"Signed in to {urlsplit(host).netloc} as ada.")
    assert done.err.index("pullbridge will ask") < done.err.index("in your browser")
    assert "Asked for to" in done.err
    secrets = world.host.oauth.secrets()
    assert not [secret for secret in secrets if secret in done.out + done.err]
    listed = (tmp_path / "data" / "command-line.json").read_text("utf-8")
    assert not [secret for secret in secrets if secret in listed]

    assert run("show", world.url).code == 0
    assert "signed in as ada" in run("hosts", host).out
    assert run("token", host).out.strip() in secrets
    told = json.loads(run("token", host, "--json").out)
    assert (told["account"], told["token"] in secrets) == ("ada", True)
    out = run("logout", host)
    assert (out.code, out.out.strip()) == (0, f"Signed out ada from {urlsplit(host).netloc}.")
    assert ("Not revoked" in out.err) is (world.host.kind == "bitbucket-cloud")
    assert world.host.oauth.count("revoked") == (0 if world.host.kind == "bitbucket-cloud" else 1)
    assert run("token", host).code == 3
    assert json.loads((tmp_path / "data" / "command-line.json").read_text("utf-8")) == []


def test_by_a_code(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code is shown beside whom it is for, and nothing is opened."""
    application(world, monkeypatch)
    world.host.oauth.knobs.interval = 0
    manners = world.host.oauth
    before = manners._new_device

    def entered(*args: Any) -> Any:
        answer = before(*args)
        manners.approve_device(json.loads(answer.data)["user_code"], "ada")
        return answer

    monkeypatch.setattr(manners, "_new_device", entered)
    manners.knobs.interval = 1
    done = run("login", world.host.url, "--via", "device", "--store", "file")
    assert done.code == 0, done.err
    assert "Enter" in done.err
    assert world.host.url in done.err


def test_by_a_pasted_address(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that the browser ended at is read from standard input; a wrong one is said to be wrong."""
    application(world, monkeypatch)
    done = run("login", world.host.url, "--via", "paste", "--store", "file", stdin="http://127.0.0.1/callback?code=x\n")
    assert done.code == 3
    assert "does not belong to this sign-in" in done.err


@on_every_host
def test_with_a_token(world: World, run: Run) -> None:
    """A token of one's own is read from standard input, tried, kept, used, and forgotten; it is in no output."""
    value = world.host.token("ada")
    done = run("login", world.host.url, "--via", "token", "--store", "file", "--json", stdin=f"{value}\n")
    assert done.code == 0, done.err
    assert json.loads(done.out)["account"] == "ada"
    assert value not in done.out + done.err
    assert run("show", world.url).code == 0
    assert run("token").out == f"{value}\n"
    out = run("logout", "--json")
    assert out.code == 0
    assert json.loads(out.out)["revoked"] is False
    assert "until it is deleted" in out.err
    assert run("show", world.url).code != 0 or not world.host.requests[-1].headers.get("Authorization")


@pytest.mark.parametrize("kind", ["bitbucket-cloud"], indirect=True)
def test_a_token_that_does_not_tell_whose_it_is(world: World, run: Run) -> None:
    """One that may not read the account is kept and used all the same, under a name that tells nothing of it."""
    value = world.host.token("ada", ("pullrequest",))
    done = run("login", world.host.url, "--via", "token", "--store", "file", "--json", stdin=f"{value}\n")
    assert done.code == 0, done.err
    assert json.loads(done.out)["account"].startswith("unnamed-")
    assert value not in done.out + done.err
    assert run("show", world.url).code == 0


def test_a_token_that_is_none(world: World, run: Run) -> None:
    """What no host takes is not kept."""
    assert run("login", world.host.url, "--via", "token", "--store", "file", stdin="two words\n").code == 1
    assert run("login", world.host.url, "--via", "token", "--store", "file", stdin="ghp_unknown\n").code == 3
    assert kept.entries() == ()


def test_the_environment_comes_first(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of that very host counts before what was kept."""
    run("login", world.host.url, "--via", "token", "--store", "file", stdin=f"{world.host.token('grace')}\n")
    assert "signed in as grace" in run("hosts", world.host.url).out
    monkeypatch.setenv("GH_HOST", urlsplit(world.host.url).netloc)
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", world.host.token("ada"))
    assert "signed in as ada" in run("hosts", world.host.url).out


def test_without_an_application(world: World, run: Run) -> None:
    """Nobody else's application is used: what to register, and what to do instead, is said."""
    done = run("login", world.host.url, "--store", "file")
    assert done.code == 3
    assert "PULLBRIDGE_GITHUB_CLIENT_ID" in done.err
    assert "--via token" in done.err


def test_the_secret_of_another_application(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application that is named has the environment's secret only if that is its own."""
    mine = application(world, monkeypatch)
    host = urlsplit(world.host.url).netloc
    own, other = kept.app("github", host, mine, None), kept.app("github", host, "another", None)
    assert own is not None
    assert other is not None
    assert own.client_secret is not None
    assert other.client_secret is None
    elsewhere = kept.app("github", "github.com", mine, None)
    assert elsewhere is not None
    assert elsewhere.client_secret is None


def test_a_terminal_is_asked_first(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sees what is asked for and says no has asked the host for nothing."""
    application(world, monkeypatch)
    monkeypatch.setattr("pullbridge.cli.login._asked_first", lambda: True)
    done = run("login", world.host.url, "--via", "browser", "--store", "file", stdin="n\n")
    assert done.code == 1
    assert world.host.oauth.log == []
    assert kept.entries() == ()


def test_a_terminal_is_shown_no_token(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a token is printed only for who asks for that."""
    value = world.host.token("ada")
    run("login", world.host.url, "--via", "token", "--store", "file", stdin=f"{value}\n")
    monkeypatch.setattr("pullbridge.cli.token._on_a_terminal", lambda: True)
    refused = run("token")
    assert refused.code == 1
    assert value not in refused.out + refused.err
    assert run("token", "--show").out == f"{value}\n"


def test_several_accounts(world: World, run: Run) -> None:
    """Commands use the newest; who signs out names which."""
    for user in ("grace", "ada"):
        run("login", world.host.url, "--via", "token", "--store", "file", stdin=f"{world.host.token(user)}\n")
    assert "signed in as ada" in run("hosts", world.host.url).out
    assert run("logout", world.host.url).code == 1
    assert run("logout", world.host.url, "--account", "ada").code == 0
    assert "signed in as grace" in run("hosts", world.host.url).out


def test_another_server_below_the_same_origin(world: World, run: Run) -> None:
    """A sign-in counts below its server's own root, and nowhere beside it."""
    run("login", world.host.url, "--via", "token", "--store", "file", stdin=f"{world.host.token('ada')}\n")
    entry = kept.entries()[0]
    below = kept.Kept(
        web=f"{entry.web}/gitlab", kind="gitlab", account="eve", store="file", client_id=kept.TOKEN, abilities=()
    )
    kept.drop(entry)
    kept.add(below)
    assert kept.found(entry.web, "octo/app") is None
    assert kept.found(entry.web, "gitlabber/app") is None
    assert kept.found(entry.web, "gitlab/octo/app") == below


def test_a_sign_in_that_is_gone(world: World, run: Run, tmp_path: Path) -> None:
    """What its store has no more is said to be gone; to sign out of it is no failure."""
    run("login", world.host.url, "--via", "token", "--store", "file", stdin=f"{world.host.token('ada')}\n")
    for path in (tmp_path / "data" / "sign-ins").glob("*.json"):
        path.unlink()
    done = run("show", world.url)
    assert done.code == 3
    assert "not where it was kept" in done.err
    assert run("logout").code == 0


def test_a_list_that_is_damaged(world: World, run: Run, tmp_path: Path) -> None:
    """A list that cannot be read is said, with what to do."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "command-line.json").write_text("{", "utf-8")
    done = run("show", world.url)
    assert done.code == 1
    assert "command-line.json" in done.err.replace("\n", "").replace(" ", "")


def test_no_such_ability(world: World, run: Run) -> None:
    """An ability that does not exist is wrong use, and those that do are named."""
    done = run("login", world.host.url, "--also", "fly")
    assert done.code == 2
    assert "delete_branch" in done.err


def test_no_keyring(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a keyring nothing is written anywhere else, and the other store is named."""
    application(world, monkeypatch)
    monkeypatch.setitem(sys.modules, "keyring", None)
    done = run("login", world.host.url, "--via", "browser")
    assert done.code != 0
    assert world.host.oauth.log == []
    assert kept.entries() == ()


def test_failures_are_of_the_library() -> None:
    """A sign-in that fails ends with the code for signing in."""
    from pullbridge.cli.exits import exit_code

    assert exit_code(SignInFailed("no", reason="denied")) == 3
