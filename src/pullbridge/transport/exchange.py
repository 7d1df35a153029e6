"""One exchange: let out, signed, paced, sent, judged, and again where that is allowed.

Errors are values until the end, so that no frame that holds a signed header is part of what a caller catches.
"""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from urllib3.exceptions import HTTPError

from pullbridge.capabilities import Budget
from pullbridge.errors import BadAnswer, BridgeError, HostDown, RateLimited, SignInNeeded
from pullbridge.transport import cache, call, faults, pace, retry, trace
from pullbridge.transport.call import Repeat
from pullbridge.transport.egress import Egress
from pullbridge.transport.order import Order, is_fit
from pullbridge.transport.reply import Dialect, Reply, Signer, request_id, unechoed
from pullbridge.transport.retry import Outcome, Setback
from pullbridge.transport.sockets import NO_RETRY, Flight, aboard

if TYPE_CHECKING:
    from pullbridge.transport.session import Wire

MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Exchanger:
    """The exchanges of one account with one host, over a wire. Safe in many threads."""

    def __init__(
        self, wire: Wire, egress: Egress, signer: Signer, dialect: Dialect, allowed: Iterable[pace.Allowance] = ()
    ) -> None:
        self.egress = egress
        self.budget: Budget = Budget()
        self._wire = wire
        self._signer = signer
        self._dialect = dialect
        self._pace = pace.Pace(allowed=tuple(allowed))
        self._lock = threading.Lock()
        self._date: tuple[str, float] | None = None

    def host_now(self) -> datetime | None:
        """The host's clock: its last `Date` and the time since."""
        if self._date is None:
            return None
        text, at = self._date
        moment = pace.http_date(text)
        return None if moment is None else moment + timedelta(seconds=time.monotonic() - at)

    def forget(self, reply: Reply) -> None:
        """Keep an answer no longer."""
        self._wire.cache.drop(reply)

    def perform(self, order: Order) -> Reply:
        """Exchange it. Raises what `HostSession.exchange` says."""
        settings = self._wire.settings
        with call.serving(settings.deadline, self._wire.closing):
            outcome = self._hops(order)
        if isinstance(outcome, Reply):
            return outcome
        error = outcome.error
        error.host = error.host or order.target.place
        error.__traceback__ = None
        raise error from outcome.cause or error.__cause__

    def _hops(self, order: Order) -> Outcome:
        for _ in range(MAX_REDIRECTS + 1):
            outcome = self._settled(order)
            if isinstance(outcome, Setback) or not _leads_on(outcome, order):
                return outcome
            try:
                order = order.redirected(self.egress.follow(order.target, outcome.headers["Location"]), outcome.status)
            except BridgeError as refused:
                return Setback(refused)
        return Setback(BadAnswer(f"More than {MAX_REDIRECTS} redirects in a row.", what="a redirect"))

    def _settled(self, order: Order) -> Outcome:
        """Attempted, repeated where allowed, and signed anew once if the signature was refused."""
        outcome = self._persisted(order)
        if isinstance(outcome, Reply) and outcome.status == 401 and order.signed and 401 not in order.accepted:
            try:
                renewed = self._signer.renew(order.signed)
            except BridgeError as error:
                return Setback(error)
            if renewed:
                outcome = self._persisted(order)
        return outcome

    def _persisted(self, order: Order) -> Outcome:
        try:
            outcome = retry.persist(lambda: self._attempt(order), order.repeat, self._wire.settings.retries)
        except BridgeError as stopped:  # a pause that was cut short
            outcome = Setback(stopped)
        if isinstance(outcome, Setback) and order.in_doubt:
            outcome.error.maybe_done = True
        return outcome

    def _attempt(self, order: Order) -> Outcome:
        flight = Flight(call.bounds(), self._wire.settings.timeout)
        began = time.monotonic()
        order.attempts += 1
        try:
            flight.bounds.check()
            order.signed = self._signer.headers()
            self._await_pace(order)
            with self._wire.slot():
                began = time.monotonic()
                outcome = self._sent(order, flight)
        except BridgeError as error:
            faults.bare(error, order.outer)
            outcome = Setback(error, sent=flight.sent, final=True)
        if isinstance(outcome, Setback) and outcome.in_doubt:
            order.in_doubt |= order.repeat is Repeat.NEVER or order.method in {"PUT", "PATCH", "DELETE"}
        self._tell(order, outcome, began)
        return outcome

    def _sent(self, order: Order, flight: Flight) -> Outcome:
        place = self._cache_place(order)
        kept = self._wire.cache.find(place) if place is not None else None
        headers = {**order.headers, "Accept-Encoding": "gzip", **_signature(order.signed)}
        if kept is not None:
            headers["If-None-Match"] = kept.etag
        try:
            with aboard(flight):
                reply = self._transmitted(order, headers)
        except (HTTPError, OSError, ValueError, EOFError, zlib.error) as cause:
            flight.bounds.check()  # closing takes the sockets away, which is not the host's fault
            return faults.setback(cause, order.target, flight, self._wire.proxy(order.target), order.outer)
        if reply.status == 304 and kept is not None:
            reply = kept.confirmed(reply)
        outcome = self._judged(order, reply)
        if place is not None and isinstance(outcome, Reply) and not reply.from_cache:
            self._wire.cache.keep(place, reply)
        return outcome

    def _transmitted(self, order: Order, headers: Mapping[str, str]) -> Reply:
        response = self._wire.sockets.pool(order.target).urlopen(
            order.method,
            order.target.resource,
            body=order.body,
            headers=headers,
            retries=NO_RETRY,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            body = response.read()
            framed = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
            if not body and not framed and response.status == 200 and order.method != "HEAD":
                raise EOFError("an answer without a length ended before its first byte")
        finally:
            response.release_conn()
        told = response.headers
        if body and "Content-Encoding" in told:
            body = _decoded(body, told["Content-Encoding"])
        if response.status >= 400:
            body = unechoed(body, order.signed)
        told.discard("Set-Cookie")
        return Reply(response.status, told, body, order.target.url, request_id(told), reason=response.reason or "")

    def _judged(self, order: Order, reply: Reply) -> Outcome:
        headers = reply.headers
        if "Date" in headers:
            self._date = headers["Date"], time.monotonic()
        self.budget = self._dialect.budget(headers) or self.budget
        if reply.status in order.accepted:
            return reply
        refusal = self._dialect.refusal(reply.status, headers, reply.body)
        if refusal is not None:
            return self._refused(reply, refusal)
        if reply.status < 500:
            return reply
        error = HostDown(
            f"{order.target.place} failed.", host=order.target.place, status=reply.status, request_id=reply.request_id
        )
        wait = pace.retry_after(headers.get("Retry-After"), self._now())
        return Setback(error, sent=True, wait=wait, final=reply.status not in retry.PASSING)

    def _refused(self, reply: Reply, refusal: pace.Refusal) -> Setback:
        now = self._now()
        wait = pace.wait_for(refusal, reply.headers, now)
        with self._lock:
            self._pace = self._pace.after_refusal(time.monotonic(), refusal, wait)
        resets_at = refusal.resets_at or (None if wait is None else now + timedelta(seconds=wait))
        error = RateLimited(
            refusal.message or "The host asks for fewer requests.",
            resets_at=resets_at,
            host=self.egress.host,
            status=reply.status,
            request_id=reply.request_id,
        )
        return Setback(error, sent=True, refused=True, wait=wait)

    def _await_pace(self, order: Order) -> None:
        """Wait for this write's turn; raise at once when that comes after the deadline."""
        if not order.creates:
            return
        with self._lock:
            now = time.monotonic()
            turn = self._pace.next_write(now, self.budget, self._now())
            if turn > now and turn - now >= call.bounds().left():
                raise RateLimited(
                    "The host takes no more writes so soon, and this one's turn comes after the deadline.",
                    resets_at=self._now() + timedelta(seconds=turn - now),
                )
            self._pace = self._pace.after_write(turn)
        if turn > now:
            call.sleep(turn - now)

    def _cache_place(self, order: Order) -> Hashable | None:
        if order.method != "GET" or order.body is not None:
            return None
        return cache.key(self._signer.account(), order.target.url, order.headers)

    def _now(self) -> datetime:
        return self.host_now() or datetime.now(UTC)

    def _tell(self, order: Order, outcome: Outcome, began: float) -> None:
        now, listener = time.monotonic(), self._wire.settings.trace
        waited, order.since = began - order.since, now
        if listener is None:
            return
        reply = outcome if isinstance(outcome, Reply) else None
        answer = outcome if isinstance(outcome, Reply) else outcome.error
        event = trace.Event(
            method=order.method,
            url=order.target.origin + order.target.path,
            status=answer.status,
            attempt=order.attempts,
            wait=waited,
            elapsed=now - began,
            size=len(reply.body) if reply else 0,
            request_id=answer.request_id,
            from_cache=reply.from_cache if reply else False,
            error=None if reply else type(answer).__name__,
            operation=call.operation(),
        )
        trace.tell(listener, event)


def _leads_on(reply: Reply, order: Order) -> bool:
    return reply.status in _REDIRECTS and reply.status not in order.accepted and "Location" in reply.headers


def _signature(signed: Mapping[str, str]) -> Mapping[str, str]:
    """The signer's headers, once it is sure that no error about a bad one will print it."""
    if not all(is_fit(name, value) for name, value in signed.items()):
        raise SignInNeeded("The credential holds characters that no header can carry, such as a line break.")
    return signed


def _decoded(body: bytes, encoding: str) -> bytes:
    """Undo the one coding that is asked for. A body that is cut, or was never gzip, raises."""
    if encoding.lower() in {"gzip", "x-gzip"}:
        return gzip.decompress(body)
    if encoding.lower() in {"identity", ""}:
        return body
    raise BadAnswer("The answer came in a coding that was not asked for.", what="Content-Encoding")
