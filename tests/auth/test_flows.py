"""Codes, devices, renewals and revocations, against the endpoints of the forge's hosts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oauth2 import OAuth2Client
from tests.auth.signins import HOSTS, begin, come_back, oauth, register

from pullbridge import BadAnswer, EgressRefused, HostDown, Offline, RateLimited, Settings, SignInFailed, auth
from pullbridge.auth.answers import Told
from pullbridge.auth.callback import Code, pasted
from pullbridge.auth.flows import Client
from pullbridge.auth.records import Grant
from pullbridge.model.oauth import Revocation
from pullbridge.testing import Forge

SCOPES = {"github": "repo", "gitlab": "api", "bitbucket_cloud": "pullrequest:write", "bitbucket_dc": "REPO_WRITE"}
#: Bitbucket Cloud's applications have what they were registered with, whatever is asked for.
REGISTERED = {"bitbucket_cloud": ("pullrequest:write", "account", "repository:write")}
GRANT = Grant(access="old", refresh="r", expires_at=5.0)


def granted(forge: Forge, name: str, **options: object) -> tuple[Client, Grant]:
    """A client that somebody has signed in with. It is the test's to close."""
    host, app = register(forge, name, **options)
    client = Client(oauth(host), app, host.settings)
    pending = begin(client, app, (SCOPES[name],))
    return client, client.finish(pending, come_back(host, pending))


@pytest.mark.parametrize("name", HOSTS)
def test_a_code_becomes_a_grant(forge: Forge, name: str) -> None:
    """With PKCE by S256, a verifier of 43 to 128 characters, the scopes said, and JSON asked for."""
    host = getattr(forge, name)
    client, grant = granted(forge, name)
    with client:
        asked, exchanged = host.oauth.seen("authorize")[-1].sent, host.oauth.seen("token")[-1].sent
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == SCOPES[name]
    assert 43 <= len(exchanged["code_verifier"]) <= 128
    assert "scope" not in exchanged
    assert grant.scopes == REGISTERED.get(name, (SCOPES[name],))
    assert host.store.people.authenticate(grant.access) is not None


@pytest.mark.parametrize("name", HOSTS)
def test_how_an_application_proves_itself(forge: Forge, name: str) -> None:
    """Bitbucket Cloud's in a Basic header alone, the others' in the body, and a public one not at all."""
    host = getattr(forge, name)
    granted(forge, name, secret=True)[0].close()
    with_secret = host.oauth.seen("token")[-1]
    secret = host.oauth.ledger.clients[with_secret.client_id].secret
    if name == "bitbucket_cloud":
        assert with_secret.authorization.startswith("Basic ")
        assert "client_secret" not in with_secret.sent
    else:
        assert with_secret.authorization is None
        assert with_secret.sent["client_secret"] == secret


@pytest.mark.parametrize("name", ["gitlab", "bitbucket_dc"])
def test_a_public_application(forge: Forge, name: str) -> None:
    """It says its id and nothing else about itself."""
    host, app = register(forge, name)
    app = replace(app, client_secret=None)
    with Client(oauth(host), app, host.settings) as client:
        pending = begin(client, app, (SCOPES[name],))
        client.finish(pending, come_back(host, pending))
    asked = host.oauth.seen("token")[-1]
    assert asked.authorization is None
    assert asked.sent["client_id"] == app.client_id
    assert "client_secret" not in asked.sent


