"""Discussions, notes and drafts as GitLab writes them, and what they mean to us."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from tests.contract.specs import SHARED, give_up

from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.people import Person, PersonKind
from pullbridge.model.reviews import Reviewer, ReviewState
from pullbridge.model.threads import CommentState, Thread

URL = "https://gitlab.example/group/app/-/merge_requests/7"
ME = Person(id="5", handle="ada")
ADA: dict[str, Any] = {"id": 5, "username": "ada", "name": "Ada", "web_url": "https://gitlab.example/ada"}
GRACE: dict[str, Any] = {"id": 6, "username": "grace", "name": "Grace"}
REFS = payloads.DiffRefs(base_sha="b" * 40, start_sha="5" * 40, head_sha="a" * 40)
PLACE: dict[str, Any] = {
    "base_sha": "b" * 40,
    "start_sha": "5" * 40,
    "head_sha": "a" * 40,
    "position_type": "text",
    "old_path": "a.py",
    "new_path": "a.py",
    "new_line": 3,
}
NOTE: dict[str, Any] = {
    "id": 301,
    "type": "DiffNote",
    "body": "Hm.",
    "author": ADA,
    "created_at": "2026-10-02T08:57:14.123Z",
    "updated_at": "2026-10-02T09:57:14.000+01:00",
    "system": False,
    "resolvable": True,
    "resolved": False,
    "resolved_by": None,
    "position": PLACE,
}


def thread(
    *notes: dict[str, Any], newest: payloads.DiffRefs | None = REFS, me: Person | None = ME, **said: Any
) -> Thread | None:
    """Read a discussion with these notes, each with what it says beside what every one says."""
    rows = [{**NOTE, **note} for note in notes or ({},)]
    payload = msgspec.convert(
        {"id": "6a9c1750b37d513a43987b574953fceb50b03ce7", "notes": rows, **said}, payloads.Discussion
    )
    return wire.thread(payload, wire.Reader(url=URL, me=me, newest=newest))


def told(*notes: dict[str, Any], **said: Any) -> Thread:
    found = thread(*notes, **said)
    assert found is not None
    return found


def test_a_conversation_on_a_line() -> None:
    """With all that it says."""
    found = told({}, {"id": 302, "author": GRACE, "body": "Yes."})
    assert found.id == "6a9c1750b37d513a43987b574953fceb50b03ce7"
    assert found.anchor == found.current == Anchor.line("a.py", 3, commit="a" * 40, base="b" * 40)
    assert (found.outdated, found.resolved, found.resolved_by, found.can_resolve) == (False, False, None, None)
    assert found.url == f"{URL}#note_301"
    one, two = found.comments
    assert (one.id, one.body, one.mine, one.author.handle) == ("301", "Hm.", True, "ada")
    assert (two.id, two.body, two.mine, two.author.handle) == ("302", "Yes.", False, "grace")
    assert one.created_at == datetime(2026, 10, 2, 8, 57, 14, 123000, UTC)
    assert one.updated_at == datetime(2026, 10, 2, 8, 57, 14, tzinfo=UTC)
    assert one.reactions is None


def test_what_is_not_said_is_none() -> None:
    """Who I am, and where the newest diff is."""
    found = told(me=None, newest=None)
    assert found.comments[0].mine is None
    assert (found.outdated, found.current) == (None, None)
    assert found.anchor is not None


def test_a_line_that_is_lost_is_outdated() -> None:
    """It stays where GitLab saw it last."""
    found = told(newest=payloads.DiffRefs(base_sha="b" * 40, start_sha="5" * 40, head_sha="c" * 40))
    assert (found.outdated, found.current) == (True, None)
    assert found.anchor is not None
    assert found.anchor.commit == "a" * 40


def test_a_conversation_is_settled_when_all_of_it_is() -> None:
    """By whom, too."""
    settled = {"resolved": True, "resolved_by": GRACE}
    half = told(settled, {"id": 302})
    assert (half.resolved, half.resolved_by) == (False, None)
    whole = told(settled, {**settled, "id": 302}, {"id": 303, "resolvable": False, "resolved": None})
    assert whole.resolved is True
    assert whole.resolved_by is not None
    assert whole.resolved_by.handle == "grace"


def test_a_lone_note_is_not_settled() -> None:
    """It cannot be, which is another thing than not being so yet."""
    found = told({"type": None, "position": None, "resolvable": False, "resolved": None}, individual_note=True)
    assert (found.anchor, found.outdated, found.resolved, found.can_resolve) == (None, False, None, False)


def test_what_the_system_notes_is_left_out() -> None:
    """Alone, and within a conversation (`changed this line in version 2 of the diff`)."""
    assert thread({"system": True}) is None
    found = told({}, {"id": 302, "system": True, "body": "changed this line in version 2 of the diff"})
    assert [comment.id for comment in found.comments] == ["301"]
    assert thread(id=None) is None


@pytest.mark.parametrize("author", [None, {"id": 9, "username": "ghost"}])
def test_who_is_deleted_is_a_ghost(author: dict[str, Any] | None) -> None:
    """And not me."""
    (comment,) = told({"author": author}).comments
    assert comment.author.kind is PersonKind.GHOST
    assert comment.mine is False


def test_a_note_on_a_commit_is_never_outdated() -> None:
    """It is about that commit's own diff, and nowhere in the newest one."""
    found = told({"commit_id": "d" * 40}, newest=payloads.DiffRefs(base_sha="1", start_sha="2", head_sha="3"))
    assert (found.outdated, found.current) == (False, None)
    assert found.anchor is not None


