"""What a trace tells, and what it never does."""

from __future__ import annotations

import dataclasses

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import CANARY, answer

from pullbridge.errors import HostDown
from pullbridge.transport.call import named
from pullbridge.transport.trace import Event


def test_each_attempt_is_told(serve: Serve, join: Join) -> None:
    """Two tries are two events, in order, with what each came to."""
    told: list[Event] = []
    answers = iter(
        [answer(503, b"", {"X-Request-Id": "r1"}), answer(200, b"12345", {"X-Request-Id": "r2"}, zipped=True)]
    )
    server = serve(lambda _: next(answers))
    with named("pulls.get"):
        join(server, trace=told.append).exchange("GET", f"{server.url}/a/b", params={"q": "private"})
    first, second = told
    assert (first.attempt, first.status, first.error, first.request_id) == (1, 503, "HostDown", "r1")
    assert (second.attempt, second.status, second.error, second.size) == (2, 200, None, 5)
    assert second.url == f"{server.url}/a/b"
    assert second.operation == "pulls.get"
    assert second.wait > 0
    assert 0 < second.elapsed < 5


def test_an_attempt_without_an_answer_is_told(serve: Serve, join: Join) -> None:
    """Its status is unknown, and the error is named."""
    told: list[Event] = []
    server = serve(lambda _: None)
    with pytest.raises(HostDown):
        join(server, trace=told.append).exchange("POST", f"{server.url}/x")
    assert [(event.status, event.error, event.method) for event in told] == [(None, "HostDown", "POST")]


def test_confirmation_by_the_host_is_told(serve: Serve, join: Join) -> None:
    """`from_cache` shows what a 304 saved."""
    told: list[Event] = []
    server = serve(lambda seen: answer(304 if "if-none-match" in seen.headers else 200, b"x", {"ETag": '"1"'}))
    session = join(server, trace=told.append)
    session.exchange("GET", f"{server.url}/x")
    session.exchange("GET", f"{server.url}/x")
    assert [event.from_cache for event in told] == [False, True]


def test_no_secret_and_no_text_is_told(serve: Serve, join: Join) -> None:
    """Neither token nor query nor bodies; and an event cannot be changed."""
    told: list[Event] = []
    server = serve(lambda _: answer(200, b"their text", {"X-Header": "their header"}))
    join(server, trace=told.append).exchange("POST", f"{server.url}/x?key={CANARY}", body=b"my text")
    assert not [word for word in (CANARY, "text", "header", "key") if word in repr(told[0])]
    with pytest.raises(dataclasses.FrozenInstanceError):
        told[0].method = "GET"  # type: ignore[misc]


def test_a_failing_callback_breaks_nothing(serve: Serve, join: Join) -> None:
    """It is its owner's problem."""

    def fails(event: Event) -> None:
        raise RuntimeError(event.method)

    server = serve(lambda _: answer(200, b"well"))
    assert join(server, trace=fails).exchange("GET", f"{server.url}/x").body == b"well"
