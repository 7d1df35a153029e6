"""What a host's sign-in endpoints answer, checked: pure.

Nothing becomes a grant that is not one in every part: a refusal without the standard's `error` in it would otherwise take
the place of a good token. https://www.rfc-editor.org/rfc/rfc6749#section-5 and https://www.rfc-editor.org/rfc/rfc8628
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from pullbridge.auth.records import Grant
from pullbridge.errors import BadAnswer, BridgeError, HostDown, RateLimited, SignInFailed

_TOKEN = re.compile("[!-~]+")
#: GitHub, after the standard's: https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
_OVER = frozenset({"invalid_grant", "bad_verification_code", "bad_refresh_token", "incorrect_device_code"})
_EXPIRED = frozenset({"expired_token", "token_expired"})
_NO_DEVICES = frozenset({"device_flow_disabled", "unsupported_grant_type"})
_PASSING = frozenset({"temporarily_unavailable", "server_error"})
_APPLICATION = frozenset(
    {
        "invalid_client",
        "unauthorized_client",
        "incorrect_client_credentials",
        "redirect_uri_mismatch",
        "application_suspended",
        "invalid_scope",
        "Not Found",
    }
)


class Told(Exception):
    """An endpoint's `error`, on its way through Authlib. `interval` is a device's new one, in seconds."""

    def __init__(self, error: str, description: str | None, interval: float | None, status: int) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.interval = interval
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """What a device is told to show. `interval` is the least number of seconds between two questions."""

    device_code: str = field(repr=False)
    user_code: str
    url: str
    complete_url: str | None
    expires_in: float
    interval: float


def read(status: int, body: bytes, host: str) -> dict[str, Any]:
    """An answer of a token, device or metadata endpoint as the object that it is. Bitbucket's `scopes` becomes `scope`.

    Raises `Told` for an error in the standard's form, with any status (GitHub's is 200), and `BadAnswer`.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        _bad("is no JSON object", host, status)
    error = told.get("error")
    if isinstance(error, str) and error:
        raise Told(error, _text(told.get("error_description")), _seconds(told.get("interval")), status)
    if not 200 <= status < 300:
        _bad("is a refusal without a reason", host, status)
    if "scopes" in told:
        told.setdefault("scope", told.pop("scopes"))
    return told


def grant(told: Mapping[str, Any], host: str, now: float, before: Grant | None = None) -> Grant:
    """The grant in an answer; what a renewal does not repeat of the one `before` is unchanged (RFC 6749, section 6).

    Raises `BadAnswer` for one that could sign nothing.
    """
    access, kind = told.get("access_token"), told.get("token_type", "bearer")
    if not isinstance(access, str) or not _TOKEN.fullmatch(access):
        _bad("has no access token", host)
    if not isinstance(kind, str) or kind.lower() != "bearer":
        _bad("has a kind of token that this library cannot sign with", host)
    refresh = told.get("refresh_token")
    life = _seconds(told.get("expires_in"))
    return Grant(
        access=access,
        refresh=refresh if isinstance(refresh, str) and _TOKEN.fullmatch(refresh) else _refresh(before),
        expires_at=now + life if life else None,
        scopes=_scopes(told.get("scope"), before),
        obtained_at=now,
    )


def device(told: Mapping[str, Any], host: str) -> DeviceCode:
    """What to show a person, and how to ask. Raises `BadAnswer` for one that leaves something out."""
    code, user_code, url = told.get("device_code"), told.get("user_code"), told.get("verification_uri")
    complete, life = told.get("verification_uri_complete"), _seconds(told.get("expires_in"))
    texts = (code, user_code, url)
    if not life or not all(isinstance(each, str) and _TOKEN.fullmatch(each) for each in texts) or not _is_page(url):
        _bad("does not say what to enter where", host)
    return DeviceCode(
        device_code=str(code),
        user_code=str(user_code),
        url=str(url),
        complete_url=complete if _is_page(complete) else None,
        expires_in=life,
        # What the standard says for a host that says nothing.
        interval=_seconds(told.get("interval")) or 5.0,
    )


def issuer_required(told: Mapping[str, Any], issuer: str, host: str) -> bool:
    """Whether each callback names the issuer, by the host's metadata. Raises `BadAnswer` for another host's metadata.

    https://www.rfc-editor.org/rfc/rfc8414#section-3.3
    """
    if told.get("issuer") != issuer:
        step = f"Sign in at the address that the host has for itself, if that is not {issuer}."
        raise BadAnswer("The host's metadata are another host's.", what="the issuer", host=host, next_step=step)
    return told.get("authorization_response_iss_parameter_supported") is True


def failure(told: Told, host: str) -> BridgeError:
    """What an endpoint's error means to whoever signs in. Its own text is kept apart: it may say anything."""
    error = told.error
    facts: dict[str, Any] = {"host": host, "status": told.status or None}
    if error in _PASSING:
        return HostDown("The host cannot sign anybody in just now.", **facts)
    if error == "slow_down":
        return RateLimited("The host asks for fewer requests.", **facts)
    summary, reason, step = _meaning(error)
    return SignInFailed(summary, reason=reason, description=told.description, next_step=step, **facts)


def _meaning(error: str) -> tuple[str, str, str | None]:
    """A sentence, a reason for programs, and what to do."""
    if error == "access_denied":
        return "The sign-in was denied.", "denied", "Sign in again, and agree to what is asked."
    if error in _EXPIRED:
        return "The code was not entered in time.", "expired", None
    if error in _NO_DEVICES:
        step = "Turn the device flow on in the application's registration, or sign in by another way."
        return "This application cannot sign in with a code that is entered.", "no-device-flow", step
    if error in _OVER:
        return "The host takes this sign-in for over: it was used before, has expired or was revoked.", "refused", None
    if error in _APPLICATION:
        step = "Compare its id, secret, address to come back to and scopes with its registration."
        return f"The host does not accept the application ({_name(error)}).", "application", step
    return f"The host refused ({_name(error)}).", "refused", None


def _name(error: str) -> str:
    """An error's name, if it is one: a host may write anything there."""
    return error if re.fullmatch(r"[\w .-]{1,40}", error) else "for a reason without a name"


def _refresh(before: Grant | None) -> str | None:
    return None if before is None else before.refresh


def _scopes(told: object, before: Grant | None) -> tuple[str, ...] | None:
    """GitHub divides them by commas: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps"""
    if isinstance(told, str):
        return tuple(dict.fromkeys(filter(None, re.split(r"[\s,]+", told))))
    if isinstance(told, list):
        return tuple(dict.fromkeys(str(each) for each in told))
    return before.scopes if before is not None else None


def _seconds(value: object) -> float | None:
    """A number above zero, also one in a text."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}", value):
        value = int(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e12 else None


def _text(value: object) -> str | None:
    return "".join(sign for sign in value if sign.isprintable())[:300] if isinstance(value, str) else None


def _is_page(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"https?://[!-~]+", value))


def _bad(what: str, host: str, status: int | None = None) -> NoReturn:
    raise BadAnswer(
        f"The answer to the sign-in {what}.", what="the answer of the token endpoint", host=host, status=status
    )
