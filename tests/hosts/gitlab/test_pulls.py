"""Merge requests over the wire: made, found, listed, changed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.hosts.gitlab.lab import PATH, Lab

import pullbridge
from pullbridge import CheckState, Order, PullState, RepoRef, Role
from pullbridge.testing import Fault


def numbers(pulls: object) -> list[int]:
    return [pull.number for pull in pulls]  # type: ignore[attr-defined]  # any iterable of pull requests


def test_all_of_it_is_made_at_once(lab: Lab) -> None:
    """People, labels and the draft's mark go with the one write: nothing is half made, and no second request is due."""
    made = lab.repo.pulls.create(
        "Fix the edge",
        "fix",
        "main",
        "Why.",
        draft=True,
        reviewers=["grace"],
        assignees=["ada"],
        labels=["bug"],
        delete_source_on_merge=True,
        squash_on_merge=True,
    )
    assert (made.title, made.draft, made.body) == ("Fix the edge", True, "Why.")
    assert [each.handle for each in made.reviewers or ()] == ["grace"]
    assert [each.handle for each in made.assignees or ()] == ["ada"]
    assert [each.name for each in made.labels or ()] == ["bug"]
    assert [sent.partition(" ")[0] for sent in lab.sent()] == ["GET", "GET", "POST"]
    body = json.loads(lab.bodies("POST")[0])
    assert body["title"] == "Draft: Fix the edge"
    assert (body["remove_source_branch"], body["squash"]) == (True, True)
    assert not {"draft", "work_in_progress"} & body.keys()


@pytest.mark.parametrize("who", [{"reviewers": ["nobody-here"]}, {"assignees": ["@nobody-here"]}])
def test_an_unknown_handle_is_rejected_before_anything_is_made(lab: Lab, who: dict[str, list[str]]) -> None:
    """By its name."""
    with pytest.raises(pullbridge.Rejected, match="'nobody-here' is nobody"):
        lab.repo.pulls.create("t", "fix", "main", **who)  # type: ignore[arg-type]  # people by handle
    assert lab.bodies("POST") == []


def test_a_handle_of_several_people_is_ambiguous(lab: Lab) -> None:
    """GitLab has one account a name; whoever answers two is not believed."""
    rows = [{"id": 1, "username": "twin"}, {"id": 2, "username": "Twin"}]
    lab.forge.gitlab.add_fault(Fault(path="*/users", status=200, body=json.dumps(rows).encode(), times=1))
    with pytest.raises(pullbridge.Rejected, match="'twin' is ambiguous"):
        lab.repo.pulls.create("t", "fix", "main", reviewers=["twin"])


@pytest.mark.parametrize("title", ["Draft: t", "[draft] t", "(Draft)t"])
def test_a_title_that_would_make_a_draft_is_rejected(lab: Lab, title: str) -> None:
    """Nothing becomes a draft that was not to be one."""
    with pytest.raises(pullbridge.Rejected, match="for a draft's"):
        lab.repo.pulls.create(title, "fix", "main")
    pull = lab.opened()
    with pytest.raises(pullbridge.Rejected, match="for a draft's"):
        lab.repo.pulls.edit(pull, title=title)
    assert lab.repo.pulls.create("Draft: t", "fix", "main", draft=True, if_exists="return").number == pull.number


def test_a_second_one_is_there_already(lab: Lab) -> None:
    """The error has the first one, which GitLab names by its number."""
    first = lab.opened()
    with pytest.raises(pullbridge.AlreadyThere) as caught:
        lab.repo.pulls.create("Again", "fix", "main")
    assert caught.value.existing.number == first.number
    assert [sent.partition(" ")[0] for sent in lab.sent()] == ["POST", "GET"]


def test_a_fork_opens_it_on_its_own_project(lab: Lab) -> None:
    """GitLab wants it there, with the target's number (GL-10); the source's repository is the fork."""
    fork = _forked(lab, "linus")
    lab.forge.gitlab.requests.clear()
    made = lab.as_("linus").pulls.create("From afar", "theirs", "main", source_repository=fork.path)
    assert (made.ref.repository.path, made.source.repository) == (PATH, fork)
    post = next(sent for sent in lab.sent() if sent.startswith("POST"))
    assert post == "POST /projects/linus%2Fapp/merge_requests"
    assert isinstance(json.loads(lab.bodies("POST")[0])["target_project_id"], int)
    found = lab.repo.pulls.find("linus:theirs", "main")
    assert found is not None
    assert (found.number, found.source.repository) == (made.number, fork)
    assert lab.repo.pulls.find("theirs") is None
    with pytest.raises(pullbridge.AlreadyThere) as caught:
        lab.as_("linus").pulls.create("Again", "theirs", "main", source_repository=fork)
    assert caught.value.existing.number == made.number


