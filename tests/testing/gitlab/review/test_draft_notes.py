"""Draft notes, driven by stock python-gitlab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gitlab
import pytest
from tests.testing.gitlab.review.conftest import Scene


def draft(scene: Scene, body: str = "Hm", who: str = "bob", **more: Any) -> Any:
    """Write a draft."""
    return scene.pull(who).draft_notes.create({"note": body, **more})


def test_drafts_are_their_authors_alone(scene: Scene) -> None:
    """Nobody else lists, reads or publishes them; no note is there yet."""
    made = draft(scene)
    assert (made.note, made.discussion_id, made.line_code, made.resolve_discussion) == ("Hm", None, None, False)
    assert made.position["position_type"] == "text"
    assert made.position["new_line"] is None
    assert [one.id for one in scene.pull().draft_notes.list()] == [made.id]
    assert scene.pull("ada").draft_notes.list() == []
    assert scene.raw("ada", "GET", f"/draft_notes/{made.id}").status_code == 404
    assert scene.raw("ada", "PUT", f"/draft_notes/{made.id}/publish").status_code == 404
    assert scene.pull().notes.list() == []
    made.delete()
    assert scene.pull().draft_notes.list() == []


def test_publishing_makes_threads_at_once(scene: Scene) -> None:
    """One by one or all together, on lines or on the whole: what was drafted is there afterwards, in order."""
    line = draft(scene, "Line", position=scene.position(new_line=20))
    whole = draft(scene, "Whole")
    last = draft(scene, "Last", position=scene.position(old_line=30))
    assert whole.position["new_path"] is None
    line.publish()
    scene.pull().draft_notes.bulk_publish()
    found = [one.attributes["notes"][0] for one in scene.pull("ada").discussions.list()]
    assert [(note["type"], note["body"]) for note in found] == [
        ("DiffNote", "Line"),
        ("DiscussionNote", "Whole"),
        ("DiffNote", "Last"),
    ]
    assert found[2]["position"] == last.position
    assert scene.pull().draft_notes.list() == []


def test_a_draft_that_hangs_nowhere_is_lost(scene: Scene) -> None:
    """GitLab accepts a draft on a line that is not in the diff, with no line code, and drops it when publishing."""
    made = draft(scene, position=scene.position(new_line=900))
    assert made.line_code is None
    draft(scene, "Good")
    answer = scene.raw("bob", "POST", "/draft_notes/bulk_publish")
    assert answer.status_code == 204
    assert [note.body for note in scene.pull().notes.list()] == ["Good"]


def test_editing_without_a_position_loses_it(scene: Scene) -> None:
    """`PUT` takes the note alone as one without a place; sent again, it stays."""
    position = scene.position(new_line=20)
    made = draft(scene, position=position)
    path = f"/draft_notes/{made.id}"
    kept = scene.raw("bob", "PUT", path, note="Better", position=position).json()
    assert (kept["note"], kept["position"]["new_line"]) == ("Better", 20)
    assert scene.raw("bob", "PUT", path, note="Best").json()["position"]["new_line"] is None
    assert scene.raw("bob", "PUT", path).json() == {"message": "400 Bad request - Missing params to modify"}
    scene.forge.gitlab.knobs.drafts_lose_position = False
    scene.raw("bob", "PUT", path, note="Better", position=position)
    assert scene.raw("bob", "PUT", path, note="Best").json()["position"]["new_line"] == 20


def test_a_drafted_reply_settles_its_thread(scene: Scene) -> None:
    """`resolve_discussion` settles when it is published; without it the thread is open again; one draft a thread."""
    thread = scene.start(new_line=20)
    made = draft(scene, "Done", in_reply_to_discussion_id=thread.id, resolve_discussion=True)
    assert made.discussion_id == thread.id
    with pytest.raises(gitlab.GitlabCreateError) as refused:
        draft(scene, "Twice", in_reply_to_discussion_id=thread.id)
    problem: Any = refused.value.error_message
    assert problem == {"author_id": ["has already been taken"]}
    made.publish()
    notes = scene.pull().discussions.get(thread.id).attributes["notes"]
    assert [(note["body"], note["type"], note["resolved"]) for note in notes] == [
        ("Why?", "DiffNote", True),
        ("Done", "DiffNote", True),
    ]
    draft(scene, "Wait", in_reply_to_discussion_id=thread.id).publish()
    assert not scene.pull().discussions.get(thread.id).attributes["notes"][0]["resolved"]


def test_replies_are_refused_as_gitlab_does(scene: Scene) -> None:
    """No such thread, and nothing to settle."""
    for sent, problem in (
        ({"in_reply_to_discussion_id": "0" * 40}, "Thread to reply to cannot be found"),
        ({"resolve_discussion": True}, "User is not allowed to resolve thread"),
    ):
        with pytest.raises(gitlab.GitlabCreateError) as refused:
            draft(scene, **sent)
        told: Any = refused.value.error_message
        assert told == {"base": [problem]}


def states(scene: Scene) -> dict[str, str]:
    """Reviewers and how far they are."""
    return {row["user"]["username"]: row["state"] for row in scene.raw("ada", "GET", "/reviewers").json()}


def test_a_review_in_drafts_is_seen_in_the_reviewers_state(scene: Scene) -> None:
    """Started with the first draft, none when the last is thrown away, reviewed when published."""
    scene.raw("ada", "POST", "/notes", body="/request_review @bob")
    assert states(scene) == {"bob": "unreviewed"}
    made = draft(scene)
    assert states(scene) == {"bob": "review_started"}
    made.delete()
    assert states(scene) == {"bob": "unreviewed"}
    draft(scene)
    scene.pull().draft_notes.bulk_publish()
    assert states(scene) == {"bob": "reviewed"}


def test_publishing_with_a_verdict(scene: Scene) -> None:
    """From 19.2 on: a summary note, and a state that requests changes or takes that back."""
    scene.raw("ada", "POST", "/notes", body="/request_review @bob")
    draft(scene, "One")
    sent = {"reviewer_state": "requested_changes", "note": "Two things", "internal": False}
    assert scene.raw("bob", "POST", "/draft_notes/bulk_publish", **sent).status_code == 204
    comments = scene.pull().notes.list(activity_filter="only_comments", sort="asc")
    assert [(note.type, note.body) for note in comments] == [("DiscussionNote", "One"), (None, "Two things")]
    assert states(scene) == {"bob": "requested_changes"}
    assert scene.pull().detailed_merge_status == "requested_changes"
    scene.raw("bob", "POST", "/draft_notes/bulk_publish", reviewer_state="reviewed")
    assert states(scene) == {"bob": "reviewed"}
    assert scene.pull().detailed_merge_status == "mergeable"
    bad = scene.raw("bob", "POST", "/draft_notes/bulk_publish", reviewer_state="approved")
    assert bad.json() == {"error": "reviewer_state does not have a valid value"}


def test_older_gitlabs_ignore_the_verdict(make: Callable[..., Scene]) -> None:
    """Before 19.2 the parameters are passed over; before 15.9 there are no drafts."""
    scene = make(gitlab_version="19.1.0-ee")
    scene.raw("ada", "POST", "/notes", body="/request_review @bob")
    sent = {"reviewer_state": "requested_changes", "note": "Two things"}
    assert scene.raw("bob", "POST", "/draft_notes/bulk_publish", **sent).status_code == 204
    assert states(scene) == {"bob": "unreviewed"}
    scene.forge.gitlab.version = "15.8.0-ee"
    assert scene.raw("bob", "GET", "/draft_notes").status_code == 404
