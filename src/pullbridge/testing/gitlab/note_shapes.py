"""Notes, discussions, drafts and suggestions in GitLab's shapes (`lib/api/entities/`)."""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab.applying import appliable
from pullbridge.testing.gitlab.positions import shown
from pullbridge.testing.gitlab.shapes import Shapes, stamp, stamp_or_none
from pullbridge.testing.gitlab.talk import sees
from pullbridge.testing.gitlab.talk_records import Discussion, Draft, Note, Suggestion
from pullbridge.testing.store import Reaction, User

Json = dict[str, Any]


def note(shapes: Shapes, found: Note) -> Json:
    """`Note`."""
    pull = found.discussion.pull
    page: Json = {"id": found.id, "type": found.kind, "body": found.body}
    if not shapes.at_least(18, 5):  # the version is unverified
        page["attachment"] = None
    page |= {
        "author": shapes.user(found.author),
        "created_at": stamp(found.created_at),
        "updated_at": stamp(found.updated_at),
        "system": found.system,
        "noteable_id": pull.id,
        "noteable_type": "MergeRequest",
    }
    if shapes.at_least(15, 5):  # the version is unverified
        page["project_id"] = pull.repository.id
    if found.kind == "DiffNote":
        page |= {"commit_id": found.commit, "position": shown(found.position)}
    page["resolvable"] = found.resolvable
    if found.resolvable:
        page |= {
            "resolved": found.resolved,
            "resolved_by": shapes.user_or_null(found.resolved_by),
            "resolved_at": stamp_or_none(found.resolved_at),
        }
    if found.kind == "DiffNote":
        page["suggestions"] = [suggestion(shapes, one) for one in found.suggestions]
    page["confidential"] = found.internal
    if shapes.at_least(15, 3):
        page["internal"] = found.internal
    if shapes.at_least(16, 11):
        page |= {"imported": False, "imported_from": "none"}
    return {**page, "noteable_iid": pull.number, "commands_changes": dict(found.commands)}


def discussion(shapes: Shapes, found: Discussion) -> Json:
    """`Discussion`, with the notes that the viewer sees."""
    page: Json = {"id": found.id, "individual_note": found.individual}
    if shapes.at_least(19, 0):  # the version is unverified
        page["resolvable"] = found.resolvable
        if found.resolvable:
            page["resolved"] = found.resolved
    return {**page, "notes": [note(shapes, one) for one in found.notes if sees(shapes.app, one, shapes.viewer)]}


def suggestion(shapes: Shapes, found: Suggestion) -> Json:
    """`Suggestion`."""
    return {
        "id": found.id,
        "from_line": found.from_line,
        "to_line": found.to_line,
        "appliable": appliable(shapes.app, found) is None,
        "applied": found.applied,
        "from_content": found.from_content,
        "to_content": found.to_content,
    }


def draft(found: Draft) -> Json:
    """`DraftNote`."""
    return {
        "id": found.id,
        "author_id": found.author.id,
        "merge_request_id": found.pull.id,
        "resolve_discussion": found.resolve,
        "discussion_id": found.discussion.id if found.discussion else None,
        "note": found.body,
        "commit_id": found.commit,
        "line_code": found.line_code,
        "position": shown(found.position),
    }


def award(shapes: Shapes, found: Reaction, number: int, kind: str) -> Json:
    """`AwardEmoji` on the record of that number."""
    when = stamp(found.created_at)
    user: User = found.user
    page: Json = {"id": found.id, "name": found.content, "user": shapes.user(user), "created_at": when}
    page |= {"updated_at": when, "awardable_id": number, "awardable_type": kind}
    return {**page, "url": None} if shapes.at_least(16, 1) else page
