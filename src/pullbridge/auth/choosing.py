"""Which way a sign-in takes: pure.

An editor's own callback first, then a browser that comes back to this machine, then a code that is entered elsewhere, then
an address that is pasted. None waits for another to fail: what cannot work here is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from pullbridge.auth.apps import ClientApp
from pullbridge.errors import SignInFailed
from pullbridge.model.oauth import OAuth

Via = Literal["browser", "device", "paste"]
#: Failures of one way after which another one may work.
CLOSED: Final = frozenset({"no-device-flow", "port-taken"})
_ORDER: Final[tuple[Via, ...]] = ("browser", "device", "paste")
_UNPROVEN: Final = "the host changes a code into a token only for an application with a secret"
_NO_CODES: Final = "the host has no sign-in by a code that is entered"
_NO_PASTE: Final = "nobody is there to paste an address"


def ways(
    oauth: OAuth, app: ClientApp, via: Via | None, *, headless: str | None, receives: bool, pastes: bool
) -> tuple[Via, ...]:
    """The ways to try, in order; with `via`, that one alone.

    `headless` is why no browser can come back here, `receives` whether the caller waits for it; `pastes` whether somebody
    can be asked for an address. Raises `SignInFailed` when none is left, and says of each why.
    """
    shut = _shut(oauth, app, None if via == "browser" or receives else headless, pastes=pastes)
    wanted = _ORDER if via is None else (via,)
    found = tuple(each for each in wanted if each not in shut)
    if found:
        return found
    reason = "no-device-flow" if via == "device" else "application" if _UNPROVEN in shut.values() else "no-browser"
    whole = "; ".join(f"{each}: {shut[each]}" for each in wanted)
    open_ways = [each for each in _ORDER if each not in shut]
    step = f"Sign in by {' or '.join(open_ways)}." if open_ways else "Sign in with a token of your own."
    raise SignInFailed(f"There is no way to sign in ({whole}).", reason=reason, next_step=step)


def _shut(oauth: OAuth, app: ClientApp, headless: str | None, *, pastes: bool) -> Mapping[Via, str]:
    secret = _UNPROVEN if oauth.code_needs_secret and app.client_secret is None else None
    closed: dict[Via, str | None] = {
        "browser": secret or headless,
        "device": None if oauth.device is not None else _NO_CODES,
        "paste": secret or (None if pastes else _NO_PASTE),
    }
    return {way: why for way, why in closed.items() if why is not None}
