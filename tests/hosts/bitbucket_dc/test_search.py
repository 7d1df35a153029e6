"""Lists of pull requests on Data Center: what is asked of it, what is filtered here, and what waits for me."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.hosts.bitbucket_dc.asked import (
    HOME,
    REST,
    Routes,
    page,
    pull,
    query,
    repository,
    routed,
    served,
    user,
)
from tests.hosts.bitbucket_dc.center import Center
from tests.transport.scripted import Seen, answer

import pullbridge
from pullbridge import Can, CheckState, Order, Pull, PullState, Rejected, Role, SignInNeeded, Unsupported
from pullbridge.hosts import decoding
from pullbridge.hosts.bitbucket_dc import payloads, search
from pullbridge.hosts.bitbucket_dc.search import fits, is_narrowed, words
from pullbridge.model.orders import PullQuery
from pullbridge.model.refs import RepoRef

LIST = f"{HOME}/pull-requests"
ALL = frozenset(PullState)
WHEN = datetime(2023, 11, 14, 22, 13, 21, 500_000, tzinfo=UTC)


def row(**more: Any) -> payloads.PullRequest:
    return decoding.decode(msgspec.json.encode(pull(**more)), payloads.PullRequest, "a row", "Bitbucket")


def numbers(pulls: object) -> list[int]:
    assert hasattr(pulls, "__iter__")
    return [each.number for each in pulls if isinstance(each, Pull)]


# Words ---------------------------------------------------------------------------------------------------------------


def test_nothing_special_is_what_is_open_newest_first() -> None:
    """Into this repository."""
    assert words(PullQuery()) == {"state": "OPEN", "order": "NEWEST", "direction": "INCOMING"}


def test_people_are_numbered_without_a_gap() -> None:
    """DC-53: an author and a reviewer are two filters, never near the ten that there may be."""
    both = words(PullQuery(author="@ada", reviewer="grace"))
    assert [both[f"{name}.{n}"] for n in (1, 2) for name in ("username", "role")] == [
        "ada",
        "AUTHOR",
        "grace",
        "REVIEWER",
    ]
    one = words(PullQuery(reviewer="grace"))
    assert (one["username.1"], one["role.1"]) == ("grace", "REVIEWER")
    assert "username.2" not in one


@pytest.mark.parametrize(
    ("source", "target", "at", "direction"),
    [
        (None, "main", "refs/heads/main", "INCOMING"),
        ("fix", None, "refs/heads/fix", "OUTGOING"),
        ("fix", "main", "refs/heads/fix", "OUTGOING"),
        ("~ada:fix", "main", "refs/heads/main", "INCOMING"),
        ("~ada:fix", None, None, "INCOMING"),
    ],
)
def test_it_finds_by_one_branch_by_its_full_name(
    source: str | None, target: str | None, at: str | None, direction: str
) -> None:
    """The source's, where that is in this repository; the other is looked at here."""
    found = words(PullQuery(source=source, target=target))
    assert (found.get("at"), found["direction"]) == (at, direction)


def test_text_and_drafts_and_states_are_asked_for() -> None:
    """Of two states all are asked for."""
    found = words(PullQuery(states=frozenset({PullState.CLOSED}), text="edge", draft=False, order=Order.OLDEST_UPDATED))
    assert (found["state"], found["filterText"], found["draft"], found["order"]) == (
        "DECLINED",
        "edge",
        "false",
        "OLDEST",
    )
    assert words(PullQuery(states=ALL))["state"] == "ALL"
    assert words(PullQuery(states=frozenset({PullState.OPEN, PullState.MERGED})))["state"] == "ALL"


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (PullQuery(), True),
        (PullQuery(states=frozenset({PullState.MERGED})), False),
        (PullQuery(author="@ADA"), True),
        (PullQuery(author="grace"), False),
        (PullQuery(reviewer="j.doe_x"), True),
        (PullQuery(reviewer="j.Doe@x"), True),
        (PullQuery(reviewer="ada"), False),
        (PullQuery(source="fix"), True),
        (PullQuery(source="prj:fix"), True),
        (PullQuery(source="PRJ/app:fix"), True),
        (PullQuery(source="~ada:fix"), False),
        (PullQuery(source="main"), False),
        (PullQuery(target="main"), True),
        (PullQuery(target="next"), False),
        (PullQuery(text="WHY"), True),
        (PullQuery(text="because"), False),
        (PullQuery(draft=False), True),
        (PullQuery(draft=True), False),
        (PullQuery(updated_since=WHEN), True),
        (PullQuery(updated_before=WHEN), False),
        (PullQuery(updated_since=WHEN + timedelta(milliseconds=1)), False),
    ],
)
def test_a_row_is_looked_at_once_more(wanted: PullQuery, passes: bool) -> None:
    """An older version passes over a filter that it does not have: what does not fit is left out here."""
    reviewer = {"user": user("j.Doe@x", 7, slug="j.doe_x"), "role": "REVIEWER"}
    assert fits(row(reviewers=[reviewer]), wanted) is passes


