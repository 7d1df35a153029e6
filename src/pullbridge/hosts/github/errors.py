"""From GitHub's refusals to `pullbridge.errors`: pure.

https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pullbridge import errors
from pullbridge.auth.scopes.github import TABLE
from pullbridge.hosts import decoding
from pullbridge.hosts.asking import Asked, Told
from pullbridge.hosts.github.payloads import GraphError, RestError, RestProblem
from pullbridge.hosts.refusals import lacks_it, scope_missing

SSO_HEADER = "x-github-sso"
GRANTED_HEADER = "x-oauth-scopes"
ACCEPTED_HEADER = "x-accepted-oauth-scopes"
PERMISSIONS_HEADER = "x-accepted-github-permissions"


def about(number: int) -> Asked:
    """A read of one pull request."""
    return Asked(what=f"pull request #{number}", needs=("pull_requests:read",))


def failure(status: int, headers: Mapping[str, str], body: bytes, asked: Asked, **facts: Any) -> errors.BridgeError:
    """Make the error for an answer that is no success. `facts` are the host, and the request id."""
    facts, told, what = {"status": status, **facts}, _told(body), asked.what
    if status == 401:
        return errors.SignInNeeded("GitHub does not accept the token: it is wrong, expired or revoked.", **facts)
    missing = _missing_right(headers, told, asked, facts) if status in {403, 404} else None
    # GitHub hides what a token may not see or write behind a 404; for a read, absence is just as likely.
    if missing is not None and (status == 403 or asked.write):
        return missing
    match status:
        case 403:
            return errors.Forbidden(f"GitHub forbids it{told.quoted}.", **facts)
        case 404 | 410 | 451:
            hint = f"{errors.NotThere.next_step} {missing.summary}" if missing is not None else None
            text = f"GitHub has no {what}, or hides it from this account."
            return errors.NotThere(text, what=what, next_step=hint, **facts)
        case 409:
            return errors.Stale(f"It has changed in the meantime{told.quoted}.", **facts)
        case 400 | 405 | 406 | 413 | 415 | 422:
            return _refused(told, facts)
    if status >= 500:
        return errors.HostDown("GitHub failed.", maybe_done=asked.write, **facts)
    text = f"GitHub answered with status {status}, which it does not document here."
    return errors.BadAnswer(text, what=what, maybe_done=asked.write and status < 400, **facts)


def told_by(body: bytes) -> Told:
    """What an error's body says; an HTML page or an empty body says nothing. Never raises."""
    return _told(body)


def _told(body: bytes) -> Told:
    error = decoding.told(body, RestError)
    if error is None:
        return Told()
    listed = [error.errors] if isinstance(error.errors, str) else error.errors or []
    return Told(message=error.said, problems=tuple(_problem(each) for each in listed))


def _problem(each: RestProblem | str) -> str:
    """GitHub's codes in words. https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api"""
    if isinstance(each, str):
        return each
    if each.message:
        return each.message
    return " ".join(word for word in (each.resource, each.field, each.code) if word) or "no reason given"


def _refused(told: Told, facts: dict[str, Any]) -> errors.BridgeError:
    problems = told.problems or ((told.message,) if told.message else ())
    if any("already exists" in problem.lower() for problem in problems):
        return errors.AlreadyThere(f"It is there already{told.quoted}.", **facts)
    return errors.Rejected(f"GitHub refused the input{told.quoted}.", problems=problems, **facts)


# Rights --------------------------------------------------------------------------------------------------------------


def granted_scopes(headers: Mapping[str, str]) -> tuple[str, ...] | None:
    """The classic scopes of the token in use; `None` for other kinds of credentials, which have none."""
    return _names(headers[GRANTED_HEADER]) if GRANTED_HEADER in headers else None


def lacks(granted: Iterable[str], any_of: Sequence[str]) -> bool:
    """Whether none of the scopes in `any_of` is granted, counting what a scope includes."""
    return bool(any_of) and TABLE.kinds["oauth"].held(granted).isdisjoint(any_of)


def _missing_right(
    headers: Mapping[str, str], told: Told, asked: Asked, facts: dict[str, Any]
) -> errors.ScopeMissing | None:
    """The error for a token that lacks a right, where the answer says so."""
    single_sign_on = _sso(headers, facts)
    if single_sign_on is not None:
        return single_sign_on
    granted, accepted = granted_scopes(headers), _names(headers.get(ACCEPTED_HEADER, ""))
    if granted is not None and lacks(granted, accepted):
        return scope_missing("GitHub", accepted, granted, facts)
    if told.message.startswith("Resource not accessible by"):
        needed = _names(headers.get(PERMISSIONS_HEADER, "").replace("=", ":")) or asked.needs
        return scope_missing("GitHub", needed, granted, facts, "and")
    return None


