"""Files at a commit and diffs between two, out of the objects that are here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.local.conftest import Git

from pullbridge.anchoring import parse_diff
from pullbridge.errors import Rejected
from pullbridge.local import checkout, objects

unix = pytest.mark.skipif(sys.platform == "win32", reason="the programs that must not run are shell scripts")


def _commit(folder: Path, git: Git, **files: bytes) -> str:
    for name, content in files.items():
        folder.joinpath(name).write_bytes(content)
    git("add", "--all")
    git("commit", "-q", "-m", "Write")
    return git("rev-parse", "HEAD")


@pytest.mark.parametrize(
    "content",
    [b"one\n\n", b"no end", b"", b"\r\nwin\r\n", "ü".encode("latin-1"), "ü\n".encode("utf-16"), b"\0bin\0"],
    ids=["blank-end", "no-end", "empty", "crlf", "latin-1", "utf-16", "binary"],
)
def test_a_file_is_given_to_the_byte(folder: Path, git: Git, content: bytes) -> None:
    """Whatever it ends with, and however it is encoded; the work tree, edited since, has no say."""
    sha = _commit(folder, git, a=content)
    (folder / "a").write_bytes(b"edited")
    assert objects.text_at(checkout.read(folder), sha, "a") == content


def test_no_filter_touches_it(folder: Path, git: Git) -> None:
    """Line ends are those that are kept, whatever attributes and settings would make of them in a work tree."""
    sha = _commit(folder, git, a=b"one\n", **{".gitattributes": b"* text eol=crlf\n"})
    git("config", "core.autocrlf", "true")
    assert objects.text_at(checkout.read(folder), sha, "a") == b"one\n"


def test_an_older_commit_by_twelve_of_its_digits(folder: Path, git: Git) -> None:
    """Bitbucket Cloud's short ids are enough; fewer digits name no commit."""
    first = _commit(folder, git, a=b"one")
    _commit(folder, git, a=b"two")
    here = checkout.read(folder)
    assert objects.text_at(here, first[:12], "a") == b"one"
    assert objects.text_at(here, first[:12].upper(), "a") == b"one"
    assert objects.commit_at(here, first[:7]) is None


def test_a_branch_named_like_a_commit_is_not_taken_for_it(folder: Path, git: Git) -> None:
    """Digits are an object's: a branch of that name, which git prefers, leads elsewhere."""
    first = _commit(folder, git, a=b"one")
    second = _commit(folder, git, a=b"two")
    git("branch", first[:12], second)
    assert objects.text_at(checkout.read(folder), first[:12], "a") is None
    assert objects.text_at(checkout.read(folder), first, "a") == b"one"


def test_a_replacement_does_not_stand_in(folder: Path, git: Git) -> None:
    """`refs/replace` changes what git shows, and not what the host has."""
    first = _commit(folder, git, a=b"one")
    git("replace", first, _commit(folder, git, a=b"two"))
    assert objects.text_at(checkout.read(folder), first, "a") == b"one"


@pytest.mark.parametrize("commit", ["0" * 40, "HEAD", "main", "--help", "-12345678901", "", "main:a", "f" * 65])
def test_what_is_no_commit_here(folder: Path, git: Git, commit: str) -> None:
    """A commit that nobody fetched, and what is no commit's id at all, are not here; an option is not one."""
    _commit(folder, git, a=b"one")
    assert objects.text_at(checkout.read(folder), commit, "a") is None
    assert objects.diff_between(checkout.read(folder), commit, "HEAD") is None


@pytest.mark.parametrize("path", ["b", "../a", "/a", "sub/../a", "", "./a", ":(top)a", "*", "a/", "nul\0", "sub"])
def test_a_path_that_names_no_file(folder: Path, git: Git, path: str) -> None:
    """Nothing outside, no pattern and no folder: a path is one file's, letter for letter."""
    (folder / "sub").mkdir()
    (folder / "sub" / "x").write_bytes(b"x")
    sha = _commit(folder, git, a=b"one")
    assert objects.text_at(checkout.read(folder), sha, path) is None


@pytest.mark.parametrize("name", ["sp ace", "ü", "-r", "[a]", "tab\tbed", 'quo"te', ":x"])
@unix
def test_odd_names(folder: Path, git: Git, name: str) -> None:
    """They are names like any other."""
    sha = _commit(folder, git, **{name: b"odd"})
    assert objects.text_at(checkout.read(folder), sha, name) == b"odd"


def test_links_and_submodules_are_no_files(folder: Path, git: Git) -> None:
    """What a link leads to is not its text, and a submodule has no text."""
    sha = _commit(folder, git, a=b"one")
    blob = git("hash-object", "-w", "--stdin", stdin="a")
    git("update-index", "--add", "--cacheinfo", f"120000,{blob},link", "--cacheinfo", f"160000,{sha},sub")
    git("commit", "-q", "-m", "Link")
    here = checkout.read(folder)
    assert here.head is not None
    assert objects.text_at(here, here.head, "link") is None
    assert objects.text_at(here, here.head, "sub") is None
    assert objects.text_at(here, here.head, "a") == b"one"


