"""`repo.checks`: what machines say about a pull request's head."""

from __future__ import annotations

from pullbridge.capabilities import Can
from pullbridge.errors import Rejected
from pullbridge.model.checks import Check, CheckState, Rollup, roll_up
from pullbridge.repository.verb import Noun, PullLike, reads, writes


class Checks(Noun):
    """What machines say about a pull request, and what I report to it."""

    __slots__ = ()

    @reads(Can.CHECKS)
    def list(self, n: PullLike) -> tuple[Check, ...]:
        """List the checks of the head, one a name: of several runs, the newest."""
        return self._port.checks.list(self._session.number(n))

    @reads(Can.CHECKS)
    def rollup(self, n: PullLike) -> Rollup:
        """Fold them into one state: the worst that there is, `None` when there are no checks."""
        return roll_up(self._port.checks.list(self._session.number(n)))

    @writes(Can.REPORT_CHECK)
    def report(self, commit: str, name: str, state: CheckState, url: str | None = None, description: str = "") -> Check:
        """Report a check of one's own on a commit; the newest report under a name counts."""
        if not commit or not name.strip():
            raise Rejected("A check needs a commit and a name.", problems=("one of them is empty",))
        return self._port.checks.report(commit, name, state, url, description)
