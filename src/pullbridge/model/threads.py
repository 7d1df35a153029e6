"""Review threads and their comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pullbridge.model.anchor import Anchor
from pullbridge.model.people import Person, Reaction


class CommentState(Enum):
    """`PENDING` comments belong to a review that only its author sees."""

    PUBLISHED = "published"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposed replacement of the commented lines: whole lines, each with its end; `""` takes the lines out.

    `start` and `end` are the lines of the new side, 1-based and inclusive, where the host says which it would replace;
    `None` stands for those that the thread is about.
    """

    id: str
    replacement: str
    applied: bool | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment. `mine` is `None` when the host did not say and nobody knows who I am.

    `reactions` is `None` where the host does not tell them with the conversation.
    """

    id: str
    author: Person
    body: str
    created_at: datetime | None = None
    updated_at: datetime | None = None
    url: str | None = None
    reactions: tuple[Reaction, ...] | None = ()
    suggestions: tuple[Suggestion, ...] = ()
    state: CommentState = CommentState.PUBLISHED
    deleted: bool = False
    minimized: str | None = None
    mine: bool | None = None
    review_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation: about lines, about a file, or (without an anchor) about the whole pull request.

    `anchor` is the place as it was written; `current` is where the host puts it now, `None` when it is outdated or the
    host did not say. `resolved` is `None` where the thread cannot be resolved. `hunk` is the piece of the diff that the
    host keeps beside the thread.
    """

    id: str
    comments: tuple[Comment, ...]
    anchor: Anchor | None = None
    current: Anchor | None = None
    outdated: bool | None = None
    resolved: bool | None = None
    resolved_by: Person | None = None
    can_reply: bool | None = None
    can_resolve: bool | None = None
    hunk: str | None = None
    complete: bool = True
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to do before the merge, where the host has such a thing."""

    id: str
    text: str
    done: bool
    author: Person | None = None
    comment_id: str | None = None
