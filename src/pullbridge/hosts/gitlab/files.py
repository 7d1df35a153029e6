"""Changed files and contents on GitLab. https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, queries, reading, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import READ, WRITE, about
from pullbridge.hosts.waiting import pauses
from pullbridge.model.diff import Commit, Comparison
from pullbridge.model.orders import Changes
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import same_commit
from pullbridge.transport.call import sleep
from pullbridge.transport.session import Reply

PAGE = 100
#: `/changes`, which gives all files in one answer, is deprecated since then.
PAGED_SINCE = (15, 7)
#: https://gitlab.com/gitlab-org/gitlab/-/merge_requests/178813
RAW_SINCE = (17, 9)
_HTML = "text/html"
_NOT_MADE = "GitLab is still making the diff of what was pushed last"
#: For how many seconds that is waited for.
_PATIENCE = 30.0
_NOT_VIEWED = "GitLab keeps in the browser which files were viewed"

Thunk = Callable[[], Any]
Rows = list[payloads.Diff]


class GitLabFiles:
    """`ports.FilesPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def changes(self, number: int, file_count: int | None) -> Changes:
        found = _look(self._api, number, file_count)
        # Somebody pushed between the answers about the head and about its files, or the diff was only just made.
        return of(_look(self._api, number, len(found.rows)) if found.torn else found)

    def diff(self, number: int) -> str:
        """As git writes it (17.9); before, put together from GitLab's answers about each file, whose text is UTF-8."""
        read = self._raw if self._api.api.at_least(RAW_SINCE) else partial(_put_together, self._api)
        text = read(number)
        for pause in pauses(_PATIENCE):
            if text is not None:
                break
            sleep(pause)
            text = read(number)
        if text is None:
            step = "Try again in a while."
            raise errors.HostDown(f"{_NOT_MADE}.", host=self._api.api.host, next_step=step)
        return text

    def _raw(self, number: int) -> str | None:
        """The diff; `None` while it is still being made."""
        both: list[Thunk] = [lambda: _head(self._api, number), lambda: self._bytes(number)]
        head, body = self._api.api.gather(*both)
        # A diff has as many encodings as its files; what is not UTF-8 survives as lone surrogates.
        return body.decode("utf-8", "surrogateescape") if body is not None and wire.is_ready(head) else None

    def _bytes(self, number: int) -> bytes | None:
        try:
            reply = self._api.api.reply("GET", self._api.pull(number, "raw_diffs"), about(number), accept="text/plain")
        except errors.NotThere:
            return None
        if reply.status != 200 or _kind(reply) == _HTML:
            raise _no_such_answer(reply, "a diff", self._api.api.host)
        return reply.body

    def content(self, path: str, at: str) -> bytes:
        """What git holds: of a file in Git LFS, the pointer. https://docs.gitlab.com/api/repository_files/#retrieve-a-raw-file-from-a-repository"""
        asked = Asked(what=f"{path} at {at}", needs=READ)
        where = self._api.path("repository", "files", path, "raw")
        reply = self._api.api.reply("GET", where, asked, params={"ref": at}, accept="*/*")
        if reply.status != 200 or _kind(reply) == _HTML:
            raise _no_such_answer(reply, "a file", self._api.api.host)
        return reply.body

    def compare(self, base: str, head: str) -> Comparison:
        """GitLab compares with the merge base and does not say which it is, so that this is asked beside it."""
        asked = Asked(what=f"comparison of {base} and {head}", needs=READ)
        params = {"from": base, "to": head, "straight": "false"}
        path = self._api.path("repository", "compare")
        both: list[Thunk] = [
            lambda: self._api.api.get(path, payloads.Compare, asked, params=params),
            lambda: self._merge_base(base, head),
        ]
        compared, common = self._api.api.gather(*both)
        return wire.comparison(compared, base, head, common)

    def _merge_base(self, base: str, head: str) -> str | None:
        """`None` for none, and for what is not there, which the comparison itself tells.

        https://docs.gitlab.com/api/repositories/#get-merge-base
        """
        path, asked = self._api.path("repository", "merge_base"), Asked(what="merge base", needs=READ)
        try:
            return self._api.api.get(path, payloads.Commit, asked, params={"refs[]": [base, head]}).id
        except (errors.NotThere, errors.Rejected):
            return None

    def viewed(self, number: int) -> frozenset[str]:
        raise _not_viewed(self._api.api.host)

    def set_viewed(self, number: int, path: str, viewed: bool) -> None:
        raise _not_viewed(self._api.api.host)

    def commit(self, branch: Branch, path: str, content: bytes, message: str) -> Commit:
        """By one action on one file, guarded by the last commit that touched it, and by a look at the branch before.

        https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions
        """
        home = RepositoryApi(self._api.api, branch.repository or self._api.ref)
        touched = _touched_last(home, branch, path)
        action = {
            "action": "create" if touched is None else "update",
            "file_path": path,
            "content": b64encode(content).decode(),
            "encoding": "base64",
            **({} if touched is None else {"last_commit_id": touched}),
        }
        body = {"branch": branch.name, "commit_message": message, "actions": [action]}
        asked = Asked(what=f"branch {branch.name}", write=True, needs=WRITE)
        try:
            written = self._api.api.send("POST", home.path("repository", "commits"), body, payloads.Commit, asked)
        except errors.Rejected as refused:
            raise _overtaken(refused, branch) from refused.__cause__
        return wire.commit(written)


def _touched_last(api: RepositoryApi, branch: Branch, path: str) -> str | None:
    """The commit that touched the file last; `None` for a new one. Raises `Stale` when the branch has moved."""
    tip, touched = api.api.gather(lambda: _tip(api, branch), lambda: _at(api, branch, path))
    if branch.commit is not None and not same_commit(tip, branch.commit):
        text = f"The branch {branch.name} has moved since you looked."
        raise errors.Stale(text, expected=branch.commit, found=tip, host=api.api.host)
    return touched


def _tip(api: RepositoryApi, branch: Branch) -> str | None:
    asked = Asked(what=f"branch {branch.name}", needs=READ)
    found = api.api.get(api.path("repository", "branches", branch.name), payloads.Branch, asked)
    return found.commit.id if found.commit is not None else None


def _at(api: RepositoryApi, branch: Branch, path: str) -> str | None:
    asked = Asked(what=f"{path} on {branch.name}", needs=READ)
    params = {"ref": branch.commit or branch.name}
    try:
        return api.api.get(api.path("repository", "files", path), payloads.FileAt, asked, params=params).last_commit_id
    except errors.NotThere:
        return None


def _overtaken(refused: errors.Rejected, branch: Branch) -> errors.BridgeError:
    """https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/services/files/base_service.rb"""
    if not any("has changed since you started editing" in problem for problem in refused.problems):
        return refused
    text = f"The file on {branch.name} has changed since you looked."
    facts: dict[str, Any] = {"host": refused.host, "status": refused.status, "request_id": refused.request_id}
    return errors.Stale(text, expected=branch.commit, **facts)


def _not_viewed(host: str) -> errors.Unsupported:
    text = "GitLab does not tell anybody which files were viewed."
    return errors.Unsupported(text, can=Can.VIEWED_FILES, reason=_NOT_VIEWED, host=host)


def _kind(reply: Reply) -> str:
    return reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _no_such_answer(reply: Reply, wanted: str, host: str) -> errors.BadAnswer:
    """A page of whoever stands between."""
    text = f"The answer is {_kind(reply) or 'without content'}, where {wanted} was asked for."
    return errors.BadAnswer(text, what=wanted, host=host, status=reply.status, request_id=reply.request_id)


# Changes --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answers about the changes of a merge request; `stats` is what git counted, where GraphQL tells it."""

    head: payloads.DiffHead
    rows: Sequence[payloads.Diff]
    stats: Sequence[payloads.GraphDiffStats] | None = None
    overflow: bool = False

    @property
    def torn(self) -> bool:
        """Whether the answers are about different moments: files that git did not count, or none where GitLab counts some."""
        return wire.disagrees(self.rows, self.stats) or (not self.rows and wire.counts_some(self.head.changes_count))


def of(found: Found) -> Changes:
    """The changes in these answers."""
    refs = found.head.diff_refs
    stopped = wire.stopped(len(found.rows), found.head.changes_count)
    if found.overflow and stopped is None:
        stopped = "GitLab shows only so much of a large diff"
    return Changes(
        head=refs.head_sha if refs is not None and refs.head_sha is not None else found.head.sha,
        files=wire.file_changes(found.rows, found.stats),
        stopped=stopped,
        ready=wire.is_ready(found.head),
    )


def _look(api: RepositoryApi, number: int, file_count: int | None) -> Found:
    """All answers at once, and then the pages that nobody knew of."""
    head, stats, *pages = api.api.gather(
        lambda: _head(api, number), lambda: _stats(api, number), *thunks(api, number, file_count)
    )
    return completed(api, number, head, stats, pages)


def head_of(pull: payloads.MergeRequest) -> payloads.DiffHead:
    """How far GitLab is with the diff of a merge request that was read whole."""
    return payloads.DiffHead(
        state=pull.state,
        sha=pull.sha,
        diff_refs=pull.diff_refs,
        prepared_at=pull.prepared_at,
        changes_count=pull.changes_count,
    )


def _head(api: RepositoryApi, number: int) -> payloads.DiffHead:
    return api.api.get(api.pull(number), payloads.DiffHead, about(number))


def _stats(api: RepositoryApi, number: int) -> list[payloads.GraphDiffStats] | None:
    found = reading.seen(api, queries.DIFF_STATS, number).pull
    return found.diff_stats if found is not None else None


def thunks(api: RepositoryApi, number: int, file_count: int | None) -> list[Thunk]:
    """The requests for the pages that `file_count` files take, for `gather`; the first one when that is unknown."""
    if not api.api.at_least(PAGED_SINCE):
        return [lambda: _unpaged(api, number)]
    last = max(-(-(file_count or 0) // PAGE), 1)
    return [_page(api, number, page) for page in range(1, last + 1)]


def completed(
    api: RepositoryApi,
    number: int,
    head: payloads.DiffHead,
    stats: Sequence[payloads.GraphDiffStats] | None,
    answers: Sequence[Any],
) -> Found:
    """What `thunks` brought, with the pages that were missing; nothing is asked when none is."""
    if len(answers) == 1 and isinstance(answers[0], payloads.MergeRequestChanges):
        only = answers[0]
        return Found(head=only, rows=only.changes or (), stats=stats, overflow=bool(only.overflow))
    pages: list[Rows] = list(answers)
    if len(pages[-1]) == PAGE:
        told = wire.told(head.changes_count)
        last = -(-told // PAGE) if told is not None else len(pages)
        pages += api.api.gather(*(_page(api, number, page) for page in range(len(pages) + 1, last + 1)))
        while told is None and len(pages[-1]) == PAGE:
            pages.append(_page(api, number, len(pages) + 1)())
    return Found(head=head, rows=[row for page in pages for row in page], stats=stats)


def _page(api: RepositoryApi, number: int, page: int) -> Callable[[], Rows]:
    params = {"per_page": PAGE, "page": page}
    return lambda: api.api.get(api.pull(number, "diffs"), Rows, about(number), params=params)


def _unpaged(api: RepositoryApi, number: int) -> payloads.MergeRequestChanges:
    """All files in one answer; once more from git itself where GitLab's database holds only so many."""
    path, asked = api.pull(number, "changes"), about(number)
    found = api.api.get(path, payloads.MergeRequestChanges, asked)
    if not found.overflow:
        return found
    return api.api.get(path, payloads.MergeRequestChanges, asked, params={"access_raw_diffs": "true"})


def _put_together(api: RepositoryApi, number: int) -> str | None:
    """A whole diff; `None` while it is still being made. Raises `Unsupported` where GitLab left something out."""
    path, asked = api.pull(number, "changes"), about(number)
    found = api.api.get(path, payloads.MergeRequestChanges, asked, params={"access_raw_diffs": "true"})
    rows = found.changes or []
    if not wire.is_ready(found):
        return None
    changes = of(Found(head=found, rows=rows, overflow=bool(found.overflow)))
    cut = [each.path for each in changes.files if each.truncated]
    if changes.stopped or cut:
        _too_large(api, changes.stopped or f"it leaves out the changes of {', '.join(cut[:3])}")
    return wire.git_diff(rows)


def _too_large(api: RepositoryApi, why: str) -> NoReturn:
    text = f"{api.api.server} does not show the whole diff: {why}."
    step = "Read it file by file with `files.list`, or compare the commits in a clone."
    reason = "the diff is too large for this version"
    raise errors.Unsupported(text, can=Can.DIFF, reason=reason, host=api.api.host, next_step=step)