def test_from_a_submodule_and_a_worktree(folder: Path, git: Git, tmp_path: Path) -> None:
    """A submodule is a checkout of its own, and a linked worktree reads the repository's objects; both detached."""
    sha = _commit(folder, git, a=b"one")
    git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    outer = tmp_path / "outer"
    subprocess.run(["git", "init", "-q", str(outer)], check=True)
    add = ["git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(folder), "sub"]
    subprocess.run(add, cwd=outer, check=True, capture_output=True)
    subprocess.run(["git", "checkout", "-q", "--detach"], cwd=outer / "sub", check=True)
    for place in (tmp_path / "tree", outer / "sub"):
        here = checkout.read(place)
        assert here.top.samefile(place)
        assert here.branch is None
        assert objects.text_at(here, sha, "a") == b"one"


def test_a_large_file_is_refused_before_it_is_read(folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is known without it, and is said."""
    sha = _commit(folder, git, a=b"x" * 100)
    monkeypatch.setattr(objects, "MOST_BYTES", 99)
    with pytest.raises(Rejected, match="100 bytes"):
        objects.text_at(checkout.read(folder), sha, "a")


def test_a_shallow_clone_has_no_older_commit(folder: Path, git: Git, tmp_path: Path) -> None:
    """What lies beyond its edge is not here; what lies within is."""
    first = _commit(folder, git, a=b"one")
    second = _commit(folder, git, a=b"two")
    subprocess.run(["git", "clone", "-q", "--depth=1", folder.as_uri(), str(tmp_path / "copy")], check=True)
    here = checkout.read(tmp_path / "copy")
    assert objects.text_at(here, first, "a") is None
    assert objects.text_at(here, second, "a") == b"two"
    assert objects.diff_between(here, first, second) is None


@unix
def test_a_partial_clone_fetches_nothing(folder: Path, git: Git, tmp_path: Path) -> None:
    """A file that was left out stays out: the remote's program is not started, though the remote would answer."""
    git("config", "uploadpack.allowFilter", "true")
    git("config", "uploadpack.allowAnySHA1InWant", "true")
    first = _commit(folder, git, a=b"one\n")
    second = _commit(folder, git, a=b"two\n")
    copy, trap, trace = tmp_path / "copy", tmp_path / "trap", tmp_path / "sprung"
    clone = ["git", "clone", "-q", "--filter=blob:none", folder.as_uri(), str(copy)]
    subprocess.run(clone, check=True)
    trap.write_text(f'#!/bin/sh\necho "$*" >> "{trace}"\nexec git-upload-pack "$@"\n')
    trap.chmod(0o755)
    subprocess.run(["git", "config", "remote.origin.uploadpack", str(trap)], cwd=copy, check=True)
    here = checkout.read(copy)
    assert objects.commit_at(here, first) == first
    assert objects.text_at(here, first, "a") is None
    assert objects.diff_between(here, first, second) is None
    assert objects.text_at(here, second, "a") == b"two\n"
    assert not trace.exists()


def test_a_diff_follows_renames_whatever_is_set(folder: Path, git: Git) -> None:
    """The settings that make a diff pleasant for one's eyes do not reach it."""
    lines = b"".join(b"line %d\n" % number for number in range(20))
    first = _commit(folder, git, a=lines)
    git("mv", "a", "b")
    second = _commit(folder, git, b=lines + b"more\n")
    plain = objects.diff_between(checkout.read(folder), first, second)
    for setting in ("noprefix=true", "renames=false", "context=0", "external=false", "mnemonicPrefix=true"):
        git("config", *f"diff.{setting}".split("="))
    git("config", "color.ui", "always")
    assert objects.diff_between(checkout.read(folder), first, second) == plain
    (changed,) = parse_diff((plain or b"").decode())
    assert (changed.old_path, changed.path) == ("a", "b")


@unix
def test_a_diff_starts_no_program(folder: Path, git: Git, tmp_path: Path) -> None:
    """Neither a driver that an attribute names nor one from the settings runs."""
    trap, trace = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f'#!/bin/sh\ntouch "{trace}"\n')
    trap.chmod(0o755)
    first = _commit(folder, git, a=b"one\n", **{".gitattributes": b"* diff=evil filter=evil\n"})
    second = _commit(folder, git, a=b"two\n")
    for key in ("diff.evil.command", "diff.evil.textconv", "filter.evil.smudge", "diff.external"):
        git("config", key, str(trap))
    told = objects.diff_between(checkout.read(folder), first, second)
    assert b"+two" in (told or b"")
    assert objects.text_at(checkout.read(folder), first, "a") == b"one\n"
    assert not trace.exists()


def test_a_file_too_large_for_a_diff_is_binary_there(folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a diff needs of memory is bounded, and it says which file it leaves out."""
    first = _commit(folder, git, a=b"x\n" * 100, b=b"one\n")
    second = _commit(folder, git, a=b"y\n" * 100, b=b"two\n")
    monkeypatch.setattr(objects, "MOST_BYTES", 150)
    told = objects.diff_between(checkout.read(folder), first, second) or b""
    assert b"Binary files a/a and b/a differ" in told
    assert b"+two" in told
    assert b"+y" not in told
