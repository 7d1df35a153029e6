"""Forks. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/ (forks)"""

from __future__ import annotations

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.workspaces import workspaces
from pullbridge.model.listing import Page
from pullbridge.model.refs import RepoRef

_FIELDS = "next,values.full_name,values.uuid,values.parent"


def forks(api: RepositoryApi, cursor: str | None) -> Page[RepoRef]:
    """A stretch of those that I may see."""
    asked = Asked(what="such repository", needs=("repository",))
    params = {"fields": _FIELDS}
    page = api.api.page(api.path("forks"), payloads.Repository, asked, params=params, cursor=cursor)
    return Page(items=tuple(_ref(api, each) for each in page.items), cursor=page.cursor)


def fork(api: RepositoryApi, into: str | None) -> RepoRef:
    """Fork it into a workspace, given by its slug, or my own; an existing fork is given back.

    Raises `AlreadyThere` when something else has the name.
    """
    asked = Asked(what="such repository", write=True, needs=("repository:write",))
    body = {"workspace": {"slug": into}} if into else {}
    try:
        return _ref(api, api.api.send("POST", api.path("forks"), body, payloads.Repository, asked))
    except errors.AlreadyThere:
        existing = _existing(api, into)
        if existing is None:
            raise
        return existing


def _existing(api: RepositoryApi, into: str | None) -> RepoRef | None:
    """The fork that is in that workspace, or in one of mine, if there is exactly one."""
    asked = Asked(what="such repository", needs=("repository",))
    rows = api.api.pages(api.path("forks"), payloads.Repository, asked, params={"fields": _FIELDS})
    places = {into.casefold()} if into else {each.casefold() for each in workspaces(api.api)}
    found = [ref for ref in (_ref(api, row) for row in rows) if ref.owner.casefold() in places]
    return found[0] if len(found) == 1 else None


def _ref(api: RepositoryApi, row: payloads.Repository) -> RepoRef:
    return wire.repository(api.ref.web, row.full_name, api.ref.kind)