def test_a_fork_is_found_by_its_owner() -> None:
    """By a user's name with its `~` or without, or a project's key."""
    home = {"slug": "app", "id": 9, "project": {"key": "~ADA"}}
    forked = row(fromRef={**pull()["fromRef"], "repository": home})
    assert all(fits(forked, PullQuery(source=f"{owner}:fix")) for owner in ("~ada", "ada", "~ada/app"))
    assert not fits(forked, PullQuery(source="fix"))
    gone = row(fromRef={**pull()["fromRef"], "repository": None})
    assert not fits(gone, PullQuery(source="~ada:fix"))


def test_what_is_filtered_here_takes_whole_pages() -> None:
    """For few of the rows may pass."""
    assert not is_narrowed(PullQuery(author="ada", target="main", states=ALL))
    assert is_narrowed(PullQuery(source="fix", target="main"))
    assert is_narrowed(PullQuery(source="~ada:fix"))
    assert is_narrowed(PullQuery(states=frozenset({PullState.OPEN, PullState.MERGED})))
    assert is_narrowed(PullQuery(updated_since=WHEN))


# Lists ---------------------------------------------------------------------------------------------------------------


def test_a_list_goes_on_by_the_next_pages_start(center: Center) -> None:
    """DC-47, DC-48: rows that one may not see lie between, and no total is told."""
    for n in range(5):
        center.app.commit(f"b{n}", {f"{n}.txt": "1\n"})
        center.repo.pulls.create(f"Pull {n}", f"b{n}", "main")
    center.forge.bitbucket_dc.knobs.hidden_rows = 3
    center.forge.bitbucket_dc.knobs.most_rows = 2
    listing = center.repo.pulls.list()
    assert numbers(listing) == [5, 4, 3, 2, 1]
    assert listing.complete
    first = center.repo.pulls.list(limit=2)
    assert numbers(first) == [5, 4]
    assert numbers(center.repo.pulls.list(after=first.cursor)) == [3, 2, 1]


def test_each_filter_finds(center: Center) -> None:
    """On a forge: people, branches, text, drafts, states."""
    center.app.commit("next", {"n.txt": "1\n"})
    first = center.opened("fix", reviewers=["grace"])
    second = center.as_("grace").pulls.create("Second thing", "fix", "next", draft=True)
    third = center.repo.pulls.create("Third", "next", "main")
    center.repo.pulls.close(third)
    pulls = center.repo.pulls
    assert numbers(pulls.list(author="grace")) == [second.number]
    assert numbers(pulls.list(reviewer="grace")) == [first.number]
    assert numbers(pulls.list(author="ada", reviewer="grace")) == [first.number]
    assert numbers(pulls.list(target="next")) == [second.number]
    assert numbers(pulls.list(source="fix", order=Order.OLDEST_UPDATED)) == [first.number, second.number]
    assert numbers(pulls.list(text="second")) == [second.number]
    assert numbers(pulls.list(draft=True)) == [second.number]
    assert numbers(pulls.list(states={PullState.CLOSED})) == [third.number]
    assert numbers(pulls.list(states={PullState.OPEN, PullState.CLOSED}, order=Order.OLDEST_CREATED)) == [1, 2, 3]
    assert numbers(pulls.list(states=ALL, order=Order.CREATED)) == [3, 2, 1]
    found = pulls.find("fix", "next")
    assert found is not None
    assert found.number == second.number
    assert pulls.find("nowhere") is None


def test_a_fork_is_found(center: Center) -> None:
    """And pull requests into it are not this repository's."""
    fork = center.forge.bitbucket_dc.fork("PRJ/app", "linus")
    fork.commit("theirs", {"b.txt": "1\n"})
    made = center.as_("linus").pulls.create("Mine", "theirs", "main", source_repository="~linus/app")
    found = center.repo.pulls.find("~linus:theirs")
    assert found is not None
    assert found.ref == made.ref
    away = center.as_("linus", "~linus/app").pulls.create("Away", "fix", "theirs", source_repository="PRJ/app")
    assert away.ref.repository.path == "~linus/app"
    assert numbers(center.repo.pulls.list(source="fix")) == []


def test_a_span_of_time_ends_the_list_early() -> None:
    """Rows come sorted by it: what follows is not asked for."""
    old = pull(id=1, updatedDate=1_000)
    with served(routed({f"GET {LIST}": answer(200, page(pull(), old, after=2))})) as (api, server):
        found = search.in_repository(repository(api), PullQuery(updated_since=WHEN), None, None)
        assert (numbers(found.items), found.cursor) == ([7], None)
        older = PullQuery(updated_before=WHEN, order=Order.OLDEST_UPDATED)
        assert search.in_repository(repository(api), older, None, None).cursor == "2"
        assert len(server.seen) == 2


