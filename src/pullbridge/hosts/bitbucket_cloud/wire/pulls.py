"""Pull requests."""

from __future__ import annotations

from functools import lru_cache

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.wire.people import known, person, persons
from pullbridge.hosts.moments import moment
from pullbridge.model.pulls import Branch, Pull, PullState
from pullbridge.model.refs import PullRef, RepoRef

#: `SUPERSEDED` is an open one that another took the place of; the word itself stays in `Pull.raw_state`.
_STATES = {
    "OPEN": PullState.OPEN,
    "MERGED": PullState.MERGED,
    "DECLINED": PullState.CLOSED,
    "SUPERSEDED": PullState.CLOSED,
}
#: The path in a `RepoRef` that stands for the whole host: what is found there says itself where it is.
ANYWHERE = "-/-"
#: A commit's id in full.
FULL = 40


# Every row of a list names the same repositories: one value serves all of them.
@lru_cache(maxsize=1024)
def repository(web: str, path: str, kind: str | None) -> RepoRef:
    """A repository of the same host."""
    return RepoRef(web=web, path=path, kind=kind)


def state(raw: str) -> PullState:
    """One of three; an unknown word counts as open, and is kept in `Pull.raw_state`."""
    return _STATES.get(raw, PullState.OPEN)


def pull(payload: payloads.PullRequest, ref: RepoRef) -> Pull:
    """A pull request. Its commits are abbreviated, until `hashes` completes them.

    Nothing in it tells when it was closed or merged: its activity does.
    """
    home = _home(payload, ref)
    now = state(payload.state)
    links = payload.links or payloads.Links()
    return Pull(
        ref=PullRef(repository=home, number=payload.id),
        number=payload.id,
        title=payload.title,
        body=payload.body or "",
        state=now,
        raw_state=payload.state,
        draft=payload.draft,
        author=person(payload.author),
        source=branch_end(payload.source, ref, None),
        target=branch_end(payload.destination, ref, home),
        reviewers=None if payload.reviewers is None else persons(payload.reviewers),
        created_at=moment(payload.created_on),
        updated_at=moment(payload.updated_on),
        merged_by=known(payload.closed_by) if now is PullState.MERGED else None,
        merge_commit=payload.merge_commit.hash if payload.merge_commit and now is PullState.MERGED else None,
        comment_count=payload.comment_count,
        url=links.html.href if links.html else None,
    )


def branch_end(end: payloads.Endpoint | None, ref: RepoRef, home: RepoRef | None) -> Branch:
    """One end. Its repository is `home` where it is none of its own, and `None` where that is gone."""
    if end is None:
        return Branch(name="", repository=home)
    commit = end.commit.hash if end.commit else None
    path = end.repository.full_name if end.repository else None
    return Branch(
        name=end.branch.name if end.branch else "",
        commit=commit,
        commit_abbreviated=commit is not None and len(commit) < FULL,
        repository=_there(ref, path) if path else home,
    )


def _home(payload: payloads.PullRequest, ref: RepoRef) -> RepoRef:
    """The destination's repository: the one that was asked, or, of the whole host, the one it names itself."""
    there = payload.destination.repository if payload.destination else None
    return ref if ref.path != ANYWHERE or there is None else _there(ref, there.full_name)


def _there(ref: RepoRef, path: str) -> RepoRef:
    """A repository by its name; the one that was asked is that one, whatever the case of its letters."""
    return ref if path.casefold() == ref.path.casefold() else repository(ref.web, path, ref.kind)
