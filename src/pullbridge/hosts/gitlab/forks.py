"""Forks. https://docs.gitlab.com/api/project_forks/"""

from __future__ import annotations

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.encoding import quoted
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import WRITE
from pullbridge.hosts.waiting import pauses
from pullbridge.model.listing import Page
from pullbridge.model.refs import RepoRef
from pullbridge.transport.call import sleep

#: For how many seconds a fork is waited for, where no deadline is nearer.
_PATIENCE = 60.0
#: https://docs.gitlab.com/api/project_import_export/#import-status
_UNDER_WAY = frozenset({"scheduled", "started"})


def forks(api: RepositoryApi, cursor: str | None) -> Page[RepoRef]:
    """A stretch of those that I may see."""
    asked = Asked(what="such repository")
    page = api.api.page(api.path("forks"), payloads.ProjectName, asked, params={"simple": "true"}, cursor=cursor)
    found = (wire.repository(api.ref.web, each.path_with_namespace, api.ref.kind) for each in page.items)
    return Page(items=tuple(found), cursor=page.cursor)


def fork(api: RepositoryApi, into: str | None) -> RepoRef:
    """Fork it into a group, given by its path, or my own namespace; an existing fork is given back.

    GitLab copies the repository in the background: that is waited for, a minute at most. Raises `AlreadyThere` when
    something else has the name.
    """
    asked = Asked(what="such repository", write=True, needs=WRITE)
    body = {"namespace_path": into} if into else {}
    try:
        made = api.api.send("POST", api.path("fork"), body, payloads.Project, asked)
    except errors.AlreadyThere as error:
        made = _existing(api, into, error)
    return wire.repository(api.ref.web, _filled(api, made).path_with_namespace, api.ref.kind)


def _existing(api: RepositoryApi, into: str | None, refusal: errors.AlreadyThere) -> payloads.Project:
    """What has the name already, if it is a fork of this project."""
    home = api.api.get(api.path(), payloads.Project, Asked(what="such repository"))
    owner = into or api.api.get("/user", payloads.User, Asked(what="signed-in user")).username
    name = home.path_with_namespace.rpartition("/")[2]
    there = f"/projects/{quoted(f'{owner}/{name}')}"
    try:
        found = api.api.get(there, payloads.Project, Asked(what="such fork"))
    except errors.NotThere:
        raise refusal from None
    if found.forked_from_project is None or found.forked_from_project.id != home.id:
        raise refusal
    return found


def _filled(api: RepositoryApi, made: payloads.Project) -> payloads.Project:
    """The fork with its commits in it, or as it is after a while."""
    found = made
    for pause in pauses(_PATIENCE):
        if found.import_status not in _UNDER_WAY:
            break
        sleep(pause)
        found = api.api.get(f"/projects/{made.id}", payloads.Project, Asked(what="such fork"))
    if found.import_status == "failed":
        text = f"GitLab could not copy the repository into {found.path_with_namespace}."
        raise errors.HostDown(text, host=api.api.host, maybe_done=True, next_step="Delete that fork, and fork again.")
    return found
