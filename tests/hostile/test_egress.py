"""Bytes go to the host that the caller named, and nowhere else, whatever an answer says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hostile.scene import Scene
from tests.transport.scripted import Server, answer
from werkzeug.wrappers import Request, Response

import pullbridge
from pullbridge import (
    Anonymous,
    CheckState,
    EgressRefused,
    Repository,
    Settings,
    SignInNeeded,
    Token,
)

SECRET = "ghp_c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry"

VERBS: dict[str, Callable[[Repository], Any]] = {
    "pulls.search": lambda repo: list(repo.pulls.list(author="ada")),
    "pulls.timeline": lambda repo: list(repo.pulls.timeline(1)),
    "pulls.edit": lambda repo: repo.pulls.edit(1, title="Other"),
    "pulls.create": lambda repo: repo.pulls.create("Other", "fix", "main"),
    "files.list": lambda repo: list(repo.files.list(1)),
    "threads.list": lambda repo: repo.threads.list(1),
    "branches.list": lambda repo: list(repo.branches.list()),
    "branches.forks": lambda repo: list(repo.branches.forks()),
    "branches.delete": lambda repo: repo.branches.delete("fix"),
    "checks.report": lambda repo: repo.checks.report("a" * 40, "lint", CheckState.SUCCESS),
    "native.list": lambda repo: list(repo.native.get_pulls()),
    "native.write": lambda repo: repo.native.create_git_ref("refs/heads/x", "a" * 40),
}
LISTS = ("pulls.timeline", "branches.list", "branches.forks", "files.list")


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """Somebody else's server, which would take whatever comes."""
    server = Server(lambda _: answer(200, [], {"X-GitHub-Request-Id": "1"}))
    yield server
    server.close()


class TestRedirects:
    """A redirect is followed within what was named."""

    @pytest.mark.parametrize("name", VERBS)
    def test_to_another_host(self, still: Scene, elsewhere: Server, name: str) -> None:
        """It is refused, whatever the status and the verb, and the other server sees nothing."""
        for status in (303, 307):
            still.host.behave()
            still.host.behave(status=status, headers={"Location": f"{elsewhere.url}/api/v3/repos/octo/app"})
            with pytest.raises(EgressRefused) as caught:
                VERBS[name](still.connect())
            assert caught.value.origin == elsewhere.url
            assert not caught.value.retryable
        assert elsewhere.connections == 0

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_within_the_host_keeps_method_and_body(self, scene: Scene, status: int) -> None:
        """Reads and writes arrive where the host sends them, as they were, with the token."""
        base = f"{scene.host.api_url}/repositories/{scene.app.record.id}"
        repo = scene.connect()

        def leads_on(method: str, path: str) -> None:
            at = f"*/repos/octo/app{path}"
            scene.host.behave(status=status, headers={"Location": base + path}, path=at, method=method, times=1)

        leads_on("GET", "/pulls/1")
        assert repo.pulls.get(1).number == 1
        leads_on("POST", "/issues/1/comments")
        repo.threads.start(1, "Naïve 🙂")
        leads_on("PATCH", "/pulls/1")
        repo.pulls.edit(1, title="Other")
        assert scene.general() == ["Naïve 🙂"]
        assert scene.record.title == "Other"
        sent = [(each.method, each.body) for each in scene.requests if each.method in {"POST", "PATCH"}]
        assert sent[0] == sent[1]
        assert sent[2] == sent[3]


class TestPages:
    """Pages are counted, or named by cursors; a link's address is never gone to."""

    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("page", [1, 2, 999_999_999, -1, "x", ""])
    def test_links_that_lie(self, still: Scene, elsewhere: Server, name: str, page: object) -> None:
        """A page that points to itself, to the end of the world or elsewhere costs a request or two, and adds nothing."""
        expected = VERBS[name](still.connect())
        still.requests.clear()
        for place in (still.host.api_url, elsewhere.url):
            link = f"{place}/x?page={page}"
            still.host.behave(link=f'<{link}>; rel="next", <{link}>; rel="last"')
            assert VERBS[name](still.connect()) == expected
            still.host.behave()
        assert len(still.requests) <= 6
        assert elsewhere.connections == 0

    def test_links_that_lie_to_the_sdk(self, still: Scene, elsewhere: Server) -> None:
        """PyGithub would go on at a link's address: that is refused."""
        there = f"{elsewhere.url}/api/v3/repos/octo/app/pulls"
        still.host.behave(link=f'<{there}?page=2>; rel="next"')
        with pytest.raises(EgressRefused):
            VERBS["native.list"](still.connect())
        assert elsewhere.connections == 0


