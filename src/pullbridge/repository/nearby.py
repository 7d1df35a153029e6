"""What the checkout has need not be asked of the host: a repository connected from a folder looks there first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullbridge.errors import BridgeError, Rejected

if TYPE_CHECKING:
    from pullbridge.local.checkout import Checkout


def text_at(checkout: Checkout | None, commit: str, path: str) -> bytes | None:
    """A file at a commit, from local objects; `None` where they are not here, or git cannot tell: then the host is asked."""
    if checkout is None:
        return None
    from pullbridge.local import objects  # noqa: PLC0415  # starts processes, only where there is a checkout

    try:
        return objects.text_at(checkout, commit, path)
    except BridgeError:
        return None


def saved(checkout: Checkout | None, path: str) -> bytes:
    """A file as it is saved in the work tree. Raises as `work_tree.text_of`, and `Rejected` where there is no checkout."""
    if checkout is None:
        problem = "no text was given, and the repository was not connected from a checkout"
        step = "Give the text, or connect to the folder of a checkout."
        raise Rejected(f"What does {path} hold now? {problem.capitalize()}.", problems=(problem,), next_step=step)
    from pullbridge.local import work_tree  # noqa: PLC0415  # see above

    return work_tree.text_of(checkout, path)
