"""A GitLab below a path of its origin: found, or told by the settings, and then known by its projects' own paths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hosts.gitlab.signatures import watched
from tests.transport.scripted import Seen, Server, answer

import pullbridge
from pullbridge import registry
from pullbridge.errors import Rejected, UnknownHost
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.settings import Settings
from pullbridge.testing import Forge

DEEP = "gitlab/b/c/d/e/my.app"
UNTOLD = Settings(proxy="")


@pytest.fixture(scope="module")
def below() -> Iterator[Forge]:
    """An instance below `/gitlab`, with a group that is really named so."""
    with Forge(gitlab_root="/gitlab") as forge:
        for path in (DEEP, "gitlab/app", "team/app"):
            forge.gitlab.repository(path, files={"README.md": "hi\n"})
        yield forge


@pytest.fixture(scope="module")
def plain() -> Iterator[Forge]:
    """One at its origin, with such a group, too."""
    with Forge() as forge:
        for path in (DEEP, "gitlab/app"):
            forge.gitlab.repository(path, files={"README.md": "hi\n"})
        yield forge


def origin(forge: Forge) -> str:
    return forge.gitlab.url.removesuffix("/gitlab")


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("path", [DEEP, "gitlab/app", "team/app"])
def test_an_address_leads_to_its_project(below: Forge, path: str, told: bool) -> None:
    """GL-78: by the API's address in the settings, or by asking anonymously below the first parts of the path."""
    settings = below.gitlab.settings if told else UNTOLD
    token = pullbridge.Token(below.gitlab.token("ada"))
    with pullbridge.connect(f"{below.gitlab.url}/{path}", credentials=token, settings=settings) as repo:
        assert repo.files.content("README.md", at="main") == b"hi\n"
        assert (repo.ref.web, repo.ref.path) == (below.gitlab.url, path)
        assert repo.ref.url == f"{below.gitlab.url}/{path}"


@pytest.mark.parametrize("path", [DEEP, "gitlab/app"])
def test_a_group_that_is_really_named_gitlab_is_a_group(plain: Forge, path: str) -> None:
    """The instance at the origin answers first."""
    with pullbridge.connect(f"{plain.gitlab.url}/{path}", credentials=pullbridge.Anonymous(), settings=UNTOLD) as repo:
        assert repo.files.content("README.md", at="main") == b"hi\n"
        assert (repo.ref.web, repo.ref.path) == (plain.gitlab.url, path)


def test_who_asks_which_product_it_is_tells_nobody_a_secret(below: Forge) -> None:
    """The probes are anonymous; the token goes to the instance that was found, and not to what else is there."""
    seen = watched(below.gitlab)
    token = pullbridge.Token(below.gitlab.token("ada"))
    with pullbridge.connect(f"{below.gitlab.url}/team/app", credentials=token, settings=UNTOLD) as repo:
        repo.branches.default()
    probes = [path for path, signed in seen if not signed]
    asked = [path for path in probes if "/api/v" in path]
    assert asked == ["/api/v3/meta", "/api/v4/version", "/gitlab/api/v4/version"]
    assert all(path.endswith(("/meta", "/version", "/application-properties")) for path in probes)
    others = [(path, signed) for path, signed in seen if signed]
    assert others
    assert all(path.startswith("/gitlab/api/v4/") for path, _ in others)


def test_a_pull_request_is_the_same_by_every_name(below: Forge) -> None:
    """As its address was typed before anybody knew the root, and as it is called since."""
    token = pullbridge.Token(below.gitlab.token("ada"))
    home = below.gitlab.repository("team/many", files={"a": "1\n"})
    home.commit("fix", {"a": "2\n"})
    address = f"{below.gitlab.url}/team/many"
    with pullbridge.connect(address, credentials=token, settings=UNTOLD) as repo:
        pull = repo.pulls.create(title="T", source="fix", target="main")
        typed = pullbridge.parse(f"{address}/-/merge_requests/{pull.number}")
        assert isinstance(typed, PullRef)
        assert typed.repository.web == origin(below)
        assert repo.pulls.get(typed).number == repo.pulls.get(pull).number == pull.number
        assert pull.ref.repository == repo.ref
        elsewhere = PullRef(repository=RepoRef(web=origin(below), path="gitlab/team/other"), number=1)
        with pytest.raises(Rejected, match="not a pull request of"):
            repo.pulls.get(elsewhere)


