"""What is known of an instance, and of each account on it: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote

from pullbridge.hosts.bitbucket_dc.judgement import VERSION, Connected
from pullbridge.hosts.bitbucket_dc.tokens import kind_of
from pullbridge.hosts.bitbucket_dc.versions import Version

#: Who was signed in, in every answer. https://community.developer.atlassian.com/t/obtain-authorised-users-username-from-api/24422
_NAME = "X-AUSERNAME"


class Known:
    """One instance's. Safe in many threads: each thing is learned whole, and for one account."""

    def __init__(self, signature: Callable[[], Mapping[str, str]], account: Callable[[], str]) -> None:
        """`signature` and `account` tell who signs now."""
        self.version: Version | None = None
        #: Whether the instance was asked for its version, and told none.
        self.versionless: bool = False
        self._signature = signature
        self._account = account
        self._names: dict[str, str] = {}
        self._answered: set[str] = set()

    @property
    def server(self) -> str:
        """What answers, as one says it to people."""
        return "Bitbucket" if self.version is None else f"Bitbucket {self.version}"

    @property
    def name(self) -> str | None:
        """What the account that signs now signs in with, as far as an answer has told it."""
        return self._names.get(self._account())

    def learn_version(self, told: Version | None) -> None:
        """Keep it, or that it is not told."""
        self.version, self.versionless = told, told is None

    def learn_answer(self, status: int, headers: Mapping[str, str]) -> bool:
        """Something was answered to this account; a header names it if the credential is accepted. Whether it did."""
        account, name = self._account(), unquote(headers.get(_NAME, ""))
        if status < 400:
            self._answered.add(account)
        named = bool(name) and name != "anonymous"
        if named:
            self._names[account] = name
        return named

    def forget(self) -> None:
        """Ask anew for the version, which an upgrade changes."""
        self.version, self.versionless = None, False

    def connected(self, *, limited: bool, granted: tuple[str, ...] | None = None) -> Connected:
        """All of it, for whoever judges what can be done.

        `limited`: an answer has told a budget. `granted` is what the credentials themselves say: Data Center never does.
        """
        account = self._account()
        return Connected(
            account=account,
            kind=kind_of(self._signature()),
            granted=granted,
            answered=account in self._answered,
            version=self.version,
            untold=frozenset({VERSION} if self.versionless else ()),
            server=self.server,
            limited=limited,
        )
