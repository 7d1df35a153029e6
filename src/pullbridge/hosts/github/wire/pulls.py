"""Pull requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.wire.checks import rollup_state
from pullbridge.hosts.github.wire.people import known, person, persons, team
from pullbridge.hosts.github.wire.rows import rows
from pullbridge.hosts.moments import moment
from pullbridge.model.people import Label, Milestone, Person
from pullbridge.model.pulls import Branch, Pull, PullState
from pullbridge.model.refs import PullRef, RepoRef

_STATES = {"open": PullState.OPEN, "closed": PullState.CLOSED, "merged": PullState.MERGED}


def _state(raw: str, merged_at: datetime | None) -> PullState:
    """REST knows no "merged"; an unknown word counts as open, and is kept in `raw_state`."""
    return PullState.MERGED if merged_at else _STATES.get(raw.lower(), PullState.OPEN)


def repository(ref: RepoRef, path: str | None) -> RepoRef | None:
    """A repository on the same host; `None` for a fork that is gone."""
    return None if not path else _named(ref.web, path, ref.kind)


# Every row of a list names the same repositories, and mostly the same labels: one value serves all of them.
@lru_cache(maxsize=1024)
def _named(web: str, path: str, kind: str | None) -> RepoRef:
    return RepoRef(web=web, path=path, kind=kind)


@lru_cache(maxsize=1024)
def _label(name: str, color: str | None, description: str | None) -> Label:
    return Label(name=name, color=color, description=description)


#: The path in a `RepoRef` that stands for a whole host: what is found there says itself where it is.
ANYWHERE = "-/-"


def _homes(ref: RepoRef, target: str | None, source: str | None) -> tuple[RepoRef, RepoRef | None]:
    """The repositories of both ends. The target is the repository that was asked, by whatever name it answers now."""
    home = (repository(ref, target) or ref) if ref.path == ANYWHERE else ref
    return home, home if source is not None and source == target else repository(ref, source)


def pull(payload: payloads.RestPull, ref: RepoRef) -> Pull:
    """A pull request from REST; rows of a list leave the counts out."""
    target, source = (end.repo.full_name if end.repo else None for end in (payload.base, payload.head))
    home, fork = _homes(ref, target, source)
    return Pull(
        ref=PullRef(repository=home, number=payload.number),
        number=payload.number,
        title=payload.title,
        body=payload.body or "",
        state=_state(payload.state, payload.merged_at),
        raw_state=payload.state,
        draft=payload.draft,
        author=person(payload.user),
        source=Branch(name=payload.head.ref, commit=payload.head.sha, repository=fork),
        target=Branch(name=payload.base.ref, commit=payload.base.sha, repository=home),
        reviewers=_asked(payload, ref.owner),
        assignees=None if payload.assignees is None else persons(payload.assignees),
        labels=None if payload.labels is None else _labels(payload.labels),
        milestone=_milestone(payload.milestone),
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        closed_at=moment(payload.closed_at),
        merged_at=moment(payload.merged_at),
        merged_by=known(payload.merged_by),
        # Until the merge, this is the test merge that mergeability was computed with.
        merge_commit=payload.merge_commit_sha if payload.merged_at else None,
        auto_merge=None if payload.auto_merge is msgspec.UNSET else payload.auto_merge is not None,
        locked=payload.locked,
        comment_count=_sum(payload.comments, payload.review_comments),
        commit_count=payload.commits,
        file_count=payload.changed_files,
        additions=payload.additions,
        deletions=payload.deletions,
        url=payload.html_url,
    )


def _asked(payload: payloads.RestPull, owner: str) -> tuple[Person, ...] | None:
    if payload.requested_reviewers is None:
        return None
    return persons(payload.requested_reviewers) + tuple(team(each, owner) for each in payload.requested_teams or ())


def _labels(labels: Iterable[payloads.RestLabel | payloads.GraphLabel]) -> tuple[Label, ...]:
    return tuple(_label(each.name or "", each.color, each.description) for each in labels)


def _milestone(payload: payloads.RestMilestone | payloads.GraphMilestone | None) -> Milestone | None:
    if payload is None:
        return None
    state = payload.state.lower() if payload.state else None
    return Milestone(
        id=str(payload.number),
        title=payload.title,
        open=None if state is None else state == "open",
        due_at=moment(payload.due_on),
    )


def _sum(*counts: int | None) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def graph_pull(payload: payloads.GraphPull, ref: RepoRef, teams: Sequence[payloads.RestTeam] | None = None) -> Pull:
    """A pull request from GraphQL, which does not name the `teams` that were asked."""
    ends = (payload.base_repository, payload.head_repository)
    home, fork = _homes(ref, *(end.name_with_owner if end else None for end in ends))
    return Pull(
        ref=PullRef(repository=home, number=payload.number),
        number=payload.number,
        title=payload.title,
        body=payload.body or "",
        state=_state(payload.state, payload.merged_at),
        raw_state=payload.state,
        draft=payload.is_draft,
        author=person(payload.author),
        source=Branch(name=payload.head_ref_name, commit=payload.head_ref_oid, repository=fork),
        target=Branch(name=payload.base_ref_name, commit=payload.base_ref_oid, repository=home),
        reviewers=_requested(payload, ref.owner, teams),
        assignees=None if payload.assignees is None else persons(payload.assignees.items),
        labels=None if payload.labels is None else _labels(payload.labels.items),
        milestone=_milestone(payload.milestone),
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        closed_at=moment(payload.closed_at),
        merged_at=moment(payload.merged_at),
        merged_by=known(payload.merged_by),
        merge_commit=payload.merge_commit.oid if payload.merge_commit and payload.merged_at else None,
        auto_merge=None if payload.auto_merge_request is msgspec.UNSET else payload.auto_merge_request is not None,
        locked=payload.locked,
        subscribed=None if payload.viewer_subscription is None else payload.viewer_subscription == "SUBSCRIBED",
        comment_count=payload.total_comments_count,
        commit_count=payload.commit_total.total_count if payload.commit_total else None,
        file_count=payload.changed_files,
        additions=payload.additions,
        deletions=payload.deletions,
        checks=rollup_state(payload.rollup_state),
        url=payload.url,
    )


def has_teams(payload: payloads.GraphPull) -> bool:
    """Whether a team was asked for a review."""
    return any(
        row.requested_reviewer and row.requested_reviewer.typename == "Team" for row in rows(payload.review_requests)
    )


def _requested(
    payload: payloads.GraphPull, owner: str, teams: Sequence[payloads.RestTeam] | None
) -> tuple[Person, ...] | None:
    """Who was asked; `None` when a team was and nobody has named it, since a part is no answer."""
    if payload.review_requests is None or (teams is None and has_teams(payload)):
        return None
    asked = [row.requested_reviewer for row in payload.review_requests.items if row.requested_reviewer]
    people = tuple(person(each) for each in asked if each.typename != "Team")
    return people + tuple(team(each, owner) for each in teams or ())