@pytest.mark.parametrize("told", [True, False])
def test_a_host_is_opened_by_its_root(below: Forge, told: bool) -> None:
    """Its address has the root, or the settings have; a repository's path has it no more."""
    gitlab = below.gitlab
    url, settings = (origin(below), gitlab.settings) if told else (gitlab.url, UNTOLD)
    with pullbridge.open_host(url, credentials=pullbridge.Anonymous(), settings=settings) as host:
        assert host.repository("gitlab/app").files.content("README.md", at="main") == b"hi\n"
        assert host.url == gitlab.url
        assert host.repository(RepoRef(web=gitlab.url, path="team/app")).ref.path == "team/app"
        with pytest.raises(Rejected):
            host.repository(RepoRef(web="https://other.example", path="team/app"))


@pytest.mark.parametrize(
    ("web", "path", "root", "found"),
    [
        ("https://h.example", "gitlab/g/app", "https://h.example/gitlab", ("https://h.example/gitlab", "g/app")),
        ("https://h.example", "g/app", "https://h.example/gitlab", ("https://h.example/gitlab", "g/app")),
        ("https://h.example", "gitlab/app", "https://h.example/gitlab", ("https://h.example/gitlab", "gitlab/app")),
        ("https://h.example", "a/b/g/app", "https://h.example/a/b", ("https://h.example/a/b", "g/app")),
        (
            "https://h.example",
            "gitlabs/g/app",
            "https://h.example/gitlab",
            ("https://h.example/gitlab", "gitlabs/g/app"),
        ),
        (
            "https://h.example/gitlab",
            "gitlab/g/app",
            "https://h.example/gitlab",
            ("https://h.example/gitlab", "gitlab/g/app"),
        ),
        ("https://h.example", "gitlab/g/app", "https://h.example", ("https://h.example", "gitlab/g/app")),
    ],
)
def test_only_what_is_the_root_leaves_a_path(web: str, path: str, root: str, found: tuple[str, str]) -> None:
    """What came by ssh never had it, and is left whole where nothing of a path would be left."""
    located = registry.below(RepoRef(web=web, path=path, kind="gitlab"), root)
    assert (located.web, located.path, located.kind) == (*found, "gitlab")


def test_a_server_that_is_nothing_below_either_stays_unknown() -> None:
    """Two parts of the path are tried, and no more; and never what would leave no owner and no name."""
    server = Server(lambda _: answer(404, {"message": "no"}))
    try:
        with pytest.raises(UnknownHost):
            registry.locate(server.url, UNTOLD, "a/b/c/d/app")
        assert [seen.path for seen in server.seen if "/api/v" in seen.path] == [
            "/api/v3/meta",
            "/api/v4/version",
            "/a/api/v4/version",
            "/a/b/api/v4/version",
        ]
        with pytest.raises(UnknownHost):
            registry.locate(server.url, UNTOLD, "group/app")
        assert not any(seen.path.startswith("/group/") for seen in server.seen)
    finally:
        server.close()


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (answer(401, {"message": "401 Unauthorized"}, {"X-Gitlab-Meta": "{}"}), True),
        (answer(200, {"version": "19.2.0"}, {"X-Gitlab-Meta": "{}"}), True),
        (answer(401, {"message": "401 Unauthorized"}), True),
        (answer(401, {"message": "Unauthorized"}), False),
        (answer(200, {"version": "19.2.0"}), False),
        (answer(404, {"message": "404 Not found"}, {"X-Gitlab-Meta": "{}"}), False),
        (answer(200, b"<html>GitLab</html>"), False),
    ],
)
def test_gitlab_is_told_by_its_manner(told: bytes, known: bool) -> None:
    """It tells nobody its version, but refuses as nobody else does; a name or a page says nothing."""

    def script(seen: Seen) -> bytes:
        return told if seen.path == "/api/v4/version" else answer(404)

    server = Server(script)
    try:
        if known:
            assert registry.identify(server.url, UNTOLD).kind == "gitlab"
        else:
            with pytest.raises(UnknownHost):
                registry.identify(server.url, UNTOLD)
    finally:
        server.close()
