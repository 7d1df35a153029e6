"""`repo.branches`: the branches of the repository."""

from __future__ import annotations

from pullbridge.capabilities import Can
from pullbridge.errors import Stale
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import same_commit
from pullbridge.repository.verb import Noun, reads, writes


class Branches(Noun):
    """Branches."""

    __slots__ = ()

    @reads(Can.BRANCHES)
    def get(self, name: str) -> Branch:
        """Read a branch with its tip. Raises `NotThere`."""
        return self._port.branches.get(name)

    @reads(Can.BRANCHES)
    def default(self) -> Branch:
        """Read the default branch."""
        return self._port.branches.default()

    @writes(Can.DELETE_BRANCH)
    def delete(self, name: str, expect: str | None = None) -> None:
        """Delete a branch; only when its tip is still `expect`, where that is given (`Stale` otherwise)."""
        if expect is not None:
            tip = self._port.branches.get(name).commit
            if not same_commit(tip, expect):
                raise Stale(f"The branch {name} has moved.", expected=expect, found=tip, host=self._session.ref.host)
        self._port.branches.delete(name)
