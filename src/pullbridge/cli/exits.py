"""Exit codes, by what to do next; the table stands in `pullbridge.cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pullbridge import errors
from pullbridge.model.checks import CheckState
from pullbridge.model.merge import MergeabilityState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pullbridge.model.checks import Check
    from pullbridge.model.merge import Mergeability

DONE: Final = 0
FAILED: Final = 1
LOOK_AGAIN: Final = 5
LATER: Final = 6
#: The first that fits.
_CODES: Final[tuple[tuple[tuple[type[errors.BridgeError], ...], int], ...]] = (
    ((errors.SignInNeeded, errors.ScopeMissing, errors.Forbidden), 3),
    ((errors.NotThere, errors.UnknownHost), 4),
    ((errors.Stale, errors.AlreadyThere, errors.NotMergeable), LOOK_AGAIN),
    ((errors.RateLimited, errors.HostDown, errors.Offline, errors.DeadlineExceeded), LATER),
    ((errors.Unconfirmed,), 7),
)
_BAD: Final = frozenset({CheckState.FAILURE, CheckState.ERROR, CheckState.ACTION_REQUIRED, CheckState.CANCELLED})
_UNFINISHED: Final = frozenset({CheckState.PENDING, CheckState.RUNNING})


def exit_code(error: errors.BridgeError) -> int:
    """The exit code that tells what to do about an error."""
    return next((code for kinds, code in _CODES if isinstance(error, kinds)), FAILED)


def of_checks(found: Iterable[Check]) -> int:
    """Failed as soon as one has; later while one is unfinished."""
    states = {check.state for check in found}
    if states & _BAD:
        return FAILED
    return LATER if states & _UNFINISHED else DONE


def of_mergeability(state: Mergeability) -> int:
    """Done only for what can be merged now."""
    if state.state is MergeabilityState.READY:
        return DONE
    return LATER if state.state is MergeabilityState.CHECKING else LOOK_AGAIN
