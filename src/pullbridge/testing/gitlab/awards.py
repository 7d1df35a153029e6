"""Emoji reactions: https://docs.gitlab.com/api/emoji_reactions/"""

from __future__ import annotations

from pullbridge.testing.gitlab import note_shapes, notes, talk
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import not_found, unauthorized
from pullbridge.testing.gitlab.talk_records import Note
from pullbridge.testing.store import PullRequest, Reaction

#: Some of the emoji that GitLab knows, and other names for them.
NAMES = frozenset(
    {
        "thumbsup",
        "thumbsdown",
        "smile",
        "smiley",
        "laughing",
        "grinning",
        "joy",
        "wink",
        "confused",
        "thinking",
        "disappointed",
        "cry",
        "angry",
        "rage",
        "heart",
        "broken_heart",
        "tada",
        "rocket",
        "eyes",
        "fire",
        "star",
        "sparkles",
        "clap",
        "pray",
        "raised_hands",
        "wave",
        "ok_hand",
        "muscle",
        "bulb",
        "bug",
        "warning",
        "100",
        "white_check_mark",
        "x",
        "question",
        "exclamation",
        "microphone",
        "coffee",
        "beer",
        "ship",
        "hourglass",
    }
)
_ALIASES = {"+1": "thumbsup", "-1": "thumbsdown", "satisfied": "laughing", "thinking_face": "thinking"}


def known_as(name: str) -> str:
    """The name that an emoji of several has."""
    return _ALIASES.get(name, name)


def _subject(ask: Ask) -> PullRequest | Note:
    return notes.find(ask) if "note" in ask.values else ask.pull


def _shape(ask: Ask, subject: PullRequest | Note, found: Reaction) -> dict[str, object]:
    kind = "Note" if isinstance(subject, Note) else "MergeRequest"
    return note_shapes.award(ask.shapes, found, subject.id, kind)


def awards(ask: Ask) -> Answer:
    """GET award_emoji."""
    subject = _subject(ask)
    return ask.paged(subject.reactions, lambda found: _shape(ask, subject, found))


def _find(ask: Ask, subject: PullRequest | Note) -> Reaction:
    found = ask.store.find(Reaction, int(ask.values["award"]))
    if found is None or found not in subject.reactions:
        raise not_found()
    return found


def get(ask: Ask) -> Answer:
    """GET award_emoji/{id}."""
    subject = _subject(ask)
    return Answer(payload=_shape(ask, subject, _find(ask, subject)))


def create(ask: Ask) -> Answer:
    """POST award_emoji: each once."""
    ask.need("name")
    subject, name = _subject(ask), known_as((ask.text("name") or "").strip(":"))
    if not talk.may_comment(ask.app, ask.pull, ask.me) or (isinstance(subject, Note) and subject.system):
        raise not_found("Award Emoji")
    if name not in NAMES:
        raise not_found("Award Emoji Name is not a valid emoji name")
    if any(known.user is ask.me and known.content == name for known in subject.reactions):
        raise not_found("Award Emoji Name has already been taken")
    made = Reaction(id=ask.store.next_id(), user=ask.me, content=name, created_at=ask.store.now())
    subject.reactions.append(ask.store.keep(made))
    return Answer(payload=_shape(ask, subject, made), status=201)


def delete(ask: Ask) -> Answer:
    """DELETE award_emoji/{id}: one's own."""
    subject = _subject(ask)
    found = _find(ask, subject)
    if found.user is not ask.me:
        raise unauthorized()
    subject.reactions.remove(found)
    ask.store.forget(found)
    return Answer(status=204)


_PULL = "/projects/<project>/merge_requests/<int:iid>"


def _routes(rule: str, what: str) -> tuple[Route, ...]:
    one, many = f"{rule}/award_emoji/<int:award>", f"{rule}/award_emoji"
    return (
        Route(method="GET", rule=many, answer=awards, permission=f"read_{what}_award_emoji"),
        Route(method="GET", rule=one, answer=get, permission=f"read_{what}_award_emoji"),
        Route(method="POST", rule=many, answer=create, permission=f"create_{what}_award_emoji"),
        Route(method="DELETE", rule=one, answer=delete, permission=f"delete_{what}_award_emoji"),
    )


ROUTES = (*_routes(_PULL, "merge_request"), *_routes(f"{_PULL}/notes/<int:note>", "merge_request_note"))
