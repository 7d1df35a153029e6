"""Which host is asked, and which repository: nobody else is, whatever the address looks like."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import trustme
from tests.hostile.scene import Scene
from tests.transport.scripted import Script, Seen, Server, answer
from werkzeug.wrappers import Request, Response

import pullbridge
from pullbridge import (
    Cancelled,
    EgressRefused,
    HostDown,
    NotThere,
    Offline,
    PullRef,
    Rejected,
    RepoRef,
    Settings,
    SignInNeeded,
    Token,
    UnknownHost,
    registry,
)

SECRET = "ghp_c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry"
Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that are no forge; they end with the test."""
    with ExitStack() as stack:

        def start(script: Script, tls: ssl.SSLContext | None = None) -> Server:
            server = Server(script, tls)
            stack.callback(server.close)
            return server

        yield start


def no_host(_: Seen) -> bytes:
    return answer(404, b"<html>Nothing here</html>", {"Content-Type": "text/html"})


def everything(server: Server) -> str:
    """All that arrived, as text."""
    return repr([(seen.path, seen.headers, seen.body) for seen in server.seen])


VERBS: dict[str, Callable[[pullbridge.Repository], Any]] = {
    "pulls.get": lambda repo: repo.pulls.get(1),
    "pulls.list": lambda repo: list(repo.pulls.list()),
    "pulls.search": lambda repo: list(repo.pulls.list(author="ada")),
    "pulls.panel": lambda repo: repo.pulls.panel(1),
    "threads.start": lambda repo: repo.threads.start(1, "A text"),
    "reviews.submit": lambda repo: repo.reviews.submit(1, pullbridge.Verdict.APPROVE),
}


@pytest.mark.parametrize("verb", VERBS)
def test_unknown_product_is_asked_anonymously_and_then_refused(serve: Serve, verb: str) -> None:
    """An address that does not tell its product gets anonymous probes alone, and the caller gets the kinds to choose from."""
    server = serve(no_host)
    with (
        pullbridge.connect(f"{server.url}/octo/app", credentials=Token(SECRET), settings=Settings(proxy="")) as repo,
        pytest.raises(UnknownHost) as caught,
    ):
        VERBS[verb](repo)
    assert caught.value.candidates == tuple(registry.BUILT_IN)
    assert caught.value.address == server.url
    assert "Settings(kind=…)" in str(caught.value)
    assert "github, gitlab" in str(caught.value)
    assert {seen.method for seen in server.seen} == {"GET"}
    assert SECRET not in everything(server)
    assert "authorization" not in everything(server)
    assert "token" not in everything(server).lower()


