"""Where an instance lives, and what of it is a repository."""

from __future__ import annotations

import pytest

from pullbridge import addresses as typed
from pullbridge.errors import Rejected
from pullbridge.hosts.bitbucket_dc import PROVIDER
from pullbridge.hosts.bitbucket_dc.addresses import addresses, page, parted, place, root
from pullbridge.model.refs import PullRef, RepoRef

WEB = "https://code.example/bitbucket"


@pytest.mark.parametrize(
    ("web", "api_url", "expected_web", "expected_rest"),
    [
        ("https://code.example", None, "https://code.example", "https://code.example/rest"),
        (WEB, None, WEB, f"{WEB}/rest"),
        ("https://code.example", f"{WEB}/rest/api/latest", WEB, f"{WEB}/rest"),
        ("https://code.example", f"{WEB}/rest/api/1.0/", WEB, f"{WEB}/rest"),
        ("https://code.example", f"{WEB}/rest", WEB, f"{WEB}/rest"),
        ("https://code.example", WEB, WEB, f"{WEB}/rest"),
        (
            "https://code.example",
            "https://api.example/rest/api/latest",
            "https://code.example",
            "https://api.example/rest",
        ),
    ],
)
def test_pages_and_rest_share_the_context_path(
    web: str, api_url: str | None, expected_web: str, expected_rest: str
) -> None:
    """DC-58, sign-in 147: the address of REST tells it, with or without its services; on another origin it tells nothing."""
    found = addresses(web, api_url)
    assert (found.web, found.rest, found.places) == (expected_web, expected_rest, (expected_rest,))
    assert found.host == "code.example"
    assert api_url is None or root(web, api_url) == expected_web


@pytest.mark.parametrize(
    ("url", "web", "path"),
    [
        (f"{WEB}/projects/PRJ/repos/app", WEB, "PRJ/app"),
        (f"{WEB}/projects/PRJ/repos/app/browse/src?at=refs%2Fheads%2Fx", WEB, "PRJ/app"),
        (f"{WEB}/users/ada/repos/app", WEB, "~ada/app"),
        (f"{WEB}/scm/prj/app.git", WEB, "prj/app"),
        ("https://ada@code.example/scm/~ada/app.git", "https://code.example", "~ada/app"),
        ("ssh://git@code.example:7999/prj/app.git", "https://code.example", "prj/app"),
        ("ssh://git@code.example:7999/~ada/app.git", "https://code.example", "~ada/app"),
    ],
)
def test_pages_and_clone_addresses_name_repositories(url: str, web: str, path: str) -> None:
    """Projects' and people's own, with and without a context path."""
    found = typed.parse(url)
    assert isinstance(found, RepoRef)
    assert (found.web, found.path) == (web, path)
    assert parted(found) == tuple(path.split("/"))
    # An ssh address tells neither the context path nor whose software it is.
    assert ("/repos/app" in found.url) == url.startswith("https")


def test_a_pull_requests_page_names_it() -> None:
    """Its repository and its number."""
    found = typed.parse(f"{WEB}/projects/PRJ/repos/app/pull-requests/7/overview")
    assert isinstance(found, PullRef)
    assert (found.repository.web, found.repository.path, found.number) == (WEB, "PRJ/app", 7)


@pytest.mark.parametrize("path", ["upstream/PRJ/app", "scm/up-1/PRJ/app", "app", "PRJ/"])
def test_a_mirrors_address_is_refused(path: str) -> None:
    """A mirror's clone address has its upstream's name before the project's; it serves git alone."""
    with pytest.raises(Rejected) as caught:
        parted(RepoRef(web="https://mirror.example", path=path))
    assert ("mirror" in str(caught.value.problems)) == (path.count("/") > 1)
    assert "upstream instance" in caught.value.remedy


def test_what_stands_in_a_path_is_quoted() -> None:
    """Slashes too, so that no name leaves its place."""
    assert place("users", "a/../b c") == "/api/latest/users/a%2F..%2Fb%20c"
    assert place("commits", "x", service="build-status") == "/build-status/latest/commits/x"


def test_pages_are_addressed_as_people_see_them() -> None:
    """A personal repository is a user's."""
    ref = RepoRef(web=WEB, path="PRJ/app")
    assert page(ref, "browse", "a b/c.py") == f"{WEB}/projects/PRJ/repos/app/browse/a%20b/c.py"
    assert page(RepoRef(web=WEB, path="~ada/app")) == f"{WEB}/users/ada/repos/app"


@pytest.mark.parametrize(
    ("status", "body", "shown"),
    [
        (200, b'{"version":"9.2.0","buildNumber":"9002000","displayName":"Bitbucket"}', True),
        (200, b'{"version":"9.2.0","displayName":"Jira"}', False),
        (200, b"<html>Bitbucket</html>", False),
        (404, b'{"version":"9.2.0","displayName":"Bitbucket"}', False),
        (200, b"[]", False),
    ],
)
def test_an_anonymous_probe_tells_the_product(status: int, body: bytes, shown: bool) -> None:
    """By the name that it tells anybody, whatever else answers there."""
    sign = PROVIDER.sign
    assert sign is not None
    assert sign.path == "/rest/api/latest/application-properties"
    assert sign.below
    assert sign.shows(status, {}, body) is shown
    assert not PROVIDER.owns("bitbucket.org")


@pytest.mark.parametrize(
    ("named", "host", "given"),
    [
        ("https://code.example/bitbucket", "code.example", True),
        ("code.example:7990", "code.example:7990", True),
        ("https://code.example", "other.example", False),
        ("https://code.example.evil.example", "code.example", False),
        ("https://code.example:443/", "code.example", True),
        ("https://[no address", "code.example", False),
        ("", "code.example", False),
    ],
)
def test_a_token_in_the_environment_is_for_the_host_that_is_named_beside_it(named: str, host: str, given: bool) -> None:
    """And for no other; without a name beside it, for none."""
    found = PROVIDER.ambient(host, {"BITBUCKET_URL": named, "BITBUCKET_TOKEN": "x"})
    assert ("BITBUCKET_TOKEN" in found) is given


def test_two_names_leave_only_the_token_that_is_a_servers_by_its_name() -> None:
    """Nobody can tell whose the others are: they are sent to neither."""
    both = {"BITBUCKET_SERVER_URL": "https://code.example", "BITBUCKET_URL": "https://bitbucket.org"}
    assert PROVIDER.ambient("code.example", both) == ("BITBUCKET_SERVER_TOKEN",)
    assert PROVIDER.ambient("bitbucket.org", both) == ()
