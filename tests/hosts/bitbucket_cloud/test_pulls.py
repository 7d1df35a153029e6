"""Pull requests over the wire: made, found, changed, and their reviewers kept."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.lab import PATH, Lab

import pullbridge
from pullbridge import Basic, Pull, PullState, TimelineKind, Token
from pullbridge.testing import Fault


def handles(pull: Pull) -> list[str]:
    return [each.handle for each in pull.reviewers or ()]


# Made ----------------------------------------------------------------------------------------------------------------


def test_all_of_it_is_made_at_once(lab: Lab) -> None:
    """Reviewers by uuid, the draft and what becomes of the branch go with the one write."""
    made = lab.repo.pulls.create(
        "Fix the edge", "fix", "main", "Why.", draft=True, reviewers=["grace"], delete_source_on_merge=True
    )
    assert (made.title, made.draft, made.body, made.state) == ("Fix the edge", True, "Why.", PullState.OPEN)
    assert handles(made) == ["grace"]
    (body,) = lab.bodies("POST")
    assert body["reviewers"] == [{"uuid": lab.host.uuid("grace")}]
    assert (body["draft"], body["close_source_branch"]) == (True, True)
    assert "repository" not in body["source"]


@pytest.mark.parametrize("way", ["uuid", "account_id", "nickname"])
def test_a_reviewer_has_three_names(lab: Lab, way: str) -> None:
    """Two of which are never ambiguous, and need no list of members."""
    name = {"uuid": lab.host.uuid("grace"), "account_id": lab.host.account_id("grace"), "nickname": "@grace"}[way]
    made = lab.repo.pulls.create("t", "fix", "main", reviewers=[name])
    assert handles(made) == ["grace"]
    assert any("/members" in each for each in lab.sent()) is (way == "nickname")


def test_two_of_one_name_are_ambiguous(lab: Lab) -> None:
    """Nobody is asked by chance."""
    lab.host.nickname("linus", "grace")
    with pytest.raises(pullbridge.Rejected, match="'grace' is ambiguous"):
        lab.repo.pulls.create("t", "fix", "main", reviewers=["grace"])
    assert lab.bodies("POST") == []
    made = lab.repo.pulls.create("t", "fix", "main", reviewers=[lab.host.account_id("grace")])
    assert [each.id for each in made.reviewers or ()] == [lab.host.uuid("grace")]


def test_an_unknown_handle_is_rejected_before_anything_is_made(lab: Lab) -> None:
    """By its name."""
    with pytest.raises(pullbridge.Rejected, match="'nobody-here' is nobody"):
        lab.repo.pulls.create("t", "fix", "main", reviewers=["nobody-here"])
    assert lab.bodies("POST") == []


def test_the_author_is_no_reviewer(lab: Lab) -> None:
    """In Bitbucket's words."""
    with pytest.raises(pullbridge.Rejected, match="is the author"):
        lab.repo.pulls.create("t", "fix", "main", reviewers=["ada"])


@pytest.mark.parametrize("knob", ["updates", "refused"])
def test_a_second_one_is_there_already(lab: Lab, knob: Any) -> None:
    """It is looked for: Bitbucket would write over the first, and lose what it says."""
    lab.host.knobs.duplicate_pulls = knob
    first = lab.opened()
    with pytest.raises(pullbridge.AlreadyThere) as caught:
        lab.repo.pulls.create("Again", "fix", "main", "Other.")
    assert caught.value.existing.number == first.number
    assert lab.repo.pulls.create("Again", "fix", "main", if_exists="return").number == first.number
    assert lab.repo.pulls.get(first).title == "Fix the edge"
    assert lab.bodies("POST") == []


