"""What a probe asks, and what is learned from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge.errors import Forbidden, NotThere, Rejected, ScopeMissing, SignInNeeded
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import bbql, payloads, whoami
from pullbridge.hosts.bitbucket_cloud.api import Api, RepositoryApi
from pullbridge.hosts.bitbucket_cloud.features import Features
from pullbridge.hosts.encoding import quoted


def of_host(api: Api) -> None:
    """Who I am; the answer's headers tell what was granted, a refusal's too."""
    whoami.me(api)


def of_repository(api: RepositoryApi, features: Features) -> None:
    """The repository and my right in it, at once; both answers tell what was granted."""
    looks: list[Callable[[], Any]] = [lambda: _repository(api), lambda: _right(api)]
    repository, right = api.api.gather(*looks)
    features.learn_repository(repository)
    features.learn_right(right)


def _repository(api: RepositoryApi) -> payloads.Repository:
    return api.api.get(api.path(), payloads.Repository, Asked(what="such repository", needs=("repository",)))


def _right(api: RepositoryApi) -> str | None:
    """The highest that I was given; `none` where I was given none, `None` for a credential that is not told.

    https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/#api-user-workspaces-workspace-permissions-repositories-get
    """
    if api.api.signing.anonymous:
        return "none"
    path = f"/user/workspaces/{quoted(api.workspace)}/permissions/repositories"
    query = {"q": f"repository.full_name={bbql.text(api.ref.path)}"}
    asked = Asked(what="such workspace", needs=("account", "repository"))
    try:
        rows = api.api.pages(path, payloads.RepositoryPermission, asked, params=query)
    except (Forbidden, NotThere, Rejected, ScopeMissing, SignInNeeded):
        return None
    here = (row for row in rows if row.repository and row.repository.full_name.casefold() == api.ref.path.casefold())
    return next((row.permission or "none" for row in here), "none")
