"""Notes and discussions, driven by stock python-gitlab."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import gitlab
import pytest
from tests.testing.gitlab.review.conftest import LINES, Scene, changed, text


def spoken(scene: Scene) -> list[str]:
    """What the system said, oldest first."""
    notes = scene.pull().notes.list(sort="asc", activity_filter="only_activity", get_all=True)
    return [note.body for note in notes]


def test_comments_and_threads_differ(scene: Scene) -> None:
    """A note is no thread and cannot be settled; a discussion without a position is one of `DiscussionNote`s."""
    lone = scene.pull().notes.create({"body": "Hello"})
    thread = scene.pull().discussions.create({"body": "Let us talk"})
    assert (lone.type, lone.resolvable) == (None, False)
    first = thread.attributes["notes"][0]
    assert (first["type"], first["resolvable"], first["resolved"], first["resolved_at"]) == (
        "DiscussionNote",
        True,
        False,
        None,
    )
    found = scene.pull().discussions.list(get_all=True)
    assert [(one.individual_note, len(one.id)) for one in found] == [(True, 40), (False, 40)]
    assert scene.pull().user_notes_count == 2


def test_a_reply_makes_a_thread_of_a_comment(scene: Scene) -> None:
    """Answering a lone comment turns it into a thread; what the system said cannot be answered."""
    scene.pull().notes.create({"body": "Hello"})
    found = scene.pull().discussions.list()[0]
    reply = found.notes.create({"body": "Hello to you"})
    assert reply.type == "DiscussionNote"
    found = scene.pull().discussions.get(found.id)
    assert not found.individual_note
    assert [note["type"] for note in found.attributes["notes"]] == ["DiscussionNote", "DiscussionNote"]
    pull = scene.pull("ada")
    pull.title = "Better"
    pull.save()
    system = next(one for one in scene.pull().discussions.list() if one.attributes["notes"][0]["system"])
    with pytest.raises(gitlab.GitlabCreateError, match=r"Discussion can not be replied to\."):
        system.notes.create({"body": "Why?"})


def test_replies_hang_where_their_thread_does(scene: Scene) -> None:
    """A reply in a thread on a line is a `DiffNote` with the same position, and settled when the thread is."""
    thread = scene.start(new_line=20)
    reply = thread.notes.create({"body": "Because"})
    assert reply.type == "DiffNote"
    assert reply.position == thread.attributes["notes"][0]["position"]
    thread.resolved = True
    thread.save()
    late = scene.pull().discussions.get(thread.id).notes.create({"body": "Oh"})
    assert late.resolved


def test_threads_are_settled_by_those_who_may(scene: Scene) -> None:
    """Developers and the author settle a thread or one note of it; readers may not; comments cannot be."""
    thread = scene.start(new_line=20)
    thread.resolved = True
    thread.save()
    note = scene.pull().discussions.get(thread.id).attributes["notes"][0]
    assert note["resolved"]
    assert note["resolved_by"]["username"] == "bob"
    assert note["resolved_at"]
    settled = scene.raw("ada", "PUT", f"/discussions/{thread.id}", resolved=False)
    assert settled.json()["notes"][0]["resolved"] is False
    assert scene.raw("eve", "PUT", f"/discussions/{thread.id}", resolved=True).status_code == 403
    one = scene.raw("bob", "PUT", f"/discussions/{thread.id}/notes/{note['id']}", resolved=True)
    assert one.json()["resolved"] is True
    lone = scene.pull().notes.create({"body": "Hello"})
    home = next(one for one in scene.pull().discussions.list() if one.individual_note)
    refused = scene.raw("bob", "PUT", f"/discussions/{home.id}/notes/{lone.id}", resolved=True)
    assert refused.json() == {"message": "400 Bad request - Note is not resolvable"}
    assert scene.raw("bob", "PUT", f"/discussions/{home.id}", resolved=True).status_code == 403


def test_notes_are_changed_by_author_and_maintainer(scene: Scene) -> None:
    """The author and a maintainer edit and delete; others are forbidden; nothing is left of an empty discussion."""
    thread = scene.start(new_line=20)
    note = thread.attributes["notes"][0]["id"]
    assert scene.raw("ada", "PUT", f"/notes/{note}", body="No").status_code == 403
    assert scene.raw("cid", "PUT", f"/notes/{note}", body="Kinder").json()["body"] == "Kinder"
    assert scene.raw("bob", "PUT", f"/notes/{note}", body=" ").json() == {"error": "body is empty"}
    assert scene.raw("ada", "DELETE", f"/discussions/{thread.id}/notes/{note}").status_code == 403
    assert scene.raw("bob", "DELETE", f"/discussions/{thread.id}/notes/{note}").status_code == 204
    assert scene.raw("bob", "GET", f"/notes/{note}").json() == {"message": "404 Not Found"}
    assert scene.raw("bob", "GET", f"/discussions/{thread.id}").json() == {"message": "404 Discussion Not Found"}


def test_empty_notes_are_refused(scene: Scene) -> None:
    """A blank text is a validation in Ruby's words."""
    answer = scene.raw("bob", "POST", "/notes", body="  ")
    assert answer.json() == {"message": """400 Bad request - Note {:note=>["can't be blank"]}"""}
    both = scene.raw("bob", "PUT", f"/discussions/{scene.start(new_line=20).id}/notes/1", body="x", resolved=True)
    assert both.json() == {"error": "body, resolved are mutually exclusive"}


