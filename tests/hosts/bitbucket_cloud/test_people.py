"""Reviewers on Bitbucket Cloud, over the forge: nobody is lost, and nobody is taken for somebody else."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_cloud.talking import EDGE, Talk

import pullbridge
from pullbridge import Anchor, Reviewer, ReviewState, Verdict


def handles(people: tuple[Reviewer, ...]) -> set[str]:
    return {each.person.handle for each in people}


@pytest.fixture
def crew(talk: Talk) -> Talk:
    """Two more people in the workspace."""
    for name in ("joan", "jean"):
        talk.forge.bitbucket_cloud.token(name)
    return talk


def test_who_is_asked_stays_so(crew: Talk) -> None:
    """A PUT replaces the list: it is read, and everybody in it is sent along."""
    assert handles(crew.ada.reviewers.request(crew.pull, ["grace"])) == {"grace"}
    crew.forget()
    assert handles(crew.ada.reviewers.request(crew.pull, ["linus"])) == {"grace", "linus"}
    assert crew.body(f"/pullrequests/{crew.pull.number}", "PUT").keys() == {"reviewers"}
    assert handles(crew.ada.reviewers.remove(crew.pull, ["grace"])) == {"linus"}
    crew.forget()
    assert handles(crew.ada.reviewers.remove(crew.pull, ["nobody", "grace"])) == {"linus"}
    assert crew.written() == []


def test_people_are_given_by_what_never_changes(crew: Talk) -> None:
    """A uuid and an account id name one account; nothing is written for who is asked already."""
    host = crew.forge.bitbucket_cloud
    crew.ada.reviewers.request(crew.pull, [host.uuid("grace"), host.account_id("linus")])
    assert handles(crew.ada.reviewers.list(crew.pull)) == {"grace", "linus"}
    crew.forget()
    crew.ada.reviewers.request(crew.pull, [host.uuid("grace")])
    assert crew.written() == []


def test_a_handle_of_two_people_is_rejected(crew: Talk) -> None:
    """With the way out; the uuid decides."""
    host = crew.forge.bitbucket_cloud
    for name in ("grace", "linus"):
        host.nickname(name, "Sam")
    with pytest.raises(pullbridge.Rejected, match="ambiguous"):
        crew.ada.reviewers.request(crew.pull, ["Sam"])
    crew.ada.reviewers.request(crew.pull, [host.uuid("grace"), host.uuid("linus")])
    with pytest.raises(pullbridge.Rejected, match="ambiguous"):
        crew.ada.reviewers.remove(crew.pull, ["Sam"])
    (left,) = crew.ada.reviewers.remove(crew.pull, [host.uuid("linus")])
    assert left.person.id == host.uuid("grace")


def test_a_person_is_told_by_what_never_changes(crew: Talk) -> None:
    """Whoever was found is meant, whatever others call themselves: when asked, listed, removed, and from the beginning."""
    for name in ("grace", "linus"):
        crew.forge.bitbucket_cloud.nickname(name, "Sam")
    uuid = crew.forge.bitbucket_cloud.uuid("grace")
    grace = next(each for each in crew.ada.reviewers.candidates("Sam") if each.id == uuid)
    (asked,) = crew.ada.reviewers.request(crew.pull, [grace])
    assert asked.person == grace
    assert [each.number for each in crew.ada.pulls.list(reviewer=grace)] == [crew.pull.number]
    assert crew.ada.reviewers.remove(crew.pull, [grace]) == ()
    crew.app.commit("other", {"other.txt": "x\n"})
    made = crew.ada.pulls.create("Other", "other", "main", reviewers=[grace])
    assert made.reviewers == (grace,)


def test_nobody_and_teams_are_refused(crew: Talk) -> None:
    """Before anything is written."""
    crew.forget()
    with pytest.raises(pullbridge.Rejected, match="nobody"):
        crew.ada.reviewers.request(crew.pull, ["no-such-person"])
    with pytest.raises(pullbridge.Unsupported, match="groups"):
        crew.ada.reviewers.request(crew.pull, ["octo/team"])
    assert crew.written() == []


@pytest.mark.parametrize("gone", ["deactivate", "leave"])
def test_who_has_left_does_not_sink_a_request(crew: Talk, gone: str) -> None:
    """Bitbucket refuses the whole list for one of them."""
    host = crew.forge.bitbucket_cloud
    crew.ada.reviewers.request(crew.pull, ["linus"])
    if gone == "leave":
        host.leave("octo", "linus")
    else:
        host.deactivate("linus")
    assert handles(crew.ada.reviewers.request(crew.pull, ["grace"])) == {"grace"}


def test_standings(crew: Talk) -> None:
    """Asked, commented, decided; who has only taken part is no reviewer, and who decided unasked is one."""
    crew.ada.reviewers.request(crew.pull, ["grace", "linus"])
    crew.ada.threads.start(crew.pull, "Please.")
    found = {each.person.handle: each.state for each in crew.ada.reviewers.list(crew.pull)}
    assert found == {"grace": ReviewState.REQUESTED, "linus": ReviewState.REQUESTED}
    crew.grace.threads.start(crew.pull, "Hm.", Anchor.line(EDGE, 20))
    crew.as_("linus").reviews.submit(crew.pull, Verdict.APPROVE)
    crew.as_("joan").reviews.submit(crew.pull, Verdict.REQUEST_CHANGES, "No.")
    found = {each.person.handle: each.state for each in crew.ada.reviewers.list(crew.pull)}
    assert found == {
        "grace": ReviewState.COMMENTED,
        "linus": ReviewState.APPROVED,
        "joan": ReviewState.CHANGES_REQUESTED,
    }


def test_candidates(crew: Talk) -> None:
    """The default reviewers and the members of the workspace, once each, narrowed by a part of the name."""
    crew.forge.bitbucket_cloud.default_reviewers("octo/app", "linus")
    people = list(crew.ada.reviewers.candidates())
    assert people[0].handle == "linus"
    assert len({each.id for each in people}) == len(people)
    assert {"ada", "grace", "linus"} <= {each.handle for each in people}
    assert [each.handle for each in crew.ada.reviewers.candidates("GRA")] == ["grace"]


def test_candidates_that_are_not_shown(crew: Talk) -> None:
    """A narrow token sees the default reviewers alone, and the list says that it ends early."""
    crew.forge.bitbucket_cloud.default_reviewers("octo/app", "linus")
    scopes = ("pullrequest:write", "repository")
    narrow = crew.with_(pullbridge.Token(crew.forge.bitbucket_cloud.token("ada", scopes=scopes)))
    listing = narrow.reviewers.candidates()
    assert [each.handle for each in listing] == ["linus"]
    assert listing.complete is False
    assert "members" in (listing.stopped or "")
