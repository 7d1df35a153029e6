"""What a probe learns, for how many requests, and for whom."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from tests.hosts.bitbucket_dc.asked import (
    HOME,
    NAMED,
    PROPERTIES,
    REST,
    Routes,
    page,
    refused,
    repository,
    routed,
    served,
)
from tests.hosts.bitbucket_dc.center import Center
from tests.transport.scripted import Seen, answer

import pullbridge
from pullbridge import AnswerState, Can, Forbidden, NotThere, SignInNeeded
from pullbridge.hosts.bitbucket_dc import probing
from pullbridge.hosts.bitbucket_dc.abilities import Level
from pullbridge.hosts.bitbucket_dc.features import Features
from pullbridge.testing import Forge

REPOSITORY = {"slug": "app", "id": 1, "name": "The App", "project": {"key": "PRJ"}, "public": False, "forkable": True}


@pytest.mark.parametrize(
    ("handle", "merges", "deletes"),
    [
        ("ada", AnswerState.YES, AnswerState.YES),
        ("grace", AnswerState.YES, AnswerState.UNKNOWN),
        ("linus", AnswerState.NO, AnswerState.UNKNOWN),
    ],
)
def test_a_probe_learns_what_i_may_do(center: Center, handle: str, merges: AnswerState, deletes: AnswerState) -> None:
    """By the lists of what I may write to and administer; a second one asks nothing."""
    repo = center.as_(handle)
    assert repo.can[Can.MERGE].state is AnswerState.UNKNOWN
    can = repo.probe()
    assert (can[Can.MERGE].state, can[Can.DELETE_PULL].state) == (merges, deletes)
    assert sorted(center.sent()) == [
        "GET ",
        "GET /settings/pull-requests",
        "GET api/latest/application-properties",
        "GET api/latest/repos",
        "GET api/latest/repos",
    ]
    center.forget()
    repo.probe()
    assert center.sent() == []
    if merges is AnswerState.NO:
        with pytest.raises(pullbridge.ScopeMissing) as caught:
            repo.pulls.merge(1)
        assert caught.value.needed == ("REPO_WRITE",)
        assert center.sent() == []


def test_a_token_that_may_only_read_is_told_so(center: Center) -> None:
    """What its user may is no matter."""
    host = center.forge.bitbucket_dc
    token = pullbridge.Token(host.token("ada", scopes=("REPO_READ",)))
    with pullbridge.connect(center.app.url, credentials=token, settings=host.settings) as repo:
        assert repo.probe()[Can.MERGE].state is AnswerState.NO
        assert repo.probe()[Can.COMMENT].state is AnswerState.YES


def test_a_refusal_of_an_unprobed_repository_is_a_lack_of_rights(center: Center) -> None:
    """DC-55: nothing was known, so that it was asked."""
    opened = center.opened()
    with pytest.raises(Forbidden) as caught:
        center.as_("linus").pulls.merge(opened)
    assert caught.value.status == 401
    assert "REPO_WRITE" in str(caught.value)


def test_a_probe_reads_the_settings(center: Center) -> None:
    """Of merges, and whether it is archived."""
    center.forge.bitbucket_dc.knobs.strategies = ("no-ff",)
    assert center.repo.probe()[Can.CHOOSE_MERGE_METHOD].reason == "its settings allow merge"
    center.app.record.archived = True
    can = center.repo.probe(again=True)
    assert can[Can.COMMENT].reason == "the repository is archived"


@pytest.mark.parametrize("status", [404, 401])
def test_a_repository_that_is_hidden_is_not_there(center: Center, status: int) -> None:
    """Or I may not; an instance says either."""
    host = center.forge.bitbucket_dc
    host.knobs.hidden_status = status
    host.repository("PRJ/secret", private=True, members={"ada": "admin"})
    with pytest.raises(NotThere if status == 404 else Forbidden):
        center.as_("stranger", "PRJ/secret").probe()


def test_a_host_is_probed_by_one_request(center: Center) -> None:
    """The version, with whose answer comes who I am."""
    host = center.forge.bitbucket_dc
    with pullbridge.open_host(
        host.url, credentials=pullbridge.Token(host.token("ada")), settings=host.settings
    ) as opened:
        center.forget()
        assert opened.probe()[Can.WHOAMI].state is AnswerState.YES
        assert center.sent() == ["GET api/latest/application-properties"]
        assert opened.probe(again=True)[Can.LABELS].state is AnswerState.NO
    bad = pullbridge.open_host(host.url, credentials=pullbridge.Token("BBDC-bad"), settings=host.settings)
    with bad, pytest.raises(SignInNeeded):
        bad.probe()
    with pullbridge.open_host(host.url, credentials=pullbridge.Anonymous(), settings=host.settings) as opened:
        assert opened.probe()[Can.WHOAMI].sign_in


def test_a_credential_that_is_not_accepted_is_said() -> None:
    """By an answer that anybody gets, and that names nobody."""
    with served(lambda _: answer(200, {"version": "9.2.0"})) as (api, _), pytest.raises(SignInNeeded):
        probing.of_host(api)


def test_a_repository_is_asked_for_by_its_own_name() -> None:
    """Which need not be its slug; where nobody lists it the permission is unknown."""
    lists: list[str] = []

    def listed(seen: Seen) -> bytes:
        lists.append(seen.path)
        return answer(404, refused("no"))

    routes: Routes = {
        f"GET {HOME}": answer(200, REPOSITORY, NAMED),
        f"GET {PROPERTIES}": answer(200, {"version": "9.2.0"}),
        f"GET {REST}/repos": listed,
    }
    with served(routed(routes)) as (api, _):
        features = Features(api.connected)
        probing.of_repository(repository(api), features)
        home = features.facts()[1]
    assert home is not None
    assert (home.seen, home.level, home.methods, home.private) == (True, None, None, True)
    assert all("name=The+App" in path and "projectkey=PRJ" in path for path in lists)


def test_another_one_of_the_name_is_another_one() -> None:
    """A list is searched by a part of the name."""
    other = {**REPOSITORY, "slug": "the-app-2"}
    routes: Routes = {
        f"GET {HOME}": answer(200, REPOSITORY, NAMED),
        f"GET {PROPERTIES}": answer(200, {"version": "9.2.0"}),
        f"GET {REST}/repos": answer(200, page(other)),
    }
    with served(routed(routes)) as (api, _):
        features = Features(api.connected)
        probing.of_repository(repository(api), features)
        home = features.facts()[1]
    assert home is not None
    assert home.level is Level.READ


@pytest.mark.parametrize("context", ["", "/bitbucket"])
@pytest.mark.parametrize("path", ["PRJ/app", "~ada/app"])
def test_an_instance_is_found_without_being_told(context: str, path: str) -> None:
    """DC-58: by asking anonymously, below its context path too; by a page, and by a clone address."""
    with ExitStack() as stack:
        host = stack.enter_context(Forge(dc_context=context)).bitbucket_dc
        app = host.repository(path, members={"ada": "admin"})
        app.commit("fix", {"a.txt": "1\n"})
        token = pullbridge.Token(host.token("ada"))
        untold = pullbridge.Settings(proxy="")
        for address in (app.url, app.clone_url):
            repo = stack.enter_context(pullbridge.connect(address, credentials=token, settings=untold))
            pull = repo.pulls.create("Fix", "fix", "main", if_exists="return")
            assert pull.number == 1
            assert repo.ref.web == host.url
            # A clone address has its project's key in small letters, which are as good.
            lines = repo.permalink("a b.txt", 1, 3, "f" * 40)
            assert lines.lower() == f"{app.url}/browse/a%20b.txt?at={'f' * 40}#1-3".lower()
            assert repo.ref.url.lower() == app.url.lower()
        assert all(each.path.startswith(context) for each in host.requests if each.status == 200)
