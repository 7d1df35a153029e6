"""GitHub's error answers, and what each of the store's refusals is there.

https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api. Where that page is silent, the wording
is what clients have quoted in public issues (unverified).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pullbridge.testing.store import Refused, Why

DOCS = "https://docs.github.com/rest"


class ApiError(Exception):
    """An answer that is an error. `errors` are objects or plain sentences, as the operation has them."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Sequence[Mapping[str, object] | str] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = dict(headers or {})
        self.payload: dict[str, Any] = {"message": message, "documentation_url": DOCS}
        if status not in {405, 409, 422}:  # the description of the API does not know it there
            self.payload["status"] = str(status)
        if errors is not None:
            self.payload["errors"] = list(errors)
        self.payload.update(more)


def not_found() -> ApiError:
    """What is not there, or hidden."""
    return ApiError(404, "Not Found")


def invalid(resource: str, field: str | None = None, code: str = "invalid", message: str | None = None) -> ApiError:
    """422 with one error object: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api"""
    error = {"resource": resource, "code": code}
    if field is not None:
        error["field"] = field
    if message is not None:
        error["message"] = message
    return ApiError(422, "Validation Failed", errors=[error])


def unprocessable(*sentences: str) -> ApiError:
    """422 with sentences: how reviews are refused."""
    return ApiError(422, "Unprocessable Entity", errors=list(sentences))


def _pull(message: str) -> ApiError:
    return invalid("PullRequest", code="custom", message=message)


_THREAD = "pull_request_review_thread"


def _thread(field: str, message: str) -> ApiError:
    name = f"{_THREAD}.{field}"
    return invalid("PullRequestReviewComment", name, "custom", f"{name} {message}")


def _method_not_allowed(refused: Refused) -> ApiError:
    kinds = {"merge": "Merge commits", "squash": "Squash merges", "rebase": "Rebase merges"}
    return ApiError(405, f"{kinds[str(refused.facts['method'])]} are not allowed on this repository.")


def _checks_missing(refused: Refused) -> ApiError:
    missing = refused.facts.get("missing", ())
    names = missing if isinstance(missing, tuple) else ()
    if len(names) == 1:
        return ApiError(405, f'Required status check "{names[0]}" is expected.')
    return ApiError(405, f"{len(names)} of {len(names)} required status checks are expected.")


def _own_pull(refused: Refused) -> ApiError:
    event = refused.facts.get("event")
    if event is None:
        return ApiError(422, "Review cannot be requested from pull request author.")
    deed = "approve" if event == "APPROVE" else "request changes on"
    return unprocessable(f"Can not {deed} your own pull request")


def _body_missing(refused: Refused) -> ApiError:
    if "event" in refused.facts:
        return unprocessable("Pull request review body is required")  # unverified wording
    return invalid("IssueComment", "data", "unprocessable", "Body cannot be blank")


_ANSWERS: dict[Why, Callable[[Refused], ApiError]] = {
    Why.NOT_FOUND: lambda _: not_found(),
    Why.NAME_TAKEN: lambda _: ApiError(422, "Reference already exists"),
    Why.BAD_NAME: lambda _: ApiError(422, "Reference name is not valid"),
    Why.NO_COMMITS: lambda r: _pull(f"No commits between {r.facts['target']} and {r.facts['source']}"),
    Why.PULL_EXISTS: lambda r: _pull(f"A pull request already exists for {r.facts.get('label', 'this branch')}."),
    Why.SOURCE_MISSING: lambda _: invalid("PullRequest", "head"),
    Why.TARGET_MISSING: lambda _: invalid("PullRequest", "base"),
    Why.UNRELATED: lambda r: _pull(f"The {r.facts['source']} branch has no history in common with {r.facts['target']}"),
    Why.CLOSED: lambda _: ApiError(405, "Pull Request is not mergeable"),
    Why.MERGED: lambda _: ApiError(405, "Pull Request is not mergeable"),
    Why.CONFLICTS: lambda _: ApiError(405, "Pull Request is not mergeable"),
    Why.DRAFT: lambda _: ApiError(405, "Pull Request is still a draft"),
    Why.BEHIND: lambda _: ApiError(405, "Head branch is not up to date with the base branch."),
    Why.REVIEWS_MISSING: lambda _: ApiError(
        405, "At least 1 approving review is required by reviewers with write access."
    ),
    Why.CHANGES_REQUESTED: lambda _: ApiError(405, "Changes were requested by reviewers with write access."),
    Why.CHECKS_MISSING: _checks_missing,
    Why.HEAD_MOVED: lambda _: ApiError(409, "Head branch was modified. Review and try the merge again."),
    Why.METHOD_NOT_ALLOWED: _method_not_allowed,
    Why.UP_TO_DATE: lambda _: ApiError(422, "There are no new commits on the base branch."),
    Why.NOT_FAST_FORWARD: lambda _: ApiError(422, "Update is not a fast forward"),
    Why.FILE_NOT_IN_DIFF: lambda _: _thread("path", "is invalid"),
    Why.LINE_NOT_IN_DIFF: lambda _: _thread("line", "must be part of the diff"),
    Why.START_NOT_IN_DIFF: lambda _: _thread("start_line", "must be part of the same hunk as the line."),
    Why.START_NOT_BEFORE_END: lambda _: _thread("start_line", "must precede the end line."),
    Why.COMMIT_NOT_IN_PULL: lambda _: invalid(
        "PullRequestReviewComment", "commit_id", "custom", "commit_id is not part of the pull request"
    ),
    Why.BODY_MISSING: _body_missing,
    Why.OWN_PULL: _own_pull,
    Why.PENDING_EXISTS: lambda _: invalid(
        "PullRequestReview", "user_id", "custom", "user_id can only have one pending review per pull request"
    ),
    Why.NOT_PENDING: lambda _: unprocessable("Can not delete a non-pending pull request review"),
    Why.NOT_DISMISSABLE: lambda r: unprocessable(
        f"Can not dismiss a {str(r.facts['state']).lower()} pull request review"
    ),
    Why.NOTHING_TO_WAIT_FOR: lambda _: unprocessable("Pull request is in clean status"),
    Why.NOT_A_MEMBER: lambda r: ApiError(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a "
        f"collaborator of the {r.facts.get('repository', '')} repository.",
    ),
}


def answer_to(refused: Refused) -> ApiError:
    """The answer a refusal gets, unless an operation has its own."""
    return _ANSWERS[refused.why](refused)
