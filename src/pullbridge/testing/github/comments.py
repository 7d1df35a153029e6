"""Comments on lines: https://docs.github.com/en/rest/pulls/comments"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pullbridge.testing.diffs import FileDiff, Side
from pullbridge.testing.github.asking import NO_CONTENT, Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, invalid, not_found
from pullbridge.testing.github.pull_shapes import review_comment
from pullbridge.testing.store import Place, PullRequest, Refused, ReviewComment, Role, Why

_RESOURCE = "PullRequestReviewComment"


def place_from(values: Mapping[str, Any], file: FileDiff | None) -> Place:
    """Where a comment goes: `line`, `side`, `start_line` and `start_side`, or the older `position`."""
    if values.get("subject_type") == "file":
        return Place(path=values["path"])
    line, side = values.get("line"), cast("Side", values.get("side") or "RIGHT")
    position = values.get("position")
    if line is None and position is not None and file is not None:
        line, side = _at(file, position)
    if line is None:
        raise Refused(Why.LINE_NOT_IN_DIFF)
    start = values.get("start_line")
    start_side = None if start is None else cast("Side", values.get("start_side") or side)
    place = Place(path=values["path"], side=side, line=line, start_line=start, start_side=start_side)
    if file is not None:
        _check_one_hunk(file, place)
    return place


def _at(file: FileDiff, position: int) -> tuple[int | None, Side]:
    found = {where: (line, side) for (side, line), where in file.positions.items()}
    return found.get(position, (None, "RIGHT"))


def _check_one_hunk(file: FileDiff, place: Place) -> None:
    if place.start_line is None or place.line is None:
        return
    start = file.positions.get((place.start_side or place.side, place.start_line))
    end = file.positions.get((place.side, place.line))
    if start is not None and end is not None and any(start < hunk.position < end for hunk in file.hunks):
        raise Refused(Why.START_NOT_IN_DIFF)


def _visible(ask: Ask, pull: PullRequest) -> list[ReviewComment]:
    threads = ask.store.threads.visible(pull, ask.user)
    every = [comment for thread in threads for comment in thread.comments if not comment.pending]
    return sorted(every, key=lambda comment: comment.id)


def _sorted(ask: Ask, found: list[ReviewComment]) -> list[ReviewComment]:
    if ask.query("sort") == "updated":
        found.sort(key=lambda comment: comment.updated_at)
    since = ask.query("since")
    if since:
        found = [comment for comment in found if comment.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ") >= since]
    return found[::-1] if ask.query("direction") == "desc" and ask.query("sort") else found


def list_of_pull(ask: Ask) -> Answer:
    """GET pulls/{number}/comments: the published ones, oldest first."""
    return ask.paged(_sorted(ask, _visible(ask, ask.pull)), lambda found: review_comment(ask.shapes, found))


def list_of_repository(ask: Ask) -> Answer:
    """GET pulls/comments."""
    every = [comment for pull in ask.repository.pulls.values() for comment in _visible(ask, pull)]
    return ask.paged(_sorted(ask, every), lambda found: review_comment(ask.shapes, found))


def check_may_comment(ask: Ask, pull: PullRequest) -> None:
    """A locked conversation is for members only."""
    if pull.locked and not ask.role(Role.WRITE):
        raise ApiError(403, "Unable to create comment because issue is locked.")


def create(ask: Ask) -> Answer:
    """POST pulls/{number}/comments."""
    pull = ask.pull
    check_may_comment(ask, pull)
    root_id = ask.sent("in_reply_to", int)
    if root_id is not None:
        return _reply(ask, pull, root_id)
    body = ask.required("body", str)
    if not body.strip():
        raise invalid(_RESOURCE, "body", "missing_field")
    commit, path = ask.required("commit_id", str), ask.required("path", str)
    if ask.repository.git.resolve(commit) is None:
        raise invalid(_RESOURCE, "commit_id", "custom", "commit_id is invalid")
    place = place_from({**typed(ask), "path": path}, ask.store.pulls.file(pull, path) if commit == pull.head else None)
    thread = ask.store.threads.start(pull, ask.me, place, body, commit=commit)
    comment = thread.comments[0]
    shown = review_comment(ask.shapes, comment)
    return Answer(payload=shown, status=201, headers={"Location": str(shown["url"])})


def typed(ask: Ask) -> dict[str, object]:
    """The place in the body, with its types checked."""
    numbers = {name: ask.sent(name, int) for name in ("line", "start_line", "position")}
    words = {name: ask.sent(name, str) for name in ("side", "start_side", "subject_type")}
    for name in ("side", "start_side"):
        if words[name] not in {None, "LEFT", "RIGHT"}:
            raise ApiError(
                422, f"Invalid request.\n\nFor 'properties/{name}', {words[name]} is not a member of the enum."
            )
    return {**numbers, **words}


def reply(ask: Ask) -> Answer:
    """POST pulls/{number}/comments/{id}/replies."""
    check_may_comment(ask, ask.pull)
    return _reply(ask, ask.pull, int(ask.values["id"]))


def _reply(ask: Ask, pull: PullRequest, root_id: int) -> Answer:
    root = ask.store.find(ReviewComment, root_id)
    if root is None or root.thread.pull is not pull:
        raise not_found()
    body = ask.required("body", str)
    if not body.strip():
        raise invalid(_RESOURCE, "body", "missing_field")
    shown = review_comment(ask.shapes, ask.store.threads.reply(root.thread, ask.me, body))
    return Answer(payload=shown, status=201, headers={"Location": str(shown["url"])})


def _one(ask: Ask) -> ReviewComment:
    found = ask.record(ReviewComment)
    hidden = found.pending and found.author is not ask.user
    if found.thread.pull.repository is not ask.repository or hidden:
        raise not_found()
    return found


def _mine(ask: Ask) -> ReviewComment:
    found = _one(ask)
    if found.author is not ask.me and not ask.role(Role.WRITE):
        raise ApiError(403, "Must have write access to Repository.")
    return found


def get(ask: Ask) -> Answer:
    """GET pulls/comments/{id}."""
    return Answer(payload=review_comment(ask.shapes, _one(ask)))


def edit(ask: Ask) -> Answer:
    """PATCH pulls/comments/{id}."""
    found = _mine(ask)
    body = ask.required("body", str)
    if not body.strip():
        raise invalid(_RESOURCE, "body", "missing_field")
    ask.store.threads.edit(found, body)
    return Answer(payload=review_comment(ask.shapes, found))


def delete(ask: Ask) -> Answer:
    """DELETE pulls/comments/{id}."""
    ask.store.threads.delete(_mine(ask))
    return Answer(status=NO_CONTENT)


_REPO = "/repos/<owner>/<repo>"
_PULL = f"{_REPO}/pulls/<int:number>"
_READ, _WRITE = "pull_requests=read", "pull_requests=write"
ROUTES = (
    Route(method="GET", rule=f"{_PULL}/comments", answer=list_of_pull, permissions=_READ),
    Route(method="POST", rule=f"{_PULL}/comments", answer=create, permissions=_WRITE),
    Route(method="POST", rule=f"{_PULL}/comments/<int:id>/replies", answer=reply, permissions=_WRITE),
    Route(method="GET", rule=f"{_REPO}/pulls/comments", answer=list_of_repository, permissions=_READ),
    Route(method="GET", rule=f"{_REPO}/pulls/comments/<int:id>", answer=get, permissions=_READ),
    Route(method="PATCH", rule=f"{_REPO}/pulls/comments/<int:id>", answer=edit, permissions=_WRITE),
    Route(method="DELETE", rule=f"{_REPO}/pulls/comments/<int:id>", answer=delete, permissions=_WRITE),
)
