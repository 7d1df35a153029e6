"""From bytes to a payload."""

from __future__ import annotations

from threading import Lock
from typing import Any, TypeVar

import msgspec

from pullbridge.errors import BadAnswer

T = TypeVar("T")

_REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
_making = Lock()


def decode(body: bytes, shape: type[T], what: str, host: str) -> T:
    """Decode an answer's body; raises `BadAnswer` naming `what` and where in it the trouble is, never its content.

    `host` is the product as one says it to people.
    """
    try:
        return _decoder(shape).decode(body)
    except _REFUSALS as error:
        raise _unlike(error, what, host) from None


def told(body: bytes, shape: type[T]) -> T | None:
    """The same of a body that may as well be something else, a page of whoever stands between: `None`."""
    try:
        return _decoder(shape).decode(body)
    except _REFUSALS:
        return None


def converted(value: Any, shape: type[T], what: str, host: str) -> T:
    """The same of a part that was decoded without a shape, to be sent back as it came."""
    _decoder(shape)
    try:
        return msgspec.convert(value, shape)
    except _REFUSALS as error:
        raise _unlike(error, what, host) from None


def whole(text: str | None) -> int | None:
    """The number that a text is; `None` for anything else, and for one too long to be a host's."""
    plain = text is not None and text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if text is not None and plain else None


def _decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    """A decoder for a shape, made once.

    msgspec makes the description of a struct when it first needs it, and of two threads that need it at the same time one
    finds it half-made, and the process dies: so they are made one after the other. Found with msgspec 0.22, by `test_decoding`.
    """
    found = _decoders.get(shape)
    if found is None:
        with _making:
            found = _decoders.setdefault(shape, msgspec.json.Decoder(shape))
    return found


def _unlike(error: Exception, what: str, host: str) -> BadAnswer:
    # msgspec quotes no content of the body but for enum values, which are not used here.
    where = str(error) if isinstance(error, msgspec.ValidationError) else "it is not JSON"
    return BadAnswer(f"{host}'s answer does not look like {what}: {where}.", what=what)
