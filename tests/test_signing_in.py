"""Signing in and out, as an editor, a script and a bot do it: against the forge's four hosts."""

from __future__ import annotations

import copy
import io
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.auth.signins import HOSTS, register

import pullbridge
from pullbridge import (
    BadAnswer,
    Can,
    Cancel,
    Cancelled,
    EgressRefused,
    HostDown,
    RateLimited,
    Rejected,
    Role,
    Settings,
    SignInFailed,
    SignInNeeded,
    StoreUnusable,
    auth,
)
from pullbridge.auth import browser, events
from pullbridge.auth.records import Grant, Key
from pullbridge.testing import Forge

BOTH = auth.AUTHOR | auth.MERGE


@pytest.fixture(autouse=True)
def _with_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop, whatever the tests run on; no test opens a browser of it."""
    monkeypatch.setattr(browser, "why_headless", lambda: None)
    monkeypatch.setattr(browser, "open_browser", lambda _: False)


def without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "why_headless", lambda: "there is no display, or no browser on it")


class Heard(list[events.Event]):
    """What happened; a person at another machine enters a code as soon as it is shown."""

    def __init__(self, forge_host: Any = None, user: str = "ann") -> None:
        super().__init__()
        self._host = forge_host
        self._user = user

    def __call__(self, event: events.Event) -> None:
        self.append(event)
        if self._host is not None and isinstance(event, events.EnterCode):
            self._host.oauth.approve_device(event.code, self._user)

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self]


@pytest.mark.parametrize("name", HOSTS)
def test_a_whole_life(forge: Forge, name: str) -> None:
    """Asked and agreed, used, kept and found again, renewed, given back: on each host, with its own words."""
    host, app = register(forge, name)
    repository = host.repository("octo/app", files={"a.txt": "a\n"})
    person, heard, store = host.oauth.consent("ann"), Heard(), auth.MemoryStore()
    signed = auth.sign_in(host.url, app, BOTH, "browser", store, heard, settings=host.settings, open_browser=person)
    assert heard.names() == ["Asking", "OpenBrowser", "SignedIn"]
    asking = heard[0]
    assert isinstance(asking, events.Asking)
    assert set(asking.scopes) == set(asking.reasons)
    assert (signed.account, signed.host, signed.missing) == ("ann", host.url, {})
    assert set(asking.scopes) <= set(signed.scopes or ()) | set(asking.scopes)
    with pullbridge.connect(repository.url, credentials=signed, settings=host.settings) as repo:
        assert repo.branches.default().name == "main"
    again = auth.resume(host.url, app, store, BOTH, settings=host.settings)
    assert again is not None
    assert (again.account, again.scopes, again.expires_at) == (signed.account, signed.scopes, signed.expires_at)
    out = auth.sign_out(again)
    assert out.revoked is (name != "bitbucket_cloud")
    assert (out.page is None) is out.revoked
    assert auth.resume(host.url, app, store, settings=host.settings) is None
    with pytest.raises(SignInNeeded):
        again.current()
    person.wait()
    assert [page.status for page in person.pages] == [200]


@pytest.mark.parametrize("name", ["gitlab", "bitbucket_cloud", "bitbucket_dc"])
def test_it_renews_itself(forge: Forge, name: str) -> None:
    """What is over is renewed once by the first who needs it, and kept; a revoked one ends in one sentence."""
    host, app = register(forge, name)
    store = auth.MemoryStore()
    signed = auth.sign_in(
        host.url, app, BOTH, "browser", store, settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    first = signed.current().value
    host.oauth.pass_time(3 * 3600)
    with pullbridge.open_host(host.url, credentials=signed, settings=host.settings) as opened:
        with ThreadPoolExecutor(4) as pool:
            assert {each.handle for each in pool.map(lambda _: opened.viewer(), range(4))} == {"ann"}
        assert host.oauth.count("refreshed") == 1
        kept = store.read(signed.key)
        assert kept is not None
        assert kept.access == signed.current().value != first
        for issued in tuple(host.oauth.ledger.issued):
            host.oauth.ledger.revoke(issued)
        before = len(host.requests)
        with pytest.raises(SignInNeeded):
            tuple(opened.inbox(Role.AUTHOR))
        assert len(host.requests) - before <= 4


def test_a_device(forge: Forge) -> None:
    """A code that is entered: no listener, no browser, and the host's and the application's names beside the code."""
    host, app = register(forge, "github")
    host.oauth.knobs.interval = 1
    heard, before = Heard(host), set(threading.enumerate())
    opened: list[str] = []

    def never(url: str) -> bool:
        opened.append(url)
        return True

    signed = auth.sign_in(
        host.url, app, auth.REVIEW, "device", on_event=heard, settings=host.settings, open_browser=never
    )
    shown = next(event for event in heard if isinstance(event, events.EnterCode))
    assert (shown.host, shown.app) == (host.url, "Editor")
    assert heard.names() == ["Asking", "EnterCode", "Waiting", "SignedIn"]
    assert (opened, signed.account, signed.renewable) == ([], "ann", False)
    assert not [each for each in set(threading.enumerate()) - before if each.name == "pullbridge-callback"]


def test_a_device_that_cannot_be_renewed(forge: Forge) -> None:
    """GitLab's devices get no refresh token: when it is over, the person signs in again, and nothing crashes."""
    host, app = register(forge, "gitlab")
    host.oauth.knobs.interval = 1
    signed = auth.sign_in(host.url, app, auth.READ, "device", on_event=Heard(host), settings=host.settings)
    assert signed.renewable is False
    host.oauth.pass_time(3 * 3600)
    with (
        pullbridge.open_host(host.url, credentials=signed, settings=host.settings) as opened,
        pytest.raises(SignInNeeded),
    ):
        opened.viewer()


