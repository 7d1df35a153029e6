"""Pull requests on Data Center, from opening to deleting."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_dc.asked import HOME, OUTDATED, Routes, pull, refused, repository, routed, served
from tests.hosts.bitbucket_dc.center import Center
from tests.transport.scripted import Seen, answer

from pullbridge import (
    UNSET,
    AlreadyThere,
    Can,
    Forbidden,
    HostDown,
    Milestone,
    NotThere,
    PullState,
    Rejected,
    Stale,
    Unsupported,
)
from pullbridge.hosts.bitbucket_dc import versioned
from pullbridge.hosts.bitbucket_dc.features import Features
from pullbridge.hosts.bitbucket_dc.pulls import DataCenterPulls
from pullbridge.model.orders import NewPull, PullChanges

PULL = f"{HOME}/pull-requests/7"


# Opening -------------------------------------------------------------------------------------------------------------


def test_a_pull_request_is_opened_with_all_that_belongs_to_it(center: Center) -> None:
    """In one request, once the version is known; DC-08: its branches by their full names there, by their short ones here."""
    center.repo.probe()
    made = center.opened("fix", reviewers=["grace", "linus"], draft=True)
    assert (made.title, made.body, made.draft, made.state) == ("Fix the edge", "Why.", True, PullState.OPEN)
    assert [each.handle for each in made.reviewers or ()] == ["grace", "linus"]
    assert (made.source.name, made.source.commit, made.target.name) == ("fix", center.app.head("fix"), "main")
    assert made.source.repository == made.ref.repository
    assert made.version is not None
    found = center.repo.pulls.get(made)
    assert found == made


def test_a_fork_is_named_by_its_path(center: Center) -> None:
    """A personal repository's begins with `~`."""
    fork = center.forge.bitbucket_dc.fork("PRJ/app", "linus")
    fork.commit("theirs", {"b.txt": "1\n"})
    made = center.as_("linus").pulls.create("Mine", "theirs", "main", source_repository="~linus/app")
    assert made.source.repository is not None
    assert made.source.repository.path.lower() == "~linus/app"
    assert center.body("/pull-requests")["fromRef"] == {
        "id": "refs/heads/theirs",
        "repository": {"slug": "app", "project": {"key": "~linus"}},
    }


def test_repositories_that_have_nothing_in_common_are_refused(center: Center) -> None:
    """DC-09: a pull request stays in one hierarchy."""
    other = center.forge.bitbucket_dc.repository("PRJ/other", members={"ada": "admin"})
    other.commit("theirs", {"b.txt": "1\n"})
    with pytest.raises(Rejected, match="hierarchy"):
        center.repo.pulls.create("No", "theirs", "main", source_repository="PRJ/other")


def test_a_second_one_has_the_first(center: Center) -> None:
    """It comes with the refusal, and costs no other request."""
    first = center.opened()
    with pytest.raises(AlreadyThere) as caught:
        center.repo.pulls.create("Again", "fix", "main")
    assert caught.value.existing == first
    assert center.sent() == ["POST /pull-requests"]
    assert center.repo.pulls.create("Again", "fix", "main", if_exists="return") == first


def test_branches_with_nothing_between_them_are_refused(center: Center) -> None:
    """Without a pull request of the same branches: that is another 409."""
    with pytest.raises(Rejected, match="up-to-date"):
        center.repo.pulls.create("Nothing", "main", "fix")
    with pytest.raises(Rejected, match="itself"):
        center.repo.pulls.create("Same", "main", "main")
    with pytest.raises(NotThere, match="nowhere"):
        center.repo.pulls.create("Lost", "nowhere", "main")


def test_somebody_who_cannot_review_sinks_it_by_name(center: Center) -> None:
    """DC-05: everybody who was refused is named, and nothing is opened."""
    with pytest.raises(Rejected) as caught:
        center.repo.pulls.create("Fix", "fix", "main", reviewers=["nobody", "grace"])
    assert caught.value.problems == ("nobody: nobody is not a user.",)
    assert not list(center.repo.pulls.list())


@pytest.mark.parametrize(
    "more",
    [
        {"assignees": ["ada"]},
        {"labels": ["bug"]},
        {"milestone": "1.0"},
        {"delete_source_on_merge": True},
        {"squash_on_merge": False},
    ],
)
def test_what_data_center_has_not_is_refused_before_it_is_sent(center: Center, more: dict[str, object]) -> None:
    """Never left out in silence."""
    with pytest.raises(Unsupported) as caught:
        center.repo.pulls.create("Fix", "fix", "main", **more)  # type: ignore[arg-type]
    assert caught.value.reason
    assert center.sent() == []


