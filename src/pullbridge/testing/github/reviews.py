"""Reviews: https://docs.github.com/en/rest/pulls/reviews"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.comments import place_from
from pullbridge.testing.github.errors import ApiError, answer_to, not_found, unprocessable
from pullbridge.testing.github.pull_shapes import review as shape
from pullbridge.testing.github.pull_shapes import review_comment
from pullbridge.testing.store import Place, PullRequest, Refused, Review, ReviewEvent, Role, Why

_EVENTS = ("COMMENT", "APPROVE", "REQUEST_CHANGES")
_HUNK = "Pull request review thread diff hunk can't be blank"
#: How a review as a whole is refused for one of its comments: https://github.com/parkerbxyz/suggest-changes/issues/64,
#: https://github.com/villesau/ai-codereviewer/issues/34, https://github.com/github/app/issues/3371
_REFUSALS = {
    Why.FILE_NOT_IN_DIFF: f"Pull request review thread path is invalid and {_HUNK}",
    Why.LINE_NOT_IN_DIFF: f"Pull request review thread line must be part of the diff and {_HUNK}",
    Why.START_NOT_IN_DIFF: "Pull request review thread start line must be part of the same hunk as the line.",
    Why.START_NOT_BEFORE_END: "Pull request review thread start line must precede the end line.",
    Why.COMMIT_NOT_IN_PULL: "Commit is not part of the pull request",
    Why.PENDING_EXISTS: "User can only have one pending review per pull request",
}


def list_reviews(ask: Ask) -> Answer:
    """GET: in the order they were begun."""
    return ask.paged(ask.store.reviews.visible(ask.pull, ask.user), lambda found: shape(ask.shapes, found))


def _event(ask: Ask, *, required: bool) -> ReviewEvent | None:
    event = ask.required("event", str) if required else ask.sent("event", str)
    if event is None or event in {"", "PENDING"}:
        return None
    if event not in _EVENTS:
        raise ApiError(422, f"Invalid request.\n\nFor 'properties/event', {event} is not a member of the enum.")
    return cast("ReviewEvent", event)


def create(ask: Ask) -> Answer:
    """POST: one bad comment refuses the whole review."""
    pull, commit = ask.pull, ask.sent("commit_id", str)
    event = _event(ask, required=False)
    if commit is not None and ask.repository.git.resolve(commit) is None:
        raise unprocessable("Commit could not be resolved")
    try:
        drafts = [_draft(ask, pull, commit, given) for given in ask.sent("comments", list) or []]
        made = ask.store.reviews.create(
            pull, ask.me, event=event, body=ask.sent("body", str) or "", commit=commit, comments=drafts
        )
    except Refused as refused:
        raise _refused(refused) from refused
    return Answer(payload=shape(ask.shapes, made))


def _draft(ask: Ask, pull: PullRequest, commit: str | None, given: object) -> tuple[Place, str]:
    """One comment of a review. It has no `subject_type`: files cannot be commented on here."""
    if not isinstance(given, Mapping) or not isinstance(given.get("path"), str):
        raise ApiError(422, 'Invalid request.\n\n"path" wasn\'t supplied.')
    values = cast("Mapping[str, Any]", given)
    if not isinstance(values.get("body"), str) or not str(values["body"]).strip():
        raise ApiError(422, 'Invalid request.\n\n"body" wasn\'t supplied.')
    if "subject_type" in values:
        raise ApiError(422, 'Invalid request.\n\nNo subschema in "anyOf" matched. "subject_type" is not permitted.')
    for name in ("line", "start_line", "position"):
        if not isinstance(values.get(name), int | None):
            raise ApiError(422, f"Invalid request.\n\nFor 'items/{name}', a value is not an integer.")
    file = ask.store.pulls.file(pull, values["path"]) if commit in {None, pull.head} else None
    return place_from(values, file), values["body"]


def _refused(refused: Refused) -> ApiError:
    sentence = _REFUSALS.get(refused.why)
    return answer_to(refused) if sentence is None else unprocessable(sentence)


def _one(ask: Ask) -> Review:
    found = ask.record(Review, "review")
    if found.pull is not ask.pull or (found.pending and found.author is not ask.user):
        raise not_found()
    return found


def _mine(ask: Ask) -> Review:
    found = _one(ask)
    if found.author is not ask.me:
        raise ApiError(403, "Must be the author of the review.")  # unverified wording
    return found


def get(ask: Ask) -> Answer:
    """GET reviews/{id}."""
    return Answer(payload=shape(ask.shapes, _one(ask)))


def edit(ask: Ask) -> Answer:
    """PUT reviews/{id}."""
    found = _mine(ask)
    ask.store.reviews.edit(found, ask.required("body", str))
    return Answer(payload=shape(ask.shapes, found))


def delete(ask: Ask) -> Answer:
    """DELETE reviews/{id}: a pending one."""
    found = _mine(ask)
    shown = shape(ask.shapes, found)
    ask.store.reviews.delete(found)
    return Answer(payload=shown)


def submit(ask: Ask) -> Answer:
    """POST reviews/{id}/events."""
    found, event = _mine(ask), _event(ask, required=True)
    if event is None:
        raise unprocessable("Event is required")
    try:
        ask.store.reviews.submit(found, event, ask.sent("body", str))
    except Refused as refused:
        if refused.why is Why.NOT_PENDING:
            raise unprocessable("Can not submit a review that was already submitted") from refused
        raise
    return Answer(payload=shape(ask.shapes, found))


def dismiss(ask: Ask) -> Answer:
    """PUT reviews/{id}/dismissals: for those who may write."""
    found = _one(ask)
    if found.author is not ask.me and not ask.role(Role.WRITE):
        raise ApiError(403, "Must have write access to Repository.")
    ask.store.reviews.dismiss(found, ask.me, ask.required("message", str))
    return Answer(payload=shape(ask.shapes, found))


def comments(ask: Ask) -> Answer:
    """GET reviews/{id}/comments."""
    return ask.paged(_one(ask).comments, lambda found: review_comment(ask.shapes, found))


_PULL = "/repos/<owner>/<repo>/pulls/<int:number>"
_ONE = f"{_PULL}/reviews/<int:review>"
_READ, _WRITE = "pull_requests=read", "pull_requests=write"
ROUTES = (
    Route(method="GET", rule=f"{_PULL}/reviews", answer=list_reviews, permissions=_READ),
    Route(method="POST", rule=f"{_PULL}/reviews", answer=create, permissions=_WRITE),
    Route(method="GET", rule=_ONE, answer=get, permissions=_READ),
    Route(method="PUT", rule=_ONE, answer=edit, permissions=_WRITE),
    Route(method="DELETE", rule=_ONE, answer=delete, permissions=_WRITE),
    Route(method="POST", rule=f"{_ONE}/events", answer=submit, permissions=_WRITE),
    Route(method="PUT", rule=f"{_ONE}/dismissals", answer=dismiss, permissions=_WRITE),
    Route(method="GET", rule=f"{_ONE}/comments", answer=comments, permissions=_READ),
)
