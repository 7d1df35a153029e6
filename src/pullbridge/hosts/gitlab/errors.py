"""From GitLab's refusals to `pullbridge.errors`: pure.

https://docs.gitlab.com/api/rest/troubleshooting/ and https://docs.gitlab.com/api/rest/#status-codes
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pullbridge import errors
from pullbridge.auth.scopes.gitlab import TABLE
from pullbridge.hosts import decoding
from pullbridge.hosts.asking import Asked, Told
from pullbridge.hosts.gitlab.payloads import GraphError, RestError
from pullbridge.hosts.refusals import lacks_it, scope_missing

__all__ = [
    "Asked",
    "Told",
    "about",
    "failure",
    "graph_failure",
    "is_moved",
    "is_unplaced",
    "lacks",
    "may_not",
    "told_by",
]

#: The scopes of classic tokens: there is none for merge requests alone. https://docs.gitlab.com/security/tokens/
READ, WRITE = ("read_api",), ("api",)
#: https://docs.gitlab.com/api/rest/#status-codes: what a moved project answers to a write.
_MOVED = "Non GET methods are not allowed for moved projects"
#: Rails' words for a field that is unique; GitLab's for branches, files, labels and merge requests.
_EXISTING = re.compile(r"already exists|has already been taken|already awarded|already (?:a )?member", re.IGNORECASE)
#: `check_sha_param!` in GitLab's lib/api/helpers.rb names the commit that it found instead.
_HEAD = re.compile(r"SHA does not match HEAD of source branch: ([0-9a-f]{40,64})")
#: How long an address is banned for: https://docs.gitlab.com/user/gitlab_com/#ip-blocks
BAN = timedelta(minutes=15)
_LINE_CODE = re.compile(r"line_code|position", re.IGNORECASE)


def about(number: int) -> Asked:
    """A read of one merge request."""
    return Asked(what=f"merge request !{number}", needs=READ)


def failure(status: int, body: bytes, asked: Asked, *, now: datetime | None = None, **facts: Any) -> errors.BridgeError:
    """Make the error for an answer that is no success. `now` is the host's clock; `facts` are the host, and the request id.

    A 401 means a token that is not accepted; one that means "you may not" is told apart by whoever can ask once more.
    """
    facts, told, what = {"status": status, **facts}, told_by(body), asked.what
    match status:
        case 401:
            return errors.SignInNeeded(_refused_token(told), **facts)
        case 403:
            return _forbidden(body, told, asked, now, facts)
        case 404 | 410:
            text = f"GitLab has no {what}, or hides it from this account{_which(told)}."
            # Grape's own answer where there is no such route: an older version.
            if told.message == "404 Not Found" and b'"error"' in body:
                text = f"This GitLab does not know the way to {what}: it may be too old for that."
            return errors.NotThere(text, what=what, **facts)
        case 409:
            return _conflict(told, facts)
        case 400 | 405 | 406 | 412 | 413 | 415 | 422:
            return _refused(told, facts)
        case 408:
            # A query that took GitLab too long: https://docs.gitlab.com/api/merge_requests/ (Request timed out)
            return errors.HostDown("GitLab took too long.", maybe_done=asked.write, **facts)
    if status >= 500:
        return errors.HostDown("GitLab failed.", maybe_done=asked.write, **facts)
    text = f"GitLab answered with status {status}, which it does not document here."
    return errors.BadAnswer(text, what=what, maybe_done=asked.write and status < 400, **facts)


def may_not(token: str, **facts: Any) -> errors.Forbidden:
    """Make the error for a 401 to a token that is accepted: merging and approving are refused so, and jobs' tokens are.

    https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request (401: you do not have permissions)
    """
    return errors.Forbidden(f"GitLab does not let {token} do it, or the account that it is of.", status=401, **facts)


def is_moved(status: int, body: bytes) -> bool:
    """Whether a write was refused, and not done, because its project has another path by now."""
    return status == 405 and _MOVED.encode() in body


def told_by(body: bytes) -> Told:
    """What an error's body says; an HTML page or an empty body says nothing. Never raises."""
    error = decoding.told(body, RestError)
    if error is None:
        return Told()
    said = error.message if error.message is not None else error.error_description or error.error
    problems = tuple(dict.fromkeys(_sentences(said)))
    return Told(message=problems[0] if problems else "", problems=problems if not isinstance(said, str) else ())


def _sentences(said: Any, field: str = "", depth: int = 0) -> Iterator[str]:
    """Text as it is; lists one by one; objects by field, as models' errors come: `{"title": ["is too long"]}`."""
    if isinstance(said, str):
        yield f"{field} {said}".strip() if field not in {"", "base", "error"} else said
    elif isinstance(said, list) and depth < 4:
        for each in said:
            yield from _sentences(each, field, depth + 1)
    elif isinstance(said, dict) and depth < 4:
        for name, each in said.items():
            yield from _sentences(each, str(name), depth + 1)


def _refused_token(told: Told) -> str:
    words = told.message.removeprefix("401 Unauthorized").lstrip(" -")
    why = Told(message=words).quoted if words else ": it is wrong, expired or revoked"
    return f"GitLab does not accept the token{why}."


