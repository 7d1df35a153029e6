"""What happened, in the words of GitLab's system notes (`app/services/system_notes/`).

Labels, milestones and states have events of their own (see `resource_events`), and no notes.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from pullbridge.testing.git import Commit
from pullbridge.testing.gitlab.drafts import without_prefix
from pullbridge.testing.gitlab.positions import Position
from pullbridge.testing.gitlab.tracing import Diffs
from pullbridge.testing.store import Event, PullRequest, User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App


@dataclass(frozen=True)
class Said:
    """One system note."""

    actor: User
    at: datetime
    body: str


def told(app: App, pull: PullRequest, events: Sequence[Event]) -> list[Said]:
    """The notes about some events, oldest first."""
    found: list[Said] = []
    for group in _groups(events):
        first = group[0]
        people = _PEOPLE.get(_family(first))
        bodies = [people(group)] if people else _ALONE.get(first.kind, _nothing)(app, pull, first)
        found += [Said(first.actor, first.created_at, body) for body in bodies]
    return found


def _family(event: Event) -> str:
    return {"unassigned": "assigned", "review_request_removed": "review_requested"}.get(event.kind, event.kind)


def _groups(events: Sequence[Event]) -> list[list[Event]]:
    """Events of people that were recorded together are one note."""
    groups: list[list[Event]] = [[event] for event in events[:1]]
    for before, event in pairwise(events):
        together = event.id == before.id + 1 and event.actor is before.actor and _family(event) == _family(before)
        if together and _family(event) in _PEOPLE:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def _sentence(people: Sequence[User]) -> str:
    names = [f"@{user.handle}" for user in people]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _people(group: Sequence[Event], *words: tuple[str, str]) -> str:
    parts = []
    for kind, word in words:
        users = [event.data["user"] for event in group if event.kind == kind and event.data.get("user")]
        if users:
            parts.append(f"{word} {_sentence(users)}")
    return " and ".join(parts)


_PEOPLE: dict[str, Callable[[Sequence[Event]], str]] = {
    "assigned": lambda group: _people(group, ("assigned", "assigned to"), ("unassigned", "unassigned")),
    "review_requested": lambda group: _people(
        group,
        ("review_requested", "requested review from"),
        ("review_request_removed", "removed review request for"),
    ),
}


def _nothing(app: App, pull: PullRequest, event: Event) -> list[str]:
    del app, pull, event
    return []


def _fixed(words: str) -> Callable[[App, PullRequest, Event], list[str]]:
    return lambda _app, _pull, _event: [words]


def _renamed(app: App, pull: PullRequest, event: Event) -> list[str]:
    del pull
    old, new = (without_prefix(str(event.data[each]), app.version) for each in ("before", "after"))
    return [f"changed title from **{_marked(old, new, '-')}** to **{_marked(new, old, '+')}**"] if old != new else []


def _draft(app: App, pull: PullRequest, event: Event) -> list[str]:
    del pull
    if not app.version.at_least(13, 9):
        return [f"{'marked' if event.kind == 'draft' else 'unmarked'} as a **Work In Progress**"]
    return [f"marked this merge request as **{event.kind}**"]


def _marked(text: str, other: str, sign: str) -> str:
    """The text with what the other one has not in `{+ +}` or `{- -}`: what both begin and end with is left out."""
    start = 0
    while start < min(len(text), len(other)) and text[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(text), len(other)) - start and text[-1 - end] == other[-1 - end]:
        end += 1
    middle = text[start : len(text) - end]
    return f"{text[:start]}{{{sign}{middle}{sign}}}{text[len(text) - end :]}" if middle else text


def _pushed(app: App, pull: PullRequest, event: Event) -> list[str]:
    git, before, after = pull.repository.git, str(event.data["before"]), str(event.data["after"])
    fresh = git.between(before, after)
    own = {commit.sha for commit in git.between(pull.base, after)}
    new = [commit for commit in fresh if commit.sha in own] or list(fresh)
    if not new:
        return []
    items = "".join(f"<li>{commit.sha[:8]} - {_title(commit)}</li>" for commit in new)
    count = f"{len(new)} commit{'' if len(new) == 1 else 's'}"
    version = next((one.id for one in pull.versions if one.head == after), 0)
    link = f"{_page(app, pull)}/diffs?diff_id={version}&start_sha={before}"
    return [f"added {count}\n\n<ul>{items}</ul>\n\n[Compare with previous version]({link})"]


def _title(commit: Commit) -> str:
    return html.escape(commit.message.partition("\n")[0])


def _page(app: App, pull: PullRequest) -> str:
    return f"{app.root}/{pull.repository.path}/-/merge_requests/{pull.number}"


def _retargeted(app: App, pull: PullRequest, event: Event) -> list[str]:
    del app, pull
    return [f"changed target branch from `{event.data['before']}` to `{event.data['after']}`"]


def _branch_deleted(app: App, pull: PullRequest, event: Event) -> list[str]:
    del app, event
    return [f"deleted source branch `{pull.source_branch}`"] if pull.state != "merged" else []


def _auto_merge(app: App, pull: PullRequest, event: Event) -> list[str]:
    del event
    if app.version.at_least(17, 7):  # the version is unverified
        return [f"enabled an automatic merge when all merge checks for {pull.head} pass"]
    return [f"enabled an automatic merge when the pipeline for {pull.head} succeeds"]


def _lock(app: App, pull: PullRequest, event: Event) -> list[str]:
    del pull
    word = event.kind
    return [
        f"{word} the discussion in this merge request" if app.version.at_least(16, 0) else f"{word} this merge request"
    ]


def _dismissed(app: App, pull: PullRequest, event: Event) -> list[str]:
    del app, pull
    return ["unapproved this merge request"] if event.data["before"] == "APPROVED" else []


_ALONE: dict[str, Callable[[App, PullRequest, Event], list[str]]] = {
    "renamed": _renamed,
    "draft": _draft,
    "ready": _draft,
    "described": _fixed("changed the description"),
    "pushed": _pushed,
    "force_pushed": _pushed,
    "retargeted": _retargeted,
    "branch_deleted": _branch_deleted,
    "auto_merge_enabled": _auto_merge,
    "auto_merge_disabled": _fixed("canceled the automatic merge"),
    "queued": _fixed("started a merge train"),
    "unqueued": _fixed("removed this merge request from the merge train"),
    "locked": _lock,
    "unlocked": _lock,
    "approved": _fixed("approved this merge request"),
    "changes_requested": _fixed("requested changes"),
    "review_dismissed": _dismissed,
    "threads_resolved": _fixed("resolved all threads"),
}


def outdated(app: App, pull: PullRequest, position: Position | None, number: int) -> str:
    """What a thread says whose line was changed by the version of that number."""
    text = position is None or position.position_type == "text"
    page = f"{_page(app, pull)}/diffs?diff_id={pull.versions[number - 1].id}"
    code = Diffs(pull.repository.git).line_code(position) if position and text else None
    link = f"[version {number} of the diff]({page}#{code})" if code else f"version {number} of the diff"
    return f"changed this {'line' if text else 'file'} in {link}"
