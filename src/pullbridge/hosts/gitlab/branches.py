"""Branches on GitLab. https://docs.gitlab.com/api/branches/"""

from __future__ import annotations

from pullbridge.errors import Forbidden, NotThere, Rejected
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import forks, payloads, sources, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import WRITE
from pullbridge.model.listing import Page
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef


class GitLabBranches:
    """`ports.BranchesPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def get(self, name: str) -> Branch:
        asked = Asked(what=f"branch {name}")
        found = self._api.api.get(self._api.path("repository", "branches", name), payloads.Branch, asked)
        return wire.branch(found, self._api.ref)

    def default(self) -> Branch:
        name = sources.project(self._api).default_branch
        if name is None:
            text, what = "GitLab has no branch there yet: the repository is empty.", "default branch"
            raise NotThere(text, what=what, host=self._api.api.host, next_step="Push a first commit.")
        return self.get(name)

    def list(self, prefix: str, cursor: str | None) -> Page[Branch]:
        """A stretch of them; `^` asks for names that begin so, and `$` would ask for their end."""
        asked = Asked(what="such repository")
        begun = prefix.partition("$")[0].partition("*")[0]
        params = {"search": f"^{begun}"} if begun else None
        path = self._api.path("repository", "branches")
        page = self._api.api.page(path, payloads.Branch, asked, params=params, cursor=cursor)
        found = (wire.branch(each, self._api.ref) for each in page.items if each.name.startswith(prefix))
        return Page(items=tuple(found), cursor=page.cursor)

    def create(self, name: str, commit: str) -> Branch:
        """Create one; GitLab has one status for all that can be wrong (`Invalid reference name: …` for no such commit)."""
        asked = Asked(what=f"commit {commit}", write=True, needs=WRITE)
        body = {"branch": name, "ref": commit}
        try:
            made = self._api.api.send("POST", self._api.path("repository", "branches"), body, payloads.Branch, asked)
        except Rejected as error:
            error.remedy = "Check the name, which git must allow, and the commit, which must be in this repository."
            raise
        return wire.branch(made, self._api.ref)

    def forks(self, cursor: str | None) -> Page[RepoRef]:
        return forks.forks(self._api, cursor)

    def fork(self, into: str | None) -> RepoRef:
        return forks.fork(self._api, into)

    def delete(self, name: str) -> None:
        """Delete it. GitLab answers 405 both to what nobody may delete and to somebody who may not."""
        asked = Asked(what=f"branch {name}", write=True, needs=WRITE)
        try:
            self._api.api.reply("DELETE", self._api.path("repository", "branches", name), asked)
        except Rejected as error:
            if any("push access" in problem for problem in error.problems):
                raise Forbidden(
                    error.summary, host=error.host, status=error.status, request_id=error.request_id
                ) from error.__cause__
            raise