def _which(told: Told) -> str:
    """`404 Project Not Found` names what is missing, which need not be what was asked for."""
    found = re.fullmatch(r"404 (\w[\w ]{0,40}) Not Found", told.message)
    return f" ({found[1].lower()} not found)" if found else ""


def _conflict(told: Told, facts: dict[str, Any]) -> errors.BridgeError:
    if any(_EXISTING.search(each) for each in (told.message, *told.problems)):
        return errors.AlreadyThere(f"It is there already{told.quoted}.", **facts)
    head = _HEAD.search(told.message)
    return errors.Stale(f"It has changed in the meantime{told.quoted}.", found=head and head[1], **facts)


def _refused(told: Told, facts: dict[str, Any]) -> errors.BridgeError:
    problems = told.problems or ((told.message,) if told.message else ())
    if any(_EXISTING.search(each) for each in problems):
        return errors.AlreadyThere(f"It is there already{told.quoted}.", **facts)
    return errors.Rejected(f"GitLab refused the input{told.quoted}.", problems=problems, **facts)


def is_unplaced(error: errors.BridgeError) -> bool:
    """Whether a comment was refused for its place: `line_code can't be blank`, or an incomplete position."""
    return isinstance(error, errors.Rejected) and any(_LINE_CODE.search(each) for each in error.problems)


# Rights --------------------------------------------------------------------------------------------------------------


def _forbidden(
    body: bytes, told: Told, asked: Asked, now: datetime | None, facts: dict[str, Any]
) -> errors.BridgeError:
    missing = _missing_scope(body, asked, facts)
    if missing is not None:
        return missing
    if body.strip() == b"Forbidden":
        # Rack::Attack's own words, and nothing else
        text = "GitLab does not listen to this address for a while, after too many refused sign-ins."
        step = "Stop asking for 15 minutes, and check the token."
        return errors.RateLimited(text, resets_at=now and now + BAN, next_step=step, retryable=False, **facts)
    return errors.Forbidden(f"GitLab forbids it{told.quoted}.", **facts)


def _missing_scope(body: bytes, asked: Asked, facts: dict[str, Any]) -> errors.ScopeMissing | None:
    """RFC 6750, section 3.1, with the scopes of which one would do; a fine-grained token lacks permissions instead."""
    error = decoding.told(body, RestError)
    if error is None:
        return None
    if error.error == "insufficient_scope":
        # every scope that the route knows, those for reading with them, although they let nobody write
        listed = [each for each in str(error.scope or "").split() if not (asked.write and each.startswith("read_"))]
        return scope_missing("GitLab", listed, None, facts)
    if error.error == "insufficient_granular_scope":
        words = str(error.error_description or "")
        found = re.search(r"\[([^\]]+)\]", words)
        needed = found[1].split(", ") if found else ()
        text = f"The fine-grained token lacks a permission{Told(message=words).quoted}."
        return errors.ScopeMissing(text, needed=needed, **facts)
    return None


def lacks(granted: Sequence[str], any_of: Sequence[str]) -> bool:
    """Whether none of the scopes in `any_of` is granted, counting what a scope includes."""
    return bool(any_of) and TABLE.kinds["oauth"].held(granted).isdisjoint(any_of)


# GraphQL -------------------------------------------------------------------------------------------------------------


def graph_failure(
    problems: Sequence[GraphError], asked: Asked, *, server: str = "GitLab", **facts: Any
) -> errors.BridgeError:
    """The error for GraphQL's `errors`, which come with status 200. `server` is by whom."""
    facts.setdefault("status", 200)
    messages = tuple(dict.fromkeys(each.message for each in problems))
    told = Told(message=messages[0], problems=messages)
    words = " ".join(messages).lower()
    if "does not exist or you don't have permission" in words:
        if asked.write:
            return errors.Forbidden(f"GitLab has no {asked.what}, or does not let this account do it.", **facts)
        return errors.NotThere(f"GitLab has no {asked.what}, or hides it from this account.", what=asked.what, **facts)
    if "exceeds max" in words:
        # https://docs.gitlab.com/api/graphql/#maximum-query-complexity, and the same of depth
        return errors.Rejected(f"GitLab finds the question too large{told.quoted}.", problems=messages, **facts)
    if "fine-grained" in words or "granular" in words:
        return errors.ScopeMissing(f"A fine-grained token may not ask this{told.quoted}.", **facts)
    if "timeout" in words or "timed out" in words or "internal server error" in words:
        return errors.HostDown(f"GitLab could not answer{told.quoted}.", maybe_done=asked.write, **facts)
    lacking = next((each.message for each in problems if _is_older(each)), None)
    if lacking is not None:
        return lacks_it(server, Told(message=lacking).quoted.removeprefix(": "), facts)
    return errors.BadAnswer(f"GitLab did not understand the query{told.quoted}.", what=asked.what, **facts)


#: What graphql-ruby says of fields, arguments, types and mutations that a schema does not have.
_OLDER = frozenset({"undefinedField", "argumentNotAccepted", "variableRequiresValidType", "undefinedType"})


def _is_older(problem: GraphError) -> bool:
    told = problem.extensions
    return told is not None and told.code in _OLDER
