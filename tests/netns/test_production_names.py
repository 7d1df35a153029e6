"""The library runs unmodified on GitHub's own addresses, over verified TLS, where nothing else can be reached.

A network namespace has nothing but loopback; in it, the names of GitHub lead to the forge. Whatever went anywhere else
would fail, and every connection is written down besides.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme

pytestmark = pytest.mark.netns

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("github.com", "api.github.com", "ghe.test")
HERE = {"127.0.0.1:443"}


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    """The command that runs another one in a namespace of its own."""
    if sys.platform != "linux":
        pytest.skip("network namespaces are Linux's")
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        pytest.skip("unshare and mount (util-linux) are not installed")
    root = os.geteuid() == 0
    command = ["unshare", "--net", "--mount", *([] if root else ["--map-root-user"])]
    tried = subprocess.run([*command, "mount", "--bind", "/dev/null", "/etc/hosts"], capture_output=True, check=False)
    if tried.returncode != 0:
        reason = f"namespaces are not permitted here: {tried.stderr.decode(errors='replace').strip()}"
        # Where it should work, a silent skip would be a promise that nobody keeps.
        if root and os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names that lead to this machine, an authority, a certificate of it for those names, and another authority."""
    made = tmp_path_factory.mktemp("netns")
    made.joinpath("hosts").write_text(f"127.0.0.1 localhost unnamed.test {' '.join(NAMES)}\n")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(made / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(made / "other-ca.pem"))
    authority.issue_cert(*NAMES).private_key_and_cert_chain_pem.write_to_path(str(made / "server.pem"))
    return made


def play(namespace: list[str], folder: Path, scene: str) -> dict[str, Any]:
    """Play a scene of `inside` in a namespace; give what it found."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [*namespace, sys.executable, "-m", "tests.netns.inside", str(folder), scene],
        cwd=ROOT,
        env=kept,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_whole_life_on_github_com(namespace: list[str], folder: Path) -> None:
    """From the first commit to the merge on `https://github.com/octo/app`, by way of `https://api.github.com` alone."""
    found = play(namespace, folder, "github_com")
    assert found["hosts"] == ["api.github.com"]
    assert set(found["roots"]) == {"graphql", "repos", "user"}
    assert found["requests"] > 60
    assert set(found["connected"]) == HERE


def test_a_whole_life_on_an_enterprise_server(namespace: list[str], folder: Path) -> None:
    """The same on `https://ghe.test`, which no setting calls a GitHub, below `/api`."""
    found = play(namespace, folder, "enterprise")
    assert found["hosts"] == ["ghe.test"]
    assert set(found["roots"]) == {"api"}
    assert found["requests"] > 60
    assert set(found["connected"]) == HERE


def test_no_other_host_is_reached(namespace: list[str], folder: Path) -> None:
    """There is no way out, which is what the tests above rest on; and a redirect to a host that is up is refused."""
    found = play(namespace, folder, "elsewhere")
    refused = found["errors"].pop("redirected")
    assert refused == "EgressRefused"
    assert set(found["errors"].values()) == {"Offline"}


def test_a_certificate_must_be_trusted_and_for_the_name(namespace: list[str], folder: Path) -> None:
    """Without the right authority, or under another name, not one request is sent."""
    found = play(namespace, folder, "distrusted")
    right = found["errors"].pop("the right one")
    assert right == ""
    assert found["errors"] == {"nobody's": "Offline", "another's": "Offline", "another name": "Offline"}
    assert found["requests"] == 1
