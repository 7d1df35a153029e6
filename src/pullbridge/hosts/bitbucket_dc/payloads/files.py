"""Changed files. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (changes)"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import Paged, Rest
from pullbridge.hosts.bitbucket_dc.payloads.threads import Path


class Change(Rest):
    """One changed file, without its hunks. The ids of contents are zeros where there is none on a side."""

    path: Path
    src_path: Path | None = None
    type: str | None = None
    node_type: str | None = None
    content_id: str | None = None
    from_content_id: str | None = None
    executable: bool | None = None
    src_executable: bool | None = None


class PullChanges(Paged[Change]):
    """All changed files, which come in one page and no other, and the two commits that the diff is between."""

    from_hash: str | None = None
    to_hash: str | None = None


class FileKind(Rest):
    """`browse/{path}?type=true`: `FILE`, `DIRECTORY` or `SUBMODULE`."""

    type: str | None = None