def test_no_address_without_a_proof(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a challenge is made by nobody, whatever Authlib does with what it is given."""
    host, app = register(forge, "gitlab")
    monkeypatch.setattr(OAuth2Client, "create_authorization_url", lambda *_, **__: ("https://x/?state=s", "s"))
    with Client(oauth(host), app, host.settings) as client, pytest.raises(RuntimeError, match="PKCE"):
        begin(client, app)


def test_a_misspelled_option(forge: Forge) -> None:
    """Options have names that are checked; Authlib takes any for metadata."""
    host, app = register(forge, "gitlab")
    with pytest.raises(TypeError):
        Client(oauth(host), app, host.settings, code_chalenge_method="S256")  # type: ignore[call-arg]


def test_one_hook_of_each_kind(forge: Forge) -> None:
    """Authlib runs hooks in no order, so that there is one."""
    host, app = register(forge, "gitlab")
    with Client(oauth(host), app, host.settings) as client:
        made = client._authlib()
    counts = {name: len(hooks) for name, hooks in made.compliance_hook.items() if hooks}
    assert counts == {"access_token_response": 1, "refresh_token_response": 1}
    assert (made.scope, made.code_challenge_method) == (None, "S256")


def test_a_refused_callback_sends_nothing(forge: Forge) -> None:
    """After a denial nothing goes to the token endpoint, then or later; Authlib alone would ask for another grant."""
    host, app = register(forge, "gitlab")
    with Client(oauth(host), app, host.settings) as client:
        pending = begin(client, app, ("api",))
        denied = host.oauth.consent("ann", denies=True).answer(pending.url)
        with pytest.raises(SignInFailed) as failed:
            client.finish(pending, pasted(denied, pending.redirect_uri, pending.expected))
        assert failed.value.reason == "denied"
        assert host.oauth.count("token") == 0
        again = begin(client, app, ("api",))
        grant = client.finish(again, come_back(host, again))
        client.renew(grant)
    assert [entry.grant for entry in host.oauth.seen("token")] == ["authorization_code", "refresh_token"]


@pytest.mark.parametrize("name", HOSTS)
def test_a_code_is_good_once(forge: Forge, name: str) -> None:
    """A code that was used, and a verifier that is another's, are refused, and the first grant stays good."""
    host, app = register(forge, name)
    with Client(oauth(host), app, host.settings) as client:
        pending = begin(client, app, (SCOPES[name],))
        code = come_back(host, pending)
        grant = client.finish(pending, code)
        with pytest.raises(SignInFailed) as failed:
            client.finish(pending, code)
        assert failed.value.reason == "refused"
        other = begin(client, app, (SCOPES[name],))
        found = come_back(host, other)
        with pytest.raises(SignInFailed):
            client.finish(replace(other, verifier="x" * 64), found)
    assert host.store.people.authenticate(grant.access) is not None


@pytest.mark.parametrize("what", ["exchange", "renew", "poll", "device"])
def test_no_redirect_is_followed(forge: Forge, what: str) -> None:
    """A 307 would send code, verifier and secret to another host: nothing goes there, and it is a bad answer."""
    host, app = register(forge, "github")
    elsewhere = forge.gitlab
    before = len(elsewhere.requests)
    with Client(oauth(host), app, host.settings) as client:
        device = client.device(("repo",))
        host.oauth.behave("device" if what == "device" else "token", redirect=f"{elsewhere.url}/oauth/token")
        pending = begin(client, app)
        calls: dict[str, Callable[[], object]] = {
            "exchange": lambda: client.exchange(pending, Code("c")),
            "renew": lambda: client.renew(GRANT),
            "poll": lambda: client.poll(device),
            "device": lambda: client.device(("repo",)),
        }
        with pytest.raises(BadAnswer):
            calls[what]()
    assert len(elsewhere.requests) == before


def test_a_redirect_of_the_revocation_is_not_followed(forge: Forge) -> None:
    """Nor does a token that is given back go anywhere else; it says that it was not taken."""
    client, grant = granted(forge, "gitlab")
    before = len(forge.github.requests)
    forge.gitlab.oauth.behave("revoke", redirect=f"{forge.github.url}/oauth/revoke")
    with client:
        assert "307" in (client.revoke(grant) or "")
    assert len(forge.github.requests) == before


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"status": 429, "body": b'{"message": "API rate limit exceeded"}'}, RateLimited),
        ({"status": 503, "body": b"busy"}, HostDown),
        ({"status": 502, "body": b"<html>"}, HostDown),
        ({"status": 400, "body": b'{"message": "no"}'}, BadAnswer),
        ({"status": 200, "body": b"{}"}, BadAnswer),
        ({"status": 200, "body": b'{"access_token": ""}'}, BadAnswer),
        ({"status": 200, "body": b"access_token=a&token_type=bearer"}, BadAnswer),
        ({"status": 200, "body": b"<html>Sign in</html>"}, BadAnswer),
        ({"status": 200, "body": b'{"access_token": "a", "token_type": "mac"}'}, BadAnswer),
        ({"status": 403, "body": b"<html>proxy</html>"}, BadAnswer),
    ],
)
@pytest.mark.parametrize("what", ["exchange", "renew"])
def test_what_is_no_token(forge: Forge, how: dict[str, object], error: type[Exception], what: str) -> None:
    """Nothing but a whole token counts as one, and what may pass is not taken for a sign-out."""
    host, app = register(forge, "gitlab")
    host.oauth.behave("token", times=None, **how)
    with Client(oauth(host), app, host.settings) as client:
        pending = begin(client, app)
        with pytest.raises(error) as failed:
            client.exchange(pending, Code("c")) if what == "exchange" else client.renew(GRANT)
    assert type(failed.value) is error


