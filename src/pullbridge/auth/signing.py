"""From credentials to request headers: the signer that transport asks at every attempt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from threading import Lock

from pullbridge.auth.records import Grant
from pullbridge.model.credentials import Basic, Token
from pullbridge.ports import Credentials


class Signing:
    """Signs with the current credential of one host, and renews it once when it is refused.

    `scheme` turns a credential into that host's headers. Many threads whose requests were refused together renew once.
    """

    def __init__(self, credentials: Credentials, scheme: Callable[[Token | Basic], Mapping[str, str]]) -> None:
        self._credentials = credentials
        self._scheme = scheme
        self._lock = Lock()
        self._renewed: tuple[Token | Basic | None, Token | Basic] | None = None
        self._named: tuple[Token | Basic | None, str] = (None, "")

    def headers(self) -> Mapping[str, str]:
        """What signs the next attempt; nothing for anonymous."""
        credential = self._current()
        return self._scheme(credential) if credential is not None else {}

    def renew(self, refused: Mapping[str, str]) -> bool:
        """After a 401 for `refused`: whether other headers are there now."""
        with self._lock:
            if self.headers() != refused:
                return True
            fresh = self._credentials.refresh()
            if fresh is None:
                return False
            self._renewed = (self._credentials.current(), fresh)
            return self.headers() != refused

    def account(self) -> str:
        """A name for the account that gives nothing away: it keeps cached answers of different accounts apart.

        Credentials that know whose they are, whatever token they have just now, say so by an `identity`.
        """
        identity = getattr(self._credentials, "identity", None)
        if identity is not None:
            return str(identity)
        credential = self._current()
        if credential is None:
            return "anonymous"
        known, name = self._named
        if known != credential:
            secret = credential.value if isinstance(credential, Token) else f"{credential.user}:{credential.secret}"
            name = hashlib.sha256(secret.encode()).hexdigest()[:16]
            self._named = credential, name
        return name

    @property
    def anonymous(self) -> bool:
        return self._known() is None

    def known(self) -> Mapping[str, str]:
        """What signs as far as is known here and now: nobody is asked for a new token, as `headers` may do."""
        credential = self._known()
        return self._scheme(credential) if credential is not None else {}

    def _known(self) -> Token | Basic | None:
        grant = getattr(self._credentials, "grant", None)
        return grant.token if isinstance(grant, Grant) else self._current()

    @property
    def granted(self) -> tuple[str, ...] | None:
        """What the credentials themselves say that they were granted: those of a sign-in do. A host may say otherwise."""
        told = getattr(self._credentials, "scopes", None)
        return told if isinstance(told, tuple) else None

    def _current(self) -> Token | Basic | None:
        current = self._credentials.current()
        # What it was renewed to counts only while the credentials still say what was refused.
        if self._renewed is not None and current == self._renewed[0]:
            return self._renewed[1]
        return current
