"""Approvals and reviewers, driven by stock python-gitlab."""

from __future__ import annotations

from collections.abc import Callable

import gitlab
import pytest
from tests.testing.gitlab.review.conftest import Scene


def test_approving_and_taking_back(scene: Scene) -> None:
    """201 with who approved; twice is 304, and so is taking back what is not there; both are told."""
    scene.raw("ada", "POST", "/notes", body="/request_review @bob")
    scene.pull().approve()
    found = scene.pull().approvals.get()
    assert (found.user_has_approved, found.user_can_approve, found.approved) == (True, False, True)
    assert [row["user"]["username"] for row in found.approved_by] == ["bob"]
    assert scene.raw("bob", "POST", "/approve").status_code == 304
    assert scene.raw("ada", "GET", "/reviewers").json()[0]["state"] == "approved"
    scene.pull().unapprove()
    assert scene.raw("ada", "GET", "/reviewers").json()[0]["state"] == "unapproved"
    assert scene.raw("bob", "POST", "/unapprove").status_code == 304
    told = [note.body for note in scene.pull().notes.list(sort="asc")]
    assert told == ["requested review from @bob", "approved this merge request", "unapproved this merge request"]


def test_older_gitlabs_refuse_what_is_so_already(make: Callable[..., Scene]) -> None:
    """Approving twice is 401, taking back what is not there 404."""
    scene = make(gitlab_version="18.0.0-ee")
    scene.pull().approve()
    with pytest.raises(gitlab.GitlabAuthenticationError):
        scene.pull().approve()
    scene.pull().unapprove()
    assert scene.raw("bob", "POST", "/unapprove").json() == {"message": "404 Not Found"}


def test_approving_what_one_saw(scene: Scene) -> None:
    """A `sha` that is not the head is a conflict."""
    answer = scene.raw("bob", "POST", "/approve", sha="0" * 40)
    assert answer.status_code == 409
    assert answer.json() == {"message": f"SHA does not match HEAD of source branch: {scene.head}"}
    assert scene.raw("bob", "POST", "/approve", sha=scene.head).status_code == 201


def test_who_may_not_approve(scene: Scene) -> None:
    """Readers are forbidden; the author is 401 unless the project lets authors; a password may be asked for."""
    assert scene.raw("eve", "POST", "/approve").status_code == 403
    assert scene.raw("ada", "POST", "/approve").json() == {"message": "401 Unauthorized"}
    scene.forge.gitlab.knobs.author_approves = True
    assert scene.raw("ada", "POST", "/approve").status_code == 201
    scene.forge.gitlab.knobs.password_to_approve = "right"
    assert scene.raw("bob", "POST", "/approve", approval_password="wrong").status_code == 401
    assert scene.raw("bob", "POST", "/approve", approval_password="right").status_code == 201
    assert scene.raw("bob", "PUT", "/reset_approvals").status_code == 401


def test_approvals_that_are_needed(scene: Scene) -> None:
    """With a licence it is said how many are needed and left, by which rule; the merge waits for them."""
    scene.app.require(reviews=2)
    scene.pull().approve()
    found = scene.pull().approvals.get()
    assert (found.approvals_required, found.approvals_left, found.approved) == (2, 1, False)
    state = scene.pull().approval_state.get()
    assert state.rules[0]["rule_type"] == "any_approver"
    assert {user["username"] for user in state.rules[0]["eligible_approvers"]} >= {"bob", "cid"}
    assert [user["username"] for user in state.rules[0]["approved_by"]] == ["bob"]
    assert scene.pull().detailed_merge_status == "not_approved"
    scene.pull("cid").approve()
    assert scene.pull().detailed_merge_status == "mergeable"


def test_the_community_edition_does_not_count(make: Callable[..., Scene]) -> None:
    """No rules, no numbers; authors approve their own; `approved` as soon as one did."""
    scene = make(gitlab_version="18.0.0")
    found = scene.pull("ada").approvals.get()
    assert not hasattr(found, "approvals_required")
    assert (found.approved, found.user_can_approve) == (False, True)
    scene.pull("ada").approve()
    assert scene.pull().approvals.get().approved
    assert scene.raw("bob", "GET", "/approval_state").status_code == 404


def test_a_bot_resets_approvals(scene: Scene) -> None:
    """Only a bot's token may: 202, and nobody has approved."""
    scene.app.require(reviews=1)
    scene.pull().approve()
    assert scene.raw("robot[bot]", "PUT", "/reset_approvals").status_code == 202
    assert scene.pull().approvals.get().approved_by == []
    assert [rule["approvals_required"] for rule in scene.raw("bob", "GET", "/approval_rules").json()] == [1]
    assert scene.raw("bob", "POST", "/approvals", approvals_required=2).status_code == 403


def test_a_push_may_take_approvals_away(scene: Scene) -> None:
    """With that setting a new version has no approvals."""
    scene.forge.gitlab.knobs.reset_on_push = True
    scene.pull().approve()
    scene.app.commit("fix", {"more.txt": "m\n"})
    assert scene.pull(reads=2).approvals.get().approved_by == []


def test_requested_changes_block_until_approved(scene: Scene) -> None:
    """They take one's approval away and block the merge until one approves again."""
    scene.raw("ada", "POST", "/notes", body="/request_review @bob")
    scene.pull().approve()
    answer = scene.raw("bob", "POST", "/notes", body="/request_changes")
    assert answer.json()["summary"] == ["Changes requested to the current merge request."]
    assert scene.pull().approvals.get().approved_by == []
    assert scene.pull().detailed_merge_status == "requested_changes"
    assert scene.raw("ada", "GET", "/reviewers").json()[0]["state"] == "requested_changes"
    scene.pull().approve()
    assert scene.pull().detailed_merge_status == "mergeable"


def test_a_comment_is_a_review(scene: Scene) -> None:
    """A reviewer's new thread makes them `reviewed`, a reply does not; who approved stays so."""
    scene.raw("ada", "POST", "/notes", body="/request_review @bob @cid")
    thread = scene.start(new_line=20)
    scene.raw("cid", "POST", f"/discussions/{thread.id}/notes", body="Yes")
    states = {row["user"]["username"]: row["state"] for row in scene.raw("ada", "GET", "/reviewers").json()}
    assert states == {"bob": "reviewed", "cid": "unreviewed"}
    scene.pull("cid").approve()
    scene.start(who="cid", new_line=21)
    assert scene.raw("ada", "GET", "/reviewers").json()[1]["state"] == "approved"


def test_everybody_who_took_part(scene: Scene) -> None:
    """The author, reviewers and writers, once each."""
    scene.raw("ada", "POST", "/notes", body="/request_review @cid")
    scene.start(new_line=20)
    assert [row["username"] for row in scene.pull().participants()] == ["ada", "cid", "bob"]