def test_a_host_that_says_nothing(forge: Forge) -> None:
    """An endpoint that never answers ends with the caller's timeout."""
    host, app = register(forge, "gitlab")
    host.oauth.behave("token", latency=30)
    began = time.monotonic()
    with Client(oauth(host), app, replace(host.settings, timeout=0.3)) as client, pytest.raises((HostDown, Offline)):
        client.renew(GRANT)
    assert time.monotonic() - began < 20


def test_metadata_that_do_not_list_the_refresh(forge: Forge) -> None:
    """What the metadata leave out is tried all the same."""
    client, grant = granted(forge, "gitlab")
    forge.gitlab.oauth.knobs.metadata = {"grant_types_supported": ["authorization_code"]}
    with client:
        fresh = client.renew(grant)
    assert fresh is not None
    assert fresh.access != grant.access


@pytest.mark.parametrize(
    ("metadata", "required"),
    [
        ({"authorization_response_iss_parameter_supported": True}, True),
        ({"authorization_response_iss_parameter_supported": "yes"}, False),
        ({}, False),
    ],
)
def test_whether_callbacks_name_the_host(forge: Forge, metadata: dict[str, object], required: bool) -> None:
    """The host's metadata say whether a callback without `iss` is one of its own."""
    host, app = register(forge, "gitlab")
    host.oauth.knobs.metadata = metadata
    with Client(oauth(host), app, host.settings) as client:
        assert client.issuer_required() is required


def test_metadata_of_another_host_end_it(forge: Forge) -> None:
    """Metadata that name another issuer are another host's: nobody is sent anywhere."""
    host, app = register(forge, "gitlab")
    host.oauth.knobs.metadata = {"issuer": "https://evil.example"}
    with Client(oauth(host), app, host.settings) as client, pytest.raises(BadAnswer):
        client.issuer_required()


def test_no_metadata(forge: Forge) -> None:
    """A host without any signs people in all the same."""
    host, app = register(forge, "gitlab")
    host.behave(path="/.well-known/openid-configuration", status=404, body=b"")
    with Client(oauth(host), app, host.settings) as client:
        assert client.issuer_required() is False


