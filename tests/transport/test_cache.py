"""Answers that a host confirms with 304."""

from __future__ import annotations

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import Account, Seen, answer

from pullbridge.transport.cache import Cache, key
from pullbridge.transport.reply import Headers, Reply


def conditional(seen: Seen) -> bytes:
    """One answer for each account and Accept; 304 for whoever has it."""
    tag = f'W/"{seen.headers.get("authorization")}-{seen.headers.get("accept")}"'
    told = {"ETag": tag, "X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "59", "X-Request-Id": "first"}
    if seen.headers.get("if-none-match") == tag:
        return answer(304, headers={**told, "X-RateLimit-Remaining": "58", "X-Request-Id": "second"})
    return answer(200, tag, told, zipped=True)


def test_a_304_is_replayed_as_the_whole_answer(serve: Serve, join: Join) -> None:
    """The caller sees a 200 with the body, fresh headers, and that it was confirmed."""
    server = serve(conditional)
    session = join(server)
    first = session.exchange("GET", f"{server.url}/x")
    again = session.exchange("GET", f"{server.url}/x")
    assert (first.from_cache, again.from_cache) == (False, True)
    assert (again.status, again.body) == (200, first.body)
    assert (again.headers["Content-Type"], again.headers["X-RateLimit-Remaining"]) == ("application/json", "58")
    assert (again.request_id, session.budget.remaining) == ("second", 58)
    assert len(server.seen) == 2


def test_an_sdk_sees_a_200(serve: Serve, join: Join) -> None:
    """It could do nothing with a 304."""
    server = serve(conditional)
    session = join(server)
    bodies = [session.get(f"{server.url}/x") for _ in range(3)]
    assert {response.status_code for response in bodies} == {200}
    assert len({response.text for response in bodies}) == 1


def test_nothing_is_served_without_asking(serve: Serve, join: Join) -> None:
    """A changed answer is seen at once, whatever `max-age` says."""
    versions = iter("abc")

    def script(_: Seen) -> bytes:
        version = next(versions)
        return answer(200, version, {"ETag": f'"{version}"', "Cache-Control": "private, max-age=60"})

    server = serve(script)
    session = join(server)
    assert [session.exchange("GET", f"{server.url}/x").body for _ in range(3)] == [b"a", b"b", b"c"]
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, '"a"', '"b"']


def test_accounts_never_share_an_answer(serve: Serve, join: Join) -> None:
    """Two sessions on one wire, two accounts, one address."""
    server = serve(conditional)
    session = join(server, Account("one"))
    session.exchange("GET", f"{server.url}/x")
    account: Account = session._exchanger._signer  # type: ignore[assignment]
    account.token = "two"
    reply = session.exchange("GET", f"{server.url}/x")
    assert (reply.from_cache, b"two" in reply.body) == (False, True)
    assert "if-none-match" not in server.seen[1].headers


def test_another_accept_is_another_answer(serve: Serve, join: Join) -> None:
    """A diff is not taken for JSON."""
    server = serve(conditional)
    session = join(server)
    session.exchange("GET", f"{server.url}/x", headers={"Accept": "application/json"})
    reply = session.exchange("GET", f"{server.url}/x", headers={"accept": "application/vnd.github.diff"})
    assert (reply.from_cache, b"diff" in reply.body) == (False, True)


def test_writes_and_conditional_reads_pass_by(serve: Serve, join: Join) -> None:
    """A POST is never conditional, and a caller's own condition gets its own 304."""
    server = serve(lambda seen: answer(304 if "if-none-match" in seen.headers else 200, b"x", {"ETag": '"1"'}))
    session = join(server)
    session.exchange("GET", f"{server.url}/x")
    assert session.exchange("POST", f"{server.url}/x").status == 200
    reply = session.exchange("GET", f"{server.url}/x", headers={"If-None-Match": '"mine"'})
    assert (reply.status, reply.from_cache) == (304, False)
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, None, '"mine"']


@pytest.mark.parametrize(
    "headers",
    [{"ETag": '"1"', "Cache-Control": "no-store"}, {"ETag": '"1"', "Vary": "*"}, {"Cache-Control": "private"}],
)
def test_what_must_not_be_kept_is_not(serve: Serve, join: Join, headers: dict[str, str]) -> None:
    """`no-store`, an answer that varies by anything, and one without a validator."""
    server = serve(lambda _: answer(200, b"x", headers))
    session = join(server)
    session.exchange("GET", f"{server.url}/x")
    session.exchange("GET", f"{server.url}/x")
    assert "if-none-match" not in server.seen[1].headers


def test_an_answer_that_loses_its_validator_is_forgotten(serve: Serve, join: Join) -> None:
    """An old entry does not outlive a newer answer."""
    tags = iter([{"ETag": '"1"'}, {}, {}])
    server = serve(lambda _: answer(200, b"x", next(tags)))
    session = join(server)
    for _ in range(3):
        session.exchange("GET", f"{server.url}/x")
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, '"1"', None]


def kept(size: int) -> Reply:
    return Reply(200, Headers({"ETag": '"1"'}), b"x" * size, "https://h.test/")


def test_the_cache_is_bounded_by_bytes() -> None:
    """The least recently used answers go first, and one that is too large is not taken."""
    cache = Cache(100_000)
    for number in range(20):
        cache.keep(number, kept(8_000))
        cache.find(0)
    assert cache.size <= 100_000
    assert cache.find(0) is not None
    assert cache.find(1) is None
    assert cache.find(19) is not None
    cache.keep("large", kept(50_000))
    assert cache.find("large") is None
    cache.clear()
    assert (cache.size, cache.find(0)) == (0, None)


def test_replacing_an_answer_does_not_count_it_twice() -> None:
    """The size is that of what is there."""
    cache = Cache(100_000)
    cache.keep(1, kept(9_000))
    once = cache.size
    cache.keep(1, kept(9_000))
    assert cache.size == once


def test_how_a_request_travels_is_not_part_of_the_key() -> None:
    """The program's name changes no answer; the account, the address and what is accepted do."""
    plain = key("a", "https://h.test/", {"Accept": "x"})
    assert plain == key("a", "https://h.test/", {"accept": "x", "User-Agent": "y", "Connection": "close"})
    assert len({plain, key("b", "https://h.test/", {"Accept": "x"}), key("a", "https://h.test/", {"Accept": "y"})}) == 3
    assert key("a", "https://h.test/", {"Cache-Control": "no-store"}) is None
    assert key("a", "https://h.test/", {"Range": "bytes=0-1"}) is None
