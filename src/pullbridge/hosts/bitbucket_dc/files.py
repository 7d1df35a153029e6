"""Changed files and contents on Data Center.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (changes, diff) and
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/ (raw, browse, compare)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from urllib3 import encode_multipart_formdata

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ, WRITE, about
from pullbridge.hosts.bitbucket_dc.refusing import unsupported
from pullbridge.model.diff import Commit, Comparison
from pullbridge.model.orders import Changes
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import same_commit
from pullbridge.transport.session import Reply

#: "The server will truncate the number of changes to either the request's page limit or an internal maximum."
MOST = 1_000
_TEXT, _HTML = "text/plain", "text/html"
_PAGES = (".html", ".htm", ".xhtml")
_FULL = 40

Thunk = Callable[[], Any]


class DataCenterFiles:
    """`ports.FilesPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def changes(self, number: int, file_count: int | None) -> Changes:
        found = look(self._api, number)
        # Somebody pushed between the answers about the files and about their lines.
        return of(look(self._api, number) if found.torn else found)

    def diff(self, number: int) -> str:
        """As git writes it, with ten lines around each change."""
        # A diff has as many encodings as its files; what is not UTF-8 survives as lone surrogates.
        return wire.git_diff(raw_diff(self._api, number)).decode("utf-8", "surrogateescape")

    def content(self, path: str, at: str) -> bytes:
        """What git holds: of a file in Git LFS, the pointer."""
        asked = Asked(what=f"{path} at {at}", needs=READ)
        reply = self._api.api.reply("GET", _file(self._api, "raw", path), asked, params={"at": at}, accept="*/*")
        # A file's bytes come as their own type, or (which nobody documents) an HTML file's as a page.
        if reply.status != 200 or (_kind(reply) == _HTML and not path.lower().endswith(_PAGES)):
            raise _no_such_answer(reply, "a file", self._api.api.host)
        return reply.body

    def compare(self, base: str, head: str) -> Comparison:
        """What `head` has that `base` has not: the commits first, which tell where the two parted, then the diff from there."""
        api, asked = self._api, _comparison(base, head)
        rows, common = parted(api, base, head)
        if not rows:
            return Comparison(base=base, head=head, merge_base=common, commits=(), files=(), ahead_by=0)
        sides = {"from": head, "to": base}
        both: list[Thunk] = [
            lambda: api.api.pages(api.path("compare", "changes"), payloads.Change, asked, params=sides),
            lambda: _between(api, common, rows[0].id, asked),
        ]
        changes, body = api.api.gather(*both)
        diff = wire.cut(body)
        return Comparison(
            base=base,
            head=head,
            merge_base=common,
            commits=tuple(wire.commit(row) for row in reversed(rows)),
            files=wire.file_changes(changes, diff),
            ahead_by=len(rows),
            complete=diff.whole,
        )

    def viewed(self, number: int) -> frozenset[str]:
        raise unsupported(Can.VIEWED_FILES, self._api.api.host)

    def set_viewed(self, number: int, path: str, viewed: bool) -> None:
        raise unsupported(Can.VIEWED_FILES, self._api.api.host)

    def commit(self, branch: Branch, path: str, content: bytes, message: str) -> Commit:
        """As a form, guarded by the commit that was looked at, and by a look at the branch before.

        https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/ (browse, edit file)
        """
        api = self._api
        home = RepositoryApi(api.api, branch.repository or api.ref)
        both: list[Thunk] = [lambda: _tip(home, branch.name), lambda: _is_file(home, path, branch)]
        tip, there = api.api.gather(*both)
        if branch.commit is not None and not same_commit(tip, branch.commit):
            raise _moved(branch, found=tip, host=api.api.host)
        values = {"branch": branch.name, "message": message, **({"sourceCommitId": tip} if there else {})}
        body, kind = encode_multipart_formdata([*values.items(), ("content", (path.rpartition("/")[2], content))])
        asked = Asked(what=f"branch {branch.name}", write=True, needs=WRITE)
        try:
            reply = api.api.reply("PUT", _file(home, "browse", path), asked, content=(kind, body))
        except (errors.Rejected, errors.Stale) as refused:
            raise _overtaken(refused, branch) from refused.__cause__
        return wire.commit(api.api.decoded(reply, payloads.Commit, asked))


def _file(api: RepositoryApi, kind: str, path: str) -> str:
    return api.path(kind, *path.split("/"))


def _tip(api: RepositoryApi, name: str) -> str:
    """The full id of a commit, or of the tip of a branch or tag."""
    if len(name) == _FULL and all(sign in "0123456789abcdef" for sign in name):
        return name
    asked, params = Asked(what=name, needs=READ), {"until": name, "limit": 1}
    rows = api.api.page(api.path("commits"), payloads.Commit, asked, params=params).items
    if not rows:
        raise errors.NotThere(f"Bitbucket has no commit or branch {name}.", what=name, host=api.api.host)
    return rows[0].id


def _is_file(api: RepositoryApi, path: str, branch: Branch) -> bool:
    asked = Asked(what=f"{path} on {branch.name}", needs=READ)
    params = {"at": branch.commit or branch.name, "type": "true"}
    try:
        return api.api.get(_file(api, "browse", path), payloads.FileKind, asked, params=params).type == "FILE"
    except errors.NotThere:
        return False


def _comparison(base: str, head: str) -> Asked:
    return Asked(what=f"comparison of {base} and {head}", needs=READ)


def parted(api: RepositoryApi, base: str, head: str) -> tuple[list[payloads.Commit], str | None]:
    """The commits that `head` has and `base` has not, newest first, and where the two parted; `None` for nowhere.

    The commits tell it, but for a merge of the one into the other: then it is asked for, where the version tells it.
    """
    path, sides = api.path("compare", "commits"), {"from": head, "to": base}
    rows = api.api.pages(path, payloads.Commit, _comparison(base, head), params=sides)
    if not rows:
        return rows, _tip(api, head)
    found = wire.parted_at(rows)
    return rows, next(iter(found)) if len(found) == 1 else merge_base(api, _tip(api, base), rows[0].id)


def merge_base(api: RepositoryApi, one: str, other: str) -> str | None:
    """Where two commits parted, by their full ids; `None` for none, and where the version does not tell."""
    asked, params = Asked(what="merge base", needs=READ), {"otherCommitId": other}
    try:
        reply = api.api.reply("GET", api.path("commits", one, "merge-base"), asked, params=params)
    except errors.NotThere:
        return None
    return api.api.decoded(reply, payloads.MinimalCommit, asked).id if reply.status == 200 else None


def base_of(api: RepositoryApi, number: int) -> str | None:
    """Where a pull request left its target; `None` for nowhere, and where the version does not tell."""
    try:
        reply = api.api.reply("GET", api.pull(number, "merge-base"), about(number))
    except (errors.Forbidden, errors.NotThere, errors.SignInNeeded):
        return None
    return api.api.decoded(reply, payloads.MinimalCommit, about(number)).id if reply.status == 200 else None


def _between(api: RepositoryApi, since: str | None, until: str, asked: Asked) -> bytes:
    """The diff from one commit to another; without the first there is nothing to compare with."""
    if since is None:
        return b""
    params = {"since": since, "until": until}
    return _plain(api, api.api.reply("GET", api.path("diff"), asked, params=params, accept=_TEXT))


def raw_diff(api: RepositoryApi, number: int) -> bytes:
    """The whole diff of a pull request, as Bitbucket streams it."""
    path = f"{api.pull(number)}.diff"
    return _plain(api, api.api.reply("GET", path, about(number), accept=_TEXT))


def _plain(api: RepositoryApi, reply: Reply) -> bytes:
    """A diff, and not a page of whoever stands between."""
    if reply.status == 200 and _kind(reply) != _HTML:
        return reply.body
    raise _no_such_answer(reply, "a diff", api.api.host)


def _kind(reply: Reply) -> str:
    return reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _no_such_answer(reply: Reply, wanted: str, host: str) -> errors.BadAnswer:
    """A page of whoever stands between."""
    text = f"The answer is {_kind(reply) or 'without content'}, where {wanted} was asked for."
    return errors.BadAnswer(text, what=wanted, host=host, status=reply.status, request_id=reply.request_id)


def _moved(branch: Branch, *, found: str | None, host: str) -> errors.Stale:
    text = f"The branch {branch.name} has moved since you looked."
    return errors.Stale(text, expected=branch.commit, found=found, host=host)


def _overtaken(refused: errors.Rejected | errors.Stale, branch: Branch) -> errors.BridgeError:
    """Somebody was quicker (`…FileOutOfDateException`); or the content is what is there already, which is refused, too."""
    if isinstance(refused, errors.Rejected):
        return refused
    text = f"The file on {branch.name} has changed since you looked."
    facts: dict[str, Any] = {"host": refused.host, "status": refused.status, "request_id": refused.request_id}
    return errors.Stale(text, expected=branch.commit, **facts)


# Changes --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answers about the changes of a pull request: the list, and the diff file by file."""

    listed: payloads.PullChanges
    diff: wire.Cut

    @property
    def torn(self) -> bool:
        """Whether the answers are about different moments."""
        return wire.disagrees(self.listed.values, self.diff)


def look(api: RepositoryApi, number: int) -> Found:
    """Both answers at once."""
    return found(api, number, *api.api.gather(*thunks(api, number)))


def thunks(api: RepositoryApi, number: int) -> list[Thunk]:
    """The requests for both, for `gather`."""
    params = {"limit": MOST, "withComments": "false"}
    return [
        lambda: api.api.get(api.pull(number, "changes"), payloads.PullChanges, about(number), params=params),
        lambda: raw_diff(api, number),
    ]


def found(api: RepositoryApi, number: int, listed: payloads.PullChanges, body: bytes) -> Found:
    """What `thunks` brought; the two commits are kept, which comments will name."""
    api.diffs.learn(number, listed.from_hash, listed.to_hash)
    return Found(listed=listed, diff=wire.cut(body))


def of(found: Found) -> Changes:
    """The changes in these answers. The diff makes up for what a long list leaves out, if it could be read to its end."""
    rows = found.listed.values
    stopped = None
    if found.listed.is_last_page is False and not found.diff.whole:
        stopped = f"Bitbucket lists {len(rows):,} files and no more, and the diff is too large to count the others"
    return Changes(head=found.listed.to_hash, files=wire.file_changes(rows, found.diff), stopped=stopped)