@pytest.mark.parametrize("version", ["7.0.0", "8.17.0"])
def test_a_version_without_drafts_opens_none(center: Center, version: str) -> None:
    """It would open what is ready, and say nothing."""
    center.forge.bitbucket_dc.version = version
    with pytest.raises(Unsupported, match=r"8\.18"):
        center.repo.pulls.create("Fix", "fix", "main", draft=True)
    pull = center.repo.pulls.create("Fix", "fix", "main")
    assert pull.draft is None
    with pytest.raises(Unsupported, match=r"8\.18"):
        center.repo.pulls.set_draft(pull, True)
    assert center.repo.can[Can.DRAFTS].remedy == "upgrade the server"


# Editing -------------------------------------------------------------------------------------------------------------


def test_an_edit_loses_nothing(center: Center) -> None:
    """DC-03, DC-04: the version, and everything else that is there, reviewers first of all."""
    pull = center.opened(reviewers=["grace"])
    edited = center.repo.pulls.edit(pull, title="Better")
    assert (edited.title, edited.body) == ("Better", "Why.")
    assert [each.handle for each in edited.reviewers or ()] == ["grace"]
    assert center.sent() == ["GET /pull-requests/1", "PUT /pull-requests/1"]
    sent = center.body("/pull-requests/1", "PUT")
    assert sent["version"] == int(pull.version or "")
    assert sent["reviewers"] == [{"user": {"name": "grace"}}]
    assert "toRef" not in sent


def test_a_body_is_cleared_and_a_target_changed(center: Center) -> None:
    """Only by whoever says so."""
    center.app.commit("next", {"n.txt": "1\n"})
    pull = center.opened()
    edited = center.repo.pulls.edit(pull, body="", target="next")
    assert (edited.title, edited.body, edited.target.name) == ("Fix the edge", "", "next")


def test_a_target_that_another_one_has_is_refused_with_that(center: Center) -> None:
    """As opening is."""
    center.app.commit("next", {"n.txt": "1\n"})
    first = center.opened()
    second = center.repo.pulls.create("Other", "fix", "next")
    with pytest.raises(AlreadyThere) as caught:
        center.repo.pulls.edit(second, target="main")
    assert caught.value.existing is not None
    assert caught.value.existing.number == first.number


def test_nothing_to_change_is_nothing_sent(center: Center) -> None:
    """It is read, and that is all."""
    pull = center.opened()
    assert center.repo.pulls.edit(pull) == pull
    assert center.sent() == ["GET /pull-requests/1"]


@pytest.mark.parametrize(
    "more", [{"add_labels": ["x"]}, {"remove_assignees": ["ada"]}, {"milestone": Milestone(id="1", title="x")}]
)
def test_an_edit_of_what_is_not_there_is_refused(center: Center, more: dict[str, object]) -> None:
    """Before anything is sent."""
    pull = center.opened()
    with pytest.raises(Unsupported):
        center.repo.pulls.edit(pull, title="x", **more)  # type: ignore[arg-type]
    assert center.sent() == []


def test_somebody_elses_edit_between_is_kept() -> None:
    """DC-01: it is read again, and the change is made to what is there by then."""
    reads = iter([pull(3), pull(4, title="Theirs", description="Theirs too.")])
    puts: list[bytes] = []

    def write(seen: Seen) -> bytes:
        puts.append(seen.body)
        return answer(409, OUTDATED) if len(puts) == 1 else answer(200, pull(5, title="Mine"))

    routes: Routes = {f"GET {PULL}": lambda _: answer(200, next(reads)), f"PUT {PULL}": write}
    with served(routed(routes)) as (api, _):
        home = repository(api)
        pulls = DataCenterPulls(home, Features(api.connected))
        assert pulls.edit(7, PullChanges(title="Mine")).title == "Mine"
        assert home.versions == {7: 5}
    assert b'"version":4' in puts[1]
    assert b"Theirs too." in puts[1]


def test_edits_without_end_end() -> None:
    """DC-02: after three, with both versions."""
    routes = {f"GET {PULL}": answer(200, pull(3)), f"PUT {PULL}": answer(409, OUTDATED)}
    with served(routed(routes)) as (api, server):
        with pytest.raises(Stale) as caught:
            versioned.edited(repository(api), 7, lambda _: {"title": "x"})
        assert (caught.value.expected, caught.value.found) == ("3", "4")
        assert [seen.method for seen in server.seen] == ["GET", "PUT"] * 3


