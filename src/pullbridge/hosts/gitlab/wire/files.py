"""Files, commits and comparisons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pullbridge.hosts.decoding import whole
from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.moments import moment
from pullbridge.model.diff import ChangeKind, Commit, Comparison, FileChange

#: What stands in a diff's place: https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/git/diff.rb (binary_message)
_BINARY = "Binary files "
_SPECIAL = re.compile(r"[\x00-\x1f\x7f\"\\]")


def file_change(payload: payloads.Diff, stats: payloads.GraphDiffStats | None = None) -> FileChange:
    """A changed file. Hunks that GitLab left out are said as `truncated`; `stats` are what git counted in it."""
    text = payload.diff or ""
    binary = text.startswith(_BINARY)
    patch = None if binary else _hunks(text)
    added, removed = (patch.count("\n+"), patch.count("\n-")) if patch is not None else (0, 0)
    truncated = not binary and _is_cut(payload, patch, (added, removed), stats)
    unknown = stats is None and (truncated or binary)
    return FileChange(
        path=payload.new_path,
        old_path=payload.old_path if payload.renamed_file else None,
        kind=_kind(payload, patch is not None or binary or truncated),
        additions=stats.additions if stats is not None else None if unknown else added,
        deletions=stats.deletions if stats is not None else None if unknown else removed,
        patch=patch,
        binary=True if binary else False if patch is not None or _counts(stats) else None,
        truncated=truncated,
    )


def _hunks(text: str) -> str | None:
    """The hunks without the file headers that old versions put before them; `None` where there are none."""
    start = 0 if text.startswith("@@") else text.find("\n@@") + 1
    return text[start:].removesuffix("\n") if text.startswith("@@", start) else None


def _kind(payload: payloads.Diff, content: bool) -> ChangeKind:
    if payload.new_file:
        return ChangeKind.ADDED
    if payload.deleted_file:
        return ChangeKind.REMOVED
    if payload.renamed_file:
        return ChangeKind.RENAMED
    mode = payload.a_mode is not None and payload.b_mode is not None and payload.a_mode != payload.b_mode
    return ChangeKind.CHANGED if mode and not content else ChangeKind.MODIFIED


def _counts(stats: payloads.GraphDiffStats | None) -> bool:
    return stats is not None and stats.additions + stats.deletions > 0


def _is_cut(
    payload: payloads.Diff, patch: str | None, shown: tuple[int, int], stats: payloads.GraphDiffStats | None
) -> bool:
    """Whether hunks are missing. Before 18.4 nothing says so but that a change of content has none.

    https://gitlab.com/gitlab-org/gitlab/-/issues/414389
    """
    if payload.collapsed or payload.too_large:
        return True
    if stats is not None:
        return shown[0] < stats.additions or shown[1] < stats.deletions
    if patch is not None or payload.too_large is False:
        return False
    # A mere rename, another mode and an empty file have no hunks.
    other = payload.renamed_file or payload.new_file or payload.deleted_file
    return not other and (payload.a_mode == payload.b_mode or payload.a_mode is None)


def file_changes(
    rows: Iterable[payloads.Diff], stats: Sequence[payloads.GraphDiffStats] | None = None
) -> tuple[FileChange, ...]:
    """Changed files, each with what git counted in it where that is known."""
    by_path: Mapping[str, payloads.GraphDiffStats] = {each.path: each for each in stats or ()}
    return tuple(file_change(row, by_path.get(row.new_path)) for row in rows)


def disagrees(rows: Sequence[payloads.Diff], stats: Sequence[payloads.GraphDiffStats] | None) -> bool:
    """Whether these rows cannot be of the diff that git counted: somebody pushed between the two answers.

    Rows may be fewer, because GitLab lists only so many; but none may be unknown, or show what was not counted.
    """
    if stats is None:
        return False
    counted = {each.path: each for each in stats}
    for row in rows:
        known = counted.get(row.new_path) or counted.get(row.old_path or "")
        if known is None:
            return True
        patch = _hunks(row.diff or "")
        if patch is not None and (patch.count("\n+"), patch.count("\n-")) != (known.additions, known.deletions):
            return True
    return False


def is_ready(payload: payloads.DiffHead) -> bool:
    """Whether the diff of the head is made: until then its commits are null, or still those of the head before.

    `prepared_at` is set once and tells nothing about later pushes: https://docs.gitlab.com/api/merge_requests/#preparation-steps
    """
    refs = payload.diff_refs
    if payload.state not in {None, "opened"}:
        return True
    if refs is None or refs.head_sha is None:
        return payload.prepared_at is not None
    return payload.sha is None or payload.sha == refs.head_sha


def told(count: str | None) -> int | None:
    """How many files there are; `1000+` counts no further and so tells nothing."""
    return whole(count)


def counts_some(count: str | None) -> bool:
    """Whether GitLab counts any files at all; `1000+` are some."""
    return bool((count or "").rstrip("+").strip("0"))


def stopped(found: int, count: str | None) -> str | None:
    """Why the list of files ends early, by the count that GitLab gives.

    https://docs.gitlab.com/administration/instance_limits/#diff-limits
    """
    known = told(count)
    more = known > found if known is not None else (count or "").endswith("+")
    return f"GitLab shows {found:,} of {count} files" if more else None


def git_diff(files: Iterable[payloads.Diff]) -> str:
    """A unified diff as git writes it, out of GitLab's answer about each file."""
    return "".join("".join(_git_file(each)) for each in files)