def test_a_fork_that_is_gone_has_no_repository(lab: Lab) -> None:
    """And is asked for once."""
    fork = _forked(lab, "linus")
    made = lab.as_("linus").pulls.create("From afar", "theirs", "main", source_repository=fork.path)
    lab.forge.gitlab.delete_fork(fork.path)
    assert lab.repo.pulls.get(made).source.repository is None
    assert lab.repo.pulls.get(made).source.name == "theirs"
    assert sum("/projects/" in sent and "merge_requests" not in sent for sent in lab.sent()[-4:]) <= 1


def _forked(lab: Lab, handle: str) -> RepoRef:
    """Make a fork of somebody's, with a branch `theirs`."""
    fork = lab.forge.gitlab.fork(PATH, handle)
    fork.commit("theirs", {f"{handle}.txt": "2\n"})
    return RepoRef(web=lab.forge.gitlab.url, path=fork.path, kind="gitlab")


def _from_forks(lab: Lab, *handles: str) -> None:
    for handle in handles:
        fork = _forked(lab, handle)
        lab.as_(handle).pulls.create(handle, "theirs", "main", source_repository=fork.path)


def test_forks_of_a_list_cost_one_request(lab: Lab) -> None:
    """However many there are; and none when they were seen before."""
    _from_forks(lab, "alan", "barbara", "claude")
    lab.opened()
    listed = list(lab.repo.pulls.list())
    homes = {pull.title: pull.source.repository.path for pull in listed if pull.source.repository}
    assert homes == {"alan": "alan/app", "barbara": "barbara/app", "claude": "claude/app", "Fix the edge": PATH}
    assert [sent.partition(" ")[0] for sent in lab.sent()] == ["GET", "POST"]
    list(lab.repo.pulls.list())
    assert len(lab.sent()) == 3


def test_forks_of_a_list_are_found_without_graphql(lab: Lab) -> None:
    """A token or a version that GraphQL gives nothing to is no reason not to say where a branch is."""
    _from_forks(lab, "alan", "barbara")
    lab.forge.gitlab.add_fault(Fault(path="*/graphql", status=200, body=b'{"data":{"project":null}}', times=None))
    homes = {pull.source.repository.path for pull in lab.repo.pulls.list() if pull.source.repository}
    assert homes == {"alan/app", "barbara/app"}


def test_checks_come_with_a_list(lab: Lab) -> None:
    """In one more request; a merge request without a pipeline has none."""
    lab.app.check(lab.app.head("fix"), "tests", "success")
    lab.opened()
    lab.app.commit("other", {"o.txt": "1\n"})
    lab.repo.pulls.create("Other", "other", "main")
    lab.forge.gitlab.requests.clear()
    listed = {pull.title: pull.checks for pull in lab.repo.pulls.list(with_checks=True)}
    assert listed == {"Fix the edge": CheckState.SUCCESS, "Other": None}
    assert [sent.partition(" ")[0] for sent in lab.sent()] == ["GET", "POST"]


@pytest.mark.parametrize("version", ["19.2.0-ee", "13.12.0"])
def test_filters(lab: Lab, version: str) -> None:
    """By state, people, branches, labels, words, times and drafts; on the oldest version, too."""
    lab.forge.gitlab.version = version
    pull = lab.opened()
    repo = lab.repo
    repo.pulls.edit(pull, add_labels=["bug", "ux"], add_assignees=["grace"])
    repo.reviewers.request(pull, ["grace"])
    lab.app.commit("other", {"o.txt": "1\n"})
    other = repo.pulls.create("Other", "other", "main", draft=True)
    repo.pulls.close(other)
    now = repo.pulls.get(pull).updated_at
    assert now is not None
    everything = frozenset(PullState)
    one, both = [pull.number], [other.number, pull.number]
    assert numbers(repo.pulls.list()) == one
    assert numbers(repo.pulls.list({PullState.CLOSED})) == [other.number]
    assert numbers(repo.pulls.list({PullState.OPEN, PullState.MERGED})) == one
    assert numbers(repo.pulls.list(everything, order=Order.CREATED)) == both
    assert numbers(repo.pulls.list(everything, order=Order.OLDEST_CREATED)) == both[::-1]
    assert numbers(repo.pulls.list(everything, draft=True)) == [other.number]
    assert numbers(repo.pulls.list(author="ADA", reviewer="grace", assignee="grace", labels=["bug", "ux"])) == one
    assert numbers(repo.pulls.list(reviewer="ada")) == numbers(repo.pulls.list(labels=["bug", "no"])) == []
    assert numbers(repo.pulls.list(source="fix", target="main", text="edge")) == one
    assert numbers(repo.pulls.list(updated_since=now)) == one
    assert numbers(repo.pulls.list(updated_since=now + timedelta(seconds=5))) == []
    assert numbers(repo.pulls.list(updated_before=now)) == []


