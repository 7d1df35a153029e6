"""From Bitbucket Cloud's refusals to `pullbridge.errors`: pure.

https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pullbridge import errors
from pullbridge.auth.scopes.bitbucket_cloud import TABLE
from pullbridge.hosts.asking import Asked, Told
from pullbridge.hosts.bitbucket_cloud.payloads import Problem, RestError
from pullbridge.hosts.refusals import scope_missing

__all__ = [
    "READ",
    "WRITE",
    "Asked",
    "Told",
    "about",
    "failure",
    "granted_by",
    "lacks",
    "scopes",
    "told_by",
]

#: The scopes of OAuth and of access tokens; an API token has another name for each (`auth.scopes`).
READ, WRITE = ("pullrequest",), ("pullrequest:write",)


def about(number: int) -> Asked:
    """A read of one pull request."""
    return Asked(what=f"pull request #{number}", needs=READ)


def failure(
    status: int, body: bytes, asked: Asked, *, granted: Sequence[str] | None = None, **facts: Any
) -> errors.BridgeError:
    """Make the error for an answer that is no success. `granted` is what its headers tell of the credential."""
    facts, told, what = {"status": status, **facts}, told_by(body), asked.what
    match status:
        case 401:
            text = f"Bitbucket does not accept the credential{told.quoted or ': it is wrong, expired or revoked'}."
            return errors.SignInNeeded(text, next_step=_REFUSED, **facts)
        case 403:
            return _forbidden(body, told, asked, granted, facts)
        case 404 | 410:
            return errors.NotThere(f"Bitbucket has no {what}, or hides it from this account.", what=what, **facts)
        case 409:
            return errors.Stale(f"It has changed in the meantime{told.quoted}.", **facts)
        case 400 | 405 | 406 | 412 | 413 | 415 | 422:
            return _refused(body, told, facts)
        case 408:
            return errors.HostDown("Bitbucket took too long.", maybe_done=asked.write, **facts)
    if status >= 500:
        return errors.HostDown("Bitbucket failed.", maybe_done=asked.write, **facts)
    text = f"Bitbucket answered with status {status}, which it does not document here."
    return errors.BadAnswer(text, what=what, maybe_done=asked.write and status < 400, **facts)


def told_by(body: bytes) -> Told:
    """What an error's body says; an HTML page or an empty body says nothing. Never raises."""
    problem = _problem(body)
    message = problem.message if isinstance(problem.message, str) else ""
    listed = tuple(dict.fromkeys(_sentences(problem.fields)))
    if isinstance(problem.detail, str) and problem.detail and problem.detail != message:
        listed = listed or ((message, problem.detail) if message else (problem.detail,))
    return Told(message=message, problems=listed)


def _problem(body: bytes) -> Problem:
    try:
        error = msgspec.json.decode(body, type=RestError)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Problem()
    if isinstance(error.error, Problem):
        return error.error
    # OAuth's own errors: RFC 6750, section 3.1
    return Problem(message=error.error_description or error.error)


def _sentences(said: Any, field: str = "", depth: int = 0) -> Iterator[str]:
    """Text as it is; lists one by one; objects by field: `{"title": ["required key not provided"]}`."""
    if isinstance(said, str):
        yield f"{field}: {said}" if field else said
    elif isinstance(said, list) and depth < 4:
        for each in said:
            yield from _sentences(each, field, depth + 1)
    elif isinstance(said, dict) and depth < 4:
        for name, each in said.items():
            yield from _sentences(each, str(name), depth + 1)


#: "Token is invalid, expired, or not supported for this endpoint" is what one without scopes gets.
#: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/
_REFUSED = (
    "Give a valid one: an API token has to be made with scopes, and goes with its account's e-mail address; app passwords "
    "are not taken any more."
)

#: What says that something is there: a branch (its key is `BRANCH_ALREADY_EXISTS`), the name of a fork, a pull request.
_EXISTING = ("already exists", "already_exists", "already have a repository", "already an open pull request")


def _refused(body: bytes, told: Told, facts: dict[str, Any]) -> errors.BridgeError:
    problems = told.problems or ((told.message,) if told.message else ())
    data = _problem(body).data
    key = str(data.get("key", "")) if isinstance(data, dict) else ""
    if any(words in each.lower() for each in (key, told.message, *problems) for words in _EXISTING):
        return errors.AlreadyThere(f"It is there already{told.quoted}.", **facts)
    return errors.Rejected(f"Bitbucket refused the input{told.quoted}.", problems=problems, **facts)


# Rights --------------------------------------------------------------------------------------------------------------


def _forbidden(
    body: bytes, told: Told, asked: Asked, granted: Sequence[str] | None, facts: dict[str, Any]
) -> errors.BridgeError:
    """`Your credentials lack one or more required privilege scopes.`, with those required and granted in its detail."""
    detail = _problem(body).detail
    if isinstance(detail, dict) and "required" in detail:
        held = detail.get("granted")
        return scope_missing(
            "Bitbucket", _names(detail["required"]), granted if held is None else _names(held), facts, "and"
        )
    if "privilege scope" in told.message.lower():
        return scope_missing("Bitbucket", asked.needs, granted, facts, "and")
    return errors.Forbidden(f"Bitbucket forbids it{told.quoted}.", **facts)


def _names(told: Any) -> tuple[str, ...]:
    listed = told.replace(",", " ").split() if isinstance(told, str) else told if isinstance(told, list) else ()
    return tuple(str(each) for each in listed)


def scopes(headers: Mapping[str, str]) -> tuple[str, ...] | None:
    """What was granted, by an answer's own header; `None` where it does not tell."""
    told = headers.get("X-OAuth-Scopes")
    return None if told is None else tuple(name for name in told.replace(",", " ").split() if name)


def granted_by(granted: Sequence[str]) -> frozenset[str]:
    """All that these scopes give, with what they include."""
    return TABLE.kinds["oauth"].held(granted)


def lacks(granted: Sequence[str], needed: Sequence[str]) -> tuple[str, ...]:
    """Those of the needed scopes that are not granted."""
    held = granted_by(granted)
    return tuple(name for name in needed if name not in held)
