"""What is not the API: git over HTTP, and a word for anything else.

https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from pullbridge.testing import git_http
from pullbridge.testing.bitbucket_cloud.access import basic, granted
from pullbridge.testing.bitbucket_cloud.errors import HIDDEN
from pullbridge.testing.bitbucket_cloud.scopes import GRANULAR, widened
from pullbridge.testing.git_http import GitRequest
from pullbridge.testing.store import Repository, Role, Token

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_cloud.app import App

#: The names that stand before a token where git wants one, besides a person's own.
TOKEN_NAMES: dict[str, tuple[str, ...]] = {
    "x-token-auth": ("oauth", "repository", "project", "workspace"),
    "x-bitbucket-api-token-auth": ("api",),
}
#: Nothing of the forge's own is shown: https://git-scm.com/docs/git-config#Documentation/git-config.txt-transferhideRefs
_HIDING = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "transfer.hideRefs", "GIT_CONFIG_VALUE_0": "refs/forge-pulls"}


def respond(app: App, request: Request) -> Response:
    """Answer a request that is not for the API."""
    asked = git_http.read(request, request.path)
    if asked is None:
        return Response("A stand-in for Bitbucket, for tests. There are no pages here.\n", 404, mimetype="text/plain")
    with app.store.lock:
        known = app.store.repositories
        repository, token = known.find(asked.path) or known.moved(asked.path), _password(app, request)
        refused = _refuse(app, request, repository, asked, token)
        if refused is not None or repository is None:
            return refused or _text(HIDDEN, 404)
        repository.git.environment.update(_HIDING)
        return git_http.answer(app.store, repository, request, asked, token.user if token else None)


def _password(app: App, request: Request) -> Token | None:
    """The token that is the password of `Basic`, after a name that it may come with."""
    name, secret = basic(request) or ("", "")
    token = app.store.people.known(secret)
    if token is None or token.expired or token.revoked:
        return None
    kinds = TOKEN_NAMES.get(name)
    own = {token.user.handle.lower(), token.user.email.lower()}
    fits = token.kind in kinds if kinds is not None else token.kind in {"api", "app-password"} and name.lower() in own
    return token if fits else None


def _refuse(
    app: App, request: Request, repository: Repository | None, asked: GitRequest, token: Token | None
) -> Response | None:
    """The answer for those who may not; a challenge tells git to ask for a password."""
    if not asked.known:
        return _text("Only the smart protocol is served.", 403)
    if token is not None and token.kind == "app-password":
        # https://github.com/isomorphic-git/isomorphic-git/issues/2364
        return _text("App passwords are no longer supported. Use an API token.", 410)
    role = Role.NONE if repository is None else app.role(token, repository)
    if token is None and (role < Role.READ or asked.writes or "Authorization" in request.headers):
        challenge = {"WWW-Authenticate": 'Basic realm="Bitbucket.org HTTP"'}
        return Response("", 401, headers=challenge)
    if repository is None or role < Role.READ:
        return _text(HIDDEN, 404)
    if token is not None and not _reaches(token, writes=asked.writes):
        return _text("Your credentials lack one or more required privilege scopes.", 403)
    if asked.writes and role < Role.WRITE:
        return _text("You do not have write access to this repository.", 403)
    return None


def _reaches(token: Token, *, writes: bool) -> bool:
    scope = "repository:write" if writes else "repository"
    if token.kind == "api":
        return set(GRANULAR[scope]) <= set(granted(token))
    return scope in widened(granted(token))


def _text(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")
