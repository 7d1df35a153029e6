"""What Data Center has not, in the words that `Capabilities` say it with: pure."""

from __future__ import annotations

from pullbridge.capabilities import Can
from pullbridge.errors import Unsupported
from pullbridge.hosts.bitbucket_dc.abilities import lacking
from pullbridge.hosts.bitbucket_dc.versions import named


def unsupported(can: Can, host: str) -> Unsupported:
    """The error for what no Data Center can."""
    why = lacking(can)
    step = f"Instead: {why.remedy}." if why.remedy else None
    return Unsupported(
        f"Bitbucket cannot do that: {why.reason}.", can=can, reason=why.reason, next_step=step, host=host
    )


def too_old(can: Can, since: tuple[int, ...], server: str, host: str) -> Unsupported:
    """The error for what a later version can, and would be passed over in silence by this one."""
    reason = f"it needs Bitbucket {named(since)}, and this is {server}"
    return Unsupported(
        f"It cannot be done here: {reason}.", can=can, reason=reason, next_step="Upgrade the server.", host=host
    )
