"""What mutations are about, and who may do that."""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab import talk, talk_records
from pullbridge.testing.gitlab.graphql.context import Asking
from pullbridge.testing.gitlab.graphql.errors import unavailable
from pullbridge.testing.gitlab.graphql.nodes import number_of, record_of
from pullbridge.testing.gitlab.graphql.notes import DISCUSSION_MODELS, NOTE_MODELS
from pullbridge.testing.gitlab.graphql.pulls import MergeRequest
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.store import PullRequest, Repository

Payload = dict[str, Any]


def project_of(ask: Asking, project_path: str, *, level: int = 0) -> Repository:
    """A project that who asks may see, and has a level in."""
    me, found = ask.me, ask.project(project_path)
    if found is None or ask.level(found) < level or me.deleted:
        raise unavailable()
    return found


def pull_of(ask: Asking, project_path: str, iid: str) -> PullRequest:
    """A merge request that who asks may see."""
    found = ask.pull(project_of(ask, project_path), iid)
    if found is None:
        raise unavailable()
    return found


def editable(ask: Asking, project_path: str, iid: str) -> PullRequest:
    """A merge request that who asks may change: their own, one they are assigned to, or any with a level."""
    pull = pull_of(ask, project_path, iid)
    if ask.level(pull.repository) < DEVELOPER and ask.me is not pull.author and ask.me not in pull.assignees:
        raise unavailable()
    return pull


def shown(ask: Asking, pull: PullRequest, *errors: str) -> Payload:
    """The payload of a mutation of a merge request."""
    return {"merge_request": MergeRequest(ask, pull), "errors": list(errors)}


def noteable(ask: Asking, id: str) -> PullRequest:
    """A merge request by its global id, that who asks may comment on."""
    me, pull = ask.me, record_of(ask, id, PullRequest, "MergeRequest")
    if not ask.sees(pull.repository) or not talk.may_comment(ask.app, pull, me):
        raise unavailable()
    return pull


def note_of(ask: Asking, id: str) -> talk_records.Note:
    """A note by its global id, that who asks may see."""
    found = record_of(ask, id, talk_records.Note, *NOTE_MODELS)
    pull = found.discussion.pull
    if not ask.sees(pull.repository) or talk.note(ask.app, pull, found.id, ask.me) is None:
        raise unavailable()
    return found


def discussion_of(ask: Asking, id: str) -> talk_records.Discussion:
    """A discussion by its global id, that who asks may see."""
    me, key = ask.me, number_of(id, *DISCUSSION_MODELS)
    for pull in ask.pulls():
        found = talk.discussion(ask.app, pull, key, me)
        if found is not None:
            return found
    raise unavailable()
