"""Suggestions and emoji."""

from __future__ import annotations

from typing import Any

import gitlab
import pytest
from tests.testing.gitlab.review.conftest import Scene, changed, text

from pullbridge.testing.gitlab.suggesting import fences


def suggest(scene: Scene, fence: str, new: str, line: int, **more: Any) -> dict[str, Any]:
    """A thread that suggests something; its suggestion."""
    thread = scene.start(f"Better:\n```suggestion{fence}\n{new}\n```\n", new_line=line, **more)
    found: dict[str, Any] = thread.attributes["notes"][0]["suggestions"][0]
    return found


def apply(scene: Scene, what: str, who: str = "bob", **sent: Any) -> tuple[int, Any]:
    """Apply; the answer."""
    project_less = scene.client(who)
    try:
        return 200, project_less.http_put(f"/suggestions/{what}", post_data=sent)
    except gitlab.GitlabHttpError as error:
        return int(error.response_code or 0), error.error_message


def test_fences_are_read_as_markdown() -> None:
    """Longer fences hold shorter ones, other languages are passed over, ranges are relative."""
    body = "x\n````suggestion:-2+1\n```\ncode\n```\n````\n```python\n1\n```\n~~~suggestion\n~~~\n```suggestion:-0+0\na\nb\n```"
    assert fences(body) == [(2, 1, "```\ncode\n```"), (0, 0, ""), (0, 0, "a\nb")]


def test_a_suggestion_has_old_and_new_lines(scene: Scene) -> None:
    """Ranges reach above and below the line, and end with the file."""
    found = suggest(scene, ":-1+0", "both", 21)
    assert {name: found[name] for name in ("from_line", "to_line", "from_content", "to_content")} == {
        "from_line": 20,
        "to_line": 21,
        "from_content": "first new\nsecond new\n",
        "to_content": "both\n",
    }
    assert (found["appliable"], found["applied"]) == (True, False)
    assert scene.start("```suggestion\nx\n```", old_line=30).attributes["notes"][0]["suggestions"] == []


def test_applying_commits_to_the_source(scene: Scene) -> None:
    """The source branch has the new text and message; the suggestion is applied, and cannot be once more."""
    found = suggest(scene, "", "better", 20)
    status, answer = apply(scene, f"{found['id']}/apply", commit_message="Do better")
    assert (status, answer["applied"], answer["appliable"]) == (200, True, False)
    project = scene.client("bob").projects.get("group/app")
    assert project.commits.get("fix").message.strip() == "Do better"
    lines = changed()
    lines[19] = "better"
    git = scene.app.record.git
    assert git.blob(scene.app.head("fix"), "a.py") == text(lines).encode()
    assert apply(scene, f"{found['id']}/apply") == (400, "Can't apply this suggestion.")


def test_several_in_one_commit(scene: Scene) -> None:
    """`batch_apply` makes one commit of all; overlapping ones and unknown ones are refused."""
    one, other = suggest(scene, "", "1", 20), suggest(scene, "", "2", 21)
    over = suggest(scene, ":-1+0", "3", 21)
    ids = [one["id"], over["id"]]
    assert apply(scene, "batch_apply", ids=ids) == (
        400,
        "Suggestions are not applicable as their lines cannot overlap.",
    )
    missing = "Suggestions are not applicable as one or more suggestions were not found."
    assert apply(scene, "batch_apply", ids=[one["id"], 1]) == (404, missing)
    assert apply(scene, "1/apply") == (404, "Suggestion is not applicable as the suggestion was not found.")
    assert apply(scene, "batch_apply", "eve", ids=[one["id"]])[0] == 403
    assert apply(scene, "batch_apply", ids=[one["id"], other["id"]])[0] == 200
    head = scene.app.record.git.commit(scene.app.head("fix"))
    assert head.message == "Apply 2 suggestion(s) to 1 file(s)"
    assert head.parents == (scene.head,)


def test_outdated_suggestions_say_so(scene: Scene) -> None:
    """After its lines changed a suggestion is not appliable, with the reason."""
    one, two = suggest(scene, "", "1", 20), suggest(scene, ":-1+0", "2", 21)
    lines = changed()
    lines[19:21] = ["other", "another"]
    scene.app.commit("fix", {"a.py": text(lines)})
    notes = [note for note in scene.pull(reads=2).notes.list() if note.attributes.get("suggestions")]
    assert [note.suggestions[0]["appliable"] for note in notes] == [False, False]
    single = "Can't apply as this line was changed in a more recent version."
    several = "Can't apply as these lines were changed in a more recent version."
    assert apply(scene, f"{one['id']}/apply") == (400, single)
    assert apply(scene, f"{two['id']}/apply") == (400, several)


def test_suggestions_wait_for_an_open_merge_request(scene: Scene) -> None:
    """Closed, merged, without its branch, or with nothing new in it: each has its reason."""
    found, same = suggest(scene, "", "1", 20), suggest(scene, "", "second new", 21)
    assert apply(scene, f"{same['id']}/apply") == (400, "This suggestion already matches its content.")
    scene.raw("ada", "POST", "/notes", body="/close")
    closed = "This merge request is closed. To apply this suggestion, edit this file directly."
    assert apply(scene, f"{found['id']}/apply") == (400, closed)
    scene.raw("ada", "POST", "/notes", body="/reopen")
    scene.forge.gitlab.knobs.push_reads = 9
    scene.app.commit("fix", {"more.txt": "m\n"})
    assert apply(scene, f"{found['id']}/apply") == (400, "A file has been changed.")


def test_emoji_are_given_once(scene: Scene) -> None:
    """On notes and merge requests: a second time, an unknown name, and another's are refused in GitLab's words."""
    note = scene.pull().notes.create({"body": "Hello"})
    award = note.awardemojis.create({"name": "tada"})
    assert (award.name, award.user["username"], award.awardable_type, award.awardable_id) == (
        "tada",
        "bob",
        "Note",
        note.id,
    )
    with pytest.raises(gitlab.GitlabCreateError, match="404 Award Emoji Name has already been taken Not Found"):
        note.awardemojis.create({"name": "tada"})
    with pytest.raises(gitlab.GitlabCreateError, match="Name is not a valid emoji name"):
        note.awardemojis.create({"name": "no such thing"})
    scene.pull("ada").awardemojis.create({"name": "+1"})
    assert (scene.pull().upvotes, scene.pull().downvotes) == (1, 0)
    mine = scene.pull("ada").awardemojis.list()[0]
    assert mine.name == "thumbsup"
    assert scene.raw("bob", "DELETE", f"/award_emoji/{mine.id}").status_code == 401
    mine.delete()
    assert scene.pull().awardemojis.list() == []
