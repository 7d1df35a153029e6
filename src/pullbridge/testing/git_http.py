"""git over HTTP, the smart protocol: what all hosts answer alike, once they know who asks.

https://git-scm.com/docs/http-protocol
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass

from werkzeug.wrappers import Request, Response

from pullbridge.testing.git import Git
from pullbridge.testing.store import Repository, Store, User

_GIT = re.compile(r"/([^/]+(?:/[^/]+?)+)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)$")
_COMMANDS = {"git-upload-pack": "upload-pack", "git-receive-pack": "receive-pack"}


@dataclass(frozen=True)
class GitRequest:
    """What git asks for: a repository by its path, and a service; an `advertisement` comes before the service itself."""

    path: str
    service: str
    advertisement: bool

    @property
    def known(self) -> bool:
        """Whether it is a service of the smart protocol; the dumb one is not served."""
        return self.service in _COMMANDS

    @property
    def writes(self) -> bool:
        """Whether it is a push."""
        return self.service == "git-receive-pack"


def read(request: Request, path: str) -> GitRequest | None:
    """What git asks for at `path`; `None` when it is not git that asks."""
    match = _GIT.match(path)
    if match is None:
        return None
    asks = match[2] == "info/refs"
    return GitRequest(match[1], request.args.get("service", "") if asks else match[2], asks)


def answer(store: Store, repository: Repository, request: Request, asked: GitRequest, actor: User | None) -> Response:
    """Answer who may; what an actor pushed is told to everything that hangs on it."""
    if asked.advertisement:
        return _advertise(repository.git, asked.service)
    data = request.get_data()
    if request.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    before = repository.git.branches()
    body = repository.git.run(_COMMANDS[asked.service], "--stateless-rpc", ".", stdin=data, ok=(0, 1, 128))
    if asked.writes and actor is not None:
        after = repository.git.branches()
        for branch in sorted(before.keys() | after.keys()):
            if before.get(branch) != after.get(branch):
                store.branch_moved(repository, branch, before.get(branch), after.get(branch), actor)
    return _response(body, f"{asked.service}-result")


def _advertise(git: Git, service: str) -> Response:
    refs = git.run(_COMMANDS[service], "--stateless-rpc", "--advertise-refs", ".")
    line = f"# service={service}\n".encode()
    return _response(b"%04x%s0000%s" % (len(line) + 4, line, refs), f"{service}-advertisement")


def _response(body: bytes, kind: str) -> Response:
    return Response(body, content_type=f"application/x-{kind}", headers={"Cache-Control": "no-cache"})