def test_a_way_that_is_closed_leads_to_the_next(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a device grant (a GitLab before 17.3) the next way is taken, and why is said."""
    without_a_screen(monkeypatch)
    host, app = register(forge, "gitlab")
    host.oauth.knobs.device_grant = False
    person, heard = host.oauth.consent("ann"), Heard()
    auth.sign_in(host.url, app, auth.READ, on_event=heard, settings=host.settings, paste=person.answer)
    assert heard.names() == ["Asking", "Instead", "OpenBrowser", "SignedIn"]
    instead = heard[1]
    assert isinstance(instead, events.Instead)
    assert (instead.closed, instead.via) == ("device", "paste")
    assert instead.reason


def test_a_way_that_was_asked_for_is_the_only_one(forge: Forge) -> None:
    """Who names a way hears that it is closed, and no other one is begun."""
    host, app = register(forge, "github", device=False)
    heard = Heard()
    with pytest.raises(SignInFailed) as failed:
        auth.sign_in(host.url, app, auth.READ, "device", on_event=heard, settings=host.settings)
    assert failed.value.reason == "no-device-flow"
    assert heard.names() == ["Asking"]


@pytest.mark.parametrize(
    ("name", "events_"),
    [
        ("github", ["Asking", "EnterCode", "Waiting", "SignedIn"]),
        ("bitbucket_cloud", ["Asking", "OpenBrowser", "SignedIn"]),
    ],
)
def test_without_a_screen(forge: Forge, monkeypatch: pytest.MonkeyPatch, name: str, events_: list[str]) -> None:
    """On a machine without one, a code at once where there are codes, else a pasted address; no listener waits first."""
    without_a_screen(monkeypatch)
    host, app = register(forge, name)
    host.oauth.knobs.interval = 1
    heard = Heard(host)
    auth.sign_in(
        host.url, app, auth.READ, on_event=heard, settings=host.settings, paste=host.oauth.consent("ann").answer
    )
    assert heard.names() == events_


def test_an_editors_own_callback(forge: Forge) -> None:
    """An editor with an address of its own brings the one that its browser came back to."""
    host, app = register(forge, "gitlab", redirect_uris=("vscode://editor.pulls/signed-in",))
    person, opened = host.oauth.consent("ann"), list[str]()

    def show(url: str) -> bool:
        opened.append(url)
        return True

    signed = auth.sign_in(host.url, app, auth.READ, settings=host.settings, open_browser=show, receive=person.answer)
    assert signed.account == "ann"
    assert len(opened) == 1


def test_what_is_pasted_is_looked_at(forge: Forge) -> None:
    """A pasted address of anything else is no sign-in, and nothing is exchanged."""
    host, app = register(forge, "gitlab")
    with pytest.raises(SignInFailed) as failed:
        auth.sign_in(
            host.url,
            app,
            auth.READ,
            "paste",
            settings=host.settings,
            paste=lambda _: f"{app.redirect_uri}#access_token=E",
        )
    assert failed.value.reason == "refused"
    assert host.oauth.count("token") == 0


def test_a_person_who_says_no(forge: Forge) -> None:
    """A denial is a denial, in the host's browser page and here, and the token endpoint hears nothing."""
    host, app = register(forge, "github")
    person = host.oauth.consent("ann", denies=True)
    with pytest.raises(SignInFailed) as failed:
        auth.sign_in(host.url, app, auth.READ, "browser", settings=host.settings, open_browser=person)
    person.wait()
    assert failed.value.reason == "denied"
    assert failed.value.description
    assert "access_denied" in person.pages[-1].text
    assert host.oauth.count("token") == 0


def test_another_host_answers(forge: Forge) -> None:
    """A callback with another issuer ends it, and no code is sent anywhere."""
    host, app = register(forge, "gitlab")
    host.oauth.knobs.issuer = "wrong"
    with pytest.raises(SignInFailed) as failed:
        auth.sign_in(
            host.url, app, auth.READ, "browser", settings=host.settings, open_browser=host.oauth.consent("ann")
        )
    assert failed.value.reason == "mix-up"
    assert host.oauth.count("token") == 0


@pytest.mark.parametrize("name", HOSTS)
def test_the_right_issuer(forge: Forge, name: str) -> None:
    """A host that names itself in its callbacks is believed."""
    host, app = register(forge, name)
    host.oauth.knobs.issuer = "right"
    person = host.oauth.consent("ann")
    signed = auth.sign_in(host.url, app, auth.READ, "browser", settings=host.settings, open_browser=person)
    assert signed.account == "ann"


def test_an_issuer_that_is_promised_and_missing(forge: Forge) -> None:
    """Where the metadata promise an issuer, a callback without one is none."""
    host, app = register(forge, "gitlab")
    host.oauth.knobs.metadata = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(SignInFailed) as failed:
        auth.sign_in(
            host.url, app, auth.READ, "browser", settings=host.settings, open_browser=host.oauth.consent("ann")
        )
    assert failed.value.reason == "mix-up"
    assert host.oauth.count("token") == 0


def test_a_forged_callback_ends_nothing(forge: Forge) -> None:
    """A foreign page that guesses the port achieves nothing; the person who comes after it is signed in."""
    host, app = register(forge, "gitlab")
    person, heard = host.oauth.consent("ann"), Heard()

    def show(url: str) -> bool:
        there = person.answer(url)
        base = there.partition("?")[0]
        assert person.look(f"{base}?code=forged&state=forged").status == 400
        assert person.look(f"{base}?error=access_denied").status == 400
        assert host.oauth.count("token") == 0
        return person.look(there).status == 200

    signed = auth.sign_in(
        host.url, app, auth.READ, "browser", on_event=heard, settings=host.settings, open_browser=show
    )
    assert signed.account == "ann"
    assert [event.error for event in heard if isinstance(event, events.Ignored)] == [None, "access_denied"]


@pytest.mark.parametrize("via", ["browser", "device"])
def test_the_caller_cancels(forge: Forge, via: Any) -> None:
    """Whoever cancels does not wait, neither for a browser nor for a code, and no thread is left."""
    host, app = register(forge, "gitlab")
    cancel, before, began = Cancel(), set(threading.enumerate()), time.monotonic()
    threading.Timer(0.3, cancel.cancel).start()
    with pytest.raises(Cancelled):
        auth.sign_in(host.url, app, auth.READ, via, settings=host.settings, cancel=cancel)
    assert time.monotonic() - began < 20
    assert not [each for each in set(threading.enumerate()) - before if each.name == "pullbridge-callback"]


def test_nobody_comes_back(forge: Forge) -> None:
    """A browser that was closed is a timeout, after the time that the caller gave."""
    host, app = register(forge, "gitlab")
    heard = Heard()
    with pytest.raises(SignInFailed) as failed:
        auth.sign_in(host.url, app, auth.READ, "browser", on_event=heard, settings=host.settings, timeout=0.2)
    assert failed.value.reason == "timeout"
    shown = heard[-1]
    assert isinstance(shown, events.OpenBrowser)
    assert shown.opened is False
    assert shown.url.startswith(f"{host.url}/oauth/authorize?")


def test_two_at_once(forge: Forge) -> None:
    """Two people sign in at the same time, and each gets their own."""
    host, app = register(forge, "gitlab")

    def one(user: str) -> str:
        person = host.oauth.consent(user)
        return auth.sign_in(host.url, app, auth.READ, "browser", settings=host.settings, open_browser=person).account

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, ["ann", "bob"])) == ["ann", "bob"]


