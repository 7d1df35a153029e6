"""Branches on Data Center. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/ (branches)"""

from __future__ import annotations

from pullbridge.errors import AlreadyThere, NotThere
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import forks, payloads, wire
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ, WRITE
from pullbridge.model.listing import Page
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef

_ASKED = Asked(what="such repository", needs=READ)
#: The service of REST that makes and deletes branches, and keeps branch permissions.
_UTILS = "branch-utils"


class DataCenterBranches:
    """`ports.BranchesPort`."""

    def __init__(self, api: RepositoryApi) -> None:
        self._api = api

    def get(self, name: str) -> Branch:
        """Find it in the list: REST has no address for a single branch. The one of that very name comes first."""
        path, params = self._api.path("branches"), {"filterText": name, "boostMatches": "true"}
        page = self._api.api.page(path, payloads.Ref, _ASKED, params=params)
        while True:
            found = next((row for row in page.items if row.id == wire.full_name(name)), None)
            if found is not None:
                return wire.branch(found, self._api.ref)
            if page.cursor is None:
                what = f"branch {name}"
                raise NotThere(f"Bitbucket has no {what} there.", what=what, host=self._api.api.host)
            page = self._api.api.page(path, payloads.Ref, _ASKED, params=params, cursor=page.cursor)

    def default(self) -> Branch:
        """The default branch; an empty repository answers 204. (What took this resource's place tells no tip.)"""
        reply = self._api.api.reply("GET", self._api.path("branches", "default"), _ASKED)
        if reply.status == 204:
            text, what = "Bitbucket has no branch there yet: the repository is empty.", "default branch"
            raise NotThere(text, what=what, host=self._api.api.host, next_step="Push a first commit.")
        return wire.branch(self._api.api.decoded(reply, payloads.Ref, _ASKED), self._api.ref)

    def list(self, prefix: str, cursor: str | None) -> Page[Branch]:
        """A stretch of them. Bitbucket finds what contains a text; what only contains it is left out here."""
        params = {"filterText": prefix or None, "orderBy": "ALPHABETICAL"}
        page = self._api.api.page(self._api.path("branches"), payloads.Ref, _ASKED, params=params, cursor=cursor)
        found = (wire.branch(row, self._api.ref) for row in page.items)
        return Page(items=tuple(each for each in found if each.name.startswith(prefix)), cursor=page.cursor)

    def create(self, name: str, commit: str) -> Branch:
        """Create one. `AlreadyThere` has the one that is there."""
        asked = Asked(what=f"commit {commit}", write=True, needs=WRITE)
        path, body = self._api.path("branches", service=_UTILS), {"name": name, "startPoint": commit}
        try:
            made = self._api.api.send("POST", path, body, payloads.Ref, asked)
        except AlreadyThere as error:
            error.existing = self.get(name)
            raise
        return wire.branch(made, self._api.ref)

    def delete(self, name: str) -> None:
        """Delete it. Bitbucket says nothing when it is gone already, so that it is looked for first."""
        self.get(name)
        asked = Asked(what=f"branch {name}", write=True, needs=WRITE)
        body = {"name": wire.full_name(name), "dryRun": False}
        self._api.api.reply("DELETE", self._api.path("branches", service=_UTILS), asked, body=body)

    def forks(self, cursor: str | None) -> Page[RepoRef]:
        return forks.forks(self._api, cursor)

    def fork(self, into: str | None) -> RepoRef:
        return forks.fork(self._api, into)
