"""A review that is built up over time, and verdicts taken back.

GitHub keeps one pending review a person and pull request, and shows it to that person alone.
https://docs.github.com/en/graphql/reference/mutations#addpullrequestreviewthread
"""

from __future__ import annotations

from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import drafting, payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.model.reviews import DraftComment, Review
from pullbridge.transport.call import Repeat

_WRITE = ("pull_requests:write",)


def add(api: RepositoryApi, number: int, node: str, draft: DraftComment) -> str:
    """Add a draft to my pending review, which is begun with the first; gives the comment's id."""
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    if draft.reply_to is not None:
        review = drafting.mine_pending(api, number) or _begin(api, number, node)
        values: dict[str, Any] = {
            "pullRequestReviewId": review,
            "pullRequestReviewThreadId": draft.reply_to,
            "body": draft.body,
        }
        written = api.api.mutate(queries.REPLY, values, payloads.GraphCommentWritten, asked).written
        if written is None:
            raise drafting.dropped(draft)
        return written.id
    values = {"pullRequestId": node, **drafting.thread_input(draft)}
    thread = api.api.mutate(queries.ADD_THREAD, values, payloads.GraphThreadWritten, asked).thread
    if thread is None or not thread.comments.items:
        raise drafting.dropped(draft)
    return thread.comments.items[-1].id


def _begin(api: RepositoryApi, number: int, node: str) -> str:
    asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
    values = {"pullRequestId": node}
    return api.api.mutate(queries.ADD_REVIEW, values, payloads.GraphReviewWritten, asked).pull_request_review.id


def discard(api: RepositoryApi, number: int) -> bool:
    """Throw my pending review away with all its drafts; whether there was one."""
    review = drafting.mine_pending(api, number)
    if review is None:
        return False
    drafting.discard(api, review)
    return True


def dismiss(api: RepositoryApi, review: str, reason: str) -> Review:
    """Take somebody's verdict off the count, with a reason that everybody sees."""
    asked = Asked(what="such review", write=True, needs=_WRITE)
    values = {"pullRequestReviewId": review, "message": reason}
    written = api.api.mutate(queries.DISMISS, values, payloads.GraphReviewDismissed, asked, repeat=Repeat.SAFE)
    return wire.review(written.pull_request_review)


def withdraw(api: RepositoryApi, number: int) -> Review:
    """Take back my own verdict, the last one: GitHub knows no other way than to dismiss it."""
    verdicts = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
    mine = [row for row in reading.all_reviews(api, number) if row.viewer_did_author and row.state in verdicts]
    if not mine or mine[-1].state == "DISMISSED":
        raise errors.NotThere("You have given no verdict that could be withdrawn.", what="verdict of mine")
    return dismiss(api, mine[-1].id, "Withdrawn by its author.")
