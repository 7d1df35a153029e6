"""The wire, and the one door through it: a `requests.Session` that the SDKs take for theirs, with `exchange` for us."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar
from urllib.parse import urlencode

import requests

from pullbridge.capabilities import Budget
from pullbridge.errors import Rejected
from pullbridge.model.settings import Settings
from pullbridge.transport import call
from pullbridge.transport.cache import Cache
from pullbridge.transport.call import SLICE, Cancel, Repeat
from pullbridge.transport.egress import Egress, Target
from pullbridge.transport.exchange import Exchanger
from pullbridge.transport.fanout import Fan
from pullbridge.transport.guard import Guard
from pullbridge.transport.order import Order, default_repeat, fit
from pullbridge.transport.pace import Allowance, Refusal
from pullbridge.transport.reply import Dialect, Reply, Signer
from pullbridge.transport.sockets import Sockets
from pullbridge.transport.trust import Trust

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import BaseAdapter

__all__ = ["Allowance", "Dialect", "HostSession", "Refusal", "Repeat", "Reply", "Signer", "Wire"]

T = TypeVar("T")

Params = Mapping[str, Any] | Iterable[tuple[str, Any]]
_DEFAULTS = {"User-Agent": "pullbridge", "Accept": "*/*"}


class HostSession(requests.Session):
    """One account's session with one host; it fits wherever an SDK takes a `requests.Session`.

    Whatever an SDK sets on it (credentials, adapters, proxies, certificates, timeouts) has no effect: the wire decides.
    Redirects are followed below, so an SDK sees none. Its `close` does nothing, because the wire is not the SDK's.
    """

    def __init__(self, exchanger: Exchanger) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.update(_DEFAULTS)
        self._exchanger = exchanger
        self._guard = Guard(exchanger)

    def exchange(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeat: Repeat | None = None,
        accept_statuses: Collection[int] | None = None,
    ) -> Reply:
        """Send one request and read the whole answer, whatever its status below 500.

        `url` is absolute; `params` are added to its query, those that are `None` left out. `repeat` says whether the
        request may be sent again when nobody knows what became of it (default: the mark in force, else by method).
        Answers with one of `accept_statuses` come back as they are, without a judgement or another try.

        Raises `EgressRefused` (nothing was sent), `Rejected` (headers), `Offline` (no connection), `HostDown` (5xx
        after the last try, silence, a cut answer), `RateLimited` (and waiting for it would not end before the
        deadline), `DeadlineExceeded`, `Cancelled`, `BadAnswer` (redirects without end, a coding nobody asked for), and
        what the signer raises. A write that may have been done says so in `maybe_done`.
        """
        verb = method.upper()
        target = self._exchanger.egress.admit(_with_params(url, params))
        order = Order(
            verb,
            target,
            fit({**_DEFAULTS, **(headers or {})}),
            body,
            repeat or default_repeat(verb),
            accept_statuses or (),
        )
        return self._exchanger.perform(order)

    def forget(self, reply: Reply) -> None:
        """Keep an answer no longer that turned out to be none, so that no 304 confirms it."""
        self._exchanger.forget(reply)

    @property
    def budget(self) -> Budget:
        """What is left of the host's rate limit, as of the last answer that said so."""
        return self._exchanger.budget

    def host_now(self) -> datetime | None:
        """The host's clock (aware, to the second), by its last answer and the time since; `None` before any."""
        return self._exchanger.host_now()

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Response:
        """As `requests.Session.request`, but what goes wrong is a `BridgeError`."""
        try:
            return super().request(method, url, *args, **kwargs)
        except (requests.RequestException, UnicodeError) as cause:
            # Without the cause: its text repeats the header or the body that was at fault.
            raise Rejected("The request cannot be put into words.", problems=(type(cause).__name__,)) from None

    def prepare_request(self, request: requests.Request) -> PreparedRequest:
        """As `requests` does, once the address is admitted as it was given: preparing it would resolve `..` unseen."""
        self._exchanger.egress.admit(request.url if isinstance(request.url, str) else request.url.decode())
        return super().prepare_request(request)

    def get_adapter(self, url: str | bytes) -> BaseAdapter:
        """The guard, always."""
        del url
        return self._guard

    def mount(self, prefix: str | bytes, adapter: BaseAdapter) -> None:  # noqa: ARG002  # requests' signature
        """Refused with a `TypeError`: an adapter of an SDK would open connections of its own."""
        if "_guard" in self.__dict__:  # requests' own constructor mounts two; they are never asked
            raise TypeError("this session has the one adapter that it needs")

    def rebuild_auth(self, prepared_request: PreparedRequest, response: Response) -> None:
        """Nothing: the wire signs."""

    def close(self) -> None:
        """Nothing: whoever made the wire closes it."""

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a live connection is not pickled")


class Wire:
    """Sockets, workers and cached answers of one connection. Making one reads the environment and sends nothing.

    At most `settings.max_concurrency` requests are in flight at a time, whoever sends them. `host` names the connection
    in messages. Proxy and certificates are settled here and now: see `trust`.
    """

    def __init__(self, settings: Settings, *, host: str = "") -> None:
        self.settings = settings
        self.host = host
        self.closing: Cancel = Cancel("The connection is closed.")
        self.cache: Cache = Cache()
        self._trust = Trust(settings)
        self.sockets: Sockets = Sockets(self._trust, settings.max_concurrency)
        self._fan = Fan(settings.max_concurrency, self.closing)
        self._slots = threading.Semaphore(settings.max_concurrency)

    def session(
        self, places: Sequence[str], signer: Signer, dialect: Dialect, allowed: Iterable[Allowance] = ()
    ) -> HostSession:
        """A session of one account that reaches these places and no others.

        `places` are URL prefixes such as `https://api.github.com`; `allowed` says how many writes the host takes in
        which time, beyond which they wait. Raises `EgressRefused` for plain http to anything but this very machine.
        """
        return HostSession(Exchanger(self, Egress(places), signer, dialect, allowed))

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        """Call all of them at once on the wire's own threads: see `fanout.Fan.gather`. Raises `Cancelled` once closed."""
        self.closing.check()
        return self._fan.gather(*thunks)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one of the `max_concurrency` places in flight; waits for one within the bounds in force."""
        if not self._slots.acquire(blocking=False):
            bounds = call.bounds()
            bounds.check()
            while not self._slots.acquire(timeout=min(SLICE, bounds.left())):
                bounds.check()
        try:
            yield
        finally:
            self._slots.release()

    def proxy(self, target: Target) -> str | None:
        """The address of the proxy on the way to a target, for messages."""
        proxy = self._trust.proxy(target)
        return proxy.url if proxy else None

    def close(self) -> None:
        """End everything: calls in flight and pauses raise `Cancelled`, sockets and threads go. Again does no harm."""
        self.closing.cancel()
        self._fan.close()
        self.sockets.close()
        self.cache.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a live connection is not pickled")


def _with_params(url: str, params: Params | None) -> str:
    if not params:
        return url
    pairs = params.items() if isinstance(params, Mapping) else params
    query = urlencode([(name, _plain(value)) for name, value in pairs if value is not None], doseq=True)
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
