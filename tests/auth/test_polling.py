"""Asking whether a code was entered, on a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pullbridge import BadAnswer, BridgeError, Offline, RateLimited, SignInFailed
from pullbridge.auth.answers import DeviceCode, Told
from pullbridge.auth.polling import poll
from pullbridge.auth.records import Grant

GRANT = Grant(access="a")
PENDING = Told("authorization_pending", None, None, 200)
DEVICE = DeviceCode(
    device_code="d", user_code="AB", url="https://git.example/d", complete_url=None, expires_in=900, interval=5
)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def run(*found: Grant | Told | BridgeError, device: DeviceCode = DEVICE) -> tuple[Grant, Clock, list[str | None]]:
    clock, waiting = Clock(), list(found)
    problems: list[str | None] = []

    def ask() -> Grant | Told:
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(answer, BridgeError):
            raise answer
        return answer

    hear: Callable[[float, str | None], None] = lambda _, problem: problems.append(problem)  # noqa: E731
    return poll(device, ask, hear, sleep=clock.sleep, clock=clock), clock, problems


def test_until_it_is_entered() -> None:
    """Pending, pending, token: each after the interval and a fifth, for clocks that run fast."""
    grant, clock, _ = run(PENDING, PENDING, GRANT)
    assert grant is GRANT
    assert clock.pauses == [6.0, 6.0, 6.0]


def test_the_hosts_new_interval_lasts() -> None:
    """After `slow_down` its interval, and a wider margin, hold for all that follows."""
    _, clock, _ = run(Told("slow_down", None, 10.0, 200), PENDING, PENDING, GRANT)
    assert clock.pauses == [6.0, 14.0, 14.0, 14.0]


def test_slow_down_without_an_interval() -> None:
    """Five seconds more, each time, for good."""
    slow = Told("slow_down", None, None, 400)
    _, clock, _ = run(slow, slow, PENDING, GRANT)
    assert clock.pauses == pytest.approx([6.0, 14.0, 21.0, 21.0])


def test_slow_down_never_speeds_up() -> None:
    """An interval shorter than the one in force is none that a host can mean."""
    _, clock, _ = run(Told("slow_down", None, 1.0, 200), GRANT)
    assert clock.pauses == [6.0, 7.0]


def test_a_network_that_comes_and_goes() -> None:
    """What cannot be reached is asked more rarely, said, and does not end the sign-in."""
    _, clock, problems = run(Offline("No network."), RateLimited("Too much."), PENDING, GRANT)
    assert clock.pauses == [6.0, 12.0, 24.0, 24.0]
    assert problems == [None, "No network.", "Too much.", None]


def test_to_the_end_of_the_code() -> None:
    """It asks for as long as the code is good, beyond any bound of its own, and no longer."""
    clock = Clock()
    with pytest.raises(SignInFailed) as failed:
        poll(DEVICE, lambda: PENDING, lambda *_: None, sleep=clock.sleep, clock=clock)
    assert failed.value.reason == "expired"
    assert 880 < clock.now < 900


@pytest.mark.parametrize("error", [SignInFailed("no", reason="denied"), BadAnswer("no")])
def test_what_ends_it(error: BridgeError) -> None:
    """A denial, and an answer that makes no sense, end it at once."""
    with pytest.raises(type(error)):
        run(PENDING, error, GRANT)