def test_a_note_of_the_old_kind_has_no_place() -> None:
    """A `LegacyDiffNote` has only a code, which the API does not tell."""
    found = told({"type": "LegacyDiffNote", "position": None})
    assert (found.anchor, found.resolved) == (None, False)


def test_those_on_the_whole_come_first() -> None:
    """In GitLab's order among themselves; drafts stand where they will stand."""
    rows = [
        {"id": "1" * 40, "notes": [NOTE]},
        {"id": "2" * 40, "individual_note": True, "notes": [{**NOTE, "id": 302, "position": None}]},
        {"id": "3" * 40, "notes": [{**NOTE, "id": 303, "system": True}]},
    ]
    drafts = [
        {"id": 1, "author_id": 5, "note": "And?", "discussion_id": "1" * 40, "position": None},
        {"id": 2, "author_id": 5, "note": "New.", "discussion_id": None, "position": {**PLACE, "new_line": 9}},
        {"id": 3, "author_id": 5, "note": "Lost.", "discussion_id": "9" * 40, "position": None},
    ]
    found = wire.threads(
        msgspec.convert(rows, list[payloads.Discussion]),
        msgspec.convert(drafts, list[payloads.DraftNote]),
        wire.Reader(url=URL, me=ME, newest=REFS),
    )
    assert [each.id for each in found] == ["2" * 40, "draft:3", "1" * 40, "draft:2"]
    said = {each.id: [(c.id, c.body, c.state) for c in each.comments] for each in found}
    assert said["1" * 40][1] == ("draft:1", "And?", CommentState.PENDING)
    assert found[3].anchor == Anchor.line("a.py", 9, commit="a" * 40, base="b" * 40)
    assert (found[3].can_reply, found[3].can_resolve, found[3].comments[0].mine) == (False, False, True)


def test_suggestions_are_what_gitlab_found_in_the_text() -> None:
    """With their own ids, lines and fate."""
    row = {"id": 77, "from_line": 2, "to_line": 3, "appliable": True, "applied": False, "to_content": "new\n"}
    position = {**PLACE, "line_range": {"start": {"new_line": 2}, "end": {"new_line": 3}}}
    note = {"suggestions": [row], "body": "```suggestion:-1+0\nnew\n```", "position": position}
    (comment,) = told(note).comments
    assert comment.body == "```suggestion\nnew\n```"
    (found,) = comment.suggestions
    assert (found.id, found.replacement, found.applied, found.start, found.end) == ("77", "new\n", False, 2, 3)


