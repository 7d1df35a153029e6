"""Redirects: followed within the place, with the method they came with."""

from __future__ import annotations

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import Seen, answer

from pullbridge.errors import BadAnswer, EgressRefused


def moved(status: int, location: str) -> bytes:
    return answer(status, b"moved", {"Location": location})


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_method_body_and_signature_survive(serve: Serve, join: Join, status: int, method: str) -> None:
    """A renamed repository does not turn a write into a read, and needs no second sign-in."""

    def script(seen: Seen) -> bytes:
        return moved(status, "/repositories/7/pulls") if seen.path.startswith("/repos/") else answer(201)

    server = serve(script)
    body = None if method == "GET" else b'{"title":"x"}'
    reply = join(server).exchange(method, f"{server.url}/repos/o/r/pulls", body=body)
    first, second = server.seen
    assert (reply.status, reply.url) == (201, f"{server.url}/repositories/7/pulls")
    assert (first.method, second.method) == (method, method)
    assert second.body == (body or b"")
    assert first.headers["authorization"] == second.headers["authorization"]


def test_see_other_leads_to_a_read(serve: Serve, join: Join) -> None:
    """303 says where the result of a write can be read."""
    server = serve(lambda seen: moved(303, "/done") if seen.method == "POST" else answer())
    join(server).exchange("POST", f"{server.url}/do", body=b"{}", headers={"Content-Type": "application/json"})
    assert [(seen.method, seen.body) for seen in server.seen] == [("POST", b"{}"), ("GET", b"")]
    assert "content-type" not in server.seen[1].headers


def test_an_sdk_sees_only_where_it_ended(serve: Serve, join: Join) -> None:
    """requests' own redirect machinery, which would turn a POST into a GET, never sees one."""
    server = serve(lambda seen: moved(301, "/b") if seen.path == "/a" else answer(200, {"ok": True}))
    response = join(server).post(f"{server.url}/a", json={"x": 1})
    assert (response.status_code, response.json(), response.history) == (200, {"ok": True}, [])
    assert [seen.method for seen in server.seen] == ["POST", "POST"]


def test_another_origin_is_refused_and_sees_nothing(serve: Serve, join: Join) -> None:
    """The error names the origin, and the write it met was not done."""
    foreign = serve(lambda _: answer())
    server = serve(lambda _: moved(307, f"{foreign.url}/steal"))
    for method in ("GET", "POST"):
        with pytest.raises(EgressRefused) as caught:
            join(server).exchange(method, f"{server.url}/x")
        assert caught.value.origin == foreign.url
        assert not caught.value.maybe_done
    with pytest.raises(EgressRefused):
        join(server).get(f"{server.url}/x")
    assert foreign.connections == 0


def test_the_path_prefix_holds_for_redirects(serve: Serve, join: Join) -> None:
    """Out of `/api/v3` is out, on the same host too."""
    server = serve(lambda _: moved(302, "/login"))
    with pytest.raises(EgressRefused):
        join(f"{server.url}/api/v3").exchange("GET", f"{server.url}/api/v3/x")
    assert len(server.seen) == 1


def test_a_loop_ends(serve: Serve, join: Join) -> None:
    """After three redirects in a row there is an error, for reads and writes alike."""
    server = serve(lambda seen: moved(302, seen.path))
    with pytest.raises(BadAnswer):
        join(server).exchange("GET", f"{server.url}/x")
    assert len(server.seen) == 4


def test_an_accepted_redirect_is_an_answer(serve: Serve, join: Join) -> None:
    """An adapter that wants to know where a redirect leads may ask for it."""
    server = serve(lambda _: moved(302, "https://elsewhere.example/archive"))
    reply = join(server).exchange("GET", f"{server.url}/x", accept_statuses={302})
    assert (reply.status, reply.headers["location"]) == (302, "https://elsewhere.example/archive")


def test_a_redirect_without_a_location_is_an_answer(serve: Serve, join: Join) -> None:
    """There is nowhere to go, so the adapter gets to see it."""
    server = serve(lambda _: answer(302))
    assert join(server).exchange("GET", f"{server.url}/x").status == 302
