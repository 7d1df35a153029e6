"""Which answer goes to which request: Data Center's routes, over the shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks import answers
from benchmarks.answers import Answer, encoded
from benchmarks.bitbucket_dc.shapes import KEY, VERSION, Shapes
from benchmarks.data import (
    CHECKS,
    COMMITS,
    FILES,
    PULLS,
    PULLS_EACH,
    REPLIES,
    REPOSITORIES,
    WAITING_EACH,
    Json,
    comments_of,
    diff,
    oid,
    repository_path,
)

#: How many rows a page has at most, where that is less than a thousand; without being asked it is 25.
#: https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html (page.max.…)
_MOST = {"pull-requests": 100, "activities": 500, "commits": 100}
_LONG = repository_path(None).partition("/")[2]


class Answers(answers.Answers):
    """Data Center's: https://developer.atlassian.com/server/bitbucket/rest/v902/

    Lists have no ETag there (unverified), so that what has not changed is sent anew.
    """

    prefix = ""
    etags = False
    headers = (
        "X-AREQUESTID: @1XLYB5Gx1293x1x0\r\nX-ASESSIONID: 1y9gkyx\r\nX-AUSERID: 100\r\nX-AUSERNAME: octo\r\n"
        "Cache-Control: private, no-cache\r\nVary: accept-encoding,x-auth-token,cookie,x-ausername,origin\r\n"
    )
    not_found = {"errors": [{"context": None, "message": "not found", "exceptionName": None}]}  # noqa: RUF012  # read only

    def __init__(self, web: str) -> None:
        shapes = self._shapes = Shapes(web)
        api = r"GET /rest/api/(?:latest|1\.0)"
        rest = rf"/projects/{KEY}/repos/(?P<slug>[^/]+)"
        pull = rest + r"/pull-requests/(?P<number>\d+)"
        routes: dict[str, Callable[..., Any]] = {
            rf"{api}/application-properties": lambda: {"version": VERSION, "buildNumber": "9002000", "displayName": "Bitbucket"},
            rf"{api}/users/(?P<user>\w+)": shapes.named,
            rf"{api}/dashboard/pull-requests": self._waiting,
            rf"{api}{rest}": shapes.repository,
            rf"{api}{rest}/pull-requests": self._pulls,
            rf"{api}{pull}": shapes.pull,
            rf"{api}{pull}\.diff": lambda slug, number: Answer(200, diff(), "text/plain;charset=UTF-8"),
            rf"{api}{pull}/activities": lambda slug, number: self._rows(shapes.activity, slug, number, comments_of(number) // REPLIES + 3),
            rf"{api}{pull}/changes": lambda slug, number: self._rows(shapes.change, slug, number, FILES),
            rf"{api}{pull}/commits": lambda slug, number: self._rows(shapes.commit, slug, number, COMMITS),
            rf"{api}{pull}/merge": shapes.mergeable,
            rf"{api}{pull}/merge-base": shapes.base,
            rf"{api}{pull}/review": lambda slug, number: [],
            rf"GET /rest/required-builds/latest{rest}/conditions": lambda slug: [],
            r"GET /rest/build-status/(?:latest|1\.0)/commits/\w+": lambda: [shapes.build(at) for at in range(CHECKS)],
            rf"POST /rest/api/(?:latest|1\.0){pull}/comments": shapes.posted,
        }  # fmt: skip
        super().__init__(routes)

    def rest(self, made: Any, target: str, query: Mapping[str, str], asked: Json | None) -> Answer:
        """One page of a list: https://developer.atlassian.com/server/bitbucket/rest/v902/intro/#paged-apis"""
        if asked is not None:
            return encoded(made, status=201, comments=1)
        if not isinstance(made, list):
            return encoded(made)
        path = target.partition("?")[0]
        kind = path.rpartition("/")[2]
        begin, limit = int(query.get("start", 0)), min(int(query.get("limit", 25)), _MOST.get(kind, 1000))
        rows = made[begin : begin + limit]
        page: Json = {
            "size": len(rows),
            "limit": limit,
            "isLastPage": begin + limit >= len(made),
            "values": rows,
            "start": begin,
        }
        if kind == "changes":
            # One page, and no way to the next: what it does not hold is left out.
            head = oid("head", int(path.split("/")[-2]))
            return encoded(page | {"fromHash": oid("base"), "toHash": head, "properties": {"changeScope": "ALL"}})
        return encoded(page if page["isLastPage"] else page | {"nextPageStart": begin + limit})

    def _rows(self, make: Callable[[str, int, int], Json], slug: str, number: int, count: int) -> list[Json]:
        return [make(slug, number, index) for index in range(count)]

    def _pulls(self, slug: str) -> list[Json]:
        count = PULLS if slug == _LONG else PULLS_EACH
        return [self._shapes.pull_row(slug, number) for number in range(1, count + 1)]

    def _waiting(self) -> list[Json]:
        slugs = [repository_path(at).partition("/")[2] for at in range(REPOSITORIES)]
        return [self._shapes.pull_row(slug, number) for slug in slugs for number in range(1, WAITING_EACH + 1)]