@pytest.mark.parametrize("what", ["renew", "device", "revoke"])
def test_netrc_is_read_by_nobody(forge: Forge, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.netrc` for the host adds nothing to what a sign-in sends."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password netrc-secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    client, grant = granted(forge, "gitlab")
    with client:
        calls: dict[str, Callable[[], object]] = {
            "renew": lambda: client.renew(grant),
            "revoke": lambda: client.revoke(grant),
            "device": lambda: client.device(("api",)),
        }
        calls[what]()
    asked = forge.gitlab.oauth.seen("token") + forge.gitlab.oauth.seen("device") + forge.gitlab.oauth.seen("revoke")
    assert len(asked) > 1
    assert {entry.authorization for entry in asked} == {None}


@pytest.mark.parametrize("name", HOSTS)
def test_a_renewal_asks_for_no_scopes(forge: Forge, name: str) -> None:
    """A refresh says nothing about scopes, so that what was granted stays; the application proves itself as before."""
    options = {"kind": "github-app", "redirect_uris": ("http://127.0.0.1:8123/cb",)} if name == "github" else {}
    client, grant = granted(forge, name, **options)
    host = getattr(forge, name)
    with client:
        fresh = client.renew(grant)
    asked = host.oauth.seen("token")[-1]
    assert fresh is not None
    assert (fresh.access != grant.access, fresh.scopes) == (True, grant.scopes)
    assert "scope" not in asked.sent
    assert (asked.authorization or "").startswith("Basic ") is (name == "bitbucket_cloud")
    assert ("redirect_uri" in asked.sent) is (name == "gitlab")


def test_what_cannot_be_renewed(forge: Forge) -> None:
    """A grant without a refresh token asks for nothing."""
    host, app = register(forge, "gitlab")
    with Client(oauth(host), app, host.settings) as client:
        assert client.renew(Grant(access="a")) is None
    assert host.oauth.count("token") == 0


def test_a_renewal_keeps_what_is_not_repeated(forge: Forge) -> None:
    """No refresh token and no scope in the answer: both stay as they were."""
    client, grant = granted(forge, "gitlab")
    knobs = forge.gitlab.oauth.knobs
    knobs.refreshing, knobs.tells_scope = "silent", "never"
    with client:
        fresh = client.renew(grant)
    assert fresh is not None
    assert (fresh.refresh, fresh.scopes) == (grant.refresh, ("api",))


def test_long_tokens(forge: Forge) -> None:
    """Tokens of 2,600 characters come, renew and go whole."""
    forge.bitbucket_cloud.oauth.knobs.token_length = 2600
    client, grant = granted(forge, "bitbucket_cloud")
    with client:
        fresh = client.renew(grant)
    assert fresh is not None
    assert fresh.refresh is not None
    assert min(len(grant.access), len(fresh.access), len(fresh.refresh)) >= 2600


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_a_device_waits(forge: Forge, name: str, status: int) -> None:
    """Pending is no error, with either status; then comes the grant. Who asks too soon is told so."""
    host, app = register(forge, name)
    host.oauth.knobs.pending_status = status
    with Client(oauth(host), app, host.settings) as client:
        device = client.device((SCOPES[name],))
        pending, hasty = client.poll(device), client.poll(device)
        assert isinstance(pending, Told)
        assert isinstance(hasty, Told)
        assert (pending.error, hasty.error) == ("authorization_pending", "slow_down")
        assert hasty.interval == (10.0 if name == "github" else None)
        host.oauth.approve_device(device.user_code, "ann")
        host.oauth.pass_time(60)
        grant = client.poll(device)
    assert isinstance(grant, Grant)
    assert (grant.refresh, grant.scopes) == (None, (SCOPES[name],))


@pytest.mark.parametrize("word", ["expired_token", "token_expired"])
def test_a_code_that_is_over(forge: Forge, word: str) -> None:
    """Both names that GitHub's documentation has for it mean the same."""
    host, app = register(forge, "github")
    host.oauth.knobs.expired_error = word
    with Client(oauth(host), app, host.settings) as client:
        device = client.device(("repo",))
        host.oauth.pass_time(1000)
        with pytest.raises(SignInFailed) as failed:
            client.poll(device)
    assert failed.value.reason == "expired"


def test_a_device_that_is_denied(forge: Forge) -> None:
    """A person who says no ends it."""
    host, app = register(forge, "github")
    with Client(oauth(host), app, host.settings) as client:
        device = client.device(("repo",))
        host.oauth.deny_device(device.user_code)
        with pytest.raises(SignInFailed) as failed:
            client.poll(device)
    assert failed.value.reason == "denied"


def test_no_device_flow(forge: Forge) -> None:
    """An application without it, a host without it and a GitLab from before it all say that there is none."""
    host, app = register(forge, "github", device=False)
    old, other = register(forge, "gitlab")
    old.oauth.knobs.device_grant = False
    cloud, third = register(forge, "bitbucket_cloud")
    for each, its in ((host, app), (old, other), (cloud, third)):
        with Client(oauth(each), its, each.settings) as client, pytest.raises(SignInFailed) as failed:
            client.device(("repo",))
        assert failed.value.reason == "no-device-flow"


def test_a_github_app_by_device(forge: Forge) -> None:
    """What came by a device is asked for and renewed without the secret, even by who has it."""
    host, app = register(forge, "github", kind="github-app", permissions={"pull_requests": "write"})
    with Client(oauth(host), app, host.settings, by_device=True) as client:
        device = client.device(())
        host.oauth.approve_device(device.user_code, "ann")
        grant = client.poll(device)
        assert isinstance(grant, Grant)
        fresh = client.renew(grant)
    assert fresh is not None
    # An empty `scope` is all that such an application is ever told, and means nothing.
    assert (grant.scopes, fresh.scopes) == (None, None)
    assert not [entry for entry in host.oauth.log if "client_secret" in entry.sent]


def test_gitlab_takes_the_refresh_token_first(forge: Forge) -> None:
    """By its id alone a public application gives both back, and the API then refuses the token."""
    client, grant = granted(forge, "gitlab")
    with client:
        assert client.revoke(grant) is None
        assert client.revoke(Grant(access="unknown")) is None
    asked = [entry.sent for entry in forge.gitlab.oauth.seen("revoke")]
    assert [each["token"] for each in asked] == [grant.refresh, grant.access, "unknown"]
    assert all(set(each) == {"client_id", "token", "token_type_hint"} for each in asked)
    assert forge.gitlab.store.people.authenticate(grant.access) is None


def test_a_token_of_another_application(forge: Forge) -> None:
    """GitLab does not take it from a stranger, and that is said."""
    owner, grant = granted(forge, "gitlab")
    stranger, _ = granted(forge, "gitlab")
    with owner, stranger:
        assert "403" in (stranger.revoke(grant) or "")


def test_github_takes_tokens_from_nobody_in_particular(forge: Forge) -> None:
    """github.com: the request is signed by nobody, names both tokens, and 202 is a yes."""
    host, app = register(forge, "github", kind="github-app", redirect_uris=("http://127.0.0.1:8123/cb",))
    service = replace(
        oauth(host), revoke=f"{host.api_url}/credentials/revoke", revocation=Revocation.CREDENTIALS, client_tokens=None
    )
    with Client(service, app, host.settings) as client:
        pending = begin(client, app)
        grant = client.finish(pending, come_back(host, pending))
        assert client.revoke(grant) is None
    asked = host.oauth.seen("revoke")[-1]
    assert (asked.authorization, asked.status) == (None, 202)
    assert grant.refresh is not None
    assert grant.refresh in asked.sent["credentials"]
    assert host.store.people.authenticate(grant.access) is None


def test_an_enterprise_server_takes_tokens_from_its_application(forge: Forge) -> None:
    """With the application's secret in a Basic header; one that is gone already is no failure."""
    client, grant = granted(forge, "github")
    with client:
        assert client.revoke(grant) is None
        assert client.revoke(grant) is None
    asked = forge.github.oauth.seen("revoke")
    assert [entry.status for entry in asked] == [204, 404]
    assert (asked[0].authorization or "").startswith("Basic ")
    assert forge.github.store.people.authenticate(grant.access) is None


@pytest.mark.parametrize("name", ["github", "bitbucket_cloud"])
def test_who_takes_nothing_back(forge: Forge, name: str) -> None:
    """Bitbucket Cloud, and an Enterprise Server whose application has no secret, are asked nothing, and that is said."""
    host, app = register(forge, name)
    with Client(oauth(host), replace(app, client_secret=None), host.settings) as client:
        assert "no tokens back" in (client.revoke(Grant(access="a")) or "")
    assert host.oauth.log == []


def test_a_host_that_is_down_or_gone(forge: Forge) -> None:
    """What comes in the way of a revocation is said, and raised by nobody."""
    client, grant = granted(forge, "gitlab")
    forge.gitlab.oauth.behave("revoke", status=503, times=None)
    with client:
        assert "failed" in (client.revoke(grant) or "")


def test_only_the_named_places(forge: Forge) -> None:
    """A token endpoint that is none of the host's is not reached by its session."""
    host, app = register(forge, "gitlab")
    with Client(oauth(host), app, host.settings) as client, pytest.raises(EgressRefused):
        client._session.exchange("POST", f"{forge.github.url}/login/oauth/access_token")


def test_plain_http_to_elsewhere() -> None:
    """Nothing is sent without encryption, but on this machine."""
    from pullbridge.hosts.gitlab.signing_in import oauth as told

    with pytest.raises(EgressRefused):
        Client(told("http://git.example", Settings()), auth.ClientApp("id"), Settings())


def test_a_state_is_long_and_new(forge: Forge) -> None:
    """Nobody guesses it: 43 characters, another one each time."""
    host, app = register(forge, "bitbucket_dc")
    with Client(oauth(host), app, host.settings) as client:
        states = {client.expect().state for _ in range(50)}
    assert len(states) == 50
    assert min(map(len, states)) == 43


def test_the_address_says_what_is_asked(forge: Forge) -> None:
    """The scopes stand in the address that the person visits, beside a challenge that is not the verifier."""
    host, app = register(forge, "gitlab")
    with Client(oauth(host), app, host.settings) as client:
        pending = begin(client, app, ("read_api", "read_user"))
    asked = parse_qs(urlsplit(pending.url).query)
    assert asked["scope"] == ["read_api read_user"]
    assert asked["code_challenge"] != [pending.verifier]
    assert json.dumps(asked).count(pending.verifier) == 0
