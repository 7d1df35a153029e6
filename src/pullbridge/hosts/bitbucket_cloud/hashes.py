"""Full commit ids: a pull request has twelve digits of each, and commits have all forty.

Each is asked for once and kept, for what an abbreviation of a commit that is there stands for does not change.
https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from pullbridge.errors import Forbidden, NotThere, ScopeMissing
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.wire import FULL
from pullbridge.model.pulls import Branch, Pull
from pullbridge.model.refs import same_commit


def completed(api: RepositoryApi, pull: Pull, known: Iterable[str] = ()) -> Pull:
    """The pull request with full ids, as far as these can be had; `known` are full ids that are at hand already.

    What cannot be had (its repository is gone, or its commit) stays as it is, and is marked (`Branch.commit_abbreviated`).
    """
    return together(pull, api.api.gather(*looks(api, pull, known)))


def looks(api: RepositoryApi, pull: Pull, known: Iterable[str] = ()) -> list[Callable[[], Branch]]:
    """What `completed` asks, for whoever asks something else at the same time."""
    at_hand = tuple(known)
    ends = (pull.source, pull.target, Branch(name="", commit=pull.merge_commit, repository=pull.ref.repository))
    return [partial(_whole, api, end, at_hand) for end in ends]


def look_at_target(api: RepositoryApi, pull: Pull) -> None:
    """Ask for the target's full id now and keep it, for whoever has other answers to wait for."""
    _whole(api, pull.target, ())


def together(pull: Pull, ends: Sequence[Branch]) -> Pull:
    """The pull request with what `looks` found."""
    source, target, merged = ends
    return replace(pull, source=source, target=target, merge_commit=merged.commit)


def full(api: RepositoryApi, commit: str, home: str | None = None) -> str | None:
    """A commit's full id, in this repository or in `home`; `None` where it is not there."""
    if len(commit) >= FULL:
        return commit
    place = home or api.ref.path
    key = (place.casefold(), commit.lower())
    if key not in api.api.hashes:
        api.api.hashes[key] = _asked(api, place, commit)
    return api.api.hashes[key]


def _whole(api: RepositoryApi, end: Branch, at_hand: tuple[str, ...]) -> Branch:
    if end.commit is None or len(end.commit) >= FULL:
        return end
    home = end.repository.path if end.repository else None
    found = next((each for each in at_hand if same_commit(each, end.commit)), None)
    if found is None:
        found = full(api, end.commit, home)
    else:
        api.api.hashes.setdefault(((home or api.ref.path).casefold(), end.commit.lower()), found)
    return end if found is None else replace(end, commit=found, commit_abbreviated=False)


def _asked(api: RepositoryApi, home: str, commit: str) -> str | None:
    asked = Asked(what=f"commit {commit}", needs=("repository",))
    path = api.elsewhere(home, "commit", commit)
    try:
        found = api.api.get(path, payloads.Hash, asked, params={"fields": "hash"}).hash
    except (NotThere, Forbidden, ScopeMissing):
        return None
    return found if len(found) >= FULL and same_commit(found, commit) else None
