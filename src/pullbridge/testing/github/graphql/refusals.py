"""The store's refusals in GraphQL's words.

Most are REST's sentences; those that differ are quoted from what clients reported (unverified where no link says so).
"""

from __future__ import annotations

from collections.abc import Callable

from pullbridge.testing.github.errors import answer_to
from pullbridge.testing.github.graphql.errors import Refusal, not_found, unprocessable
from pullbridge.testing.store import Refused, Why


def _own_pull(refused: Refused) -> str:
    """https://github.com/orgs/community/discussions/8918."""
    event = refused.facts.get("event")
    if event is None:
        return "Review cannot be requested from pull request author."
    return f"Review Can not {'approve' if event == 'APPROVE' else 'request changes on'} your own pull request"


_SENTENCES: dict[Why, Callable[[Refused], str]] = {
    Why.OWN_PULL: _own_pull,
    # https://github.com/microsoft/vscode-pull-request-github/issues/1317
    Why.PENDING_EXISTS: lambda _: "User can only have one pending review per pull request",
    Why.FILE_NOT_IN_DIFF: lambda _: "Pull request review thread path is invalid",
    # https://github.com/parkerbxyz/suggest-changes/issues/28
    Why.LINE_NOT_IN_DIFF: lambda _: (
        "Pull request review thread line must be part of the diff and "
        "Pull request review thread diff hunk can't be blank"
    ),
    Why.START_NOT_IN_DIFF: lambda _: "Pull request review thread start line must be part of the same hunk as the line.",
    Why.START_NOT_BEFORE_END: lambda _: "Pull request review thread start line must precede the end line.",
    Why.COMMIT_NOT_IN_PULL: lambda _: "The commit OID is not part of the pull request",
    # https://github.com/peter-evans/enable-pull-request-automerge/issues/343
    Why.NOTHING_TO_WAIT_FOR: lambda _: "Pull request Pull request is in clean status",
}


def refusal_of(refused: Refused) -> Refusal:
    """The GraphQL error for a store's no."""
    sentence = _SENTENCES.get(refused.why)
    if sentence is not None:
        return unprocessable(sentence(refused))
    payload = answer_to(refused).payload
    for error in payload.get("errors", ()):
        return unprocessable(error if isinstance(error, str) else error.get("message", payload["message"]))
    return not_found("Not Found") if refused.why is Why.NOT_FOUND else unprocessable(payload["message"])
