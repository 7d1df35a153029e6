"""What `test_egress`, `test_links_and_redirects`, `test_rights` and `test_hosts_and_names` say of GitHub, on the other hosts.

Bytes go to the host that the caller named, whatever an answer says; who may not is told so, and what is not there is named.
"""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.hostile.site import Site, elsewhere, elsewhere_still
from tests.transport.scripted import Server, answer

import pullbridge
from pullbridge import (
    Anonymous,
    BadAnswer,
    EgressRefused,
    NotThere,
    PullRef,
    Rejected,
    RepoRef,
    Repository,
    SignInNeeded,
    Token,
    Unsupported,
    Verdict,
)
from pullbridge.transport.trace import Event

VERBS: dict[str, Callable[[Repository, Site], Any]] = {
    "pulls.get": lambda repo, _: repo.pulls.get(1),
    "pulls.list": lambda repo, _: list(repo.pulls.list()),
    "pulls.panel": lambda repo, _: repo.pulls.panel(1),
    "pulls.timeline": lambda repo, _: list(repo.pulls.timeline(1)),
    "files.list": lambda repo, _: list(repo.files.list(1)),
    "files.diff": lambda repo, _: repo.files.diff(1),
    "files.content": lambda repo, _: repo.files.content("a.txt", "main"),
    "threads.list": lambda repo, _: repo.threads.list(1),
    "branches.list": lambda repo, _: list(repo.branches.list()),
    "branches.forks": lambda repo, _: list(repo.branches.forks()),
    "threads.start": lambda repo, _: repo.threads.start(1, "To all"),
    "threads.start on a line": lambda repo, site: repo.threads.start(1, "On a line", at=site.at()),
    "reviews.submit": lambda repo, site: repo.reviews.submit(1, Verdict.APPROVE, "Words", [site.draft("Here")]),
    "pulls.edit": lambda repo, _: repo.pulls.edit(1, title="Other"),
    "pulls.create": lambda repo, _: repo.pulls.create("Other", "other", "main"),
    "pulls.merge": lambda repo, _: repo.pulls.merge(1),
}
READS = dict(list(VERBS.items())[:10])
LISTS = ("pulls.list", "pulls.timeline", "files.list", "threads.list", "branches.list", "branches.forks")


@pytest.fixture
def foreign() -> Iterator[Server]:
    """Somebody else's server, which would take whatever comes."""
    server = Server(lambda _: answer(200, []))
    yield server
    server.close()


@elsewhere_still
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_another_host_is_refused(still_site: Site, foreign: Server, status: int) -> None:
    """Whatever the verb: the other host is named in the error and sees nothing, and nothing was written."""
    still_site.host.behave(status=status, headers={"Location": f"{foreign.url}/api/v4/projects/1"})
    for name, verb in VERBS.items():
        with pytest.raises(EgressRefused) as caught:
            verb(still_site.repo, still_site)
        assert caught.value.origin == foreign.url, name
        assert (caught.value.maybe_done, caught.value.retryable) == (False, False), name
        assert str(caught.value).endswith("somebody is after your token."), name
    assert foreign.connections == 0
    assert still_site.said() == []


@elsewhere_still
@pytest.mark.parametrize(
    "location",
    [
        "//evil.example/x",
        "https://evil.example@127.0.0.1/x",
        "/../../elsewhere",
        "file:///etc/passwd",
        "/outside/of/the/api",
        "http://127.0.0.1:1/api/v4/x",
        "http://[::1]/api/v4/x",
    ],
)
def test_odd_redirect_is_refused(still_site: Site, location: str) -> None:
    """A redirect that can be read in two ways, or leaves the API on the same host, is not followed."""
    still_site.host.behave(status=302, headers={"Location": location})
    with pytest.raises(EgressRefused):
        still_site.repo.pulls.get(1)
    assert len({each.path for each in still_site.requests}) == len(still_site.requests)


@elsewhere_still
def test_redirect_without_end_is_ended(still_site: Site) -> None:
    """A host that redirects in a circle gets a few requests, and the caller an error."""
    still_site.host.behave(status=302, headers={"Location": f"{still_site.host.api_url}/circle"})
    with pytest.raises(BadAnswer, match="redirects"):
        still_site.repo.pulls.get(1)
    assert len(still_site.requests) < 25


@elsewhere_still
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("page", [1, 2, 999_999_999, -1, "x", ""])
def test_links_that_lie(still_site: Site, foreign: Server, name: str, page: object) -> None:
    """A page that points to itself, to the end of the world or elsewhere is gone to nowhere else, and adds nothing."""
    expected = VERBS[name](still_site.repo, still_site)
    still_site.requests.clear()
    for place in (still_site.host.api_url, foreign.url):
        link = f"{place}/x?page={page}"
        still_site.host.behave(link=f'<{link}>; rel="next", <{link}>; rel="last"')
        assert VERBS[name](still_site.repo, still_site) == expected
        still_site.host.behave()
    assert foreign.connections == 0
    assert len(still_site.requests) <= 20


@elsewhere_still
def test_answers_may_not_name_another_place_to_go(still_site: Site, foreign: Server) -> None:
    """Addresses inside an answer are shown to people, and are refused or passed over where they would be fetched."""

    def moved(_: Any, response: Any) -> None:
        ours = still_site.host.url.encode()
        response.set_data(response.get_data().replace(ours, foreign.url.encode()))

    still_site.instead(moved)
    for verb in READS.values():
        try:
            verb(still_site.repo, still_site)
        except EgressRefused as error:
            assert error.origin == foreign.url  # noqa: PT017  # refused or not asked at all, each is right
    assert foreign.connections == 0


