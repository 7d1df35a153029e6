"""Drafts of notes, and publishing them. Apart from any protocol.

`app/services/draft_notes/`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullbridge.testing.gitlab import reviewing, talk
from pullbridge.testing.gitlab.positions import Position
from pullbridge.testing.gitlab.talk_records import Discussion, Draft, Note
from pullbridge.testing.store import PullRequest, User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App


def drafts(app: App, pull: PullRequest, user: User) -> list[Draft]:
    """A person's own, oldest first."""
    return [draft for draft in app.states.of(pull).talk.drafts if draft.author is user]


def create(
    app: App,
    pull: PullRequest,
    author: User,
    body: str,
    *,
    position: Position | None = None,
    reply_to: str | None = None,
    resolve: bool = False,
    commit: str | None = None,
) -> Draft:
    """Write a draft; raise `Invalid`. A place that is not in the diff is not refused: its line code is `None`."""
    discussion = _answered(app, pull, author, reply_to, resolve=resolve) if reply_to or resolve else None
    if discussion is not None and any(draft.discussion is discussion for draft in drafts(app, pull, author)):
        raise talk.Invalid({"author_id": ["has already been taken"]})
    draft = Draft(
        id=app.store.next_id(),
        pull=pull,
        author=author,
        body=body,
        discussion=discussion,
        resolve=resolve,
        commit=commit,
    )
    place(app, draft, position)
    app.states.of(pull).talk.drafts.append(app.store.keep(draft))
    if len(drafts(app, pull, author)) == 1 and app.version.at_least(17, 0):  # the version is unverified
        reviewing.update(app, pull, author, "review_started")
    return draft


def _answered(app: App, pull: PullRequest, user: User, key: str | None, *, resolve: bool) -> Discussion | None:
    found = talk.discussion(app, pull, key, user) if key else None
    if key and found is None:
        raise talk.Invalid({"base": ["Thread to reply to cannot be found"]})
    if found is not None and found.first.system:
        raise talk.Invalid({"base": ["Replies to system notes are not allowed"]})
    settles = found is not None and found.resolvable and talk.may_settle(app, pull, user)
    if resolve and not settles:
        raise talk.Invalid({"base": ["User is not allowed to resolve thread"]})
    return found


def place(app: App, draft: Draft, position: Position | None) -> None:
    """Hang a draft on a place in the diff, or take it off."""
    if position is None:
        draft.position = draft.original = draft.changed = draft.line_code = None
        return
    draft.position, draft.changed, draft.line_code = talk.placed(app, draft.pull, position)
    draft.original = position


def delete(app: App, draft: Draft) -> None:
    """Throw a draft away."""
    app.states.of(draft.pull).talk.drafts.remove(draft)
    app.store.forget(draft)
    if not drafts(app, draft.pull, draft.author) and app.version.at_least(17, 0):  # the version is unverified
        standing = reviewing.standing_of(app, draft.pull, draft.author)
        if standing.state == "review_started":
            reviewing.update(app, draft.pull, draft.author, "unreviewed")


def publish(app: App, draft: Draft) -> Note | None:
    """Make a note of a draft. One that hangs nowhere is lost without a word: GitLab drops it, too."""
    try:
        note = _published(app, draft)
    except talk.Invalid:
        note = None
    app.states.of(draft.pull).talk.drafts.remove(draft)
    app.store.forget(draft)
    return note


def _published(app: App, draft: Draft) -> Note:
    if draft.discussion is not None and draft.discussion.notes:
        note = talk.reply(app, draft.discussion, draft.author, draft.body)
        if draft.resolve:
            talk.resolve(app, draft.discussion, draft.author)
        else:
            talk.unresolve(draft.discussion)
        return note
    position = draft.position if draft.position and draft.position.complete else None
    note = talk.start(app, draft.pull, draft.author, draft.body, position=position, commit=draft.commit)
    note.original = draft.original if position else None
    return note


def publish_all(app: App, pull: PullRequest, user: User) -> list[Note]:
    """Publish all of a person's drafts, as one review."""
    mine = drafts(app, pull, user)
    notes = [publish(app, draft) for draft in mine]
    if mine:
        reviewing.update(app, pull, user, "reviewed")
    return [note for note in notes if note is not None]
