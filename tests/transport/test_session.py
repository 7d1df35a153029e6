"""The door: what goes in, what comes out, and what an SDK cannot change about it."""

from __future__ import annotations

from tests.transport.conftest import Join, Serve
from tests.transport.scripted import answer


def test_an_answer_comes_back_whole(serve: Serve, join: Join) -> None:
    """`exchange` returns status, headers that ignore case, body and the host's request id."""
    server = serve(lambda _: answer(404, b"gone", {"X-GitHub-Request-Id": "AB:12"}))
    reply = join(server).exchange("GET", f"{server.url}/repos/o/r", params={"page": 2, "draft": True, "q": None})
    assert (reply.status, reply.body, reply.request_id) == (404, b"gone", "AB:12")
    assert reply.headers["x-github-REQUEST-id"] == "AB:12"
    assert server.seen[0].path == "/repos/o/r?page=2&draft=true"
    assert server.seen[0].headers["authorization"].startswith("Bearer ")
