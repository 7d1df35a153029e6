"""Which credential each request to a forge's GitLab carried: its log keeps none, and so says nothing of that."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from pullbridge.testing.gitlab.host import GitLab

#: https://docs.gitlab.com/api/rest/authentication/
NAMES = frozenset({"authorization", "private-token", "job-token", "cookie"})


def watched(gitlab: GitLab) -> list[tuple[str, frozenset[str]]]:
    """A list that grows with every request from now on: its path, and the headers of it that sign."""
    seen: list[tuple[str, frozenset[str]]] = []
    wire = gitlab._wire
    handle = wire._handle

    def handled(request: Request) -> Response:
        seen.append((request.path, NAMES & {name.lower() for name, _ in request.headers}))
        return handle(request)

    wire._handle = handled
    return seen
