"""What the work tree holds: a file as it is saved, edits that nobody committed among it.

No link is followed, so that nothing outside of the checkout is read: a checkout may have come from anybody.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from pullbridge.errors import NotThere, Rejected
from pullbridge.local.checkout import Checkout

#: Bytes of one file, as of `objects.MOST_BYTES`.
MOST_BYTES: Final = 16 * 1024 * 1024


def text_of(checkout: Checkout, path: str) -> bytes:
    """A file's bytes. `path` is relative to the top, with `/` between its parts, and leads nowhere else.

    Raises `NotThere` for what is not there, and `Rejected` for what is no file, for a symbolic link, for anything behind
    one, for more than `MOST_BYTES`, and for what the system does not let be read.
    """
    try:
        size = _checked(checkout.top, path)
        if size > MOST_BYTES:
            raise _refused(path, f"has {size:,} bytes, and at most {MOST_BYTES:,} are read")
        with checkout.top.joinpath(path).open("rb") as file:
            return file.read(MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError) as error:
        text = f"{checkout.top} has no file {path}."
        raise NotThere(text, next_step="Name a file by its path from the top of the checkout.") from error
    except (OSError, ValueError) as error:
        raise _refused(path, f"cannot be read: {error}") from error


def _checked(top: Path, path: str) -> int:
    """The file's size, once no part of its path is a link."""
    place, parts, found = top, path.split("/"), top.lstat()
    for number, part in enumerate(parts, start=1):
        place /= part
        found = place.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise _refused(path, f"is behind a symbolic link: {'/'.join(parts[:number])}")
    if not stat.S_ISREG(found.st_mode):
        raise _refused(path, "is no file")
    return found.st_size


def _refused(path: str, reason: str) -> Rejected:
    text = f"{path} {reason}."
    return Rejected(text, problems=(text,), next_step="Give the text itself, or name another file.")
