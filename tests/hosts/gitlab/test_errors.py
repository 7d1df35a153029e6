"""What GitLab's refusals become: by what to do next, in one readable line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pullbridge import errors
from pullbridge.hosts.gitlab.errors import Asked, failure, graph_failure, is_moved, is_unplaced, lacks, told_by
from pullbridge.hosts.gitlab.payloads import GraphError
from pullbridge.hosts.graphql import GraphErrorExtensions

READ = Asked(what="merge request !7")
WRITE = Asked(what="merge request !7", write=True)
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
HEAD = "5f3c" * 10


def made(status: int, body: Any, asked: Asked = WRITE) -> errors.BridgeError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return failure(status, content, asked, host="code.example", request_id="R1", now=NOON)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"message": "400 Bad request - Note is too long"}, errors.Rejected),
        (400, {"error": "title is missing, state does not have a valid value"}, errors.Rejected),
        (400, {"message": "SHA must be provided when merging"}, errors.Rejected),
        (400, {"message": "Branch already exists"}, errors.AlreadyThere),
        (400, {"message": {"name": ["has already been taken"]}}, errors.AlreadyThere),
        (401, {"message": "401 Unauthorized"}, errors.SignInNeeded),
        (401, {"error": "invalid_token", "error_description": "Token was revoked."}, errors.SignInNeeded),
        (403, {"message": "403 Forbidden"}, errors.Forbidden),
        (403, {"error": "insufficient_scope", "scope": "api read_api"}, errors.ScopeMissing),
        (403, b"Forbidden\n", errors.RateLimited),
        (404, {"message": "404 Not found"}, errors.NotThere),
        (404, {"error": "404 Not Found"}, errors.NotThere),
        (405, {"message": "405 Method Not Allowed"}, errors.Rejected),
        (406, {"message": "406 Not Acceptable"}, errors.Rejected),
        (408, {"message": "Request timed out"}, errors.HostDown),
        (409, {"message": f"SHA does not match HEAD of source branch: {HEAD}"}, errors.Stale),
        (
            409,
            {"message": ["Another open merge request already exists for this source branch: !12"]},
            errors.AlreadyThere,
        ),
        (412, {"message": "412 Precondition Failed"}, errors.Rejected),
        (413, {"message": "413 Request Entity Too Large"}, errors.Rejected),
        (422, {"message": "Branch cannot be merged"}, errors.Rejected),
        (429, {}, errors.BadAnswer),
        (302, b"", errors.BadAnswer),
        (502, b"<html>Bad gateway</html>", errors.HostDown),
    ],
)
def test_every_status_has_its_meaning(status: int, body: Any, kind: type[errors.BridgeError]) -> None:
    """With host, status and request id in every one."""
    error = made(status, body)
    assert type(error) is kind
    assert (error.host, error.status, error.request_id) == ("code.example", status, "R1")


@pytest.mark.parametrize(
    ("said", "problems"),
    [
        ({"message": "Branch cannot be merged"}, ("Branch cannot be merged",)),
        ({"message": ["Title is too long", "Title is too long", "no"]}, ("Title is too long", "no")),
        (
            {"message": {"title": ["can't be blank", "is too short"], "base": ["No"]}},
            ("title can't be blank", "title is too short", "No"),
        ),
        ({"message": {"note": {"deep": ["is wrong"]}}}, ("deep is wrong",)),
        (
            {"message": {"error": "This endpoint has been requested too many times."}},
            ("This endpoint has been requested too many times.",),
        ),
        ({"error": "title is missing"}, ("title is missing",)),
        ({"error": "invalid_grant", "error_description": "The grant is invalid."}, ("The grant is invalid.",)),
    ],
)
def test_text_lists_and_objects_are_read_alike(said: Any, problems: tuple[str, ...]) -> None:
    """GL-60 and GL-61: one sentence a problem, with the field that it is about."""
    error = made(422, said)
    assert isinstance(error, errors.Rejected)
    assert error.problems == problems
    assert "; ".join(problems).rstrip(".") in str(error)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Sign in</body></html>",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b'{"message": null}',
        b'{"message": 7}',
        b'{"message": {"a": {"b": {"c": {"d": {"e": ["too deep"]}}}}}}',
        b'{"message":' + b"[" * 2000 + b"]" * 2000 + b"}",
        b'{"error": {"code": 1}, "scope": ["api"], "error_description": [1]}',
    ],
)
def test_a_body_of_another_shape_says_nothing(body: bytes) -> None:
    """Reading an error never raises another one, and shows no page."""
    error = made(400, body)
    assert isinstance(error, errors.Rejected)
    assert error.problems == ()
    assert error.summary == "GitLab refused the input."


def test_words_are_shortened_to_one_printable_line() -> None:
    """What a host says stands in logs and on terminals."""
    told = told_by(json.dumps({"message": "a\x1b[31m\nb\u202e" + "x" * 1000}).encode()).quoted
    assert told.startswith(": a [31m b x")
    assert "\n" not in told
    assert len(told) < 310


def test_a_token_that_is_not_accepted_says_why() -> None:
    """OAuth's own words where there are some; "401 Unauthorized" is none."""
    assert "it is wrong, expired or revoked" in str(made(401, {"message": "401 Unauthorized"}))
    assert "Token is expired" in str(made(401, {"error": "invalid_token", "error_description": "Token is expired."}))
    assert "no password" in str(made(401, {"message": "401 Unauthorized - no password"}))


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        (
            {"error": "insufficient_scope", "error_description": "More, please.", "scope": "api read_api"},
            ("api", "read_api"),
        ),
        ({"error": "insufficient_scope"}, ()),
        (
            {
                "error": "insufficient_granular_scope",
                "error_description": "Access denied: Your fine-grained personal access token lacks the required "
                "permissions: [Merge Request Read, Pipeline Read].",
            },
            ("Merge Request Read", "Pipeline Read"),
        ),
    ],
)
def test_what_a_token_lacks_is_named(body: Any, needed: tuple[str, ...]) -> None:
    """Classic scopes, of which one would do, and the permissions of fine-grained tokens."""
    error = made(403, body, READ)
    assert isinstance(error, errors.ScopeMissing)
    assert error.needed == needed
    assert error.granted is None


