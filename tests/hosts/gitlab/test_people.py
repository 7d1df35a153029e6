"""Reviewers and approvals on GitLab, over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.hosts.gitlab.lab import PATH, Lab, made

from pullbridge import Can, Pull, Reviewer, ReviewState, Verdict, errors
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.testing import Forge
from pullbridge.testing.faults import Fault


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    version = getattr(request, "param", None)
    with ExitStack() as stack:
        forge = stack.enter_context(Forge(gitlab_version=version) if version else Forge())
        yield made(forge, stack)


def deaf(lab: Lab) -> None:
    """GraphQL answers nobody from now on."""
    lab.forge.gitlab.add_fault(Fault(path="*/graphql", status=404, body=b"{}"))


def standing(reviewers: tuple[Reviewer, ...]) -> dict[str, ReviewState]:
    return {each.person.handle: each.state for each in reviewers}


@pytest.fixture
def pull(lab: Lab) -> Pull:
    """Opened where grace and linus may approve."""
    lab.app.members(ada="admin", grace="write", linus="write")
    for handle in ("grace", "linus"):
        lab.forge.gitlab.token(handle)
    return lab.opened()


REQUESTED = ReviewState.REQUESTED


def test_nobody_is_lost_when_somebody_is_asked(lab: Lab, pull: Pull) -> None:
    """GL-54: GitLab replaces the whole list, and so those who were on it are sent again."""
    lab.repo.reviewers.request(pull, ["grace"])
    assert standing(lab.repo.reviewers.request(pull, ["@Linus"])) == {"grace": REQUESTED, "linus": REQUESTED}
    lab.forge.gitlab.requests.clear()
    assert standing(lab.repo.reviewers.request(pull, ["linus"])) == {"grace": REQUESTED, "linus": REQUESTED}
    assert lab.bodies("PUT") == []


def test_only_who_is_named_is_taken_off(lab: Lab, pull: Pull) -> None:
    """GL-55: the others stay; the last one leaves an empty list, and to take off nobody sends nothing."""
    lab.repo.reviewers.request(pull, ["grace", "linus"])
    assert standing(lab.repo.reviewers.remove(pull, ["grace"])) == {"linus": REQUESTED}
    assert lab.repo.reviewers.remove(pull, ["linus"]) == ()
    lab.forge.gitlab.requests.clear()
    assert lab.repo.reviewers.remove(pull, ["linus"]) == ()
    assert lab.bodies("PUT") == []


def test_somebody_unknown_is_rejected(lab: Lab, pull: Pull) -> None:
    """A handle that is nobody's, before anything is written."""
    with pytest.raises(errors.Rejected, match="'nobody' is nobody"):
        lab.repo.reviewers.request(pull, ["grace", "nobody"])
    assert lab.repo.reviewers.list(pull) == ()


def test_who_may_not_see_it_is_rejected(lab: Lab) -> None:
    """A reviewer who is not a member of a private project: GitLab passes over them in silence, and we do not."""
    host = lab.forge.gitlab
    host.repository("group/secret", private=True, members={"ada": "admin"}).commit("fix", {"a.txt": "1\n"})
    host.token("mallory")
    repo = lab.as_("ada", "group/secret")
    pull = repo.pulls.create("Fix", "fix", "main")
    with pytest.raises(errors.Rejected, match="mallory could not be asked") as caught:
        repo.reviewers.request(pull, ["mallory"])
    assert caught.value.problems == ("not asked: mallory",)


@pytest.mark.parametrize("lab", ["19.2.0"], indirect=True)
def test_the_community_edition_keeps_one_reviewer(lab: Lab, pull: Pull) -> None:
    """The limit of the edition is named, and the one who was asked stays."""
    lab.repo.reviewers.request(pull, ["grace"])
    with pytest.raises(errors.Unsupported, match="linus could not be asked: this edition keeps one") as caught:
        lab.repo.reviewers.request(pull, ["linus"])
    assert caught.value.can is Can.REVIEWERS
    assert standing(lab.repo.reviewers.list(pull)) == {"grace": REQUESTED}


def test_teams_cannot_be_asked(lab: Lab, pull: Pull) -> None:
    """GitLab asks no groups; nothing is sent."""
    lab.forge.gitlab.requests.clear()
    with pytest.raises(errors.Unsupported, match="no groups") as caught:
        lab.repo.reviewers.request(pull, ["group/maintainers"])
    assert caught.value.can is Can.TEAM_REVIEWERS
    assert lab.bodies("PUT") == []


@pytest.mark.parametrize("heard", [True, False], ids=["graphql", "rest"])
def test_everybody_stands_where_they_stand(lab: Lab, pull: Pull, heard: bool) -> None:
    """Asked, approved, has requested changes; who has approved without being asked is there, too."""
    lab.repo.reviewers.request(pull, ["grace"])
    lab.as_("grace").reviews.submit(pull, Verdict.REQUEST_CHANGES, "No.")
    lab.as_("linus").reviews.submit(pull, Verdict.APPROVE)
    if not heard:
        deaf(lab)
    found = standing(lab.repo.reviewers.list(pull))
    assert found == {"grace": ReviewState.CHANGES_REQUESTED, "linus": ReviewState.APPROVED}


