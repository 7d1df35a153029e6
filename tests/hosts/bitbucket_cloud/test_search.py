"""Lists, with every filter; what waits for me; and what cannot be searched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.hosts.bitbucket_cloud.lab import PATH, Lab

import pullbridge
from pullbridge import CheckState, Order, PullState, Role, Token
from pullbridge.hosts.bitbucket_cloud import inbox
from pullbridge.testing import Fault


def numbers(pulls: object) -> list[int]:
    return [pull.number for pull in pulls]  # type: ignore[attr-defined]  # any iterable of pull requests


def several(lab: Lab) -> None:
    """1 is open, 2 a draft of grace's, 3 declined, 4 merged, 5 superseded."""
    for number in range(2, 6):
        lab.app.commit(f"b{number}", {f"{number}.txt": "x\n"})
    lab.opened()
    lab.as_("grace").pulls.create('Say "hi"', "b2", "main", draft=True, reviewers=["ada", "linus"])
    lab.repo.pulls.close(lab.opened("b3"))
    lab.repo.pulls.merge(lab.opened("b4"))
    lab.host.supersede(PATH, lab.opened("b5").number)
    lab.host.requests.clear()


def test_reviewers_come_with_the_list(lab: Lab) -> None:
    """One request for all of it, and none for a row."""
    several(lab)
    rows = list(lab.repo.pulls.list())
    assert [[each.handle for each in row.reviewers or ()] for row in rows] == [["ada", "linus"], []]
    assert lab.sent() == ["GET /pullrequests"]
    assert "+values.reviewers,+values.participants" in lab.queries("/pullrequests")[0]


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ({PullState.OPEN}, {1, 2}),
        ({PullState.CLOSED}, {3, 5}),
        ({PullState.MERGED}, {4}),
        (set(PullState), {1, 2, 3, 4, 5}),
    ],
)
def test_each_state_is_asked_for(lab: Lab, states: set[PullState], found: set[int]) -> None:
    """`state` as often as there are words for them."""
    several(lab)
    assert set(numbers(lab.repo.pulls.list(states=states))) == found


def test_every_filter_is_bitbuckets_own(lab: Lab) -> None:
    """In its query language."""
    several(lab)
    lists = lab.repo.pulls.list
    assert numbers(lists(author="grace")) == [2]
    assert numbers(lists(author=lab.host.uuid("ada"))) == [1]
    assert numbers(lists(reviewer="linus")) == [2]
    assert numbers(lists(source="fix")) == [1]
    assert numbers(lists(source="octo:b2")) == [2]
    assert numbers(lists(target="main", draft=True)) == [2]
    assert numbers(lists(draft=False)) == [1]
    assert numbers(lists(text='"hi"')) == [2]
    assert numbers(lists(text='" OR state="MERGED')) == []
    assert set(numbers(lists(text="WHY"))) == {1}
    assert numbers(lists(target="nowhere")) == []
    wanted = [each for each in lab.queries("/pullrequests") if "author.uuid" in each]
    assert f'author.uuid="{lab.host.uuid("grace")}"' in wanted[0]


def test_times_and_orders(lab: Lab) -> None:
    """Since includes its moment, before does not."""
    several(lab)
    first, second = lab.repo.pulls.get(1), lab.repo.pulls.get(2)
    assert first.updated_at is not None
    assert second.updated_at is not None
    lists = lab.repo.pulls.list
    assert set(numbers(lists(updated_since=first.updated_at))) == {1, 2}
    assert numbers(lists(updated_since=first.updated_at + timedelta(microseconds=1))) == [2]
    assert numbers(lists(updated_before=second.updated_at)) == [1]
    assert numbers(lists(order=Order.OLDEST_CREATED)) == [1, 2]
    assert numbers(lists(order=Order.CREATED)) == [2, 1]


def test_an_author_who_is_no_member_is_told_by_the_rows(lab: Lab) -> None:
    """A fork's owner of a public repository need not be one."""
    lab.host.token("joan")
    fork = lab.host.fork(PATH, "joan")
    fork.commit("edge", {"b.txt": "2\n"})
    lab.as_("joan").pulls.create("From outside", "edge", "main", source_repository="joan/app")
    lab.opened()
    assert [each.title for each in lab.repo.pulls.list(author="joan")] == ["From outside"]
    narrow = lab.with_(Token(lab.host.token("ada", ("pullrequest",))))
    assert [each.title for each in narrow.pulls.list(author="ada")] == ["Fix the edge"]


def test_a_filter_that_names_two_people_is_rejected(lab: Lab) -> None:
    """Or else both would pass."""
    lab.host.nickname("linus", "grace")
    with pytest.raises(pullbridge.Rejected, match="ambiguous"):
        lab.repo.pulls.list(author="grace").first()


@pytest.mark.parametrize("more", [{"labels": ["bug"]}, {"assignee": "grace"}])
def test_a_filter_that_there_is_not_is_rejected(lab: Lab, more: dict[str, str]) -> None:
    """And not passed over."""
    with pytest.raises(pullbridge.Rejected, match="Bitbucket Cloud has no"):
        lab.repo.pulls.list(**more).first()  # type: ignore[arg-type]  # one of the filters
    assert lab.sent() == []


