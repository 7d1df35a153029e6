"""What is said of a pull request, and who sees what of it: threads, replies, tasks, pending comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pullbridge.testing.bitbucket_dc import anchoring
from pullbridge.testing.bitbucket_dc.records import Anchor, Comment, CommentState, Severity
from pullbridge.testing.bitbucket_dc.states import PullState
from pullbridge.testing.store import PullRequest, User

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App


def sees(comment: Comment, viewer: User | None) -> bool:
    """Whether somebody sees a comment: a pending one is its author's alone, and so is what hangs on it."""
    return not comment.pending or comment.author is viewer


def visible(state: PullState, viewer: User | None) -> list[Comment]:
    """The roots of the threads that somebody sees, oldest first."""
    return [comment for comment in state.comments if sees(comment, viewer)]


def every(state: PullState) -> Iterator[Comment]:
    """All comments."""
    for root in state.comments:
        yield from root.tree()


def find(state: PullState, number: int, viewer: User | None) -> Comment | None:
    """A comment that somebody sees, by its id."""
    return next((comment for comment in every(state) if comment.id == number and sees(comment, viewer)), None)


def pending(state: PullState, viewer: User) -> list[Comment]:
    """Somebody's pending comments."""
    return [comment for comment in every(state) if comment.pending and comment.author is viewer]


def add(
    app: App,
    pull: PullRequest,
    author: User,
    text: str,
    *,
    parent: Comment | None = None,
    anchor: Anchor | None = None,
    severity: Severity = "NORMAL",
    said: CommentState = "OPEN",
) -> Comment:
    """Add a comment; one that is not pending is told of."""
    now, state = app.store.now(), app.states.of(pull)
    comment = Comment(
        id=app.store.next_id(),
        pull=pull,
        author=author,
        text=text,
        created_at=now,
        updated_at=now,
        parent=parent,
        anchor=anchor,
        severity=severity,
        state=said,
    )
    app.store.keep(comment)
    (state.comments if parent is None else parent.replies).append(comment)
    if said != "PENDING":
        announce(app, comment)
    return comment


def announce(app: App, comment: Comment) -> None:
    """It is there for everybody: its author takes part, and a thread is an activity."""
    pull = comment.pull
    state = app.states.of(pull)
    if comment.author is not pull.author and comment.author not in pull.requested_reviewers:
        state.joined(comment.author)
    app.store.pulls.touch(pull)
    if comment.parent is None:
        app.states.note(state, "COMMENTED", comment.author, commentAction="ADDED", comment=comment)
    elif app.knobs.comment_echoes:
        app.states.note(state, "COMMENTED", comment.author, commentAction="REPLIED", comment=comment)


def publish(app: App, comment: Comment) -> None:
    """A pending comment is not pending any more."""
    comment.state = "OPEN"
    comment.version += 1
    announce(app, comment)


def remove(app: App, comment: Comment) -> None:
    """Delete a comment that has no replies; with its thread goes the activity."""
    state = app.states.of(comment.pull)
    (state.comments if comment.parent is None else comment.parent.replies).remove(comment)
    app.store.forget(comment)
    state.activities = [each for each in state.activities if each.data.get("comment") is not comment]


def rescoped(app: App, state: PullState) -> None:
    """Move every anchor of the effective diff to today's."""
    base = state.target if app.knobs.from_hash_is_target else state.pull.merge_base
    for comment in state.comments:
        if comment.anchor is not None:
            before, comment.anchor = comment.anchor, anchoring.drift(comment.anchor, state, base)
            comment.version += app.knobs.drift_makes_versions and before != comment.anchor


def counts(state: PullState) -> dict[str, int]:
    """How much is said, and how much is to be done."""
    published = [comment for comment in every(state) if not comment.pending]
    tasks = [comment for comment in published if comment.severity == "BLOCKER"]
    done = sum(task.state == "RESOLVED" for task in tasks)
    said = len(published) - len(tasks)
    return {"resolvedTaskCount": done, "commentCount": said, "openTaskCount": len(tasks) - done}
