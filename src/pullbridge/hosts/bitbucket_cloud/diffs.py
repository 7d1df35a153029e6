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
from pullbridge.hosts.encoding import quoted
from pullbridge.model.diff import FileChange
from pullbridge.model.refs import same_commit

#: "The default value is 500": of files this many fit a page.
PAGE = 500
#: Bitbucket's "took too long": https://developer.atlassian.com/cloud/bitbucket/rest/intro/
TOO_LONG = 555
#: What stands in the address: two commits, behind the name of the repository that has the first one. Between them are two
#: dots, or, where a pull request's own address leads, a carriage return.
_SPEC = re.compile(r"(?:[\w.-]+/[\w.-]+:)?(?P<source>[0-9a-f]{12,40})(?:\.\.|\r)(?P<target>[0-9a-f]{12,40})")

Thunk = Callable[[], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """The answers about one diff; `None` is what took Bitbucket too long. `spec` is what stood in the text's address."""

    rows: list[payloads.DiffStat] | None
    text: bytes | None
    spec: str | None = None

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
        told = _SPEC.fullmatch(self.spec or "")
        if told is None or pull.state != "OPEN":
            return True
        source, target = ends(pull)
        pairs = ((told["source"], source), (told["target"], target))
        return all(commit is None or same_commit(one, commit) for one, commit in pairs)


def ends(pull: payloads.PullRequest) -> tuple[str | None, str | None]:
    """The commits of the source and of the destination, as a pull request has them."""
    source, target = (end.commit.hash if end and end.commit else None for end in (pull.source, pull.destination))
    return source, target


def thunks(api: RepositoryApi, number: int) -> list[Thunk]:
    """The requests for a pull request's diff, for `gather`: `together` makes one of what they bring."""
    listing, reading = where(api, number, "diffstat"), where(api, number, "diff")
    return [lambda: _listed(api, listing, about(number)), lambda: _read(api, reading, about(number))]


def together(rows: list[payloads.DiffStat] | None, text: tuple[bytes | None, str | None]) -> Diff:
    """One diff out of both answers."""
    return Diff(rows=rows, text=text[0], spec=text[1])


def where(api: RepositoryApi, number: int, kind: str) -> str:
    """Where a pull request's `diff`, or what else there is of it (`diffstat`, `conflicts`), is asked for."""
    spec = api.remembered.diff_of(number)
    if spec is None:
        return api.pull(number, kind)
    return f"{api.path('file-conflicts' if kind == 'conflicts' else kind)}/{quoted(spec, safe='/:')}"


def learn(api: RepositoryApi, pull: payloads.PullRequest, diff: Diff) -> None:
    """Keep at which address the diff is: that of a fork as it was found, because the fork's commits are in the fork."""
    source, target = ends(pull)
    homes = [end.repository.full_name if end and end.repository else None for end in (pull.source, pull.destination)]
    if pull.state != "OPEN" or not source or not target:
        return
    if homes[0] == homes[1]:
        api.remembered.saw_diff(pull.id, f"{source}..{target}")
    elif diff.spec is not None and diff.is_of(pull):
        api.remembered.saw_diff(pull.id, diff.spec)
    else:
        api.remembered.forget_diff(pull.id)


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


def _listed(api: RepositoryApi, path: str, asked: Asked) -> list[payloads.DiffStat] | None:
    try:
        return api.api.pages(path, payloads.DiffStat, asked, params={"pagelen": PAGE})
    except errors.HostDown as error:
        if error.status != TOO_LONG:
            raise
        return None


def _read(api: RepositoryApi, path: str, asked: Asked, *, binary: bool = False) -> tuple[bytes | None, str | None]:
    """The text, in whatever encodings its files have; and what it is of, by the address that answered."""
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
    spec = unquote(urlsplit(reply.url).path).rpartition("/diff/")[2]
    return reply.body, spec if _SPEC.fullmatch(spec) and ".." not in spec.partition(":")[0].split("/") else None
