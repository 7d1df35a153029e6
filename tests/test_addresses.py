"""Addresses: every form that people give, and nothing that leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pullbridge.addresses import checked_path, parse, site
from pullbridge.errors import Rejected
from pullbridge.model.refs import PullRef, RepoRef

HUB, LAB, CLOUD = "https://github.com", "https://gitlab.com", "https://bitbucket.org"
OWN, BELOW = "https://code.example", "https://code.example/bitbucket"


@pytest.mark.parametrize(
    ("url", "web", "path"),
    [
        ("https://github.com/octo/app", HUB, "octo/app"),
        ("https://github.com/octo/app/", HUB, "octo/app"),
        ("https://github.com/octo/app.git", HUB, "octo/app"),
        ("  https://github.com/octo/app\n", HUB, "octo/app"),
        ("HTTPS://GitHub.COM/Octo/App", HUB, "Octo/App"),
        ("https://github.com./octo/app", HUB, "octo/app"),
        ("https://www.github.com/octo/app", HUB, "octo/app"),
        ("https://github.com:443/octo/app", HUB, "octo/app"),
        ("https://github.com/octo/app/tree/main/src", HUB, "octo/app"),
        ("https://github.com/octo/app/pull/new", HUB, "octo/app"),
        ("https://github.com/octo/app?tab=readme#usage", HUB, "octo/app"),
        ("https://github.com/scm/app", HUB, "scm/app"),
        ("git@github.com:octo/app.git", HUB, "octo/app"),
        ("github.com:octo/app.git", HUB, "octo/app"),
        ("ssh://git@github.com/octo/app.git", HUB, "octo/app"),
        ("ssh://git@ssh.github.com:443/octo/app.git", HUB, "octo/app"),
        ("git@ssh.github.com:octo/app", HUB, "octo/app"),
        ("git+ssh://git@github.com/octo/app", HUB, "octo/app"),
        ("https://acme.ghe.com/octo/app", "https://acme.ghe.com", "octo/app"),
        ("https://gitlab.com/group/sub/deep/app", LAB, "group/sub/deep/app"),
        ("https://gitlab.com/group/sub/app.git", LAB, "group/sub/app"),
        ("https://gitlab.com/group/sub/app/-/tree/main/src", LAB, "group/sub/app"),
        ("https://gitlab.com/scm/tools/app", LAB, "scm/tools/app"),
        ("git@gitlab.com:group/sub/app.git", LAB, "group/sub/app"),
        ("ssh://git@altssh.gitlab.com:443/group/app.git", LAB, "group/app"),
        ("https://bitbucket.org/team/app/src/main/", CLOUD, "team/app"),
        ("https://ada@bitbucket.org/team/app.git", CLOUD, "team/app"),
        ("git@bitbucket.org:team/app.git", CLOUD, "team/app"),
        ("ssh://git@altssh.bitbucket.org:443/team/app.git", CLOUD, "team/app"),
        ("https://code.example/projects/PRJ/repos/app", OWN, "PRJ/app"),
        ("https://code.example/projects/PRJ/repos/app/browse/src?at=main", OWN, "PRJ/app"),
        ("https://code.example/users/ada/repos/app", OWN, "~ada/app"),
        ("https://code.example/bitbucket/projects/PRJ/repos/app/browse", BELOW, "PRJ/app"),
        ("https://code.example/scm/prj/app.git", OWN, "prj/app"),
        ("https://code.example/bitbucket/scm/prj/app.git", BELOW, "prj/app"),
        ("https://code.example/scm/~ada/app.git", OWN, "~ada/app"),
        ("ssh://git@code.example:7999/~ada/app.git", OWN, "~ada/app"),
        ("http://code.example:8080/octo/app", "http://code.example:8080", "octo/app"),
        ("https://code.example:8443/octo/app", "https://code.example:8443", "octo/app"),
        ("http://[::1]:3000/octo/app", "http://[::1]:3000", "octo/app"),
        ("http://127.0.0.1:3000/octo/app", "http://127.0.0.1:3000", "octo/app"),
        ("https://xn--bcher-kva.example/octo/app", "https://xn--bcher-kva.example", "octo/app"),
        ("git@work-alias:octo/app.git", "https://work-alias", "octo/app"),
    ],
)
def test_a_repository_by_every_form_of_its_address(url: str, web: str, path: str) -> None:
    """What a browser shows, what `git remote -v` prints and what a person types lead to one name (N-30, N-31)."""
    assert parse(url) == RepoRef(web=web, path=path)


@pytest.mark.parametrize(
    ("url", "web", "path"),
    [
        ("https://github.com/octo/app/pull/7", HUB, "octo/app"),
        ("https://github.com/octo/app/pull/7/files#diff-1", HUB, "octo/app"),
        ("https://github.com/octo/app/pull/7/commits/c0ffee?w=1", HUB, "octo/app"),
        ("https://gitlab.com/group/sub/app/-/merge_requests/7", LAB, "group/sub/app"),
        ("https://gitlab.com/group/sub/app/-/merge_requests/7/diffs", LAB, "group/sub/app"),
        ("https://code.example/group/app/merge_requests/7", OWN, "group/app"),
        ("https://bitbucket.org/team/app/pull-requests/7", CLOUD, "team/app"),
        ("https://bitbucket.org/team/app/pull-requests/7/fix-it/diff", CLOUD, "team/app"),
        ("https://code.example/projects/PRJ/repos/app/pull-requests/7/overview", OWN, "PRJ/app"),
        ("https://code.example/users/ada/repos/app/pull-requests/7", OWN, "~ada/app"),
        ("https://code.example/bitbucket/projects/PRJ/repos/app/pull-requests/7", BELOW, "PRJ/app"),
    ],
)
def test_a_pull_request_by_its_page(url: str, web: str, path: str) -> None:
    """The address in the browser, on whichever of its tabs (N-30)."""
    assert parse(url) == PullRef(repository=RepoRef(web=web, path=path), number=7)


@pytest.mark.parametrize("number", ["0", "9" * 5000, "7x", "-7", "\u0667"])
def test_what_is_no_number_names_no_pull_request(number: str) -> None:
    """Zero, a number that no host counts to, and digits of another script."""
    assert not isinstance(parse(f"https://github.com/octo/app/pull/{number}"), PullRef)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "octo/app",
        "octo",
        "https://github.com",
        "https://github.com/octo",
        "https:///octo/app",
        "ftp://github.com/octo/app",
        "file:///home/ada/app",
        "javascript:alert(1)",
        "https://github.com:99999/octo/app",
        "https://github.com:port/octo/app",
        "https://[::1/octo/app",
        "https://code.example/octo/..",
        "https://code.example/../octo/app",
        "https://code.example/%2e%2e/app",
        "https://code.example/octo/app%2f..%2f..",
        "https://code.example/octo/app%3Fadmin",
        "https://code.example/octo/app%23x",
        "https://code.example/octo/app%0A",
        "https://code.example/octo/app%00",
        "https://code.example/octo//app",
        "https://code.example/octo/.git",
        "https://code.example/octo/app?admin",
        "https://a..b/octo/app",
        "git@a..b:octo/app",
        "git@-oProxyCommand=x:octo/app",
        "git@host:/../app",
        "https://code.example/../projects/P/repos/app",
        "C:/src/app",
        r"C:\src\app",
        "https://git\nhub.com/octo/app",
        r"https://evil.example\@github.com/octo/app",
        r"https://github.com\octo\app",
    ],
)
def test_what_is_no_address_is_rejected(url: str) -> None:
    """Nothing is guessed, and no name leaves its place in an address."""
    with pytest.raises(Rejected):
        parse(url)


def test_a_name_that_only_begins_like_github_is_another_host() -> None:
    """N-28: the host is the whole name."""
    assert parse("https://github.com.evil.example/o/r") == RepoRef(web="https://github.com.evil.example", path="o/r")


def test_a_host_in_a_query_is_no_host() -> None:
    """N-29: what stands behind the question mark says nothing."""
    with pytest.raises(Rejected):
        parse("https://x.example/?u=github.com")
    assert parse("https://x.example/o/r?u=github.com") == RepoRef(web="https://x.example", path="o/r")


@pytest.mark.parametrize("host", ["b\u00fccher.example", "stra\u00dfe.example", "g\u0456thub.com", "\u2460.example"])
def test_an_international_name_is_not_translated(host: str) -> None:
    """Two standards lead to two hosts (RFC 5895, UTS 46), and look-alikes are no GitHub: its ASCII form is unambiguous."""
    with pytest.raises(Rejected):
        parse(f"https://{host}/octo/app")


@pytest.mark.parametrize("user", ["ada", "ada:t0p", "t0p", "ada:t0p@x", "ada%40x:t%2Fp"])
def test_a_credential_in_an_address_is_left_out(user: str) -> None:
    """It is neither kept nor used."""
    assert parse(f"https://{user}@code.example/octo/app") == RepoRef(web=OWN, path="octo/app")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://ada:t0p@code.example/octo/app",
        "https://ada:t0p@code.example:99999/octo/app",
        "https://ada:t0/p@code.example/o",
        "https://ada:t0p@code.example/octo/..",
        "https://ada:t0p@code.example/octo/app?x",
        "ada:t0p@code.example",
        "https://ada:t0p@b\u00fccher.example/octo/app",
    ],
)
@pytest.mark.parametrize("read", [parse, lambda url: site(f"{url}/octo/..")])
def test_a_refusal_shows_no_credential(read: Callable[[str], object], url: str) -> None:
    """What was typed with a password in it is not repeated."""
    with pytest.raises(Rejected) as caught:
        read(url)
    assert "t0" not in f"{caught.value!r} {caught.value.problems}"


TEXT = st.text(st.sampled_from("ghiub.com/:@#?%&=~-_\\ [].. \n\t\x00é2fF7")) | st.text(max_size=30)


@given(TEXT | st.builds("{}{}{}".format, st.sampled_from(["https://", "ssh://", "git@", "https://a.b/"]), TEXT, TEXT))
@example("https://a.b/c/d%0a")
@example("https://a.b/projects/%2e%2e/repos/x")
@example("https://a.b/%23/projects/P/repos/x")
@example("https://a.b/..%2f../scm/x/y")
def test_whatever_comes_is_read_or_rejected(url: str) -> None:
    """Only `Rejected` is raised; what comes back has one plain host, and a path that stays where it is put."""
    try:
        found = parse(url)
    except Rejected:
        return
    ref = found.repository if isinstance(found, PullRef) else found
    whole = urlsplit(ref.url)
    assert whole.username is None
    assert not {".", "..", ""} & {*ref.path.split("/")}
    assert not set("?#%\\@ \n\t\x00") & set(ref.path + ref.web)
    assert whole.netloc == ref.host


@pytest.mark.parametrize(
    ("name", "web"),
    [
        ("github.com", HUB),
        ("https://github.com/", HUB),
        ("www.github.com", HUB),
        ("https://GitHub.com:443", HUB),
        ("code.example/bitbucket/", BELOW),
        ("http://code.example:7990/bitbucket", "http://code.example:7990/bitbucket"),
    ],
)
def test_a_host_by_what_people_call_it(name: str, web: str) -> None:
    """With a scheme or without; below a context path where a server has one (N-30)."""
    assert site(name) == web


@pytest.mark.parametrize(
    "name",
    ["", "https://", "https://[::1", "https://github.com/octo/app", "code.example/..", "code.example/%3f", "ftp://x.y"],
)
def test_what_is_no_host_is_rejected(name: str) -> None:
    """A repository's address is not its host's."""
    with pytest.raises(Rejected):
        site(name)


@pytest.mark.parametrize("path", ["octo", "", "/", "octo/", "/app", "octo/app/", "octo/a b", "octo/app\n", "../app"])
def test_a_path_is_checked(path: str) -> None:
    """`host.repository` takes a path by itself."""
    with pytest.raises(Rejected):
        checked_path(path)
