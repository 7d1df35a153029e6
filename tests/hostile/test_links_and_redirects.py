"""What answers point at: links, redirects and addresses that lead elsewhere, or nowhere, or in a circle."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import trustme
from tests.hostile.scene import Scene, made
from tests.transport.scripted import Server, answer

import pullbridge
from pullbridge import EgressRefused, Repository, Settings, Token, Verdict
from pullbridge.testing import Forge

Verb = Callable[[Repository, Scene], Any]
VERBS: dict[str, Verb] = {
    "pulls.get": lambda repo, _: repo.pulls.get(1),
    "pulls.list": lambda repo, _: list(repo.pulls.list()),
    "pulls.panel": lambda repo, _: repo.pulls.panel(1),
    "files.diff": lambda repo, _: repo.files.diff(1),
    "files.content": lambda repo, _: repo.files.content("a.txt", "main"),
    "threads.start": lambda repo, _: repo.threads.start(1, "To all"),
    "threads.start on a line": lambda repo, scene: repo.threads.start(1, "On a line", at=scene.at()),
    "reviews.submit": lambda repo, scene: repo.reviews.submit(1, Verdict.APPROVE, "Words", [scene.draft("Here")]),
    "pulls.merge": lambda repo, _: repo.pulls.merge(1),
    "native": lambda repo, _: repo.native.get_pull(1).title,
}


@pytest.fixture
def foreign() -> Iterator[Server]:
    """Somebody else's server, which would love to get a token."""
    server = Server(lambda _: answer(200, {}))
    yield server
    server.close()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_to_another_host_is_refused(still: Scene, foreign: Server, verb: str, status: int) -> None:
    """No redirect leads to another host: it is named in the error, sees nothing, and nothing was written."""
    still.host.behave(status=status, headers={"Location": f"{foreign.url}/repos/octo/app"})
    with pytest.raises(EgressRefused) as caught:
        VERBS[verb](still.connect(), still)
    assert foreign.connections == 0
    assert caught.value.origin == foreign.url
    assert foreign.url in str(caught.value)
    assert str(caught.value).endswith("somebody is after your token.")
    assert not caught.value.maybe_done
    assert (still.general(), still.inline(), still.reviews()) == ([], [], [])


@pytest.mark.parametrize(
    "location",
    [
        "//evil.example/x",
        "https://evil.example@127.0.0.1/x",
        "http://127.0.0.1.evil.example/api/v3/x",
        "/../../elsewhere",
        "/api/v3/../../elsewhere",
        "/api/v3/%2e%2e/%2e%2e/elsewhere",
        "file:///etc/passwd",
        "/outside/of/the/api",
        "http://127.0.0.1:1/api/v3/x",
        "http://[::1]/api/v3/x",
    ],
)
def test_odd_redirect_is_refused(still: Scene, location: str) -> None:
    """A redirect that can be read in two ways, or leaves the API on the same host, is not followed."""
    still.host.behave(status=302, headers={"Location": location})
    with pytest.raises(EgressRefused):
        still.connect().pulls.get(1)
    assert len(still.requests) == 1


def test_redirect_without_end_is_ended(still: Scene) -> None:
    """A host that redirects in a circle gets a few requests, and the caller an error."""
    still.host.behave(redirect=f"{still.host.api_url}/repos/octo/app/pulls/1")
    with pytest.raises(pullbridge.BadAnswer, match="redirects"):
        still.connect().pulls.get(1)
    assert len(still.requests) < 10


