"""The diff of a pull request on Bitbucket Cloud: what is listed of it, and its text.

`…/pullrequests/7/diff` leads to `…/diff/<source>..<destination>` by a redirect. Where these two are known they are asked for
at once, which saves a round trip; and the address that answered tells which commits the answer is about.
https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-diff-spec-get
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.model.diff import FileChange
from pullbridge.model.refs import same_commit

#: "The default value is 500": of files this many fit a page.
PAGE = 500
#: Bitbucket's "took too long": https://developer.atlassian.com/cloud/bitbucket/rest/intro/
TOO_LONG = 555
_COMMIT = re.compile(r"(?<![0-9a-z])[0-9a-f]{12,40}(?![0-9a-z])")

Thunk = Callable[[], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """The answers about one diff; `None` is what took Bitbucket too long. `commits` are the source and the destination."""

    rows: list[payloads.DiffStat] | None
    text: bytes | None
    commits: tuple[str, str] | None = None

    @property
    def files(self) -> tuple[FileChange, ...]:
        """The changed files."""
        return wire.file_changes(self.rows, self.text)

    @property
    def stopped(self) -> str | None:
        """Why the files may not be all."""
        if self.rows is not None:
            return None
        if self.text is None:
            return "the diff took Bitbucket too long"
        return f"only the first {wire.MOST >> 20} MB of the diff are read" if len(self.text) > wire.MOST else None

    def is_of(self, pull: payloads.PullRequest) -> bool:
        """Whether it is the diff of the pull request as it is. Of one that is closed nothing moves any more."""
        if self.commits is None or pull.state != "OPEN":
            return True
        source, target = ends(pull)
        pairs = ((self.commits[0], source), (self.commits[1], target))
        return all(commit is None or same_commit(told, commit) for told, commit in pairs)


def ends(pull: payloads.PullRequest) -> tuple[str | None, str | None]:
    """The commits of the source and of the destination, as a pull request has them."""
    source, target = (end.commit.hash if end and end.commit else None for end in (pull.source, pull.destination))
    return source, target


def thunks(api: RepositoryApi, number: int) -> list[Thunk]:
    """The requests for a pull request's diff, for `gather`: `together` makes one of what they bring."""
    spec = api.remembered.diff_of(number)
    return [lambda: _rows(api, number, spec), lambda: _text(api, number, spec)]


def together(rows: list[payloads.DiffStat] | None, text: tuple[bytes | None, tuple[str, str] | None]) -> Diff:
    """One diff out of both answers."""
    return Diff(rows=rows, text=text[0], commits=text[1])


def learn(api: RepositoryApi, pull: payloads.PullRequest) -> None:
    """Keep at which address the diff is. That of a fork is left to the redirect, which knows where its commits are."""
    source, target = ends(pull)
    homes = [end.repository.full_name if end and end.repository else None for end in (pull.source, pull.destination)]
    if pull.state == "OPEN" and source and target and homes[0] == homes[1]:
        api.remembered.saw_diff(pull.id, f"{source}..{target}")


def between(api: RepositoryApi, source: str, target: str) -> Diff:
    """The diff of what `source` has that `target` has not, since they parted. The order is not git's."""
    spec, asked = f"{source}..{target}", Asked(what=f"comparison of {target} and {source}", needs=("repository",))
    both: list[Thunk] = [
        lambda: _listed(api, api.path("diffstat", spec), asked),
        lambda: _read(api, api.path("diff", spec), asked)[0],
    ]
    rows, text = api.api.gather(*both)
    if rows is None and text is None:
        raise took_too_long(api.api.host)
    return Diff(rows=rows, text=text)


def raw(api: RepositoryApi, number: int) -> bytes | None:
    """The whole text, with binary files in it; `None` where it took too long."""
    return _read(api, api.pull(number, "diff"), about(number), binary=True)[0]


def took_too_long(host: str) -> errors.HostDown:
    """The error for a diff that Bitbucket gave up making."""
    text = "The diff is so large that it took Bitbucket too long to make it."
    return errors.HostDown(text, host=host, status=TOO_LONG, next_step="Compare the commits in a clone.")


def _rows(api: RepositoryApi, number: int, spec: str | None) -> list[payloads.DiffStat] | None:
    path = api.pull(number, "diffstat") if spec is None else api.path("diffstat", spec)
    return _listed(api, path, about(number))


def _text(api: RepositoryApi, number: int, spec: str | None) -> tuple[bytes | None, tuple[str, str] | None]:
    path = api.pull(number, "diff") if spec is None else api.path("diff", spec)
    return _read(api, path, about(number))


def _listed(api: RepositoryApi, path: str, asked: Asked) -> list[payloads.DiffStat] | None:
    try:
        return api.api.pages(path, payloads.DiffStat, asked, params={"pagelen": PAGE})
    except errors.HostDown as error:
        if error.status != TOO_LONG:
            raise
        return None


def _read(
    api: RepositoryApi, path: str, asked: Asked, *, binary: bool = False
) -> tuple[bytes | None, tuple[str, str] | None]:
    """The text, in whatever encodings its files have; and the commits that it is about, by the address that answered."""
    try:
        params = None if binary else {"binary": "false"}
        reply = api.api.reply("GET", path, asked, params=params, accept="text/plain")
    except errors.HostDown as error:
        if error.status != TOO_LONG:
            raise
        return None, None
    kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if reply.status != 200 or kind == "text/html":
        text = f"The answer is {kind or 'without content'}, where a diff was asked for."
        raise errors.BadAnswer(text, what="a diff", host=api.api.host, status=reply.status, request_id=reply.request_id)
    found = _COMMIT.findall(unquote(urlsplit(reply.url).path).rpartition("/diff/")[2])
    return reply.body, (found[-2], found[-1]) if len(found) > 1 else None
