"""Comments on lines and reviews, over the wire."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.conftest import LINES, World, text


def comment(world: World, **place: Any) -> dict[str, Any]:
    """Bob's comment on line 20 of a.txt, or wherever."""
    asked = {"body": "Why?", "commit_id": world.head, "path": "a.txt", **(place or {"line": 20})}
    made: dict[str, Any] = world.bob("POST", "/pulls/1/comments", json=asked, expect=201).json()
    return made


def test_a_comment_shows_its_hunk_down_to_its_line(world: World) -> None:
    """`diff_hunk` ends with the commented line, `position` counts from the first hunk's header."""
    made = comment(world)
    assert made["diff_hunk"].split("\n")[0] == "@@ -17,7 +17,7 @@ line 16"
    assert made["diff_hunk"].split("\n")[-1] == "+line twenty"
    assert (made["position"], made["original_position"], made["side"]) == (5, 5, "RIGHT")


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({"line": 1}, "pull_request_review_thread.line must be part of the diff"),
        ({"line": 20, "start_line": 20}, "pull_request_review_thread.start_line must precede the end line."),
        (
            {"line": 20, "start_line": 2},
            "pull_request_review_thread.start_line must be part of the same hunk as the line.",
        ),
        ({"line": 20, "path": "README"}, "pull_request_review_thread.path is invalid"),
        ({"line": 1, "path": "logo.png"}, "pull_request_review_thread.line must be part of the diff"),
    ],
)
def test_a_place_outside_the_diff_is_refused(world: World, place: dict[str, Any], message: str) -> None:
    """Lines outside the hunks, empty ranges and unchanged files are 422 with GitHub's message."""
    asked = {"body": "Why?", "commit_id": world.head, "path": "a.txt", **place}
    answer = world.bob("POST", "/pulls/1/comments", json=asked, expect=422).json()
    assert answer["errors"][0]["message"] == message


def test_ranges_sides_files_and_positions(world: World) -> None:
    """A range may begin on the other side; a file has no lines; an old position still works; a moved file is named anew."""
    ranged = comment(world, line=20, side="RIGHT", start_line=20, start_side="LEFT")
    assert (ranged["start_line"], ranged["start_side"], ranged["line"], ranged["side"]) == (20, "LEFT", 20, "RIGHT")
    whole = comment(world, subject_type="file")
    assert (whole["subject_type"], whole["line"]) == ("file", None)
    by_position = comment(world, position=4)
    assert (by_position["line"], by_position["side"]) == (20, "LEFT")
    unchanged = comment(world, line=18, side="LEFT")
    assert unchanged["line"] == 18
    assert comment(world, path="new.txt", subject_type="file")["path"] == "new.txt"


def test_replies_belong_to_the_root(world: World) -> None:
    """Both ways of replying name the root, and a reply to a reply does, too."""
    root = comment(world)["id"]
    first = world.ada("POST", f"/pulls/1/comments/{root}/replies", json={"body": "A"}, expect=201).json()
    second = world.ada("POST", "/pulls/1/comments", json={"body": "B", "in_reply_to": first["id"]}, expect=201).json()
    assert (first["in_reply_to_id"], second["in_reply_to_id"]) == (root, root)
    assert second["diff_hunk"] == first["diff_hunk"]
    world.ada("POST", "/pulls/1/comments/1/replies", json={"body": "A"}, expect=404)


def test_a_comment_moves_with_its_line(world: World) -> None:
    """Lines added above move it; its original line and commit stay, the commit it is counted in moves on."""
    made = comment(world)
    head = world.app.commit("fix", {"a.txt": text(["new", "lines", *LINES[:19], "line twenty", *LINES[20:]])})
    now = world.ada("GET", f"/pulls/comments/{made['id']}", expect=200).json()
    assert (now["line"], now["original_line"]) == (22, 20)
    assert (now["commit_id"], now["original_commit_id"]) == (head, world.head)


