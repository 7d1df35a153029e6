"""From refusals to errors: by status, by the exception that a 409 names, and by whom a 401 was answered to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.hosts.bitbucket_dc.asked import OUTDATED, pull, refused

from pullbridge import errors
from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.errors import Asked, failure, refused_reviewers, told_by, vetoed

WRITE = Asked(what="pull request 7", write=True, needs=("REPO_WRITE",))
FACTS = {"host": "code.example", "request_id": "@1"}


def made(status: int, body: Any, *, signed_in: bool | None = None, **headers: str) -> errors.BridgeError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return failure(status, headers, content, WRITE, signed_in=signed_in, **FACTS)


def test_a_stale_version_has_both_versions() -> None:
    """DC-02, DC-39: what it was, and what it is."""
    error = made(409, OUTDATED)
    assert isinstance(error, errors.Stale)
    assert (error.expected, error.found, error.status) == ("3", "4", 409)


def test_a_veto_has_its_reasons() -> None:
    """DC-38: the summaries, and what they go on to say."""
    vetoes = [
        {"summaryMessage": "Not all required builds are successful yet", "detailedMessage": "Build 3 is running."},
        {"summaryMessage": "Requires approvals", "detailedMessage": None},
    ]
    body = refused("Merging the pull request has been vetoed.", "pull.PullRequestMergeVetoedException", vetoes=vetoes)
    error = made(409, body)
    assert isinstance(error, errors.NotMergeable)
    assert error.reasons == (
        "Not all required builds are successful yet: Build 3 is running.",
        "Requires approvals",
    )


def test_a_conflict_is_told_from_a_veto() -> None:
    """DC-39: by the same exception, with another flag."""
    text = "The pull request has conflicts and cannot be merged."
    error = made(409, refused(text, "pull.PullRequestMergeVetoedException", conflicted=True, vetoes=[]))
    assert isinstance(error, errors.NotMergeable)
    assert error.reasons == ("it has conflicts with its target",)


def test_a_duplicate_has_the_existing_one() -> None:
    """As it stands in the refusal."""
    body = refused(
        "Only one pull request may be open", "pull.DuplicatePullRequestException", existingPullRequest=pull()
    )
    error = made(409, body)
    assert isinstance(error, errors.AlreadyThere)
    assert isinstance(error.existing, payloads.PullRequest)
    assert error.existing.id == 7


def test_an_archived_repository_lets_nobody() -> None:
    """DC-39: not a matter of the pull request."""
    error = made(409, refused("Repository PRJ/app is archived.", "repository.RepositoryArchivedException"))
    assert isinstance(error, errors.Forbidden)
    assert "Unarchive" in error.remedy


@pytest.mark.parametrize(
    "exception",
    ["pull.IllegalPullRequestStateException", "pull.EmptyPullRequestException", "comment.CommentDeletionException"],
)
def test_any_other_conflict_is_refused_in_its_own_words(exception: str) -> None:
    """DC-30, DC-39: closed, empty, with replies."""
    error = made(409, refused("It is so.", exception))
    assert type(error) is errors.Rejected
    assert error.problems == ("It is so.",)


def test_reviewers_are_refused_by_name() -> None:
    """DC-05: each with why, so that who is refused can be told."""
    rows = [{"context": "linus", "message": "linus is not a user.", "exceptionName": None}]
    body = refused("Errors.", "pull.InvalidPullRequestReviewersException", reviewerErrors=rows, validReviewers=[])
    error = made(409, body)
    assert isinstance(error, errors.Rejected)
    assert error.problems == ("linus: linus is not a user.",)
    assert refused_reviewers(error, ("lin", "linus", "grace")) == {"linus"}


def test_who_may_not_is_not_who_is_not_known() -> None:
    """DC-55: both get a 401; the credential that is accepted is not thrown away."""
    body = refused("You are not permitted to access this resource", "AuthorisationException")
    may_not = made(401, body, signed_in=True)
    assert isinstance(may_not, errors.Forbidden)
    assert "REPO_WRITE" in str(may_not)
    assert isinstance(made(401, body, signed_in=False), errors.SignInNeeded)


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_may_not_comment_may_lack_more_than_reading(status: int) -> None:
    """REST asks for reading of who comments, the page of tokens for writing: both are named."""
    asked = Asked(what="pull request 7", write=True, needs=("REPO_READ",))
    error = failure(status, {}, b"", asked, signed_in=True, **FACTS)
    assert isinstance(error, errors.Forbidden)
    assert "no REPO_READ, or, for an HTTP access token, no REPO_WRITE" in str(error)
    assert "a token that may more" in error.remedy


def test_a_captcha_is_said() -> None:
    """For no password helps then."""
    error = made(401, b"", signed_in=False, **{"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=x"})
    assert isinstance(error, errors.SignInNeeded)
    assert "browser" in error.remedy


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Rejected),
        (403, errors.Forbidden),
        (404, errors.NotThere),
        (413, errors.Rejected),
        (415, errors.Rejected),
        (500, errors.HostDown),
        (503, errors.HostDown),
        (302, errors.BadAnswer),
        (418, errors.BadAnswer),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>Oops</html>", b'{"errors":null}', b'{"errors":[{}]}', b'{"errors":3}'])
def test_a_refusal_never_fails_to_be_one(status: int, kind: type[errors.BridgeError], body: bytes) -> None:
    """Whatever its body is."""
    error = made(status, body)
    assert isinstance(error, kind)
    assert "Oops" not in str(error)
    assert (error.status, error.host) == (status, "code.example")


def test_a_conflict_without_a_body_is_one() -> None:
    """Nothing tells which."""
    assert type(made(409, b"")) is errors.Rejected


def test_a_field_is_named_with_its_problem() -> None:
    """Unless the words do."""
    told = told_by(json.dumps({"errors": [{"context": "title", "message": "Too long."}]}).encode())
    assert told.problems == ("title: Too long.",)
    told = told_by(json.dumps({"errors": [{"context": "title", "message": "The title is required."}]}).encode())
    assert told.problems == ("The title is required.",)


def test_vetoes_without_words_are_no_reasons() -> None:
    """And equal ones are one."""
    empty, twice = payloads.Veto(), payloads.Veto(summary_message="No.", detailed_message="")
    assert vetoed([empty, twice, twice]) == ("No",)
