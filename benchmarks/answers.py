"""Which answer goes to which request: GitHub's REST routes and GraphQL, over the shapes."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any
from urllib.parse import parse_qsl, urlencode

from benchmarks.graph import Graph, repository_path
from benchmarks.shapes import (
    CHECKS,
    COMMENTS,
    COMMITS,
    FILES,
    PULLS,
    PULLS_EACH,
    REPOSITORIES,
    REVIEWS,
    WAITING_EACH,
    Json,
    Shapes,
    oid,
)


@dataclass(frozen=True)
class Answer:
    """An answer, encoded once: plain and compressed, with what identifies it, and how many comments it has taken."""

    status: int
    body: bytes
    link: str = ""
    comments: int = 0
    packed: bytes = field(init=False)
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packed", gzip.compress(self.body, 5, mtime=0))
        object.__setattr__(self, "etag", f'W/"{sha1(self.body, usedforsecurity=False).hexdigest()}"')


class Answers:
    """All answers of one server. Each is made once; the same request is then sent the same bytes."""

    def __init__(self, web: str) -> None:
        self._shapes = Shapes(f"{web}/api/v3", web)
        self._graph = Graph(self._shapes)
        self._ready: dict[tuple[str, str, bytes], Answer] = {}
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
            rf"POST {pull}/reviews": lambda path, number: self._shapes.review(path, number, 0),
            rf"POST {pull}/comments": lambda path, number: self._shapes.review_comment(path, number, 0),
            rf"GET {rest}/issues/(?P<number>\d+)/comments": lambda path, number: self._rows(self._shapes.review, path, number, 0),
            rf"GET {rest}/commits/(?P<commit>\w+)": self._commit,
            rf"GET {rest}/commits/(?P<commit>[\w/]+)/check-runs": self._check_runs,
            rf"GET {rest}/commits/(?P<commit>\w+)/status": lambda path, commit: self._shapes.status(path, self._numbers[commit]),
            r"GET /search/issues": self._search,
        }  # fmt: skip
        self._routes = [(re.compile(route), make) for route, make in routes.items()]

    def to(self, verb: str, target: str, body: bytes) -> Answer:
        """The answer to a request; made when it is first asked for."""
        key = verb, target, body
        if key not in self._ready:
            self._ready[key] = self._make(*key)
        return self._ready[key]

    def _make(self, verb: str, target: str, body: bytes) -> Answer:
        route, _, query = target.partition("?")
        asked = json.loads(body or b"{}")
        if route in {"/graphql", "/api/graphql"}:
            variables = asked.get("variables") or {}
            drafts = variables.get("input", {}).get("threads", ())
            return _encoded(self._graph.answer(asked["query"], variables), comments=len(drafts))
        comments = len(asked.get("comments", [asked])) if verb == "POST" else 0
        for pattern, make in self._routes:
            match = pattern.fullmatch(f"{verb} {route.removeprefix('/api/v3')}")
            if match:
                named = {name: int(word) if name == "number" else word for name, word in match.groupdict().items()}
                return self._paged(make(**named), target, dict(parse_qsl(query)), comments)
        return _encoded({"message": "Not Found", "documentation_url": "", "status": "404"}, status=404)

    def _paged(self, made: Any, target: str, asked: dict[str, str], comments: int) -> Answer:
        """One page of a list, with the links to the others: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api"""
        rows = made if isinstance(made, list) else made.get("items") if isinstance(made, dict) else None
        if rows is None:
            return _encoded(made, comments=comments)
        size, page = int(asked.get("per_page", 30)), int(asked.get("page", 1))
        last = max(-(-len(rows) // size), 1)
        part = rows[(page - 1) * size : page * size]
        links = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        there = {rel: to for rel, to in links.items() if 1 <= to <= last and to != page}
        address = f"{self._shapes.web}{target.partition('?')[0]}"
        link = ", ".join(f'<{address}?{urlencode({**asked, "page": to})}>; rel="{rel}"' for rel, to in there.items())
        return _encoded(part if isinstance(made, list) else {**made, "items": part}, link=link)

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


def _encoded(value: Any, status: int = 200, link: str = "", comments: int = 0) -> Answer:
    return Answer(status, json.dumps(value, separators=(",", ":")).encode(), link, comments)
