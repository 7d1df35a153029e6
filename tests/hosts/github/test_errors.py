"""From GitHub's refusals to errors that say what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge import errors
from pullbridge.errors import BridgeError, Forbidden, HostDown, NotThere, Rejected, ScopeMissing, SignInNeeded, Stale
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github.errors import failure, granted_scopes, graph_failure, lacks, told_by
from pullbridge.hosts.github.payloads import GraphError
from pullbridge.transport.reply import Headers

READ = Asked(what="pull request #7")
WRITE = Asked(what="pull request #7", write=True, needs=("pull_requests:write",))


def refused(
    status: int, body: object = None, headers: Mapping[str, str] | None = None, asked: Asked = READ
) -> BridgeError:
    content = body if isinstance(body, bytes) else json.dumps(body if body is not None else {}).encode()
    return failure(status, Headers(headers or {}), content, asked, host="github.com", request_id="A:B")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, SignInNeeded),
        (403, Forbidden),
        (404, NotThere),
        (410, NotThere),
        (451, NotThere),
        (409, Stale),
        (400, Rejected),
        (405, Rejected),
        (413, Rejected),
        (422, Rejected),
        (500, HostDown),
        (502, HostDown),
        (599, HostDown),
        (418, errors.BadAnswer),
    ],
)
def test_a_status_has_its_remedy(status: int, kind: type[BridgeError]) -> None:
    """One class for one thing to do next, with the facts that support asks for."""
    error = refused(status)
    assert type(error) is kind
    assert (error.host, error.status, error.request_id) == ("github.com", status, "A:B")
    assert str(error).endswith(error.remedy)


def test_problems_are_said_in_words() -> None:
    """GitHub's codes, its own sentences and plain texts, one by one."""
    body = {
        "message": "Validation Failed",
        "errors": [
            {"resource": "PullRequest", "code": "invalid", "field": "head"},
            {"resource": "PullRequest", "code": "custom", "message": "No commits between main and main"},
            "Draft pull requests are not supported in this repository.",
            {},
        ],
    }
    error = refused(422, body)
    assert isinstance(error, Rejected)
    assert error.problems == (
        "PullRequest head invalid",
        "No commits between main and main",
        "Draft pull requests are not supported in this repository.",
        "no reason given",
    )
    assert "No commits between main and main" in str(error)


def test_a_message_alone_is_the_problem() -> None:
    """Nothing is lost where there is no list."""
    error = refused(422, {"message": "Review cannot be requested from pull request author."})
    assert isinstance(error, Rejected)
    assert error.problems == ("Review cannot be requested from pull request author.",)
    assert ".. " not in str(error)


def test_what_exists_is_there_already() -> None:
    """A second pull request for the same branches is not bad input."""
    body = {"message": "Validation Failed", "errors": [{"message": "A pull request already exists for octo:fix."}]}
    assert isinstance(refused(422, body), errors.AlreadyThere)


def test_a_missing_scope_is_named() -> None:
    """A classic token: GitHub says what it has and what it would need."""
    headers = {"X-OAuth-Scopes": "read:user, notifications", "X-Accepted-OAuth-Scopes": "repo"}
    error = refused(403, headers=headers)
    assert isinstance(error, ScopeMissing)
    assert (error.needed, error.granted) == (("repo",), ("read:user", "notifications"))
    assert "it has read:user, notifications" in str(error)


def test_a_token_without_any_scope_is_told_so() -> None:
    """An empty header is an answer: nothing was granted."""
    error = refused(403, headers={"X-OAuth-Scopes": "", "X-Accepted-OAuth-Scopes": "repo"})
    assert isinstance(error, ScopeMissing)
    assert error.granted == ()
    assert "no scope at all" in str(error)


def test_an_included_scope_is_enough() -> None:
    """`repo` includes `public_repo`: then it is the role that is missing, not a scope."""
    error = refused(403, headers={"X-OAuth-Scopes": "repo", "X-Accepted-OAuth-Scopes": "public_repo"})
    assert isinstance(error, Forbidden)


def test_a_missing_permission_is_named() -> None:
    """Fine-grained tokens and apps: by the header, else by what the verb is known to need."""
    body = {"message": "Resource not accessible by personal access token"}
    error = refused(403, body, {"X-Accepted-GitHub-Permissions": "pull_requests=write; contents=read"}, WRITE)
    assert isinstance(error, ScopeMissing)
    assert error.needed == ("pull_requests:write", "contents:read")
    known = refused(403, body, asked=WRITE)
    assert isinstance(known, ScopeMissing)
    assert (known.needed, known.granted) == (("pull_requests:write",), None)
    unnamed = refused(403, body)
    assert "a permission that GitHub does not name" in str(unnamed)


def test_single_sign_on_leads_to_its_page() -> None:
    """GH-55: the token is good, the organization wants more; the address is in the next step."""
    url = "https://github.com/orgs/acme/sso?authorization_request=AB"
    error = refused(403, headers={"X-GitHub-SSO": f"required; url={url}"})
    assert isinstance(error, ScopeMissing)
    assert error.sso_url == url
    assert url in error.remedy


def test_an_absence_is_an_absence_to_a_reader() -> None:
    """GH-54: a 404 with too small a token stays `NotThere`, and hints at the token."""
    headers = {"X-OAuth-Scopes": "read:user", "X-Accepted-OAuth-Scopes": "repo"}
    error = refused(404, headers=headers)
    assert isinstance(error, NotThere)
    assert error.what == "pull request #7"
    assert "lacks repo" in error.remedy
    assert "hides it" in str(error)