def test_a_comment_is_outdated_when_its_line_changes(world: World) -> None:
    """`line` and `position` become null, the original ones stay; a force push back brings it back."""
    made = comment(world)
    ranged = comment(world, line=21, start_line=20)
    world.app.commit("fix", {"a.txt": text([*LINES[:19], "line XX", *LINES[20:]])})
    for found in (made, ranged):
        now = world.ada("GET", f"/pulls/comments/{found['id']}", expect=200).json()
        assert (now["line"], now["position"], now["original_line"]) == (None, None, found["line"])
        assert now["diff_hunk"] == found["diff_hunk"]
    world.app.reset("fix", world.head)
    assert world.ada("GET", f"/pulls/comments/{made['id']}").json()["line"] == 20


def test_a_comment_on_an_older_commit_is_placed_there(world: World) -> None:
    """Lines are counted in the commit that is named, as long as the pull request has it."""
    world.app.commit("fix", {"a.txt": text(["new", *LINES[:19], "line twenty", *LINES[20:]])})
    made = comment(world, line=20)
    assert (made["original_line"], made["line"], made["original_commit_id"]) == (20, 21, world.head)
    foreign = world.app.commit("elsewhere", {"z.txt": "z\n"})
    asked = {"body": "?", "commit_id": foreign, "path": "z.txt", "line": 1}
    assert "commit_id" in world.bob("POST", "/pulls/1/comments", json=asked, expect=422).text


def test_a_comment_on_the_old_side_survives_changes_of_the_new(world: World) -> None:
    """The old side is counted in the merge base, which a push to the source does not move."""
    made = comment(world, line=20, side="LEFT")
    world.app.commit("fix", {"a.txt": text(["new", *LINES[:19], "line XX", *LINES[20:]])})
    assert world.ada("GET", f"/pulls/comments/{made['id']}").json()["line"] == 20


def test_a_pending_review_is_its_authors_alone(world: World) -> None:
    """Nobody else sees it or its comments; its author has just one, and publishes or discards it."""
    draft = {"path": "a.txt", "line": 20, "body": "Later"}
    review = world.bob("POST", "/pulls/1/reviews", json={"comments": [draft]}, expect=200).json()
    assert review["state"] == "PENDING"
    assert "submitted_at" not in review
    assert world.ada("GET", "/pulls/1/reviews").json() == []
    assert world.ada("GET", "/pulls/1/comments").json() == []
    world.ada("GET", f"/pulls/1/reviews/{review['id']}", expect=404)
    again = world.bob("POST", "/pulls/1/reviews", json={"event": "APPROVE"}, expect=422).json()
    assert again["errors"] == ["User can only have one pending review per pull request"]
    lone = {"body": "?", "commit_id": world.head, "path": "a.txt", "line": 20}
    assert "one pending review" in world.bob("POST", "/pulls/1/comments", json=lone, expect=422).text
    events = f"/pulls/1/reviews/{review['id']}/events"
    done = world.bob("POST", events, json={"event": "COMMENT", "body": "Done"}, expect=200).json()
    assert (done["state"], done["body"]) == ("COMMENTED", "Done")
    assert [found["body"] for found in world.ada("GET", "/pulls/1/comments").json()] == ["Later"]
    world.bob("POST", events, json={"event": "APPROVE"}, expect=422)


def test_discarding_a_pending_review_takes_its_comments_along(world: World) -> None:
    """A pending one is deleted with everything in it; a submitted one cannot be."""
    draft = {"path": "a.txt", "line": 20, "body": "Never"}
    review = world.bob("POST", "/pulls/1/reviews", json={"comments": [draft]}, expect=200).json()
    world.bob("DELETE", f"/pulls/1/reviews/{review['id']}", expect=200)
    assert world.bob("GET", "/pulls/1/reviews").json() == []
    sent = world.bob("POST", "/pulls/1/reviews", json={"event": "APPROVE"}, expect=200).json()
    world.bob("DELETE", f"/pulls/1/reviews/{sent['id']}", expect=422)


def test_one_bad_comment_refuses_the_whole_review(world: World) -> None:
    """Nothing of the review is kept, and the sentence does not tell which comment it was."""
    drafts = [{"path": "a.txt", "line": 20, "body": "Good"}, {"path": "a.txt", "line": 1, "body": "Bad"}]
    asked = {"event": "COMMENT", "body": "Two", "comments": drafts}
    answer = world.bob("POST", "/pulls/1/reviews", json=asked, expect=422).json()
    assert answer["message"] == "Unprocessable Entity"
    assert answer["errors"][0].startswith("Pull request review thread line must be part of the diff")
    assert world.bob("GET", "/pulls/1/reviews").json() == []
    assert world.bob("GET", "/pulls/1/comments").json() == []