@pytest.mark.parametrize("lab", ["14.10.5-ee"], indirect=True)
def test_an_old_version_tells_who_was_asked(lab: Lab, pull: Pull) -> None:
    """Before 15.3 REST has no states, and GraphQL few."""
    lab.repo.reviewers.request(pull, ["grace"])
    assert standing(lab.repo.reviewers.list(pull)) == {"grace": REQUESTED}
    deaf(lab)
    assert standing(lab.repo.reviewers.list(pull)) == {"grace": REQUESTED}


@pytest.mark.parametrize("lab", ["19.2.0"], indirect=True)
def test_free_has_no_rules(lab: Lab, pull: Pull) -> None:
    """GL-53: nobody is told to be required or not, and approvals are there all the same."""
    lab.as_("linus").reviews.submit(pull, Verdict.APPROVE)
    (reviewer,) = lab.repo.reviewers.list(pull)
    assert (reviewer.person.handle, reviewer.state, reviewer.required) == ("linus", ReviewState.APPROVED, None)


def test_candidates_are_the_members(lab: Lab) -> None:
    """With and without a part of the name; in stretches."""
    assert {"ada", "grace", "linus"} <= {each.handle for each in lab.repo.reviewers.candidates()}
    assert [each.handle for each in lab.repo.reviewers.candidates("grac")] == ["grace"]
    assert list(lab.repo.reviewers.candidates("nobody at all")) == []


# Rules, whose people are told by the payloads -------------------------------------------------------------------------


def rule(needed: int, by: list[int], eligible: list[int]) -> payloads.ApprovalRule:
    people = [payloads.User(id=number, username=f"u{number}") for number in eligible]
    approved = [payloads.User(id=number, username=f"u{number}") for number in by]
    return payloads.ApprovalRule(
        name="Backend", approvals_required=needed, approved_by=approved, eligible_approvers=people
    )


def told(*given: payloads.ApprovalRule) -> dict[str, tuple[ReviewState, bool | None]]:
    asked = [payloads.ReviewerRow(user=payloads.User(id=1, username="u1"), state="unreviewed")]
    rules = wire.rules(payloads.ApprovalState(rules=list(given)))
    return {each.person.handle: (each.state, each.required) for each in wire.reviewers(asked, None, rules)}


def test_who_alone_can_fulfil_a_rule_is_required() -> None:
    """Where as many approvals are missing as there are people, each of them is; also who was not asked."""
    assert told(rule(2, [], [1, 2])) == {"u1": (REQUESTED, True), "u2": (REQUESTED, True)}


def test_who_can_be_done_without_is_not_required() -> None:
    """Any one of three will do; a rule that is met needs nobody."""
    assert told(rule(1, [], [1, 2, 3])) == {"u1": (REQUESTED, False)}
    assert told(rule(1, [2], [1, 2])) == {"u1": (REQUESTED, False)}


def test_rules_that_are_not_met_are_told() -> None:
    """What is still needed, in words."""
    rules = wire.rules(payloads.ApprovalState(rules=[rule(2, [3], [1, 2, 3]), rule(1, [1], [1])]))
    assert wire.still_needed(rules) == ("1 more approval of Backend needed",)
    assert wire.still_needed(None) == ()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("unreviewed", ReviewState.REQUESTED),
        ("UNREVIEWED", ReviewState.REQUESTED),
        ("review_started", ReviewState.STARTED),
        ("reviewed", ReviewState.COMMENTED),
        ("approved", ReviewState.APPROVED),
        ("requested_changes", ReviewState.CHANGES_REQUESTED),
        ("unapproved", ReviewState.DISMISSED),
        ("ATTENTION_REQUESTED", ReviewState.REQUESTED),
        ("a word of tomorrow", ReviewState.COMMENTED),
        (None, ReviewState.REQUESTED),
    ],
)
def test_a_reviewers_state_is_told_in_neutral_words(word: str | None, state: ReviewState) -> None:
    """In REST's spelling and in GraphQL's."""
    assert wire.review_state(word) is state


def test_a_reviewer_who_has_approved_has_approved() -> None:
    """Older versions tell one who has approved as one who has reviewed; a request for changes outweighs it."""
    ada = payloads.User(id=1, username="ada")
    approvals = payloads.Approvals(approved_by=[payloads.Approval(user=ada)])
    for word, state in (("reviewed", ReviewState.APPROVED), ("requested_changes", ReviewState.CHANGES_REQUESTED)):
        (found,) = wire.reviewers([payloads.ReviewerRow(user=ada, state=word)], approvals, None)
        assert found.state is state


def test_a_panel_of_a_merge_request_that_waits_for_a_rule_says_so(lab: Lab) -> None:
    """The reasons of the mergeability name the rule and how many approvals it lacks."""
    lab.forge.gitlab.require(PATH, "main", reviews=2)
    panel = lab.repo.pulls.panel(lab.opened())
    assert panel.mergeability.raw == "not_approved"
    assert any("2 more approvals" in reason for reason in panel.mergeability.reasons)
