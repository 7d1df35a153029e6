"""Which diff each pull request has, as of the last look: a comment names the one that was looked at. In memory, bounded."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from pullbridge.hosts.bitbucket_dc.wire.places import Ends

#: Pull requests whose diffs are kept.
_KEPT = 1024


class Diffs:
    """The diffs seen of one repository's pull requests, safe in many threads."""

    def __init__(self) -> None:
        self._seen: OrderedDict[int, Ends] = OrderedDict()
        self._lock = Lock()
        #: Where older heads left the target, as far as somebody has commented on one.
        self.bases: dict[str, str | None] = {}
        #: Held while Bitbucket is asked, so that thirty comments at once ask once.
        self.asking: Lock = Lock()

    def learn(self, number: int, since: str | None, until: str | None) -> None:
        """Keep the commits of a diff; of one whose begin was not told, the former one's is kept if it has the same end."""
        if until is None:
            return
        with self._lock:
            known = self._seen.get(number)
            if since is None and known is not None and known.until == until:
                since = known.since
            self._seen[number] = Ends(since=since, until=until)
            self._seen.move_to_end(number)
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)

    def learn_base(self, head: str, base: str | None) -> None:
        """Keep where a head left the target; `None` where that is not told."""
        if len(self.bases) > _KEPT:
            self.bases.clear()
        self.bases[head] = base

    def of(self, number: int) -> Ends | None:
        """The diff as it was last."""
        with self._lock:
            return self._seen.get(number)