def test_a_version_that_was_seen_is_tried_first() -> None:
    """Then what is read; a conflict of another kind is not tried again."""
    bodies: list[bytes] = []

    def write(seen: Seen) -> bytes:
        bodies.append(seen.body)
        return answer(409, OUTDATED if len(bodies) == 1 else refused("no", "pull.IllegalPullRequestStateException"))

    routes: Routes = {f"GET {PULL}": answer(200, pull(9)), f"POST {PULL}/decline": write}
    with served(routed(routes)) as (api, _):
        home = repository(api)
        home.versions[7] = 3
        with pytest.raises(Rejected):
            DataCenterPulls(home, Features(api.connected)).set_open(7, open_=False)
    assert bodies == [b'{"version":3}', b'{"version":9}']


def test_somebody_who_has_left_sinks_no_edit() -> None:
    """DC-05: it is written without them; who was just asked for is not left out so."""
    left = [{"user": {"name": "linus", "id": 3}, "role": "REVIEWER"}, {"user": {"name": "grace", "id": 2}}]
    bodies: list[bytes] = []

    def write(seen: Seen) -> bytes:
        bodies.append(seen.body)
        for name in ("linus", "nobody"):
            if name.encode() in seen.body:
                rows = [{"context": name, "message": f"{name} is not a user.", "exceptionName": None}]
                told = refused("Errors.", "pull.InvalidPullRequestReviewersException", reviewerErrors=rows)
                return answer(409, told)
        return answer(200, pull(4, title="x", reviewers=left[1:]))

    routes: Routes = {f"GET {PULL}": answer(200, pull(3, reviewers=left)), f"PUT {PULL}": write}
    with served(routed(routes)) as (api, _):
        found = versioned.edited(repository(api), 7, lambda _: {"title": "x"})
        assert versioned.names(found.reviewers) == ["grace"]
        assert len(bodies) == 2
        with pytest.raises(Rejected, match="nobody is not a user"):
            versioned.edited(repository(api), 7, lambda _: {"reviewers": [versioned.reviewer("nobody")]})


def test_an_edit_whose_answer_was_lost_is_made_sure_of(center: Center) -> None:
    """The second time it is outdated, so that it is read and written again: the same comes of it."""
    pull = center.opened()
    center.forge.bitbucket_dc.behave(cut="after", method="PUT", times=1)
    assert center.repo.pulls.edit(pull, title="Better").title == "Better"


# Closing -------------------------------------------------------------------------------------------------------------


def test_it_is_declined_and_opened_again(center: Center) -> None:
    """DC-10: with the version, which is known from its last answer, in one request each."""
    pull = center.opened()
    closed = center.repo.pulls.close(pull)
    assert (closed.state, closed.raw_state) == (PullState.CLOSED, "DECLINED")
    assert closed.closed_at is not None
    assert closed.merged_at is None
    assert center.repo.pulls.reopen(pull).state is PullState.OPEN
    assert center.sent() == ["POST /pull-requests/1/decline", "POST /pull-requests/1/reopen"]


def test_what_is_so_already_is_left_as_it_is(center: Center) -> None:
    """To repeat it does nothing."""
    pull = center.opened()
    assert center.repo.pulls.reopen(pull).state is PullState.OPEN
    center.repo.pulls.close(pull)
    assert center.repo.pulls.close(pull).state is PullState.CLOSED


def test_what_was_merged_is_neither_declined_nor_opened(center: Center) -> None:
    """In Data Center's words."""
    pull = center.opened()
    center.repo.pulls.merge(pull)
    with pytest.raises(Rejected, match="merged"):
        center.repo.pulls.close(pull)
    with pytest.raises(Rejected, match="merged"):
        center.repo.pulls.reopen(pull)


def test_one_in_whose_place_there_is_another_stays_closed(center: Center) -> None:
    """The refusal has the other one."""
    first = center.opened()
    center.repo.pulls.close(first)
    second = center.opened(title="Second")
    with pytest.raises(AlreadyThere) as caught:
        center.repo.pulls.reopen(first)
    assert caught.value.existing == second