def test_reactions_are_counted_by_emoji() -> None:
    """And mine are told apart, where it is known who I am."""
    by = {"thumbsup": (5, 6), "tada": (6,)}
    awards = [
        {"name": name, "user": {"id": f"gid://gitlab/User/{who}"}} for name, people in by.items() for who in people
    ]
    reader = wire.Reader(url=URL, me=ME, awards={301: msgspec.convert(awards, list[payloads.GraphAward])})
    assert [(r.name, r.count, r.mine) for r in reader.reactions(301) or ()] == [
        ("thumbsup", 2, True),
        ("tada", 1, False),
    ]
    assert reader.reactions(302) is None
    assert wire.Reader(url=URL).reactions(301) is None


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/close", "/close"),
        ("Hm.\n/Label ~bug ~feature\n", "/Label ~bug ~feature"),
        ("Hm.\r\n/merge\r\n", "/merge"),
        ("/reopen  ", "/reopen"),
        ("/close\n```\ncode\n```", "/close"),
        ("```\n/close", "/close"),
        ("```\ncode\n```\n/close", "/close"),
        ("text", None),
        ("/closed", None),
        ("/close/it", None),
        ("see /close", None),
        (" /close", None),
        ("`/close`", None),
        ("```\n/close\n```", None),
        ("```py\n/close\n\n/merge\n```", None),
        (">>>\n/close\n>>>", None),
        ("<details>\n/close\n</details>", None),
        ("/cc @ada", None),
    ],
)
def test_commands_are_recognised(body: str, command: str | None) -> None:
    """As GitLab does it: at the beginning of a line, and not in code, quotes and HTML."""
    assert wire.command_in(body) == command


def test_a_long_text_is_looked_through_quickly() -> None:
    """However many blocks are begun in it and not ended."""
    assert wire.command_in("```\n<a>\n>>>x\n" * 50_000) is None


def test_a_review_for_everybody_who_stands_somewhere() -> None:
    """Who was only asked, or has only begun, has said nothing yet."""
    people = [Person(id=str(n), handle=f"p{n}") for n in range(7)]
    reviewers = [Reviewer(person=person, state=state) for person, state in zip(people, ReviewState, strict=False)]
    when = {"3": datetime(2026, 1, 2, tzinfo=UTC), "2": datetime(2026, 1, 3, tzinfo=UTC)}
    found = wire.reviews(reviewers, when, ME, drafting=True)
    assert {each.state for each in found} == set(ReviewState) - {ReviewState.REQUESTED}
    assert [each.mine for each in found if each.author.id == "5"] == [True] * len(
        [each for each in found if each.author.id == "5"]
    )
    assert (found[-1].state, found[-1].mine) == (ReviewState.STARTED, True)
    assert [each.submitted_at for each in found if each.submitted_at] == sorted(when.values())
    assert wire.reviews([], {}, None, drafting=True) == ()


# Recorded answers ------------------------------------------------------------------------------------------------------


def recorded(*parts: str) -> bytes:
    """Read an answer that others have recorded."""
    path = SHARED.joinpath("samples", *parts)
    if not path.is_file():
        give_up("a recorded answer of GitLab's", path)
    return path.read_bytes()


@pytest.mark.contract
def test_a_recorded_discussion() -> None:
    """With little in it, as an example of the manual's."""
    raw = recorded("go-scm", "gitlab", "merge_discussion.json")
    found = wire.thread(msgspec.json.decode(raw, type=payloads.Discussion), wire.Reader(url=URL, me=ME))
    assert found is not None
    assert [(c.id, c.body, c.author.handle) for c in found.comments] == [("1758", "looks good to me", "pipeline-bot")]
    assert (found.anchor, found.resolved) == (None, None)


@pytest.mark.contract
def test_a_recorded_note() -> None:
    """As go-scm reads it."""
    raw = recorded("go-scm", "gitlab", "merge_note.json")
    golden = msgspec.json.decode(recorded("go-scm", "gitlab", "merge_note.json.golden"))
    note = wire.comment(msgspec.json.decode(raw, type=payloads.Note), wire.Reader(url=URL), None)
    assert (note.id, note.body, note.author.handle) == (str(golden["ID"]), golden["Body"], golden["Author"]["Login"])
    assert note.created_at == datetime.fromisoformat(golden["Created"])


@pytest.mark.contract
def test_recorded_drafts() -> None:
    """One about nothing in particular, one on a line."""
    rows = msgspec.json.decode(
        recorded("gitlab-client-go-testdata", "list_draft_notes.json"), type=list[payloads.DraftNote]
    )
    found = wire.threads((), rows, wire.Reader(url=URL, me=ME))
    assert [(each.id, each.comments[0].body) for each in found] == [
        ("draft:37349978", "Some draft note"),
        ("draft:37349979", "Some draft note 2"),
    ]
    assert found[1].anchor is not None
    assert found[1].anchor.side is Side.NEW
