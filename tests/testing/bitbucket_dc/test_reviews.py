"""Reviews: statuses, reviewers, pending comments published or thrown away, and what the activities tell of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.testing.bitbucket_dc.conftest import Caller, Place, names

PEOPLE = f"{Place.one}/participants"
REVIEW = f"{Place.one}/review"
COMMENTS = f"{Place.one}/comments"
ADDED = {"diffType": "EFFECTIVE", "path": "a.txt", "line": 20, "lineType": "ADDED", "fileType": "TO"}


def say(who: Caller, name: str, status: str, *, expect: int = 200, **more: Any) -> Any:
    """Set a status."""
    return who.json("PUT", f"{PEOPLE}/{name}", json={"status": status, **more}, expect=expect)


def actions(who: Caller) -> list[str]:
    """What happened, newest first."""
    return [each["action"] for each in who.rows(f"{Place.one}/activities")]


def test_statuses(place: Place, grace: Caller) -> None:
    """Approve, needs work and neither, each an activity, with the commit that was seen; the version stays."""
    approved = say(grace, "grace", "APPROVED", lastReviewedCommit=place.app.head("fix"))
    assert (approved["status"], approved["approved"], approved["role"]) == ("APPROVED", True, "REVIEWER")
    assert approved["lastReviewedCommit"] == place.app.head("fix")
    assert say(grace, "grace", "NEEDS_WORK")["approved"] is False
    say(grace, "grace", "UNAPPROVED")
    assert actions(grace) == ["UNAPPROVED", "REVIEWED", "APPROVED", "OPENED"]
    assert place.version(grace) == 0


def test_who_was_not_asked(place: Place, ada: Caller) -> None:
    """Whoever says something is a reviewer from then on."""
    eve = place.person("eve")
    say(eve, "eve", "NEEDS_WORK")
    assert names(ada.json("GET", Place.one)["reviewers"]) == ["grace", "eve"]


def test_not_of_ones_own(ada: Caller) -> None:
    """The author's own status is 400, the old way too."""
    assert say(ada, "ada", "APPROVED", expect=400)["errors"][0]["context"] == "status"
    ada("POST", f"{Place.one}/approve", expect=400)


def test_not_for_another(grace: Caller, place: Place) -> None:
    """Somebody else's status is 401, nobody's 404, and a word that is none 400."""
    place.host.token("eve")
    say(grace, "eve", "APPROVED", expect=401)
    say(grace, "nobody", "APPROVED", expect=404)
    say(grace, "grace", "GREAT", expect=400)


def test_not_of_what_moved_or_closed(place: Place, ada: Caller, grace: Caller) -> None:
    """A head that is another one by now is 409, and so is a closed pull request."""
    seen = place.app.head("fix")
    place.app.commit("fix", {"d.txt": "d"})
    error = say(grace, "grace", "APPROVED", lastReviewedCommit=seen, expect=409)["errors"][0]
    assert error["exceptionName"] == "com.atlassian.bitbucket.pull.PullRequestOutOfDateException"
    ada("POST", f"{Place.one}/decline", json={"version": place.version(ada)}, expect=200)
    error = say(grace, "grace", "APPROVED", expect=409)["errors"][0]
    assert error["exceptionName"] == "com.atlassian.bitbucket.pull.IllegalPullRequestStateException"


def test_the_slug_is_not_the_name(place: Place, ada: Caller) -> None:
    """Bodies take the name, addresses the slug."""
    jo = place.person("Jo Doe@x")
    ada("POST", PEOPLE, json={"user": {"name": "Jo Doe@x"}, "role": "REVIEWER"}, expect=200)
    assert say(jo, "jo_doe_x", "APPROVED")["user"]["slug"] == "jo_doe_x"
    assert ada.json("GET", "/users/jo_doe_x")["name"] == "Jo Doe@x"


def test_approvals_after_a_push(place: Place, grace: Caller) -> None:
    """They stay, for the commit that was seen, unless the repository takes them back."""
    say(grace, "grace", "APPROVED")
    seen = place.app.head("fix")
    place.app.commit("fix", {"d.txt": "d"})
    (reviewer,) = grace.json("GET", Place.one)["reviewers"]
    assert (reviewer["status"], reviewer["lastReviewedCommit"]) == ("APPROVED", seen)
    place.host.knobs.unapproves = True
    place.app.commit("fix", {"d.txt": "e"})
    (reviewer,) = grace.json("GET", Place.one)["reviewers"]
    assert reviewer["status"] == "UNAPPROVED"


def test_reviewers_come_and_go(place: Place, ada: Caller, grace: Caller) -> None:
    """One can be added and taken away; they stay participants, and an activity tells of both."""
    place.host.token("eve")
    ada("POST", PEOPLE, json={"user": {"name": "eve"}, "role": "REVIEWER"}, expect=200)
    ada("DELETE", f"{PEOPLE}/grace", expect=204)
    found = ada.json("GET", Place.one)
    assert (names(found["reviewers"]), names(found["participants"])) == (["eve"], ["grace"])
    assert names(ada.rows(PEOPLE)) == ["ada", "eve", "grace"]
    gone, came = ada.rows(f"{Place.one}/activities")[:2]
    assert [user["name"] for user in came["addedReviewers"]] == ["eve"]
    assert [user["name"] for user in gone["removedReviewers"]] == ["grace"]
    ada("POST", PEOPLE, json={"user": {"name": "ada"}, "role": "REVIEWER"}, expect=400)
    ada("POST", PEOPLE, json={"user": {"name": "eve"}, "role": "AUTHOR"}, expect=400)
    del grace


