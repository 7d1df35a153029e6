"""Scopes, in the words of OAuth and access tokens (`pullrequest:write`) and in those of API tokens.

https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication,
https://support.atlassian.com/bitbucket-cloud/docs/api-token-permissions/
"""

from __future__ import annotations

from collections.abc import Iterable

#: What a scope of OAuth brings along.
IMPLIED: dict[str, tuple[str, ...]] = {
    "pullrequest:write": ("pullrequest", "repository:write", "repository"),
    "pullrequest": ("repository",),
    "repository:write": ("repository",),
    "account:write": ("account", "email"),
    "account": ("email",),
}

#: The scopes of an API token for what OAuth calls by one name. None of them brings another along.
GRANULAR: dict[str, tuple[str, ...]] = {
    "account": ("read:user:bitbucket",),
    "email": ("read:user:bitbucket",),
    "pullrequest": ("read:pullrequest:bitbucket",),
    "pullrequest:write": ("write:pullrequest:bitbucket",),
    "repository": ("read:repository:bitbucket",),
    "repository:write": ("write:repository:bitbucket",),
    "repository:admin": ("admin:repository:bitbucket",),
}

#: What a credential without limits has, by what it is.
EVERYTHING: dict[str, tuple[str, ...]] = {
    "oauth": ("account", "email", "pullrequest:write", "repository:write", "repository:admin", "webhook"),
    "api": tuple(dict.fromkeys(name for names in GRANULAR.values() for name in names)),
    "workspace": ("account", "pullrequest:write", "repository:write", "repository:admin", "webhook"),
    # an access token of a repository or a project cannot have `account`:
    # https://support.atlassian.com/bitbucket-cloud/docs/repository-access-token-permissions/
    "project": ("pullrequest:write", "repository:write", "repository:admin", "webhook"),
    "repository": ("pullrequest:write", "repository:write", "repository:admin", "webhook"),
}


def widened(granted: Iterable[str]) -> frozenset[str]:
    """Scopes with all that they bring along."""
    return frozenset(name for scope in granted for name in (scope, *IMPLIED.get(scope, ())))
