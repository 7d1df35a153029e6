"""Commands in the text of notes: https://docs.gitlab.com/user/project/quick_actions/

A note of nothing but commands is not kept: it is answered 202, even when a command could not be applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab import publishing, reviewing
from pullbridge.testing.gitlab.drafts import is_draft, without_prefix
from pullbridge.testing.gitlab.roles import DEVELOPER, REPORTER, level_of
from pullbridge.testing.store import Label, PullRequest, Refused, User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

Changes = dict[str, Any]
_LINE = re.compile(r"/([a-z_]+)(?:[ \t]+(.*?))?\s*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")


@dataclass
class Done:
    """What became of a text: what is left of it, what was changed, and a sentence for each command."""

    text: str
    changes: Changes = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    @property
    def only_commands(self) -> bool:
        """Whether nothing is left of it."""
        return not self.text and bool(self.messages)


@dataclass(frozen=True)
class _Doing:
    app: App
    pull: PullRequest
    user: User
    words: str


class CannotError(Exception):
    """A command that is not for this person, or not now."""


def run(app: App, pull: PullRequest, user: User, text: str) -> Done:
    """Do what the commands of a text say."""
    kept, commands = _parts(text)
    done = Done("\n".join(kept).strip() if commands else text)
    for name, words in commands:
        try:
            changes, message = _COMMANDS[name](_Doing(app, pull, user, words))
        except (CannotError, Refused):
            done.messages.append(f"Could not apply {name} command.")
            continue
        done.changes |= changes
        done.messages.append(message)
    return done


def _parts(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    kept: list[str] = []
    commands: list[tuple[str, str]] = []
    fenced = False
    for line in text.replace("\r\n", "\n").split("\n"):
        fenced ^= _FENCE.match(line) is not None
        match = None if fenced else _LINE.match(line)
        if match is not None and match[1] in _COMMANDS:
            commands.append((match[1], (match[2] or "").strip()))
        else:
            kept.append(line)
    return kept, commands


def _need(doing: _Doing, level: int) -> None:
    if level_of(doing.app.store, doing.user, doing.pull.repository) < level and doing.user is not doing.pull.author:
        raise CannotError


def _approve(doing: _Doing) -> tuple[Changes, str]:
    if not reviewing.approve(doing.app, doing.pull, doing.user):
        raise CannotError
    return {}, "Approved the current merge request."


def _unapprove(doing: _Doing) -> tuple[Changes, str]:
    if not reviewing.unapprove(doing.app, doing.pull, doing.user):
        raise CannotError
    return {}, "Unapproved the current merge request."


def _request_changes(doing: _Doing) -> tuple[Changes, str]:
    if not doing.app.version.at_least(17, 0) or doing.user not in doing.pull.requested_reviewers:
        raise CannotError
    problem = reviewing.update(doing.app, doing.pull, doing.user, "requested_changes")
    return {}, problem or "Changes requested to the current merge request."


def _submit_review(doing: _Doing) -> tuple[Changes, str]:
    publishing.publish_all(doing.app, doing.pull, doing.user)
    said = "Submitted the current review."
    if doing.words == "approve":
        done = reviewing.approve(doing.app, doing.pull, doing.user)
        said += f" {'Approved' if done else 'Failed to approve'} the current merge request."
    elif doing.words == "reviewed":
        reviewing.update(doing.app, doing.pull, doing.user, "reviewed")
    elif doing.words == "requested_changes":
        reviewing.update(doing.app, doing.pull, doing.user, "requested_changes")
    return {}, said


def _set_draft(*, draft: bool) -> Callable[[_Doing], tuple[Changes, str]]:
    def do(doing: _Doing) -> tuple[Changes, str]:
        _need(doing, DEVELOPER)
        pull, version = doing.pull, doing.app.version
        bare = without_prefix(pull.title, version)
        word = "Draft: " if version.at_least(13, 2) else "WIP: "
        title = f"{word}{bare}" if draft and not is_draft(pull.title, version) else pull.title if draft else bare
        doing.app.store.pulls.edit(pull, doing.user, title=title)
        pull.draft = draft
        doing.app.store.merging.retry_auto_merge(pull)
        return {
            "wip_event": "draft" if draft else "ready"
        }, f"Marked this merge request as {'a draft' if draft else 'ready'}."

    return do


def _close(doing: _Doing) -> tuple[Changes, str]:
    _need(doing, DEVELOPER)
    if doing.pull.state != "open":
        raise CannotError
    doing.app.store.pulls.close(doing.pull, doing.user)
    return {"state_event": "close"}, "Closed this merge request."


def _reopen(doing: _Doing) -> tuple[Changes, str]:
    _need(doing, DEVELOPER)
    if doing.pull.state != "closed":
        raise CannotError
    doing.app.store.pulls.reopen(doing.pull, doing.user)
    return {"state_event": "reopen"}, "Reopened this merge request."


def _title(doing: _Doing) -> tuple[Changes, str]:
    _need(doing, DEVELOPER)
    if not doing.words:
        raise CannotError
    doing.app.store.pulls.edit(doing.pull, doing.user, title=doing.words)
    doing.pull.draft = is_draft(doing.words, doing.app.version)
    return {"title": doing.words}, f'Changed the title to "{doing.words}".'


def _target_branch(doing: _Doing) -> tuple[Changes, str]:
    _need(doing, DEVELOPER)
    doing.app.store.pulls.edit(doing.pull, doing.user, target_branch=doing.words)
    return {"target_branch": doing.words}, f"Set target branch to {doing.words}."


def _labels(doing: _Doing) -> list[Label]:
    _need(doing, REPORTER)
    names = [bare or quoted for quoted, bare in re.findall(r'~(?:"([^"]+)"|([^\s"]+))', doing.words)]
    known = doing.pull.repository.labels
    found = [known[name.lower()] for name in names if name.lower() in known]
    if not found:
        raise CannotError
    return found


def _label(doing: _Doing) -> tuple[Changes, str]:
    found = _labels(doing)
    doing.app.store.pulls.set_labels(doing.pull, doing.user, [*doing.pull.labels, *found])
    return {"add_label_ids": [label.id for label in found]}, f"Added {_tilde(found)}."


def _unlabel(doing: _Doing) -> tuple[Changes, str]:
    found = _labels(doing)
    doing.app.store.pulls.set_labels(doing.pull, doing.user, [one for one in doing.pull.labels if one not in found])
    return {"remove_label_ids": [label.id for label in found]}, f"Removed {_tilde(found)}."


def _tilde(labels: list[Label]) -> str:
    return f"{' '.join(f'~{label.name}' for label in labels)} label{'' if len(labels) == 1 else 's'}"


def _people(doing: _Doing) -> list[User]:
    _need(doing, REPORTER)
    names = [word.lstrip("@") for word in doing.words.split()]
    found = [doing.user if name == "me" else doing.app.store.people.find(name) for name in names]
    people = [user for user in found if user is not None]
    if not people:
        raise CannotError
    return people


def _assign(doing: _Doing) -> tuple[Changes, str]:
    people = [*doing.pull.assignees, *_people(doing)]
    doing.app.store.pulls.set_assignees(doing.pull, doing.user, people)
    ids = [user.id for user in doing.pull.assignees]
    return {"assignee_ids": ids}, f"Assigned {_at(people)}."


def _reviewer(doing: _Doing) -> tuple[Changes, str]:
    people = _people(doing)
    for user in people:
        reviewing.ask_again(doing.app, doing.pull, doing.user, user)
    ids = [user.id for user in doing.pull.requested_reviewers]
    return {"reviewer_ids": ids}, f"Assigned {_at(people)} as reviewer{'' if len(people) == 1 else 's'}."


def _no_reviewer(doing: _Doing) -> tuple[Changes, str]:
    people = _people(doing) if doing.words else list(doing.pull.requested_reviewers)
    doing.app.store.pulls.remove_reviewers(doing.pull, doing.user, people)
    ids = [user.id for user in doing.pull.requested_reviewers]
    return {"reviewer_ids": ids}, f"Removed {_at(people)} as reviewer{'' if len(people) == 1 else 's'}."


def _at(people: list[User]) -> str:
    return ", ".join(f"@{user.handle}" for user in people)


def _lock(doing: _Doing) -> tuple[Changes, str]:
    _need(doing, REPORTER)
    doing.app.store.pulls.lock(doing.pull, doing.user)
    return {"discussion_locked": True}, "Locked the discussion."


def _unlock(doing: _Doing) -> tuple[Changes, str]:
    _need(doing, REPORTER)
    doing.app.store.pulls.unlock(doing.pull, doing.user)
    return {"discussion_locked": False}, "Unlocked the discussion."


_COMMANDS: dict[str, Callable[[_Doing], tuple[Changes, str]]] = {
    "approve": _approve,
    "unapprove": _unapprove,
    "request_changes": _request_changes,
    "submit_review": _submit_review,
    "draft": _set_draft(draft=True),
    "ready": _set_draft(draft=False),
    "close": _close,
    "reopen": _reopen,
    "title": _title,
    "target_branch": _target_branch,
    "label": _label,
    "unlabel": _unlabel,
    "assign": _assign,
    "assign_reviewer": _reviewer,
    "reviewer": _reviewer,
    "request_review": _reviewer,
    "unassign_reviewer": _no_reviewer,
    "lock": _lock,
    "unlock": _unlock,
}
