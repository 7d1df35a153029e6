"""Which answer goes to which request: GitLab's REST routes and GraphQL, over the shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlencode

from benchmarks import answers
from benchmarks.answers import Answer, encoded
from benchmarks.data import (
    COMMITS,
    FILES,
    PULLS,
    PULLS_EACH,
    REPOSITORIES,
    THREADS,
    WAITING_EACH,
    Json,
    oid,
    repository_path,
)
from benchmarks.gitlab.graph import Graph
from benchmarks.gitlab.shapes import REVIEWERS, VERSION, Shapes, path_of


class Answers(answers.Answers):
    """GitLab's: https://docs.gitlab.com/api/rest/ and https://docs.gitlab.com/api/graphql/"""

    prefix = "/api/v4"
    headers = (
        "RateLimit-Limit: 5000000\r\nRateLimit-Remaining: 4999999\r\nRateLimit-Observed: 1\r\n"
        "RateLimit-Reset: 4102444800\r\nX-Request-Id: 01JB0B0B0B0B0B0B0B0B0B0B0B\r\nX-Runtime: 0.049\r\n"
        "Cache-Control: max-age=0, private, must-revalidate\r\nVary: Origin, Accept-Encoding\r\n"
    )
    not_found = {"message": "404 Not Found"}  # noqa: RUF012  # read only

    def __init__(self, web: str) -> None:
        shapes = self._shapes = Shapes(web)
        self._graph = Graph(shapes)
        rest = r"/projects/(?P<path>[^/]+)"
        pull = rest + r"/merge_requests/(?P<number>\d+)"
        routes: dict[str, Callable[..., Any]] = {
            r"GET /user": shapes.viewer,
            r"GET /metadata": _metadata,
            r"GET /merge_requests": self._waiting,
            rf"GET {rest}": lambda path: shapes.project(unquote(path)),
            rf"GET {rest}/merge_requests": self._pulls,
            rf"GET {rest}/pipelines/(?P<pipeline>\d+)/jobs": lambda path, pipeline: shapes.jobs(unquote(path), pipeline),
            rf"GET {pull}": self._about(shapes.pull),
            rf"GET {pull}/changes": self._about(shapes.changes),
            rf"GET {pull}/approvals": self._about(shapes.approvals),
            rf"GET {pull}/commits": self._about(shapes.commit, COMMITS),
            rf"GET {pull}/diffs": self._about(shapes.diff, FILES),
            rf"GET {pull}/discussions": self._about(shapes.discussion, THREADS),
            rf"GET {pull}/reviewers": self._about(shapes.reviewer, REVIEWERS),
            rf"GET {pull}/draft_notes": lambda path, number: [],
            rf"GET {pull}/versions": lambda path, number: [_version(number)],
            rf"POST {pull}/discussions": self._about(shapes.posted),
            rf"POST {pull}/notes": self._about(shapes.remark),
        }  # fmt: skip
        super().__init__(routes)

    def graph(self, document: str, variables: Json) -> Answer:
        return encoded(self._graph.answer(document, variables))

    def rest(self, made: Any, target: str, query: Mapping[str, str], asked: Json | None) -> Answer:
        """One page of a list, with totals and links to the others: https://docs.gitlab.com/api/rest/#offset-based-pagination"""
        if asked is not None:
            return encoded(made, status=201, comments=1)
        if not isinstance(made, list):
            return encoded(made)
        size, page = int(query.get("per_page", 20)), int(query.get("page", 1))
        last = max(-(-len(made) // size), 1)
        rows = made[(page - 1) * size : page * size]
        if query.get("with_labels_details") == "true":
            rows = [self._shapes.pull_row(str(row["project_id"]), row["iid"], details=True) for row in rows]
        links = {"prev": page - 1, "next": page + 1, "first": 1, "last": last}
        there = {rel: to for rel, to in links.items() if 1 <= to <= last}
        address = f"{self._shapes.web}{target.partition('?')[0]}"
        link = ", ".join(
            f'<{address}?{urlencode({**query, "page": to, "per_page": size})}>; rel="{rel}"'
            for rel, to in there.items()
        )
        told = {
            "X-Next-Page": there.get("next", ""),
            "X-Page": page,
            "X-Per-Page": size,
            "X-Prev-Page": there.get("prev", ""),
            "X-Total": len(made),
            "X-Total-Pages": last,
            "Link": link,
        }
        return encoded(rows, headers="".join(f"{name}: {value}\r\n" for name, value in told.items()))

    def _about(self, make: Callable[..., Any], count: int | None = None) -> Callable[..., Any]:
        """What is asked about one merge request: one thing, or `count` rows."""

        def made(path: str, number: int, **written: Any) -> Any:
            if count is None:
                return make(unquote(path), number, **written)
            return [make(unquote(path), number, index) for index in range(count)]

        return made

    def _pulls(self, path: str) -> list[Json]:
        name = unquote(path)
        count = PULLS if path_of(name) == repository_path(None) else PULLS_EACH
        return [self._shapes.pull_row(name, number) for number in range(1, count + 1)]

    def _waiting(self) -> list[Json]:
        return [
            self._shapes.pull_row(repository_path(at), number)
            for at in range(REPOSITORIES)
            for number in range(1, WAITING_EACH + 1)
        ]


def _metadata() -> Json:
    kas = {"enabled": False, "externalUrl": None, "externalK8sProxyUrl": None, "version": None}
    return {"version": VERSION, "revision": oid("revision")[:11], "kas": kas, "enterprise": True}


def _version(number: int) -> Json:
    """`MergeRequestDiff`."""
    return {
        "id": 60_000 + number,
        "head_commit_sha": oid("head", number),
        "base_commit_sha": oid("base"),
        "start_commit_sha": oid("base"),
        "created_at": "2026-11-20T00:00:00.000Z",
        "merge_request_id": 10_000 + number,
        "state": "collected",
        "real_size": str(FILES),
        "patch_id_sha": oid("patch", number),
    }
