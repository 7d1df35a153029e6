"""Which diffs a merge request has had: one for every push, known by its head. In memory, bounded.

A position names the three commits of a diff, so that a note may hang on an older one, and moves along from there.
https://docs.gitlab.com/api/merge_requests/#list-merge-request-diff-versions
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from pullbridge.hosts.gitlab import payloads
from pullbridge.model.refs import same_commit

#: Merge requests whose diffs are kept.
_KEPT = 256


class Diffs:
    """The diffs seen of one project's merge requests, safe in many threads."""

    def __init__(self) -> None:
        self._seen: OrderedDict[int, list[payloads.DiffRefs]] = OrderedDict()
        self._lock = Lock()
        #: Held while GitLab is asked, so that thirty comments at once ask once.
        self.asking: Lock = Lock()

    def learn(self, number: int, *refs: payloads.DiffRefs | None) -> None:
        """Keep the commits of diffs, the newest last. One that is still being made has not all of them yet."""
        whole = [each for each in refs if each is not None and each.head_sha and each.base_sha and each.start_sha]
        with self._lock:
            known = [each for each in self._seen.get(number, []) if each not in whole]
            self._seen[number] = [*known, *whole]
            self._seen.move_to_end(number)
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)

    def newest(self, number: int) -> payloads.DiffRefs | None:
        """The newest diff, as of the last look."""
        with self._lock:
            return next(reversed(self._seen.get(number, [])), None)

    def of(self, number: int, head: str) -> payloads.DiffRefs | None:
        """The newest diff seen of that head: the target may have been changed since the first."""
        with self._lock:
            known = self._seen.get(number, [])
            return next((each for each in reversed(known) if same_commit(each.head_sha, head)), None)
