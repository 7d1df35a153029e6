"""The terminal face: `pullbridge show`, `review`, `merge` and more. Needs the `cli` extra (typer, rich).

Exit codes, by what to do next:

| code | meaning | errors |
|---|---|---|
| 0 | done | |
| 1 | failed | a check that failed; `Rejected`, `Unsupported`, `Unplaceable`, `BadAnswer`, `EgressRefused` and whatever is not below |
| 2 | used wrongly | an unknown command or option, an address that names no pull request |
| 3 | sign in, or ask for rights | `SignInNeeded`, `ScopeMissing`, `Forbidden` |
| 4 | check the address | `NotThere`, `UnknownHost` |
| 5 | look again, then decide | not ready to be merged; `Stale`, `AlreadyThere`, `NotMergeable` |
| 6 | try again later | checks that are not done; `RateLimited`, `HostDown`, `Offline`, `DeadlineExceeded` |
| 7 | look before repeating | `Unconfirmed` |
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_MISSING = 'The command line needs {name}, which is not installed. Install it with: pip install "pullbridge[cli]"\n'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line with these arguments, or the process's own, and return its exit code."""
    try:
        # Here and not above: the module, and the help about what is missing, must not need them.
        from pullbridge.cli.app import run  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if missing.name not in {"typer", "rich"}:
            raise
        sys.stderr.write(_MISSING.format(name=missing.name))
        return 1
    return run(arguments)
