"""What waits for me, in all repositories of my workspaces.

Bitbucket has a list of what I have made, for each workspace, and none of what I am asked to review: each repository is
asked for that. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
"""

from __future__ import annotations

from datetime import UTC, datetime

from pullbridge.errors import Forbidden, NotThere, SignInNeeded, Unsupported
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import bbql, payloads, whoami, wire
from pullbridge.hosts.bitbucket_cloud.api import Api
from pullbridge.hosts.bitbucket_cloud.errors import READ
from pullbridge.hosts.bitbucket_cloud.paging import PULLS
from pullbridge.hosts.bitbucket_cloud.search import ROWS
from pullbridge.hosts.bitbucket_cloud.workspaces import repositories, workspaces
from pullbridge.hosts.encoding import quoted
from pullbridge.model.listing import Page
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import RepoRef

#: Repositories asked at most: each is a request out of the thousand that there are in an hour.
MOST = 200
_EVER = datetime.min.replace(tzinfo=UTC)


def inbox(api: Api, ref: RepoRef, role: Role) -> Page[Pull]:
    """All of it at once, newest change first; `stopped` when there are more repositories than are asked.

    Raises `SignInNeeded` for nobody, and for a credential that does not tell who I am.
    """
    if role is Role.ASSIGNEE:
        raise Unsupported("Bitbucket Cloud has no assignees.", reason="pull requests have no assignees", host=api.host)
    me = whoami.me(api)
    if me is None:
        step = "Sign in as somebody, with the scope account (read:user:bitbucket of an API token)."
        raise SignInNeeded("Nobody in particular has an inbox.", host=api.host, next_step=step)
    if role is Role.AUTHOR:
        rows, stopped = _made(api, me.id), None
    else:
        rows, stopped = _to_review(api, me.id)
    found = sorted((wire.pull(row, ref) for row in rows), key=lambda pull: pull.updated_at or _EVER, reverse=True)
    return Page(items=tuple(found), stopped=stopped)


def _made(api: Api, me: str) -> list[payloads.PullRequest]:
    asked = Asked(what="such list", needs=READ)
    params = {"state": "OPEN", "sort": "-updated_on", "pagelen": PULLS, "fields": ROWS}
    paths = [f"/workspaces/{quoted(each)}/pullrequests/{quoted(me)}" for each in workspaces(api)]
    found = api.gather(
        *(lambda path=path: api.pages(path, payloads.PullRequest, asked, params=params) for path in paths)
    )
    return [row for rows in found for row in rows]


def _to_review(api: Api, me: str) -> tuple[list[payloads.PullRequest], str | None]:
    there = repositories(api)
    found = api.gather(*(lambda path=path: _asked_of(api, path, me) for path in there[:MOST]))
    rows = [row for rows in found for row in rows]
    if len(there) <= MOST:
        return rows, None
    return rows, f"of {len(there)} repositories, the {MOST} that changed last were asked"


def _asked_of(api: Api, path: str, me: str) -> list[payloads.PullRequest]:
    """Those of one repository; none of one that is gone by now."""
    where = f"/repositories/{'/'.join(quoted(each) for each in path.split('/'))}/pullrequests"
    query = bbql.both(('state="OPEN"', f"reviewers.uuid={bbql.text(me)}"))
    params = {"state": "OPEN", "q": query, "sort": "-updated_on", "pagelen": PULLS, "fields": ROWS}
    try:
        return api.pages(where, payloads.PullRequest, Asked(what="such repository", needs=READ), params=params)
    except (NotThere, Forbidden):
        return []
