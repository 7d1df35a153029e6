"""Reviews on Data Center: comments, a text and a verdict are apart, and each goes up by itself.

So the verbs send the comments through `threads`, and only the text, the verdict and what is pending through here. What is
pending is published with the text and the verdict in one call: it is not used to send other comments, because drafts that
were begun elsewhere would be published with them. https://developer.atlassian.com/server/bitbucket/rest/v902/ (review)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge.capabilities import Can
from pullbridge.hosts.bitbucket_dc import drafting, pending, posted, reading, verdicts, versioned, whoami, wire
from pullbridge.hosts.bitbucket_dc.addresses import page
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.refusing import unsupported
from pullbridge.model.orders import PostedReview, ReviewOrder
from pullbridge.model.reviews import DraftComment, Review, Verdict


class DataCenterReviews:
    """`ports.ReviewsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Review, ...]:
        """The standing of everybody who has given a verdict; when they did stands in the activities alone."""
        api = self._api
        asked: list[Callable[[], Any]] = [
            lambda: versioned.read(api, number),
            lambda: reading.activities(api, number),
            lambda: pending.mine(api, number),
            lambda: whoami.me(api.api),
        ]
        pull, activities, drafts, me = api.api.gather(*asked)
        return wire.reviews(pull, activities, me, bool(drafts))

    def submit(self, number: int, order: ReviewOrder) -> PostedReview:
        """What is pending with comments beside it, and with it the text and the verdict; or a text, or a verdict."""
        if order.include_pending or order.comments:
            return posted.publish(self._api, number, order)
        if order.body:
            return PostedReview(review=self._said(number, order.body))
        if order.verdict is not Verdict.COMMENT:
            given = verdicts.give(self._api, number, order.verdict, order.commit)
            return PostedReview(review=given, head=given.commit)
        return PostedReview(review=None)

    def _said(self, number: int, body: str) -> Review:
        api = self._api
        made, me = whoami.beside(api.api, lambda: drafting.post(api, number, body))
        return wire.remark(made, page(api.ref, "pull-requests", number), me or wire.person(made.author))

    def draft(self, number: int, draft: DraftComment) -> str:
        return str(pending.add(self._api, number, draft).id)

    def discard_pending(self, number: int) -> bool:
        return pending.discard(self._api, number)

    def withdraw(self, number: int) -> Review:
        return verdicts.withdraw(self._api, number)

    def dismiss(self, number: int, review: str, reason: str) -> Review:
        """See `Can.DISMISS`."""
        raise unsupported(Can.DISMISS, self._api.api.host)
