"""How Data Center says that too much is asked of it: pure.

https://confluence.atlassian.com/bitbucketserver/improving-instance-stability-with-rate-limiting-976171954.html: a bucket
of tokens for each user, which fills by and by. The 429 tells neither how large it is nor when it has some again, so that
the waits grow.
"""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.capabilities import Budget
from pullbridge.hosts import budgets
from pullbridge.transport.pace import Refusal

#: What Jira's Data Center says; whether Bitbucket's does is unverified. https://confluence.atlassian.com/adminjiraserver/adjusting-your-code-for-rate-limiting-987143384.html
_PREFIX = "x-ratelimit-"


class DataCenterDialect:
    """`transport.session.Dialect`."""

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """A 429 with whatever it tells."""
        if status != 429:
            return None
        return Refusal(resets_at=budgets.resets_at(headers, _PREFIX), message="Bitbucket asks for a pause.")

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        """What is left, on an instance that says so."""
        return budgets.budget(headers, _PREFIX, "x-ratelimit-resource")
