"""`repo.files`: what changed, and what a file holds."""

from __future__ import annotations

import re
from typing import Final

from pullbridge.capabilities import Can
from pullbridge.model.diff import Comparison, FileChange
from pullbridge.model.listing import Listing, Page
from pullbridge.repository.arguments import inside
from pullbridge.repository.nearby import text_at
from pullbridge.repository.placing import fresh_changes
from pullbridge.repository.verb import PullLike, reads
from pullbridge.repository.viewing import Viewing

#: A commit's whole id: a branch may be called like the beginning of one.
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Files(Viewing):
    """Changed files and contents."""

    __slots__ = ()

    @reads(Can.FILES)
    def list(self, n: PullLike) -> Listing[FileChange]:
        """List the changed files, each with its hunks as far as the host shows them.

        Nothing is sent before the list is read. `Listing.stopped` says when the host leaves files out; a file whose hunks
        it leaves out is `truncated`. Raises `NotThere`, and what any read raises, while it is read.
        """
        number = self._session.number(n)

        def fetch(_: str | None) -> Page[FileChange]:
            found = fresh_changes(self._session, number)
            return Page(items=found.files, stopped=found.stopped)

        return self._session.listing("files.list", fetch)

    @reads(Can.DIFF)
    def diff(self, n: PullLike) -> str:
        """Read the whole unified diff; bytes that are not UTF-8 are kept as lone surrogates (`surrogateescape`)."""
        return self._port.files.diff(self._session.number(n))

    @reads(Can.CONTENT)
    def content(self, path: str, at: str) -> bytes:
        """Read a file's bytes at a commit, branch or tag. Raises `NotThere` where there is no such file.

        A commit, named by its whole id, is looked for in the checkout first that the repository was connected from.
        """
        file = inside(path)
        here = text_at(self._session.checkout, at, file) if _COMMIT.fullmatch(at) else None
        return self._port.files.content(file, at) if here is None else here

    @reads(Can.COMPARE)
    def compare(self, base: str, head: str) -> Comparison:
        """Compare two commits or branches: what `head` has that `base` has not, since they parted (three-dot)."""
        return self._port.files.compare(base, head)
