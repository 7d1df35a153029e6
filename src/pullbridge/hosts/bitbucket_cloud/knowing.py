"""What is known of each account: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pullbridge.hosts.bitbucket_cloud.errors import scopes
from pullbridge.hosts.bitbucket_cloud.judgement import Connected
from pullbridge.hosts.bitbucket_cloud.tokens import kind_of


class Known:
    """Safe in many threads: each thing is learned whole, and for one account."""

    def __init__(self, signature: Callable[[], Mapping[str, str]], account: Callable[[], str]) -> None:
        """`signature` and `account` tell who signs now."""
        self._signature = signature
        self._account = account
        self._answered: set[str] = set()
        self._granted: dict[str, tuple[str, ...]] = {}

    @property
    def granted(self) -> tuple[str, ...] | None:
        """What the credential was granted, as the headers of an answer have told it."""
        return self._granted.get(self._account())

    def learn_answer(self, status: int, headers: Mapping[str, str]) -> None:
        """Something was answered to this account; most answers tell what it was granted."""
        account, told = self._account(), scopes(headers)
        if status < 400:
            self._answered.add(account)
        if told is not None and status != 401:
            self._granted[account] = told

    def forget(self) -> None:
        """What was granted may have changed."""
        self._granted.clear()

    def connected(self, *, granted: tuple[str, ...] | None = None) -> Connected:
        """All of it, for whoever judges what can be done. `granted` is what the credentials say, until Bitbucket has told."""
        account = self._account()
        return Connected(
            account=account,
            kind=kind_of(self._signature()),
            granted=self._granted.get(account, granted),
            answered=account in self._answered,
        )
