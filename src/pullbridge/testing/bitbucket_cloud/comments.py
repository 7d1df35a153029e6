"""Comments: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/

General ones, those on lines and files, and replies to any of them, to any depth. A deleted one stays in the list.
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import conflict, forbidden, invalid, not_found
from pullbridge.testing.bitbucket_cloud.pulls import PULL
from pullbridge.testing.bitbucket_cloud.talk import Inline, Remark
from pullbridge.testing.diffs import Side
from pullbridge.testing.store import Role

Json = dict[str, Any]
_COMMENTS = f"{PULL}/comments"
_COMMENT = f"{_COMMENTS}/<int:comment>"
#: An API token that comments needs to read and to write.
_WRITE = ("read:pullrequest:bitbucket", "write:pullrequest:bitbucket")


def seen(ask: Ask) -> list[Remark]:
    """The comments that whoever asks sees, oldest first: all but other people's pending ones."""
    return [remark for remark in ask.state.remarks if not remark.pending or remark.author is ask.user]


def list_comments(ask: Ask) -> Answer:
    """GET comments."""
    return ask.paged(seen(ask), ask.shapes.remark)


def find(ask: Ask, number: object) -> Remark:
    """A comment by its id; 404 when there is none."""
    for remark in seen(ask):
        if remark.id == number:
            return remark
    raise not_found(f"No comment with id {number}")


def get(ask: Ask) -> Answer:
    """GET comments/{id}."""
    return Answer(payload=ask.shapes.remark(find(ask, ask.values["comment"])))


# -- writing -----------------------------------------------------------------------------------------------------------


def create(ask: Ask) -> Answer:
    """POST comments."""
    pull, now, parent = ask.pull, ask.store.now(), _parent(ask)
    remark = Remark(
        id=ask.store.next_id(),
        pull=pull,
        author=ask.me,
        body=text(ask.body),
        created_at=now,
        updated_at=now,
        parent=parent,
        inline=None if parent else _inline(ask),
        pending=ask.body.get("pending") is True,
    )
    ask.state.remarks.append(remark)
    if not remark.pending:
        ask.state.acted[ask.me] = now
        ask.store.pulls.touch(pull)
    url = ask.shapes.remark_url(remark)
    return Answer(payload=ask.shapes.remark(remark), status=201, headers={"Location": url})


def text(body: Json) -> str:
    """`content.raw`, which may not be blank."""
    content = body.get("content")
    raw = content.get("raw") if isinstance(content, dict) else None
    if not isinstance(raw, str) or not raw.strip():
        raise invalid("content", "Content cannot be empty.")
    return raw


def _parent(ask: Ask) -> Remark | None:
    sent = ask.body.get("parent")
    if sent is None:
        return None
    parent = next((each for each in seen(ask) if isinstance(sent, dict) and each.id == sent.get("id")), None)
    if parent is None or parent.deleted:
        raise invalid("parent", "The comment to reply to does not exist.")
    return parent


def _inline(ask: Ask) -> Inline | None:
    """Where it goes: `to` or `from`, which has the last word; without either the file as a whole."""
    sent = ask.body.get("inline")
    if sent is None:
        return None
    path = sent.get("path") if isinstance(sent, dict) else None
    if not isinstance(path, str) or not path:
        raise invalid("inline", "path is required.")
    before, start_before = _range(sent, "from", "start_from")
    to, start_to = (None, None) if before else _range(sent, "to", "start_to")
    inline = Inline(
        path=path,
        to=to,
        before=before,
        start_to=start_to,
        start_before=start_before,
        head=ask.pull.head,
        base=ask.pull.merge_base,
    )
    if ask.knobs.rejects_outside:
        _need_in_diff(ask, inline)
    return inline


def _range(sent: Json, end: str, start: str) -> tuple[int | None, int | None]:
    last, first = _line(sent, end), _line(sent, start)
    if first is not None and (last is None or first > last):
        # https://github.com/The-PR-Agent/pr-agent/issues/3285
        raise invalid("inline", f"{start} must not be greater than {end}.")
    return last, first


