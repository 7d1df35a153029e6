"""What was seen of one repository's pull requests, so that Bitbucket need not be asked for it again: pure, in memory, bounded.

Where a comment of ours was written, because Bitbucket keeps no commit with it; and at which address the diff of a pull
request is, because the address of the pull request's own diff only leads there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

from pullbridge.model.anchor import Anchor

#: Comments whose places are kept, and pull requests whose diffs' addresses are.
_COMMENTS, _PULLS = 4_096, 256


class Remembered:
    """One repository's. Safe in many threads."""

    def __init__(self) -> None:
        self._written: OrderedDict[str, Anchor] = OrderedDict()
        self._diffs: OrderedDict[int, str] = OrderedDict()
        self._lock = Lock()

    def wrote(self, comment: str, at: Anchor) -> None:
        """Keep where a comment was written: the commit that was looked at, and its lines there."""
        with self._lock:
            self._written[comment] = replace(at, ends=None)
            while len(self._written) > _COMMENTS:
                self._written.popitem(last=False)

    @property
    def written(self) -> Mapping[str, Anchor]:
        """Where the comments were written that were posted from here, by their ids."""
        with self._lock:
            return dict(self._written)

    def diff_of(self, number: int) -> str | None:
        """What stands for the diff of a pull request in the address of it (`<source>..<destination>`), as last seen."""
        with self._lock:
            return self._diffs.get(number)

    def saw_diff(self, number: int, spec: str) -> None:
        """Keep it."""
        with self._lock:
            self._diffs[number] = spec
            self._diffs.move_to_end(number)
            while len(self._diffs) > _PULLS:
                self._diffs.popitem(last=False)

    def forget_diff(self, number: int) -> None:
        """It is not there any more."""
        with self._lock:
            self._diffs.pop(number, None)
