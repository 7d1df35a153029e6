"""Asking once what can be done: the version, the repository with its settings, and what this credential may do in it."""

from __future__ import annotations

from pullbridge.errors import BadAnswer, Forbidden, NotThere, Rejected, SignInNeeded
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.abilities import Level
from pullbridge.hosts.bitbucket_dc.addresses import place
from pullbridge.hosts.bitbucket_dc.api import Api, RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ
from pullbridge.hosts.bitbucket_dc.features import Features

_UNTOLD = (BadAnswer, Forbidden, NotThere, Rejected, SignInNeeded)


def of_host(api: Api) -> None:
    """Learn the version. Raises `SignInNeeded` for a credential that is not accepted: this is answered to anybody else."""
    api.needs_version()
    if not api.signing.anonymous and api.known.name is None and not api.ask_name():
        raise SignInNeeded("Bitbucket does not accept the credential.", host=api.host, status=401)


def of_repository(api: RepositoryApi, features: Features) -> None:
    """The same, the repository, and its settings; then what I may do in it."""
    found: list[payloads.Repository] = []

    def repository() -> None:
        asked = Asked(what="such repository", needs=READ)
        found.append(api.api.get(api.path(), payloads.Repository, asked))

    api.api.gather(repository, api.api.needs_version, lambda: _ask_settings(api, features))
    features.learn_repository(found[0])
    if not api.api.signing.anonymous:
        _ask_level(api, features, found[0])


def _ask_settings(api: RepositoryApi, features: Features) -> None:
    try:
        features.learn_settings(settings(api))
    except _UNTOLD:
        return


def settings(api: RepositoryApi) -> payloads.PullSettings:
    """How pull requests of the repository are merged."""
    asked = Asked(what="such repository", needs=READ)
    return api.api.get(api.path("settings", "pull-requests"), payloads.PullSettings, asked)


def _ask_level(api: RepositoryApi, features: Features, home: payloads.Repository) -> None:
    """Data Center lists the repositories for which somebody has a permission, and nothing that says it of one.

    https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/#api-api-latest-repos-get
    """
    levels = (Level.WRITE, Level.ADMIN)
    try:
        held = api.api.gather(*(lambda level=level: _holds(api, home, level) for level in levels))
    except _UNTOLD:
        return
    features.learn_level(max((level for level, has in zip(levels, held, strict=True) if has), default=Level.READ))


def _holds(api: RepositoryApi, home: payloads.Repository, level: Level) -> bool:
    params = {"projectkey": home.project.key, "name": home.name or home.slug, "permission": level.word}
    rows = api.api.pages(place("repos"), payloads.Repository, Asked(what="such list"), params=params)
    wanted = (home.project.key.casefold(), home.slug.casefold())
    return any((row.project.key.casefold(), row.slug.casefold()) == wanted for row in rows)
