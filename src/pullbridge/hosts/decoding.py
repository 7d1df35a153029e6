"""From bytes to a payload."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from pullbridge.errors import BadAnswer

T = TypeVar("T")


def decode(body: bytes, shape: type[T], what: str, host: str) -> T:
    """Decode an answer's body; raises `BadAnswer` naming `what` and where in it the trouble is, never its content.

    `host` is the product as one says it to people.
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadAnswer(f"{host}'s answer does not look like {what}: {_where(error)}.", what=what) from None


def _where(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        # msgspec quotes no content of the body but for enum values, which are not used here.
        return str(error)
    return "it is not JSON"