def test_an_older_gitlab_that_passes_over_a_filter(lab: Lab) -> None:
    """Its rows are judged here: the answer is right, whatever it understood."""
    lab.opened()
    body = json.dumps([json.loads(_row(lab))]).encode()
    lab.forge.gitlab.add_fault(Fault(path="*/merge_requests", method="GET", status=200, body=body, times=1))
    assert numbers(lab.repo.pulls.list(assignee="grace")) == []


def _row(lab: Lab) -> bytes:
    lab.repo.pulls.get(1)
    answer = lab.forge.gitlab.requests[-1].answer_body
    lab.forge.gitlab.requests.clear()
    return answer


def test_pages_go_out_together(lab: Lab) -> None:
    """As many as a limit needs, and after the first one as many as there are."""
    for number in range(3):
        lab.app.commit(f"b{number}", {f"{number}.txt": "1\n"})
        lab.repo.pulls.create(f"t{number}", f"b{number}", "main")
    lab.forge.gitlab.requests.clear()
    listing = lab.repo.pulls.list(limit=250)
    assert len(list(listing)) == 3
    assert listing.complete
    assert len(lab.sent()) == 3
    assert all("page=" in each.query for each in lab.forge.gitlab.requests)


def test_without_totals_the_next_page_is_followed(lab: Lab) -> None:
    """Above 10,000 rows GitLab counts no more (GL-58); the end is where there is no next page."""
    lab.forge.gitlab.knobs.most_counted = 0
    lab.opened()
    listing = lab.repo.pulls.list()
    assert (numbers(listing), listing.complete) == ([1], True)


def test_a_list_ends_where_gitlab_ends_it(lab: Lab) -> None:
    """Behind 50,000 rows it refuses, and the list says so (GL-59)."""
    lab.opened()
    refusal = b'{"error":"Offset pagination has a maximum allowed offset of 50000 for requests that return objects"}'
    lab.forge.gitlab.add_fault(Fault(path="*/merge_requests", method="GET", status=405, body=refusal, times=1))
    listing = lab.repo.pulls.list(after="501")
    assert (list(listing), listing.complete) == ([], False)
    assert "50,000" in (listing.stopped or "")


@pytest.mark.parametrize("cursor", ["garbage", "0", "-1", "2/x", "99999999999", "~3~x"])
def test_a_cursor_of_another_list_is_rejected(lab: Lab, cursor: str) -> None:
    """Before anything is sent."""
    with pytest.raises(pullbridge.Rejected, match="is no cursor"):
        list(lab.repo.pulls.list(after=cursor))
    assert lab.sent() == []


def test_rows_do_not_come_out_of_the_cache(lab: Lab) -> None:
    """A list may be eight hours old there, unless it is asked for with the labels' details."""
    lab.forge.gitlab.knobs.stale_rows = True
    pull = lab.opened()
    assert [each.title for each in lab.repo.pulls.list()] == ["Fix the edge"]
    lab.repo.pulls.edit(pull, title="Mend the edge")
    assert [each.title for each in lab.repo.pulls.list()] == ["Mend the edge"]


def test_edit_writes_what_is_named(lab: Lab) -> None:
    """An empty text clears, labels are added and taken, and the rest stays; a label that is new is made (GL-77)."""
    pull = lab.opened()
    lab.app.commit("stable", {"s.txt": "1\n"})
    changed = lab.repo.pulls.edit(pull, body="", target="stable", add_labels=["bug", "brand new"])
    assert (changed.title, changed.body, changed.target.name) == ("Fix the edge", "", "stable")
    assert {label.name for label in changed.labels or ()} == {"bug", "brand new"}
    assert {label.name for label in lab.repo.pulls.edit(pull, remove_labels=["bug"]).labels or ()} == {"brand new"}
    assert len(lab.sent()) == 2


