"""Where the tests put what they write: in memory, where the machine has room for it there."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH = 2 << 30


def in_memory() -> None:
    """Thousands of small git repositories come and go: on a disk, that is half of the time that the tests take.

    A memory disk that is small, as a container's 64 MB, or that starts no programs, stays unused; and so it does where
    `TMPDIR` says another place.
    """
    if "TMPDIR" not in os.environ and _suits(_MEMORY):
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None


def _suits(folder: Path) -> bool:
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    return shutil.disk_usage(folder).free > _ENOUGH and not os.statvfs(folder).f_flag & os.ST_NOEXEC
