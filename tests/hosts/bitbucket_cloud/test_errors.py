"""From refusals to errors."""

from __future__ import annotations

import json

import pytest

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud.errors import about, failure, lacks, scopes, told_by

IT = Asked(what="such thing", needs=("pullrequest",))
WRITE = Asked(what="such thing", write=True, needs=("pullrequest:write",))


def body(message: object, **more: object) -> bytes:
    return json.dumps({"type": "error", "error": {"message": message, **more}}).encode()


@pytest.mark.parametrize(
    ("status", "told", "kind", "words"),
    [
        (400, body("Bad request", fields={"title": ["required key not provided"]}), errors.Rejected, "title: required"),
        (400, body("Conflicts during merge."), errors.Rejected, "Conflicts during merge"),
        (400, body('Branch "x" already exists.', data={"key": "BRANCH_ALREADY_EXISTS"}), errors.AlreadyThere, "exists"),
        (400, body("Nope", data={"key": "BRANCH_ALREADY_EXISTS"}), errors.AlreadyThere, "Nope"),
        (400, body("name: You already have a repository with this name."), errors.AlreadyThere, "already have"),
        (401, b"", errors.SignInNeeded, "e-mail address"),
        (
            401,
            body("Token is invalid, expired, or not supported for this endpoint."),
            errors.SignInNeeded,
            "Give a valid one: an API token has to be made with scopes",
        ),
        (403, body("Access denied. You must have write or admin access."), errors.Forbidden, "write or admin"),
        (404, body("You may not have access to this repository"), errors.NotThere, "hides it"),
        (404, b"<html>Not found</html>", errors.NotThere, "hides it"),
        (409, body("One of the refs involved changed"), errors.Stale, "refs involved"),
        (410, b"", errors.NotThere, "such thing"),
        (415, b"", errors.Rejected, "refused"),
        (408, b"", errors.HostDown, "too long"),
        (555, body("This request took too long"), errors.HostDown, "failed"),
        (302, b"", errors.BadAnswer, "302"),
    ],
)
def test_each_status_has_its_error(status: int, told: bytes, kind: type[errors.BridgeError], words: str) -> None:
    """With the host's words, and the status."""
    error = failure(status, told, IT, host="bitbucket.org")
    assert type(error) is kind
    assert words in str(error)
    assert (error.status, error.host) == (status, "bitbucket.org")


def test_missing_scopes_are_named() -> None:
    """Those that are needed and those that are there, as the answer or its headers tell."""
    told = body(
        "Your credentials lack one or more required privilege scopes.",
        detail={
            "required": ["pullrequest:write"],
            "granted": ["pullrequest", "account"],
        },
    )
    error = failure(403, told, WRITE)
    assert isinstance(error, errors.ScopeMissing)
    assert (error.needed, error.granted) == (("pullrequest:write",), ("pullrequest", "account"))
    bare = failure(
        403, body("Your credentials lack one or more required privilege scopes."), WRITE, granted=("account",)
    )
    assert isinstance(bare, errors.ScopeMissing)
    assert (bare.needed, bare.granted) == (("pullrequest:write",), ("account",))


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b"<html>",
        b"[" * 100_000,
        b'{"error": 3}',
        b'{"error": {"message": {"a": 1}}}',
        b'{"error": {"fields": [[["x"]]]}}',
        b'{"error": {"detail": {"required": 7}}}',
        b'{"error": {"data": []}}',
    ],
)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_no_body_is_too_odd(told: bytes, status: int) -> None:
    """The class is right, whatever stands in it."""
    assert failure(status, told, IT).status == status


def test_a_body_says_what_is_wrong_field_by_field() -> None:
    """A message that only repeats them is left out."""
    told = body("reviewers: Malformed reviewers list", fields={"reviewers": ["Malformed reviewers list"], "x": "y"})
    assert told_by(told).problems == ("reviewers: Malformed reviewers list", "x: y")
    assert told_by(body("Something", detail="More of it")).problems == ("Something", "More of it")
    assert told_by(b'{"error": "invalid_token", "error_description": "It is old"}').message == "It is old"


def test_scopes_come_with_headers() -> None:
    """As a list with commas or without; no header tells nothing."""
    assert scopes({"X-OAuth-Scopes": "account, pullrequest:write"}) == ("account", "pullrequest:write")
    assert scopes({"X-OAuth-Scopes": ""}) == ()
    assert scopes({}) is None


def test_a_scope_includes_others_and_an_api_tokens_none() -> None:
    """`pullrequest:write` reads; `write:pullrequest:bitbucket` does not."""
    assert lacks(("pullrequest:write",), ("pullrequest", "repository")) == ()
    assert lacks(("account",), ("account", "pullrequest")) == ("pullrequest",)
    wanted = ("read:pullrequest:bitbucket",)
    assert lacks(("write:pullrequest:bitbucket",), wanted) == wanted


def test_an_unclear_end_of_a_write_says_so() -> None:
    """A read leaves nothing open."""
    assert failure(500, b"", WRITE).maybe_done
    assert not failure(500, b"", about(7)).maybe_done
