"""Drafts on their way into a review: how GitHub wants them, and the pending review that holds them.

https://docs.github.com/en/graphql/reference/input-objects#draftpullrequestreviewthread
"""

from __future__ import annotations

from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.model.reviews import DraftComment
from pullbridge.transport.call import Repeat

WRITE = ("pull_requests:write",)


def on_lines(draft: DraftComment) -> bool:
    """Whether it hangs on lines: not on a file, on a thread, or on nothing."""
    return draft.at is not None and not draft.at.is_file


def line_input(draft: DraftComment) -> dict[str, Any]:
    """`DraftPullRequestReviewThread`. A start equal to the end is refused, so one line has none."""
    at = draft.at
    if at is None or at.end is None:
        raise errors.Rejected("A comment on lines needs an anchor with lines.", problems=("anchor without lines",))
    values: dict[str, Any] = {"path": at.path, "body": draft.body, "line": at.end, "side": wire.SIDES[at.side]}
    if at.start != at.end or at.start_side is not None:
        values |= {"startLine": at.start, "startSide": wire.SIDES[at.start_side or at.side]}
    return values


def thread_input(draft: DraftComment) -> dict[str, Any]:
    """`AddPullRequestReviewThreadInput`, for lines and for files."""
    if draft.at is not None and draft.at.is_file:
        return {"path": draft.at.path, "body": draft.body, "subjectType": "FILE"}
    return {**line_input(draft), "subjectType": "LINE"}


def dropped(draft: DraftComment) -> errors.Unplaceable:
    """The error for a comment that GitHub took without a word and did not put up."""
    text = f"GitHub dropped the comment: {draft.at or 'its place'} is not part of the diff it has."
    error = errors.Unplaceable(text, anchor=draft.at)
    error.text = draft.body
    return error


def displaced(error: errors.BridgeError, draft: DraftComment) -> errors.Unplaceable:
    """The error for a draft whose place GitHub refused, in GitHub's words."""
    said = "; ".join(error.problems) if isinstance(error, errors.Rejected) else error.summary
    facts: dict[str, Any] = {"host": error.host, "status": error.status, "request_id": error.request_id}
    text = f"GitHub takes no comment at {draft.at or 'that place'}: {said.rstrip('.')}."
    made = errors.Unplaceable(text, anchor=draft.at, **facts)
    made.text = draft.body
    return made


def mine_pending(api: RepositoryApi, number: int) -> str | None:
    """My pending review, wherever it was begun; GitHub allows one and shows it to me alone."""
    rows = reading.all_reviews(api, number)
    return next((row.id for row in rows if row.state == "PENDING" and row.viewer_did_author), None)


def discard(api: RepositoryApi, review: str) -> None:
    """Throw a pending review away with all its drafts."""
    asked = Asked(what="such review", write=True, needs=WRITE)
    values = {"pullRequestReviewId": review}
    api.api.mutate(queries.DELETE_REVIEW, values, payloads.GraphNothing, asked, repeat=Repeat.SAFE)