def test_no_scope_for_reading_lets_anybody_write() -> None:
    """GitLab lists all that the route knows; what would help is named."""
    error = made(403, {"error": "insufficient_scope", "scope": "api read_api"}, WRITE)
    assert isinstance(error, errors.ScopeMissing)
    assert error.needed == ("api",)
    assert str(error).startswith("The token lacks api.")


def test_a_ban_is_not_repeated() -> None:
    """GL-62: fifteen minutes, and asking meanwhile would not help."""
    error = made(403, b"Forbidden\n")
    assert isinstance(error, errors.RateLimited)
    assert error.resets_at == datetime(2026, 8, 1, 12, 15, tzinfo=UTC)
    assert not error.retryable
    assert "15 minutes" in str(error)


def test_another_head_is_named() -> None:
    """GL-40 and GL-48: what GitLab found in place of the commit that was named."""
    error = made(409, {"message": f"SHA does not match HEAD of source branch: {HEAD}"})
    assert isinstance(error, errors.Stale)
    assert error.found == HEAD


def test_what_is_missing_is_named_where_gitlab_does() -> None:
    """A hidden project and a missing merge request are told apart; a way that older versions do not have, too."""
    assert "(project not found)" in str(made(404, {"message": "404 Project Not Found"}))
    assert "too old" in str(made(404, {"error": "404 Not Found"}))
    error = made(404, {"message": "404 Not found"})
    assert isinstance(error, errors.NotThere)
    assert error.what == "merge request !7"


def test_only_what_may_have_happened_is_in_doubt() -> None:
    """A query that timed out may have written; a refusal never has."""
    assert made(408, {}).maybe_done
    assert not made(408, {}, READ).maybe_done
    assert not made(400, {}).maybe_done


