"""Reviews on Bitbucket Cloud: comments, a text and a verdict are apart, and each goes up by itself.

Bitbucket takes comments that only their author sees (`pending`), and has no way by which the API would publish them: a PUT
with `pending` is refused (https://github.com/MatanYemini/bitbucket-mcp/pull/132, tried on bitbucket.org in September 2026).
So drafts wait in this process (`Limits.drafts`), and those that were begun in the browser are shown as pending, and stay so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.bitbucket_cloud import drafting, hashes, payloads, verdicts, whoami, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.hosts.bitbucket_cloud.paging import PULLS
from pullbridge.model.orders import PostedReview, ReviewOrder
from pullbridge.model.reviews import DraftComment, Review, Verdict

#: How many pages of events are read to find the heads that verdicts were about.
_FAR = 20
_EVENTS = {
    "pagelen": PULLS,
    "fields": "next,values.update.date,values.update.source.commit.hash,values.approval.date,values.changes_requested.date",
}
_NO_DRAFTS = "Bitbucket's API publishes no drafts, so that they wait in this process"


class CloudReviews:
    """`ports.ReviewsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Review, ...]:
        api = self._api
        asked: list[Callable[[], Any]] = [
            lambda: api.api.get(api.pull(number), payloads.PullRequest, about(number)),
            lambda: recent(api, number),
            lambda: whoami.me(api.api),
        ]
        pull, (events, cursor), me = api.api.gather(*asked)
        events = further(api, number, events, cursor, pull.participants or ())
        return completed(api, pull, wire.reviews(pull.participants, events, me))

    def submit(self, number: int, order: ReviewOrder) -> PostedReview:
        """One thing at a time: a text, or a verdict."""
        if order.include_pending or order.comments:
            raise _no_drafts(self._api.api.host)
        if order.body:
            return PostedReview(review=self._said(number, order.body))
        if order.verdict is Verdict.COMMENT:
            return PostedReview(review=None)
        return PostedReview(review=verdicts.give(self._api, number, order.verdict, order.commit), head=order.commit)

    def _said(self, number: int, body: str) -> Review:
        path, sent, asked = self._api.pull(number, "comments"), drafting.comment(body), drafting.write_to(number)
        row = self._api.api.send("POST", path, sent, payloads.Comment, asked)
        return wire.remark(row, wire.person(row.user) if row.user is not None else None)

    def draft(self, number: int, draft: DraftComment) -> str:
        raise _no_drafts(self._api.api.host)

    def discard_pending(self, number: int) -> bool:
        raise _no_drafts(self._api.api.host)

    def withdraw(self, number: int) -> Review:
        return verdicts.withdraw(self._api, number)

    def dismiss(self, number: int, review: str, reason: str) -> Review:
        told = "on Bitbucket everybody takes back their own verdict alone"
        step = "Ask the reviewer to take it back."
        text = f"Bitbucket dismisses no review: {told}."
        raise errors.Unsupported(text, can=Can.DISMISS, reason=told, host=self._api.api.host, next_step=step)


def recent(api: RepositoryApi, number: int) -> tuple[list[payloads.Activity], str | None]:
    """The newest events, and where to go on."""
    page = api.api.page(api.pull(number, "activity"), payloads.Activity, about(number), params=_EVENTS)
    return list(page.items), page.cursor


def further(
    api: RepositoryApi,
    number: int,
    events: list[payloads.Activity],
    cursor: str | None,
    people: Sequence[payloads.Participant],
) -> list[payloads.Activity]:
    """The events, read on until they tell the head of every verdict, or far enough."""
    path = api.pull(number, "activity")
    for _ in range(_FAR):
        if cursor is None or wire.reaches(events, people):
            break
        page = api.api.page(path, payloads.Activity, about(number), cursor=cursor)
        events, cursor = [*events, *page.items], page.cursor
    return events


def completed(api: RepositoryApi, pull: payloads.PullRequest, found: Sequence[Review]) -> tuple[Review, ...]:
    """The reviews with full commit ids, as far as these can be had."""
    short = sorted({each.commit for each in found if each.commit is not None and len(each.commit) < wire.FULL})
    if not short:
        return tuple(found)
    home = pull.source.repository.full_name if pull.source is not None and pull.source.repository is not None else None
    whole = api.api.gather(*(lambda commit=commit: hashes.full(api, commit, home) for commit in short))
    return wire.completed(found, {commit: told for commit, told in zip(short, whole, strict=True) if told is not None})


def _no_drafts(host: str) -> errors.Unsupported:
    return errors.Unsupported(f"{_NO_DRAFTS}.", can=Can.PENDING_REVIEW, reason=_NO_DRAFTS, host=host)
