"""Errors as Data Center says them: a list of messages, each with the field it is about and the name of a Java exception.

The names and the additional fields are from answers quoted in public code and issues (renovatebot/renovate
`lib/modules/platform/bitbucket-server`, drone/go-scm `scm/driver/stash`, sourcegraph's recordings); the statuses are the
specification's.
"""

from __future__ import annotations

from typing import Any

_ROOT = "com.atlassian.bitbucket."


class ApiError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, payload: Any, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status}: {payload}")
        self.status = status
        self.payload = payload
        self.headers: dict[str, str] = headers or {}


def message(text: str, exception: str | None = None, context: str | None = None, **more: Any) -> dict[str, Any]:
    """One entry of `errors`. `exception` is named below `com.atlassian.bitbucket`."""
    return {"context": context, "message": text, "exceptionName": exception and _ROOT + exception, **more}


def problem(status: int, text: str, exception: str | None = None, context: str | None = None, **more: Any) -> ApiError:
    """An answer with one error."""
    return ApiError(status, {"errors": [message(text, exception, context, **more)]})


def unauthorized() -> ApiError:
    """Who may not, signed in or not: Data Center answers 401 where others say 403."""
    return problem(401, "You are not permitted to access this resource", "AuthorisationException")


def bad_credentials() -> ApiError:
    """A credential that is unknown, expired or revoked."""
    text = "Authentication failed. Please check your credentials and try again."
    return problem(401, text, "auth.IncorrectPasswordAuthenticationException")


def not_there(kind: str, text: str) -> ApiError:
    """What is not there: `not_there("pull.NoSuchPullRequest", …)`."""
    return problem(404, text, f"{kind}Exception")


def no_project(key: str) -> ApiError:
    """No such project."""
    return not_there("project.NoSuchProject", f"Project {key} does not exist.")


def no_repository(key: str, slug: str) -> ApiError:
    """No such repository."""
    return not_there("repository.NoSuchRepository", f"Repository {key}/{slug} does not exist.")


def no_user(name: str) -> ApiError:
    """No such user."""
    return not_there("user.NoSuchUser", f"User {name} does not exist.")


def no_branch(name: str, repository: str) -> ApiError:
    """No such branch."""
    text = f"Branch \"{name}\" does not exist in repository '{repository}'."
    return not_there("repository.NoSuchBranch", text)


def no_commit(name: str, repository: str) -> ApiError:
    """No such commit."""
    return not_there("commit.NoSuchCommit", f"Commit '{name}' does not exist in repository '{repository}'.")


def no_path(path: str, at: str) -> ApiError:
    """No such file or folder."""
    return not_there("content.NoSuchPath", f'The path "{path}" does not exist at revision "{at}"')


def no_comment(number: int) -> ApiError:
    """No such comment."""
    return not_there("comment.NoSuchComment", f"Comment {number} does not exist.")


def invalid(context: str | None, text: str) -> ApiError:
    """A field that cannot be."""
    return problem(400, text, None, context)


def bad_argument(text: str) -> ApiError:
    """A parameter that makes no sense."""
    return problem(400, text, "validation.ArgumentValidationException")


def conflict(text: str, exception: str, **more: Any) -> ApiError:
    """What cannot be done now."""
    return problem(409, text, exception, **more)


def out_of_date(current: int, expected: int) -> ApiError:
    """A pull request that has another version by now."""
    text = "You are attempting to modify a pull request based on out-of-date information."
    exception = "pull.PullRequestOutOfDateException"
    return conflict(text, exception, currentVersion=current, expectedVersion=expected)


def comment_out_of_date(current: int, expected: int) -> ApiError:
    """A comment that has another version by now."""
    text = "You are attempting to modify a comment based on out-of-date information."
    return conflict(text, "comment.CommentOutOfDateException", currentVersion=current, expectedVersion=expected)


def archived(repository: str) -> ApiError:
    """A repository that nobody changes any more."""
    text = f"Repository {repository} is archived and cannot be modified."
    return conflict(text, "repository.RepositoryArchivedException")
