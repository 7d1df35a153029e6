"""How an SDK sends here: it puts addresses and headers together, and the guarded session sends them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NoReturn
from urllib.parse import urlsplit

import requests

from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.decoding import decode
from pullbridge.hosts.encoding import checked
from pullbridge.transport.call import Repeat
from pullbridge.transport.session import HostSession, Reply

JSON = "application/json"
Refusal = Callable[[Reply, Asked], BridgeError]


class Sending(ABC):
    """What an SDK's client is made of besides. Safe in many threads: it keeps nothing about a request in flight."""

    #: On every request.
    headers_of_all: ClassVar[Mapping[str, str]]

    @abstractmethod
    def address(self, path: str) -> str:
        """Where a path of the API is, as the SDK puts it together."""

    @abstractmethod
    def session_for(self, verb: str, path: str) -> HostSession:
        """What sends such a request."""

    def exchange(
        self,
        verb: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeat: Repeat | None = None,
    ) -> Reply:
        """Send one request and read its whole answer, whatever its status below 500."""
        sent = {**self.headers_of_all, **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", JSON)
        params = checked(parameters) if parameters else None
        session = self.session_for(verb, path)
        return session.exchange(verb, self.address(path), params=params, headers=sent, body=body, repeat=repeat)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a live connection is not pickled")


def answered(reply: Reply, verb: str, refusal: Refusal, product: str, session: HostSession) -> None:
    """Raise what no SDK's own objects may see, who would wait for it, repeat, wrap or print it.

    That is the error for a refusal, and `BadAnswer` for a page, or for what is no JSON and says that it is; `session`
    keeps neither of these for the next time.
    """
    write = verb.upper() not in {"GET", "HEAD"}
    if reply.status >= 400:
        raise refusal(reply, Asked(what="such resource", write=write))
    kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/html" or (kind == JSON and reply.body and not _is_json(reply.body)):
        facts: dict[str, Any] = {"status": reply.status, "request_id": reply.request_id, "maybe_done": write}
        session.forget(reply)
        host = urlsplit(reply.url).netloc
        raise BadAnswer(f"The answer is not what {product}'s API answers.", what="a JSON answer", host=host, **facts)


def _is_json(body: bytes) -> bool:
    try:
        decode(body, object, "a JSON answer", "the host")
    except BadAnswer:
        return False
    return True


class AtlassianSession:
    """The session that atlassian's objects send through: the guarded one, whose refusals are `BridgeError`s at once.

    They pass on the session that they were given, and lose everything else on the way to each other, so that it is here
    that nothing of theirs counts: what they set on a session is set on this.
    """

    verify: bool = True

    def __init__(self, session: HostSession, refusal: Refusal) -> None:
        self._session = session
        self._refusal = refusal

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request. Raises what the wire raises, and what `answered` raises."""
        sent = {name: options[name] for name in ("headers", "data", "json", "files") if options.get(name) is not None}
        answer = self._session.request(method, url, **sent)
        found = Reply(answer.status_code, answer.headers, answer.content, answer.url)
        answered(found, method, self._refusal, "Bitbucket", self._session)
        return answer

    def close(self) -> None:
        """Nothing: whoever made the wire closes it."""

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a live connection is not pickled")