def test_a_list_goes_on_from_its_cursor(lab: Lab) -> None:
    """Where the host's own next page leads."""
    for number in range(2, 15):
        lab.app.commit(f"b{number}", {f"{number}.txt": "x\n"})
        lab.repo.pulls.create(f"n {number}", f"b{number}", "main")
    lab.host.requests.clear()
    first = lab.repo.pulls.list(order=Order.OLDEST_CREATED, limit=10)
    assert numbers(first) == list(range(1, 11))
    assert first.complete is False
    rest = lab.repo.pulls.list(order=Order.OLDEST_CREATED, after=first.cursor)
    assert numbers(rest) == [11, 12, 13]
    assert rest.complete
    assert [("page=2" in each) for each in lab.queries("/pullrequests")] == [False, True]
    with pytest.raises(pullbridge.Rejected, match="no cursor"):
        lab.repo.pulls.list(after="2").first()


def test_too_much_is_asked_again_after_a_pause(lab: Lab) -> None:
    """Although nothing tells for how long; a page of pull requests is fifty and never more."""
    lab.opened()
    lab.host.behave(rate_limit=True, times=2)
    assert numbers(lab.repo.pulls.list()) == [1]
    assert [each.status for each in lab.host.requests] == [429, 429, 200]
    assert "pagelen=50" in lab.queries("/pullrequests")[-1]


def test_checks_come_with_it_where_they_are_wanted(lab: Lab) -> None:
    """At the price of a request for each."""
    lab.opened()
    lab.repo.checks.report(lab.app.head("fix"), "build", CheckState.FAILURE)
    (row,) = lab.repo.pulls.list(with_checks=True)
    assert row.checks is CheckState.FAILURE


# In all repositories --------------------------------------------------------------------------------------------------


def test_what_i_have_made_is_asked_of_each_workspace(lab: Lab) -> None:
    """Newest change first."""
    other = lab.host.repository("tools/cli", members={"ada": "write"})
    other.commit("fix", {"a.txt": "1\n"})
    first = lab.opened()
    second = lab.as_("ada", "tools/cli").pulls.create("Other", "fix", "main")
    found = list(lab.everywhere("ada").inbox(Role.AUTHOR))
    assert [(each.ref.repository.path, each.number) for each in found] == [
        ("tools/cli", second.number),
        (PATH, first.number),
    ]


def test_what_waits_for_me_is_asked_of_each_repository(lab: Lab) -> None:
    """And the list of these is asked for once."""
    other = lab.host.repository("tools/cli", members={"ada": "write", "grace": "write"})
    other.commit("fix", {"a.txt": "1\n"})
    lab.opened(reviewers=["grace"])
    lab.as_("ada", "tools/cli").pulls.create("Not hers", "fix", "main")
    host = lab.everywhere("grace")
    lab.host.requests.clear()
    found = host.inbox()
    assert [(each.ref.repository.path, each.title) for each in found] == [(PATH, "Fix the edge")]
    assert found.complete
    asked = len(lab.sent())
    list(host.inbox())
    again = lab.sent()[asked:]
    assert sorted(again) == ["GET /pullrequests", "GET /repositories/tools/cli/pullrequests"]


def test_an_inbox_has_an_end_and_says_so(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those that changed last are asked."""
    monkeypatch.setattr(inbox, "MOST", 1)
    lab.host.repository("tools/cli", members={"grace": "write"})
    found = lab.everywhere("grace").inbox()
    list(found)
    assert (found.complete, found.stopped) == (False, "of 2 repositories, the 1 that changed last were asked")


def test_a_repository_that_is_gone_spoils_no_inbox(lab: Lab) -> None:
    """It has nothing that waits."""
    lab.opened(reviewers=["grace"])
    lab.host.repository("tools/cli", members={"grace": "write"})
    lab.host.add_fault(Fault(path="*/tools/cli/pullrequests", status=404, body=b"{}"))
    assert [each.title for each in lab.everywhere("grace").inbox()] == ["Fix the edge"]


def test_nobody_in_particular_has_an_inbox(lab: Lab) -> None:
    """A credential that does not tell who it is has none, either; nobody has assignees."""
    token = Token(lab.host.token("robot", kind="repository", at=PATH))
    host = lab.stack.enter_context(pullbridge.open_host(lab.host.url, credentials=token, settings=lab.host.settings))
    with pytest.raises((pullbridge.SignInNeeded, pullbridge.ScopeMissing)):
        list(host.inbox())
    with pytest.raises(pullbridge.Unsupported, match="assignees"):
        list(lab.everywhere("ada").inbox(Role.ASSIGNEE))


def test_there_is_nothing_to_search_by(lab: Lab) -> None:
    """And it is said, not emptily answered."""
    host = lab.everywhere("ada")
    lab.host.requests.clear()
    with pytest.raises(pullbridge.Unsupported, match="searches code"):
        list(host.search("edge"))
    assert lab.sent() == []
