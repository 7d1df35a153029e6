"""How Bitbucket Cloud says that too much is asked of it, and what is counted here because it does not say.

A limit counts the requests of the last hour, and no answer tells when there is room again. Only to access tokens do
answers tell the limit, and whether less than a fifth of it is left; to everybody else they tell nothing.
https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from threading import Lock

from pullbridge.capabilities import Budget
from pullbridge.hosts.budgets import number
from pullbridge.transport.pace import Refusal

#: Requests in an hour, of somebody who has signed in and of nobody in particular.
SIGNED, ANONYMOUS = 1_000, 60
_HOUR = 3_600.0
#: What a budget is called that is counted here; others with the same credential are not in it.
COUNTED = "requests of the last hour, as counted here"


class CloudDialect:
    """`transport.session.Dialect`. Safe in many threads; `account` and `anonymous` tell who asks."""

    def __init__(
        self, account: Callable[[], str], anonymous: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._account = account
        self._anonymous = anonymous
        self._clock = clock
        self._lock = Lock()
        self._asked: dict[str, deque[float]] = {}

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """A 429, which seldom tells how long; then the pauses between attempts grow."""
        del headers, body
        return Refusal(message="The budget of the last hour is used up.") if status == 429 else None

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        """What is left at most: the limit, as told or as published, without what was asked from here within the hour."""
        asked = self._counted()
        told = number(headers.get("X-RateLimit-Limit"))
        limit = told or (ANONYMOUS if self._anonymous() else SIGNED)
        remaining = max(0, limit - asked)
        if headers.get("X-RateLimit-NearLimit", "").lower() == "true":
            # "less than 20% of requests remain": https://bitbucket.org/blog/introducing-scaled-rate-limits-for-bitbucket-cloud-api
            remaining = min(remaining, limit // 5)
        return Budget(limit=limit, remaining=remaining, resource=headers.get("X-RateLimit-Resource") or COUNTED)

    def _counted(self) -> int:
        now = self._clock()
        with self._lock:
            asked = self._asked.setdefault(self._account(), deque(maxlen=10_000))
            asked.append(now)
            while asked[0] <= now - _HOUR:
                asked.popleft()
            return len(asked)
