"""Suggestions are applied by GitLab itself, several of them in one commit. https://docs.gitlab.com/api/suggestions/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.decoding import whole
from pullbridge.hosts.gitlab import drafting, payloads, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about
from pullbridge.model.diff import Commit


def apply(api: RepositoryApi, number: int, chosen: Sequence[str], message: str | None) -> Commit:
    """Commit them to the source branch; gives the commit, which is that branch's tip then.

    Raises `Stale` where GitLab says that the lines have changed since.
    """
    pull = api.api.get(api.pull(number), payloads.MergeRequest, about(number))
    asked = Asked(what="such suggestion", write=True, needs=drafting.WRITE)
    words: dict[str, Any] = {} if message is None else {"commit_message": message}
    try:
        if len(chosen) == 1:
            api.api.reply("PUT", f"/suggestions/{_id(chosen[0])}/apply", asked, body=words)
        else:
            ids = [_id(each) for each in chosen]
            api.api.reply("PUT", "/suggestions/batch_apply", asked, body={"ids": ids, **words})
    except errors.Rejected as error:
        raise _stale(error, pull.sha) from error.__cause__
    try:
        return _tip(api, pull)
    except errors.BridgeError as error:
        error.maybe_done = True  # it is applied; only which commit that made is not known
        raise


def _id(suggestion: str) -> int:
    number = whole(suggestion)
    if number is None:
        raise errors.NotThere(f"GitLab has no suggestion {suggestion[:40]!r}.", what="suggestion")
    return number


#: How GitLab's refusals begin: `app/models/suggestion.rb` of https://gitlab.com/gitlab-org/gitlab, and its services.
_CHANGED = (
    "Can't apply",
    "A file has been changed",
    "A suggestion is not applicable",
    "Suggestions are not applicable",
)


def _stale(error: errors.Rejected, head: str | None) -> errors.BridgeError:
    if not any(words in problem for problem in error.problems for words in _CHANGED):
        return error
    facts: dict[str, Any] = {"host": error.host, "status": error.status, "request_id": error.request_id}
    return errors.Stale(f"GitLab does not apply it: {error.problems[0].rstrip('.')}.", found=head, **facts)


def _tip(api: RepositoryApi, pull: payloads.MergeRequest) -> Commit:
    """The newest commit of the source branch, wherever that is."""
    project = pull.source_project_id or pull.project_id
    path = api.path("repository", "commits")
    if project is not None and project != pull.project_id:
        path = f"/projects/{project}/repository/commits"
    params = {"ref_name": pull.source_branch, "per_page": 1}
    rows = api.api.get(path, list[payloads.Commit], Asked(what="source branch"), params=params)
    if not rows:
        raise errors.BadAnswer("GitLab lists no commit of the source branch.", what="source branch")
    return wire.commit(rows[0])
