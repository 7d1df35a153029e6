"""Mutations of review threads and their comments."""

from __future__ import annotations

from pullbridge.testing.diffs import Side
from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.errors import forbidden, unprocessable, unresolved
from pullbridge.testing.github.graphql.mutations.subjects import Payload, not_blank, own, pull_of, subject
from pullbridge.testing.github.graphql.nodes import view_of
from pullbridge.testing.github.graphql.schema import mutation
from pullbridge.testing.store import Refused, Why, records

#: A place that a knob may drop in silence: https://github.com/github/github-mcp-server/issues/2495
OUTSIDE = frozenset({Why.LINE_NOT_IN_DIFF, Why.START_NOT_IN_DIFF, Why.FILE_NOT_IN_DIFF})


def place_of(
    path: str, line: int | None, side: str | None, start_line: int | None = None, start_side: str | None = None
) -> records.Place:
    """Where a new thread shall hang. A range begins on its end's side unless it says otherwise."""
    end: Side = "LEFT" if side == "LEFT" else "RIGHT"
    if start_line is None:
        return records.Place(path=path, side=end, line=line)
    begin: Side = end if start_side is None else "LEFT" if start_side == "LEFT" else "RIGHT"
    return records.Place(path=path, side=end, line=line, start_side=begin, start_line=start_line)


def may_converse(ask: Asking, pull: records.PullRequest) -> None:
    """Refuse those who may not comment."""
    ask.require(pull.repository, "pull_requests")
    if not ask.may_converse(pull):
        raise forbidden("Lock prevents comment")


def _pending_home(ask: Asking, review_id: str | None, pull_id: str | None) -> records.Review:
    """The viewer's pending review: the one that is named, or that of the pull request, made when there is none."""
    if review_id is not None:
        review = subject(ask, review_id, records.Review)
        if not own(ask, review):
            raise unresolved(review_id)
        if not review.pending:
            raise unprocessable("Review has already been submitted.")
        return review
    if pull_id is None:
        raise unprocessable("Either `pullRequestId` or `pullRequestReviewId` must be specified")
    pull = pull_of(ask, pull_id)
    may_converse(ask, pull)
    return ask.store.reviews.pending(pull, ask.viewer) or ask.store.reviews.create(pull, ask.viewer)


@mutation
def add_pull_request_review_thread(
    ask: Asking,
    *,
    path: str,
    body: str,
    pull_request_review_id: str | None = None,
    pull_request_id: str | None = None,
    line: int | None = None,
    side: str | None = None,
    start_line: int | None = None,
    start_side: str | None = None,
    subject_type: str | None = None,
) -> Payload:
    """Add a thread to the viewer's pending review. One on a line outside the diff comes to nothing: `thread` is null."""
    not_blank(body)
    of_file = subject_type == "FILE"
    if not of_file and line is None:
        raise unprocessable("Line is required for line-level threads")
    place = place_of(path, None if of_file else line, side, start_line, start_side)
    home = _pending_home(ask, pull_request_review_id, pull_request_id)
    may_converse(ask, home.pull)
    try:
        thread = ask.store.threads.start(home.pull, ask.viewer, place, body, commit=home.commit, review=home)
    except Refused as refused:
        if ask.knobs.lines_outside == "drop" and refused.why in OUTSIDE:
            return {"thread": None}
        raise
    return {"thread": view_of(ask, thread)}


@mutation
def add_pull_request_review_thread_reply(
    ask: Asking, *, pull_request_review_thread_id: str, body: str, pull_request_review_id: str | None = None
) -> Payload:
    """Answer a thread: within the viewer's pending review if there is one, else at once."""
    not_blank(body)
    thread = subject(ask, pull_request_review_thread_id, records.Thread)
    may_converse(ask, thread.pull)
    home = ask.store.reviews.pending(thread.pull, ask.viewer)
    if pull_request_review_id is not None:
        home = _pending_home(ask, pull_request_review_id, None)
    comment = ask.store.threads.reply(thread, ask.viewer, body, review=home)
    return {"comment": view_of(ask, comment)}


def _settle(ask: Asking, thread_id: str) -> records.Thread:
    """The thread, if the viewer may resolve it: https://github.com/github/gh-aw/issues/35726."""
    thread = subject(ask, thread_id, records.Thread)
    author = thread.pull.author is ask.viewer
    ask.require(thread.pull.repository, "contents", "pull_requests", role=records.Role.WRITE, own=author)
    return thread


@mutation
def resolve_review_thread(ask: Asking, *, thread_id: str) -> Payload:
    """Settle a thread."""
    thread = _settle(ask, thread_id)
    ask.store.threads.resolve(thread, ask.viewer)
    return {"thread": view_of(ask, thread)}


@mutation
def unresolve_review_thread(ask: Asking, *, thread_id: str) -> Payload:
    """Open a settled thread again."""
    thread = _settle(ask, thread_id)
    ask.store.threads.unresolve(thread)
    return {"thread": view_of(ask, thread)}


def _own_comment(ask: Asking, id: str) -> records.ReviewComment:
    comment = subject(ask, id, records.ReviewComment)
    ask.require(comment.thread.pull.repository, "pull_requests", role=records.Role.WRITE, own=own(ask, comment))
    return comment


@mutation
def update_pull_request_review_comment(ask: Asking, *, pull_request_review_comment_id: str, body: str) -> Payload:
    """Replace a comment's text."""
    comment = _own_comment(ask, pull_request_review_comment_id)
    ask.store.threads.edit(comment, not_blank(body))
    return {"pull_request_review_comment": view_of(ask, comment)}


@mutation
def delete_pull_request_review_comment(ask: Asking, *, id: str) -> Payload:
    """Remove a comment, and its thread with the last one."""
    comment = _own_comment(ask, id)
    review = comment.review
    ask.store.threads.delete(comment)
    kept = review in review.pull.reviews
    return {"pull_request_review": view_of(ask, review) if kept else None, "pull_request_review_comment": None}
