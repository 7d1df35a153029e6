"""What is left of the hour, by headers and by counting."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.dialect import ANONYMOUS, COUNTED, SIGNED, CloudDialect


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def made(account: str = "ada") -> tuple[CloudDialect, Clock, list[str]]:
    clock, who = Clock(), [account]
    return CloudDialect(lambda: who[0], lambda: who[0] == "anonymous", clock), clock, who


def test_what_is_not_told_is_counted() -> None:
    """A thousand an hour for somebody, and what was asked an hour ago counts no more."""
    dialect, clock, _ = made()
    found = [dialect.budget({}) for _ in range(3)][-1]
    assert found is not None
    assert (found.limit, found.remaining, found.resource) == (SIGNED, SIGNED - 3, COUNTED)
    clock.now += 3_601
    again = dialect.budget({})
    assert again is not None
    assert again.remaining == SIGNED - 1


def test_each_account_has_its_own() -> None:
    """And nobody in particular has sixty."""
    dialect, _, who = made()
    dialect.budget({})
    who[0] = "anonymous"
    found = dialect.budget({})
    assert found is not None
    assert (found.limit, found.remaining) == (ANONYMOUS, ANONYMOUS - 1)


def test_an_access_token_is_told_its_limit() -> None:
    """And when less than a fifth is left, whoever else has used the rest."""
    dialect, _, _ = made()
    headers = {"X-RateLimit-Limit": "2500", "X-RateLimit-Resource": "api", "X-RateLimit-NearLimit": "false"}
    found = dialect.budget(headers)
    assert found is not None
    assert (found.limit, found.remaining, found.resource) == (2_500, 2_499, "api")
    near = dialect.budget({**headers, "X-RateLimit-NearLimit": "true"})
    assert near is not None
    assert near.remaining == 500


def test_nothing_is_left_at_the_end_and_never_less() -> None:
    """Zero."""
    dialect, _, _ = made("anonymous")
    found = [dialect.budget({}) for _ in range(ANONYMOUS + 5)][-1]
    assert found is not None
    assert found.remaining == 0


def test_only_a_429_asks_for_a_pause() -> None:
    """Without a time: nothing is told."""
    dialect, _, _ = made()
    refusal = dialect.refusal(429, {}, b"")
    assert refusal is not None
    assert (refusal.wait, refusal.resets_at, refusal.secondary) == (None, None, False)
    assert dialect.refusal(403, {}, b"") is None
