"""Bitbucket's refusals: `{"type": "error", "error": {"message", "detail", "data", "fields"}}`.

https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pullbridge.testing.store import Refused, Why

#: https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/; the words are clients' (avivsinai/bitbucket-cli#174).
BAD_TOKEN = "Token is invalid, expired, or not supported for this endpoint."  # noqa: S105 - a sentence
EXPIRED = "Access token expired. Use your refresh token to obtain a new access token."
HIDDEN = (
    "You may not have access to this repository or it no longer exists in this workspace. If you think this repository "
    "exists and you have access, make sure you are authenticated."
)
LACKS_SCOPES = "Your credentials lack one or more required privilege scopes."
TOO_MANY = "Rate limit for this resource has been exceeded"
CLOSED = "This pull request is already closed."


class ApiError(Exception):
    """An answer that is a refusal. A `message` of `None` is an answer without a body."""

    def __init__(
        self,
        status: int,
        message: str | None = None,
        *,
        detail: object = None,
        data: object = None,
        fields: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.headers: dict[str, str] = dict(headers or {})
        more = {"detail": detail, "data": data, "fields": fields}
        error = {"message": message} | {name: value for name, value in more.items() if value is not None}
        self.payload: Any = b"" if message is None else {"type": "error", "error": error}


def bad_request(message: str, *, data: object = None) -> ApiError:
    """What makes no sense, or cannot be done."""
    return ApiError(400, message, data=data)


def invalid(field: str, problem: str) -> ApiError:
    """A field that was refused: its name is before the message and among `fields`."""
    return ApiError(400, f"{field}: {problem}", fields={field: [problem]})


def unauthorized(message: str | None = None) -> ApiError:
    """Nobody, where somebody is needed. Without a message it has no body, as the specification has it."""
    return ApiError(401, message, headers={"WWW-Authenticate": 'Basic realm="Bitbucket.org HTTP"'})


def forbidden(
    message: str = "Access denied. You must have write or admin access.", *, detail: object = None
) -> ApiError:
    """Who may not."""
    return ApiError(403, message, detail=detail)


def not_found(message: str = "Resource not found", *, data: object = None) -> ApiError:
    """What is not there, or hidden."""
    return ApiError(404, message, data=data)


def no_commit(name: str) -> ApiError:
    """A commit, or a revision, that there is none of."""
    return not_found("Commit not found", data={"shas": [name]})


def conflict(message: str) -> ApiError:
    """What is in the way of another."""
    return ApiError(409, message)


def timed_out(message: str = "This request took too long to complete and was stopped.") -> ApiError:
    """Bitbucket's own status for an operation that took too long."""
    return ApiError(555, message)


_ANSWERS: dict[Why, ApiError] = {
    Why.NOT_FOUND: not_found(),
    Why.CLOSED: bad_request(CLOSED),
    Why.MERGED: bad_request(CLOSED),
    Why.NO_COMMITS: bad_request("There are no changes to be pulled"),
    Why.UNRELATED: bad_request("There are no changes to be pulled"),
    Why.CONFLICTS: bad_request("Conflicts during merge."),
    Why.BODY_MISSING: invalid("content", "Content cannot be empty."),
    Why.NOT_A_MEMBER: forbidden(),
}


def answer_to(refused: Refused) -> ApiError:
    """The answer a refusal gets, unless an operation has its own."""
    known = _ANSWERS.get(refused.why)
    return known if known is not None else bad_request(str(refused))
