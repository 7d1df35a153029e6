"""Suggestions are applied by Data Center itself, one at a time.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (apply-suggestion). The specification
has objects for the numbers, which its generator made of optional ones: plain numbers are what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, versioned, wire
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ, WRITE
from pullbridge.model.diff import Commit

_SUGGESTION = "such suggestion"
_Now = tuple[payloads.Comment, payloads.PullRequest]


def apply(api: RepositoryApi, number: int, chosen: Sequence[str], message: str | None) -> Commit | None:
    """Commit a suggestion to the source branch; gives the commit, which is that branch's tip then.

    `None` for several, which Bitbucket commits apart from each other, and where the version has no such thing.
    """
    if len(chosen) != 1:
        return None
    comment, index = _parted(chosen[0])
    words: dict[str, Any] = {} if message is None else {"commitMessage": message}
    path = api.pull(number, "comments", comment, "apply-suggestion")

    def write(now: _Now) -> payloads.PullRequest | None:
        said, pull = now
        numbers = {"commentVersion": said.version, "pullRequestVersion": pull.version, "suggestionIndex": index}
        try:
            api.api.reply("POST", path, Asked(what=_SUGGESTION, write=True, needs=WRITE), body=numbers | words)
        except errors.NotThere:
            return None  # the comment and the pull request were there just now, so that the way is not
        except errors.Rejected as error:
            raise _by_hand(error) from error.__cause__
        return pull

    done: payloads.PullRequest | None = versioned.persistent(lambda: _now(api, number, comment), write)
    return None if done is None else _made(api, done)


def _parted(suggestion: str) -> tuple[str, int]:
    comment, mark, index = suggestion.partition("#")
    if not (mark and comment.isascii() and comment.isdigit() and index.isascii() and index.isdigit()):
        raise errors.NotThere(f"Bitbucket has no suggestion {suggestion!r}.", what="suggestion")
    return comment, int(index)


def _now(api: RepositoryApi, number: int, comment: str) -> _Now:
    path, asked = api.pull(number, "comments", comment), Asked(what=_SUGGESTION, needs=READ)
    both: list[Callable[[], Any]] = [
        lambda: api.api.get(path, payloads.Comment, asked),
        lambda: versioned.read(api, number),
    ]
    said, pull = api.api.gather(*both)
    return said, pull


def _by_hand(error: errors.Rejected) -> errors.Rejected:
    step = "Look at its lines as they are now, and change them by hand."
    facts: dict[str, Any] = {"host": error.host, "status": error.status, "request_id": error.request_id}
    why = f": {error.problems[0].rstrip('.')}" if error.problems else ""
    return errors.Rejected(f"Bitbucket does not apply it{why}.", problems=error.problems, next_step=step, **facts)


def _made(api: RepositoryApi, pull: payloads.PullRequest) -> Commit:
    """The newest commit of the source branch, wherever that is."""
    home = api
    if pull.from_ref.repository is not None and wire.from_fork(pull):
        home = RepositoryApi(api.api, wire.repository(pull.from_ref.repository, api.ref))
    try:
        params = {"until": pull.from_ref.id, "limit": 1}
        asked = Asked(what="source branch", needs=READ)
        rows = api.api.page(home.path("commits"), payloads.Commit, asked, params=params).items
    except errors.BridgeError as error:
        error.maybe_done = True  # it is applied; only which commit that made is not known
        raise
    if not rows:
        raise errors.BadAnswer("Bitbucket lists no commit of the source branch.", what="source branch", maybe_done=True)
    return wire.commit(rows[0])
