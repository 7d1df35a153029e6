"""What can go wrong, by what to do next. Nothing else ever leaves the library.

Every error says in its message what happened and what to do; carries the host, the HTTP status and the host's request
id where there are any; keeps the cause in `__cause__`; and never shows a token or an answer's body.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from pullbridge.capabilities import Can
    from pullbridge.model.anchor import Anchor, PlacementReason
    from pullbridge.model.reviews import ReviewReceipt


class BridgeError(Exception):
    """The base of all errors.

    `retryable`: the same call may succeed later, unchanged. `maybe_done`: a write left this machine and nothing reliable
    came back. `text`: what a person wrote and what is not known to be up, so that an editor can keep it. `receipt`: the
    same for a whole review (a `ReviewReceipt`).
    """

    next_step: ClassVar[str] = "Read the cause (`__cause__`) and report it if it is not yours to mend."
    retryable: bool = False
    maybe_done: bool = False
    text: str | None = None
    receipt: ReviewReceipt | None = None

    def __init__(
        self,
        message: str,
        *,
        host: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        next_step: str | None = None,
        retryable: bool | None = None,
        maybe_done: bool = False,
    ) -> None:
        self.summary = message
        self.host = host
        self.status = status
        self.request_id = request_id
        self.remedy: str = next_step or self.next_step
        if retryable is not None:
            self.retryable = retryable
        self.maybe_done = maybe_done
        super().__init__(message)

    def __str__(self) -> str:
        facts = [
            self.host,
            f"HTTP {self.status}" if self.status else None,
            self.request_id and f"request {self.request_id}",
        ]
        where = ", ".join(fact for fact in facts if fact)
        return f"{self.summary}{f' ({where})' if where else ''} {self.remedy}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))


def _rebuild(kind: type[BridgeError], args: tuple[Any, ...], state: dict[str, Any]) -> BridgeError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class SignInNeeded(BridgeError):
    """There is no credential, or the host refused it: it is wrong, expired or revoked."""

    next_step = "Sign in, or give a valid token."


class SignInFailed(SignInNeeded):
    """A sign-in did not come to its end. `reason` says why, for a program; `description` is the host's own text, if any.

    Reasons: `denied` (by the person), `expired` (the code that was to be entered), `timeout` (nobody came back),
    `mix-up` (another host answered), `no-device-flow`, `no-browser`, `port-taken`, `application` (its registration does
    not fit), `refused` (anything else that the host has against it).
    """

    next_step = "Sign in again."

    def __init__(self, message: str, *, reason: str = "refused", description: str | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.reason = reason
        self.description = description


class StoreUnusable(BridgeError):
    """The place where sign-ins are kept cannot be read or written: no keyring, one that is locked, a file of others."""

    next_step = "Unlock it, or choose another store."


class ScopeMissing(BridgeError):
    """The credential is good but was not granted enough. `needed` and `granted` are the host's own names.

    `granted` is `None` when the host did not say. `sso_url` is where to authorize the token for single sign-on.
    """

    next_step = "Grant the missing right to the token, or use another one."

    def __init__(
        self,
        message: str,
        *,
        needed: Iterable[str] = (),
        granted: Iterable[str] | None = None,
        sso_url: str | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, **facts)
        self.needed: tuple[str, ...] = tuple(needed)
        self.granted: tuple[str, ...] | None = None if granted is None else tuple(granted)
        self.sso_url = sso_url


class Forbidden(BridgeError):
    """I may not: my role in this repository does not allow it, whatever the token."""

    next_step = "Ask somebody with a higher role in the repository."


class NotThere(BridgeError):
    """It does not exist, or is hidden from me; a host does not tell which. `what` names it."""

    next_step = "Check the name, and that the account you use may see it."

    def __init__(self, message: str, *, what: str = "", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.what = what


class AlreadyThere(BridgeError):
    """It exists already. `existing` is it, where the host says which."""

    next_step = "Use the existing one."

    def __init__(self, message: str, *, existing: Any = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.existing = existing


class Rejected(BridgeError):
    """The input was refused. `problems` says why, one sentence a problem."""

    next_step = "Correct the input."

    def __init__(self, message: str, *, problems: Sequence[str] = (), **facts: Any) -> None:
        super().__init__(message, **facts)
        self.problems: tuple[str, ...] = tuple(problems)


class Stale(BridgeError):
    """It has changed since you looked. `expected` is what you saw, `found` what is there now."""

    next_step = "Read the pull request again, look at what is new, and decide again."

    def __init__(self, message: str, *, expected: str | None = None, found: str | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.expected = expected
        self.found = found


class NotMergeable(BridgeError):
    """It cannot be merged now. `reasons` says why, one sentence a reason."""

    next_step = "Clear the reasons, or merge with `when_ready=True` where the host can wait."

    def __init__(self, message: str, *, reasons: Sequence[str] = (), **facts: Any) -> None:
        super().__init__(message, **facts)
        self.reasons: tuple[str, ...] = tuple(reasons)


class RateLimited(BridgeError):
    """The host's budget is used up until `resets_at` (an aware `datetime`, `None` when the host did not say)."""

    next_step = "Wait a while; `repo.budget` tells how much is left."
    retryable = True

    def __init__(self, message: str, *, resets_at: datetime | None = None, **facts: Any) -> None:
        if resets_at is not None:
            until = f"{resets_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            facts.setdefault("next_step", f"Wait until {until}; `repo.budget` tells how much is left.")
        super().__init__(message, **facts)
        self.resets_at = resets_at


