"""What a host says about waiting, and when the next write may go."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.transport.conftest import Join, Serve
from tests.transport.scripted import Account, Plain, Seen, answer

from pullbridge.capabilities import Budget
from pullbridge.errors import RateLimited
from pullbridge.transport import pace
from pullbridge.transport.call import Repeat, limits
from pullbridge.transport.pace import Allowance, Pace, Refusal, http_date, is_low, retry_after, wait_for
from pullbridge.transport.session import Wire

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
HEALTHY = Budget(limit=5000, remaining=4000)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("1.5", 1.5),
        ("Mon, 05 Jan 2026 10:00:30 GMT", 30),
        ("Monday, 05-Jan-26 10:00:30 GMT", 30),
        ("Mon, 05 Jan 2026 12:00:30 +0200", 30),
        ("Mon, 05 Jan 2026 09:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("99999999999999", None),
        ("Mon, 99 Jan 2026 10:00:30 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str | None, seconds: float | None) -> None:
    """RFC 9110, 10.2.3; a date that is over means now, and nonsense means nothing."""
    assert retry_after(value, NOW) == seconds


def test_http_dates_are_aware() -> None:
    """In UTC, also where the host leaves the zone out."""
    assert http_date("Mon, 05 Jan 2026 10:00:00 -0000") == NOW
    assert http_date("yesterday") is None


def test_the_wait_is_what_the_host_says_first() -> None:
    """The body's word, then Retry-After, then the reset, then a minute for a secondary limit."""
    later = NOW + timedelta(seconds=7)
    assert wait_for(Refusal(wait=3, resets_at=later), {"Retry-After": "5"}, NOW) == 3
    assert wait_for(Refusal(resets_at=later), {"Retry-After": "5"}, NOW) == 5
    assert wait_for(Refusal(resets_at=later, secondary=True), {}, NOW) == 7
    assert wait_for(Refusal(secondary=True), {}, NOW) == 60
    assert wait_for(Refusal(), {}, NOW) is None
    assert wait_for(Refusal(wait=-3), {}, NOW) == 0


def test_writes_go_at_once_on_a_healthy_budget() -> None:
    """Twenty of them in the same moment."""
    state = Pace()
    for _ in range(20):
        assert state.next_write(100, HEALTHY, NOW) == 100
        state = state.after_write(100)


@pytest.mark.parametrize("budget", [Budget(), HEALTHY, Budget(limit=5000, remaining=500), Budget(remaining=0)])
def test_a_budget_that_is_not_known_to_be_low_is_not_low(budget: Budget) -> None:
    """A tenth is enough, and silence is no reason to slow down."""
    assert not is_low(budget, NOW)