def test_several_accounts(forge: Forge) -> None:
    """A store keeps them apart, by account and by host; who means one of several names it."""
    store = auth.MemoryStore()
    host, app = register(forge, "gitlab")
    other, its = register(forge, "github")
    for user in ("ann", "bob"):
        auth.sign_in(
            host.url, app, auth.READ, "browser", store, settings=host.settings, open_browser=host.oauth.consent(user)
        )
    auth.sign_in(
        other.url, its, auth.READ, "browser", store, settings=other.settings, open_browser=other.oauth.consent("ann")
    )
    assert [key.account for key in store.keys(host.url)] == ["ann", "bob"]
    with pytest.raises(Rejected, match="ann, bob"):
        auth.resume(host.url, app, store, settings=host.settings)
    bob = auth.resume(host.url, app, store, account="bob", settings=host.settings)
    assert bob is not None
    assert bob.account == "bob"
    assert auth.resume(host.url, app, store, account="eve", settings=host.settings) is None
    assert auth.resume(host.url, replace_id(app), store, settings=host.settings) is None


def replace_id(app: auth.ClientApp) -> auth.ClientApp:
    return replace(app, client_id="another")


def test_less_than_was_asked(forge: Forge) -> None:
    """A person who leaves a scope out is signed in; what cannot be done is said, with the scopes that it lacks."""
    host, app = register(forge, "github")
    host.oauth.knobs.tells_scope = "always"
    person = host.oauth.consent("ann", only=())
    signed = auth.sign_in(host.url, app, auth.REVIEW, "browser", settings=host.settings, open_browser=person)
    assert signed.scopes == ()
    assert signed.missing[Can.COMMENT] == ("repo",)


