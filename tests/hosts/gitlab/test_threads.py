"""Conversations over the wire: begun, answered, edited, settled, reacted to, and read."""

from __future__ import annotations

import json

import pytest
from tests.hosts.gitlab.talking import EDGE, FORMER, GONE, MOVED, NEW, PUSHED, Talk

import pullbridge
from pullbridge import Anchor, CommentState, DraftComment, PlacementReason, Side, Thread, Verdict
from pullbridge.testing import Fault

HERE = Anchor.line(EDGE, 20)


def place(thread: Thread) -> tuple[object, ...]:
    at = thread.anchor
    assert at is not None
    return (at.path, at.side, at.start, at.end, at.start_side)


@pytest.mark.parametrize(
    ("at", "numbers"),
    [
        (Anchor.line(EDGE, 20), {"new_line": 20}),
        (Anchor.line(EDGE, 20, side=Side.OLD), {"old_line": 20}),
        (Anchor.line(EDGE, 24), {"old_line": 22, "new_line": 24}),
        (Anchor.line(EDGE, 2), {"old_line": 2, "new_line": 2}),
        (Anchor.line(EDGE, 40), {"old_line": 38, "new_line": 40}),
        (Anchor.lines(EDGE, 19, 21), {"new_line": 21}),
        (Anchor.lines(EDGE, 18, 20, side=Side.OLD), {"old_line": 20}),
        (Anchor.lines(EDGE, 20, 21, start_side=Side.OLD), {"new_line": 21}),
        (Anchor.line(MOVED, 5), {"new_line": 5}),
        (Anchor.line(NEW, 2), {"new_line": 2}),
        (Anchor.line(GONE, 1, side=Side.OLD), {"old_line": 1}),
    ],
    ids=str,
)
def test_a_comment_hangs_where_it_was_put(talk: Talk, at: Anchor, numbers: dict[str, int]) -> None:
    """With the numbers that its kind of line has, both paths and the diff's three commits; and is read back as it was."""
    started = talk.grace.threads.start(talk.pull, "Hm.", at)
    position = talk.body("discussions")["position"]
    assert {name: position[name] for name in ("old_line", "new_line") if name in position} == numbers
    assert position["new_path"] == at.path
    assert position["old_path"] == (FORMER if at.path == MOVED else at.path)
    assert position["head_sha"] == talk.head
    assert len({position["base_sha"], position["start_sha"], position["head_sha"], ""}) == 3
    for thread in (started, talk.only()):
        assert place(thread) == (at.path, at.side, at.start, at.end, at.start_side)
        assert thread.current == thread.anchor
        assert (thread.outdated, thread.resolved, thread.can_resolve) == (False, False, None)
    assert started.id == talk.only().id


def test_an_unchanged_line_is_read_back_by_its_new_number(talk: Talk) -> None:
    """Whichever it was named by, and in a file that has another name now."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(FORMER, 5, side=Side.OLD))
    assert talk.body("discussions")["position"]["old_line"] == 5
    assert place(thread) == (MOVED, Side.NEW, 6, 6, None)
    again = talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(FORMER, 5, side=Side.OLD), skip_existing=True)
    assert again.id == thread.id


def test_a_whole_file_is_a_place(talk: Talk) -> None:
    """Of a type of its own, which 16.4 has."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", Anchor.file(EDGE))
    assert talk.body("discussions")["position"]["position_type"] == "file"
    assert thread.anchor is not None
    assert thread.anchor.is_file


def test_a_whole_file_is_no_place_on_an_older_version(talk: Talk) -> None:
    """It is refused before anything is posted, with the version that has it."""
    talk.lab.forge.gitlab.version = "16.3.0"
    with pytest.raises(pullbridge.Unsupported, match=r"16\.4") as caught:
        talk.grace.threads.start(talk.pull, "Hm.", Anchor.file(EDGE))
    assert caught.value.text == "Hm."
    assert talk.threads() == ()


def test_a_comment_on_the_whole_can_be_settled(talk: Talk) -> None:
    """It is a conversation, and not a lone note."""
    thread = talk.grace.threads.start(talk.pull, "Hm.")
    assert (thread.anchor, thread.outdated, thread.resolved) == (None, False, False)
    assert talk.ada.threads.resolve(talk.pull, thread).resolved is True
    read = talk.only()
    assert read.resolved is True
    assert read.resolved_by is not None
    assert read.resolved_by.handle == "ada"