def test_one_from_a_fork_says_so(lab: Lab) -> None:
    """By the fork's name, at the destination's address."""
    fork = lab.host.fork(PATH, "grace")
    fork.commit("edge", {"b.txt": "2\n"})
    made = lab.as_("grace").pulls.create("t", "edge", "main", source_repository="grace/app")
    assert made.source.repository is not None
    assert made.source.repository.path == "grace/app"
    assert made.source.commit == fork.head("edge")
    found = lab.repo.pulls.find("grace:edge")
    assert found is not None
    assert found.number == made.number
    assert lab.repo.pulls.find("edge") is None
    again = lab.as_("grace").pulls.create("t", "edge", "main", source_repository="grace/app", if_exists="return")
    assert again.number == made.number


def test_a_branch_that_is_not_there_is_rejected(lab: Lab) -> None:
    """With the field."""
    with pytest.raises(pullbridge.Rejected) as caught:
        lab.repo.pulls.create("t", "nowhere", "main")
    assert caught.value.problems[0].startswith("source: ")


@pytest.mark.parametrize("more", [{"labels": ["bug"]}, {"assignees": ["grace"]}, {"milestone": "1"}])
def test_what_bitbucket_does_not_have_is_not_passed_over(lab: Lab, more: dict[str, Any]) -> None:
    """Nothing is sent, for nothing would come of it."""
    with pytest.raises(pullbridge.Unsupported, match="have no") as caught:
        lab.repo.pulls.create("t", "fix", "main", **more)
    assert caught.value.host == lab.repo.host
    with pytest.raises(pullbridge.Unsupported, match="when it is merged"):
        lab.repo.pulls.create("t", "fix", "main", squash_on_merge=True)
    assert lab.bodies("POST") == []


# Read ----------------------------------------------------------------------------------------------------------------


def test_commit_ids_are_full_and_asked_for_once(lab: Lab) -> None:
    """A pull request has twelve digits of each; what they stand for does not change."""
    number = lab.opened().number
    fresh = lab.with_(Token(lab.host.token("ada")))
    lab.host.requests.clear()
    found = fresh.pulls.get(number)
    assert (found.source.commit, found.target.commit) == (lab.app.head("fix"), lab.app.head("main"))
    assert not found.source.commit_abbreviated
    assert len(lab.sent()) == 3
    fresh.pulls.get(number)
    assert len(lab.sent()) == 4


def test_a_row_says_that_its_ids_are_short(lab: Lab) -> None:
    """And they are the same commits all the same."""
    lab.opened()
    (row,) = lab.repo.pulls.list()
    assert row.source.commit_abbreviated
    assert len(row.source.commit or "") == 12
    assert pullbridge.same_commit(row.source.commit, lab.app.head("fix"))


def test_the_fork_of_one_may_be_gone(lab: Lab) -> None:
    """Then its repository is `None`, and all else is there."""
    fork = lab.host.fork(PATH, "grace")
    fork.commit("edge", {"b.txt": "2\n"})
    number = lab.as_("grace").pulls.create("t", "edge", "main", source_repository="grace/app").number
    lab.host.delete_fork("grace/app")
    found = lab.with_(Token(lab.host.token("ada"))).pulls.get(number)
    assert (found.source.repository, found.source.name, found.state) == (None, "edge", PullState.OPEN)


def test_a_private_fork_hides_its_commit(lab: Lab) -> None:
    """What cannot be completed stays short, and says so."""
    fork = lab.host.fork(PATH, "grace")
    fork.members(grace="admin")
    fork.commit("edge", {"b.txt": "2\n"})
    number = lab.as_("grace").pulls.create("t", "edge", "main", source_repository="grace/app").number
    lab.host.add_fault(Fault(path="*/grace/app/commit/*", status=404, body=b"{}"))
    found = lab.repo.pulls.get(number)
    assert found.source.commit_abbreviated
    assert pullbridge.same_commit(found.source.commit, fork.head("edge"))


