"""Reviews on GitLab: comments, a text and a verdict are apart, and each goes up by itself.

So the verbs send the comments through `threads`, and only the text, the verdict and what is pending through here. Drafts are
not used to send them: GitLab would publish drafts that were begun elsewhere with them, tells nothing of what became of
each, and loses one whose line it does not find. https://docs.gitlab.com/user/project/merge_requests/reviews/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.gitlab import drafting, payloads, pending, people, posted, verdicts, whoami, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about
from pullbridge.model.orders import PostedReview, ReviewOrder
from pullbridge.model.reviews import DraftComment, Review, Verdict


class GitLabReviews:
    """`ports.ReviewsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Review, ...]:
        api = self._api
        asked: list[Callable[[], Any]] = [
            lambda: people.rows(api, number),
            lambda: api.api.get(api.pull(number, "approvals"), payloads.MyApproval, about(number)),
            lambda: pending.mine(api, number),
            lambda: whoami.me(api.api),
        ]
        rows, approvals, drafts, me = api.api.gather(*asked)
        standing = wire.reviewers(rows, approvals, None)
        return wire.reviews(standing, wire.approved_at(approvals), me, bool(drafts))

    def submit(self, number: int, order: ReviewOrder) -> PostedReview:
        """One thing at a time: what is pending with comments beside it, or a text, or a verdict."""
        if order.include_pending or order.comments:
            return posted.publish(self._api, number, order.comments)
        if order.body:
            return PostedReview(review=self._said(number, order.body))
        if order.verdict is Verdict.APPROVE:
            return PostedReview(review=verdicts.approve(self._api, number, order.commit), head=order.commit)
        if order.verdict is Verdict.REQUEST_CHANGES:
            return PostedReview(review=verdicts.request_changes(self._api, number))
        return PostedReview(review=None)

    def _said(self, number: int, body: str) -> Review:
        """A lone note: a review's text is nothing to be settled, and keeps nobody from merging."""
        api, sent, path = self._api, {"body": drafting.checked(body)}, self._api.pull(number, "notes")
        asked = drafting.write_to(number)
        note, me = whoami.beside(api.api, lambda: api.api.send("POST", path, sent, payloads.Note, asked))
        if note.id is None:
            raise drafting.not_kept(api.api.host)
        url = f"{api.ref.url}/-/merge_requests/{number}"
        return wire.remark(note, wire.person(note.author), me, url)

    def draft(self, number: int, draft: DraftComment) -> str:
        return f"{wire.DRAFT}{pending.add(self._api, number, draft).id}"

    def discard_pending(self, number: int) -> bool:
        return pending.discard(self._api, number)

    def withdraw(self, number: int) -> Review:
        return verdicts.withdraw(self._api, number)

    def dismiss(self, number: int, review: str, reason: str) -> Review:
        """GitLab can only reset all approvals, and lets only bots do that: see `Can.DISMISS`."""
        del number, review, reason
        told = "on GitLab only a bot can take back the approvals of others, and only all of them"
        raise errors.Unsupported(f"GitLab dismisses no single review: {told}.", can=Can.DISMISS, reason=told)
