"""Branches and forks on Bitbucket Cloud. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/"""

from __future__ import annotations

from pullbridge.errors import AlreadyThere, NotThere
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import bbql, forks, payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.encoding import quoted
from pullbridge.model.listing import Page
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef

READ, WRITE = ("repository",), ("repository:write",)


class CloudBranches:
    """`ports.BranchesPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def get(self, name: str) -> Branch:
        asked = Asked(what=f"branch {name}", needs=READ)
        return wire.branch(self._api.api.get(self._path(name), payloads.Branch, asked), self._api.ref)

    def default(self) -> Branch:
        asked = Asked(what="such repository", needs=READ)
        found = self._api.api.get(self._api.path(), payloads.Repository, asked).mainbranch
        if found is None:
            text, what = "Bitbucket has no branch there yet: the repository is empty.", "default branch"
            raise NotThere(text, what=what, host=self._api.api.host, next_step="Push a first commit.")
        return self.get(found.name)

    def list(self, prefix: str, cursor: str | None) -> Page[Branch]:
        """A stretch of them. Bitbucket finds what contains a text; what only contains it is left out here."""
        asked = Asked(what="such repository", needs=READ)
        params = {"q": f"name~{bbql.text(prefix)}" if prefix else None, "sort": "name"}
        path = self._api.path("refs", "branches")
        page = self._api.api.page(path, payloads.Branch, asked, params=params, cursor=cursor)
        found = (wire.branch(each, self._api.ref) for each in page.items if each.name.startswith(prefix))
        return Page(items=tuple(found), cursor=page.cursor)

    def create(self, name: str, commit: str) -> Branch:
        """Create one. `AlreadyThere` has the one that is there."""
        asked = Asked(what=f"commit {commit}", write=True, needs=WRITE)
        body = {"name": name, "target": {"hash": commit}}
        try:
            made = self._api.api.send("POST", self._api.path("refs", "branches"), body, payloads.Branch, asked)
        except AlreadyThere as error:
            error.existing = self.get(name)
            raise
        return wire.branch(made, self._api.ref)

    def delete(self, name: str) -> None:
        """Delete it; the main branch is never deleted (`Rejected`)."""
        self._api.api.reply("DELETE", self._path(name), Asked(what=f"branch {name}", write=True, needs=WRITE))

    def forks(self, cursor: str | None) -> Page[RepoRef]:
        return forks.forks(self._api, cursor)

    def fork(self, into: str | None) -> RepoRef:
        return forks.fork(self._api, into)

    def _path(self, name: str) -> str:
        return f"{self._api.path('refs', 'branches')}/{quoted(name)}"
