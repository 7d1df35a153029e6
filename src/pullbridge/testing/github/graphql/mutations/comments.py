"""Mutations of comments on the whole, of reactions, and of what is hidden."""

from __future__ import annotations

from typing import Any

from pullbridge.testing.github.graphql.comments import REACTIONS, Reaction, ReactionGroup
from pullbridge.testing.github.graphql.context import Asking, home_of
from pullbridge.testing.github.graphql.mutations.subjects import Payload, not_blank, own, pull_of, subject
from pullbridge.testing.github.graphql.mutations.threads import may_converse
from pullbridge.testing.github.graphql.nodes import view_of
from pullbridge.testing.github.graphql.paging import Edge, cursor_of
from pullbridge.testing.github.graphql.schema import mutation
from pullbridge.testing.store import Reactable, records

_REACTABLE = (records.PullRequest, records.Comment, records.ReviewComment, records.Review)


@mutation
def add_comment(ask: Asking, *, subject_id: str, body: str) -> Payload:
    """Comment on the pull request as a whole."""
    pull = pull_of(ask, subject_id)
    may_converse(ask, pull)
    comment = ask.store.pulls.comment(pull, ask.viewer, not_blank(body))
    edge = Edge(view_of(ask, comment), cursor_of(len(pull.comments) - 1))
    return {"comment_edge": edge, "subject": view_of(ask, pull)}


def _own_comment(ask: Asking, id: str) -> records.Comment:
    comment = subject(ask, id, records.Comment)
    ask.require(comment.pull.repository, "pull_requests", role=records.Role.WRITE, own=own(ask, comment))
    return comment


@mutation
def update_issue_comment(ask: Asking, *, id: str, body: str) -> Payload:
    """Replace a comment's text."""
    comment = _own_comment(ask, id)
    ask.store.pulls.edit_comment(comment, not_blank(body))
    return {"issue_comment": view_of(ask, comment)}


@mutation
def delete_issue_comment(ask: Asking, *, id: str) -> Payload:
    """Remove a comment."""
    ask.store.pulls.delete_comment(_own_comment(ask, id))
    return {}


def _hideable(ask: Asking, id: str) -> records.Comment | records.ReviewComment | records.Review:
    found: Any = subject(ask, id, records.Comment, records.ReviewComment, records.Review)
    home = home_of(found)
    if home is not None:
        ask.require(home, "pull_requests", role=records.Role.WRITE, own=own(ask, found))
    return found  # type: ignore[no-any-return]


@mutation
def minimize_comment(ask: Asking, *, subject_id: str, classifier: str) -> Payload:
    """Hide a comment. The forge remembers no hidden reviews."""
    found = _hideable(ask, subject_id)
    if not isinstance(found, records.Review):
        found.minimized = classifier
    return {"minimized_comment": view_of(ask, found)}


@mutation
def unminimize_comment(ask: Asking, *, subject_id: str) -> Payload:
    """Show a hidden comment again."""
    found = _hideable(ask, subject_id)
    if not isinstance(found, records.Review):
        found.minimized = None
    return {"unminimized_comment": view_of(ask, found)}


def _reactable(ask: Asking, id: str) -> Reactable:
    found: Any = subject(ask, id, *_REACTABLE)
    home = home_of(found)
    if home is not None:
        ask.require(home, "pull_requests")
    return found  # type: ignore[no-any-return]


def _reacted(ask: Asking, record: Reactable, reaction: records.Reaction | None) -> Payload:
    shown = view_of(ask, record)
    return {
        "reaction": Reaction(ask, reaction, shown) if reaction else None,
        "reaction_groups": [ReactionGroup(ask, content, shown) for content in REACTIONS],
        "subject": shown,
    }


@mutation
def add_reaction(ask: Asking, *, subject_id: str, content: str) -> Payload:
    """React to something. Doing it twice is doing it once."""
    record = _reactable(ask, subject_id)
    reaction, _ = ask.store.pulls.react(record, ask.viewer, REACTIONS[content])
    return _reacted(ask, record, reaction)


@mutation
def remove_reaction(ask: Asking, *, subject_id: str, content: str) -> Payload:
    """Take the viewer's reaction back, if there is one."""
    record, word = _reactable(ask, subject_id), REACTIONS[content]
    mine = next((one for one in record.reactions if one.user is ask.viewer and one.content == word), None)
    if mine is not None:
        ask.store.pulls.unreact(record, mine)
    return _reacted(ask, record, mine)
