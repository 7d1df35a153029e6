"""From Data Center's refusals to `pullbridge.errors`: pure.

https://developer.atlassian.com/server/bitbucket/rest/v902/intro/#errors---validation: a list of problems, most of them
with the name of a Java exception, by which alone the meanings of a 409 are told apart. The names are from
https://docs.atlassian.com/bitbucket-server/javadoc/ (com.atlassian.bitbucket.pull and its neighbours) and from answers
that renovatebot/renovate and sourcegraph/sourcegraph have recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked, Told
from pullbridge.hosts.bitbucket_dc.payloads import ErrorRow, RestError, Veto
from pullbridge.hosts.decoding import told

__all__ = [
    "READ",
    "WRITE",
    "Asked",
    "Told",
    "about",
    "failure",
    "is_about_rights",
    "refused_reviewers",
    "rows",
    "told_by",
    "vetoed",
    "writing",
]

#: Permissions of HTTP access tokens, which include the lesser ones. https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html
READ, WRITE = ("REPO_READ",), ("REPO_WRITE",)
_STEP = "Ask somebody who administers the repository, or give a token that may more."
#: Where an instance asks for a captcha after too many refused sign-ins.
#: https://confluence.atlassian.com/bitbucketserver/avoiding-captcha-problems-776640120.html
_DENIED = "x-authentication-denied-reason"
_EXISTING = re.compile(r"already exists|already in use|must be unique", re.IGNORECASE)
#: What a lack of rights is called, beside a bad credential (`auth.…AuthenticationException`).
_UNAUTHORISED = re.compile(r"authoris(?:ation|ed)|authoriz(?:ation|ed)", re.IGNORECASE)


def about(number: int) -> Asked:
    """A read of one pull request."""
    return Asked(what=f"pull request {number}", needs=READ)


def writing(number: int, needs: tuple[str, ...] = READ) -> Asked:
    """A write to one pull request. Most of them take no more than reading does."""
    return Asked(what=f"pull request {number}", write=True, needs=needs)


def failure(
    status: int, headers: Mapping[str, str], body: bytes, asked: Asked, *, signed_in: bool | None = None, **facts: Any
) -> errors.BridgeError:
    """Make the error for an answer that is no success. `facts` are the host, and the request id.

    `signed_in` tells whether the credential is accepted, which a 401 does not: it is what somebody gets who may not.
    """
    facts, found, what = {"status": status, **facts}, told_by(body), asked.what
    match status:
        case 401:
            return _unauthorised(headers, found, asked, signed_in, facts)
        case 403:
            return errors.Forbidden(f"Bitbucket forbids it{_lacking(asked)}{found.quoted}.", next_step=_STEP, **facts)
        case 404 | 410:
            text = f"Bitbucket has no {what}, or hides it from this account{found.quoted}."
            return errors.NotThere(text, what=what, **facts)
        case 409:
            return _conflict(rows(body), found, asked, facts)
        case 400 | 405 | 406 | 412 | 413 | 415 | 422:
            return _refused(found, facts)
    if status >= 500:
        return errors.HostDown("Bitbucket failed.", maybe_done=asked.write, **facts)
    text = f"Bitbucket answered with status {status}, which it does not document here."
    return errors.BadAnswer(text, what=what, maybe_done=asked.write and status < 400, **facts)


def rows(body: bytes) -> list[ErrorRow]:
    """The problems one by one; none in what is no such body. Never raises."""
    found = told(body, RestError)
    return (found.errors or []) if found is not None else []


def told_by(body: bytes) -> Told:
    """What an error's body says; an HTML page or an empty body says nothing. Never raises."""
    said = tuple(dict.fromkeys(text for row in rows(body) for text in _words(row)))
    if said:
        return Told(message=said[0], problems=said)
    found = told(body, RestError)
    return Told(message=(found.message or "") if found is not None else "")


def _words(row: ErrorRow) -> list[str]:
    """A problem in words, with the field that it is about, or with the reasons of those that it sums up."""
    reasons = [f"{each.context}: {each.message}" for each in row.reviewer_errors or () if each.message]
    if reasons:
        return reasons
    text = (row.message or "").strip()
    about_it = f"{row.context}: " if row.context and row.context.lower() not in text.lower() else ""
    return [f"{about_it}{text}"] if text else []