def test_host_that_nobody_reaches_is_not_blamed_for_its_product() -> None:
    """Whoever mistypes a host is told that it cannot be reached, and why."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/octo/app"
        with pullbridge.connect(url, settings=Settings(proxy="")) as repo, pytest.raises(UnknownHost) as caught:
            repo.pulls.get(1)
    assert "could not be asked" in str(caught.value)
    assert "Check the address and the network" in str(caught.value)
    assert isinstance(caught.value.__cause__, Offline)
    assert caught.value.retryable


def test_host_that_breaks_every_probe_is_not_blamed_either(serve: Serve) -> None:
    """A server that closes each connection without a word says nothing about its product."""
    server = serve(lambda _: None)
    with (
        pullbridge.connect(f"{server.url}/octo/app", settings=Settings(proxy="")) as repo,
        pytest.raises(UnknownHost, match="could not be asked") as caught,
    ):
        repo.pulls.get(1)
    assert isinstance(caught.value.__cause__, HostDown)


def test_close_does_not_wait_for_a_probe(serve: Serve) -> None:
    """`close` ends a call that is still asking what runs there."""
    asked = threading.Event()

    def script(seen: Seen) -> bytes | None:
        asked.set()
        seen.line.stall()
        return None

    server = serve(script)
    repo = pullbridge.connect(f"{server.url}/octo/app", settings=Settings(proxy=""))
    errors: list[BaseException] = []

    def call() -> None:
        try:
            repo.pulls.get(1)
        except pullbridge.BridgeError as error:
            errors.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    assert asked.wait(15)
    began = time.monotonic()
    repo.close()
    thread.join(15)
    assert not thread.is_alive()
    assert time.monotonic() - began < 15
    assert isinstance(errors[0], Cancelled)


def test_closed_connection_says_so(still: Scene) -> None:
    """After `close` every verb raises `Cancelled` and sends nothing."""
    repo = still.connect()
    repo.pulls.get(1)
    repo.close()
    repo.close()
    still.requests.clear()
    for verb in VERBS.values():
        with pytest.raises(Cancelled, match=r"closed\. .*Connect again\."):
            verb(repo)
    assert still.requests == []


def test_environment_token_is_for_its_host_alone(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """`https://github.com.evil.example` is not GitHub, though it answers like one: GITHUB_TOKEN stays at home."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("github.com.evil.example").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    like_github = {"X-GitHub-Request-Id": "1", "Content-Type": "application/json"}
    server = serve(lambda _: answer(401, {"message": "Requires authentication"}, like_github), context)
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, port, *rest: real("127.0.0.1", port, *rest))
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("GH_HOST", "ghe.example")
    settings = Settings(proxy="", ca_bundle=tmp_path / "ca.pem")
    url = f"https://github.com.evil.example:{server.port}/octo/app"
    for kind in (None, "github"):
        chosen = Settings(kind=kind, proxy="", ca_bundle=settings.ca_bundle)
        with pullbridge.connect(url, settings=chosen) as repo, pytest.raises(SignInNeeded):
            repo.pulls.get(1)
    assert len(server.seen) >= 3
    assert SECRET not in everything(server)