def test_writes_keep_their_distance_on_a_low_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second apart, until the budget was renewed."""
    monkeypatch.setattr(pace, "GAP", 1.0)
    low = Budget(limit=5000, remaining=499, resets_at=NOW.timestamp() + 60)
    state = Pace().after_write(100)
    assert state.next_write(100.25, low, NOW) == 101
    assert state.next_write(200, low, NOW) == 200
    assert state.next_write(100.25, low, NOW + timedelta(seconds=61)) == 100.25


def test_a_secondary_limit_holds_writes_and_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """None until its end; a second apart for ten minutes."""
    monkeypatch.setattr(pace, "GAP", 1.0)
    state = Pace().after_refusal(100, Refusal(secondary=True), 30)
    assert state.next_write(101, HEALTHY, NOW) == 130
    state = state.after_write(130)
    assert state.next_write(130, HEALTHY, NOW) == 131
    assert state.next_write(701, HEALTHY, NOW) == 701
    assert Pace().after_refusal(100, Refusal(), 30) == Pace()


def test_no_more_writes_go_than_a_host_takes() -> None:
    """GH-52: a burst at once, then each when one of those before it is old enough; the tightest span decides."""
    state = Pace(allowed=(Allowance(3, 60), Allowance(5, 3600)))
    turns = []
    for now in (100.0, 101.0, 102.0, 103.0, 104.0, 170.0):
        turns.append(state.next_write(now, HEALTHY, NOW))
        state = state.after_write(turns[-1])
    assert turns == [100, 101, 102, 160, 161, 3700]
    assert len(state.written) == 5


def test_a_write_beyond_what_a_host_takes_waits(serve: Serve, wires: Callable[..., Wire]) -> None:
    """GH-52: over the wire, too; reads go on, and one whose turn comes too late is told until when, and not sent."""
    server = serve(lambda _: answer(201, b"{}"))
    session = wires().session([server.url], Account(), Plain(), [Allowance(2, 0.5)])
    began = time.monotonic()
    for _ in range(3):
        session.exchange("POST", f"{server.url}/comments", body=b"{}")
    assert time.monotonic() - began >= 0.5
    patient = wires(deadline=5.0).session([server.url], Account(), Plain(), [Allowance(2, 60)])
    for _ in range(2):
        patient.exchange("POST", f"{server.url}/comments", body=b"{}")
    sent = len(server.seen)
    with pytest.raises(RateLimited, match="takes no more writes so soon") as caught:
        patient.exchange("POST", f"{server.url}/comments", body=b"{}")
    assert caught.value.resets_at is not None
    assert 30 < (caught.value.resets_at - datetime.now(UTC)).total_seconds() < 90
    assert len(server.seen) == sent
    assert patient.exchange("GET", f"{server.url}/x").status == 201


def test_a_burst_of_writes_is_not_slowed(serve: Serve, join: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty comments do not take twenty seconds out of politeness."""
    monkeypatch.setattr(pace, "GAP", 60.0)
    server = serve(lambda _: answer(201, b"{}", {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4000"}))
    session = join(server)
    for _ in range(20):
        session.exchange("POST", f"{server.url}/comments", body=b"{}")
    assert (len(server.seen), session.budget.remaining) == (20, 4000)


def test_writes_slow_down_when_the_budget_runs_out(serve: Serve, join: Join) -> None:
    """Reads, and queries that are posted, do not."""
    server = serve(lambda _: answer(201, b"{}", {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "3"}))
    session = join(server)
    began = time.monotonic()
    for _ in range(4):
        session.exchange("POST", f"{server.url}/comments", body=b"{}")
    assert time.monotonic() - began >= 3 * pace.GAP
    with limits(deadline=pace.GAP * 50):
        for _ in range(60):
            session.exchange("GET", f"{server.url}/x")
            session.exchange("POST", f"{server.url}/graphql", repeat=Repeat.SAFE)


def test_a_write_whose_turn_comes_too_late_is_not_sent(serve: Serve, join: Join) -> None:
    """A running secondary limit is respected without asking again; a read may still ask."""

    def script(seen: Seen) -> bytes:
        return answer(403, b"secondary", {"Retry-After": "60"}) if seen.method == "POST" else answer()

    server = serve(script)
    session = join(server)
    for _ in range(2):
        with pytest.raises(RateLimited) as caught:
            session.exchange("POST", f"{server.url}/x")
        assert caught.value.resets_at is not None
        assert 50 < (caught.value.resets_at - datetime.now(UTC)).total_seconds() < 70
        assert not caught.value.maybe_done
    assert session.exchange("GET", f"{server.url}/x").status == 200
    assert [seen.method for seen in server.seen] == ["POST", "GET"]


def test_the_hosts_clock_is_its_own(serve: Serve, join: Join) -> None:
    """`host_now` goes on from the last Date; before any answer it is unknown."""
    server = serve(lambda _: answer(headers={"Date": "Mon, 05 Jan 2026 10:00:00 GMT"}))
    session = join(server)
    assert session.host_now() is None
    session.exchange("GET", f"{server.url}/x")
    told = session.host_now()
    assert told is not None
    assert timedelta(0) <= told - NOW < timedelta(seconds=5)
