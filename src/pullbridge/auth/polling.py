"""Asking again and again whether a code was entered. https://www.rfc-editor.org/rfc/rfc8628#section-3.5"""

from __future__ import annotations

import time
from collections.abc import Callable

from pullbridge.auth.answers import DeviceCode, Told
from pullbridge.auth.records import Grant
from pullbridge.errors import BridgeError, HostDown, Offline, RateLimited, SignInFailed
from pullbridge.transport import call

#: The clocks of virtual machines run fast by 5 to 30 %, and a host counts what comes too soon:
#: https://github.com/cli/cli/issues/9370
_MARGIN, _MARGIN_AFTER_WARNING = 1.2, 1.4
#: Seconds that are added for good when the host asks for patience and does not say how much.
_MORE = 5.0


def poll(
    device: DeviceCode,
    ask: Callable[[], Grant | Told],
    on_wait: Callable[[float, str | None], None],
    *,
    sleep: Callable[[float], None] = call.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Grant:
    """Ask until there is a grant or the code is over, no sooner than the host allows; waits within the bounds in force.

    A host that cannot be reached is asked more and more rarely. `on_wait` gets each pause and, if something came in the
    way, a sentence. Raises `SignInFailed` (`expired`, `denied`), `Cancelled`, and what else `ask` raises.
    """
    ends = clock() + device.expires_in
    interval, margin, problem = device.interval, _MARGIN, None
    while True:
        pause = interval * margin
        if clock() + pause >= ends:
            text = "The code was not entered in time."
            raise SignInFailed(text, reason="expired")
        on_wait(pause, problem)
        sleep(pause)
        problem = None
        try:
            found = ask()
        except (Offline, HostDown, RateLimited) as passing:
            interval, problem = interval * 2, passing.summary
            continue
        except BridgeError:
            raise
        if isinstance(found, Grant):
            return found
        if found.error == "slow_down":
            interval, margin = max(interval, found.interval or interval + _MORE), _MARGIN_AFTER_WARNING
