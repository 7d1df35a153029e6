"""The forge as a thing: lazy, closed without a trace, over TLS, with git, as a fixture."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import trustme
from tests.testing.conftest import World

from pullbridge.testing import Forge


def test_importing_pullbridge_loads_no_forge() -> None:
    """Neither the package nor the plugin pays for servers, WSGI or GraphQL before a forge is used."""
    code = (
        "import sys, pullbridge, pullbridge.testing, pullbridge.testing.plugin; "
        "print([m for m in ('cheroot', 'werkzeug', 'graphql', 'pullbridge.testing.forge') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_public_names_are_there() -> None:
    """Each name of `__all__` can be had, others cannot."""
    import pullbridge.testing

    assert all(getattr(pullbridge.testing, name) for name in pullbridge.testing.__all__)
    assert dir(pullbridge.testing) == sorted(pullbridge.testing.__all__)
    with pytest.raises(AttributeError):
        pullbridge.testing.nothing  # noqa: B018 - the access is the test


def test_it_leaves_nothing_behind() -> None:
    """After the block the port is closed and the folder is gone."""
    with Forge() as forge:
        repository = forge.github.repository("octo/app")
        folder, url = repository.record.git.path, forge.github.url
        assert folder.is_dir()
        assert repository.clone_url == f"{url}/octo/app.git"
    assert not folder.exists()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(url, timeout=5)


def test_settings_lead_to_the_api() -> None:
    """What `connect` needs: the product, the API's address, and no proxy."""
    with Forge() as forge:
        settings = forge.github.settings
        assert (settings.kind, settings.api_url, settings.proxy) == ("github", f"{forge.github.url}/api/v3", "")


def test_it_speaks_tls_under_any_name(tmp_path: Path) -> None:
    """With a context it is an https server, whose own links carry its name."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with Forge(tls=context, name="localhost", address="127.0.0.1") as forge:
        forge.github.repository("octo/app")
        address = f"{forge.github.api_url}/repos/octo/app"
        assert address.startswith("https://localhost:")
        answer = requests.get(address, timeout=10, verify=str(bundle), proxies={"https": ""})
        assert answer.json()["url"] == address
        forge.github.behave(cut="after", times=1)
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(address, timeout=10, verify=str(bundle), proxies={"https": ""})


def git(folder: Path, *arguments: str) -> str:
    """Run git as a user would, without the machine's own settings."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")},
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@users.example", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_git_clones_and_pushes_over_http(world: World, tmp_path: Path) -> None:
    """A clone has the branches and the pull request's ref; a push with a token moves the pull request's head."""
    git(tmp_path, "clone", "--quiet", "--branch", "fix", world.app.clone_url, "here")
    here = tmp_path / "here"
    assert git(here, "rev-parse", "HEAD") == world.head
    git(here, "fetch", "--quiet", "origin", "refs/pull/1/head")
    assert git(here, "rev-parse", "FETCH_HEAD") == world.head
    (here / "a.txt").write_text("short\n", encoding="utf-8")
    git(here, "commit", "--quiet", "--all", "--message", "Cut")
    with_token = world.app.clone_url.replace("//", f"//ada:{world.forge.github.token('ada')}@")
    git(here, "push", "--quiet", with_token, "fix")
    assert world.pull()["head"]["sha"] == git(here, "rev-parse", "HEAD")
    with pytest.raises(subprocess.CalledProcessError):
        git(here, "push", "--quiet", "--force", world.app.clone_url, "HEAD~1:fix")


def test_git_does_not_see_what_is_hidden(world: World, tmp_path: Path) -> None:
    """A private repository clones with a token that reaches it, and not without."""
    hidden = world.forge.github.repository("octo/secret", private=True, members={"ada": "read"})
    with pytest.raises(subprocess.CalledProcessError):
        git(tmp_path, "clone", "--quiet", hidden.clone_url, "no")
    address = hidden.clone_url.replace("//", f"//ada:{world.forge.github.token('ada')}@")
    git(tmp_path, "clone", "--quiet", address, "yes")
    assert (tmp_path / "yes" / "README.md").is_file()


def test_unknown_names_are_mistakes(world: World) -> None:
    """Settings, faults, branches and repositories that do not exist are refused at once."""
    with pytest.raises(TypeError):
        world.app.settings(allow_everything=True)
    with pytest.raises(TypeError):
        world.forge.github.behave(lateness=1)
    with pytest.raises(LookupError):
        world.app.head("nowhere")
    with pytest.raises(LookupError):
        world.forge.github.check("octo/nothing", world.head, "ci", "success")


def test_the_plugin_gives_a_forge(tmp_path: Path) -> None:
    """Wherever pullbridge is installed, a test may ask for `forge`."""
    (tmp_path / "test_it.py").write_text(
        'def test_it(forge):\n    assert forge.github.repository("octo/app").head("main")\n', encoding="utf-8"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert "1 passed" in done.stdout, done.stdout
