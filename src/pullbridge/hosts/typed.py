"""What every host's `Api` does alike: requests go out by its SDK, and typed answers come back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, ClassVar, Protocol, TypeVar

from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.decoding import decode
from pullbridge.model.settings import Settings
from pullbridge.transport.call import Repeat
from pullbridge.transport.session import HostSession, Reply, Wire

T = TypeVar("T")


class Exchanging(Protocol):
    """An SDK's client over the guarded session; see `sending.Sending`."""

    def exchange(
        self,
        verb: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeat: Repeat | None = None,
        /,
    ) -> Reply:
        """Send one request and read its whole answer, whatever its status below 500."""
        ...


class TypedApi(ABC):
    """One host, over one wire. A subclass sends (`reply`), and knows the SDK's live object of a repository (`living`)."""

    #: The product, as one says it to people.
    product: ClassVar[str]
    #: Where every request goes through.
    session: HostSession
    #: The SDK's client.
    requests: Exchanging

    def __init__(self, host: str, settings: Settings) -> None:
        self.host: str = host
        self.wire: Wire = Wire(settings, host=host)
        self._lock = Lock()
        self._live: dict[str, Any] = {}

    @abstractmethod
    def reply(
        self,
        verb: str,
        path: str,
        asked: Asked,
        *,
        params: Mapping[str, Any] | None = None,
        accept: str = "application/json",
        body: Any = None,
        repeat: Repeat | None = None,
    ) -> Reply:
        """Send one request; an answer that is no success is raised. (The transport has followed what leads on.)"""

    @abstractmethod
    def living(self, path: str) -> Any:
        """Make the SDK's live object of a repository, over the same session; nothing is asked for it."""

    def exchanged(self, *request: Any) -> Reply:
        """What `requests.exchange` brings; an error of the wire's knows by which host it was."""
        try:
            return self.requests.exchange(*request)
        except BridgeError as error:
            error.host = self.host
            raise

    def get(self, path: str, shape: type[T], asked: Asked, *, params: Mapping[str, Any] | None = None) -> T:
        """GET and decode."""
        return self.decoded(self.reply("GET", path, asked, params=params), shape, asked)

    def send(self, verb: str, path: str, body: Any, shape: type[T], asked: Asked, *, repeat: Repeat | None = None) -> T:
        """Write and decode. An answer that cannot be read leaves it open whether the write was done."""
        return self.decoded(self.reply(verb, path, asked, body=body, repeat=repeat), shape, asked)

    def decoded(self, reply: Reply, shape: type[T], asked: Asked) -> T:
        """Decode an answer's body. One that cannot be read is not kept for the next time either."""
        try:
            return decode(reply.body, shape, asked.what, self.product)
        except BadAnswer as error:
            self.session.forget(reply)
            error.host, error.status, error.request_id = self.host, reply.status, reply.request_id
            error.maybe_done = asked.write
            raise

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        """Run all of them at once on the wire's own threads."""
        return self.wire.gather(*thunks)

    def native(self, path: str) -> Any:
        """The SDK's live object of a repository: one for all who ask for it."""
        with self._lock:
            if path not in self._live:
                self._live[path] = self.living(path)
            return self._live[path]
