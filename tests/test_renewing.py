"""What becomes of a sign-in while it is used: renewed once, by whoever needs it first, against the forge's own clocks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.auth.signins import register

import pullbridge
from pullbridge import auth
from pullbridge.errors import SignInNeeded
from pullbridge.testing import Forge
from pullbridge.testing.host import Host

#: One process: it finds the sign-in in the files, and four threads of it ask at once.
PROCESS = """
import sys
from concurrent.futures import ThreadPoolExecutor
import pullbridge
from pullbridge import Settings, auth

web, api, client_id, folder = sys.argv[1:]
settings = Settings(kind="gitlab", api_url=api, proxy="")
signed = auth.resume(web, auth.ClientApp(client_id), auth.FileStore(folder), auth.READ, settings=settings)
with pullbridge.open_host(web, credentials=signed, settings=settings) as host, ThreadPoolExecutor(4) as pool:
    print(*pool.map(lambda _: host.viewer().handle, range(4)))
"""


def signed_in(forge: Forge, name: str, store: auth.Store) -> tuple[Host, auth.ClientApp, auth.SignIn]:
    """Ann, at one of the hosts."""
    host, app = register(forge, name)
    person = host.oauth.consent("ann")
    signed = auth.sign_in(host.url, app, auth.READ, "browser", store, settings=host.settings, open_browser=person)
    person.wait()
    return host, app, signed


def test_three_processes_of_four_threads(forge: Forge, tmp_path: Path) -> None:
    """Twelve calls with a token that is over: twelve answers and one refresh, at a host that ends the family on reuse."""
    forge.gitlab.oauth.knobs.reuse_revokes_family = True
    forge.gitlab.oauth.knobs.access_seconds = 30
    host, app, _ = signed_in(forge, "gitlab", auth.FileStore(tmp_path))
    host.oauth.pass_time(31)
    host.oauth.knobs.access_seconds = None
    command = [sys.executable, "-c", PROCESS, host.url, host.api_url, app.client_id, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = " ".join(process.communicate(timeout=100)[0] for process in processes)
    assert told.split() == ["ann"] * 12
    assert (host.oauth.count("refreshed"), host.oauth.count("reuse-detected")) == (1, 0)


def test_a_token_whose_end_is_unknown(forge: Forge) -> None:
    """It is used until the host refuses it; then one refresh is tried, and the call goes on."""
    forge.gitlab.oauth.knobs.access_seconds = 0
    host, _, signed = signed_in(forge, "gitlab", auth.MemoryStore())
    assert signed.expires_at is None
    host.revoke(signed.current().value)
    with pullbridge.open_host(host.url, credentials=signed, settings=host.settings) as opened:
        assert opened.viewer().handle == "ann"
    assert host.oauth.count("refreshed") == 1


def test_a_host_that_refuses_everything(forge: Forge) -> None:
    """One refresh and one more try, however good the new token looks."""
    host, _, signed = signed_in(forge, "gitlab", auth.MemoryStore())
    body = b'{"message": "401 Unauthorized"}'
    host.behave(status=401, body=body, headers={"Content-Type": "application/json"}, path="/api/*")
    host.requests.clear()
    with (
        pullbridge.open_host(host.url, credentials=signed, settings=host.settings) as opened,
        pytest.raises(SignInNeeded),
    ):
        opened.viewer()
    asked = [each.path for each in host.requests]
    assert (asked.count("/api/v4/user"), asked.count("/oauth/token")) == (2, 1)


@pytest.mark.parametrize("skew", [-600, 600])
def test_clocks_that_differ(forge: Forge, skew: int) -> None:
    """Ten minutes either way, and tokens that live five: no more than one refresh for ten calls."""
    forge.gitlab.oauth.knobs.access_seconds = 300
    host, _, signed = signed_in(forge, "gitlab", auth.MemoryStore())
    host.oauth.pass_time(skew)
    with pullbridge.open_host(host.url, credentials=signed, settings=host.settings) as opened:
        assert {opened.viewer().handle for _ in range(10)} == {"ann"}
    assert host.oauth.count("refreshed") == (1 if skew > 0 else 0)


def test_the_grace_of_a_used_refresh_token(forge: Forge) -> None:
    """Two that know nothing of each other use the same one within ten minutes: both go on, each with what it got last."""
    stores = (auth.MemoryStore(), auth.MemoryStore())
    host, app, signed = signed_in(forge, "bitbucket_cloud", stores[0])
    first = stores[0].read(signed.key)
    assert first is not None
    stores[1].write(signed.key, first)
    host.oauth.pass_time(3 * 3600)
    for store in stores:
        again = auth.resume(host.url, app, store, auth.READ, settings=host.settings)
        with pullbridge.open_host(host.url, credentials=again, settings=host.settings) as opened:
            assert opened.viewer().handle == "ann"
        kept = store.read(signed.key)
        assert kept is not None
        newest = host.oauth.ledger.issued[-1]
        assert (kept.access, kept.refresh) == (newest.access, newest.refresh)
    assert (host.oauth.count("refreshed"), host.oauth.count("reuse-detected")) == (2, 0)


def test_a_new_refresh_token_is_kept_before_it_signs(forge: Forge, tmp_path: Path) -> None:
    """When the API hears of the new access token, the file has the new refresh token already."""
    store = auth.FileStore(tmp_path)
    host, _, signed = signed_in(forge, "gitlab", store)
    host.oauth.pass_time(3 * 3600)
    kept: list[bool] = []
    answer = host._app.handle  # type: ignore[attr-defined] # GitLab's own

    def looking(request: object) -> object:
        grant = store.read(signed.key)
        newest = host.oauth.ledger.issued[-1]
        kept.append(grant is not None and grant.refresh == newest.refresh)
        return answer(request)

    host._app.handle = looking  # type: ignore[attr-defined] # as above
    with pullbridge.open_host(host.url, credentials=signed, settings=host.settings) as opened:
        assert opened.viewer().handle == "ann"
    assert host.oauth.count("refreshed") == 1
    assert kept == [True, True]
