"""Comments, where they hang, and the activities that list them.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (comments, activities, review)
"""

from __future__ import annotations

import msgspec

from pullbridge.hosts.bitbucket_dc.payloads.base import Rest
from pullbridge.hosts.bitbucket_dc.payloads.people import User


class PathParts(Rest):
    """A path as an object. `components` are all of its parts."""

    components: list[str] | None = None
    to_string: str | None = None


#: A path as an object or, in anchors of most versions, as a text.
Path = PathParts | str


class MultilineMarker(Rest):
    """Where a range begins (9.2)."""

    start_line: int | None = None
    start_line_type: str | None = None


class DiffAnchor(Rest):
    """A place in a diff. One on a whole file has no line; `orphaned` is one whose line has left the diff."""

    path: Path | None = None
    src_path: Path | None = None
    line: int | None = None
    line_type: str | None = None
    file_type: str | None = None
    diff_type: str | None = None
    from_hash: str | None = None
    to_hash: str | None = None
    orphaned: bool | None = None
    multiline_marker: MultilineMarker | None = None


class Emoticon(Rest):
    shortcut: str | None = None
    value: str | None = None


class CommentReaction(Rest):
    """Who reacted in one way."""

    emoticon: Emoticon | None = None
    users: list[User] | None = None


class CommentProperties(Rest):
    """What plug-ins add to a comment: reactions are the business of one that comes with Bitbucket."""

    reactions: list[CommentReaction] | None = None


class Parent(Rest):
    id: int


class Comment(Rest):
    """A comment with its answers, which may have answers themselves.

    `severity` `BLOCKER` makes a task of it, whose `state` is `OPEN` or `RESOLVED`; one of mine that nobody else sees yet is
    `PENDING`. `thread_resolved` (8.9) is of the whole conversation, whatever the tasks in it.
    """

    id: int
    version: int = 0
    text: str | None = None
    author: User | None = None
    created_date: int | str | None = None
    updated_date: int | str | None = None
    comments: list[Comment] | None = None
    parent: Parent | None = None
    anchor: DiffAnchor | None = None
    severity: str | None = None
    state: str | None = None
    thread_resolved: bool | None = None
    thread_resolver: User | None = None
    properties: CommentProperties | None = None

    @property
    def is_pending(self) -> bool:
        """Whether it waits for my review to be finished."""
        return self.state == "PENDING"

    @property
    def is_task(self) -> bool:
        """Whether it is to be done before the merge."""
        return self.severity == "BLOCKER"


class DiffLine(Rest):
    """A line of the piece of a diff that Bitbucket shows beside a conversation."""

    line: str = ""


class DiffSegment(Rest):
    type: str = ""
    lines: list[DiffLine] | None = None


class DiffHunk(Rest):
    source_line: int = 0
    source_span: int = 0
    destination_line: int = 0
    destination_span: int = 0
    segments: list[DiffSegment] | None = None


class ActivityDiff(Rest):
    hunks: list[DiffHunk] | None = None


class Activity(Rest):
    """One entry of the activity stream, as far as conversations and verdicts are concerned.

    Plug-ins may add kinds of any shape: "clients should be flexible enough to handle unexpected entity shapes".
    """

    id: int | None = None
    action: str = ""
    created_date: int | str | None = None
    user: User | None = None
    comment_action: str | None = None
    comment: Comment | None = None
    comment_anchor: DiffAnchor | None = None
    diff: ActivityDiff | None = None
    #: Of a push (`RESCOPED`): the head since then.
    from_hash: str | None = None


def with_answers(comment: Comment, answers: list[Comment]) -> Comment:
    """The same comment with other answers."""
    return msgspec.structs.replace(comment, comments=answers)
