"""What happens in a sign-in, for whoever shows it to a person. Values only: the library prints nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pullbridge.capabilities import Can


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the host will be asked for, before it is: each scope with its reason, and what cannot be had.

    `via` is the way that the sign-in takes. `impossible` has a reason for each ability that this kind of credential never
    has. An application with permissions of its own asks for no scopes; what it needs stands in `scopes` all the same.
    """

    host: str
    app: str
    via: str
    scopes: tuple[str, ...]
    reasons: Mapping[str, str]
    impossible: Mapping[Can, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBrowser:
    """The address that the person has to visit. `opened` says whether a browser was started for it."""

    host: str
    app: str
    url: str = field(repr=False)
    opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCode:
    """The code that the person has to enter at `url`, within `expires_in` seconds.

    Show `host` and `app` beside it, so that nobody enters a code for something else than they began. `complete_url` has
    the code in it, for a QR code; open it for nobody who has not asked: RFC 8628, section 5.4.
    """

    host: str
    app: str
    code: str
    url: str
    expires_in: float
    complete_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Nothing yet. The next look is in `seconds`; `problem` is what came in the way of the last one, in a sentence."""

    seconds: float
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """One way is closed, and the next one is taken."""

    closed: str
    via: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Somebody came back who may not be the person: it counts for nothing, and the wait goes on. `error` is what they said."""

    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """It is done. `scopes` were granted (`None` where the host does not say); `missing` are abilities without a scope."""

    host: str
    account: str
    scopes: tuple[str, ...] | None
    missing: frozenset[Can]
    excess: tuple[str, ...]


Event = Asking | OpenBrowser | EnterCode | Waiting | Instead | Ignored | SignedIn