# -- pending -----------------------------------------------------------------------------------------------------------


def pending(who: Caller, text: str = "x", **more: Any) -> Any:
    """Comment, for later."""
    return who.json("POST", COMMENTS, json={"text": text, "state": "PENDING", **more}, expect=201)


def test_a_review(place: Place, ada: Caller, grace: Caller) -> None:
    """What waits is its author's alone until the review is finished, with a text and a status, in one call."""
    thread = ada.json("POST", COMMENTS, json={"text": "thread"}, expect=201)
    line = pending(grace, "line", anchor=ADDED)
    pending(grace, "reply", parent={"id": thread["id"]})
    assert line["state"] == "PENDING"
    assert [each["text"] for each in grace.rows(REVIEW)] == ["thread", "line"]
    assert ada.rows(REVIEW) == []
    ada.refused("GET", f"{COMMENTS}/{line['id']}", 404)
    assert ada.json("GET", f"{COMMENTS}/{thread['id']}")["comments"] == []
    sent = {"commentText": "All in all", "participantStatus": "NEEDS_WORK", "lastReviewedCommit": place.app.head("fix")}
    assert grace.json("PUT", REVIEW, json=sent) == {"publishedCommentCount": 2}
    assert grace.rows(REVIEW) == []
    assert actions(ada) == ["REVIEWED", "COMMENTED", "COMMENTED", "COMMENTED", "OPENED"]
    assert ada.json("GET", f"{COMMENTS}/{line['id']}")["state"] == "OPEN"
    assert ada.json("GET", f"{COMMENTS}/{thread['id']}")["comments"][0]["text"] == "reply"


def test_a_review_is_discarded(grace: Caller) -> None:
    """What waited is gone, whatever hung on it."""
    first = pending(grace)
    pending(grace, parent={"id": first["id"]})
    grace("DELETE", REVIEW, expect=204)
    assert grace.rows(REVIEW) == []
    assert actions(grace) == ["OPENED"]


def test_a_review_that_cannot_be_finished(place: Place, ada: Caller, grace: Caller) -> None:
    """No body and a word that is none are 400, another head 409; nothing is published by it."""
    pending(grace)
    grace("PUT", REVIEW, data=b"", headers={"Content-Type": "application/json"}, expect=400)
    grace.refused("PUT", REVIEW, 400, json={"participantStatus": "GREAT"})
    grace.refused("PUT", REVIEW, 409, json={"participantStatus": "APPROVED", "lastReviewedCommit": "0" * 40})
    assert len(grace.rows(REVIEW)) == 1
    pending(ada)
    ada.refused("PUT", REVIEW, 400, json={"participantStatus": "APPROVED"})
    assert ada.json("PUT", REVIEW, json={}) == {"publishedCommentCount": 1}
    assert place.version(ada) == 0


@pytest.mark.parametrize(("version", "status"), [("7.6.0", 404), ("7.7.0", 200)])
def test_versions_with_reviews(data_center: Callable[..., Place], version: str, status: int) -> None:
    """Before 7.7 there is no such thing, and what shall wait does not."""
    place = data_center(dc_version=version)
    ada = place.person("ada")
    place.opened(ada)
    ada("GET", REVIEW, expect=status)
    assert pending(ada)["state"] == ("PENDING" if status == 200 else "OPEN")


def test_activities_are_newest_first_in_pages(place: Place, ada: Caller) -> None:
    """Rescopes tell of commits; one can begin at an activity or at a comment."""
    said = ada.json("POST", COMMENTS, json={"text": "x"}, expect=201)
    before = place.app.head("fix")
    place.app.commit("fix", {"d.txt": "d"}, message="Add d")
    rescoped, commented, opened = ada.rows(f"{Place.one}/activities", limit=1)
    assert (rescoped["previousFromHash"], rescoped["fromHash"]) == (before, place.app.head("fix"))
    assert rescoped["added"]["total"] == 1
    assert rescoped["added"]["commits"][0]["message"] == "Add d"
    assert rescoped["removed"] == {"commits": [], "total": 0}
    path = f"{Place.one}/activities"
    assert ada.rows(path, fromId=commented["id"], fromType="ACTIVITY") == [commented, opened]
    assert ada.rows(path, fromId=said["id"], fromType="COMMENT") == [commented, opened]
    ada.refused("GET", path, 400, params={"fromId": 1, "fromType": "COMMENT"})


def test_watching(ada: Caller, grace: Caller, place: Place) -> None:
    """It can be begun and ended."""
    eve = place.person("eve")
    eve("POST", f"{Place.one}/watch", expect=204)
    grace("DELETE", f"{Place.one}/watch", expect=204)
    state = place.host.app.states.of(place.app.record.pulls[1])
    watching = {name: state.watches(user) for name, user in place.host.store.people.users.items()}
    assert (watching["eve"], watching["grace"], watching["ada"]) == (True, False, True)
    del ada


def test_the_old_way(grace: Caller) -> None:
    """`/approve` works, too."""
    assert grace.json("POST", f"{Place.one}/approve")["status"] == "APPROVED"
    assert grace.json("DELETE", f"{Place.one}/approve")["status"] == "UNAPPROVED"
