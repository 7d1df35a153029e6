"""Branches on GitHub. https://docs.github.com/en/rest/branches/branches"""

from __future__ import annotations

from pullbridge.errors import NotThere, Rejected
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import forks, payloads
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.model.listing import Page
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef


class GitHubBranches:
    """`ports.BranchesPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def get(self, name: str) -> Branch:
        asked = Asked(what=f"branch {name}")
        found = self._api.api.get(self._api.path("branches", name), payloads.RestBranch, asked)
        return Branch(name=found.name, commit=found.commit.sha, repository=self._api.ref)

    def default(self) -> Branch:
        asked = Asked(what="such repository")
        found = self._api.api.get(self._api.path(), payloads.RestRepository, asked)
        return self.get(found.default_branch or "main")

    def list(self, prefix: str, cursor: str | None) -> Page[Branch]:
        return forks.branches(self._api, prefix, cursor)

    def create(self, name: str, commit: str) -> Branch:
        return forks.create_branch(self._api, name, commit)

    def forks(self, cursor: str | None) -> Page[RepoRef]:
        return forks.forks(self._api, cursor)

    def fork(self, into: str | None) -> RepoRef:
        return forks.fork(self._api, into)

    def delete(self, name: str) -> None:
        """Delete by its ref; an absent one is `NotThere`. https://docs.github.com/en/rest/git/refs#delete-a-reference"""
        asked = Asked(what=f"branch {name}", write=True, needs=("contents:write",))
        try:
            self._api.api.reply("DELETE", self._api.path("git", "refs", "heads", *name.split("/")), asked)
        except Rejected as error:
            if any("does not exist" in problem for problem in error.problems):
                facts = {"host": error.host, "status": error.status, "request_id": error.request_id}
                raise NotThere(f"GitHub has no branch {name}.", what=asked.what, **facts) from error
            raise
