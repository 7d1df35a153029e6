"""Many writes at once, and the connection closed in between: what each of them did is still known."""

from __future__ import annotations

import pytest

from pullbridge import Cancel, Cancelled, NotThere
from pullbridge.transport.fanout import Fan, kept


def test_what_was_done_is_kept_though_the_rest_never_begins() -> None:
    closing = Cancel()
    fan = Fan(1, closing)

    def closes() -> str:
        closing.cancel()
        return "done"

    first, second = kept(fan.gather, [closes, lambda: "never"])
    fan.close()
    assert first == "done"
    assert isinstance(second, Cancelled)


def test_an_error_takes_its_own_place() -> None:
    fan = Fan(2, Cancel())
    error = NotThere("gone")

    def fails() -> str:
        raise error

    assert kept(fan.gather, [lambda: "one", fails, lambda: "three"]) == ["one", error, "three"]
    fan.close()


def test_what_is_no_error_of_ours_is_raised() -> None:
    fan = Fan(2, Cancel())
    with pytest.raises(ZeroDivisionError):
        kept(fan.gather, [lambda: 1, lambda: 1 // 0])
    fan.close()