def test_https_is_never_left(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """N-21: from https nothing leads to http, not even on the same machine: no redirect and no next page."""
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    plain = Server(lambda _: answer(200, {}))
    with Forge(tls=context) as forge:
        app = forge.github.repository("octo/app", files={"a.txt": "a\n"})
        forge.github.behave(redirect=f"{plain.url}/api/v3/repos/octo/app/pulls/1")
        settings = Settings(kind="github", api_url=forge.github.api_url, proxy="", ca_bundle=tmp_path / "ca.pem")
        token = Token(forge.github.token("bob"))
        with pullbridge.connect(app.url, credentials=token, settings=settings) as repo, pytest.raises(EgressRefused):
            repo.pulls.get(1)
        port = forge.github.url.rpartition(":")[2]
        forge.github.behave()
        forge.github.behave(redirect=f"http://127.0.0.1:{port}/api/v3/repos/octo/app/pulls/1")
        with pullbridge.connect(app.url, credentials=token, settings=settings) as repo, pytest.raises(EgressRefused):
            repo.pulls.get(1)
        forge.github.behave()
        app.commit("fix", {"a.txt": "b\n"})
        with pullbridge.connect(app.url, credentials=token, settings=settings) as repo:
            repo.pulls.create("One", "fix", "main")
        for elsewhere in (plain.url, f"http://127.0.0.1:{port}"):
            forge.github.behave()
            forge.github.behave(link=f'<{elsewhere}/api/v3/repos/octo/app/pulls?page=2>; rel="next"')
            with pullbridge.connect(app.url, credentials=token, settings=settings) as repo:
                assert len(list(repo.pulls.list())) == 1
                with pytest.raises(EgressRefused):
                    list(repo.native.get_pulls())
    assert plain.connections == 0
    plain.close()


@pytest.fixture(scope="module")
def many() -> Iterator[Scene]:
    """A repository with 120 open pull requests: two pages."""
    with Forge() as forge, ExitStack() as stack:
        scene = made(forge, stack)
        store, record = forge.github.store, scene.app.record
        ada = store.people.user("ada")
        for number in range(2, 121):
            record.git.set_ref(f"refs/heads/b{number}", scene.head)
            store.pulls.create(record, ada, title=f"Number {number}", source_branch=f"b{number}", target_branch="main")
        yield scene


class TestLinks:
    """`Link` headers are never followed: of them only the last page's number is read."""

    @pytest.fixture(autouse=True)
    def _behaves(self, many: Scene) -> Iterator[None]:
        many.requests.clear()
        yield
        many.host.behave()

    @pytest.mark.parametrize("relation", ["next", "last"])
    def test_link_elsewhere_is_not_followed(self, many: Scene, foreign: Server, relation: str) -> None:
        """A link to another host gets no request; the list is read from the named host."""
        many.host.behave(link=f'<{foreign.url}/x?page=2>; rel="{relation}"', path="*/pulls")
        list(many.connect().pulls.list())
        assert foreign.connections == 0
        assert {each.path for each in many.requests} == {"/api/v3/repos/octo/app/pulls"}

    def test_page_that_points_to_itself_ends(self, many: Scene) -> None:
        """A link to the page just read, or before it, is no endless list."""
        for page in (1, 0):
            many.requests.clear()
            many.host.behave()
            many.host.behave(link=f'<{many.host.api_url}/x?page={page}>; rel="next", <x?page={page}>; rel="last"')
            list(many.connect().pulls.list())
            assert len(many.requests) < 4

    @pytest.mark.parametrize("last", [999_999_999, 10**30])
    def test_last_page_that_is_not_there_ends(self, many: Scene, last: int) -> None:
        """A host that promises a billion pages is asked until one is empty."""
        many.host.behave(link=f'<https://x.example/x?page={last}>; rel="last"')
        found = [pull.number for pull in many.connect().pulls.list()]
        assert len(many.requests) < 30
        assert len(found) >= 100

    def test_whole_list_without_a_lie(self, many: Scene) -> None:
        """With true links both pages are read, once."""
        listing = many.connect().pulls.list()
        assert len({pull.number for pull in listing}) == 120
        assert listing.complete
        assert len(many.requests) == 2

    def test_cursor_that_repeats_ends(self, many: Scene) -> None:
        """GraphQL's cursors in a circle are an error, or end the list with its reason, but never run for ever."""
        circle = b'"hasNextPage":true,"endCursor":"Y3Vyc29yOnYyOjE="'

        def turned(_: Any, response: Any) -> Any:
            data = response.get_data()
            for known in (b'"hasNextPage":false,"endCursor":', b'"hasNextPage":true,"endCursor":'):
                start = data.find(known)
                while start >= 0:
                    end = data.find(b"}", start)
                    data = data[:start] + circle + data[end:]
                    start = data.find(known, start + len(circle))
            response.set_data(data)

        many.instead(turned)
        repo = many.connect()
        listing = repo.pulls.list(author="ada")
        list(listing)
        assert listing.complete is False
        assert listing.stopped
        assert len(many.requests) < 10
        for verb in (repo.threads.list, repo.reviews.list, repo.pulls.commits, repo.pulls.panel):
            many.requests.clear()
            with pytest.raises(pullbridge.BadAnswer, match="circle"):
                verb(1)
            assert len(many.requests) < 20


def test_answers_may_not_name_another_place_to_go(scene: Scene, foreign: Server) -> None:
    """Addresses inside an answer are shown to people, and never fetched."""

    def elsewhere(_: Any, response: Any) -> None:
        ours = scene.host.url.encode()
        response.set_data(response.get_data().replace(ours, foreign.url.encode()))

    scene.instead(elsewhere)
    repo = scene.connect()
    pull = repo.pulls.get(1)
    panel = repo.pulls.panel(pull)
    repo.reviews.submit(pull, Verdict.COMMENT, "Words", [scene.draft("Here")])
    assert str(pull.url).startswith(foreign.url)
    assert repo.native.get_pull(1).title
    repo.files.diff(1)
    assert len(panel.files) == 2
    assert foreign.connections == 0


def test_native_objects_do_not_leave_either(scene: Scene, foreign: Server) -> None:
    """PyGithub follows addresses of answers when it completes its objects; the guard refuses those of other hosts."""

    def elsewhere(_: Any, response: Any) -> None:
        ours = scene.host.url.encode()
        response.set_data(response.get_data().replace(ours, foreign.url.encode()))

    scene.instead(elsewhere)
    user = scene.connect().native.get_pull(1).user
    with pytest.raises(EgressRefused):
        user.update()
    assert foreign.connections == 0