def test_what_has_no_place_is_known_before(talk: Talk) -> None:
    """A file that is not changed, a side that is not there: nothing is sent, and the text is kept."""
    for at, reason in (
        (Anchor.line("README.md", 1), PlacementReason.FILE_NOT_CHANGED),
        (Anchor.line(NEW, 1, side=Side.OLD), PlacementReason.NO_SUCH_SIDE),
        (Anchor.line(NEW, 9), PlacementReason.OUTSIDE_HUNKS),
    ):
        with pytest.raises(pullbridge.Unplaceable) as caught:
            talk.grace.threads.start(talk.pull, "Hm.", at)
        assert (caught.value.reason, caught.value.text) == (reason, "Hm.")
    assert talk.sent("POST", "discussions") == []


def test_a_line_that_gitlab_does_not_find_is_unplaceable(talk: Talk) -> None:
    """Behind the file's end: GitLab says `line_code can't be blank`, and the text becomes no comment on the whole."""
    with pytest.raises(pullbridge.Unplaceable, match="finds no such line") as caught:
        talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(EDGE, 400))
    error = caught.value
    assert (error.status, error.text) == (400, "Hm.")
    assert error.nearest is not None
    assert error.nearest.is_file
    assert error.anchor is not None
    assert error.anchor.end == 400
    assert talk.threads() == ()


def test_of_a_range_that_gitlab_does_not_find_the_last_line_is_nearest(talk: Talk) -> None:
    """And it is left to the caller to take it."""
    with pytest.raises(pullbridge.Unplaceable) as caught:
        talk.grace.threads.start(talk.pull, "Hm.", Anchor.lines(EDGE, 398, 400))
    nearest = caught.value.nearest
    assert nearest is not None
    assert (nearest.start, nearest.end) == (400, 400)
    assert talk.threads() == ()


def test_lines_whose_diff_gitlab_leaves_out_are_not_guessed(talk: Talk) -> None:
    """An unchanged line with one number alone is never sent: the whole file is offered."""
    talk.lab.forge.gitlab.knobs.patch_bytes = 20
    with pytest.raises(pullbridge.Unplaceable) as caught:
        talk.grace.threads.start(talk.pull, "Hm.", HERE)
    assert caught.value.reason is PlacementReason.TRUNCATED
    assert caught.value.nearest is not None
    assert talk.grace.threads.start(talk.pull, "Hm.", caught.value.nearest).anchor is not None
    assert len(talk.sent("POST", "discussions")) == 1


def test_a_comment_waits_for_the_diff(talk: Talk) -> None:
    """Right after the merge request was opened there is none."""
    talk.lab.forge.gitlab.knobs.preparation_reads = 3
    talk.lab.app.commit("late", {EDGE: "late\n"})
    late = talk.ada.pulls.create("Late", "late", "main")
    assert talk.grace.threads.start(late, "Hm.", Anchor.line(EDGE, 1)).anchor is not None


def test_an_older_head_is_a_place_too(talk: Talk) -> None:
    """By the diff that GitLab made of it; from there the comment moves along with its line."""
    seen = talk.head
    talk.push()
    at = Anchor.line(EDGE, 20, commit=seen)
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=[DraftComment("Hm.", at=at)])
    receipt.raise_if_incomplete()
    assert talk.body("discussions")["position"]["head_sha"] == seen
    assert place(talk.only()) == (EDGE, Side.NEW, 23, 23, None)


def test_a_commit_that_never_was_the_head_is_no_place(talk: Talk) -> None:
    """GitLab has made no diff of it."""
    between = talk.lab.app.commit("elsewhere", {EDGE: "other\n"}, start="edge")
    with pytest.raises(pullbridge.Unplaceable, match="no diff"):
        talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(EDGE, 1, commit=between))


def test_a_comment_moves_with_its_line(talk: Talk) -> None:
    """It is at the same line of the newest diff; one whose line is gone is outdated, and stays where it was."""
    kept = talk.grace.threads.start(talk.pull, "Kept.", Anchor.line(EDGE, 20))
    lost = talk.grace.threads.start(talk.pull, "Lost.", Anchor.line(NEW, 1))
    former = talk.head
    talk.lab.app.commit("edge", {EDGE: PUSHED, NEW: "two\n"})
    found = {thread.id: thread for thread in talk.threads()}
    now = found[kept.id].current
    assert now is not None
    assert (now.end, now.commit, found[kept.id].outdated) == (23, talk.head, False)
    assert (found[lost.id].outdated, found[lost.id].current) == (True, None)
    stood = found[lost.id].anchor
    assert stood is not None
    assert stood.commit == former


