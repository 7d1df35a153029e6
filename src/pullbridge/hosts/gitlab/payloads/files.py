"""Changed files, commits and comparisons. https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs"""

from __future__ import annotations

from pullbridge.hosts.gitlab.payloads.base import Rest
from pullbridge.hosts.gitlab.payloads.pulls import DiffRefs


class Diff(Rest):
    """One changed file. `generated_file` is 16.9's; `collapsed` and `too_large` are 18.4's."""

    new_path: str
    old_path: str | None = None
    a_mode: str | None = None
    b_mode: str | None = None
    diff: str | None = None
    new_file: bool | None = None
    renamed_file: bool | None = None
    deleted_file: bool | None = None
    generated_file: bool | None = None
    collapsed: bool | None = None
    too_large: bool | None = None


class DiffHead(Rest):
    """Of a merge request, how far GitLab is with its diff: null until the first one is made."""

    state: str
    sha: str | None = None
    diff_refs: DiffRefs | None = None
    prepared_at: str | None = None
    changes_count: str | None = None


class MergeRequestChanges(DiffHead):
    """`/changes`, the one answer about all files before 15.7. `overflow` tells that GitLab left some out."""

    changes: list[Diff] | None = None
    overflow: bool | None = None


class Commit(Rest):
    """A commit. `parent_ids` is empty where GitLab answers from its database."""

    id: str
    title: str = ""
    message: str | None = None
    author_name: str | None = None
    author_email: str | None = None
    authored_date: str | None = None
    committed_date: str | None = None
    created_at: str | None = None
    parent_ids: list[str] | None = None
    web_url: str | None = None


class Compare(Rest):
    """`/repository/compare`. `compare_timeout` tells that GitLab left files out, for their number or their size."""

    commits: list[Commit] | None = None
    diffs: list[Diff] | None = None
    compare_timeout: bool | None = None
    web_url: str | None = None


class FileAt(Rest):
    """`/repository/files/:path`: `last_commit_id` is the last commit that touched it."""

    last_commit_id: str | None = None
    commit_id: str | None = None