def test_assignees_lose_nobody(lab: Lab) -> None:
    """GitLab replaces the whole list; who is there stays, by whatever case they are called."""
    pull = lab.opened()
    lab.repo.pulls.edit(pull, add_assignees=["ada"])
    both = lab.repo.pulls.edit(pull, add_assignees=["grace"])
    assert {each.handle for each in both.assignees or ()} == {"ada", "grace"}
    one = lab.repo.pulls.edit(pull, remove_assignees=["ADA", "linus"])
    assert [each.handle for each in one.assignees or ()] == ["grace"]
    assert lab.repo.pulls.edit(pull, remove_assignees=["grace"]).assignees == ()


@pytest.mark.parametrize("title", ["WIP: Fix the edge", "[WIP] Fix the edge", "Draft - Fix the edge"])
def test_marks_of_older_versions_are_taken_away(lab: Lab, title: str) -> None:
    """13.12 takes them for a draft's; later versions take them for words, and so do we then (GL-06)."""
    lab.forge.gitlab.version = "13.12.0"
    pull = lab.opened()
    lab.repo.native.mergerequests.update(pull.number, {"title": title})
    assert lab.repo.pulls.get(pull).draft is True
    assert lab.repo.pulls.set_draft(pull, False).title == "Fix the edge"
    lab.forge.gitlab.version = "19.2.0-ee"
    lab.repo.native.mergerequests.update(pull.number, {"title": title})
    assert (lab.repo.pulls.get(pull).title, lab.repo.pulls.get(pull).draft) == (title, False)


def test_a_draft_keeps_its_mark_when_its_title_changes(lab: Lab) -> None:
    """A new title does not make it ready behind one's back (GL-07)."""
    pull = lab.opened()
    lab.repo.pulls.set_draft(pull, True)
    changed = lab.repo.pulls.edit(pull, title="Mend the edge")
    assert (changed.title, changed.draft) == ("Mend the edge", True)
    assert json.loads(lab.bodies("PUT")[-1]) == {"title": "Draft: Mend the edge"}


@pytest.mark.parametrize("version", ["19.2.0-ee", "13.12.0"])
def test_to_draft_and_back_again(lab: Lab, version: str) -> None:
    """Both may be repeated, and nothing is written the second time."""
    lab.forge.gitlab.version = version
    pull = lab.opened()
    made = [lab.repo.pulls.set_draft(pull, True) for _ in range(2)]
    assert {(each.draft, each.title) for each in made} == {(True, "Fix the edge")}
    ready = [lab.repo.pulls.set_draft(pull, False) for _ in range(2)]
    assert {(each.draft, each.title) for each in ready} == {(False, "Fix the edge")}
    assert [json.loads(body)["title"] for body in lab.bodies("PUT")] == ["Draft: Fix the edge", "Fix the edge"]


def test_a_title_that_is_nothing_but_a_mark_stays(lab: Lab) -> None:
    """GitLab takes no empty title, and so it is said what to do."""
    pull = lab.opened()
    lab.app.record.pulls[pull.number].title, lab.app.record.pulls[pull.number].draft = "Draft:", True
    with pytest.raises(pullbridge.Rejected, match="nothing but the mark"):
        lab.repo.pulls.set_draft(pull, False)


def test_milestones_by_id_and_by_title(lab: Lab) -> None:
    """The id of a `Milestone`, or its title; `None` takes it away, an unknown title is rejected."""
    pull = lab.opened()
    lab.app.commit("other", {"o.txt": "1\n"})
    lab.repo.native.milestones.create({"title": "1.0"})
    titled = lab.repo.pulls.edit(pull, milestone="1.0").milestone
    assert titled is not None
    assert titled.title == "1.0"
    assert lab.repo.pulls.edit(pull, milestone=None).milestone is None
    again = lab.repo.pulls.edit(pull, milestone=titled).milestone
    assert again == titled
    assert lab.repo.pulls.create("Second", "main", "other", milestone=titled).milestone == titled
    with pytest.raises(pullbridge.Rejected, match="no milestone is called"):
        lab.repo.pulls.edit(pull, milestone="2.0")


