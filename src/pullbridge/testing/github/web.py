"""What is not the API: git over HTTP, and a word for anything else.

https://git-scm.com/docs/http-protocol
"""

from __future__ import annotations

import gzip
import re

from werkzeug.wrappers import Request, Response

from pullbridge.testing.git import Git
from pullbridge.testing.github.access import granted_scopes, is_installation, permits, read_token
from pullbridge.testing.github.errors import ApiError
from pullbridge.testing.store import Repository, Role, Store, Token

_GIT = re.compile(r"/([^/]+/[^/]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)$")
_SERVICES = {"git-upload-pack": "upload-pack", "git-receive-pack": "receive-pack"}


def respond(store: Store, request: Request) -> Response:
    """Answer a request that is not for the API."""
    match = _GIT.match(request.path)
    if match is None:
        return Response("A stand-in for GitHub, for tests. There are no pages here.\n", 404, mimetype="text/plain")
    service = request.args.get("service", "") if match[2] == "info/refs" else match[2]
    with store.lock:
        repository = store.repositories.find(match[1]) or store.repositories.moved(match[1])
        refused = _refuse(store, request, repository, service)
        if refused is not None or repository is None:
            return refused or Response(status=404)
        if match[2] == "info/refs":
            return _advertise(repository.git, service)
        return _serve(store, repository, request, service)


def _refuse(store: Store, request: Request, repository: Repository | None, service: str) -> Response | None:
    """The answer for those who may not; a challenge tells git to ask for a password."""
    if service not in _SERVICES:
        return Response("Only the smart protocol is served.\n", 403, mimetype="text/plain")
    challenge = Response("Authentication required\n", 401, headers={"WWW-Authenticate": 'Basic realm="GitHub"'})
    try:
        token = read_token(request, store)
    except ApiError:
        return challenge
    writes = service == "git-receive-pack"
    if repository is None or (token is None and (writes or repository.private)):
        return challenge if token is None else Response("Repository not found.\n", 404, mimetype="text/plain")
    role = store.people.role(token.user if token else None, repository)
    if role is Role.NONE or (token is not None and not _token_reaches(token, repository, writes=writes)):
        return Response("Repository not found.\n", 404, mimetype="text/plain")
    if writes and role < Role.WRITE:
        return Response("Permission denied.\n", 403, mimetype="text/plain")
    return None


def _token_reaches(token: Token, repository: Repository, *, writes: bool) -> bool:
    if not writes and not repository.private:
        return True
    if token.permissions is not None or is_installation(token):
        return permits(token, "contents=write" if writes else "contents=read")
    return bool(granted_scopes(token) & ({"repo"} if repository.private else {"repo", "public_repo"}))


def _advertise(git: Git, service: str) -> Response:
    refs = git.run(_SERVICES[service], "--stateless-rpc", "--advertise-refs", ".")
    line = f"# service={service}\n".encode()
    body = b"%04x%s0000%s" % (len(line) + 4, line, refs)
    return Response(body, content_type=f"application/x-{service}-advertisement", headers={"Cache-Control": "no-cache"})


def _serve(store: Store, repository: Repository, request: Request, service: str) -> Response:
    data = request.get_data()
    if request.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    before = repository.git.branches()
    body = repository.git.run(_SERVICES[service], "--stateless-rpc", ".", stdin=data, ok=(0, 1, 128))
    if service == "git-receive-pack":
        token = read_token(request, store)
        after = repository.git.branches()
        for branch in sorted(before.keys() | after.keys()):
            if token is not None and before.get(branch) != after.get(branch):
                store.branch_moved(repository, branch, before.get(branch), after.get(branch), token.user)
    return Response(body, content_type=f"application/x-{service}-result", headers={"Cache-Control": "no-cache"})
