"""Mutations of emoji on merge requests and notes: `app/graphql/mutations/award_emojis/`."""

from __future__ import annotations

from pullbridge.testing.gitlab.awards import NAMES, known_as
from pullbridge.testing.gitlab.graphql.context import Asking
from pullbridge.testing.gitlab.graphql.errors import Refusal
from pullbridge.testing.gitlab.graphql.mutations.subjects import Payload, note_of, noteable
from pullbridge.testing.gitlab.graphql.nodes import number_of
from pullbridge.testing.gitlab.graphql.notes import NOTE_MODELS, AwardEmoji
from pullbridge.testing.gitlab.graphql.schema import mutation
from pullbridge.testing.gitlab.talk_records import Note
from pullbridge.testing.store import PullRequest, Reaction


def _subject(ask: Asking, id: str) -> PullRequest | Note:
    number_of(id, "MergeRequest", *NOTE_MODELS)
    found = noteable(ask, id) if "/MergeRequest/" in id else note_of(ask, id)
    if isinstance(found, Note) and found.system:
        raise Refusal("You cannot award emoji to this resource.")
    return found


def _mine(ask: Asking, subject: PullRequest | Note, name: str) -> Reaction | None:
    return next((one for one in subject.reactions if one.user is ask.me and one.content == name), None)


def _add(ask: Asking, subject: PullRequest | Note, name: str) -> Payload:
    if name not in NAMES:
        return {"award_emoji": None, "errors": ["Name is not a valid emoji name"]}
    if _mine(ask, subject, name) is not None:
        return {"award_emoji": None, "errors": ["Name has already been taken"]}
    made = Reaction(id=ask.store.next_id(), user=ask.me, content=name, created_at=ask.store.now())
    subject.reactions.append(ask.store.keep(made))
    return {"award_emoji": AwardEmoji(ask, made), "errors": []}


def _remove(ask: Asking, subject: PullRequest | Note, name: str) -> Payload:
    mine = _mine(ask, subject, name)
    if mine is None:
        return {"award_emoji": None, "errors": [f"User has not awarded emoji of type {name} on the awardable"]}
    subject.reactions.remove(mine)
    ask.store.forget(mine)
    return {"award_emoji": None, "errors": []}


@mutation
def award_emoji_add(ask: Asking, *, awardable_id: str, name: str) -> Payload:
    """Add an emoji, once."""
    return _add(ask, _subject(ask, awardable_id), known_as(name))


@mutation
def award_emoji_remove(ask: Asking, *, awardable_id: str, name: str) -> Payload:
    """Take one's emoji back."""
    return _remove(ask, _subject(ask, awardable_id), known_as(name))


@mutation
def award_emoji_toggle(ask: Asking, *, awardable_id: str, name: str) -> Payload:
    """Add an emoji, or take it back."""
    subject, known = _subject(ask, awardable_id), known_as(name)
    there = _mine(ask, subject, known) is not None
    payload = (_remove if there else _add)(ask, subject, known)
    return {**payload, "toggled_on": _mine(ask, subject, known) is not None}