class Unsupported(BridgeError):
    """This host cannot, or not in this version, edition or with this kind of credential. `reason` says which."""

    next_step = "Ask `repo.can` before the call, and leave the control out where it says no."

    def __init__(self, message: str, *, can: Can | None = None, reason: str = "", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.can = can
        self.reason = reason


class Unplaceable(BridgeError):
    """The anchor is no place that the host takes a comment at. `nearest` is the closest one that it does."""

    next_step = "Comment on the nearest place, on the file, or on the whole pull request."

    def __init__(
        self,
        message: str,
        *,
        anchor: Anchor | None = None,
        reason: PlacementReason | None = None,
        nearest: Anchor | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, **facts)
        self.anchor = anchor
        self.reason = reason
        self.nearest = nearest


class HostDown(BridgeError):
    """The host, or something before it, failed: a 5xx, a cut answer, silence."""

    next_step = "Try again in a while."
    retryable = True


class Offline(BridgeError):
    """No connection could be made: no network, no such name, a proxy that refuses, a certificate that is not trusted."""

    next_step = "Check the network, the proxy and the certificates of this machine."
    retryable = True


class DeadlineExceeded(BridgeError):
    """The time given for this call is over."""

    next_step = "Give it more time (`repo.within(deadline=…)` or `Settings.deadline`)."
    retryable = True


class Cancelled(BridgeError):
    """The caller cancelled, or closed the repository."""

    next_step = "Call again when it is wanted after all."


class Unconfirmed(BridgeError):
    """A write went out and nobody can say whether it arrived. `operation` names it, `payload` is what was written."""

    next_step = "Look at the pull request before you write it again; the text is in `payload`."
    maybe_done = True

    def __init__(self, message: str, *, operation: str = "", payload: Any = None, **facts: Any) -> None:
        facts.setdefault("maybe_done", True)
        super().__init__(message, **facts)
        self.operation = operation
        self.payload = payload


class EgressRefused(BridgeError):
    """Something pointed at an origin that the caller did not name. Nothing was sent there."""

    next_step = "If that origin is yours, connect to it by name; otherwise somebody is after your token."

    def __init__(self, message: str, *, origin: str = "", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.origin = origin


class UnknownHost(BridgeError):
    """The address does not tell which product runs there. `candidates` are the kinds to choose from."""

    next_step = "Say which it is: `connect(…, settings=Settings(kind=…))`."

    def __init__(self, message: str, *, address: str = "", candidates: Sequence[str] = (), **facts: Any) -> None:
        super().__init__(message, **facts)
        self.address = address
        self.candidates: tuple[str, ...] = tuple(candidates)


class BadAnswer(BridgeError):
    """The host answered with something that is not what it documents. `what` names the part."""

    next_step = "If a proxy or a sign-in page stands between, get past it; otherwise report it with the request id."

    def __init__(self, message: str, *, what: str = "", **facts: Any) -> None:
        super().__init__(message, **facts)
        self.what = what