def test_locked_discussions_are_for_members(scene: Scene) -> None:
    """Who is no member may not comment on what is locked."""
    assert scene.raw("zoe", "POST", "/notes", body="Hello").status_code == 201
    with scene.forge.gitlab.store.lock:
        pull = scene.app.record.pulls[1]
        scene.forge.gitlab.store.pulls.lock(pull, pull.author)
    assert scene.raw("zoe", "POST", "/notes", body="Hello").status_code == 403
    assert scene.raw("eve", "POST", "/notes", body="Hello").status_code == 201
    assert spoken(scene) == ["locked the discussion in this merge request"]


def test_internal_notes_are_for_members(scene: Scene) -> None:
    """Who is no member sees no internal note."""
    note = scene.pull().notes.create({"body": "Between us", "internal": True})
    assert note.internal
    assert scene.raw("zoe", "GET", f"/notes/{note.id}").status_code == 404
    assert scene.raw("zoe", "GET", "/discussions").json() == []
    assert scene.raw("zoe", "POST", "/notes", body="x", internal=True).status_code == 403


def test_notes_are_listed_newest_first(scene: Scene) -> None:
    """`sort`, `order_by` and pages are honoured."""
    for number in range(3):
        scene.pull().notes.create({"body": str(number)})
    assert [note.body for note in scene.pull().notes.list(get_all=True)] == ["2", "1", "0"]
    assert [note.body for note in scene.pull().notes.list(sort="asc", get_all=True)] == ["0", "1", "2"]
    assert [note.body for note in scene.pull().notes.list(page=2, per_page=2)] == ["0"]
    answer = scene.raw("bob", "GET", "/discussions?per_page=1&page=2")
    assert (answer.headers["X-Total"], answer.headers["X-Next-Page"]) == ("3", "3")