def test_commits_come_oldest_first(lab: Lab) -> None:
    """Bitbucket answers the newest first."""
    lab.app.commit("fix", {"a.txt": "2\n"}, message="Second", start="fix")
    pull = lab.opened()
    commits = lab.repo.pulls.commits(pull)
    assert [each.title for each in commits] == ["Change files", "Second"]
    assert commits[-1].id == lab.app.head("fix")


def test_what_contains_a_commit_is_found(lab: Lab) -> None:
    """Once the repository's pull requests are indexed, which is waited for."""
    pull = lab.opened()
    lab.host.knobs.indexing_reads = 2
    (found,) = lab.repo.pulls.containing(lab.app.head("fix"))
    assert (found.number, found.source.name) == (pull.number, "fix")
    assert [each for each in lab.sent() if "/pullrequests" in each][:3] == [lab.sent()[0]] * 3
    with pytest.raises(pullbridge.NotThere):
        lab.repo.pulls.containing("0" * 40)


def test_indexing_is_not_waited_for_for_ever(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says that it is worth another try."""
    monkeypatch.setattr("pullbridge.hosts.bitbucket_cloud.pulls._PATIENCE", 0.05)
    lab.host.knobs.indexing_reads = 1_000
    with pytest.raises(pullbridge.HostDown, match="indexing") as caught:
        lab.repo.pulls.containing(lab.app.head("fix"))
    assert caught.value.retryable


def test_an_unknown_number_is_not_there(lab: Lab) -> None:
    """By its name."""
    with pytest.raises(pullbridge.NotThere, match="pull request #77"):
        lab.repo.pulls.get(77)


# Changed -------------------------------------------------------------------------------------------------------------


def test_an_edit_keeps_the_reviewers(lab: Lab) -> None:
    """Which a PUT without them would remove; all else that is not named is not sent."""
    pull = lab.opened(reviewers=["grace"])
    edited = lab.repo.pulls.edit(pull, title="Better")
    assert (edited.title, edited.body, handles(edited)) == ("Better", "Why.", ["grace"])
    (body,) = lab.bodies("PUT")
    assert body == {"title": "Better", "reviewers": [{"uuid": lab.host.uuid("grace")}]}


def test_an_empty_body_is_one(lab: Lab) -> None:
    """And is sent."""
    assert lab.repo.pulls.edit(lab.opened(), body="").body == ""
    assert lab.bodies("PUT")[0]["description"] == ""


def test_what_somebody_else_wrote_meanwhile_stays(lab: Lab) -> None:
    """Between our reading and our writing a title was changed, and we write the body."""
    pull = lab.opened(reviewers=["grace"])
    meanwhile = lab.as_("grace")
    read = lab.repo.pulls.get(pull)
    meanwhile.pulls.edit(pull, title="Theirs")
    edited = lab.repo.pulls.edit(read, body="Ours.")
    assert (edited.title, edited.body, handles(edited)) == ("Theirs", "Ours.", ["grace"])


@pytest.mark.parametrize("gone", ["deactivated", "left"])
def test_a_reviewer_who_is_gone_does_not_sink_an_edit(lab: Lab, gone: str) -> None:
    """They are left out, and are missing in what comes back; the others stay."""
    pull = lab.opened(reviewers=["grace", "linus"])
    if gone == "left":
        lab.host.leave("octo", "linus")
    else:
        lab.host.deactivate("linus")
    edited = lab.repo.pulls.edit(pull, title="Better")
    assert (edited.title, handles(edited)) == ("Better", ["grace"])
    first, second = lab.bodies("PUT")
    assert (len(first["reviewers"]), second["reviewers"]) == (2, [{"uuid": lab.host.uuid("grace")}])


def test_a_reviewer_who_is_new_and_cannot_be_asked_is_rejected(lab: Lab) -> None:
    """Only those who were asked before are left out."""
    pull = lab.opened(reviewers=["grace"])
    lab.host.leave("octo", "linus")
    with pytest.raises(pullbridge.Rejected, match="not a member of this workspace"):
        lab.repo.reviewers.request(pull, [lab.host.uuid("linus")])
    assert handles(lab.repo.pulls.get(pull)) == ["grace"]


def test_another_reason_to_refuse_an_edit_is_told(lab: Lab) -> None:
    """It is not taken for a reviewer's."""
    pull = lab.opened(reviewers=["grace"])
    with pytest.raises(pullbridge.Rejected, match="branch not found"):
        lab.repo.pulls.edit(pull, target="nowhere")
    assert len(lab.bodies("PUT")) == 1


def test_the_target_is_changed(lab: Lab) -> None:
    """With the reviewers there."""
    lab.app.commit("next", {"b.txt": "2\n"})
    edited = lab.repo.pulls.edit(lab.opened(reviewers=["grace"]), target="next")
    assert (edited.target.name, edited.target.commit, handles(edited)) == ("next", lab.app.head("next"), ["grace"])


def test_a_draft_is_made_ready_and_back(lab: Lab) -> None:
    """Where it is so already nothing is written."""
    pull = lab.opened(draft=True, reviewers=["grace"])
    assert lab.repo.pulls.set_draft(pull, True).draft
    assert lab.bodies("PUT") == []
    ready = lab.repo.pulls.set_draft(pull, False)
    assert (ready.draft, handles(ready)) == (False, ["grace"])
    assert lab.repo.pulls.set_draft(pull, True).draft


def test_a_draft_that_does_not_change_is_told(lab: Lab) -> None:
    """The answer is looked at."""
    pull = lab.opened()
    lab.host.add_fault(Fault(method="PUT", path="*/pullrequests/1", status=200, body=b'{"id": 1, "draft": false}'))
    with pytest.raises(pullbridge.BadAnswer, match="has not made it"):
        lab.repo.pulls.set_draft(pull, True)


def test_closing_is_declining(lab: Lab) -> None:
    """Safe to repeat; when it was is in its activity."""
    pull = lab.opened()
    closed = lab.repo.pulls.close(pull)
    assert (closed.state, closed.raw_state, closed.merged_at) == (PullState.CLOSED, "DECLINED", None)
    assert closed.closed_at is not None
    assert lab.repo.pulls.close(pull).state is PullState.CLOSED


def test_declining_that_takes_too_long_is_looked_after(lab: Lab) -> None:
    """A 555 is asked again; what is closed then is closed."""
    pull = lab.opened()
    lab.host.knobs.decline_timeouts = 1
    assert lab.repo.pulls.close(pull).state is PullState.CLOSED


def test_nothing_is_reopened(lab: Lab) -> None:
    """Nor asked for it."""
    pull = lab.repo.pulls.close(lab.opened())
    lab.host.requests.clear()
    with pytest.raises(pullbridge.Unsupported, match="stays so"):
        lab.repo.pulls.reopen(pull)
    assert lab.sent() == []


def test_what_is_declined_is_not_edited(lab: Lab) -> None:
    """In Bitbucket's words."""
    pull = lab.repo.pulls.close(lab.opened())
    with pytest.raises(pullbridge.Rejected, match="Only open pull requests can be mutated"):
        lab.repo.pulls.edit(pull, title="Late")


def test_a_superseded_one_is_closed(lab: Lab) -> None:
    """With the host's word."""
    pull = lab.opened()
    lab.host.supersede(PATH, pull.number)
    found = lab.repo.pulls.get(pull)
    assert (found.state, found.raw_state) == (PullState.CLOSED, "SUPERSEDED")


# What happened -------------------------------------------------------------------------------------------------------


def test_the_timeline_tells_what_changed_oldest_first(lab: Lab) -> None:
    """Out of what it was like after each change."""
    pull = lab.opened(draft=True)
    lab.repo.reviewers.request(pull, ["grace"])
    lab.repo.pulls.edit(pull, title="Better")
    lab.repo.pulls.set_draft(pull, False)
    lab.app.commit("fix", {"a.txt": "2\n"}, start="fix")
    lab.repo.threads.start(pull, "Hm.")
    lab.as_("grace").reviews.submit(pull, pullbridge.Verdict.APPROVE)
    lab.repo.pulls.merge(pull)
    items = list(lab.repo.pulls.timeline(pull))
    assert [each.kind for each in items] == [
        TimelineKind.OTHER,
        TimelineKind.REVIEW_REQUESTED,
        TimelineKind.RENAMED,
        TimelineKind.READIED,
        TimelineKind.PUSHED,
        TimelineKind.COMMENTED,
        TimelineKind.REVIEWED,
        TimelineKind.MERGED,
    ]
    assert (items[0].raw_kind, items[1].subject, items[2].subject) == ("opened", "grace", "Better")
    assert pullbridge.same_commit(items[4].commit, lab.app.head("fix"))
    assert all(each.at is not None and each.actor is not None for each in items)
    merged = lab.repo.pulls.get(pull)
    assert merged.merged_at == merged.closed_at == items[-1].at


def test_a_thousand_comments_are_all_told(lab: Lab) -> None:
    """Page after page, fifty at a time."""
    pull = lab.opened()
    for number in range(120):
        lab.repo.threads.start(pull, f"Comment {number}")
    lab.host.requests.clear()
    items = list(lab.repo.pulls.timeline(pull))
    bodies = [each.body for each in items if each.kind is TimelineKind.COMMENTED]
    assert bodies == [f"Comment {number}" for number in range(120)]
    assert len(lab.sent()) == 3


# Who ------------------------------------------------------------------------------------------------------------------


def test_an_api_token_signs_with_its_address(lab: Lab) -> None:
    """As Basic; without it nothing is sent."""
    token = lab.host.token("ada", kind="api")
    pull = lab.opened()
    assert lab.with_(Basic(lab.host.email("ada"), token)).pulls.get(pull.number).title == "Fix the edge"
    lab.host.requests.clear()
    with pytest.raises(pullbridge.SignInNeeded, match="e-mail address"):
        lab.with_(Token(token)).pulls.get(pull.number)
    assert lab.sent() == []


def test_an_access_token_is_nobody_and_does_its_work(lab: Lab) -> None:
    """It may not read `/user`, and that fails nothing else."""
    token = Token(lab.host.token("robot", kind="repository", at=PATH))
    repo = lab.with_(token)
    made = repo.pulls.create("By a robot", "fix", "main", reviewers=[lab.host.uuid("grace")])
    assert made.author is not None
    assert repo.pulls.edit(made, title="Better").title == "Better"
    assert pullbridge.Can.WHOAMI not in repo.probe()
    host = lab.stack.enter_context(pullbridge.open_host(lab.host.url, credentials=token, settings=lab.host.settings))
    with pytest.raises(pullbridge.ScopeMissing) as caught:
        host.viewer()
    assert caught.value.needed == ("account",)


def test_scopes_that_are_missing_are_named_before_the_call(lab: Lab) -> None:
    """Once an answer has told what was granted."""
    pull = lab.opened()
    repo = lab.with_(Token(lab.host.token("ada", ("pullrequest", "account"))))
    repo.pulls.get(pull.number)
    lab.host.requests.clear()
    with pytest.raises(pullbridge.ScopeMissing) as caught:
        repo.pulls.edit(pull.number, title="x")
    assert caught.value.needed == ("pullrequest:write",)
    assert lab.sent() == []


def test_a_refusal_names_the_scopes_too(lab: Lab) -> None:
    """Where nothing was known before."""
    pull = lab.opened()
    with pytest.raises(pullbridge.ScopeMissing) as caught:
        lab.with_(Token(lab.host.token("ada", ("pullrequest",)))).pulls.edit(pull.number, title="x")
    assert (caught.value.needed, caught.value.granted) == (("pullrequest:write",), ("pullrequest",))