def left_out(headers: Mapping[str, str]) -> str | None:
    """Why an answer about several organizations is not whole; `None` when it is.

    https://docs.github.com/en/rest/authentication (SAML single sign-on): `partial-results; organizations=1,2`
    """
    if not headers.get(SSO_HEADER, "").startswith("partial-results"):
        return None
    return "organizations that want this token authorized for single sign-on are left out"


def _sso(headers: Mapping[str, str], facts: dict[str, Any]) -> errors.ScopeMissing | None:
    """The error for a token that is to be authorized for single sign-on first, with the address for that."""
    found = re.search(r"url=(\S+)", headers.get(SSO_HEADER, ""))
    if found is None:
        return None
    # https://docs.github.com/en/rest/authentication (SAML single sign-on)
    text, url = "The organization wants this token authorized for single sign-on.", found[1]
    return errors.ScopeMissing(text, sso_url=url, next_step=f"Open {url} and authorize the token.", **facts)


def _names(header: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split("[,;]", header) if name.strip())


# GraphQL -------------------------------------------------------------------------------------------------------------


def graph_failure(
    problems: Sequence[GraphError],
    asked: Asked,
    headers: Mapping[str, str] | None = None,
    *,
    server: str = "GitHub",
    **facts: Any,
) -> errors.BridgeError:
    """The error for GraphQL's `errors`, which come with status 200. The gravest of them decides; `server` is by whom."""
    facts.setdefault("status", 200)
    told = Told(message=problems[0].message, problems=tuple(dict.fromkeys(each.message for each in problems)))
    for each in problems:
        match each.type:
            case "INSUFFICIENT_SCOPES":
                return _graph_scopes(each.message, facts)
            case "FORBIDDEN":
                return _sso(headers or {}, facts) or _graph_forbidden(each, asked, facts)
            case "NOT_FOUND":
                text = f"GitHub has no {asked.what}, or hides it from this account."
                return errors.NotThere(text, what=asked.what, **facts)
            case "STALE_DATA":
                return errors.Stale(f"It has changed in the meantime{told.quoted}.", **facts)
            case "UNPROCESSABLE" | "ARGUMENT_LIMIT_EXCEEDED" | "BAD_USER_INPUT":
                return _refused(told, facts)
            case "SERVICE_UNAVAILABLE" | "INTERNAL" | "TIMEOUT":
                return errors.HostDown(f"GitHub could not answer{told.quoted}.", maybe_done=asked.write, **facts)
    if any("Something went wrong while executing your query" in each.message for each in problems):
        return errors.HostDown("GitHub could not answer the query in time.", maybe_done=asked.write, **facts)
    if asked.write and all(each.type is None and each.extensions is None for each in problems):
        return _refused(told, facts)
    return _not_understood(problems, asked, server, told, facts)


#: What graphql-ruby says of arguments, types and mutations that a schema does not have; fields are looked at before.
_OLDER = frozenset({"argumentNotAccepted", "variableRequiresValidType", "undefinedType"})
#: The same of what stands in variables: inputs' fields, and enums' values.
_OLDER_VALUE = re.compile(r"Field is not defined on|to be one of:")


def _is_older(problem: GraphError) -> bool:
    """Whether the server does not know what a newer one would; it has not run anything of the document."""
    told = problem.extensions
    if told is None:
        return False
    return told.code in _OLDER or any(_OLDER_VALUE.search(each.explanation) for each in told.problems or ())


def _not_understood(
    problems: Sequence[GraphError], asked: Asked, server: str, told: Told, facts: dict[str, Any]
) -> errors.BridgeError:
    lacking = next((each.message for each in problems if _is_older(each)), None)
    if lacking is not None:
        return lacks_it(server, Told(message=lacking).quoted.removeprefix(": "), facts)
    return errors.BadAnswer(f"GitHub did not understand the query{told.quoted}.", what=asked.what, **facts)


def _graph_forbidden(problem: GraphError, asked: Asked, facts: dict[str, Any]) -> errors.BridgeError:
    if "not accessible by" in problem.message:
        return scope_missing("GitHub", asked.needs, None, facts, "and")
    if "SAML" in problem.message:
        text = "The organization wants this token authorized for single sign-on."
        return errors.ScopeMissing(text, next_step="Authorize the token in GitHub's settings.", **facts)
    return errors.Forbidden(f"GitHub forbids it{Told(message=problem.message).quoted}.", **facts)


def _graph_scopes(message: str, facts: dict[str, Any]) -> errors.ScopeMissing:
    """The scopes stand in the message's two bracketed lists."""
    lists = re.findall(r"\[([^\]]*)\]", message)
    needed, granted = (tuple(re.findall(r"'([^']+)'", each)) for each in [*lists, "", ""][:2])
    return scope_missing("GitHub", needed, granted if len(lists) > 1 else None, facts)
