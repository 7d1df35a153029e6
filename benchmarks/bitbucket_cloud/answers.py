"""Which answer goes to which request: Bitbucket Cloud's routes, over the shapes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks import answers
from benchmarks.answers import Answer, encoded
from benchmarks.bitbucket_cloud.shapes import Shapes, here, spec
from benchmarks.data import (
    CHECKS,
    COMMITS,
    FILES,
    PULLS,
    PULLS_EACH,
    REPOSITORIES,
    WAITING_EACH,
    Json,
    comments_of,
    diff,
    oid,
    repository_path,
)
from pullbridge.testing.bitbucket_cloud.fields import partial

#: How many rows of what a page has at most, and without being asked: a hundred and ten of all else.
_MOST = {"pullrequests": 50, "activity": 50, "diffstat": 500}
_USUAL = {"activity": 20, "diffstat": 500}
#: What the rows of a list have only for who asks: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response
_HIDDEN = ("values.reviewers", "values.participants", "values.rendered")


class Answers(answers.Answers):
    """Bitbucket Cloud's: https://developer.atlassian.com/cloud/bitbucket/rest/"""

    prefix = "/2.0"
    headers = (
        "X-RateLimit-Limit: 5000000\r\nX-RateLimit-Resource: api-repositories\r\nX-RateLimit-NearLimit: false\r\n"
        "X-Accepted-OAuth-Scopes: pullrequest\r\nX-OAuth-Scopes: pullrequest:write, account\r\n"
        "X-Request-Id: 3c1a7a6f0b0b4c0e9f3d4a5b6c7d8e9f\r\nVary: Authorization, Accept-Encoding\r\n"
    )
    not_found = {"type": "error", "error": {"message": "Resource not found"}}  # noqa: RUF012  # read only

    def __init__(self, web: str) -> None:
        shapes = self._shapes = Shapes(web)
        self._numbers = {spec(number): number for number in range(1, PULLS + 1)}
        rest = r"/repositories/(?P<path>[^/]+/[^/]+)"
        pull = rest + r"/pullrequests/(?P<number>\d+)"
        routes: dict[str, Callable[..., Any]] = {
            r"GET /user": shapes.viewer,
            r"GET /user/workspaces": lambda: [shapes.access()],
            r"GET /workspaces/octo": shapes.workspace,
            r"GET /repositories/octo": lambda: [shapes.repository(repository_path(at)) for at in range(REPOSITORIES)],
            rf"GET {rest}": shapes.repository,
            rf"GET {rest}/branch-restrictions": lambda path: _NONE,
            rf"GET {rest}/pullrequests/?": self._pulls,
            rf"GET {pull}": shapes.pull,
            rf"GET {pull}/comments": lambda path, number: self._rows(shapes.comment, path, number, comments_of(number)),
            rf"GET {pull}/commits": lambda path, number: self._rows(shapes.commit, path, number, COMMITS),
            rf"GET {pull}/statuses": lambda path, number: self._rows(shapes.status, path, number, CHECKS),
            rf"GET {pull}/activity": lambda path, number: self._rows(shapes.event, path, number, comments_of(number) + 3),
            rf"GET {pull}/(?P<kind>diff|diffstat|conflicts)": self._led,
            rf"GET {rest}/diff/(?P<between>.+)": lambda path, between: Answer(200, diff(), "text/plain"),
            rf"GET {rest}/diffstat/(?P<between>.+)": self._diffstat,
            rf"GET {rest}/file-conflicts/.+": lambda path: _NONE,
            rf"GET {rest}/commit/(?P<commit>\w+)": self._commit,
            rf"POST {pull}/comments": shapes.posted,
        }  # fmt: skip
        super().__init__(routes)

    def rest(self, made: Any, target: str, query: Mapping[str, str], asked: Json | None) -> Answer:
        """One page of a list, whose `next` is not to be put together by anybody: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination"""
        if asked is not None:
            return encoded(made, status=201, comments=1)
        if isinstance(made, dict):
            return encoded(partial(made, query.get("fields", "")))
        address, _, _ = target.partition("?")
        kind = "diffstat" if "/diffstat/" in address else address.rstrip("/").rpartition("/")[2]
        if made and "reviewers.uuid" in query.get("q", ""):
            made = made[:WAITING_EACH]
        size = int(query.get("pagelen", _USUAL.get(kind, 10)))
        if size > _MOST.get(kind, 100):
            return encoded({"type": "error", "error": {"message": "Invalid pagelen"}}, status=400)
        begin = int(base64.b64decode(query["ctx"])) if "ctx" in query else 0
        page: Json = {"values": made[begin : begin + size], "pagelen": size}
        if begin + size < len(made):
            context = base64.b64encode(str(begin + size).encode()).decode()
            page["next"] = f"{self._shapes.web}{address}?{urlencode({**query, 'ctx': context})}"
        return encoded(partial(page, query.get("fields", ""), _HIDDEN if kind == "pullrequests" else ()))

    def _rows(self, make: Callable[[str, int, int], Json], path: str, number: int, count: int) -> list[Json]:
        return [make(path, number, index) for index in range(count)]

    def _pulls(self, path: str) -> Sequence[Json]:
        count = PULLS if here(path) else PULLS_EACH
        return [self._shapes.pull_row(path, number) for number in range(1, count + 1)]

    def _led(self, path: str, number: int, kind: str) -> Answer:
        """A pull request's diff is that of two commits of the repository."""
        there = {"conflicts": "file-conflicts"}.get(kind, kind)
        between = f"{path}:{spec(number).replace('..', quote(chr(13)))}"
        place = f"{self._shapes.api}/repositories/{path}/{there}/{between}?from_pullrequest_id={number}&topic=true"
        return Answer(302, b"", headers=f"Location: {place}\r\n")

    def _diffstat(self, path: str, between: str) -> list[Json]:
        number = self._numbers[between.partition(":")[2].replace("%0D", "..") or between]
        return self._rows(self._shapes.diffstat, path, number, FILES)

    def _commit(self, path: str, commit: str) -> Json:
        numbers = (number for number in range(1, PULLS + 1) if oid("head", number).startswith(commit))
        number = next(numbers, None)
        if number is None:
            return self._shapes.commit(path, 1, COMMITS - 1) | {"hash": oid("base")}
        return self._shapes.commit(path, number, 0)


_NONE: list[Json] = []
