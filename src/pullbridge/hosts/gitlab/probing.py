"""Asking once what can be done: the version, what was granted, the project and my role in it, all in flight together."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from pullbridge.errors import BadAnswer, Forbidden, NotThere, Rejected, ScopeMissing, SignInNeeded, Unsupported
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, queries
from pullbridge.hosts.gitlab.abilities import Level
from pullbridge.hosts.gitlab.api import Api, RepositoryApi
from pullbridge.hosts.gitlab.features import Features
from pullbridge.hosts.gitlab.tokens import TokenKind, kind_of

#: What OAuth's tokens look like, which tell of themselves elsewhere than access tokens do.
_OAUTH = re.compile(r"Bearer [0-9a-f]{64}")
#: What says that something is not told to this credential. (A 401 is the project's to judge: some tokens get one here.)
_UNTOLD = (SignInNeeded, ScopeMissing, Forbidden, NotThere, Rejected)


def of_host(api: Api) -> None:
    """Learn the version, and what was granted. Raises `SignInNeeded` for a token that is not accepted."""
    api.gather(*_of_account(api), *([api.needs_version] if _versioned(api) else []))
    if api.signing.anonymous:
        return
    if not api.connected().answered:
        api.get("/user", payloads.Rest, Asked(what="signed-in user"))


def of_project(api: RepositoryApi, features: Features) -> None:
    """The same, and the project with its settings; where it does not show a role that may push, GraphQL is asked."""
    kind = kind_of(api.api.signing.headers())
    if kind is TokenKind.JOB:
        # It may not read the project, but its merge requests: https://docs.gitlab.com/ci/jobs/fine_grained_permissions/
        api.api.page(api.path("merge_requests"), payloads.Rest, Asked(what="such project"), params={"per_page": 1})
        return
    found: list[payloads.Project] = []

    def project() -> None:
        found.append(api.api.get(api.path(), payloads.Project, Asked(what="such project")))

    api.api.gather(project, *_of_account(api.api), *([api.api.needs_version] if _versioned(api.api) else []))
    api.learn(found[0])
    features.learn_project(found[0])
    if kind is not TokenKind.NONE and features.level < Level.DEVELOPER and not api.api.connected().granular:
        _ask_rights(api, features)


def _versioned(api: Api) -> bool:
    return not api.addresses.service and not api.signing.anonymous


def _of_account(api: Api) -> list[Callable[[], object]]:
    tells = kind_of(api.signing.headers()) not in {TokenKind.NONE, TokenKind.JOB}
    return [lambda: _ask_grant(api)] if tells and api.known.grant is None else []


def _ask_grant(api: Api) -> None:
    """https://docs.gitlab.com/api/personal_access_tokens/ (self), https://docs.gitlab.com/api/oauth2/ (token information)"""
    signature = api.signing.headers()
    places = ["/personal_access_tokens/self"]
    if kind_of(signature) is TokenKind.OTHER and api.addresses.token_info is not None:
        # By its form it is the one or the other kind, and not for certain.
        places.insert(0 if _OAUTH.fullmatch(signature["Authorization"]) else 1, api.addresses.token_info)
    for place in places:
        with suppress(*_UNTOLD):
            api.known.learn_grant(api.get(place, payloads.AccessToken, Asked(what="token")))
            return
    api.known.learn_grant(payloads.AccessToken())


def _ask_rights(api: RepositoryApi, features: Features) -> None:
    shape = payloads.GraphPullAnswer[payloads.Rest]
    try:
        answer = api.api.partial(queries.RIGHTS, {"fullPath": api.path_now}, shape, Asked(what="such project"))
    except (*_UNTOLD, Unsupported, BadAnswer):
        return
    if answer.data is not None:
        features.learn_rights(answer.data.project)