def test_hostile_addresses_in_the_sdk(scene: Scene, elsewhere: Server) -> None:
    """PyGithub goes on at an object's own `url`: that is refused before a socket is opened."""
    here = scene.host.url.encode()

    def poisoned(_: Request, true: Response) -> Response:
        true.set_data(true.get_data().replace(here, elsewhere.url.encode()))
        return true

    pull = scene.connect().native.get_pull(1)
    scene.instead(poisoned, times=10_000)
    assert pull.title
    calls: tuple[Callable[[], Any], ...] = (
        lambda: list(pull.get_files()),
        lambda: pull.create_issue_comment("A text"),
        pull.is_merged,
        pull.update,
    )
    for call in calls:
        with pytest.raises(EgressRefused):
            call()
    requester = scene.connect().native._requester
    for url in (f"{elsewhere.url}/x", "https://evil.example/x", "/../../x", f"{scene.host.url}/octo/app"):
        with pytest.raises(EgressRefused):
            requester.requestJsonAndCheck("GET", url)
        with pytest.raises(EgressRefused):
            requester.requestJson("POST", url, input={"a": 1})
    assert elsewhere.connections == 0


class TestCredentials:
    """Only what the caller gave signs, and only to the host that it was given for."""

    @pytest.fixture
    def github(self) -> Iterator[Server]:
        headers = {"X-GitHub-Request-Id": "1", "Content-Type": "application/json"}
        server = Server(lambda _: answer(401, {"message": "Requires authentication"}, headers))
        yield server
        server.close()

    @pytest.fixture(autouse=True)
    def surroundings(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A `.netrc` for this very machine, and tokens of other hosts."""
        entries = "".join(f"machine {host} login me password {SECRET}\n" for host in ("127.0.0.1", "localhost"))
        for name in (".netrc", "_netrc"):
            (tmp_path / name).write_text(f"{entries}default login me password {SECRET}\n", encoding="ascii")
            (tmp_path / name).chmod(0o600)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        for name in ("GITLAB_TOKEN", "BITBUCKET_TOKEN", "CI_JOB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"):
            monkeypatch.setenv(name, SECRET)

    @pytest.mark.parametrize("credentials", [None, Anonymous(), Token("ghp_mine")], ids=["ambient", "nobody", "token"])
    def test_nothing_else_signs(self, github: Server, credentials: Any) -> None:
        """Neither `.netrc` nor another host's variable is used, beside a token or without one."""
        settings = Settings(kind="github", api_url=f"{github.url}/api/v3", proxy="")
        with pullbridge.connect(f"{github.url}/octo/app", credentials=credentials, settings=settings) as repo:
            for name in ("pulls.edit", "branches.list", "pulls.timeline", "native.list"):
                with pytest.raises(SignInNeeded):
                    VERBS[name](repo)
        assert github.seen
        signed = {seen.headers.get("authorization") for seen in github.seen}
        assert signed == {"Bearer ghp_mine" if isinstance(credentials, Token) else None}
        assert SECRET not in repr([(seen.path, seen.headers, seen.body) for seen in github.seen])

    def test_what_an_sdk_is_given_does_not_sign(self, github: Server) -> None:
        """Headers that somebody slips to the SDK's requester are not sent as credentials."""
        settings = Settings(kind="github", api_url=f"{github.url}/api/v3", proxy="")
        more = {"Authorization": f"Bearer {SECRET}", "Cookie": SECRET, "X-Mine": "kept"}
        with (
            pullbridge.connect(f"{github.url}/octo/app", credentials=Token("ghp_mine"), settings=settings) as repo,
            pytest.raises(SignInNeeded),
        ):
            repo.native._requester.requestJsonAndCheck("GET", "/x", headers=more)
        assert [seen.headers["authorization"] for seen in github.seen] == ["Bearer ghp_mine"]
        assert github.seen[0].headers["x-mine"] == "kept"
        assert SECRET not in repr(github.seen[0].headers)


def test_without_assertions(scene: Scene, elsewhere: Server) -> None:
    """`python -O` takes PyGithub's assertions away, and changes nothing here."""
    there = f"{elsewhere.url}/api/v3/repos/octo/app/pulls"
    scene.host.behave(path="*/pulls/1", redirect=f"{there}/1")
    scene.host.behave(path="*/pulls", link=f'<{there}?page=2>; rel="next"')
    program = f"""
import pullbridge, sys
if __debug__: sys.exit("assertions are on")
settings = pullbridge.Settings(kind="github", api_url={scene.host.api_url!r}, proxy="")
refused = 0
with pullbridge.connect({scene.app.url!r}, credentials=pullbridge.Token({scene.token("bob")!r}), settings=settings) as repo:
    for call in (
        lambda: repo.pulls.get(1),
        lambda: repo.pulls.edit(1, title="Other"),
        lambda: repo.native.get_pull(1).title,
        lambda: list(repo.native.get_pulls()),
        lambda: repo.native._requester.requestJsonAndCheck("GET", {elsewhere.url!r}),
    ):
        try:
            call()
        except pullbridge.EgressRefused:
            refused += 1
    repo.pulls.panel(1)
print(refused)
"""
    done = subprocess.run(
        [sys.executable, "-O", "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("5", "")
    assert elsewhere.connections == 0
