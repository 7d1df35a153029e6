"""The activity log: comments, updates, approvals and requests for changes, the newest first.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.pulls import PULL, PULLS
from pullbridge.testing.bitbucket_cloud.shapes import stamp
from pullbridge.testing.store import Event, PullRequest, User

Json = dict[str, Any]
Entry = tuple[datetime, int, Json]
USUAL, MOST = 20, 50
#: What is an update in the log. Requests for reviews are told as `changes` of the list.
_UPDATES = frozenset(
    {
        "closed",
        "reopened",
        "merged",
        "renamed",
        "described",
        "pushed",
        "force_pushed",
        "retargeted",
        "draft",
        "ready",
        "review_requested",
        "review_request_removed",
    }
)


@dataclass(frozen=True)
class Then:
    """What a pull request was at a time."""

    title: str
    head: str
    target: str
    state: str
    draft: bool

    def before(self, event: Event) -> Then:
        """What it was before an event."""
        was = event.data.get("before")
        match event.kind:
            case "renamed":
                return replace(self, title=str(was))
            case "pushed" | "force_pushed":
                return replace(self, head=str(was))
            case "retargeted":
                return replace(self, target=str(was))
            case "draft" | "ready":
                return replace(self, draft=event.kind == "ready")
            case "closed" | "merged":
                return replace(self, state="OPEN")
            case _:
                return self


def of_pull(ask: Ask) -> Answer:
    """GET pullrequests/{id}/activity."""
    return _paged(ask, _entries(ask, ask.pull))


def of_repository(ask: Ask) -> Answer:
    """GET pullrequests/activity: that of all pull requests."""
    return _paged(ask, [entry for pull in ask.repository.pulls.values() for entry in _entries(ask, pull)])


def _paged(ask: Ask, entries: list[Entry]) -> Answer:
    entries.sort(key=lambda entry: entry[:2], reverse=True)
    return ask.paged([entry[2] for entry in entries], lambda row: row, usual=USUAL, most=MOST, counted=False)


def _entries(ask: Ask, pull: PullRequest) -> list[Entry]:
    base = ask.shapes.pull_base(pull)
    found = [*_updates(ask, pull), *_verdicts(ask, pull), *_comments(ask, pull)]
    return [(when, order, {"pull_request": base, **told}) for when, order, told in found]


def _comments(ask: Ask, pull: PullRequest) -> Iterator[Entry]:
    for remark in ask.app.states.of(pull).remarks:
        if not remark.pending or remark.author is ask.user:
            yield remark.created_at, remark.id, {"comment": ask.shapes.remark(remark)}


def _verdicts(ask: Ask, pull: PullRequest) -> Iterator[Entry]:
    words = {"APPROVED": "approval", "CHANGES_REQUESTED": "changes_requested"}
    for review in pull.reviews:
        if review.state in words:
            date, user = stamp(review.created_at), ask.shapes.user(review.author)
            told = {"date": date, "user": user, "pullrequest": ask.shapes.pull_base(pull)}
            yield review.created_at, review.id, {words[review.state]: told}


def _updates(ask: Ask, pull: PullRequest) -> Iterator[Entry]:
    """Each event as the state that it made; and, last of all, the creation."""
    then = Then(pull.title, pull.head, pull.target_branch, ask.shapes.state_of(pull), pull.draft)
    for event in reversed(pull.events):
        if event.kind in _UPDATES:
            yield (
                event.created_at,
                event.id,
                _update(ask, pull, then, event.actor, event.created_at, _changes(ask, event)),
            )
        then = then.before(event)
    yield pull.created_at, pull.id, _update(ask, pull, then, pull.author, pull.created_at, {})


def _update(ask: Ask, pull: PullRequest, then: Then, actor: User, when: datetime, changes: Json) -> Json:
    reason = ask.app.states.of(pull).reason if then.state == "DECLINED" else ""
    told = {
        "title": then.title,
        "description": pull.body or "",
        "state": then.state,
        "draft": then.draft,
        "reason": reason,
        "author": ask.shapes.user(actor),
        "date": stamp(when),
        "source": ask.shapes.source(pull, then.head),
        "destination": ask.shapes.destination(pull, ask.shapes.tip(pull), then.target),
        "reviewers": [ask.shapes.user(user) for user in pull.requested_reviewers],
        "changes": changes,
    }
    return {"update": told}


def _changes(ask: Ask, event: Event) -> Json:
    """What an update changed. Seen in answers; the specification does not name it."""
    user = event.data.get("user")
    match event.kind:
        case "renamed":
            return {"title": {"old": event.data["before"], "new": event.data["after"]}}
        case "draft" | "ready":
            return {"draft": {"old": event.kind == "ready", "new": event.kind == "draft"}}
        case "closed":
            return {"status": {"old": "open", "new": "rejected"}}
        case "merged":
            return {"status": {"old": "open", "new": "fulfilled"}}
        case "review_requested":
            return {"reviewers": {"added": [ask.shapes.user(user)] if isinstance(user, User) else []}}
        case "review_request_removed":
            return {"reviewers": {"removed": [ask.shapes.user(user)] if isinstance(user, User) else []}}
        case _:
            return {}


ROUTES = (
    Route(method="GET", rule=f"{PULLS}/activity", answer=of_repository, scope="pullrequest"),
    Route(method="GET", rule=f"{PULL}/activity", answer=of_pull, scope="pullrequest"),
)
