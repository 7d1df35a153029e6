"""Reviews on GitHub: one write for a review with all its comments on lines.

`addPullRequestReview` takes the verdict and the threads together, and gives them back, so that each comment's outcome is
seen and not assumed: GitHub drops a comment on a line outside the diff without a word.
https://docs.github.com/en/graphql/reference/mutations#addpullrequestreview
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pullbridge import errors
from pullbridge.errors import BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import drafting, nodes, payloads, pending, queries, reading, stepwise, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.hosts.github.posted import nothing_posted, posted, seen
from pullbridge.model.orders import PostedReview, ReviewOrder
from pullbridge.model.reviews import DraftComment, Review
from pullbridge.model.threads import Thread


class GitHubReviews:
    """`ports.ReviewsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Review, ...]:
        return tuple(wire.review(row) for row in reading.all_reviews(self._api, number))

    def submit(self, number: int, order: ReviewOrder) -> PostedReview:
        """Post in one write what are comments on lines; files, replies and pending drafts go through a pending review."""
        try:
            if order.include_pending or any(not drafting.on_lines(draft) for draft in order.comments):
                return stepwise.submit(self._api, number, order, self._begun(number))
            return _at_once(self._api, number, order)
        except errors.Rejected as error:
            if any("your own pull request" in problem for problem in error.problems):
                error.remedy = "Ask somebody else for a verdict; you may comment (`Verdict.COMMENT`)."
            if not order.comments or not stepwise.names_a_line(error):
                raise
            # One place that GitHub does not take refuses them all: added one by one, each gets its own answer.
            return stepwise.submit(self._api, number, order, self._begun(number), apart=True)

    def _begun(self, number: int) -> stepwise.Begin:
        return lambda order: _begin(self._api, number, order)

    def draft(self, number: int, draft: DraftComment) -> str:
        return pending.add(self._api, number, nodes.of_pull(self._api, number), draft)

    def discard_pending(self, number: int) -> bool:
        return pending.discard(self._api, number)

    def withdraw(self, number: int) -> Review:
        return pending.withdraw(self._api, number)

    def dismiss(self, number: int, review: str, reason: str) -> Review:
        return pending.dismiss(self._api, review, reason)


def post_one(api: RepositoryApi, number: int, order: ReviewOrder) -> Thread:
    """A review of one comment, and the thread that it began."""
    draft = order.comments[0]
    try:
        if drafting.on_lines(draft):
            return _post_on_lines(api, number, order)
        return _post_on_file(api, number, draft)
    except errors.Rejected as error:
        if stepwise.names_a_line(error):
            raise drafting.displaced(error, draft) from error.__cause__
        raise


def _post_on_lines(api: RepositoryApi, number: int, order: ReviewOrder) -> Thread:
    written = _add(api, number, order, "COMMENT")
    try:
        found = seen(api, number, written, order.comments)[0]
    except BridgeError as error:
        # The comment is up; whoever looks for it finds it.
        error.maybe_done = True
        raise
    if found is None:
        raise drafting.dropped(order.comments[0])
    return wire.thread(found[0])


def _post_on_file(api: RepositoryApi, number: int, draft: DraftComment) -> Thread:
    """REST takes a comment on a file by itself; the thread's id is then read. It carries the comment's id inside."""
    at = draft.at
    body = {"body": draft.body, "commit_id": at and at.commit, "path": at and at.path, "subject_type": "file"}
    asked = Asked(what=f"pull request #{number}", write=True, needs=drafting.WRITE)
    with _none_pending():
        sent = api.api.send("POST", api.path("pulls", number, "comments"), body, payloads.RestComment, asked)
    try:
        answer = api.api.graphql(queries.CONVERSATIONS, api.variables(number), reading.Partial, about(number))
        first = reading.only(answer, number).review_threads
        rows = reading.all_rows(api, queries.THREADS, number, "review_threads", first)
    except BridgeError as error:
        error.maybe_done = True
        raise
    for thread in rows:
        if any(comment.id == sent.node_id for comment in thread.comments.items):
            return wire.thread(thread)
    raise errors.BadAnswer("GitHub did not list the comment that it took.", what="such thread", maybe_done=True)


def _at_once(api: RepositoryApi, number: int, order: ReviewOrder) -> PostedReview:
    try:
        written = _add(api, number, order, wire.EVENTS[order.verdict])
    except errors.Unplaceable:
        return nothing_posted(order.comments)
    return posted(api, number, written, order.comments)


def _begin(api: RepositoryApi, number: int, order: ReviewOrder) -> str:
    return _add(api, number, order, None).id


def _add(api: RepositoryApi, number: int, order: ReviewOrder, event: str | None) -> payloads.GraphPostedReview:
    """One review; without an event it stays pending. A pending one begun elsewhere makes GitHub refuse."""
    values: dict[str, Any] = {
        "pullRequestId": nodes.of_pull(api, number),
        "body": order.body,
        "threads": [drafting.line_input(draft) for draft in order.comments if drafting.on_lines(draft)],
    }
    values |= {"event": event} if event else {}
    values |= {"commitOID": order.commit} if order.commit else {}
    asked = Asked(what=f"pull request #{number}", write=True, needs=drafting.WRITE)
    try:
        with _none_pending():
            return api.api.mutate(queries.ADD_REVIEW, values, payloads.GraphReviewWritten, asked).pull_request_review
    except errors.Rejected as error:
        if stepwise.is_empty(error, order):
            raise drafting.dropped(order.comments[0]) from error.__cause__
        raise


@contextmanager
def _none_pending() -> Iterator[None]:
    """Say what it means when GitHub refuses a second pending review."""
    try:
        yield
    except errors.Rejected as error:
        if any("one pending review" in problem for problem in error.problems):
            raise stepwise.pending_elsewhere(error) from error.__cause__
        raise
