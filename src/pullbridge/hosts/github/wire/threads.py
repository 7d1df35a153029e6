"""Conversations."""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.wire.people import known, person
from pullbridge.hosts.moments import moment
from pullbridge.hosts.suggesting import suggestions
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.people import Reaction
from pullbridge.model.threads import Comment, CommentState, Thread

#: Marks the ids of comments on the conversation, which other calls serve than those of comments on the diff.
GENERAL = "general:"
SIDES = {Side.NEW: "RIGHT", Side.OLD: "LEFT"}


def thread(payload: payloads.GraphThread) -> Thread:
    """A conversation on the diff. Its side and lines are the thread's; comments have no side."""
    comments = payload.comments.items
    first = comments[0] if comments else None
    written = first.original_commit or first.commit if first else None
    now = first.commit if first else None
    outdated = bool(payload.is_outdated)
    is_file = payload.subject_type == "FILE"
    return Thread(
        id=payload.id,
        comments=tuple(comment(each) for each in comments),
        anchor=_place(
            payload,
            None if is_file else payload.original_line or payload.line,
            payload.original_start_line or (None if payload.original_line else payload.start_line),
            written.oid if written else None,
        ),
        current=None
        if outdated or not (is_file or payload.line)
        else _place(payload, None if is_file else payload.line, payload.start_line, now.oid if now else None),
        outdated=payload.is_outdated,
        resolved=payload.is_resolved,
        resolved_by=known(payload.resolved_by),
        can_reply=payload.viewer_can_reply,
        can_resolve=_either(payload.viewer_can_resolve, payload.viewer_can_unresolve),
        hunk=first.diff_hunk if first else None,
        complete=payload.comments.rest is None,
        url=first.url if first else None,
    )


def _place(payload: payloads.GraphThread, end: int | None, start: int | None, at: str | None) -> Anchor:
    path = payload.path or "?"
    if end is None or end < 1:
        return Anchor.file(path, commit=at)
    side = Side.OLD if payload.diff_side == "LEFT" else Side.NEW
    start_side = {"LEFT": Side.OLD, "RIGHT": Side.NEW}.get(payload.start_diff_side or "", side)
    if start is None or start < 1 or (start_side is side and start > end):
        return Anchor.line(path, end, side=side, commit=at)
    return Anchor.lines(path, start, end, side=side, start_side=start_side, commit=at)


def _either(one: bool | None, other: bool | None) -> bool | None:
    return None if one is None and other is None else bool(one or other)


def general_thread(payload: payloads.GraphComment | payloads.RestComment, mine: bool | None = None) -> Thread:
    """A comment on the conversation: a thread of its own, which cannot be answered or resolved as one."""
    said = comment(payload, general=True) if isinstance(payload, payloads.GraphComment) else rest_comment(payload, mine)
    return Thread(id=said.id, comments=(said,), can_reply=False, can_resolve=False, outdated=False, url=said.url)


def comment(payload: payloads.GraphComment, *, general: bool = False) -> Comment:
    """A comment from GraphQL; the id of one on the conversation says so."""
    return Comment(
        id=f"{GENERAL}{payload.id}" if general else payload.id,
        author=person(payload.author),
        body=payload.body,
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        url=payload.url,
        reactions=reactions(payload.reaction_groups or ()),
        suggestions=() if general else suggestions(payload.id, payload.body),
        state=CommentState.PENDING if payload.state == "PENDING" else CommentState.PUBLISHED,
        minimized=(payload.minimized_reason or "minimized") if payload.is_minimized else None,
        mine=payload.viewer_did_author,
        review_id=payload.pull_request_review.id if payload.pull_request_review else None,
    )


def rest_comment(payload: payloads.RestComment, mine: bool | None = None) -> Comment:
    """A comment from REST; one without a path is on the conversation."""
    node = payload.node_id or str(payload.id)
    return Comment(
        id=node if payload.path else f"{GENERAL}{node}",
        author=person(payload.user),
        body=payload.body or "",
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        url=payload.html_url,
        mine=mine,
        review_id=None if payload.pull_request_review_id is None else str(payload.pull_request_review_id),
    )


def reactions(groups: Iterable[payloads.GraphReaction]) -> tuple[Reaction, ...]:
    """The kinds that somebody chose: GitHub lists the others, too, with none."""
    counted = ((group, group.reactors.total_count if group.reactors else None) for group in groups)
    return tuple(
        Reaction(name=group.content, count=count, mine=group.viewer_has_reacted) for group, count in counted if count
    )
