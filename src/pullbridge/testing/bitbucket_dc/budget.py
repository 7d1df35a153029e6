"""Rate limiting: each user has a bucket of requests that is filled again with time.

https://confluence.atlassian.com/bitbucketserver/improving-instance-stability-with-rate-limiting-976171954.html. Who is over
it hears 429 and nothing of when to come back.
"""

from __future__ import annotations

from datetime import datetime

from pullbridge.testing.bitbucket_dc.errors import ApiError
from pullbridge.testing.store import Token


def exhausted() -> ApiError:
    """The answer to one request too many: no JSON (https://github.com/cdancy/bitbucket-rest/issues/354); its words are unverified."""
    text = b"Rate limit exceeded. Your request has been throttled."
    return ApiError(429, text, headers={"Content-Type": "text/plain;charset=UTF-8"})


class Budget:
    """Everybody's bucket: `capacity` requests at once (`None` for no limit), `fill_rate` more a second."""

    def __init__(self, capacity: int | None = None, fill_rate: float = 5) -> None:
        self.capacity = capacity
        self.fill_rate = fill_rate
        self._left: dict[int, tuple[float, datetime]] = {}

    def spend(self, token: Token | None, now: datetime) -> None:
        """Take one of a user's requests; raise the answer to who has none. Nobody is not limited."""
        if self.capacity is None or token is None:
            return
        left, since = self._left.get(token.user.id, (float(self.capacity), now))
        left = min(self.capacity, left + (now - since).total_seconds() * self.fill_rate)
        self._left[token.user.id] = max(0.0, left - 1), now
        if left < 1:
            raise exhausted()
