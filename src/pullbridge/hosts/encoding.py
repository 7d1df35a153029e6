"""Text on its way out: as JSON, and as a part of an address. Pure.

Half of a character, a lone surrogate, stands in neither (RFC 8259, section 8.2; RFC 3986, section 2.5). An editor comes
by one when it cuts a text at a UTF-16 unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from pullbridge.errors import Rejected


def encoded(value: Any) -> bytes:
    """As JSON. Raises `Rejected` for half of a character, as the others here do."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError as cause:
        raise _halved(cause) from None


def quoted(part: str | int, *, safe: str = "") -> str:
    """As one segment of a path: slashes are quoted too, unless they are `safe`."""
    try:
        return quote(str(part), safe=safe)
    except UnicodeEncodeError as cause:
        raise _halved(cause) from None


def checked(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A query's parameters, all of which can be written."""
    try:
        urlencode(parameters)
    except UnicodeEncodeError as cause:
        raise _halved(cause) from None
    return dict(parameters)


def _halved(cause: UnicodeEncodeError) -> Rejected:
    around = cause.object[max(0, cause.start - 20) : cause.start]
    return Rejected(
        "The text holds half of a character (a lone surrogate), which cannot be sent.",
        problems=(f"it stands after {around!r}" if around else "it stands at the beginning",),
        next_step="Take it out, or the other half in.",
    )