def test_environment_token_is_used_for_its_own_host(still: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """An Enterprise Server's token is used for the server that GH_HOST names, port and all."""
    monkeypatch.setenv("GH_HOST", still.app.url.split("/")[2])
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", still.token("bob"))
    with pullbridge.open_host(still.host.url, settings=still.host.settings) as host:
        assert host.viewer().handle == "bob"
    monkeypatch.setenv("GH_HOST", "127.0.0.1")
    with pullbridge.open_host(still.host.url, settings=still.host.settings) as host, pytest.raises(SignInNeeded):
        host.viewer()


def test_environment_token_that_is_none_is_named(still: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that holds no token is told by its name, and not by its value."""
    monkeypatch.setenv("GH_HOST", still.app.url.split("/")[2])
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", f"{SECRET}\x07{SECRET}")
    with (
        pullbridge.connect(still.app.url, settings=still.host.settings) as repo,
        pytest.raises(SignInNeeded, match="GH_ENTERPRISE_TOKEN") as caught,
    ):
        repo.pulls.get(1)
    assert SECRET not in str(caught.value)
    assert still.requests == []


def test_plain_http_is_not_used_beyond_this_machine() -> None:
    """`http://github.com` is refused before anything is sent, and says that it would be unencrypted."""
    with (
        pullbridge.connect("http://github.com/octo/app", credentials=Token(SECRET)) as repo,
        pytest.raises(EgressRefused, match="without encryption") as caught,
    ):
        repo.pulls.get(1)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/?u=github.com",
        "https://x.example/?u=https://github.com/octo/app",
        "https://github.com/octo/..",
        "https://github.com/../octo/app",
        "https://github.com/octo/%2e%2e",
        "https://github.com/octo%2fapp",
        "https://github.com/octo/app%2F..%2Fother",
        "https://github.com/octo/a b",
        "https://github.com/octo/a%20b",
        "https://github.com/octo/app?x",
        "https://github.com/octo/app\n",
        "https://github.com/octo/app\n/x",
        "https://github.com/octo/a%00b",
        "https://github.com\\@evil.example/octo/app",
        "https://github.com/octo\\app",
        "git@github.com:octo/../app",
        "git@github.com:octo/app#x",
        "https://github.com/octo",
        "https://github.com",
        "https://[::1/octo/app",
        "https://github.com:port/octo/app",
        "https://github.com:99999/octo/app",
        "file:///octo/app",
        "",
        "octo/app",
    ],
)
def test_address_that_can_be_misread_is_refused(address: str) -> None:
    """What is no plain address of a repository is `Rejected` at once, with what to write instead."""
    if address.endswith("app\n"):
        address += " "
        assert isinstance(pullbridge.parse(address), RepoRef)  # white space around what was pasted is nobody's name
        return
    with pytest.raises(Rejected) as caught:
        pullbridge.connect(address)
    assert caught.value.problems
    assert "owner/name" in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "github.com/..",
        "https://[::1",
        "https://github.com:x",
        "ftp://x.example",
        " ",
        "https://",
    ],
)
def test_host_that_is_no_address_is_refused(address: str) -> None:
    """`open_host` takes addresses of hosts alone."""
    with pytest.raises(Rejected, match="Write https://host"):
        pullbridge.open_host(address)


@pytest.mark.parametrize("address", ["github.com", "https://GitHub.com:443/", "https://github.com./", "github.com/#x"])
def test_host_is_known_however_it_is_written(address: str) -> None:
    """Case, the usual port, the root's dot and a slash do not make another host of it."""
    with pullbridge.open_host(address) as host:
        assert host.url == "https://github.com"


@pytest.mark.parametrize("address", ["https://www.github.com/octo/app", "https://github.com/octo/app.git"])
def test_other_names_of_github_lead_to_its_api(address: str) -> None:
    """`www.github.com` is GitHub: its API is where GitHub's is, and a permalink is to GitHub's pages."""
    with pullbridge.connect(address, credentials=Token(SECRET)) as repo:
        assert repo.native._requester.base_url == "https://api.github.com"
        assert repo.permalink("a.txt", 3, 5, "main").startswith("https://")


@pytest.mark.parametrize(
    "address", [f"https://user:{SECRET}@h:1:1/o/r", f"ftp://{SECRET}@h/o/r", f"https://{SECRET}@h\\x/o/r"]
)
def test_refused_address_does_not_repeat_its_token(address: str) -> None:
    """A clone address may hold a token; the refusal does not show it."""
    with pytest.raises(Rejected) as caught:
        pullbridge.connect(address)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value.problems)


def test_user_information_is_neither_kept_nor_used() -> None:
    """The token in a clone address is dropped: it belongs to git, and a credential is given as one."""
    with pullbridge.connect(f"https://x-access-token:{SECRET}@github.com/octo/app.git") as repo:
        assert repo.ref == RepoRef(web="https://github.com", path="octo/app", kind="github")


@pytest.mark.parametrize(
    "path",
    [
        "octo/..",
        "../octo/app",
        "octo/app?x=1",
        "octo/app#x",
        "octo/a b",
        "octo/%2e%2e",
        "octo%2fapp",
        "octo/app\n",
        "octo",
        "",
    ],
)
def test_repository_of_a_host_is_a_plain_path(still: Scene, path: str) -> None:
    """A path that would leave its place in an address is refused before anything is sent."""
    with pullbridge.open_host(still.host.url, settings=still.host.settings) as host, pytest.raises(Rejected):
        host.repository(path)
    assert still.requests == []


def test_names_that_somebody_put_together_are_read_like_addresses(still: Scene) -> None:
    """A `RepoRef` made by hand is checked as an address is."""
    for web, path in (
        (still.host.url, "../admin"),
        (still.host.url, "octo/app?x"),
        ("https://github.com@evil.example", "octo/app"),
        ("https://evil.example\\github.com", "octo/app"),
    ):
        with pytest.raises(Rejected):
            pullbridge.connect(RepoRef(web=web, path=path))
    with pullbridge.open_host(still.host.url, settings=still.host.settings) as host, pytest.raises(Rejected):
        host.repository(RepoRef(web="https://elsewhere.example", path="octo/app"))


def test_github_has_no_groups_in_groups(still: Scene) -> None:
    """On GitHub a path has an owner and a name; a longer one is refused before anything is sent."""
    repo = still.connect(where=f"{still.app.url}/tree/main")
    with pytest.raises(Rejected, match="owner/name"):
        repo.pulls.get(1)
    assert still.requests == []


def test_hidden_repository_is_not_there(scene: Scene) -> None:
    """Somebody else's private repository is `NotThere`, with the hint that it may be hidden."""
    scene.app.settings(private=True)
    scene.app.members(ada="write")
    for verb in ("pulls.get", "pulls.list", "pulls.search", "pulls.panel", "threads.start", "reviews.submit"):
        repo = scene.connect("mallory")
        with pytest.raises(NotThere, match="or hides it from this account") as caught:
            VERBS[verb](repo)
        assert caught.value.what
        assert caught.value.host == repo.host


@pytest.mark.parametrize(
    "verb", ["pulls.get", "pulls.panel", "threads.start", "reviews.submit", "merge", "diff", "threads.list"]
)
def test_number_that_is_not_there_is_named(still: Scene, verb: str) -> None:
    """A pull request that does not exist is `NotThere`, by its number."""
    repo = still.connect()
    verbs: dict[str, Callable[[], Any]] = {
        "pulls.get": lambda: repo.pulls.get(99),
        "pulls.panel": lambda: repo.pulls.panel(99),
        "threads.start": lambda: repo.threads.start(99, "A text"),
        "reviews.submit": lambda: repo.reviews.submit(99, pullbridge.Verdict.APPROVE),
        "merge": lambda: repo.pulls.merge(99),
        "diff": lambda: repo.files.diff(99),
        "threads.list": lambda: repo.threads.list(99),
    }
    with pytest.raises(NotThere) as caught:
        verbs[verb]()
    assert caught.value.what == "pull request #99"


@pytest.mark.parametrize("number", [True, False, 0, -1, 1.0, "1", None])
def test_number_that_is_none_is_refused(still: Scene, number: Any) -> None:
    """What Python takes for a number is no pull request; nothing is sent, also when it comes in a `PullRef`."""
    repo = still.connect()
    ref = PullRef(repository=repo.ref, number=number)
    for given in (number, ref):
        for verb in (repo.pulls.get, repo.pulls.panel, repo.files.diff, repo.threads.list, repo.pulls.merge):
            with pytest.raises(Rejected, match="Give its number"):
                verb(given)
        with pytest.raises(Rejected, match="Give its number"):
            repo.threads.start(given, "A text")
    assert still.requests == []


def test_pull_request_of_another_repository_is_refused(scene: Scene) -> None:
    """A `Pull` or `PullRef` of another repository or host is `Rejected` before anything is sent."""
    other = scene.host.repository("octo/other", files={"a.txt": "a\n"})
    other.commit("fix", {"a.txt": "b\n"})
    with pullbridge.connect(other.url, credentials=Token(scene.token("ada")), settings=scene.host.settings) as there:
        theirs = there.pulls.create("Other", "fix", "main")
    scene.requests.clear()
    repo = scene.connect()
    elsewhere = PullRef(repository=RepoRef(web="https://github.com", path="octo/app"), number=1)
    for given in (theirs, theirs.ref, elsewhere):
        with pytest.raises(Rejected, match="is not a pull request of"):
            repo.pulls.get(given)
        with pytest.raises(Rejected, match="is not a pull request of"):
            repo.reviews.submit(given, pullbridge.Verdict.APPROVE)
        with pytest.raises(Rejected, match="is not a pull request of"):
            repo.pulls.merge(given)
    assert scene.requests == []


def test_case_does_not_make_another_repository(still: Scene) -> None:
    """A pull request read through one spelling of the path may be given through another."""
    pull = still.connect().pulls.get(1)
    repo = still.connect(where=still.app.url.replace("octo/app", "Octo/App"))
    assert repo.pulls.get(pull).number == 1


def test_comment_without_its_pull_request_is_refused(still: Scene) -> None:
    """N-58: an id alone names no comment: every verb wants the pull request first, and takes no id in its place."""
    repo = still.connect()
    wrong: tuple[Callable[[Any], object], ...] = (
        lambda number: repo.threads.edit(number, "PRRC_1", "A text"),
        lambda number: repo.threads.delete(number, "PRRC_1"),
        lambda number: repo.threads.react(number, "PRRC_1", "heart"),
        lambda number: repo.threads.resolve(number, "PRRT_1"),
    )
    for call in wrong:
        with pytest.raises(Rejected, match="Give its number"):
            call("PRRC_1")
    with pytest.raises(Rejected, match="An id is not empty"):
        repo.threads.edit(1, "", "A text")
    with pytest.raises(TypeError):
        repo.threads.edit("PRRC_1", "A text")  # type: ignore[call-arg]  # what a type checker tells, too
    assert still.requests == []


def test_server_below_a_path_is_asked_there_alone(scene: Scene) -> None:
    """N-30: of a server below `/code`, every request and every page is there, the SDK's too, which follows links."""
    store, wire = scene.host.store, scene.host._wire
    with store.lock:
        for number in range(2, 103):
            scene.app.record.pulls[number] = store.keep(replace(scene.record, id=store.next_id(), number=number))
    straight = wire._handle

    def below(request: Request) -> Response:
        if not request.path.startswith("/code/"):
            return Response(status=404)
        body = BytesIO(request.get_data())
        inner = {**request.environ, "PATH_INFO": request.path.removeprefix("/code"), "wsgi.input": body}
        answer = straight(Request(inner))
        if "Link" in answer.headers:
            answer.headers["Link"] = answer.headers["Link"].replace("/api/v3/", "/code/api/v3/")
        return answer

    wire._handle = below
    repo = scene.connect(api_url=f"{scene.host.url}/code/api/v3")
    assert len(list(repo.pulls.list())) == 102
    assert len(repo.pulls.panel(1).files) == 2
    assert repo.threads.start(1, "To all").comments[0].body == "To all"
    assert len(list(repo.native.get_pulls())) == 102
    assert {each.path.startswith(("/code/api/v3/", "/code/api/graphql")) for each in scene.requests} == {True}
    assert {each.status for each in scene.requests} <= {200, 201}


class TestRenamed:
    """GitHub answers 301 to reads and 307 to writes under a repository's old name."""

    @pytest.fixture
    def old(self, scene: Scene) -> pullbridge.Repository:
        repo = scene.connect()
        scene.host.rename("octo/app", "octo/renamed")
        return repo

    def test_reads_follow(self, scene: Scene, old: pullbridge.Repository) -> None:
        """Reads under the old name give what is under the new one."""
        assert old.pulls.get(1).title == "Change two files"
        assert [pull.number for pull in old.pulls.list()] == [1]
        assert old.pulls.panel(1).files[0].path == "a.txt"
        assert old.files.content("b.txt", "main").startswith(b"line 1\n")
        assert 301 in {each.status for each in scene.requests}

    def test_writes_keep_method_and_text(self, scene: Scene, old: pullbridge.Repository) -> None:
        """Writes under the old name arrive once, whole."""
        old.threads.start(1, "To the conversation")
        old.threads.start(1, "To a line", at=scene.at())
        old.reviews.submit(1, pullbridge.Verdict.APPROVE, "Fine", [scene.draft("Another", 40)])
        assert old.pulls.edit(1, title="New title").title == "New title"
        assert scene.general() == ["To the conversation"]
        assert scene.inline() == ["To a line", "Another"]
        assert 307 in {each.status for each in scene.requests}

    def test_what_was_read_may_be_given_back(self, old: pullbridge.Repository) -> None:
        """A pull request read under the old name is one of this repository, however it was read."""
        read = [
            old.pulls.get(1),
            next(iter(old.pulls.list())),
            next(iter(old.pulls.list(author="ada"))),
            old.pulls.panel(1).pull,
            old.pulls.find("fix"),
            old.pulls.set_draft(1, True),
            old.pulls.set_draft(1, False),
        ]
        for pull in read:
            assert pull is not None
            assert pull.ref.repository == old.ref
            assert pull.source.repository == old.ref
            assert old.pulls.get(pull).number == 1
        assert old.pulls.merge(old.pulls.get(1)).state is pullbridge.MergeState.MERGED