@elsewhere
def test_hidden_repository_is_not_there(site: Site) -> None:
    """Somebody else's private repository and one that is none are `NotThere` alike, with both possibilities named."""
    site.app.settings(private=True)
    site.app.members(ada="write")
    hidden, absent = site.connect("mallory"), site.connect("mallory", where=f"{site.app.url}-gone")
    for repo in (hidden, absent):
        for name in ("pulls.get", "pulls.list", "pulls.panel", "threads.start"):
            with pytest.raises(NotThere, match="hides it from this account") as caught:
                VERBS[name](repo, site)
            assert (bool(caught.value.what), caught.value.host) == (True, repo.host), name


@elsewhere_still
@pytest.mark.parametrize(
    "verb",
    [
        lambda repo: repo.pulls.get(404),
        lambda repo: repo.pulls.panel(404),
        lambda repo: repo.pulls.merge(404),
        lambda repo: repo.pulls.commits(404),
        lambda repo: repo.threads.list(404),
        lambda repo: repo.threads.start(404, "A text"),
        lambda repo: repo.reviews.submit(404, Verdict.APPROVE),
        lambda repo: repo.checks.list(404),
        lambda repo: repo.files.list(404).first(),
        lambda repo: repo.files.diff(404),
        lambda repo: repo.files.content("nothing.txt", at="main"),
        lambda repo: repo.branches.get("nothing"),
    ],
)
def test_what_is_not_there_is_named(still_site: Site, verb: Callable[[Repository], Any]) -> None:
    """By its number or name, by every verb."""
    with pytest.raises(NotThere) as caught:
        verb(still_site.repo)
    assert "404" in caught.value.what or "nothing" in caught.value.what


@elsewhere_still
@pytest.mark.parametrize("number", [True, 0, -1, 1.0, "1", None])
def test_number_that_is_none_is_refused(still_site: Site, number: Any) -> None:
    """What Python takes for a number is no pull request; nothing is sent."""
    repo = still_site.repo
    for given in (number, PullRef(repository=repo.ref, number=number)):
        for verb in (repo.pulls.get, repo.pulls.panel, repo.files.diff, repo.threads.list, repo.pulls.merge):
            with pytest.raises(Rejected, match="Give its number"):
                verb(given)
    assert still_site.requests == []


@elsewhere_still
def test_pull_request_of_another_repository_is_refused(still_site: Site) -> None:
    """A `PullRef` of another repository or host is `Rejected` before anything is sent."""
    repo = still_site.repo
    for other in (
        RepoRef(web=repo.ref.web, path=f"{repo.ref.path}-other", kind=repo.ref.kind),
        RepoRef(web="https://github.com", path=repo.ref.path),
    ):
        with pytest.raises(Rejected, match="is not a pull request of"):
            repo.pulls.get(PullRef(repository=other, number=1))
    assert still_site.requests == []


@elsewhere
@pytest.mark.parametrize("how", ["expired", "revoked", "wrong"])
def test_a_refused_token_asks_for_sign_in(site: Site, how: str) -> None:
    """It is `SignInNeeded` with the host's status, for reads and writes; the token is in nothing that is left."""
    token = site.host.token("carol", expired=how == "expired")
    if how == "revoked":
        site.host.revoke(token)
    token = f"{token}x" if how == "wrong" else token
    told: list[Event] = []
    repo = site.connect(token=token, trace=told.append)
    for name in ("pulls.get", "pulls.list", "pulls.panel", "threads.list", "threads.start", "pulls.edit"):
        with pytest.raises(SignInNeeded) as caught:
            VERBS[name](repo, site)
        error = caught.value
        assert error.status == 401, name
        shown = "".join(traceback.format_exception(error))
        assert token not in f"{shown}{error!r}{vars(error)}{pickle.dumps(error)!r}{told}", name


@elsewhere
def test_nobody_is_told_to_sign_in_before_a_write(site: Site) -> None:
    """Without a credential a write is refused, and the text is kept; nothing is written."""
    settings = site.host.settings
    with pullbridge.connect(site.app.url, credentials=Anonymous(), settings=settings) as repo:
        for write in (
            lambda: repo.threads.start(1, "A text"),
            lambda: repo.threads.start(1, "A text", at=site.at()),
            lambda: repo.reviews.submit(1, Verdict.COMMENT, "A text"),
        ):
            with pytest.raises((SignInNeeded, Unsupported)) as caught:
                write()
            assert caught.value.text == "A text"
    assert site.writes() == []


@elsewhere
def test_two_accounts_never_share_an_answer(site: Site) -> None:
    """What one has read is not shown to the other."""
    assert site.connect("ada").pulls.get(1).number == 1
    site.app.settings(private=True)
    site.app.members(ada="write")
    assert site.connect("ada").pulls.get(1).number == 1
    with pytest.raises(NotThere):
        site.connect("eve").pulls.get(1)


@elsewhere
def test_a_credential_that_renews_itself_is_asked_once(site: Site) -> None:
    """After a 401 the credentials are asked for a new token, and the call succeeds with it."""
    old, new = site.host.token("mia", expired=True), site.host.token("mia")
    asked: list[str] = []

    class Renewing:
        def current(self) -> Token:
            return Token(old)

        def refresh(self) -> Token:
            asked.append("refresh")
            return Token(new)

    with pullbridge.connect(site.app.url, credentials=Renewing(), settings=site.host.settings) as repo:
        assert repo.pulls.get(1).number == 1
        assert repo.pulls.panel(1).pull.number == 1
    assert asked == ["refresh"]
