"""The one door of GraphQL: documents go out, without what the server does not have, and answers come in.

For hosts that are built on graphql-ruby, which name every field that they do not know: see `gating`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, Protocol, TypeVar

from pullbridge.auth.signing import Signing
from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts import gating
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.decoding import decode
from pullbridge.hosts.encoding import encoded
from pullbridge.hosts.graphql import GraphAnswer, GraphError, Partly
from pullbridge.hosts.refusals import lacks_it
from pullbridge.transport.call import Repeat
from pullbridge.transport.reply import Reply, unechoed

T = TypeVar("T")

#: A document is sent, then without what the server lacks, then without what was put in a missing field's place.
_ATTEMPTS = 3


class Behind(Protocol):
    """What a host's `Api` has that the door needs."""

    host: str
    signing: Signing

    @property
    def server(self) -> str:
        """What answers, as one says it to people."""
        ...

    def posted(self, body: bytes, asked: Asked, repeat: Repeat) -> Reply:
        """Send a body; what is no success is raised."""
        ...

    def decoded(self, reply: Reply, shape: Any, asked: Asked) -> Any:
        """Decode an answer's body."""
        ...

    def graph_error(
        self, problems: Sequence[GraphError], asked: Asked, reply: Reply, facts: dict[str, Any]
    ) -> BridgeError:
        """The error for the host's own words, with the SDK's exception as its cause."""
        ...


class Door:
    """One host's. Safe in many threads; what the server was found to lack is left out from then on, without asking."""

    def __init__(self, behind: Behind, types: gating.Types) -> None:
        #: The fields that it does not have, as far as it has said so.
        self.missing: frozenset[gating.Field] = frozenset()
        self._behind = behind
        self._types = types
        self._lock = Lock()

    def execute(
        self, document: str, variables: Mapping[str, Any], shape: type[T], asked: Asked, repeat: Repeat | None
    ) -> T:
        """Execute a document; any error in the answer is raised."""
        answer = self.partial(document, variables, shape, asked, repeat)
        if answer.problems or answer.data is None:
            raise self.failure(answer.problems, asked, answer.reply)
        return answer.data

    def partial(
        self, document: str, variables: Mapping[str, Any], shape: type[T], asked: Asked, repeat: Repeat | None
    ) -> Partly[T]:
        """Execute a document; data and errors may come together (GraphQL specification, section 7.1).

        Raises `Unsupported` where what it lacks is all of the document, or something that `asked` rests on.
        """
        chosen = repeat or (Repeat.NEVER if asked.write else Repeat.SAFE)
        attempts = _ATTEMPTS
        while True:
            reduced = gating.without(document, self.missing, self._types)
            needed = reduced.dropped if reduced.text is None else reduced.dropped & asked.rests_on
            if reduced.text is None or needed:
                names = ", ".join(sorted(".".join(each) for each in needed))
                raise lacks_it(self._behind.server, f"it has no {names}", {"host": self._behind.host})
            answer = self._executed(reduced.text, variables, shape, asked, chosen)
            lacking = gating.unknown(answer.problems) - self.missing
            if lacking:
                self._lack(lacking, asked)
            attempts -= 1
            if not lacking or not attempts:
                return answer

    def _executed(
        self, document: str, variables: Mapping[str, Any], shape: type[T], asked: Asked, repeat: Repeat
    ) -> Partly[T]:
        reply = self._behind.posted(encoded({"query": document, "variables": dict(variables)}), asked, repeat)
        answer: GraphAnswer[T] = self._behind.decoded(reply, GraphAnswer[shape], asked)  # type: ignore[valid-type]  # made at run time
        return Partly(answer.data, answer.errors or (), reply)

    def _lack(self, fields: frozenset[gating.Field], asked: Asked) -> None:
        """Note what the server does not have. A mutation that is missing is refused by what comes next."""
        with self._lock:
            self.missing |= {each for each in fields if each[0] == "Mutation" or self._types.dispensable(each)}
        needed = sorted(".".join(each) for each in fields - self.missing)
        if needed:
            text = f"{self._behind.server} has no {', '.join(needed)}, without which this cannot be read."
            raise BadAnswer(text, what=asked.what, host=self._behind.host, status=200)

    def failure(self, problems: Sequence[GraphError], asked: Asked, reply: Reply) -> BridgeError:
        """The error for GraphQL's errors; an answer with neither data nor errors is a bad one."""
        behind = self._behind
        facts: dict[str, Any] = {"host": behind.host, "status": reply.status, "request_id": reply.request_id}
        if not problems:
            text = f"{behind.server} answered neither data nor errors."
            return BadAnswer(text, what=asked.what, maybe_done=asked.write, **facts)
        body = unechoed(encoded(problems), behind.signing.headers())
        error = behind.graph_error(decode(body, list[GraphError], asked.what, behind.server), asked, reply, facts)
        # What fails below a mutation's own field fails after the mutation (GraphQL specification, section 6.2.2).
        error.maybe_done |= asked.write and any(len(each.path or ()) > 1 for each in problems)
        return error