def _git_file(payload: payloads.Diff) -> Iterable[str]:
    old, new = payload.old_path or payload.new_path, payload.new_path
    before, after = _quoted(f"a/{old}"), _quoted(f"b/{new}")
    yield f"diff --git {before} {after}\n"
    if payload.new_file:
        yield f"new file mode {payload.b_mode or '100644'}\n"
    elif payload.deleted_file:
        yield f"deleted file mode {payload.a_mode or '100644'}\n"
    elif payload.a_mode and payload.b_mode and payload.a_mode != payload.b_mode:
        yield f"old mode {payload.a_mode}\nnew mode {payload.b_mode}\n"
    if payload.renamed_file:
        yield f"rename from {_quoted(old)}\nrename to {_quoted(new)}\n"
    text = payload.diff or ""
    patch = _hunks(text)
    if text.startswith(_BINARY):
        yield f"Binary files {before} and {after} differ\n"
    elif patch is not None:
        yield f"--- {'/dev/null' if payload.new_file else before}\n"
        yield f"+++ {'/dev/null' if payload.deleted_file else after}\n"
        yield f"{patch}\n"


def _quoted(path: str) -> str:
    """A path with signs that would end its line, as git quotes it: https://git-scm.com/docs/git-config (core.quotePath)"""
    if not _SPECIAL.search(path):
        return path
    return '"' + _SPECIAL.sub(lambda found: f"\\{ord(found[0]):03o}", path) + '"'


def commit(payload: payloads.Commit) -> Commit:
    """A commit; REST never tells which account is behind it."""
    message = payload.message if payload.message is not None else payload.title
    return Commit(
        id=payload.id,
        title=message.partition("\n")[0] or payload.title,
        message=message.removesuffix("\n"),
        author_name=payload.author_name,
        author_email=payload.author_email,
        authored_at=moment(payload.authored_date or payload.created_at),
        committed_at=moment(payload.committed_date or payload.created_at),
        parents=tuple(payload.parent_ids or ()),
        url=payload.web_url,
    )


def comparison(payload: payloads.Compare, base: str, head: str, merge_base: str | None) -> Comparison:
    """A comparison; `complete` is false where GitLab left files out."""
    commits = payload.commits or []
    return Comparison(
        base=base,
        head=head,
        merge_base=merge_base,
        commits=tuple(commit(each) for each in commits),
        files=file_changes(payload.diffs or ()),
        ahead_by=len(commits),
        complete=payload.compare_timeout is not True and payload.diffs is not None,
        url=payload.web_url,
    )
