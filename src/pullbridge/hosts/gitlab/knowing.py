"""What is known of an instance, and of each account on it: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pullbridge.hosts.gitlab.judgement import SCOPES, VERSION, Connected
from pullbridge.hosts.gitlab.payloads import AccessToken
from pullbridge.hosts.gitlab.tokens import Grant, kind_of
from pullbridge.hosts.gitlab.versions import Version


class Known:
    """One instance's. Safe in many threads: each thing is learned whole, and for one account."""

    def __init__(
        self, signature: Callable[[], Mapping[str, str]], account: Callable[[], str], *, service: bool
    ) -> None:
        """`signature` and `account` tell who signs now; `service`: it is gitlab.com."""
        self.version: Version | None = None
        #: The account that something was answered to.
        self.answered: str | None = None
        self._signature = signature
        self._account = account
        self._service = service
        self._grants: dict[str, Grant] = {}
        self._versionless: set[str] = set()

    @property
    def server(self) -> str:
        """What answers, as one says it to people."""
        return "GitLab" if self.version is None or self._service else f"GitLab {self.version}"

    @property
    def grant(self) -> Grant | None:
        """What the credential was granted; `None` while nobody has asked."""
        return self._grants.get(self._account())

    def learn_grant(self, told: AccessToken) -> None:
        """Keep what a token says of itself."""
        self._grants[self._account()] = Grant.of(told)

    @property
    def versionless(self) -> bool:
        """Whether this account was not told the version."""
        return self._account() in self._versionless

    def learn_version(self, told: Version | None) -> None:
        """Keep it, or that this account is not told."""
        self.version = told
        if told is None:
            self._versionless.add(self._account())

    def learn_answer(self) -> None:
        """Something was answered to this account."""
        self.answered = self._account()

    def forget(self) -> None:
        """Ask anew what was granted, and for the version if that was not told."""
        self._grants.clear()
        self._versionless.clear()

    def connected(self, *, limited: bool, granted: tuple[str, ...] | None = None) -> Connected:
        """All of it, for whoever judges what can be done.

        `limited`: an answer has told a budget. `granted` is what the credentials themselves say, until GitLab has told.
        """
        account = self._account()
        grant = self._grants.get(account)
        silent = {VERSION: account in self._versionless, SCOPES: grant is not None and grant.scopes is None}
        return Connected(
            account=account,
            kind=kind_of(self._signature()),
            granted=grant.scopes if grant is not None and (grant.scopes is not None or grant.granular) else granted,
            granular=grant is not None and grant.granular,
            answered=self.answered == account,
            service=self._service,
            version=self.version,
            untold=frozenset(name for name, quiet in silent.items() if quiet),
            server=self.server,
            limited=limited,
        )
