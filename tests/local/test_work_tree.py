"""Files as they are saved: read where they are, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.local.conftest import Git

from pullbridge.errors import NotThere, Rejected
from pullbridge.local import checkout, work_tree


@pytest.mark.parametrize(
    "content", [b"one\n", b"\r\n", "ü".encode("utf-16"), b"\0"], ids=["lf", "crlf", "utf-16", "nul"]
)
def test_what_is_saved_is_read_to_the_byte(folder: Path, git: Git, content: bytes) -> None:
    """With edits that nobody committed, in a folder or not; what is in the index has no say."""
    (folder / "in").mkdir()
    (folder / "in" / "a.txt").write_bytes(b"before")
    git("add", "--all")
    (folder / "in" / "a.txt").write_bytes(content)
    assert work_tree.text_of(checkout.read(folder / "in"), "in/a.txt") == content


@pytest.mark.parametrize("path", ["link", "away/secret", "inner"])
def test_no_link_is_followed(folder: Path, tmp_path: Path, path: str) -> None:
    """Neither a link to a file, nor a file behind a linked folder, nor a link that stays inside."""
    (tmp_path / "secret").write_text("secret")
    (folder / "a.txt").write_text("a")
    try:
        (folder / "link").symlink_to(tmp_path / "secret")
        (folder / "away").symlink_to(tmp_path, target_is_directory=True)
        (folder / "inner").symlink_to("a.txt")
    except OSError:
        pytest.skip("this user may not make symbolic links here")
    with pytest.raises(Rejected, match="symbolic link"):
        work_tree.text_of(checkout.read(folder), path)


def test_a_file_that_is_too_large(folder: Path) -> None:
    """Two hundred megabytes are not read, and the error says how much would be."""
    with (folder / "big").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(Rejected, match=r"209,715,200 bytes, and at most 16,777,216"):
        work_tree.text_of(checkout.read(folder), "big")


@pytest.mark.parametrize(("path", "error"), [("gone", NotThere), ("a.txt/b", NotThere), ("in", Rejected)])
def test_what_is_no_file(folder: Path, path: str, error: type[Exception]) -> None:
    """What is not there, what is below a file, and a folder."""
    (folder / "in").mkdir()
    (folder / "a.txt").write_text("a")
    with pytest.raises(error, match=path):
        work_tree.text_of(checkout.read(folder), path)
