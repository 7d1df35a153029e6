"""Reviews on GitHub: one write for a review with all its comments on lines.

`addPullRequestReview` takes the verdict and the threads together, and gives them back, so that each comment's outcome is
seen and not assumed: GitHub drops a comment on a line outside the diff without a word.
https://docs.github.com/en/graphql/reference/mutations#addpullrequestreview
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pullbridge import errors
from pullbridge.errors import BridgeError
from pullbridge.hosts.github import drafting, panel, payloads, pending, queries, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import Asked
from pullbridge.model.anchor import Anchor
from pullbridge.model.reviews import DraftComment, Review
from pullbridge.model.threads import Comment, Thread
from pullbridge.ports import PostedReview, ReviewOrder
from pullbridge.transport.call import Repeat

_WRITE = ("pull_requests: write",)


class GitHubReviews:
    """`ports.ReviewsPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Review, ...]:
        asked = Asked(what=f"pull request #{number}")
        variables = self._api.variables(number, after=None)
        first = panel.only(self._api.api.graphql(queries.REVIEWS, variables, panel.Partial, asked), number).reviews
        rows = panel.all_rows(self._api, queries.REVIEWS, number, "reviews", first)
        return tuple(wire.review(row) for row in rows)

    def submit(self, number: int, order: ReviewOrder) -> PostedReview:
        """Post in one write what are comments on lines; files, replies and pending drafts go through a pending review."""
        if order.include_pending or any(not drafting.on_lines(draft) for draft in order.comments):
            return _step_by_step(self._api, number, order)
        return _at_once(self._api, number, order)

    def draft(self, number: int, draft: DraftComment) -> str:
        return pending.add(self._api, number, drafting.node(self._api, number), draft)

    def discard_pending(self, number: int) -> bool:
        return pending.discard(self._api, number)

    def withdraw(self, number: int) -> Review:
        return pending.withdraw(self._api, number)

    def dismiss(self, number: int, review: str, reason: str) -> Review:
        return pending.dismiss(self._api, review, reason)


def post_one(api: RepositoryApi, number: int, order: ReviewOrder) -> Thread:
    """A review of one comment, and the thread that it began."""
    if order.comments[0].at is not None and order.comments[0].at.is_file:
        return _post_on_file(api, number, order.comments[0])
    written = _add(api, number, order, "COMMENT")
    threads = _threads_of(written)
    if not threads:
        raise drafting.dropped(order.comments[0])
    return wire.thread(threads[0])


def _post_on_file(api: RepositoryApi, number: int, draft: DraftComment) -> Thread:
    """REST takes a comment on a file by itself; the thread's id is then read. It carries the comment's id inside."""
    at = draft.at
    body = {"body": draft.body, "commit_id": at and at.commit, "path": at and at.path, "subject_type": "file"}
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    posted = api.api.send("POST", api.path("pulls", number, "comments"), body, payloads.RestComment, asked)
    answer = api.api.graphql(queries.CONVERSATIONS, api.variables(number), panel.Partial, asked, repeat=Repeat.SAFE)
    pull = panel.only(answer, number)
    for thread in panel.all_rows(api, queries.THREADS, number, "review_threads", pull.review_threads):
        if any(comment.id == posted.node_id for comment in thread.comments.items):
            return wire.thread(thread)
    raise errors.BadAnswer("GitHub did not list the comment that it took.", what="such thread", maybe_done=True)


def _at_once(api: RepositoryApi, number: int, order: ReviewOrder) -> PostedReview:
    written = _add(api, number, order, wire.EVENTS[order.verdict])
    return _posted(written, order.comments)


def _add(api: RepositoryApi, number: int, order: ReviewOrder, event: str | None) -> payloads.GraphPostedReview:
    """One review; without an event it stays pending. A pending one begun elsewhere makes GitHub refuse."""
    values: dict[str, Any] = {
        "pullRequestId": drafting.node(api, number),
        "body": order.body,
        "threads": [drafting.line_input(draft) for draft in order.comments if drafting.on_lines(draft)],
    }
    values |= {"event": event} if event else {}
    values |= {"commitOID": order.commit} if order.commit else {}
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    try:
        return api.api.mutate(queries.ADD_REVIEW, values, payloads.GraphReviewWritten, asked).pull_request_review
    except errors.Rejected as error:
        if any("one pending review" in problem for problem in error.problems):
            raise _pending_elsewhere(error) from error.__cause__
        raise


def _step_by_step(api: RepositoryApi, number: int, order: ReviewOrder) -> PostedReview:
    """Begin (or take up) a pending review, add to it what no single write takes, then submit it."""
    taken_up = drafting.mine_pending(api, number) if order.include_pending else None
    lines = [draft for draft in order.comments if drafting.on_lines(draft) and taken_up is None]
    others = [draft for draft in order.comments if draft not in lines]
    begun = ReviewOrder(verdict=order.verdict, comments=tuple(lines), commit=order.commit)
    review = taken_up or _add(api, number, begun, None).id
    try:
        refused = _build(api, review, others)
    except BridgeError as error:
        if taken_up is None:
            # Nobody has seen it yet, so that nothing is up once it is gone.
            drafting.discard(api, review)
            error.maybe_done = False
        raise
    return _submitted(api, number, order, review, refused)


def _submitted(
    api: RepositoryApi, number: int, order: ReviewOrder, review: str, refused: dict[DraftComment, BridgeError]
) -> PostedReview:
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    values = {"pullRequestReviewId": review, "event": wire.EVENTS[order.verdict], "body": order.body}
    written = api.api.mutate(queries.SUBMIT_REVIEW, values, payloads.GraphReviewWritten, asked).pull_request_review
    posted = _posted(written, [draft for draft in order.comments if draft not in refused])
    found = iter(posted.comments)
    comments = tuple(refused[draft] if draft in refused else next(found) for draft in order.comments)
    return PostedReview(review=posted.review, comments=comments, head=posted.head)


def _build(api: RepositoryApi, review: str, drafts: Sequence[DraftComment]) -> dict[DraftComment, BridgeError]:
    """Add drafts one by one in one request; give the refused ones with their errors."""
    threads = [draft for draft in drafts if draft.reply_to is None]
    replies = [draft for draft in drafts if draft.reply_to is not None]
    if not drafts:
        return {}
    variables: dict[str, Any] = {
        f"t{i}": {"pullRequestReviewId": review, **drafting.thread_input(draft)} for i, draft in enumerate(threads)
    }
    variables |= {
        f"r{i}": {"pullRequestReviewId": review, "pullRequestReviewThreadId": draft.reply_to, "body": draft.body}
        for i, draft in enumerate(replies)
    }
    asked = Asked(what="such review", write=True, needs=_WRITE)
    document = queries.build_review(len(threads), len(replies))
    shape = dict[str, payloads.GraphBuilt | None]
    data, problems = api.api.partial(document, variables, shape, asked)
    if data is None:
        raise api.api.graph_failure(problems, asked)
    names = {**{f"t{i}": draft for i, draft in enumerate(threads)}, **{f"r{i}": d for i, d in enumerate(replies)}}
    return dict(_refusals(api, names, data, problems, asked))


def _refusals(
    api: RepositoryApi,
    names: dict[str, DraftComment],
    data: dict[str, payloads.GraphBuilt | None],
    problems: Sequence[payloads.GraphError],
    asked: Asked,
) -> Iterable[tuple[DraftComment, BridgeError]]:
    for name, draft in names.items():
        mine = [problem for problem in problems if problem.path and problem.path[0] == name]
        built = data.get(name)
        if mine:
            yield draft, api.api.graph_failure(mine, asked)
        elif built is None or (built.thread is None and built.comment is None):
            yield draft, drafting.dropped(draft)


def _posted(written: payloads.GraphPostedReview, drafts: Sequence[DraftComment]) -> PostedReview:
    """Match each draft with a comment of this review: same text, same place; equal drafts take one comment each."""
    left = [(thread, comment) for thread in _threads_of(written) for comment in _comments_of(thread, written.id)]
    outcomes: list[Comment | BridgeError] = []
    for draft in drafts:
        hit = next((pair for pair in left if _matches(draft, *pair)), None)
        if hit is None:
            outcomes.append(drafting.dropped(draft))
        else:
            left.remove(hit)
            outcomes.append(wire.comment(hit[1]))
    head = written.pull_request.head_ref_oid if written.pull_request else None
    return PostedReview(review=wire.review(written), comments=tuple(outcomes), head=head)


def _threads_of(written: payloads.GraphPostedReview) -> list[payloads.GraphThread]:
    """The threads in which this review said something."""
    threads = written.pull_request.review_threads if written.pull_request else None
    return [each for each in (threads.items if threads else []) if _comments_of(each, written.id)]


def _comments_of(thread: payloads.GraphThread, review: str) -> list[payloads.GraphComment]:
    said = thread.comments.items
    return [each for each in said if each.pull_request_review and each.pull_request_review.id == review]


def _matches(draft: DraftComment, thread: payloads.GraphThread, comment: payloads.GraphComment) -> bool:
    if same_text(draft.body, comment.body):
        if draft.reply_to is not None:
            return thread.id == draft.reply_to
        place = wire.thread(thread).anchor
        return draft.at is not None and place is not None and same_place(draft.at, place)
    return False


def same_text(one: str, other: str) -> bool:
    """GitHub keeps a text as it came, but for line ends and what surrounds it."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def same_place(one: Anchor, other: Anchor) -> bool:
    """The same path, side and lines, whatever the commit."""
    return (one.path, one.side, one.start, one.end, one.start_side) == (
        other.path,
        other.side,
        other.start,
        other.end,
        other.start_side,
    )


def _pending_elsewhere(error: errors.Rejected) -> errors.AlreadyThere:
    """GitHub allows one pending review a person and pull request."""
    return errors.AlreadyThere(
        "You have begun a review of this pull request and not submitted it; GitHub allows no second one beside it.",
        host=error.host,
        status=error.status,
        next_step="Submit with `include_pending=True` to publish what it holds together with this, or discard it.",
    )
