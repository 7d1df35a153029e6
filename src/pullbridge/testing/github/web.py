"""What is not the API: git over HTTP, and a word for anything else."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from pullbridge.testing import git_http
from pullbridge.testing.git_http import GitRequest
from pullbridge.testing.github.access import granted_scopes, is_installation, permits, read_token
from pullbridge.testing.github.errors import ApiError
from pullbridge.testing.store import Repository, Role, Store, Token


def respond(store: Store, request: Request) -> Response:
    """Answer a request that is not for the API."""
    asked = git_http.read(request, request.path)
    if asked is None or asked.path.count("/") != 1:
        return Response("A stand-in for GitHub, for tests. There are no pages here.\n", 404, mimetype="text/plain")
    with store.lock:
        repository = store.repositories.find(asked.path) or store.repositories.moved(asked.path)
        refused = _refuse(store, request, repository, asked)
        if refused is not None or repository is None:
            return refused or Response(status=404)
        token = read_token(request, store)
        return git_http.answer(store, repository, request, asked, token.user if token else None)


def _refuse(store: Store, request: Request, repository: Repository | None, asked: GitRequest) -> Response | None:
    """The answer for those who may not; a challenge tells git to ask for a password."""
    if not asked.known:
        return Response("Only the smart protocol is served.\n", 403, mimetype="text/plain")
    challenge = Response("Authentication required\n", 401, headers={"WWW-Authenticate": 'Basic realm="GitHub"'})
    try:
        token = read_token(request, store)
    except ApiError:
        return challenge
    if repository is None or (token is None and (asked.writes or repository.private)):
        return challenge if token is None else Response("Repository not found.\n", 404, mimetype="text/plain")
    role = store.people.reach(token, repository)
    if role is Role.NONE or (token is not None and not _token_reaches(token, repository, writes=asked.writes)):
        return Response("Repository not found.\n", 404, mimetype="text/plain")
    if asked.writes and role < Role.WRITE:
        return Response("Permission denied.\n", 403, mimetype="text/plain")
    return None


def _token_reaches(token: Token, repository: Repository, *, writes: bool) -> bool:
    if not writes and not repository.private:
        return True
    if token.permissions is not None or is_installation(token):
        return permits(token, "contents=write" if writes else "contents=read")
    return bool(granted_scopes(token) & ({"repo"} if repository.private else {"repo", "public_repo"}))
