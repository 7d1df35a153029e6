"""What the address says that a browser comes back to: pure.

The order of the checks matters: first `state`, for errors, too, so that a foreign page can neither begin nor end anything;
then `iss`; then an error, which wins over a code.
https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 and https://www.rfc-editor.org/rfc/rfc9207#section-2.4
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

#: Characters of a host's own text that are kept.
_LONGEST = 300
_SINGLE = ("code", "state", "iss", "error", "error_description")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a callback has to have. `issuers` are the names of the host, `issuer_required` whether it always says one."""

    state: str = field(repr=False)
    issuers: frozenset[str]
    issuer_required: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code, to be exchanged at once."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The host's answer is no: its error's name, and its own text, of any content."""

    error: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class MixUp:
    """It comes from another host than the one that was asked."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """It does not belong to this sign-in, which goes on. `hint` is the error that it claims, if it claims one."""

    hint: str | None = None


Callback = Code | Refusal | MixUp | Stranger


def read(query: str, expected: Expected) -> Callback:
    """Read a callback's query."""
    try:
        told = parse_qs(query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return Stranger()
    if any(len(told.get(name, ())) > 1 for name in _SINGLE):
        return Stranger()
    said = {name: values[0] for name, values in told.items() if name in _SINGLE and values[0]}
    if not hmac.compare_digest(said.get("state", "").encode(), expected.state.encode()):
        return Stranger(hint=_clean(said.get("error")) if "state" not in said else None)
    return _owned(said, expected)


def _owned(said: Mapping[str, str], expected: Expected) -> Callback:
    issuer = said.get("iss")
    if (issuer is None and expected.issuer_required) or (issuer is not None and issuer not in expected.issuers):
        return MixUp()
    if "error" in said:
        return Refusal(_clean(said["error"]) or "error", _clean(said.get("error_description")))
    return Code(said["code"]) if "code" in said else Stranger()


def pasted(text: str, redirect_uri: str, expected: Expected) -> Callback:
    """Read an address that a person has copied. One that is not the sign-in's own, or that has a fragment, is a `Stranger`.

    A fragment is how tokens came back when they were not bound to whoever asked; none is ever taken from there.
    """
    # Terminals break long lines where they like.
    url = "".join(text.split())
    try:
        given, own = urlsplit(url), urlsplit(redirect_uri)
        same = (given.scheme, given.netloc, given.path or "/") == (own.scheme, own.netloc, own.path or "/")
    except ValueError:
        return Stranger()
    return read(given.query, expected) if same and not given.fragment else Stranger()


def _clean(text: str | None) -> str | None:
    """A foreign text without control characters, cut to a length that fits a page."""
    if text is None:
        return None
    return "".join(sign for sign in text if sign.isprintable())[:_LONGEST]
