"""Checks on Bitbucket Cloud: reports on commits, those of Pipelines among them.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/
"""

from __future__ import annotations

from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import bbql, hashes, payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.model.checks import Check, CheckState

READ, WRITE = ("repository",), ("repository:write",)


class CloudChecks:
    """`ports.ChecksPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def list(self, number: int) -> tuple[Check, ...]:
        return wire.checks(statuses(self._api, number))

    def report(self, commit: str, name: str, state: CheckState, url: str | None, description: str) -> Check:
        """Write a build status. Raises `Rejected` for a state that Bitbucket has no word for.

        It is shown beside a pull request whose source branch it names, and so the branch is looked for whose tip the commit
        is. Bitbucket wants an address: without one it is the commit's page.
        """
        if state not in wire.STATUS_WORDS:
            known = ", ".join(each.name for each in wire.STATUS_WORDS)
            text, step = f"Bitbucket's build statuses have no word for {state!r}.", f"Report one of {known}."
            raise errors.Rejected(text, problems=(f"state is one of {known}",), host=self._api.api.host, next_step=step)
        body: dict[str, Any] = {
            "key": wire.key(name),
            "name": name,
            "state": wire.STATUS_WORDS[state],
            "url": url or f"{self._api.ref.url}/commits/{commit}",
            "description": description,
        }
        branch = self._branch_of(commit)
        told = {**body, **({} if branch is None else {"refname": branch})}
        asked = Asked(what=f"commit {commit}", write=True, needs=WRITE)
        path = self._api.path("commit", commit, "statuses", "build")
        return wire.check(self._api.api.send("POST", path, told, payloads.CommitStatus, asked))

    def _branch_of(self, commit: str) -> str | None:
        """The branch whose tip it is; of several one that is not the main one. `None` where that cannot be told."""
        try:
            whole = hashes.full(self._api, commit) or commit
            params = {"q": f"target.hash={bbql.text(whole)}", "fields": "values.name", "pagelen": 10}
            path, asked = self._api.path("refs", "branches"), Asked(what="such repository", needs=READ)
            rows = self._api.api.page(path, payloads.Branch, asked, params=params).items
        except (errors.NotThere, errors.Forbidden, errors.ScopeMissing, errors.Rejected):
            return None
        names = [row.name for row in rows]
        return next((name for name in names if name not in {"main", "master"}), next(iter(names), None))


def statuses(api: RepositoryApi, number: int) -> list[payloads.CommitStatus]:
    """The reports on the head of a pull request."""
    return api.api.pages(api.pull(number, "statuses"), payloads.CommitStatus, about(number))