@pytest.mark.parametrize(
    ("status", "body", "moved"),
    [
        (405, b'{"message":"Non GET methods are not allowed for moved projects"}', True),
        (405, b'{"message":"405 Method Not Allowed"}', False),
        (400, b'{"message":"Non GET methods are not allowed for moved projects"}', False),
    ],
)
def test_a_moved_project_is_told_from_a_merge_that_cannot_be(status: int, body: bytes, moved: bool) -> None:
    """Both are a 405."""
    assert is_moved(status, body) is moved


@pytest.mark.parametrize(
    ("body", "unplaced"),
    [
        ({"message": {"line_code": ["can't be blank", "must be a valid line code"]}}, True),
        ({"message": '400 Bad request - Note {:line_code=>["can\'t be blank"]}'}, True),
        ({"message": {"position": ["is incomplete"]}}, True),
        ({"message": {"note": ["can't be blank"]}}, False),
    ],
)
def test_a_place_that_gitlab_does_not_take_is_told(body: Any, unplaced: bool) -> None:
    """GL-24: whoever posts a comment makes `Unplaceable` of it, and keeps the text."""
    assert is_unplaced(made(400, body)) is unplaced


@pytest.mark.parametrize(
    ("granted", "any_of", "lacking"),
    [
        (("api",), ("read_api",), False),
        (("api",), ("api",), False),
        (("read_api",), ("api",), True),
        (("read_user",), ("read_api",), True),
        ((), ("read_api",), True),
        ((), (), False),
    ],
)
def test_api_includes_reading(granted: tuple[str, ...], any_of: tuple[str, ...], lacking: bool) -> None:
    """There is no scope for merge requests alone."""
    assert lacks(granted, any_of) is lacking


def problem(message: str, code: str | None = None, *path: str) -> GraphError:
    extensions = GraphErrorExtensions(code=code) if code is not None else None
    return GraphError(message=message, path=list(path), extensions=extensions)


DENIED = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)


@pytest.mark.parametrize(
    ("each", "asked", "kind"),
    [
        (problem(DENIED), READ, errors.NotThere),
        (problem(DENIED), WRITE, errors.Forbidden),
        (problem("Field 'canApprove' doesn't exist on type 'M'", "undefinedField"), READ, errors.Unsupported),
        (problem("Field 'x' doesn't accept argument 'y'", "argumentNotAccepted"), READ, errors.Unsupported),
        (problem("Query has complexity of 302, which exceeds max complexity of 250"), READ, errors.Rejected),
        (problem("Query has depth of 22, which exceeds max depth of 20"), READ, errors.Rejected),
        (problem("Timeout on MergeRequest.pipelines"), READ, errors.HostDown),
        (problem("Internal server error"), READ, errors.HostDown),
        (
            problem("Access denied: This operation doesn't support fine-grained personal access tokens"),
            READ,
            errors.ScopeMissing,
        ),
        (problem('Parse error on "}"'), READ, errors.BadAnswer),
    ],
)
def test_graphqls_errors_have_their_meaning(each: GraphError, asked: Asked, kind: type[errors.BridgeError]) -> None:
    """They come with status 200."""
    error = graph_failure([each], asked, server="GitLab 15.0", host="code.example")
    assert type(error) is kind
    assert (error.status, error.host) == (200, "code.example")


def test_a_server_that_is_too_old_is_named() -> None:
    """With what it lacks, so that an upgrade can be asked for."""
    error = graph_failure([problem("Field 'x' doesn't exist", "undefinedField")], READ, server="GitLab 15.0")
    assert isinstance(error, errors.Unsupported)
    assert error.reason.startswith("GitLab 15.0: Field 'x'")


def test_a_write_that_timed_out_is_in_doubt() -> None:
    """The timeout is of the answer."""
    assert graph_failure([problem("Timeout on validation")], WRITE).maybe_done
