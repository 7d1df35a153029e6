"""Suggestions: https://docs.gitlab.com/api/suggestions/"""

from __future__ import annotations

from pullbridge.testing.gitlab.applying import apply, problem
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import ApiError, forbidden
from pullbridge.testing.gitlab.errors import problem as refusal
from pullbridge.testing.gitlab.note_shapes import suggestion
from pullbridge.testing.gitlab.roles import DEVELOPER, level_of
from pullbridge.testing.gitlab.talk import talk_of
from pullbridge.testing.gitlab.talk_records import Suggestion


def _find(ask: Ask, ids: list[int]) -> list[Suggestion] | None:
    """All of them, each once; `None` when one is not there."""
    found = [ask.store.find(Suggestion, number) for number in dict.fromkeys(ids)]
    known = [one for one in found if one is not None and one in one.note.suggestions]
    return known if len(known) == len(ids) else None


def _apply(ask: Ask, found: list[Suggestion]) -> None:
    for one in found:
        pull = one.note.discussion.pull
        talk_of(ask.app, pull)
        if level_of(ask.store, ask.user, pull.source) < DEVELOPER:
            raise forbidden()
    reason = problem(ask.app, found)
    if reason is not None:
        raise refusal(400, reason)
    apply(ask.app, found, ask.me, ask.text("commit_message"))


def _missing(message: str) -> ApiError:
    return refusal(404, message)


def apply_one(ask: Ask) -> Answer:
    """PUT suggestions/{id}/apply."""
    found = _find(ask, [int(ask.values["id"])])
    if found is None:
        raise _missing("Suggestion is not applicable as the suggestion was not found.")
    _apply(ask, found)
    return Answer(payload=suggestion(ask.shapes, found[0]))


def apply_batch(ask: Ask) -> Answer:
    """PUT suggestions/batch_apply: all in one commit."""
    ask.need("ids")
    found = _find(ask, ask.numbers("ids") or [])
    if not found:
        raise _missing("Suggestions are not applicable as one or more suggestions were not found.")
    _apply(ask, found)
    return Answer(payload=[suggestion(ask.shapes, one) for one in found])


ROUTES = (
    Route(method="PUT", rule="/suggestions/<int:id>/apply", answer=apply_one, permission="apply_suggestion"),
    Route(method="PUT", rule="/suggestions/batch_apply", answer=apply_batch, permission="apply_suggestion"),
)
