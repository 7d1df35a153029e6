"""Which answer goes to which request: GitHub's REST routes and GraphQL, over the shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from benchmarks import answers
from benchmarks.answers import Answer, encoded
from benchmarks.data import (
    CHECKS,
    COMMENTS,
    COMMITS,
    FILES,
    PULLS,
    PULLS_EACH,
    REPOSITORIES,
    WAITING_EACH,
    Json,
    oid,
    repository_path,
)
from benchmarks.github.graph import Graph
from benchmarks.github.shapes import REVIEWS, Shapes


class Answers(answers.Answers):
    """GitHub's: https://docs.github.com/en/rest and https://docs.github.com/en/graphql"""

    prefix = "/api/v3"
    headers = (
        "X-RateLimit-Limit: 5000000\r\nX-RateLimit-Remaining: 4999999\r\nX-RateLimit-Used: 1\r\n"
        "X-RateLimit-Reset: 4102444800\r\nX-RateLimit-Resource: core\r\nX-GitHub-Request-Id: B:1:2:3\r\n"
        "X-OAuth-Scopes: repo, read:org\r\nCache-Control: private, max-age=60, s-maxage=60\r\n"
        "Vary: Accept, Authorization\r\n"
    )
    not_found = {"message": "Not Found", "documentation_url": "", "status": "404"}  # noqa: RUF012  # read only

    def __init__(self, web: str) -> None:
        self._shapes = Shapes(f"{web}/api/v3", web)
        self._graph = Graph(self._shapes)
        self._numbers = {oid("head", number): number for number in range(1, PULLS + 1)}
        rest = r"/repos/(?P<path>[^/]+/[^/]+)"
        pull = rest + r"/pulls/(?P<number>\d+)"
        routes: dict[str, Callable[..., Any]] = {
            r"GET /user": self._shapes.viewer,
            rf"GET {rest}": self._shapes.whole_repository,
            rf"GET {rest}/pulls": self._pulls,
            rf"GET {pull}": self._shapes.pull,
            rf"GET {pull}/commits": lambda path, number: self._rows(self._shapes.commit, path, number, COMMITS),
            rf"GET {pull}/files": lambda path, number: self._rows(self._shapes.file, path, number, FILES),
            rf"GET {pull}/comments": lambda path, number: self._rows(self._shapes.review_comment, path, number, COMMENTS),
            rf"GET {pull}/reviews": lambda path, number: self._rows(self._shapes.review, path, number, REVIEWS),
            rf"POST {pull}/reviews": lambda path, number, asked: self._shapes.review(path, number, 0),
            rf"POST {pull}/comments": lambda path, number, asked: self._shapes.review_comment(path, number, 0),
            rf"GET {rest}/issues/(?P<number>\d+)/comments": lambda path, number: self._rows(self._shapes.review, path, number, 0),
            rf"GET {rest}/commits/(?P<commit>\w+)": self._commit,
            rf"GET {rest}/commits/(?P<commit>[\w/]+)/check-runs": self._check_runs,
            rf"GET {rest}/commits/(?P<commit>\w+)/status": lambda path, commit: self._shapes.status(path, self._numbers[commit]),
            r"GET /search/issues": self._search,
        }  # fmt: skip
        super().__init__(routes)

    def graph(self, document: str, variables: Json) -> Answer:
        drafts = variables.get("input", {}).get("threads", ())
        return encoded(self._graph.answer(document, variables), comments=len(drafts))

    def rest(self, made: Any, target: str, query: Mapping[str, str], asked: Json | None) -> Answer:
        """One page of a list, with the links to the others: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api"""
        comments = 0 if asked is None else len(asked.get("comments", [asked]))
        rows = made if isinstance(made, list) else made.get("items") if isinstance(made, dict) else None
        if rows is None:
            return encoded(made, comments=comments)
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        last = max(-(-len(rows) // size), 1)
        part = rows[(page - 1) * size : page * size]
        links = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        there = {rel: to for rel, to in links.items() if 1 <= to <= last and to != page}
        address = f"{self._shapes.web}{target.partition('?')[0]}"
        link = ", ".join(f'<{address}?{urlencode({**query, "page": to})}>; rel="{rel}"' for rel, to in there.items())
        headers = f"Link: {link}\r\n" if link else ""
        return encoded(part if isinstance(made, list) else {**made, "items": part}, headers=headers)

    def _rows(self, make: Callable[[str, int, int], Json], path: str, number: int, count: int) -> list[Json]:
        return [make(path, number, index) for index in range(count)]

    def _pulls(self, path: str) -> list[Json]:
        count = PULLS if path == repository_path(None) else PULLS_EACH
        return [self._shapes.pull_row(path, number) for number in range(1, count + 1)]

    def _commit(self, path: str, commit: str) -> Json:
        return self._shapes.commit(path, self._numbers[commit], COMMITS - 1)

    def _check_runs(self, path: str, commit: str) -> Json:
        number = self._numbers.get(commit) or int(commit.split("/")[2])
        runs: Sequence[Json] = self._rows(self._shapes.check_run, path, number, CHECKS)
        return {"total_count": len(runs), "check_runs": runs}

    def _search(self) -> Json:
        waiting = [
            self._shapes.issue(repository_path(at), number)
            for at in range(REPOSITORIES)
            for number in range(1, WAITING_EACH + 1)
        ]
        return {"total_count": len(waiting), "incomplete_results": False, "search_type": "lexical", "items": waiting}