def test_more_than_was_asked(forge: Forge) -> None:
    """Bitbucket's applications have what they were registered with: what is too much is said."""
    host, app = register(forge, "bitbucket_cloud", scopes=("pullrequest:write", "account", "repository:admin"))
    person, heard = host.oauth.consent("ann"), Heard()
    signed = auth.sign_in(
        host.url, app, auth.READ, "browser", on_event=heard, settings=host.settings, open_browser=person
    )
    assert {"pullrequest:write", "repository:admin"} <= set(signed.excess)
    told = heard[-1]
    assert isinstance(told, events.SignedIn)
    assert told.excess == signed.excess


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_scopes_that_are_not_told_are_read(forge: Forge, name: str) -> None:
    """Where the answer says nothing of scopes, the host is asked what the token has."""
    host, app = register(forge, name)
    host.oauth.knobs.tells_scope = "never"
    signed = auth.sign_in(
        host.url, app, BOTH, "browser", settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    assert signed.scopes == (("repo",) if name == "github" else ("api",))


def test_who_it_is_may_stay_unknown(forge: Forge) -> None:
    """A credential that may not ask who it is has a neutral name, and is not lost for that."""
    host, app = register(forge, "gitlab")
    host.behave(path="*/user", status=403, body=b'{"message": "403 Forbidden"}', times=None)
    signed = auth.sign_in(
        host.url, app, auth.READ, "browser", settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    assert signed.account.startswith("unnamed-")
    assert signed.current().value not in signed.account


def test_a_store_that_cannot_keep_is_said_before_anything(forge: Forge) -> None:
    """A store is tried before a browser is opened or a host asked."""

    class Locked(auth.MemoryStore):
        def probe(self) -> None:
            raise StoreUnusable("The keyring is locked.")

    host, app = register(forge, "gitlab")
    heard = Heard()
    with pytest.raises(StoreUnusable):
        auth.sign_in(host.url, app, auth.READ, "browser", Locked(), heard, settings=host.settings)
    assert (heard, host.oauth.log) == ([], [])


def test_what_cannot_be_kept_is_given_back(forge: Forge) -> None:
    """A store that fails after all leaves no token behind at the host."""

    class Full(auth.MemoryStore):
        def write(self, key: Key, grant: Grant) -> None:
            del key, grant
            raise StoreUnusable("The disk is full.")

    host, app = register(forge, "gitlab")
    with pytest.raises(StoreUnusable):
        auth.sign_in(
            host.url, app, auth.READ, "browser", Full(), settings=host.settings, open_browser=host.oauth.consent("ann")
        )
    assert host.oauth.count("revoked") == 1


def test_sign_out_forgets_even_what_stays(forge: Forge) -> None:
    """A host that fails does not keep anybody signed in here; where to see to it is said, and a second time is no harm."""
    host, app = register(forge, "gitlab")
    store = auth.MemoryStore()
    signed = auth.sign_in(
        host.url, app, auth.READ, "browser", store, settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    host.oauth.behave("revoke", status=503, times=None)
    out = auth.sign_out(signed)
    assert (out.revoked, out.page) == (False, f"{host.url}/-/user_settings/applications")
    assert out.reason
    assert store.keys() == ()
    assert auth.sign_out(signed).revoked is False


def test_plain_http_to_another_machine() -> None:
    """Nobody signs in over a connection that others can read."""
    with pytest.raises(EgressRefused):
        auth.sign_in("http://git.example", auth.ClientApp("id"), auth.READ, settings=Settings(kind="gitlab"))


def test_no_host() -> None:
    """What is no address of a host is refused as such."""
    with pytest.raises(Rejected):
        auth.sign_in("https://github.com/octo/app", auth.ClientApp("id"), auth.READ)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"status": 429, "body": b'{"message": "API rate limit exceeded"}'}, RateLimited),
        ({"status": 503, "body": b"busy"}, HostDown),
        ({"status": 200, "body": b"<html>Sign in to the wireless network</html>"}, BadAnswer),
        ({"cut": "before"}, HostDown),
    ],
)
def test_trouble_while_renewing_is_no_sign_out(
    forge: Forge, how: dict[str, Any], error: type[pullbridge.BridgeError], tmp_path: Path
) -> None:
    """What stands in the way of a renewal is said for what it is; what is kept stays, and is good when that is over."""
    host, app = register(forge, "gitlab")
    store = auth.FileStore(tmp_path / "kept")
    signed = auth.sign_in(
        host.url, app, auth.READ, "browser", store, settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    kept = store.read(signed.key)
    host.oauth.behave("token", times=None, **how)
    with pytest.raises(error) as failed:
        signed.refresh()
    assert not isinstance(failed.value, SignInNeeded)
    assert store.read(signed.key) == kept
    host.behave()
    fresh = signed.refresh()
    after = store.read(signed.key)
    assert kept is not None
    assert fresh is not None
    assert after is not None
    assert fresh.value == after.access != kept.access


def test_long_tokens(forge: Forge, tmp_path: Path) -> None:
    """Tokens of 2,600 characters sign in, sign a call, are kept, read again, renewed and hidden."""
    host, app = register(forge, "bitbucket_cloud")
    host.oauth.knobs.token_length = 2600
    store = auth.FileStore(tmp_path / "kept")
    signed = auth.sign_in(
        host.url, app, BOTH, "browser", store, settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    again = auth.resume(host.url, app, store, BOTH, settings=host.settings)
    assert again is not None
    before = signed.current().value
    host.oauth.pass_time(3 * 3600)
    with pullbridge.open_host(host.url, credentials=again, settings=host.settings) as opened:
        assert opened.viewer().handle == "ann"
    after = again.current().value
    assert min(len(before), len(after)) >= 2600
    assert before != after
    assert before[:20] not in repr(signed) + repr(store.read(signed.key))


def test_a_code_that_lives_ten_seconds(forge: Forge) -> None:
    """On Data Center nobody is asked or told anything between the callback and the exchange."""
    host, app = register(forge, "bitbucket_dc")
    said: list[tuple[str, int]] = []
    auth.sign_in(
        host.url,
        app,
        auth.READ,
        "browser",
        on_event=lambda event: said.append((type(event).__name__, host.oauth.count("token"))),
        settings=host.settings,
        open_browser=host.oauth.consent("ann"),
    )
    assert said == [("Asking", 0), ("OpenBrowser", 0), ("SignedIn", 1)]


def test_where_to_take_back_a_grant_by_hand(forge: Forge) -> None:
    """An Enterprise Server whose application has no secret: forgotten here, and the page for the person is named."""
    host, app = register(forge, "github")
    host.oauth.knobs.interval = 1
    public = replace(app, client_secret=None)
    signed = auth.sign_in(host.url, public, auth.READ, "device", on_event=Heard(host), settings=host.settings)
    out = auth.sign_out(signed)
    assert out.revoked is False
    assert out.page == f"{host.url}/settings/connections/applications/{app.client_id}"


def test_in_files(forge: Forge, tmp_path: Path) -> None:
    """Kept in files of the owner, a sign-in outlives the process."""
    host, app = register(forge, "gitlab")
    auth.sign_in(
        host.url,
        app,
        auth.READ,
        "browser",
        auth.FileStore(tmp_path / "kept"),
        settings=host.settings,
        open_browser=host.oauth.consent("ann"),
    )
    again = auth.resume(host.url, app, auth.FileStore(tmp_path / "kept"), auth.READ, settings=host.settings)
    assert again is not None
    with pullbridge.open_host(host.url, credentials=again, settings=host.settings) as opened:
        assert opened.viewer().handle == "ann"


def test_nothing_secret_is_shown(forge: Forge) -> None:
    """No repr, text, pickle or copy of what a sign-in makes has a token, a code or a state in it."""
    host, app = register(forge, "gitlab", secret=True)
    heard = Heard()
    signed = auth.sign_in(
        host.url,
        app,
        auth.READ,
        "browser",
        on_event=heard,
        settings=host.settings,
        open_browser=host.oauth.consent("ann"),
    )
    secrets = host.oauth.secrets() | {entry.sent.get("state", "?") for entry in host.oauth.seen("authorize")}
    shown = " ".join(
        [repr(signed), str(signed), f"{signed}", repr(heard), repr(app), repr(signed._means), repr(signed.key)]
    )
    assert not [secret for secret in secrets if secret in shown]
    assert copy.copy(signed) is signed
    assert copy.deepcopy(signed) is signed
    with pytest.raises(TypeError):
        pickle.dumps(signed)


def _steps(host: Any, app: auth.ClientApp) -> dict[str, Callable[[], object]]:
    settings, person = host.settings, host.oauth.consent("ann")
    return {
        "token": lambda: auth.sign_in(host.url, app, auth.READ, "browser", settings=settings, open_browser=person),
        "device": lambda: auth.sign_in(host.url, app, auth.READ, "device", on_event=Heard(host), settings=settings),
    }


@pytest.mark.parametrize("how", [{"status": 503}, {"status": 429}, {"status": 400, "body": b"{}"}, {"cut": "before"}])
@pytest.mark.parametrize("step", ["token", "device"])
def test_no_error_tells_a_secret(forge: Forge, step: str, how: dict[str, Any]) -> None:
    """Whatever fails: neither the error, nor its causes, nor the locals of the frames that it shows have a secret."""
    host, app = register(forge, "gitlab", secret=True)
    host.oauth.behave("token" if step == "token" else "device", times=None, **how)
    with pytest.raises(pullbridge.BridgeError) as failed:
        _steps(host, app)[step]()
    told = "".join(
        traceback.TracebackException.from_exception(failed.value, capture_locals=True).format(chain=True)
    ) + repr(failed.value.__dict__)
    sent = {
        value
        for entry in host.oauth.log
        for key, value in entry.sent.items()
        if key in {"state", "code", "code_verifier"}
    }
    secrets = host.oauth.secrets() | sent
    assert secrets
    assert not [secret for secret in secrets if secret in told]


def test_no_log_tells_a_secret(forge: Forge) -> None:
    """With every logger open, a sign-in, a renewal, a refusal and a sign-out write no secret anywhere."""
    host, app = register(forge, "gitlab", secret=True)
    told = io.StringIO()
    handler, root = logging.StreamHandler(told), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    traced: list[object] = []
    settings = replace(host.settings, trace=traced.append)
    try:
        signed = auth.sign_in(
            host.url, app, auth.READ, "browser", settings=settings, open_browser=host.oauth.consent("ann")
        )
        host.oauth.pass_time(3 * 3600)
        signed.refresh()
        auth.sign_out(signed)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    text = told.getvalue() + repr(traced)
    sent = {
        value
        for entry in host.oauth.log
        for key, value in entry.sent.items()
        if key in {"state", "code", "code_verifier"}
    }
    assert traced
    assert not [secret for secret in host.oauth.secrets() | sent if secret in text]


def test_what_is_loaded() -> None:
    """To import the library, its sign-in and to connect loads neither Authlib nor a keyring nor cryptography."""
    code = (
        "import pullbridge, pullbridge.auth, sys; pullbridge.connect('https://github.com/o/a').close();"
        "[getattr(pullbridge.auth, n) for n in ('sign_in', 'ClientApp', 'plan', 'SignIn', 'MemoryStore', 'KeyringStore')];"
        "print([n for n in ('authlib', 'keyring', 'cryptography', 'filelock') if n in sys.modules])"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "[]"


def test_public_names() -> None:
    """Every name of `pullbridge.auth` is there, and no other one is."""
    assert [name for name in auth.__all__ if getattr(auth, name, None) is None] == []
    assert set(dir(auth)) >= set(auth.__all__)
    with pytest.raises(AttributeError):
        auth.nothing  # noqa: B018
