"""Pull requests."""

from __future__ import annotations

from functools import lru_cache

from pullbridge.addresses import server_page
from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire.people import person, persons
from pullbridge.hosts.bitbucket_dc.wire.times import moment
from pullbridge.model.pulls import Branch, Pull, PullState
from pullbridge.model.refs import PullRef, RepoRef

_STATES = {"OPEN": PullState.OPEN, "DECLINED": PullState.CLOSED, "MERGED": PullState.MERGED}
#: The path in a `RepoRef` that stands for a whole host: what is found there says itself where it is.
ANYWHERE = "-/-"
_HEADS = "refs/heads/"


# Every row of a list names the same repositories: one value serves all of them.
@lru_cache(maxsize=1024)
def _repository(web: str, key: str, slug: str, kind: str | None) -> RepoRef:
    return RepoRef(web=web, path=f"{key}/{slug}", kind=kind, page=server_page(key, slug))


def repository(payload: payloads.Repository, ref: RepoRef) -> RepoRef:
    """A repository of the same instance: `PRJ/name`, or `~user/name`."""
    return _repository(ref.web, payload.project.key, payload.slug, ref.kind)


def state(raw: str) -> PullState:
    """One of three; an unknown word counts as open, and is kept in `Pull.raw_state`."""
    return _STATES.get(raw, PullState.OPEN)


def pull(payload: payloads.PullRequest, ref: RepoRef) -> Pull:
    """A pull request. Who merged it stands in its activities alone, and what it changes elsewhere."""
    home = _home(payload, ref)
    now = state(payload.state)
    told = payload.properties or payloads.Properties()
    closed = moment(payload.closed_date)
    return Pull(
        ref=PullRef(repository=home, number=payload.id),
        number=payload.id,
        title=payload.title,
        body=payload.description or "",
        state=now,
        raw_state=payload.state,
        draft=payload.draft,
        author=person(payload.author.user if payload.author else None),
        source=_end(payload.from_ref, _source_home(payload, home)),
        target=_end(payload.to_ref, home),
        reviewers=None if payload.reviewers is None else persons(payload.reviewers),
        created_at=moment(payload.created_date),
        updated_at=moment(payload.updated_date),
        closed_at=closed,
        merged_at=closed if now is PullState.MERGED else None,
        merge_commit=told.merge_commit.id if told.merge_commit is not None else None,
        comment_count=told.comment_count,
        url=payload.links.page if payload.links is not None else None,
        version=str(payload.version),
    )


def branch_name(full: str) -> str:
    """A branch's name; a tag keeps its full one, so that it is not taken for a branch."""
    return full.removeprefix(_HEADS)


def full_name(name: str) -> str:
    """A branch's full name; what is full already stays."""
    return name if name.startswith("refs/") else f"{_HEADS}{name}"


def from_fork(payload: payloads.PullRequest) -> bool:
    """Whether the source branch is not in the target's repository."""
    source, target = payload.from_ref.repository, payload.to_ref.repository
    return source is None or target is None or _place(source) != _place(target)


def _place(payload: payloads.Repository) -> tuple[str, str]:
    return payload.project.key.lower(), payload.slug.lower()


def _end(payload: payloads.End, home: RepoRef | None) -> Branch:
    return Branch(name=branch_name(payload.id), commit=payload.latest_commit, repository=home)


def _home(payload: payloads.PullRequest, ref: RepoRef) -> RepoRef:
    """The target's repository: the one that was asked, by whatever name it answers now."""
    told = payload.to_ref.repository
    return ref if ref.path != ANYWHERE or told is None else repository(told, ref)


def _source_home(payload: payloads.PullRequest, home: RepoRef) -> RepoRef | None:
    source = payload.from_ref.repository
    if source is None:
        return None
    return repository(source, home) if from_fork(payload) else home
