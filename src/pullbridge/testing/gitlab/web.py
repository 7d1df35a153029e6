"""What is not the API: git over HTTP, and a word for anything else."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from pullbridge.testing import git_http
from pullbridge.testing.git_http import GitRequest
from pullbridge.testing.gitlab.access import permitted, scopes_of
from pullbridge.testing.gitlab.roles import DEVELOPER, level_of, sees
from pullbridge.testing.store import Repository, Token

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

NOT_FOUND = "remote: The project you were looking for could not be found or you don't have permission to view it.\n"


def respond(app: App, request: Request, path: str) -> Response:
    """Answer a request that is not for the API. `path` is what comes behind the relative root."""
    asked = git_http.read(request, path)
    if asked is None:
        return Response("A stand-in for GitLab, for tests. There are no pages here.\n", 404, mimetype="text/plain")
    with app.store.lock:
        known = app.store.repositories
        project, token = known.find(asked.path) or known.moved(asked.path), _password(app, request)
        refused = _refuse(app, request, project, asked, token)
        if refused is not None or project is None:
            return refused or Response(NOT_FOUND, 404, mimetype="text/plain")
        return git_http.answer(app.store, project, request, asked, token.user if token else None)


def _password(app: App, request: Request) -> Token | None:
    """The token that is the password of `Basic`: the user's name before it may be anything."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        secret = base64.b64decode(value).decode(errors="replace").partition(":")[2]
    except binascii.Error:
        return None
    return app.store.people.authenticate(secret)


def _refuse(
    app: App, request: Request, project: Repository | None, asked: GitRequest, token: Token | None
) -> Response | None:
    """The answer for those who may not; a challenge tells git to ask for a password."""
    if not asked.known:
        return Response("Only the smart protocol is served.\n", 403, mimetype="text/plain")
    user = token.user if token else None
    hidden = project is None or not sees(app.store, user, project)
    if token is None and (hidden or asked.writes or "Authorization" in request.headers):
        text = "HTTP Basic: Access denied.\n"
        return Response(text, 401, headers={"WWW-Authenticate": 'Basic realm="GitLab"'}, mimetype="text/plain")
    if project is None or hidden or (token is not None and not _reaches(token, project, writes=asked.writes)):
        return Response(NOT_FOUND, 404, mimetype="text/plain")
    if asked.writes and level_of(app.store, user, project) < DEVELOPER:
        return Response("You are not allowed to push code to this project.", 403, mimetype="text/plain")
    return None


def _reaches(token: Token, project: Repository, *, writes: bool) -> bool:
    """Whether its scopes let it read or push code: https://docs.gitlab.com/user/profile/personal_access_tokens/"""
    if token.permissions is not None:
        return permitted(token, "push_code" if writes else "download_code")
    wanted = {"api", "write_repository"} | (set() if writes else {"read_repository"})
    return (not writes and not project.private) or bool(wanted & set(scopes_of(token)))
