"""Who was asked for a review, who has given one, and how they stand, over the forge."""

from __future__ import annotations

import pytest
from tests.hostile.scene import Scene
from werkzeug.wrappers import Response

from pullbridge import NotThere, Repository, ReviewState, Verdict
from pullbridge.testing.store.reviews import ReviewEvent


def standing(repo: Repository) -> dict[str, ReviewState]:
    """How each stands, which the panel tells like the list."""
    found = {each.person.handle: each.state for each in repo.reviewers.list(1)}
    assert {each.person.handle: each.state for each in repo.pulls.panel(1).reviewers} == found
    return found


def test_a_verdict_outlives_the_comments_after_it(scene: Scene) -> None:
    """N-48: only another verdict, or its dismissal, takes it back."""
    ada, bob = scene.connect("ada"), scene.connect("bob")
    bob.reviews.submit(1, Verdict.REQUEST_CHANGES, "Not yet.")
    bob.reviews.submit(1, Verdict.COMMENT, "And another thing.")
    bob.threads.start(1, "On a line", at=scene.at())
    assert standing(ada) == {"bob": ReviewState.CHANGES_REQUESTED}
    bob.reviews.submit(1, Verdict.APPROVE)
    assert standing(ada) == {"bob": ReviewState.APPROVED}


def test_a_dismissed_verdict_is_one_no_more(scene: Scene) -> None:
    """N-49: what is left is that it was dismissed, and a comment after it is none."""
    ada, bob = scene.connect("ada"), scene.connect("bob")
    review = bob.reviews.submit(1, Verdict.APPROVE).review
    assert review is not None
    ada.reviews.dismiss(1, review, "Too early.")
    assert standing(ada) == {"bob": ReviewState.DISMISSED}
    bob.reviews.submit(1, Verdict.COMMENT, "Hm.")
    assert standing(ada) == {"bob": ReviewState.DISMISSED}


def test_who_was_asked_and_has_answered_is_still_there(scene: Scene) -> None:
    """GH-33: GitHub takes them off its requests; asked anew, they are asked again."""
    ada, bob = scene.connect("ada"), scene.connect("bob")
    scene.token("eve")
    ada.reviewers.request(1, ["bob", "eve"])
    bob.reviews.submit(1, Verdict.APPROVE)
    assert [person.handle for person in ada.pulls.get(1).reviewers or ()] == ["eve"]
    assert standing(ada) == {"bob": ReviewState.APPROVED, "eve": ReviewState.REQUESTED}
    ada.reviewers.request(1, ["bob"])
    assert standing(ada) == {"bob": ReviewState.REQUESTED, "eve": ReviewState.REQUESTED}


@pytest.mark.parametrize("status", [200, 201])
def test_either_success_is_one(scene: Scene, status: int) -> None:
    """GH-34, GH-35: servers differ in the status of what they have made."""
    repo = scene.connect("ada")
    scene.token("bob")
    scene.instead(lambda request, true: _as(true, status) if request.method in {"POST", "DELETE"} else None, times=99)
    assert [each.person.handle for each in repo.reviewers.request(1, ["bob"])] == ["bob"]
    assert repo.reviewers.remove(1, ["bob"]) == ()
    assert scene.connect().reviews.submit(1, Verdict.APPROVE, "Fine.").complete
    assert repo.threads.start(1, "To all").comments[0].body == "To all"


def _as(true: Response, status: int) -> Response:
    true.status_code = status
    return true


def crowded(scene: Scene, event: ReviewEvent) -> None:
    """Let more people review than one answer holds."""
    store = scene.host.store
    with store.lock:
        for number in range(60):
            store.reviews.create(scene.record, store.people.user(f"user{number}"), event=event, body="Hm.")


def test_a_crowd_of_reviewers_is_all_there(scene: Scene) -> None:
    """Nobody is left out, not even who has only commented."""
    crowded(scene, "COMMENT")
    assert len(standing(scene.connect("ada"))) == 60


def test_my_verdict_is_found_in_a_crowd(scene: Scene) -> None:
    """The last one that I gave, wherever in the list it stands, and once."""
    bob = scene.connect("bob")
    crowded(scene, "APPROVE")
    bob.reviews.submit(1, Verdict.REQUEST_CHANGES, "No.")
    given = bob.reviews.submit(1, Verdict.APPROVE).review
    assert given is not None
    withdrawn = bob.reviews.withdraw(1)
    assert (withdrawn.id, withdrawn.state) == (given.id, ReviewState.DISMISSED)
    with pytest.raises(NotThere, match="no verdict"):
        bob.reviews.withdraw(1)
