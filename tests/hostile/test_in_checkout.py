"""A repository connected from a checkout: what is there is read there, and only the rest is asked of the host."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hostile.site import KINDS, SHOWN, Site, changed

import pullbridge
from pullbridge import PlaceStatus, Rejected, Repository, Token
from pullbridge.testing import Exchange

BUFFER = changed(10, 40)
Clone = Callable[..., Repository]


@pytest.fixture
def clone(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """Clone the branch `fix`, with these options, and connect from the folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def made(*options: str) -> Repository:
        folder = tmp_path / "clone"
        subprocess.run(["git", "clone", "-q", "-b", "fix", *options, site.app.clone_url, str(folder)], check=True)
        site.requests.clear()
        connected = pullbridge.connect(folder, credentials=Token(site.token("bob")), settings=site.host.settings)
        return site.stack.enter_context(connected)

    return made


def contents(site: Site) -> list[Exchange]:
    """Those that read a file's bytes."""
    return [each for each in site.requests if "a.txt" in f"{each.path}?{each.query}" and each.status == 200]


def test_the_saved_file_is_what_is_meant(site: Site, clone: Clone, tmp_path: Path) -> None:
    """Without a text it is read from the disk, edits among it, and no text is asked of the host."""
    site.thread("Why so?")
    repo = clone()
    (tmp_path / "clone" / "a.txt").write_text("new\n" + BUFFER)
    (placed,) = repo.threads.in_file(1, "a.txt")
    assert (placed.place.status, placed.place.start) == (PlaceStatus.EXACT, SHOWN + 1)
    assert contents(site) == []


@pytest.mark.parametrize("site", KINDS[:1], indirect=True)
@pytest.mark.parametrize(
    "options", [["--depth=1"], ["--filter=blob:none", "--no-checkout"]], ids=["shallow", "partial"]
)
def test_what_is_not_here_is_asked_of_the_host(site: Site, clone: Clone, options: list[str]) -> None:
    """An older commit of a shallow clone, a file of a partial one: git fetches nothing, the host tells."""
    begun = site.thread("Why so?")
    site.push(45)
    repo = clone(*options)
    fetched = [each.path for each in site.requests if "git-upload-pack" in each.path]
    (placed,) = repo.threads.in_file(1, "a.txt", "new\n" + changed(10, 40, 45))
    assert placed.thread.id == begun
    assert (placed.place.status, placed.place.start) == (PlaceStatus.EXACT, SHOWN + 1)
    assert [each.path for each in site.requests if "git-upload-pack" in each.path] == fetched


@pytest.mark.parametrize("site", KINDS[:1], indirect=True)
def test_a_commit_is_read_here_and_a_branch_there(site: Site, clone: Clone) -> None:
    """What a commit held does not change; where a branch is now, the host knows."""
    repo = clone()
    assert repo.files.content("a.txt", site.head).decode() == BUFFER
    assert contents(site) == []
    site.push(45)
    assert repo.files.content("a.txt", "fix").decode() == changed(10, 40, 45)
    assert repo.files.content("a.txt", site.head).decode() == changed(10, 40, 45)


@pytest.mark.parametrize("site", KINDS[:1], indirect=True)
def test_without_a_checkout_a_text_is_needed(site: Site) -> None:
    """And the error says so before anything is asked."""
    repo = site.repo
    site.requests.clear()
    with pytest.raises(Rejected, match="folder of a checkout"):
        repo.threads.in_file(1, "a.txt")
    assert contents(site) == []


@pytest.mark.parametrize("site", KINDS[:1], indirect=True)
@pytest.mark.parametrize("trouble", ["no git", "no repository"])
def test_git_that_fails_later_is_no_trouble(
    site: Site, clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Whatever became of git or of the folder since: the host has the texts."""
    site.thread("Why so?")
    repo = clone()
    if trouble == "no git":
        monkeypatch.setenv("PATH", str(tmp_path))
    else:
        (tmp_path / "clone" / ".git" / "HEAD").unlink()
    (placed,) = repo.threads.in_file(1, "a.txt")
    assert (placed.place.status, placed.place.start) == (PlaceStatus.EXACT, SHOWN)
    assert contents(site)
