"""What went wrong below, in the library's own errors: exceptions in, a `Setback` out, and no secret in either."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.client import IncompleteRead
from socket import gaierror

from urllib3.exceptions import IncompleteRead as ShortRead
from urllib3.exceptions import ProxyError
from urllib3.exceptions import TimeoutError as Urllib3Timeout

from pullbridge.errors import BridgeError, HostDown, Offline
from pullbridge.transport.egress import Target
from pullbridge.transport.retry import Setback
from pullbridge.transport.sockets import Flight

_TRUST = (
    "Point Settings(ca_bundle=…) or REQUESTS_CA_BUNDLE at your organisation's certificate authority, "
    "and make sure that nobody listens in."
)


def setback(
    cause: BaseException, target: Target, flight: Flight, proxy: str | None, outer: BaseException | None
) -> Setback:
    """Judge the exception that ended an attempt at a target.

    `proxy` is the proxy's address on the way, if there is one; `outer` as in `bare`.
    """
    chain = bare(cause, outer)
    place = target.place
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        why = next(link.verify_message for link in chain if isinstance(link, ssl.SSLCertVerificationError))
        told = f"The TLS certificate of {place} is not trusted: {why}."
        return Setback(Offline(told, host=place, next_step=_TRUST), cause, sent=flight.sent, final=True)
    if proxy is not None and any(isinstance(link, ProxyError) for link in chain):
        return _proxy_setback(cause, chain, place, proxy)
    refused = next((link for link in chain if isinstance(link, ssl.SSLError)), None)
    if refused is not None:
        return Setback(Offline(f"TLS with {place} failed: {_tls(refused)}.", host=place), cause, sent=flight.sent)
    if not flight.sent:
        return Setback(Offline(_unreached(chain, place, target.host), host=place), cause)
    # A connection that died while it lay idle says nothing about the host: no reason to pause before a new one.
    wait = 0.0 if flight.reused and not _timed_out(chain) else None
    return Setback(HostDown(_broken(chain, place), host=place), cause, sent=True, wait=wait)


def bare(error: BaseException, outer: BaseException | None) -> tuple[BaseException, ...]:
    """Take from an exception, and all behind it, what could hold a secret. Returns the whole chain.

    That is the frames it went through, live objects such as connections, and parts of an answer's body. What the caller
    was handling when the call began (`outer`) is context too, but the caller's own, and stays as it is.
    """
    chain = tuple(_chain(error, outer))
    for link in chain:
        link.__traceback__ = None
        if isinstance(link, BridgeError):
            continue
        link.args = tuple(_harmless(arg) for arg in link.args)
        for name, value in list(vars(link).items()):
            setattr(link, name, _harmless(value))
    return chain


def _harmless(value: object) -> object:
    if isinstance(value, bytes):
        return b""
    return value if isinstance(value, str | int | BaseException) else None


def _chain(error: BaseException, outer: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that led to it, each once, as far as `outer`. urllib3 also hides some in `args`."""
    seen = {id(outer)}
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop(0)
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        waiting += [link.__cause__, link.__context__, *(arg for arg in link.args if isinstance(arg, BaseException))]
        yield link


def _proxy_setback(cause: BaseException, chain: tuple[BaseException, ...], host: str, proxy: str) -> Setback:
    asks = any("407" in str(arg) for link in chain for arg in link.args)
    why = "asks for a user and a password (407)" if asks else "does not let this through, or cannot be reached"
    step = "Give it as Settings(proxy='http://user:password@host:port')." if asks else "Check the proxy."
    return Setback(Offline(f"The proxy {proxy} {why}.", host=host, next_step=step), cause, final=asks)


def _unreached(chain: tuple[BaseException, ...], place: str, host: str) -> str:
    if any(isinstance(link, gaierror) for link in chain):
        return f"The name {host} cannot be resolved."
    if _timed_out(chain):
        return f"{place} did not answer an attempt to connect."
    return f"{place} cannot be reached{_because(chain)}."


def _broken(chain: tuple[BaseException, ...], place: str) -> str:
    if _timed_out(chain):
        return f"{place} fell silent."
    if any(isinstance(link, (IncompleteRead, ShortRead, EOFError)) for link in chain):
        return f"The answer of {place} was cut off."
    return f"The connection to {place} broke{_because(chain)}."


def _timed_out(chain: tuple[BaseException, ...]) -> bool:
    return any(isinstance(link, (TimeoutError, Urllib3Timeout)) for link in chain)


def _because(chain: tuple[BaseException, ...]) -> str:
    why = next((link.strerror for link in chain if isinstance(link, OSError) and link.strerror), None)
    return f": {why}" if why else ""


def _tls(error: ssl.SSLError) -> str:
    return (error.reason or "the connection ended").replace("_", " ").lower()
