"""What the objects of a checkout hold: a file at a commit, and what differs between two, as far as they are here.

An object that is not here (a shallow or partial clone, a commit that nobody fetched) is `None`, and is not fetched: the
host has it. Objects are read by their own ids, so that no branch of that name and no replacement stands in for one.
https://git-scm.com/docs/git-replace
"""

from __future__ import annotations

import re
from typing import Final

from pullbridge.errors import Rejected
from pullbridge.local import git
from pullbridge.local.checkout import Checkout
from pullbridge.model.refs import SHORTEST_COMMIT

#: Bytes of one file: more is no text that anybody comments on, and would stand in memory several times over.
MOST_BYTES: Final = 16 * 1024 * 1024

_COMMIT: Final = re.compile(rf"[0-9a-f]{{{SHORTEST_COMMIT},64}}")
_FILES: Final = frozenset({"100644", "100755"})
#: What git says of objects that are not there, and of trees that it cannot read for that.
_MISSING: Final = (1, 128)
_EXACT: Final = ("--no-replace-objects", "--literal-pathspecs")


def commit_at(checkout: Checkout, commit: str) -> str | None:
    """The full id of a commit, given as at least twelve of its digits; `None` where it is not here, or not the only one."""
    wanted = commit.lower()
    if not _COMMIT.fullmatch(wanted):
        return None
    # A branch may be called like the digits; what it leads to is another commit.
    told = git.read(checkout.top, *_EXACT, "rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}", silent=_MISSING)
    found = (told or b"").decode("ascii", "replace")
    return found if found.startswith(wanted) else None


def text_at(checkout: Checkout, commit: str, path: str) -> bytes | None:
    """A file's bytes at a commit, as they are kept: no filter and no line-end conversion has seen them.

    `path` is relative to the top, with `/` between its parts. `None` where the commit or the file's bytes are not here,
    and where there is no file by that name in it; a folder, a symbolic link and a submodule are none. Raises `Rejected`
    for more than `MOST_BYTES`, and what `git.output` raises.
    """
    known = commit_at(checkout, commit) if _is_inside(path) else None
    if known is None:
        return None
    told = git.output(checkout.top, *_EXACT, "ls-tree", "-z", "-l", "--full-tree", known, "--", path, silent=_MISSING)
    mode, _, blob, size = ((told or b"").partition(b"\t")[0].decode("ascii", "replace").split() + [""] * 4)[:4]
    if mode not in _FILES or not size.isdecimal():
        return None
    if int(size) > MOST_BYTES:
        problem = f"{path} has {int(size):,} bytes, and at most {MOST_BYTES:,} are read"
        raise Rejected(f"{problem}.", problems=(problem,))
    return git.output(checkout.top, *_EXACT, "cat-file", "blob", blob, silent=_MISSING)


def diff_between(checkout: Checkout, old: str, new: str) -> bytes | None:
    """The unified diff from one commit's files to another's, with renames, as `anchoring.parse_diff` reads it.

    It compares the two as they are, not since they parted. A file of more than `MOST_BYTES` is in it as a binary one is.
    `None` where anything that it needs is not here. Raises what `git.output` raises.
    """
    ends = [sha for each in (old, new) if (sha := commit_at(checkout, each)) is not None]
    if len(ends) != 2:
        return None
    # `diff-tree` heeds none of the settings for people's eyes (`diff.noprefix`, `diff.external`, colours), and starts no
    # program that an attribute names: https://git-scm.com/docs/git-diff-tree
    settings = ("-c", f"core.bigFileThreshold={MOST_BYTES}", "-c", "core.quotePath=true", "-c", "diff.renameLimit=0")
    wanted = ("-r", "-p", "-M", "--full-index", "--no-color", "--no-ext-diff", "--no-textconv")
    return git.output(checkout.top, *_EXACT, *settings, "diff-tree", *wanted, *ends, "--", silent=_MISSING)


def _is_inside(path: str) -> bool:
    return "\0" not in path and all(part not in {"", ".", ".."} for part in path.split("/"))
