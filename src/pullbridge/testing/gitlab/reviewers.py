"""Reviewers with how far they are, and everybody who took part.

https://docs.gitlab.com/api/merge_requests/#get-single-merge-request-reviewers
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.reviewing import standing_of
from pullbridge.testing.gitlab.shapes import stamp
from pullbridge.testing.gitlab.talk import talk_of
from pullbridge.testing.store import User


def reviewers(ask: Ask) -> Answer:
    """GET reviewers."""
    pull = ask.pull

    def shape(user: User) -> dict[str, Any]:
        standing = standing_of(ask.app, pull, user)
        return {"user": ask.shapes.user(user), "state": standing.state, "created_at": stamp(standing.since)}

    return ask.paged([user for user in pull.requested_reviewers if not user.deleted], shape)


def participants(ask: Ask) -> Answer:
    """GET participants: the author, assignees, reviewers, and who wrote."""
    pull = ask.pull
    writers = [note.author for note in talk_of(ask.app, pull).notes if not note.system]
    people = dict.fromkeys([pull.author, *pull.assignees, *pull.requested_reviewers, *writers])
    return ask.paged([user for user in people if not user.deleted], ask.shapes.user)


_PULL = "/projects/<project>/merge_requests/<int:iid>"
_READ = "read_merge_request"
ROUTES = (
    Route(method="GET", rule=f"{_PULL}/reviewers", answer=reviewers, since=(14, 1), permission=_READ),
    Route(method="GET", rule=f"{_PULL}/participants", answer=participants, permission=_READ),
)
