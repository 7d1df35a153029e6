"""Files, commits and comparisons."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.wire.people import known, person
from pullbridge.hosts.github.wire.rows import rows
from pullbridge.hosts.moments import moment
from pullbridge.model.diff import ChangeKind, Commit, Comparison, FileChange

_CHANGES = {kind.value: kind for kind in ChangeKind}


def file_change(payload: payloads.RestFile, viewed: bool | None = None) -> FileChange:
    """A changed file. A missing or short patch of a file with changed lines is said as `truncated`."""
    additions, deletions = payload.additions or 0, payload.deletions or 0
    patch = payload.patch
    shown = (0, 0) if patch is None else (patch.count("\n+"), patch.count("\n-"))
    changed = additions + deletions or payload.changes or 0
    return FileChange(
        path=payload.filename,
        old_path=payload.previous_filename,
        kind=_CHANGES.get(payload.status or "", ChangeKind.UNKNOWN),
        additions=payload.additions,
        deletions=payload.deletions,
        patch=patch,
        binary=False if patch is not None or changed else None,
        truncated=changed > 0 and (shown[0] < additions or shown[1] < deletions or patch is None),
        viewed=viewed,
    )


def head_of(payload: payloads.RestFile) -> str | None:
    """The head commit that a row of changed files was read at: the `ref` of its `contents_url`."""
    if payload.contents_url is None:
        return None
    try:
        values = parse_qs(urlsplit(payload.contents_url).query).get("ref")
    except ValueError:
        return None
    return values[0] if values else None


def viewed(payload: payloads.GraphViewedFile) -> bool | None:
    """`DISMISSED` is a file that changed after it was viewed: not viewed any more."""
    return None if payload.viewer_viewed_state is None else payload.viewer_viewed_state == "VIEWED"


def commit(payload: payloads.RestCommit) -> Commit:
    """A commit from REST; its account is `None` where GitHub knows no one by that address."""
    git, author = payload.commit, payload.author
    return Commit(
        id=payload.sha,
        title=git.message.partition("\n")[0],
        message=git.message,
        author=person(author) if author is not None and author.login else None,
        author_name=git.author.name if git.author else None,
        author_email=git.author.email if git.author else None,
        authored_at=moment(git.author.date) if git.author else None,
        committed_at=moment(git.committer.date) if git.committer else None,
        parents=tuple(parent.sha for parent in payload.parents),
        url=payload.html_url,
    )


def graph_commit(payload: payloads.GraphCommit) -> Commit:
    """A commit from GraphQL; its account likewise."""
    author = payload.author
    return Commit(
        id=payload.oid,
        title=payload.message.partition("\n")[0] or payload.message_headline,
        message=payload.message,
        author=known(author.user) if author else None,
        author_name=author.name if author else None,
        author_email=author.email if author else None,
        authored_at=moment(payload.authored_date),
        committed_at=moment(payload.committed_date),
        parents=tuple(parent.oid for parent in rows(payload.parents)),
        url=payload.url,
    )


def comparison(payload: payloads.RestComparison, base: str, head: str) -> Comparison:
    """A comparison; `complete` is false where GitHub may have cut its commits or files short."""
    commits, files = payload.commits, payload.files or []
    return Comparison(
        base=base,
        head=head,
        merge_base=payload.merge_base_commit.sha if payload.merge_base_commit else None,
        commits=tuple(commit(each) for each in commits),
        files=tuple(file_change(each) for each in files),
        ahead_by=payload.ahead_by,
        behind_by=payload.behind_by,
        # "The response includes up to 300 files": https://docs.github.com/en/rest/commits/commits#compare-two-commits
        complete=payload.files is not None and len(files) < 300 and len(commits) >= (payload.total_commits or 0),
        url=payload.html_url,
    )