def test_what_the_system_notes_is_no_conversation(talk: Talk) -> None:
    """A push, a label: they are the timeline's."""
    talk.push()
    talk.ada.pulls.edit(talk.pull, title="Another title")
    assert talk.threads() == ()


def test_a_lone_note_is_a_conversation_that_cannot_be_settled_yet(talk: Talk) -> None:
    """Answering it makes it one that can."""
    talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "A lone note.")
    lone = talk.only()
    assert (lone.resolved, lone.can_resolve) == (None, False)
    talk.ada.threads.reply(talk.pull, lone, "An answer.")
    thread = talk.only()
    assert [comment.body for comment in thread.comments] == ["A lone note.", "An answer."]
    assert thread.resolved is False


def test_reply_edit_and_delete(talk: Talk) -> None:
    """By the ids that were read."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    reply = talk.ada.threads.reply(talk.pull, thread, "Yes.")
    assert (reply.body, reply.mine, reply.author.handle) == ("Yes.", True, "ada")
    assert reply.url is not None
    assert reply.url.endswith(f"/-/merge_requests/{talk.pull.number}#note_{reply.id}")
    assert talk.ada.threads.edit(talk.pull, reply, "No.").body == "No."
    assert [comment.body for comment in talk.only().comments] == ["Hm.", "No."]
    talk.ada.threads.delete(talk.pull, reply)
    assert [comment.body for comment in talk.only().comments] == ["Hm."]
    with pytest.raises(pullbridge.NotThere):
        talk.ada.threads.delete(talk.pull, reply)


def test_a_thread_that_is_not_there(talk: Talk) -> None:
    """It is said for answers and for settling."""
    for call in (
        lambda: talk.ada.threads.reply(talk.pull, "0" * 40, "Yes."),
        lambda: talk.ada.threads.resolve(talk.pull, "0" * 40),
    ):
        with pytest.raises(pullbridge.NotThere):
            call()


def test_whoever_may_not_settle_it_is_told(talk: Talk) -> None:
    """GitLab forbids it to those without a role."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    with pytest.raises(pullbridge.Forbidden):
        talk.lab.as_("linus").threads.resolve(talk.pull, thread)


def test_a_draft_takes_no_answer(talk: Talk) -> None:
    """Nobody sees it yet."""
    draft = talk.grace.reviews.draft(talk.pull, DraftComment("Hm.", at=HERE))
    assert draft.id is not None
    for call in (
        lambda: talk.grace.threads.reply(talk.pull, draft.id or "", "Yes."),
        lambda: talk.grace.threads.react(talk.pull, draft.id or "", "tada"),
    ):
        with pytest.raises(pullbridge.Unsupported):
            call()


@pytest.mark.parametrize("written", ["+1", "👍", "THUMBS_UP", "thumbsup", ":thumbsup:", "thumbs up"])
def test_a_reaction_has_many_names(talk: Talk, written: str) -> None:
    """GitLab knows it by one; to react twice changes nothing, nor does taking it back twice."""
    comment = talk.grace.threads.start(talk.pull, "Hm.", HERE).comments[0]
    for _ in range(2):
        talk.ada.threads.react(talk.pull, comment, written)
    assert [(r.name, r.count, r.mine) for r in talk.only().comments[0].reactions or ()] == [("thumbsup", 1, True)]
    seen = talk.grace.threads.list(talk.pull)[0].comments[0].reactions
    assert [(r.name, r.count, r.mine) for r in seen or ()] == [("thumbsup", 1, False)]
    for _ in range(2):
        talk.ada.threads.unreact(talk.pull, comment, written)
    assert talk.only().comments[0].reactions == ()


def test_what_is_no_emoji_is_refused(talk: Talk) -> None:
    """By GitLab's own list where it looks like a name, and before that where it does not."""
    comment = talk.grace.threads.start(talk.pull, "Hm.").comments[0]
    with pytest.raises(pullbridge.Rejected):
        talk.ada.threads.react(talk.pull, comment, "no_such_emoji_at_all")
    talk.forget()
    with pytest.raises(pullbridge.Rejected):
        talk.ada.threads.react(talk.pull, comment, "☃️ of snow")
    assert talk.sent() == []
    with pytest.raises(pullbridge.NotThere):
        talk.ada.threads.react(talk.pull, "999999", "tada")


