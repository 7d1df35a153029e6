"""Changed files and contents on GitHub. https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import attention, nodes, payloads, queries, wire
from pullbridge.hosts.github.api import DIFF, RAW, RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.model.diff import Commit, Comparison
from pullbridge.model.orders import Changes
from pullbridge.model.pulls import Branch
from pullbridge.transport.session import Reply

PAGE = 100
#: "Responses include a maximum of 3000 files." (as above)
MOST = 3000
_JSON, _HTML = "application/json", "text/html"

Thunk = Callable[[], list[payloads.RestFile]]


class GitHubFiles:
    """`ports.FilesPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def changes(self, number: int, file_count: int | None) -> Changes:
        first = changes(self._api, number, file_count)
        asked = about(number)
        if len(first.files) % PAGE or not first.files:
            return first
        pull = self._api.api.get(self._api.path("pulls", number), payloads.RestPull, asked)
        count = pull.changed_files or 0
        return joined(first, of(self._api.api.gather(*missing(self._api, number, first, count))), count)

    def diff(self, number: int) -> str:
        asked = about(number)
        try:
            reply = self._api.api.reply("GET", self._api.path("pulls", number), asked, accept=DIFF)
        except errors.Rejected as refused:
            raise _too_large(refused) from refused.__cause__
        if reply.status != 200 or _kind(reply) in {_JSON, _HTML}:
            raise _no_such_answer(reply, "a diff", self._api.api.host)
        # A diff has as many encodings as its files; what is not UTF-8 survives as lone surrogates.
        return reply.body.decode("utf-8", "surrogateescape")

    def content(self, path: str, at: str) -> bytes:
        parts = ["contents", *path.split("/")]
        asked = Asked(what=f"{path} at {at}", needs=("contents:read",))
        reply = self._api.api.reply("GET", self._api.path(*parts), asked, params={"ref": at}, accept=RAW)
        if reply.status != 200 or _kind(reply) == _HTML:
            raise _no_such_answer(reply, "a file", self._api.api.host)
        if _kind(reply) == _JSON:
            # What has no raw form is described: https://docs.github.com/en/rest/repos/contents#get-repository-content
            raise errors.NotThere(f"{asked.what} is a folder or a submodule, and no file.", what=asked.what)
        return reply.body

    def compare(self, base: str, head: str) -> Comparison:
        asked = Asked(what=f"comparison of {base} and {head}", needs=("contents:read",))
        path = self._api.path("compare", f"{base}...{head}")
        return wire.comparison(self._api.api.get(path, payloads.RestComparison, asked), base, head)

    def viewed(self, number: int) -> frozenset[str]:
        return attention.viewed(self._api, number)

    def set_viewed(self, number: int, path: str, viewed: bool) -> None:
        attention.set_viewed(self._api, number, nodes.of_pull(self._api, number), path, viewed)

    def commit(self, branch: Branch, path: str, content: bytes, message: str) -> Commit:
        """By `createCommitOnBranch`, which is guarded by the head and signed by GitHub."""
        home = branch.repository or self._api.ref
        title, _, rest = message.partition("\n")
        values = {
            "branch": {"repositoryNameWithOwner": home.path, "branchName": branch.name},
            "expectedHeadOid": branch.commit,
            "message": {"headline": title, "body": rest.strip("\n")},
            "fileChanges": {"additions": [{"path": path, "contents": b64encode(content).decode()}]},
        }
        asked = Asked(what=f"branch {branch.name}", write=True, needs=("contents:write",))
        written = self._api.api.mutate(queries.COMMIT, values, payloads.GraphCommitted, asked)
        return Commit(id=written.commit.oid, title=title, message=message)


def _kind(reply: Reply) -> str:
    return reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _no_such_answer(reply: Reply, wanted: str, host: str) -> errors.BadAnswer:
    """A page of whoever stands between, or a document of who did not understand which form is wanted."""
    text = f"The answer is {_kind(reply) or 'without content'}, where {wanted} was asked for."
    return errors.BadAnswer(text, what=wanted, host=host, status=reply.status, request_id=reply.request_id)


def _too_large(refused: errors.Rejected) -> errors.BridgeError:
    """What 406 means here: https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits"""
    if refused.status != 406:
        return refused
    return errors.Unsupported(
        "GitHub does not show a diff as large as this one.",
        can=Can.DIFF,
        reason="the diff is too large",
        host=refused.host,
        status=refused.status,
        request_id=refused.request_id,
        next_step="Read it file by file with `files.list`, or compare the commits in a clone.",
    )


def changes(api: RepositoryApi, number: int, file_count: int | None) -> Changes:
    """The pages that `file_count` files take, at once; the first one when that is unknown."""
    return of(api.api.gather(*pages(api, number, file_count)))


def pages(api: RepositoryApi, number: int, file_count: int | None) -> list[Thunk]:
    """The requests for the pages that `file_count` files take, for `gather`; the first one when that is unknown."""
    last = max(-(-min(file_count or 0, MOST) // PAGE), 1)
    return [_page(api, number, page) for page in range(1, last + 1)]


def missing(api: RepositoryApi, number: int, first: Changes, file_count: int) -> list[Thunk]:
    """The requests for the pages behind those of `first`."""
    last = -(-min(file_count, MOST) // PAGE)
    return [_page(api, number, page) for page in range(len(first.files) // PAGE + 1, last + 1)]


def of(rows_by_page: Sequence[Sequence[payloads.RestFile]]) -> Changes:
    """The changes in these pages."""
    rows = [row for page in rows_by_page for row in page]
    files = tuple(wire.file_change(row) for row in rows)
    return Changes(
        head=next((wire.head_of(row) for row in rows), None), files=files, stopped=_stopped(len(files), None)
    )


def joined(first: Changes, rest: Changes, file_count: int) -> Changes:
    """`first` with the pages that were missing; a page that was not full before is read again as a whole."""
    files = (*first.files[: len(first.files) // PAGE * PAGE], *rest.files) if rest.files else first.files
    return replace(first, files=files, stopped=_stopped(len(files), file_count))


def _page(api: RepositoryApi, number: int, page: int) -> Thunk:
    asked, params = about(number), {"per_page": PAGE, "page": page}
    return lambda: api.api.get(api.path("pulls", number, "files"), list[payloads.RestFile], asked, params=params)


def _stopped(found: int, count: int | None) -> str | None:
    if found >= MOST and (count is None or count > found):
        return f"GitHub lists at most {MOST:,} files"
    return None
