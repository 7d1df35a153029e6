"""What was done to check out a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class BranchChange(Enum):
    """What became of the local branch."""

    #: It is new.
    MADE = "made"
    #: It was there, and has come forward to the pull request's head.
    FORWARDED = "forwarded"
    #: It was there, and has that head already.
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOut:
    """A pull request's head in the work tree.

    `branch` is the local branch, `commit` its full id, as fetched. `remote` is the remote's name that it came from, or the
    address of the fork, and `ref` what was fetched there. `left_out` names the settings of the checkout that did not count,
    because they start a program or lead elsewhere.
    """

    number: int
    branch: str
    commit: str
    remote: str
    ref: str
    change: BranchChange
    left_out: tuple[str, ...] = ()