def test_a_hidden_write_is_a_missing_scope() -> None:
    """GitHub answers 404 where a token may read but not write; whoever could name it to write has read it before."""
    headers = {"X-OAuth-Scopes": "read:user", "X-Accepted-OAuth-Scopes": "repo"}
    assert isinstance(refused(404, headers=headers, asked=WRITE), ScopeMissing)


def test_a_failed_write_may_be_done() -> None:
    """A 5xx comes from before or after the deed."""
    assert refused(502, asked=WRITE).maybe_done
    assert not refused(502).maybe_done


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Unicorn! token=t0p</body></html>",
        b"[]",
        b"null",
        b'{"message": 7}',
        b'{"message": null, "errors": null}',
        b'{"errors": "just a text"}',
        b"\xff\xfe",
        b"[" * 50_000,
    ],
)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
def test_any_body_will_do(status: int, body: bytes) -> None:
    """A page, a cut answer, another shape: an error with its next step, and nothing of the page in it."""
    error = refused(status, body)
    assert isinstance(error, BridgeError)
    assert "t0p" not in f"{error!r}"


def test_the_hosts_words_are_kept_short_and_harmless() -> None:
    """One line without control signs, for a terminal; and not a book."""
    told = told_by(json.dumps({"message": "a\x1b[31m\nb\u202e" + "x" * 1000}).encode()).quoted
    assert told.isprintable()
    assert len(told) < 320


@given(
    st.integers(400, 599),
    st.binary(max_size=40),
    st.dictionaries(st.sampled_from(["X-OAuth-Scopes", "X-GitHub-SSO"]), st.text(max_size=9)),
)
def test_no_refusal_is_beyond_words(status: int, body: bytes, headers: dict[str, str]) -> None:
    """Every status, body and header makes an error; none raises another one."""
    assert isinstance(failure(status, headers, body, WRITE, host="h"), BridgeError)


def test_scopes_are_read_from_the_header() -> None:
    """No header: another kind of credential, about which nothing is known."""
    assert granted_scopes(Headers({"x-oauth-scopes": " repo , read:org,"})) == ("repo", "read:org")
    assert granted_scopes(Headers({"X-OAuth-Scopes": ""})) == ()
    assert granted_scopes(Headers()) is None


@pytest.mark.parametrize(
    ("granted", "any_of", "missing"),
    [
        (["repo"], ["repo"], False),
        (["repo"], ["public_repo"], False),
        (["public_repo"], ["repo"], True),
        (["public_repo"], ["repo", "public_repo"], False),
        (["admin:org"], ["read:org"], False),
        ([], ["repo"], True),
        ([], [], False),
    ],
)
def test_a_scope_counts_with_what_it_includes(granted: list[str], any_of: list[str], missing: bool) -> None:
    """One of those accepted is enough; nothing accepted is nothing missing."""
    assert lacks(granted, any_of) is missing


# GraphQL -------------------------------------------------------------------------------------------------------------


def graph(*problems: tuple[str | None, str], asked: Asked = READ, **more: Any) -> BridgeError:
    return graph_failure([GraphError(message=text, type=kind, **more) for kind, text in problems], asked, host="h")


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        ("NOT_FOUND", "Could not resolve to a PullRequest with the number of 7.", NotThere),
        ("FORBIDDEN", "ada does not have permission to do that.", Forbidden),
        ("FORBIDDEN", "Resource not accessible by integration", ScopeMissing),
        ("FORBIDDEN", "Resource protected by organization SAML enforcement.", ScopeMissing),
        ("UNPROCESSABLE", "Can not approve your own pull request", Rejected),
        ("STALE_DATA", "Expected head oid", Stale),
        ("SERVICE_UNAVAILABLE", "Try again", HostDown),
        (None, "Something went wrong while executing your query. This may be the result of a timeout", HostDown),
        (None, "Field 'foo' doesn't exist on type 'PullRequest'", errors.BadAnswer),
        ("NEW_TYPE", "something new", errors.BadAnswer),
    ],
)
def test_a_graphql_error_has_its_remedy(kind: str | None, text: str, error: type[BridgeError]) -> None:
    """GH-48: it comes with status 200, and is an error nevertheless."""
    found = graph((kind, text))
    assert type(found) is error
    assert (found.status, found.host) == (200, "h")


def test_graphql_names_the_scopes() -> None:
    """GH-27: the two lists of its sentence."""
    text = (
        "Your token has not been granted the required scopes to execute this query. The 'login' field requires one of "
        "the following scopes: ['read:org', 'read:discussion'], but your token has only been granted the: ['repo'] "
        "scopes."
    )
    error = graph(("INSUFFICIENT_SCOPES", text))
    assert isinstance(error, ScopeMissing)
    assert (error.needed, error.granted) == (("read:org", "read:discussion"), ("repo",))
    vague = graph(("INSUFFICIENT_SCOPES", "not enough"))
    assert isinstance(vague, ScopeMissing)
    assert (vague.needed, vague.granted) == ((), None)


def test_a_mutation_refused_without_a_type_is_bad_input() -> None:
    """GitHub types few of its refusals of mutations."""
    error = graph((None, "Pull request is in clean status"), asked=WRITE)
    assert isinstance(error, Rejected)
    assert error.problems == ("Pull request is in clean status",)


def test_a_failed_mutation_may_be_done() -> None:
    """A timeout says nothing of what was done before it; a refusal says that nothing was."""
    assert graph((None, "Something went wrong while executing your query."), asked=WRITE).maybe_done
    assert not graph(("UNPROCESSABLE", "No"), asked=WRITE).maybe_done


def test_several_errors_are_told_together() -> None:
    """Equal ones once."""
    error = graph((None, "one"), (None, "two"), (None, "one"), asked=WRITE)
    assert isinstance(error, Rejected)
    assert error.problems == ("one", "two")
