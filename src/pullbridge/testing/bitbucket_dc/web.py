"""What is not the REST: git over HTTP below `/scm`, who one is, and a word for anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from pullbridge.testing import git_http
from pullbridge.testing.bitbucket_dc.access import Level, level_of, read_token
from pullbridge.testing.bitbucket_dc.errors import ApiError
from pullbridge.testing.git_http import GitRequest
from pullbridge.testing.store import Repository, Token

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App

#: Answers the name of who asks, as text. https://community.developer.atlassian.com/t/obtain-authorised-users-username-from-api/24422
WHO_AM_I = "/plugins/servlet/applinks/whoami"


def respond(app: App, request: Request, path: str) -> Response:
    """Answer a request that is not for the REST. `path` is what comes behind the context path."""
    if path == WHO_AM_I:
        return _who_am_i(app, request)
    asked = git_http.read(request, path.removeprefix("/scm")) if path.startswith("/scm/") else None
    if asked is None:
        return Response("A stand-in for Bitbucket, for tests. There are no pages here.\n", 404, mimetype="text/plain")
    with app.store.lock:
        repository = app.find(*asked.path.split("/", 1))
        try:
            token = read_token(request, app.store)
        except ApiError:
            return _challenge()
        refused = _refuse(app, repository, asked, token)
        if refused is not None or repository is None:
            return refused or Response("Repository not found\n", 404, mimetype="text/plain")
        return git_http.answer(app.store, repository, request, asked, token.user if token else None)


def _who_am_i(app: App, request: Request) -> Response:
    with app.store.lock:
        try:
            token = read_token(request, app.store)
        except ApiError:
            return Response("", 401)
    return Response(token.user.handle if token else "", mimetype="text/plain")


def _challenge() -> Response:
    return Response("", 401, headers={"WWW-Authenticate": 'Basic realm="Atlassian Bitbucket"'})


def _refuse(app: App, repository: Repository | None, asked: GitRequest, token: Token | None) -> Response | None:
    """The answer for those who may not; a challenge tells git to ask for a password."""
    if not asked.known:
        return Response("Only the smart protocol is served.\n", 403, mimetype="text/plain")
    if asked.writes and app.knobs.mirror:
        return Response("This repository is a mirror: push to its upstream.\n", 403, mimetype="text/plain")
    level = Level.NONE if repository is None else level_of(app.store, app.knobs, token, repository)
    if token is None and (level is Level.NONE or asked.writes):
        return _challenge()
    if level is Level.NONE:
        text = "fatal: remote error: Repository not found\nThe requested repository does not exist.\n"
        return Response(text, 404, mimetype="text/plain")
    if asked.writes and level < Level.WRITE:
        return Response("You have insufficient permissions to push.\n", 403, mimetype="text/plain")
    return None
