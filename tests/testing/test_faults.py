"""Misbehaviour on demand: what the wire really carries, and what the host has done nevertheless."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from tests.testing.conftest import World


def said(world: World) -> list[str]:
    """What is under the pull request, from behind the scenes."""
    return [comment.body for comment in world.app.record.pulls[1].comments]


@pytest.mark.parametrize(("cut", "kept"), [("before", []), ("after", ["Hi"])])
def test_a_cut_connection_leaves_the_write_undone_or_done(world: World, cut: str, kept: list[str]) -> None:
    """Both cuts look the same to the client; only the store tells whether the write was handled."""
    world.forge.github.behave(cut=cut, method="POST", times=1)
    with pytest.raises(requests.exceptions.ConnectionError, match=r"reset|aborted"):
        world.ada("POST", "/issues/1/comments", json={"body": "Hi"})
    assert said(world) == kept
    assert world.forge.github.requests[-1].status is None
    world.ada("POST", "/issues/1/comments", json={"body": "Again"}, expect=201)


@pytest.mark.parametrize("how", ["length", "chunked"])
def test_a_truncated_body_is_an_error_and_not_a_short_answer(world: World, how: str) -> None:
    """A short body and a chunk without an end break off while the body is read."""
    world.forge.github.behave(truncate=how, times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        world.ada("GET", "/pulls/1")


def test_truncated_json_has_the_right_length(world: World) -> None:
    """Half of the JSON arrives as a whole answer."""
    world.forge.github.behave(truncate="json", times=1)
    answer = world.ada("GET", "/pulls/1", expect=200)
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_stall_is_silence(world: World) -> None:
    """Nothing more comes until the client gives up; closing the forge does not wait for it."""
    world.forge.github.behave(stall=60, times=1)
    with pytest.raises(requests.exceptions.RequestException, match="timed out"):
        world.ada.session.get(f"{world.ada.base}/pulls/1", timeout=0.3)


def test_latency_holds_each_answer_but_not_the_others(world: World) -> None:
    """Requests wait side by side, not behind each other."""
    world.forge.github.behave(latency=0.3)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.client(None)("GET", "/pulls"), range(8)))
    spent = time.monotonic() - began
    assert [answer.status_code for answer in answers] == [200] * 8
    assert 0.3 <= spent < 2.0


def test_errors_come_with_headers_for_the_next_requests_only(world: World) -> None:
    """A status with headers is answered as often as said, for the requests that match."""
    world.forge.github.behave(status=503, headers={"Retry-After": "7"}, path="*/pulls", times=2)
    assert world.ada("GET", "/pulls/1").status_code == 200
    assert [world.ada("GET", "/pulls").status_code for _ in range(3)] == [503, 503, 200]
    world.forge.github.behave(status=502)
    assert world.ada("GET", "/pulls").status_code == 502
    world.forge.github.behave()
    assert world.ada("GET", "/pulls").status_code == 200


def test_a_fault_can_wait_for_a_text_in_the_body(world: World) -> None:
    """GraphQL has one address for everything: the body tells operations apart."""
    world.forge.github.behave(status=500, containing="mutation Resolve")
    address = f"{world.forge.github.url}/api/graphql"
    assert world.ada("POST", address, json={"query": "mutation Resolve { x }"}).status_code == 500
    assert world.ada("POST", address, json={"query": "{ viewer { login } }"}).status_code == 200


def test_a_page_instead_of_json(world: World) -> None:
    """A proxy's page has the status of the true answer, or its own."""
    world.forge.github.behave(html=True, times=1)
    answer = world.ada("GET", "/pulls/1", expect=200)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_hostile_links_and_redirects(world: World) -> None:
    """A list may lead to a stranger, and so may a redirect."""
    world.forge.github.behave(link='<https://evil.example/next>; rel="next"', path="*/pulls", times=1)
    assert "evil.example" in world.ada("GET", "/pulls").headers["Link"]
    world.forge.github.behave(redirect="https://evil.example/", times=1)
    assert world.ada("GET", "/pulls", expect=302).headers["Location"] == "https://evil.example/"


def test_each_kind_of_rate_limit(world: World) -> None:
    """The hourly limit has nothing left, the one for haste has; GraphQL says it with 200."""
    github = world.forge.github
    github.behave(rate_limit="primary", times=1)
    primary = world.ada("GET", "/pulls", expect=403)
    assert primary.headers["X-RateLimit-Remaining"] == "0"
    assert int(primary.headers["X-RateLimit-Reset"]) > time.time()
    github.behave(rate_limit="secondary", retry_after=3, times=1)
    secondary = world.ada("GET", "/pulls", expect=403)
    assert "secondary rate limit" in secondary.json()["message"]
    assert (secondary.headers["Retry-After"], secondary.headers["X-RateLimit-Remaining"]) == ("3", "4000")
    github.behave(rate_limit="secondary", times=1)
    assert "Retry-After" not in world.ada("GET", "/pulls", expect=403).headers
    github.behave(rate_limit="graphql", times=1)
    limited = world.ada("POST", f"{github.url}/api/graphql", json={"query": "{ viewer { login } }"}, expect=200).json()
    assert limited["errors"][0]["type"] == "RATE_LIMITED"


def test_a_mistake_of_the_forge_is_seen(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """An unexpected error is answered with 500 and its story, which is on the standard error, too."""
    world.app.record.pulls[1].head = "nonsense"
    assert "Traceback" in world.ada("GET", "/pulls/1", expect=500).text
    assert "Traceback" in capsys.readouterr().err
