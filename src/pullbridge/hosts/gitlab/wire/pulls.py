"""Merge requests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from pullbridge.hosts.decoding import whole
from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.wire.people import known, person, persons
from pullbridge.hosts.gitlab.wire.pipelines import pipeline_state
from pullbridge.hosts.gitlab.wire.titles import unmarked
from pullbridge.hosts.moments import moment
from pullbridge.model.people import Label, Milestone, Person
from pullbridge.model.pulls import Branch, Pull, PullState
from pullbridge.model.refs import PullRef, RepoRef

#: `locked` is the short while in which GitLab is merging; the word itself stays in `Pull.raw_state`.
#: https://docs.gitlab.com/api/merge_requests/#list-merge-requests
_STATES = {
    "opened": PullState.OPEN,
    "locked": PullState.OPEN,
    "closed": PullState.CLOSED,
    "merged": PullState.MERGED,
}
#: The path in a `RepoRef` that stands for a whole host: what is found there says itself where it is.
ANYWHERE = "-/-"


# Every row of a list names the same repositories, and mostly the same labels: one value serves all of them.
@lru_cache(maxsize=1024)
def repository(web: str, path: str, kind: str | None) -> RepoRef:
    """A repository of the same host."""
    return RepoRef(web=web, path=path, kind=kind)


@lru_cache(maxsize=1024)
def _label(name: str, color: str | None, description: str | None) -> Label:
    return Label(name=name, color=color, description=description)


def state(raw: str) -> PullState:
    """One of three; an unknown word counts as open, and is kept in `Pull.raw_state`."""
    return _STATES.get(raw, PullState.OPEN)


def pull(payload: payloads.MergeRequest, ref: RepoRef, fork: RepoRef | None = None) -> Pull:
    """A merge request; rows of a list leave out the diff's commits, the counts and the pipeline.

    `fork` is where the source branch is when that is another project than the target's; the payload has only its number.
    """
    home = _home(payload, ref)
    refs = payload.diff_refs or payloads.DiffRefs()
    now = state(payload.state)
    return Pull(
        ref=PullRef(repository=home, number=payload.iid),
        number=payload.iid,
        title=unmarked(payload.title) if payload.is_draft else payload.title,
        body=payload.description or "",
        state=now,
        raw_state=payload.state,
        draft=payload.is_draft,
        author=person(payload.author),
        source=Branch(name=payload.source_branch, commit=payload.sha, repository=fork if from_fork(payload) else home),
        target=Branch(name=payload.target_branch, commit=refs.start_sha, repository=home),
        merge_base=refs.base_sha,
        reviewers=None if payload.reviewers is None else persons(payload.reviewers),
        assignees=_assignees(payload),
        labels=None if payload.labels is None else tuple(_labels(payload.labels)),
        milestone=_milestone(payload.milestone),
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        closed_at=moment(payload.closed_at),
        merged_at=moment(payload.merged_at),
        merged_by=known(payload.merge_user or payload.merged_by) if now is PullState.MERGED else None,
        merge_commit=merge_commit(payload),
        auto_merge=payload.merge_when_pipeline_succeeds,
        locked=None if payload.discussion_locked is msgspec.UNSET else bool(payload.discussion_locked),
        subscribed=payload.subscribed,
        comment_count=payload.user_notes_count,
        file_count=_count(payload.changes_count),
        checks=pipeline_state(payload.head_pipeline.status) if payload.head_pipeline else None,
        url=payload.web_url,
    )


def from_fork(payload: payloads.MergeRequest) -> bool:
    """Whether the source branch is not in the target's project. A fork that is gone has no number any more."""
    target = payload.target_project_id or payload.project_id
    return payload.source_project_id is None or payload.source_project_id != target


def merge_commit(payload: payloads.MergeRequest) -> str | None:
    """The commit on the target: of the merge, of the squash, or by fast-forward the head itself."""
    if state(payload.state) is not PullState.MERGED:
        return None
    return payload.merge_commit_sha or payload.squash_commit_sha or payload.sha


def _home(payload: payloads.MergeRequest, ref: RepoRef) -> RepoRef:
    """The target's repository: the one that was asked, by whatever name it answers now."""
    full = payload.references.full if payload.references else None
    if ref.path != ANYWHERE or not full:
        return ref
    return repository(ref.web, full.rpartition("!")[0], ref.kind)


def _assignees(payload: payloads.MergeRequest) -> tuple[Person, ...] | None:
    """Several since 11.x; `assignee` is the first of them."""
    if payload.assignees is not None:
        return persons(payload.assignees)
    return persons([payload.assignee]) if payload.assignee is not None else None


def _labels(labels: Iterable[str | payloads.LabelDetails]) -> Iterable[Label]:
    for each in labels:
        if isinstance(each, str):
            yield _label(each, None, None)
        else:
            yield _label(each.name, _digits(each.color), each.description)


def _digits(color: str | None) -> str | None:
    """Six hexadecimal digits; GitLab says `#fff`, too."""
    digits = (color or "").removeprefix("#")
    return ("".join(2 * each for each in digits) if len(digits) == 3 else digits) or None


def _milestone(payload: payloads.Milestone | None) -> Milestone | None:
    return None if payload is None else _stone(payload.id, payload.title, payload.state, payload.due_date)


@lru_cache(maxsize=1024)
def _stone(number: int, title: str, word: str | None, due: str | None) -> Milestone:
    open_ = None if word is None else word == "active"
    return Milestone(id=str(number), title=title, open=open_, due_at=moment(due))


def _count(told: str | None) -> int | None:
    """A count in a text; `1000+` counts nothing."""
    return whole(told)
