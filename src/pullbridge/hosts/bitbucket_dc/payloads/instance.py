"""The instance, and its refusals. https://developer.atlassian.com/server/bitbucket/rest/v902/intro/#errors---validation"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.payloads.base import Rest
from pullbridge.hosts.bitbucket_dc.payloads.pulls import PullRequest, Veto


class ApplicationProperties(Rest):
    """https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-system-maintenance/ (application-properties)"""

    version: str | None = None
    display_name: str | None = None


class ReviewerError(Rest):
    """Why somebody cannot be a reviewer; `context` is who."""

    context: str | None = None
    message: str | None = None


class ErrorRow(Rest):
    """One problem: the field that it is about, words, the name of a Java exception, and what that one tells besides."""

    context: str | None = None
    message: str | None = None
    exception_name: str | None = None
    current_version: int | None = None
    expected_version: int | None = None
    conflicted: bool | None = None
    vetoes: list[Veto] | None = None
    reviewer_errors: list[ReviewerError] | None = None
    existing_pull_request: PullRequest | None = None


class RestError(Rest):
    """A refusal. `message` alone is what the server below the REST says of an address that it does not know."""

    errors: list[ErrorRow] | None = None
    message: str | None = None
