"""My workspaces and the repositories in them. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import Api
from pullbridge.hosts.encoding import quoted

#: For how many seconds the list of my repositories is not asked for again.
_FRESH = 600.0
_EVER = datetime.min.replace(tzinfo=UTC)


def workspaces(api: Api) -> list[str]:
    """My workspaces. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/ (`/user/workspaces`)"""
    asked = Asked(what="list of workspaces", needs=("account",))
    rows = api.pages("/user/workspaces", payloads.WorkspaceAccess, asked)
    return [row.workspace.slug for row in rows if row.workspace is not None and row.workspace.slug]


def repositories(api: Api) -> list[str]:
    """The names of mine, the last changed first; kept for ten minutes."""
    account, now = api.signing.account(), time.monotonic()
    kept = api.repositories.get(account)
    if kept is not None and now - kept[0] < _FRESH:
        return kept[1]
    found = api.gather(*(lambda each=each: _of_workspace(api, each) for each in workspaces(api)))
    rows = sorted((row for rows in found for row in rows), key=_changed, reverse=True)
    names = [row.full_name for row in rows]
    api.repositories[account] = now, names
    return names


def _of_workspace(api: Api, workspace: str) -> list[payloads.Repository]:
    asked = Asked(what=f"workspace {workspace}", needs=("repository",))
    params = {"role": "member", "sort": "-updated_on", "fields": "next,values.full_name,values.updated_on"}
    return api.pages(f"/repositories/{quoted(workspace)}", payloads.Repository, asked, params=params)


def _changed(row: payloads.Repository) -> datetime:
    return wire.moment(row.updated_on) or _EVER