def test_a_limit_is_asked_for_where_nothing_is_left_out() -> None:
    """And whole pages where something may be."""
    with served(routed({f"GET {LIST}": answer(200, page())})) as (api, server):
        for wanted in (PullQuery(), PullQuery(source="~ada:fix")):
            search.in_repository(repository(api), wanted, None, 5)
        assert [query(seen)["limit"] for seen in server.seen] == ["5", "100"]


def test_builds_come_with_one_more_request(center: Center) -> None:
    """For all rows of a page together; one without builds has no state."""
    center.app.commit("more", {"b.txt": "1\n"})
    center.opened("fix")
    center.opened("more")
    center.app.check(center.app.head("fix"), "build", "failure")
    found = {each.source.name: each.checks for each in center.repo.pulls.list(with_checks=True)}
    assert found == {"fix": CheckState.FAILURE, "more": None}
    assert center.sent() == ["GET /pull-requests", "POST build-status/latest/commits/stats"]


def test_a_list_without_its_builds_is_a_list() -> None:
    """Where nobody tells of builds."""
    with served(routed({f"GET {LIST}": answer(200, page(pull()))})) as (api, _):
        found = search.in_repository(repository(api), PullQuery(with_checks=True), None, None)
    assert found.items[0].checks is None


@pytest.mark.parametrize("wanted", [PullQuery(assignee="ada"), PullQuery(labels=("bug",))])
def test_what_there_is_not_is_no_filter(wanted: PullQuery) -> None:
    """Refused, and not passed over."""
    with served(lambda _: answer(200)) as (api, server):
        with pytest.raises(Rejected, match="Leave that filter out"):
            search.in_repository(repository(api), wanted, None, None)
        assert server.seen == []


# Mine ----------------------------------------------------------------------------------------------------------------


def test_what_waits_for_me_is_on_the_dashboard(center: Center) -> None:
    """DC-54: in all repositories, until I have said something of it."""
    host = center.forge.bitbucket_dc
    other = host.repository("OTHER/thing", members={"grace": "write", "ada": "write"})
    other.commit("fix", {"a.txt": "1\n"})
    mine = center.opened(reviewers=["grace"])
    theirs = center.as_("ada", "OTHER/thing").pulls.create("Else", "fix", "main", reviewers=["grace"])
    center.forget()
    with pullbridge.open_host(
        host.url, credentials=pullbridge.Token(host.token("grace")), settings=host.settings
    ) as opened:
        waiting = list(opened.inbox(Role.REVIEWER))
        assert [each.ref for each in waiting] == [theirs.ref, mine.ref]
        sent = host.requests[-1]
        assert sent.path.endswith("/dashboard/pull-requests")
        assert "role=REVIEWER" in sent.query
        assert "participantStatus=UNAPPROVED" in sent.query
        assert "state=OPEN" in sent.query
        assert list(opened.inbox(Role.AUTHOR)) == []
        with pytest.raises(Unsupported, match="assignees"):
            list(opened.inbox(Role.ASSIGNEE))
        with pytest.raises(Unsupported, match="one repository at a time"):
            list(opened.search("edge"))
        assert opened.viewer().handle == "grace"
        assert opened.version() == "9.2.0"
        center.as_("grace").reviews.submit(mine, pullbridge.Verdict.APPROVE)
        assert [each.ref for each in opened.inbox(Role.REVIEWER)] == [theirs.ref]


def test_nobody_has_no_inbox() -> None:
    """Nothing is asked."""
    with served(lambda _: answer(200), token=None) as (api, server):
        ref = RepoRef(web=api.addresses.web, path="-/-")
        with pytest.raises(SignInNeeded):
            search.inbox(api, ref, Role.AUTHOR, None, None)
        with pytest.raises(Unsupported) as caught:
            search.inbox(api, ref, Role.ASSIGNEE, None, None)
        assert caught.value.can is Can.INBOX_ASSIGNEE
        assert server.seen == []


def test_an_inbox_goes_on() -> None:
    """By its cursor, as every list."""

    def script(seen: Seen) -> bytes:
        start = query(seen).get("start")
        return answer(200, page(pull(id=2)) if start else page(pull(), after=5))

    routes: Routes = {f"GET {REST}/dashboard/pull-requests": script}
    with served(routed(routes)) as (api, _):
        ref = RepoRef(web=api.addresses.web, path="-/-", kind="bitbucket-dc")
        first = search.inbox(api, ref, Role.AUTHOR, None, None)
        assert (numbers(first.items), first.cursor) == ([7], "5")
        assert first.items[0].ref.repository.path == "PRJ/app"
        assert search.inbox(api, ref, Role.AUTHOR, "5", None).cursor is None