def test_reactions_that_are_not_told_are_not_none_at_all(talk: Talk) -> None:
    """`None` is not "nobody reacted"."""
    talk.grace.threads.start(talk.pull, "Hm.")
    refused = json.dumps({"errors": [{"message": "Field 'awardEmoji' doesn't exist"}]}).encode()
    talk.lab.forge.gitlab.add_fault(Fault(path="*/graphql", status=200, body=refused))
    assert talk.only().comments[0].reactions is None


@pytest.mark.parametrize("line", ["/close", "/Merge", "/label ~bug", "/approve ", "/shrug what"])
def test_a_command_is_no_text(talk: Talk, line: str) -> None:
    """GitLab would carry it out and not show it: nothing is sent, by no verb that writes a text."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    body = f"He said:\n{line}\nand left."
    talk.forget()
    for call in (
        lambda: talk.grace.threads.start(talk.pull, body),
        lambda: talk.grace.threads.reply(talk.pull, thread, body),
        lambda: talk.grace.threads.edit(talk.pull, thread.comments[0], body),
        lambda: talk.grace.reviews.draft(talk.pull, DraftComment(body, reply_to=thread.id)),
        lambda: talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, body),
    ):
        with pytest.raises(pullbridge.Rejected, match="command") as caught:
            call()
        assert caught.value.text == body
    assert talk.sent("POST") == talk.sent("PUT") == []
    assert talk.ada.pulls.get(talk.pull).state is pullbridge.PullState.OPEN


def test_a_quoted_command_is_text(talk: Talk) -> None:
    """In code, behind a word, and as a part of another one."""
    for body in ("```\n/close\n```", "run `/close`", "    /close", "/closed", "/usr/bin/merge"):
        assert talk.grace.threads.start(talk.pull, body).comments[0].body == body


def test_a_text_that_gitlab_took_for_a_command_is_not_said_to_be_up(talk: Talk) -> None:
    """A newer version may know more of them than are known here: then it answers without a note."""
    answer = json.dumps({"commands_changes": {}, "summary": ["Done."]}).encode()
    talk.lab.forge.gitlab.add_fault(Fault(path="*/discussions", method="POST", status=202, body=answer, times=1))
    with pytest.raises(pullbridge.Rejected, match="posted nothing") as caught:
        talk.grace.threads.start(talk.pull, "/dance")
    assert caught.value.text == "/dance"


def test_a_lost_answer_is_looked_up(talk: Talk) -> None:
    """The comment is up once, and given back."""
    talk.lab.forge.gitlab.behave(cut="after", method="POST", path="*/discussions", times=1)
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    assert thread.id == talk.only().id
    talk.lab.forge.gitlab.behave()
    talk.lab.forge.gitlab.behave(cut="after", method="POST", path="*/notes", times=1)
    reply = talk.grace.threads.reply(talk.pull, thread, "And?")
    assert [comment.id for comment in talk.only().comments][1:] == [reply.id]


def test_who_i_am_is_asked_beside_the_write(talk: Talk) -> None:
    """A comment that is up is not lost because that question failed."""
    talk.lab.forge.gitlab.behave(status=500, path="*/user")
    thread = talk.grace.threads.start(talk.pull, "Hm.")
    assert thread.comments[0].mine is True
    talk.lab.forge.gitlab.behave()
    assert talk.only().id == thread.id


def test_many_discussions_are_read_whole(talk: Talk) -> None:
    """Page after page, in GitLab's order."""
    repo = talk.grace
    bodies = [f"Note {n}" for n in range(103)]
    for body in bodies:
        repo.threads.start(talk.pull, body)
    assert [thread.comments[0].body for thread in talk.threads()] == bodies


def test_drafts_are_mine_alone(talk: Talk) -> None:
    """They are among my threads, pending, and in nobody else's."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", HERE)
    talk.grace.reviews.draft(talk.pull, DraftComment("And?", reply_to=thread.id))
    mine = talk.grace.threads.list(talk.pull)
    assert [(c.body, c.state, c.mine) for c in mine[0].comments] == [
        ("Hm.", CommentState.PUBLISHED, True),
        ("And?", CommentState.PENDING, True),
    ]
    assert [c.body for c in talk.only().comments] == ["Hm."]
