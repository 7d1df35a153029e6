"""Forks. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/ (forks)"""

from __future__ import annotations

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, whoami, wire
from pullbridge.hosts.bitbucket_dc.addresses import place
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ
from pullbridge.hosts.waiting import pauses
from pullbridge.model.listing import Page
from pullbridge.model.refs import RepoRef
from pullbridge.transport.call import sleep

#: For how many seconds a fork is waited for, where no deadline is nearer.
_PATIENCE = 60.0
_FORK = Asked(what="such fork", needs=READ)
_HOME = Asked(what="such repository", needs=READ)


def forks(api: RepositoryApi, cursor: str | None) -> Page[RepoRef]:
    """A stretch of those that I may see."""
    page = api.api.page(api.path("forks"), payloads.Repository, _HOME, cursor=cursor)
    return Page(items=tuple(wire.repository(each, api.ref) for each in page.items), cursor=page.cursor)


def fork(api: RepositoryApi, into: str | None) -> RepoRef:
    """Fork it into a project, given by its key, or my own repositories; an existing fork is given back.

    Raises `AlreadyThere` when something else has the name.
    """
    asked = Asked(what="such repository", write=True, needs=READ)
    body = {"project": {"key": into}} if into else {}
    try:
        made = api.api.send("POST", api.path(), body, payloads.Repository, asked)
    except errors.AlreadyThere as refusal:
        made = _existing(api, into, refusal)
    return wire.repository(_filled(api, made), api.ref)


def _existing(api: RepositoryApi, into: str | None, refusal: errors.AlreadyThere) -> payloads.Repository:
    """What has the name already, if it is a fork of this repository."""
    key = into or f"~{whoami.viewer(api.api).handle}"
    home = api.api.get(api.path(), payloads.Repository, _HOME)
    try:
        found = api.api.get(place("projects", key, "repos", home.slug), payloads.Repository, _FORK)
    except errors.NotThere:
        raise refusal from None
    if found.origin is None or found.origin.id != home.id:
        raise refusal
    return found


def _filled(api: RepositoryApi, made: payloads.Repository) -> payloads.Repository:
    """The fork with its commits in it, or as it is after a while."""
    found = made
    for pause in pauses(_PATIENCE):
        if found.state != "INITIALISING":
            break
        sleep(pause)
        found = api.api.get(place("projects", made.project.key, "repos", made.slug), payloads.Repository, _FORK)
    if found.state == "INITIALISATION_FAILED":
        text = f"Bitbucket could not copy the repository into {found.project.key}/{found.slug}."
        raise errors.HostDown(text, host=api.api.host, maybe_done=True, next_step="Delete that fork, and fork again.")
    return found
