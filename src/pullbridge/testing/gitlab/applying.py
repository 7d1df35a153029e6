"""Making suggestions true: `app/models/suggestion.rb`, `app/services/suggestions/apply_service.rb`"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pullbridge.testing.gitlab.talk_records import Suggestion
from pullbridge.testing.gitlab.tracing import lines_of
from pullbridge.testing.gitlab.versions import diff_refs
from pullbridge.testing.store import User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App


def appliable(app: App, found: Suggestion) -> str | None:
    """`None` when it can be applied, else why not."""
    pull, position = found.note.discussion.pull, found.note.position
    if found.applied:
        return "Can't apply this suggestion."
    if pull.state != "open":
        verb = "was" if pull.state == "merged" else "is"
        return f"This merge request {verb} {pull.state}. To apply this suggestion, edit this file directly."
    if pull.source.deleted or pull.source.git.head(pull.source_branch) is None:
        return "Can't apply as the source branch was deleted."
    active = position is not None and position.refs == diff_refs(app, pull)
    if not active or _content(found) != found.from_content:
        what = "this line was" if found.single_line else "these lines were"
        return f"Can't apply as {what} changed in a more recent version."
    if found.from_content == found.to_content:
        return "This suggestion already matches its content."
    return None


def _lines(found: Suggestion) -> list[str]:
    position, git = found.note.position, found.note.discussion.pull.repository.git
    if position is None or position.head_sha is None or position.new_path is None:
        return []
    blob = git.blob(position.head_sha, position.new_path)
    return [line.decode(errors="surrogateescape") for line in lines_of(blob)]


def _content(found: Suggestion) -> str:
    return "".join(_lines(found)[found.from_line - 1 : found.to_line])


def problem(app: App, suggestions: Sequence[Suggestion]) -> str | None:
    """Why they cannot be applied together."""
    first = suggestions[0].note.discussion.pull
    for found in suggestions:
        pull = found.note.discussion.pull
        if (pull.source, pull.source_branch) != (first.source, first.source_branch):
            return "Suggestions must all be on the same branch."
        reason = appliable(app, found)
        if reason is not None:
            return reason
        if found.note.position is not None and found.note.position.head_sha != pull.source.git.head(pull.source_branch):
            return "A file has been changed."
    ordered = sorted(suggestions, key=lambda found: (_path(found), found.from_line))
    for before, found in pairwise(ordered):
        if _path(before) == _path(found) and found.from_line <= before.to_line:
            return "Suggestions are not applicable as their lines cannot overlap."
    return None


def _path(found: Suggestion) -> str:
    return (found.note.position.new_path if found.note.position else None) or ""


def apply(app: App, suggestions: Sequence[Suggestion], user: User, message: str | None) -> str:
    """Commit them to the source branch, in one commit; return it."""
    pull, files = suggestions[0].note.discussion.pull, {}
    for path in dict.fromkeys(_path(found) for found in suggestions):
        here = [found for found in suggestions if _path(found) == path]
        lines = _lines(here[0])
        for found in sorted(here, key=lambda one: -one.from_line):
            lines[found.from_line - 1 : found.to_line] = [found.to_content]
        files[path] = "".join(lines).encode(errors="surrogateescape")
    text = message or f"Apply {len(suggestions)} suggestion(s) to {len(files)} file(s)"
    for found in suggestions:
        found.applied = True
    return app.store.repositories.commit(pull.source, pull.source_branch, files, message=text, author=user)
