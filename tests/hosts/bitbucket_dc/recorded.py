"""Answers of Data Center's that the authors of drone/go-scm keep, with the neutral values that they make of them."""

from __future__ import annotations

from pathlib import Path

from tests.contract.specs import SHARED, give_up


def stash() -> Path:
    """The folder with them; skips where it is not there."""
    folder = SHARED / "samples" / "go-scm" / "stash"
    if not folder.is_dir():
        give_up("go-scm's recorded answers of Bitbucket Data Center", folder)
    return folder
