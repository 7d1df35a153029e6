"""`repo.branches`: the branches of the repository."""

from __future__ import annotations

import re

from pullbridge.capabilities import Can
from pullbridge.errors import Rejected, Stale
from pullbridge.model.listing import Listing
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef, same_commit
from pullbridge.repository.verb import Noun, reads, writes


class Branches(Noun):
    """The branches of the repository, and its forks."""

    __slots__ = ()

    @reads(Can.BRANCHES)
    def get(self, name: str) -> Branch:
        """Read a branch with its tip. Raises `NotThere`."""
        return self._port.branches.get(name)

    @reads(Can.BRANCHES)
    def default(self) -> Branch:
        """Read the default branch."""
        return self._port.branches.default()

    @reads(Can.BRANCHES)
    def list(self, prefix: str = "") -> Listing[Branch]:
        """List branches with their tips, those whose names begin with `prefix`."""
        fetch = self._port.branches.list
        return self._session.listing("branches.list", lambda cursor: fetch(prefix, cursor))

    @writes(Can.BRANCHES)
    def create(self, name: str, at: str) -> Branch:
        """Create a branch at a commit, or where another branch is. Raises `AlreadyThere`, and `NotThere` for no such commit."""
        if not name.strip() or not at.strip():
            raise Rejected("A branch needs a name and a commit.", problems=("one of them is empty",))
        commit = at if re.fullmatch(r"[0-9a-fA-F]{40,64}", at) else self._port.branches.get(at).commit
        return self._port.branches.create(name, commit or at)

    @reads(Can.FORKS)
    def forks(self) -> Listing[RepoRef]:
        """List the forks of this repository."""
        fetch = self._port.branches.forks
        return self._session.listing("branches.forks", fetch)

    @writes(Can.FORK)
    def fork(self, into: str | None = None) -> RepoRef:
        """Fork this repository into an organisation or my own account; one that is there already is given back."""
        return self._port.branches.fork(into)

    @writes(Can.DELETE_BRANCH)
    def delete(self, name: str, expect: str | None = None) -> None:
        """Delete a branch; only when its tip is still `expect`, where that is given (`Stale` otherwise)."""
        if expect is not None:
            tip = self._port.branches.get(name).commit
            if not same_commit(tip, expect):
                raise Stale(f"The branch {name} has moved.", expected=expect, found=tip, host=self._session.ref.host)
        self._port.branches.delete(name)
