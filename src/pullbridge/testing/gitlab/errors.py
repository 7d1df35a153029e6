"""GitLab's error answers, and what each of the store's refusals is there.

`message` is a sentence, a list or an object of lists (https://docs.gitlab.com/api/rest/troubleshooting/); what Grape
itself refuses is under `error`, and so is what OAuth refuses (`lib/api/api_guard.rb`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pullbridge.testing.store import Refused, Why

Message = str | list[str] | dict[str, list[str]] | dict[str, str]

_REALM = 'Bearer realm="Protected by OAuth 2.0"'


class ApiError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, payload: Any, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {payload}")
        self.status = status
        self.payload = payload
        self.headers: dict[str, str] = dict(headers or {})


def problem(status: int, message: Message) -> ApiError:
    """`{"message": …}`."""
    return ApiError(status, {"message": message})


def not_found(resource: str = "") -> ApiError:
    """What is not there, or hidden: `404 Project Not Found`."""
    return problem(404, " ".join(part for part in ("404", resource, "Not Found") if part))


def unauthorized() -> ApiError:
    """Nobody, or nobody known; also who may not merge."""
    return problem(401, "401 Unauthorized")


def forbidden(reason: str = "") -> ApiError:
    """Who may not."""
    return problem(403, f"403 Forbidden - {reason}" if reason else "403 Forbidden")


def bad_request(reason: str) -> ApiError:
    """What makes no sense."""
    return problem(400, f"400 Bad request - {reason}")


def not_allowed(message: str = "405 Method Not Allowed") -> ApiError:
    """What cannot be done now."""
    return problem(405, message)


def conflict(message: Message = "409 Conflict") -> ApiError:
    """What is in the way of another."""
    return problem(409, message)


def unprocessable(message: Message) -> ApiError:
    """What cannot be done at all."""
    return problem(422, message)


def invalid(**fields: str | list[str]) -> ApiError:
    """A validation: `{"message": {"title": ["can't be blank"]}}`."""
    return problem(400, {name: [said] if isinstance(said, str) else said for name, said in fields.items()})


def parameters(*problems: str) -> ApiError:
    """Parameters as Grape refuses them: `{"error": "title is missing, state does not have a valid value"}`."""
    return ApiError(400, {"error": ", ".join(problems)})


def too_many(message: str = "This endpoint has been requested too many times. Try again later.") -> ApiError:
    """What the application itself limits, such as new notes (https://docs.gitlab.com/security/rate_limits/)."""
    return problem(429, {"error": message})


def bearer(status: int, error: str, description: str, **more: str) -> ApiError:
    """An answer of OAuth's making: `{"error": …, "error_description": …}`, with its challenge when it is 401."""
    payload = {"error": error, "error_description": description, **more}
    challenge = f'{_REALM}, error="{error}", error_description="{description}"'
    return ApiError(status, payload, headers={"WWW-Authenticate": challenge} if status == 401 else None)


_ANSWERS: dict[Why, ApiError] = {
    Why.NOT_FOUND: not_found(),
    Why.CLOSED: not_allowed(),
    Why.MERGED: not_allowed(),
    Why.CONFLICTS: unprocessable("Branch cannot be merged"),
    Why.BODY_MISSING: bad_request('"body" not given'),
    Why.NOT_A_MEMBER: forbidden(),
}


def answer_to(refused: Refused) -> ApiError:
    """The answer a refusal gets, unless an operation has its own."""
    known = _ANSWERS.get(refused.why)
    return known if known is not None else unprocessable(str(refused))
