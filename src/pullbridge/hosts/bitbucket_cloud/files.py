"""Changed files and contents on Bitbucket Cloud.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/ (diff, diffstat, merge-base) and
https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import diffs, hashes, payloads, uploading, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.hosts.encoding import quoted
from pullbridge.model.diff import Commit, Comparison
from pullbridge.model.orders import Changes
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import same_commit
from pullbridge.transport.session import Reply

READ, WRITE = ("repository",), ("repository:write",)
_HEX = re.compile(r"[0-9a-f]{7,40}")
_NOT_VIEWED = "Bitbucket keeps in the browser which files were viewed"


class CloudFiles:
    """`ports.FilesPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def changes(self, number: int, file_count: int | None) -> Changes:
        pull, newest, diff = self._look(number)
        if not diff.is_of(pull):
            # Somebody pushed between the answers, or since the diff's address was kept.
            pull, newest, diff = self._look(number)
        if diff.rows is None and diff.text is None:
            raise diffs.took_too_long(self._api.api.host)
        return Changes(head=head_of(self._api, pull, newest), files=diff.files, stopped=diff.stopped)

    def _look(self, number: int) -> tuple[payloads.PullRequest, list[str], diffs.Diff]:
        """All answers at once. The newest commit is asked for because a pull request has twelve digits of it."""
        api = self._api
        asked: list[Callable[[], Any]] = [
            lambda: api.api.get(api.pull(number), payloads.PullRequest, about(number)),
            lambda: newest(api, number),
            *diffs.thunks(api, number),
        ]
        pull, first, rows, text = api.api.gather(*asked)
        diff = diffs.together(rows, text)
        diffs.learn(api, pull, diff)
        return pull, first, diff

    def diff(self, number: int) -> str:
        """As git writes it. A diff has as many encodings as its files: what is not UTF-8 survives as lone surrogates."""
        found = diffs.raw(self._api, number)
        if found is None:
            raise diffs.took_too_long(self._api.api.host)
        return found.decode("utf-8", "surrogateescape")

    def content(self, path: str, at: str) -> bytes:
        """What git holds. Of a file in Git LFS Bitbucket leads to another service, where nothing is sent (`EgressRefused`)."""
        return _content(self._api, path, self._commit(at))

    def _commit(self, name: str) -> str:
        """A commit's id as it is; of a branch or a tag with a slash in its name, which would end the name, its tip's."""
        if "/" not in name:
            return name
        for kind in ("branches", "tags"):
            path, asked = self._api.path("refs", kind, name), Asked(what=f"branch or tag {name}", needs=READ)
            try:
                found = self._api.api.get(path, payloads.Branch, asked).target
            except errors.NotThere:
                continue
            if found is not None:
                return found.hash
        raise errors.NotThere(f"Bitbucket has no branch or tag {name}.", what=name, host=self._api.api.host)

    def compare(self, base: str, head: str) -> Comparison:
        """The diff, the commits, and where both parted, all at once."""
        api, (old, new) = self._api, self._api.api.gather(lambda: self._commit(base), lambda: self._commit(head))
        asked = Asked(what=f"comparison of {base} and {head}", needs=READ)
        params = {"include": new, "exclude": old}
        all_: list[Callable[[], Any]] = [
            lambda: diffs.between(api, new, old),
            lambda: api.api.pages(api.path("commits"), payloads.Commit, asked, params=params),
            lambda: self._merge_base(old, new),
        ]
        diff, rows, common = api.api.gather(*all_)
        commits = tuple(wire.commit(row) for row in reversed(rows))
        return Comparison(
            base=base,
            head=head,
            merge_base=common,
            commits=commits,
            files=diff.files,
            ahead_by=len(commits),
            complete=diff.stopped is None,
        )

    def _merge_base(self, base: str, head: str) -> str | None:
        """`None` for none, and for what is not there, which the comparison itself tells."""
        path, asked = self._api.path("merge-base", f"{base}..{head}"), Asked(what="merge base", needs=READ)
        try:
            return self._api.api.get(path, payloads.Hash, asked).hash
        except (errors.NotThere, errors.Rejected):
            return None

    def viewed(self, number: int) -> frozenset[str]:
        raise _not_viewed(self._api.api.host)

    def set_viewed(self, number: int, path: str, viewed: bool) -> None:
        raise _not_viewed(self._api.api.host)

    def commit(self, branch: Branch, path: str, content: bytes, message: str) -> Commit:
        """By a form, guarded by the branch's tip: with a parent that is not the tip, Bitbucket refuses it."""
        home = RepositoryApi(self._api.api, branch.repository or self._api.ref)
        tip = (hashes.full(home, branch.commit) or branch.commit) if branch.commit is not None else None
        marks = _marks(home, path, tip or branch.name)
        fields = {"message": message, "branch": branch.name, **({} if tip is None else {"parents": tip})}
        body, kind = uploading.form(fields, path, content, marks)
        asked = Asked(what=f"branch {branch.name}", write=True, needs=WRITE)
        try:
            reply = home.api.upload(home.path("src"), body, kind, asked)
        except (errors.Rejected, errors.Stale) as refused:
            raise _overtaken(home, branch, tip, refused) from refused.__cause__
        return _made(home, reply)


def head_of(api: RepositoryApi, pull: payloads.PullRequest, known: list[str]) -> str | None:
    """The head's full id: that of the newest commit; else it is asked for; else the twelve digits that are told."""
    short, _ = diffs.ends(pull)
    if short is None:
        return None
    home = pull.source.repository.full_name if pull.source is not None and pull.source.repository is not None else None
    whole = next((each for each in known if each.startswith(short)), None)
    return whole or hashes.full(api, short, home) or short


def newest(api: RepositoryApi, number: int) -> list[str]:
    """The full id of the newest commit; none where the source is gone."""
    path, params = api.pull(number, "commits"), {"pagelen": 1, "fields": "values.hash"}
    try:
        return [row.hash for row in api.api.page(path, payloads.Hash, about(number), params=params).items]
    except (errors.NotThere, errors.Forbidden):
        return []


def _content(api: RepositoryApi, path: str, commit: str) -> bytes:
    asked = Asked(what=f"{path} at {commit}", needs=READ)
    reply = api.api.reply("GET", _src(api, path, commit), asked, accept="*/*")
    kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if "Content-Disposition" not in reply.headers and kind == "application/json" and b'"pagelen"' in reply.body:
        # A folder is listed: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/ (directory listings)
        raise errors.NotThere(f"{path} is a folder at {commit}.", what=path, host=api.api.host)
    if reply.status != 200 or ("Content-Disposition" not in reply.headers and kind == "text/html"):
        # "The `Content-Disposition` header will be "attachment"": a page without it is somebody else's.
        text = f"The answer is {kind or 'without content'}, where the bytes of a file were asked for."
        raise errors.BadAnswer(text, what=path, host=api.api.host, status=reply.status, request_id=reply.request_id)
    return reply.body


def _src(api: RepositoryApi, path: str, commit: str) -> str:
    """A file's address: the slashes in its path stay."""
    return "/".join([api.path("src", commit), *(quoted(part) for part in path.split("/"))])


def _marks(api: RepositoryApi, path: str, commit: str) -> tuple[str, ...]:
    """Whether a file is executable, or a link; nothing of one that is new."""
    if "/" in commit:
        return ()
    asked = Asked(what=f"{path} at {commit}", needs=READ)
    try:
        found = api.api.get(_src(api, path, commit), payloads.CommitFile, asked, params={"format": "meta"})
    except errors.NotThere:
        return ()
    return tuple(mark for mark in found.marks if mark in {"executable", "link"})


def _overtaken(
    api: RepositoryApi, branch: Branch, tip: str | None, refused: errors.Rejected | errors.Stale
) -> errors.BridgeError:
    """A refusal, as `Stale` where the branch has moved: `409` is documented, and said of other things, too."""
    path, asked = api.path("refs", "branches", branch.name), Asked(what=f"branch {branch.name}", needs=READ)
    try:
        found = api.api.get(path, payloads.Branch, asked).target
    except errors.BridgeError:
        return refused
    if tip is None or found is None or same_commit(found.hash, tip):
        return refused
    text = f"The branch {branch.name} has moved since you looked."
    facts: dict[str, Any] = {"host": refused.host, "status": refused.status, "request_id": refused.request_id}
    return errors.Stale(text, expected=branch.commit, found=found.hash, **facts)


def _made(api: RepositoryApi, reply: Reply) -> Commit:
    """The commit that was made: the answer has no body, and tells where it is."""
    made = reply.headers.get("Location", "").rstrip("/").rpartition("/")[2]
    if not _HEX.fullmatch(made):
        text = "Bitbucket has written the file, and does not say in which commit."
        raise errors.BadAnswer(text, what="a commit", host=api.api.host, status=reply.status, maybe_done=True)
    asked = Asked(what=f"commit {made}", write=True, needs=READ)
    return wire.commit(api.api.get(api.path("commit", made), payloads.Commit, asked))


def _not_viewed(host: str) -> errors.Unsupported:
    text = "Bitbucket does not tell anybody which files were viewed."
    return errors.Unsupported(text, can=Can.VIEWED_FILES, reason=_NOT_VIEWED, host=host)
