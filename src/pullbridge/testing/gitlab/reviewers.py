"""Reviewers with how far they are.

https://docs.gitlab.com/api/merge_requests/#get-single-merge-request-reviewers
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.reviewing import standing_of
from pullbridge.testing.gitlab.shapes import stamp
from pullbridge.testing.store import User


def reviewers(ask: Ask) -> Answer:
    """GET reviewers."""
    pull = ask.pull

    def shape(user: User) -> dict[str, Any]:
        standing = standing_of(ask.app, pull, user)
        return {"user": ask.shapes.user(user), "state": standing.state, "created_at": stamp(standing.since)}

    return ask.paged([user for user in pull.requested_reviewers if not user.deleted], shape)


_PULL = "/projects/<project>/merge_requests/<int:iid>"
ROUTES = (
    Route(
        method="GET",
        rule=f"{_PULL}/reviewers",
        answer=reviewers,
        since=(14, 1),  # the version is unverified
        permission="read_merge_request_reviewer",
    ),
)