def _line(sent: Json, name: str) -> int | None:
    line = sent.get(name)
    if line is not None and (isinstance(line, bool) or not isinstance(line, int) or line < 1):
        raise invalid("inline", f"{name} must be at least 1.")
    return line


def _need_in_diff(ask: Ask, inline: Inline) -> None:
    file = ask.store.pulls.file(ask.pull, inline.path)
    side: Side = "LEFT" if inline.before else "RIGHT"
    line = inline.before or inline.to
    if file is None or (line is not None and (side, line) not in file.positions):
        raise invalid("inline", "The line is not part of the diff.")


def edit(ask: Ask) -> Answer:
    """PUT comments/{id}: by its author. Whether `pending` may be sent along is `knobs.publish_by_put`."""
    remark = find(ask, ask.values["comment"])
    if remark.deleted:
        raise not_found(f"No comment with id {remark.id}")
    if remark.author is not ask.me:
        raise forbidden("You do not have access to edit this comment.")
    if "pending" in ask.body:
        if not ask.knobs.publish_by_put:
            raise invalid("pending", "Additional properties are not allowed ('pending' was unexpected)")
        remark.pending = remark.pending and ask.body["pending"] is True
    if "content" in ask.body or "pending" not in ask.body:
        remark.body = text(ask.body)
    remark.updated_at = ask.store.now()
    ask.store.pulls.touch(ask.pull)
    return Answer(payload=ask.shapes.remark(remark))


def delete(ask: Ask) -> Answer:
    """DELETE comments/{id}: by its author, or an administrator. It stays, without its text."""
    remark = find(ask, ask.values["comment"])
    if remark.deleted:
        raise not_found(f"No comment with id {remark.id}")
    if remark.author is not ask.me and ask.role < Role.ADMIN:
        raise forbidden("You do not have access to delete this comment.")
    remark.deleted, remark.updated_at = True, ask.store.now()
    ask.store.pulls.touch(ask.pull)
    return Answer(status=204)


# -- resolving ---------------------------------------------------------------------------------------------------------


def resolve(ask: Ask) -> Answer:
    """POST resolve: 403 for a reply and for what is not on the diff, 409 for what is resolved."""
    remark = _resolvable(ask)
    if remark.resolved_at is not None:
        raise conflict("This comment has already been resolved.")
    remark.resolved_by, remark.resolved_at = ask.me, ask.store.now()
    return Answer(payload=ask.shapes.resolution(remark))


def unresolve(ask: Ask) -> Answer:
    """DELETE resolve: 404 for what is not resolved."""
    remark = _resolvable(ask)
    if remark.resolved_at is None:
        raise not_found("This comment has not been resolved.")
    remark.resolved_by = remark.resolved_at = None
    return Answer(status=204)


def _resolvable(ask: Ask) -> Remark:
    remark = find(ask, ask.values["comment"])
    if remark.parent is not None:
        raise forbidden("Only top-level comments can be resolved.")
    if remark.inline is None:
        raise forbidden("Only comments on the diff can be resolved.")
    return remark


ROUTES = (
    Route(method="GET", rule=_COMMENTS, answer=list_comments, scope="pullrequest"),
    Route(method="POST", rule=_COMMENTS, answer=create, scope="pullrequest", granular=_WRITE),
    Route(method="GET", rule=_COMMENT, answer=get, scope="pullrequest"),
    Route(method="PUT", rule=_COMMENT, answer=edit, scope="pullrequest", granular=_WRITE),
    Route(method="DELETE", rule=_COMMENT, answer=delete, scope="pullrequest", granular=_WRITE),
    Route(method="POST", rule=f"{_COMMENT}/resolve", answer=resolve, scope="pullrequest", granular=_WRITE),
    Route(method="DELETE", rule=f"{_COMMENT}/resolve", answer=unresolve, scope="pullrequest", granular=_WRITE),
)