def test_too_many_notes_a_minute(make: Callable[..., Scene]) -> None:
    """Only `POST notes` is limited, for each person, and only within a minute."""
    now = [datetime(2026, 1, 2, tzinfo=UTC)]
    scene = make(clock=lambda: now[0])
    scene.forge.gitlab.knobs.notes_per_minute = 2
    answers = [scene.raw("bob", "POST", "/notes", body="x") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    text = "This endpoint has been requested too many times. Try again later."
    assert answers[2].json() == {"message": {"error": text}}
    assert scene.raw("ada", "POST", "/notes", body="x").status_code == 201
    assert scene.raw("bob", "POST", "/discussions", body="x").status_code == 201
    now[0] += timedelta(seconds=61)
    assert scene.raw("bob", "POST", "/notes", body="x").status_code == 201


# -- commands ----------------------------------------------------------------------------------------------------------


def test_a_note_of_commands_is_not_kept(scene: Scene) -> None:
    """Nothing but commands is answered 202 with what changed; text beside them is a note."""
    answer = scene.raw("ada", "POST", "/notes", body="/title Better\n/draft")
    assert answer.status_code == 202
    assert answer.json() == {
        "commands_changes": {"title": "Better", "wip_event": "draft"},
        "summary": ['Changed the title to "Better".', "Marked this merge request as a draft."],
    }
    assert scene.pull().title == "Draft: Better"
    note = scene.raw("ada", "POST", "/notes", body="Done.\n/ready\n```\n/close\n```")
    assert note.status_code == 201
    assert note.json()["body"] == "Done.\n```\n/close\n```"
    assert scene.pull().title == "Better"
    assert scene.pull().state == "opened"


def test_a_command_that_cannot_be_applied_is_202_as_well(scene: Scene) -> None:
    """Who is no reviewer requests no changes, and is told so in a success."""
    answer = scene.raw("bob", "POST", "/discussions", body="/request_changes")
    assert answer.status_code == 202
    assert answer.json() == {"commands_changes": {}, "summary": ["Could not apply request_changes command."]}
    assert scene.pull().notes.list() == []


def test_people_and_labels_by_command(scene: Scene) -> None:
    """Reviewers, assignees and labels are changed, and told of."""
    with scene.forge.gitlab.store.lock:
        scene.forge.gitlab.store.repositories.label(scene.app.record, "bug")
    body = "/assign @bob\n/request_review @cid\n/label ~bug"
    changes = scene.raw("ada", "POST", "/notes", body=body).json()["commands_changes"]
    assert set(changes) == {"assignee_ids", "reviewer_ids", "add_label_ids"}
    pull = scene.pull()
    assert [user["username"] for user in pull.reviewers] == ["cid"]
    assert pull.labels == ["bug"]
    assert spoken(scene) == ["assigned to @bob", "requested review from @cid"]


def test_verdicts_by_command(scene: Scene) -> None:
    """Approving, taking back, and publishing drafts with a verdict."""
    scene.raw("ada", "POST", "/notes", body="/reviewer @bob")

    def say(body: str) -> list[str]:
        said: list[str] = scene.raw("bob", "POST", "/notes", body=body).json()["summary"]
        return said

    assert say("/approve") == ["Approved the current merge request."]
    assert say("/approve") == ["Could not apply approve command."]
    assert say("/unapprove") == ["Unapproved the current merge request."]
    assert say("/unapprove") == ["Could not apply unapprove command."]
    scene.pull().draft_notes.create({"note": "One"})
    both = "Submitted the current review. Approved the current merge request."
    assert say("/submit_review approve") == [both]
    assert say("/submit_review requested_changes") == ["Submitted the current review."]
    assert scene.raw("ada", "GET", "/reviewers").json()[0]["state"] == "requested_changes"
    say("/submit_review reviewed")
    assert scene.raw("ada", "GET", "/reviewers").json()[0]["state"] == "reviewed"
    assert scene.raw("ada", "POST", "/notes", body="/unassign_reviewer").json()["commands_changes"] == {
        "reviewer_ids": []
    }


def test_states_and_branches_by_command(scene: Scene) -> None:
    """Closing, reopening, another target, locking, labels taken off; readers cannot."""
    with scene.forge.gitlab.store.lock:
        scene.forge.gitlab.store.repositories.label(scene.app.record, "bug")
    scene.app.commit("next", {"x.txt": "x\n"})
    body = "/lock\n/unlock\n/label ~bug\n/unlabel ~bug\n/target_branch next\n/close\n/close\n/reopen\n/reopen"
    answer = scene.raw("ada", "POST", "/notes", body=body).json()
    assert answer["summary"] == [
        "Locked the discussion.",
        "Unlocked the discussion.",
        "Added ~bug label.",
        "Removed ~bug label.",
        "Set target branch to next.",
        "Closed this merge request.",
        "Could not apply close command.",
        "Reopened this merge request.",
        "Could not apply reopen command.",
    ]
    pull = scene.pull()
    assert (pull.state, pull.target_branch, pull.labels) == ("opened", "next", [])
    for command in ("close", "title", "label", "assign", "target_branch"):
        told = scene.raw("zoe", "POST", "/notes", body=f"/{command} x").json()["summary"]
        assert told == [f"Could not apply {command} command."]


# -- pushes ------------------------------------------------------------------------------------------------------------


def positions(scene: Scene, thread: Any) -> dict[str, Any]:
    """Where a thread's first note is now."""
    found: dict[str, Any] = scene.pull(reads=2).discussions.get(thread.id).attributes["notes"][0]["position"]
    return found


def test_notes_follow_their_lines(scene: Scene) -> None:
    """After a push above it a note has the new commits and numbers; added, unchanged and removed lines alike."""
    added, same = scene.start(new_line=20), scene.start(old_line=31, new_line=31)
    removed, folded = scene.start(old_line=30), scene.start(old_line=38, new_line=38)
    scene.app.commit("fix", {"a.py": text(["top", *changed()])})
    refs = scene.pull(reads=2).diff_refs
    for thread, old, new in ((added, None, 21), (same, 31, 32), (removed, 30, None), (folded, 38, 39)):
        now = positions(scene, thread)
        assert {name: now[name] for name in refs} == refs
        assert (now["old_line"], now["new_line"]) == (old, new)


def test_a_changed_line_leaves_its_note_behind(scene: Scene) -> None:
    """The position keeps the old commits, and the thread says in which version its line was changed."""
    thread, file = scene.start(new_line=20), scene.start(position_type="file")
    before = thread.attributes["notes"][0]["position"]
    lines = changed()
    lines[19] = "quite new"
    scene.app.commit("fix", {"a.py": text(lines)})
    assert positions(scene, thread) == before
    notes = scene.pull().discussions.get(thread.id).attributes["notes"]
    assert [note["system"] for note in notes] == [False, True]
    assert notes[1]["body"].startswith(
        "changed this line in [version 2 of the diff](/group/app/-/merge_requests/1/diffs?"
    )
    assert notes[1]["type"] == "DiffNote"
    assert not notes[1]["resolvable"]
    other = scene.pull().discussions.get(file.id).attributes["notes"]
    assert other[1]["body"].startswith("changed this file in")


def test_a_thread_of_an_old_version_is_brought_forward(scene: Scene) -> None:
    """A new thread with the commits of an older diff is put where its line is now; a changed one stays outdated."""
    old = scene.position()
    lines = ["top", *changed()]
    lines[20] = "other"
    scene.app.commit("fix", {"a.py": text(lines)})
    refs = scene.pull(reads=2).diff_refs
    made = scene.pull().discussions.create({"body": "x", "position": {**old, "new_line": 21}})
    now = made.attributes["notes"][0]["position"]
    assert (now["head_sha"], now["new_line"]) == (refs["head_sha"], 22)
    made = scene.pull().discussions.create({"body": "x", "position": {**old, "new_line": 20}})
    now = made.attributes["notes"][0]["position"]
    assert (now["head_sha"], now["new_line"]) == (scene.head, 20)


def test_a_rename_in_a_push_loses_the_place(scene: Scene) -> None:
    """Only the note's own paths are compared, so a file renamed later leaves its notes behind."""
    thread = scene.start(path="fresh.py", new_line=1)
    scene.app.commit("fix", {"fresh.py": None, "later.py": "one\ntwo\n"})
    assert positions(scene, thread)["head_sha"] == scene.head


def test_lines_change_their_kind_when_the_target_has_them(scene: Scene) -> None:
    """What the target has by now is unchanged and keeps its note; what it lost leaves its notes behind."""
    added, same = scene.start(new_line=20), scene.start(old_line=31, new_line=31)
    lost, kept = scene.start(old_line=20), scene.start(old_line=30)
    file = scene.start(path="fresh.py", position_type="file")
    lines = list(LINES)
    lines[19:20] = ["first new", "second new"]
    scene.app.commit("main", {"a.py": text(lines)})
    store, pull = scene.forge.gitlab.store, scene.app.record.pulls[1]
    with store.lock:
        store.merging.update_branch(pull, pull.author)
    places = [positions(scene, thread) for thread in (added, same, lost, kept)]
    assert [(one["old_line"], one["new_line"]) for one in places] == [(20, 20), (32, 31), (20, None), (31, None)]
    head = scene.pull().diff_refs["head_sha"]
    assert [one["head_sha"] == head for one in places] == [True, True, False, True]
    assert positions(scene, file)["head_sha"] == head


def test_what_left_the_diff_leaves_its_notes_behind(scene: Scene) -> None:
    """A change that is taken back: its added line is gone, its removed one is there again, and neither is in the diff."""
    added, removed = scene.start(new_line=20), scene.start(old_line=30)
    scene.app.commit("fix", {"a.py": text(LINES)})
    assert {positions(scene, thread)["head_sha"] for thread in (added, removed)} == {scene.head}
    notes = scene.pull().discussions.get(removed.id).attributes["notes"]
    assert notes[1]["body"].startswith("changed this line in")


def test_the_target_moving_alone_changes_nothing(scene: Scene) -> None:
    """No new version, no new places, until the source is pushed."""
    thread = scene.start(new_line=20)
    scene.app.commit("main", {"b.txt": "b\n"})
    assert positions(scene, thread) == thread.attributes["notes"][0]["position"]
    assert len(scene.pull().diffs.list()) == 1


# -- what the system says ----------------------------------------------------------------------------------------------


def test_the_system_tells_what_happened(scene: Scene) -> None:
    """Titles, drafts, branches, people and pushes are told in GitLab's words, each once."""
    pull = scene.pull("ada")
    pull.title, pull.description = "Draft: Fix it", "Because."
    pull.save()
    before = scene.head
    after = scene.app.commit("fix", {"more.txt": "m\n"}, "Say <more>")
    scene.app.commit("next", {"x.txt": "x\n"})
    pull.target_branch = "next"
    pull.save()
    bodies = spoken(scene)
    assert bodies.pop(2) == "changed the description"
    assert bodies[:2] == ["marked this merge request as **draft**", "changed title from **Fix** to **Fix{+ it+}**"]
    assert bodies[2].startswith(f"added 1 commit\n\n<ul><li>{after[:8]} - Say &lt;more&gt;</li></ul>\n\n[Compare with")
    assert bodies[2].endswith(f"&start_sha={before})")
    assert bodies[3] == "changed target branch from `main` to `next`"
    assert len(spoken(scene)) == 5
    found = scene.pull().discussions.list(get_all=True)
    assert all(one.individual_note and one.attributes["notes"][0]["system"] for one in found)