def test_a_batch_takes_no_file_comments(world: World) -> None:
    """`subject_type` is not permitted in a review's comments."""
    asked = {"event": "COMMENT", "body": "B", "comments": [{"path": "a.txt", "body": "File", "subject_type": "file"}]}
    world.bob("POST", "/pulls/1/reviews", json=asked, expect=422)


@pytest.mark.parametrize("event", ["REQUEST_CHANGES", "COMMENT"])
def test_a_verdict_without_words_is_refused(world: World, event: str) -> None:
    """Requesting changes and commenting need a body, approving does not."""
    world.bob("POST", "/pulls/1/reviews", json={"event": event}, expect=422)
    world.bob("POST", "/pulls/1/reviews", json={"event": "APPROVE"}, expect=200)


def test_nobody_approves_their_own(world: World) -> None:
    """The author may comment, but give no verdict."""
    answer = world.ada("POST", "/pulls/1/reviews", json={"event": "APPROVE"}, expect=422).json()
    assert answer["errors"] == ["Can not approve your own pull request"]
    world.ada("POST", "/pulls/1/reviews", json={"event": "COMMENT", "body": "Look"}, expect=200)


def test_requested_reviewers_leave_the_list_when_they_reviewed(world: World) -> None:
    """People and teams can be asked; the author and strangers cannot; a review answers the request."""
    world.forge.github.team("octo", "core", ("bob",))
    asked = {"reviewers": ["bob"], "team_reviewers": ["core"]}
    made = world.ada("POST", "/pulls/1/requested_reviewers", json=asked, expect=201).json()
    assert [user["login"] for user in made["requested_reviewers"]] == ["bob"]
    world.bob("POST", "/pulls/1/reviews", json={"event": "APPROVE"}, expect=200)
    left = world.ada("GET", "/pulls/1/requested_reviewers", expect=200).json()
    assert ([user["login"] for user in left["users"]], [team["slug"] for team in left["teams"]]) == ([], ["core"])
    for wrong in ("ada", "nobody"):
        world.ada("POST", "/pulls/1/requested_reviewers", json={"reviewers": [wrong]}, expect=422)


def test_a_dismissed_review_stays_dismissed(world: World) -> None:
    """A dismissal takes a verdict's force and cannot be repeated; a comment has none to lose."""
    review = world.bob("POST", "/pulls/1/reviews", json={"event": "REQUEST_CHANGES", "body": "No"}, expect=200).json()
    address = f"/pulls/1/reviews/{review['id']}/dismissals"
    assert world.ada("PUT", address, json={"message": "Settled"}, expect=200).json()["state"] == "DISMISSED"
    world.ada("PUT", address, json={"message": "Settled"}, expect=422)


def test_deleting_the_last_comment_removes_its_empty_review(world: World) -> None:
    """A lone comment has a review of its own, which goes with it."""
    made = comment(world)
    assert len(world.bob("GET", "/pulls/1/reviews").json()) == 1
    world.bob("DELETE", f"/pulls/comments/{made['id']}", expect=204)
    assert world.bob("GET", "/pulls/1/reviews").json() == []
    world.bob("GET", f"/pulls/comments/{made['id']}", expect=404)


def test_reactions_are_given_once(world: World) -> None:
    """The same reaction again is 200 and the same one; only its owner takes it back."""
    root = comment(world)["id"]
    address = f"/pulls/comments/{root}/reactions"
    made = world.ada("POST", address, json={"content": "+1"}, expect=201).json()
    assert world.ada("POST", address, json={"content": "+1"}, expect=200).json()["id"] == made["id"]
    assert world.ada("GET", f"/pulls/comments/{root}").json()["reactions"]["+1"] == 1
    world.bob("DELETE", f"{address}/{made['id']}", expect=404)
    world.ada("DELETE", f"{address}/{made['id']}", expect=204)
    world.ada("POST", address, json={"content": "clap"}, expect=422)
