"""The door: what goes in, what comes out, and what an SDK cannot change about it."""

from __future__ import annotations

import io

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import Account, Plain, answer

import pullbridge.transport
from pullbridge.capabilities import Budget
from pullbridge.errors import Cancelled
from pullbridge.model.settings import Settings
from pullbridge.transport import sockets
from pullbridge.transport.session import Wire


def test_an_answer_comes_back_whole(serve: Serve, join: Join) -> None:
    """`exchange` returns status, headers that ignore case, body and the host's request id."""
    server = serve(lambda _: answer(404, b"gone", {"X-GitHub-Request-Id": "AB:12"}))
    reply = join(server).exchange("GET", f"{server.url}/repos/o/r", params={"page": 2, "draft": True, "q": None})
    assert (reply.status, reply.body, reply.request_id) == (404, b"gone", "AB:12")
    assert reply.headers["x-github-REQUEST-id"] == "AB:12"
    assert server.seen[0].path == "/repos/o/r?page=2&draft=true"
    assert server.seen[0].headers["authorization"].startswith("Bearer ")


def test_every_name_can_be_had() -> None:
    """What the package offers is there, sorted, and nothing else is."""
    names = pullbridge.transport.__all__
    assert list(names) == sorted(names)
    assert all(getattr(pullbridge.transport, name).__module__.startswith("pullbridge.transport") for name in names)
    with pytest.raises(AttributeError):
        _ = pullbridge.transport.nonsense


def test_a_query_is_added_to_the_one_that_is_there(serve: Serve, join: Join) -> None:
    """Lists repeat the name, text is encoded, and an empty query adds nothing."""
    server = serve(lambda _: answer())
    session = join(server)
    session.exchange("GET", f"{server.url}/x?a=1", params=[("b", ["2", "3"]), ("c", "é&"), ("d", None)])
    session.exchange("GET", f"{server.url}/x", params={"d": None})
    assert [seen.path for seen in server.seen] == ["/x?a=1&b=2&b=3&c=%C3%A9%26", "/x"]


def test_a_body_travels_as_it_is(serve: Serve, join: Join) -> None:
    """Bytes, text, forms, files and pieces, with the length that they have."""
    server = serve(lambda _: answer())
    session = join(server)
    session.exchange("POST", f"{server.url}/x", body=b"\x00\xff")
    session.post(f"{server.url}/x", data="é".encode())
    session.post(f"{server.url}/x", data={"a": "é"})
    session.post(f"{server.url}/x", json={"a": 1})
    session.post(f"{server.url}/x", data=io.BytesIO(b"file"))
    session.post(f"{server.url}/x", data=iter([b"two ", b"pieces"]))
    session.post(f"{server.url}/x", data="text é")
    bodies = [seen.body for seen in server.seen]
    assert bodies == [b"\x00\xff", "é".encode(), b"a=%C3%A9", b'{"a": 1}', b"file", b"two pieces", "text é".encode()]


@pytest.mark.parametrize(("size", "sends"), [(0, 1), (1, 1), (60_000, 1), (200_000, 2)])
def test_head_and_small_body_leave_together(
    serve: Serve, join: Join, monkeypatch: pytest.MonkeyPatch, size: int, sends: int
) -> None:
    """In one go, where the standard library takes two; a large body comes whole behind its head."""
    sent: list[int] = []
    whole = sockets.PlainSocket.sendall

    def counted(self: sockets.PlainSocket, data: bytes) -> None:
        sent.append(len(data))
        whole(self, data)

    monkeypatch.setattr(sockets.PlainSocket, "sendall", counted)
    server = serve(lambda _: answer())
    join(server).exchange("POST", f"{server.url}/x", body=b"x" * size)
    assert (len(sent), len(server.seen[0].body)) == (sends, size)


def test_the_budget_is_the_last_one_told(serve: Serve, join: Join) -> None:
    """Unknown before any answer, and kept over answers that do not tell."""
    told = iter([{"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "7"}, {}])
    server = serve(lambda _: answer(headers=next(told)))
    session = join(server)
    assert session.budget == Budget()
    session.exchange("GET", f"{server.url}/x")
    session.exchange("GET", f"{server.url}/x")
    assert (session.budget.limit, session.budget.remaining) == (60, 7)


def test_a_head_request_has_no_body(serve: Serve, join: Join) -> None:
    """Its length is that of the body left out, and is no cut answer."""
    server = serve(lambda _: answer(200, b"", {"Content-Length": "1000"}))
    session = join(server)
    assert session.exchange("HEAD", f"{server.url}/x").body == b""
    assert session.head(f"{server.url}/x").headers["Content-Length"] == "1000"


def test_an_empty_answer_is_whole(serve: Serve, join: Join) -> None:
    """204, and 200 with a length of nothing."""
    answers = iter([answer(204), answer(200, b"")])
    server = serve(lambda _: next(answers))
    session = join(server)
    assert [session.exchange("DELETE", f"{server.url}/x").status for _ in range(2)] == [204, 200]


def test_a_wire_is_a_context(serve: Serve) -> None:
    """It closes with its block; a body without a coding is taken as it is."""
    server = serve(lambda _: answer(200, b"plain", {"Content-Encoding": "identity"}))
    with Wire(Settings(proxy=""), host="host.test") as wire:
        session = wire.session([server.url], Account(), Plain())
        assert session.exchange("GET", f"{server.url}/x").body == b"plain"
    with pytest.raises(Cancelled):
        session.exchange("GET", f"{server.url}/x")


def test_a_session_needs_a_place() -> None:
    """Without one it could reach nothing."""
    with Wire(Settings()) as wire, pytest.raises(ValueError, match="place"):
        wire.session([], Account(), Plain())