def test_a_decline_whose_answer_was_lost_is_found_to_be_done(center: Center) -> None:
    """It is sent again, refused, and looked at."""
    pull = center.opened()
    center.forge.bitbucket_dc.behave(cut="after", method="POST", times=1)
    assert center.repo.pulls.close(pull).state is PullState.CLOSED


def test_a_draft_is_made_ready_and_back(center: Center) -> None:
    """Reviewers stay; what is so already is not written."""
    pull = center.opened(reviewers=["grace"])
    made = center.repo.pulls.set_draft(pull, True)
    assert made.draft is True
    assert [each.handle for each in made.reviewers or ()] == ["grace"]
    center.forget()
    assert center.repo.pulls.set_draft(pull, True).draft is True
    assert "PUT /pull-requests/1" not in center.sent()
    assert center.repo.pulls.set_draft(pull, False).draft is False


def test_it_is_deleted_for_good(center: Center) -> None:
    """By its author, with the version."""
    pull = center.opened()
    center.repo.pulls.delete(pull)
    assert center.body("/pull-requests/1", "DELETE") == {"version": int(pull.version or "")}
    with pytest.raises(NotThere):
        center.repo.pulls.get(pull)


def test_somebody_else_may_not_delete_it(center: Center) -> None:
    """A 401 of theirs is no bad token."""
    pull = center.opened()
    with pytest.raises(Forbidden):
        center.as_("grace").pulls.delete(pull)


def test_a_delete_whose_answer_was_lost_is_in_doubt(center: Center) -> None:
    """It is not sent again, for then it would be said not to be there."""
    pull = center.opened()
    center.forge.bitbucket_dc.behave(cut="after", method="DELETE", times=1)
    with pytest.raises(HostDown) as caught:
        center.repo.pulls.delete(pull)
    assert caught.value.maybe_done


# Around it -----------------------------------------------------------------------------------------------------------


def test_commits_come_oldest_first(center: Center) -> None:
    """With their authors, as accounts where their addresses are one's."""
    center.app.commit("fix", {"a.txt": "2\n"}, message="Second\n\nWhy.")
    pull = center.opened()
    first, second = center.repo.pulls.commits(pull)
    assert second.parents == (first.id,)
    assert (second.title, second.message) == ("Second", "Second\n\nWhy.")
    assert second.authored_at is not None


def test_a_commit_leads_to_its_pull_requests(center: Center) -> None:
    """And an unknown one to nothing."""
    pull = center.opened()
    assert [each.number for each in center.repo.pulls.containing(center.app.head("fix"))] == [pull.number]
    assert center.repo.pulls.containing(center.app.head("main")) == ()
    with pytest.raises(NotThere):
        center.repo.pulls.containing("0" * 40)


def test_it_is_watched_or_not(center: Center) -> None:
    """To repeat it does nothing."""
    pull = center.opened()
    for _ in range(2):
        center.repo.pulls.subscribe(pull)
    center.repo.pulls.unsubscribe(pull)
    assert center.sent() == [
        "POST /pull-requests/1/watch",
        "POST /pull-requests/1/watch",
        "DELETE /pull-requests/1/watch",
    ]


def test_what_no_data_center_can_is_said_before_it_is_asked(center: Center) -> None:
    """Conversations cannot be locked, and templates are not told; the port says so, too."""
    pull = center.opened()
    with pytest.raises(Unsupported, match="locked"):
        center.repo.pulls.lock(pull)
    with pytest.raises(Unsupported, match="texts"):
        center.repo.pulls.templates()
    assert center.sent() == []
    with served(lambda _: answer(200)) as (api, server):
        port = DataCenterPulls(repository(api), Features(api.connected))
        with pytest.raises(Unsupported):
            port.set_locked(7, locked=True, reason=None)
        with pytest.raises(Unsupported):
            port.templates()
        with pytest.raises(Unsupported):
            port.create(NewPull(title="x", source="a", target="b", labels=("x",)))
        with pytest.raises(Unsupported):
            port.edit(7, PullChanges(title=UNSET, milestone=None))
        assert server.seen == []


def test_a_tag_is_no_branch() -> None:
    """DC-07: it keeps its full name, so that nobody takes it for a branch."""
    made = pull(fromRef={**pull()["fromRef"], "id": "refs/tags/v1", "displayId": "v1", "type": "TAG"})
    with served(routed({f"GET {PULL}": answer(200, made)})) as (api, _):
        found = DataCenterPulls(repository(api), Features(api.connected)).get(7)
    assert found.source.name == "refs/tags/v1"
