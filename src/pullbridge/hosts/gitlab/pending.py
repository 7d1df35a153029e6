"""Drafts of notes: a review that is built up over time, and that GitLab shows to its author alone.

https://docs.gitlab.com/api/draft_notes/ (drafts in the API are 15.9's, publishing them all at once 15.11's)
"""

from __future__ import annotations

from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import drafting, payloads, whoami, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about
from pullbridge.model.reviews import DraftComment
from pullbridge.model.threads import Comment
from pullbridge.transport.call import Repeat

_SINCE = (15, 9)


def mine(api: RepositoryApi, number: int) -> list[payloads.DraftNote]:
    """My drafts, wherever they were begun; none where nobody is signed in, or the version keeps them from the API."""
    known = api.api.version
    if api.api.signing.anonymous or (known is not None and not known.at_least(_SINCE)):
        return []
    try:
        return api.api.pages(api.pull(number, "draft_notes"), payloads.DraftNote, about(number))
    except errors.NotThere:
        return []


def add(api: RepositoryApi, number: int, draft: DraftComment) -> payloads.DraftNote:
    """Keep a draft. GitLab takes one for any line, and loses it when it is published: one without a line is taken back."""
    path, values = api.pull(number, "draft_notes"), _values(api, number, draft)
    try:
        made = api.api.send("POST", path, values, payloads.DraftNote, _to(draft, number))
    except errors.AlreadyThere as error:
        raise _second(error) from error.__cause__
    at = draft.at
    if at is not None and not at.is_file and made.line_code is None:
        drop(api, number, f"{wire.DRAFT}{made.id}")
        problem = "line_code can't be blank"
        refused = errors.Rejected(f"GitLab refused the input: {problem}.", problems=(problem,), host=api.api.host)
        raise drafting.displaced(refused, at, draft.body)
    return made


def _second(error: errors.AlreadyThere) -> errors.AlreadyThere:
    """A validation of GitLab's: `validates :author_id, uniqueness: { scope: [:merge_request_id, :discussion_id] }`"""
    return errors.AlreadyThere(
        "You have a draft in this conversation, and GitLab keeps one a person there.",
        host=error.host,
        status=error.status,
        request_id=error.request_id,
        next_step="Add to it with `reviews.edit_draft`, or answer at once with `threads.reply`.",
    )


def _to(draft: DraftComment, number: int) -> Asked:
    what = f"merge request !{number}" if draft.reply_to is None else "such thread"
    return Asked(what=what, write=True, needs=drafting.WRITE)


def _values(api: RepositoryApi, number: int, draft: DraftComment) -> dict[str, Any]:
    if draft.reply_to is not None:
        return {"note": drafting.checked(draft.body), "in_reply_to_discussion_id": draft.reply_to}
    values: dict[str, Any] = {"note": drafting.text(draft.body, draft.at)}
    return values if draft.at is None else {**values, "position": drafting.position(api, number, draft.at)}


def edit(api: RepositoryApi, number: int, draft: str, body: str) -> Comment:
    """Replace a draft's text. Its place is sent once more, because GitLab clears it otherwise."""
    asked = Asked(what="such draft", write=True, needs=drafting.WRITE)
    path = api.pull(number, "draft_notes", draft.removeprefix(wire.DRAFT))
    before = api.api.get(path, payloads.DraftAsKept, Asked(what="such draft"))
    place = wire.anchor(before.place)
    values: dict[str, Any] = {"note": drafting.text(body, place)}
    if place is not None and before.position is not None:
        values["position"] = {name: value for name, value in before.position.items() if value is not None}
    made, me = whoami.beside(
        api.api, lambda: api.api.send("PUT", path, values, payloads.DraftNote, asked, repeat=Repeat.SAFE)
    )
    return wire.draft(made, wire.Reader(url=f"{api.ref.url}/-/merge_requests/{number}", me=me), place)


def drop(api: RepositoryApi, number: int, draft: str) -> None:
    """Throw one draft away."""
    asked = Asked(what="such draft", write=True, needs=drafting.WRITE)
    api.api.reply("DELETE", api.pull(number, "draft_notes", draft.removeprefix(wire.DRAFT)), asked)


def discard(api: RepositoryApi, number: int) -> bool:
    """Throw all my drafts away; whether there were any."""
    drafts = mine(api, number)
    api.api.gather(*(lambda each=each: _gone(api, number, each) for each in drafts))
    return bool(drafts)


def _gone(api: RepositoryApi, number: int, draft: payloads.DraftNote) -> None:
    try:
        drop(api, number, f"{wire.DRAFT}{draft.id}")
    except errors.NotThere:
        return


def publish(api: RepositoryApi, number: int) -> None:
    """Publish all my drafts at once: everybody is told once, and what is published is no draft any more."""
    path = api.pull(number, "draft_notes", "bulk_publish")
    api.api.reply("POST", path, drafting.write_to(number), repeat=Repeat.SAFE)