def test_close_and_reopen_say_what_became_of_it(lab: Lab) -> None:
    """GitLab passes over what cannot be, in silence: a merged one is neither closed nor opened again."""
    pull = lab.opened()
    assert [lab.repo.pulls.close(pull).state for _ in range(2)] == [PullState.CLOSED] * 2
    assert [lab.repo.pulls.reopen(pull).state for _ in range(2)] == [PullState.OPEN] * 2
    lab.repo.pulls.merge(pull)
    for verb in (lab.repo.pulls.close, lab.repo.pulls.reopen):
        with pytest.raises(pullbridge.Rejected, match="it is merged"):
            verb(pull)


def test_delete_is_for_owners(lab: Lab) -> None:
    """It is gone then; somebody else is told that the role does not allow it."""
    pull = lab.opened()
    with pytest.raises((pullbridge.Forbidden, pullbridge.Unsupported)):
        lab.as_("grace").pulls.delete(pull)
    lab.repo.pulls.delete(pull)
    with pytest.raises(pullbridge.NotThere):
        lab.repo.pulls.get(pull)


def test_commits_come_oldest_first(lab: Lab) -> None:
    """GitLab gives the newest first."""
    lab.app.commit("fix", {"a.txt": "2\n"}, message="Then this")
    pull = lab.opened()
    titles = [commit.title for commit in lab.repo.pulls.commits(pull)]
    assert titles[-1] == "Then this"
    assert len(titles) == 2


def test_containing(lab: Lab) -> None:
    """By any of its commits; none for a commit of the target, and no such commit is not there."""
    pull = lab.opened()
    assert numbers(lab.repo.pulls.containing(lab.app.head("fix"))) == [pull.number]
    assert lab.repo.pulls.containing(lab.app.head("main")) == ()
    with pytest.raises(pullbridge.NotThere):
        lab.repo.pulls.containing("f" * 40)


def test_lock_and_subscribe(lab: Lab) -> None:
    """Both may be repeated: GitLab answers 304 to what is so already. It notes no reason with a lock."""
    pull = lab.opened()
    for _ in range(2):
        lab.repo.pulls.lock(pull)
        lab.repo.pulls.unsubscribe(pull)
    seen = lab.repo.pulls.get(pull)
    assert (seen.locked, seen.subscribed) == (True, False)
    for _ in range(2):
        lab.repo.pulls.unlock(pull)
        lab.repo.pulls.subscribe(pull)
    seen = lab.repo.pulls.get(pull)
    assert (seen.locked, seen.subscribed) == (False, True)
    with pytest.raises(pullbridge.Rejected, match="no reason"):
        lab.repo.pulls.lock(pull, "spam")


def test_the_inbox_is_about_me_and_all_projects(lab: Lab) -> None:
    """Who I am is asked once; what is closed, or waits for somebody else, is not in it (GL-57)."""
    pull = lab.opened()
    other = lab.forge.gitlab.repository("elsewhere/lib", members={"ada": "write", "grace": "write"})
    other.commit("fix", {"a": "1\n"})
    theirs = lab.as_("grace", "elsewhere/lib").pulls.create("Theirs", "fix", "main", reviewers=["ada"])
    host, sign = lab.forge.gitlab, pullbridge.Token(lab.forge.gitlab.token("ada"))
    with pullbridge.open_host(host.url, credentials=sign, settings=host.settings) as opened:
        host.requests.clear()
        assert [str(each.ref) for each in opened.inbox(Role.REVIEWER)] == [str(theirs.ref)]
        assert numbers(opened.inbox(Role.AUTHOR)) == [pull.number]
        assert numbers(opened.inbox(Role.ASSIGNEE)) == []
        assert [each.path.rpartition("/")[2] for each in host.requests].count("user") == 1
        assert all("scope=all" in each.query for each in host.requests if each.path.endswith("merge_requests"))
        assert [each.ref.repository.path for each in opened.search("edge")] == [PATH]
        assert [each.title for each in opened.search("Theirs")] == ["Theirs"]


def test_a_lost_answer_makes_no_second_one(lab: Lab) -> None:
    """A draft is found again by its title, which has no mark here."""
    lab.forge.gitlab.add_fault(Fault(method="POST", path="*/merge_requests", cut="after", times=1))
    made = lab.repo.pulls.create("Fix the edge", "fix", "main", draft=True)
    assert (made.title, made.draft) == ("Fix the edge", True)
    assert numbers(lab.repo.pulls.list()) == [made.number]