def refused_reviewers(error: errors.Rejected, names: Iterable[str]) -> frozenset[str]:
    """Who of these cannot be a reviewer, by what a refusal says of each."""
    return frozenset(name for name in names if any(each.startswith(f"{name}: ") for each in error.problems))


def _named(row: ErrorRow) -> str:
    return (row.exception_name or "").rpartition(".")[2]


# Rights --------------------------------------------------------------------------------------------------------------


def _lacking(asked: Asked) -> str:
    """What the token may lack. Its page puts all that is done with pull requests under writing, and REST much under reading:

    https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html
    """
    perhaps = f", or, for an HTTP access token, no {WRITE[0]}" if asked.write and asked.needs == READ else ""
    return f", or its token has no {' and no '.join(asked.needs)}{perhaps}" if asked.needs else ""


def _unauthorised(
    headers: Mapping[str, str], found: Told, asked: Asked, signed_in: bool | None, facts: dict[str, Any]
) -> errors.BridgeError:
    """https://developer.atlassian.com/server/bitbucket/rest/v902/intro/ (401: insufficient permissions)"""
    if "captcha" in next((value for name, value in headers.items() if name.lower() == _DENIED), "").lower():
        text = "Bitbucket wants a captcha from this account, after too many refused sign-ins."
        return errors.SignInNeeded(text, next_step="Sign in once with a browser, then check the password.", **facts)
    if signed_in is False:
        why = found.quoted or ": it is wrong, expired or revoked"
        return errors.SignInNeeded(f"Bitbucket does not accept the credential{why}.", **facts)
    needed, step = _lacking(asked), _STEP
    text = f"Bitbucket does not let this account do it{needed}{found.quoted}."
    return errors.Forbidden(text, next_step=step, **facts)


def is_about_rights(body: bytes) -> bool:
    """Whether a 401 says itself that it is for a lack of rights."""
    return any(_UNAUTHORISED.search(_named(row)) for row in rows(body))


# Conflicts -----------------------------------------------------------------------------------------------------------


def _conflict(found: list[ErrorRow], said: Told, asked: Asked, facts: dict[str, Any]) -> errors.BridgeError:
    """The error for a 409, by the exception that it names first. Any other is one for the state that a thing is in."""
    row = found[0] if found else ErrorRow()
    name = _named(row)
    if name.endswith("OutOfDateException") or row.current_version is not None:
        now, then = row.current_version, row.expected_version
        text = "It has changed in the meantime."
        return errors.Stale(text, expected=_text(then), found=_text(now), **facts)
    if name.startswith("Duplicate") or any(_EXISTING.search(each) for each in said.problems):
        # Whoever knows which repository this is makes a `Pull` of it.
        return errors.AlreadyThere(f"It is there already{said.quoted}.", existing=row.existing_pull_request, **facts)
    if "Merge" in name or row.conflicted is not None:
        reasons = vetoed(row.vetoes, conflicted=bool(row.conflicted)) or said.problems
        return errors.NotMergeable(f"Bitbucket does not merge it{said.quoted}.", reasons=reasons, **facts)
    if "Archived" in name:
        text, step = f"The repository is archived{said.quoted}.", "Unarchive it in its settings."
        return errors.Forbidden(text, next_step=step, **facts)
    problems = vetoed(row.vetoes) or said.problems
    return errors.Rejected(f"Bitbucket refused {asked.what}{said.quoted}.", problems=problems, **facts)


def vetoed(vetoes: Iterable[Veto] | None, *, conflicted: bool = False) -> tuple[str, ...]:
    """The reasons against a merge, one sentence each: the summary, and what it goes on to say."""
    told_ = (((each.summary_message or "").strip(" ."), (each.detailed_message or "").strip()) for each in vetoes or ())
    reasons = (": ".join(part for part in pair if part) for pair in told_)
    conflicts = ("it has conflicts with its target",) if conflicted else ()
    return tuple(dict.fromkeys((*conflicts, *(reason for reason in reasons if reason))))


def _refused(found: Told, facts: dict[str, Any]) -> errors.BridgeError:
    if any(_EXISTING.search(each) for each in found.problems):
        return errors.AlreadyThere(f"It is there already{found.quoted}.", **facts)
    return errors.Rejected(f"Bitbucket refused the input{found.quoted}.", problems=found.problems, **facts)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
