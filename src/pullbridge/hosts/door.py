"""The one door of GraphQL: documents go out, without what the server does not have, and answers come in.

For hosts that are built on graphql-ruby, which name every field that they do not know: see `gating`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar

from pullbridge.errors import BadAnswer
from pullbridge.hosts import gating
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.encoding import encoded
from pullbridge.hosts.graphql import GraphAnswer, Partly
from pullbridge.hosts.refusals import lacks_it
from pullbridge.transport.call import Repeat
from pullbridge.transport.reply import Reply

T = TypeVar("T")

#: A document is sent, then without what the server lacks, then without what was put in a missing field's place.
_ATTEMPTS = 3


class Door:
    """One host's. Safe in many threads; what the server was found to lack is left out from then on, without asking."""

    def __init__(
        self,
        host: str,
        types: gating.Types,
        post: Callable[[bytes, Asked, Repeat], Reply],
        decoded: Callable[[Reply, Any, Asked], Any],
        server: Callable[[], str],
    ) -> None:
        """`post` sends a body and raises what is no success; `server` is what answers, as one says it to people."""
        #: The fields that it does not have, as far as it has said so.
        self.missing: frozenset[gating.Field] = frozenset()
        self._host = host
        self._types = types
        self._post = post
        self._decoded = decoded
        self._server = server
        self._lock = Lock()

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
                raise lacks_it(self._server(), f"it has no {names}", {"host": self._host})
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
        reply = self._post(encoded({"query": document, "variables": dict(variables)}), asked, repeat)
        answer: GraphAnswer[T] = self._decoded(reply, GraphAnswer[shape], asked)  # type: ignore[valid-type]  # made at run time
        return Partly(answer.data, answer.errors or (), reply)

    def _lack(self, fields: frozenset[gating.Field], asked: Asked) -> None:
        """Note what the server does not have. A mutation that is missing is refused by what comes next."""
        with self._lock:
            self.missing |= {each for each in fields if each[0] == "Mutation" or self._types.dispensable(each)}
        needed = sorted(".".join(each) for each in fields - self.missing)
        if needed:
            text = f"{self._server()} has no {', '.join(needed)}, without which this cannot be read."
            raise BadAnswer(text, what=asked.what, host=self._host, status=200)
