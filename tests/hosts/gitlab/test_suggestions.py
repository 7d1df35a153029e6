"""Suggestions: the same words on every host, GitLab's own on the wire; applied by GitLab itself."""

from __future__ import annotations

import pytest
from tests.hosts.gitlab.talking import EDGE, NEW, Talk

import pullbridge
from pullbridge import Anchor, DraftComment, Side, Suggestion, Thread, Verdict
from pullbridge.anchoring import suggestion_block
from pullbridge.hosts.gitlab import wire

ONE, THREE = Anchor.line(EDGE, 20), Anchor.lines(EDGE, 20, 22)


@pytest.mark.parametrize(
    ("body", "above", "told"),
    [
        ("```suggestion\nx\n```", 0, "```suggestion:-0+0\nx\n```"),
        ("```suggestion\nx\n```", 2, "```suggestion:-2+0\nx\n```"),
        ("Or:\r\n```suggestion\r\nx\r\n```\r\n", 3, "Or:\r\n```suggestion:-3+0\r\nx\r\n```\r\n"),
        ("~~~~ suggestion \nx\n~~~~", 1, "~~~~ suggestion:-1+0 \nx\n~~~~"),
        ("````suggestion\n```suggestion\n```\n````", 1, "````suggestion:-1+0\n```suggestion\n```\n````"),
        ("```\n```suggestion\n```", 1, "```\n```suggestion\n```"),
        ("```suggestion\na\n```\n```suggestion\nb\n```", 1, "```suggestion:-1+0\na\n```\n```suggestion:-1+0\nb\n```"),
    ],
)
def test_a_neutral_block_is_told_in_gitlabs_words_and_back(body: str, above: int, told: str) -> None:
    """It replaces just the commented lines: so many lines above the last of them."""
    assert wire.hosted(body, above) == told
    assert wire.neutral(told, above) == body
    assert wire.has_suggestion(body) is (body != told)


@pytest.mark.parametrize(
    ("told", "above", "body"),
    [
        ("```suggestion:-1+2\nx\n```", 0, "```suggestion:-1+2\nx\n```"),
        ("```suggestion:-0+0\nx\n```", 2, "```suggestion:-0+0\nx\n```"),
        ("```suggestion\nx\n```", 2, "```suggestion:-0+0\nx\n```"),
        ("```suggestion:-0+0", 0, "```suggestion"),
        ("```suggestions\nx\n```", 0, "```suggestions\nx\n```"),
        ("``suggestion``", 0, "``suggestion``"),
    ],
)
def test_a_block_for_other_lines_keeps_its_numbers(told: str, above: int, body: str) -> None:
    """One that GitLab would apply to less than the commented lines says so, too."""
    assert wire.neutral(told, above) == body


def test_only_new_lines_are_counted() -> None:
    """GitLab replaces lines of the new version alone."""
    assert wire.lines_above(THREE) == 2
    assert wire.lines_above(ONE) == 0
    assert wire.lines_above(Anchor.lines(EDGE, 18, 20, side=Side.OLD)) == 0
    assert wire.lines_above(Anchor.lines(EDGE, 20, 22, start_side=Side.OLD)) == 0
    assert wire.lines_above(Anchor.file(EDGE)) == wire.lines_above(None) == 0


def suggested(talk: Talk, at: Anchor, replacement: str) -> Thread:
    return talk.grace.threads.start(talk.pull, f"Or so?\n\n{suggestion_block(replacement)}", at)


def test_a_suggestion_for_a_range_replaces_all_of_it(talk: Talk) -> None:
    """As on the other hosts: the numbers are GitLab's, and not to be seen."""
    thread = suggested(talk, THREE, "better\n")
    assert "```suggestion:-2+0\n" in talk.body("discussions")["body"]
    for read in (thread, talk.only()):
        (comment,) = read.comments
        assert comment.body == "Or so?\n\n```suggestion\nbetter\n```"
        (suggestion,) = comment.suggestions
        assert (suggestion.replacement, suggestion.start, suggestion.end) == ("better\n", 20, 22)
        assert suggestion.applied is False


def test_a_suggestion_is_applied_by_gitlab(talk: Talk) -> None:
    """In one request that writes, with the words of the caller; the commit is the branch's new tip."""
    suggestion = suggested(talk, THREE, "better\n").comments[0].suggestions[0]
    talk.forget()
    commit = talk.ada.threads.apply_suggestion(talk.pull, suggestion, "Make it better")
    assert (commit.id, commit.title) == (talk.head, "Make it better")
    assert [each for each in talk.sent() if not each.startswith("GET")] == [f"PUT /suggestions/{suggestion.id}/apply"]
    rows = talk.ada.files.content(EDGE, commit.id).decode().splitlines()
    assert rows[18:21] == ["line 19", "better", "line 21"]
    assert talk.only().comments[0].suggestions[0].applied is True


def test_several_are_applied_in_one_commit(talk: Talk) -> None:
    """Over more than one file."""
    chosen = [
        suggested(talk, at, text).comments[0].suggestions[0]
        for at, text in ((ONE, "better\n"), (Anchor.line(NEW, 1), "new\n"))
    ]
    (commit,) = talk.ada.threads.apply_suggestions(talk.pull, chosen, "Take both")
    assert (commit.id, commit.title) == (talk.head, "Take both")
    assert talk.body("batch_apply", "PUT")["ids"] == [int(each.id) for each in chosen]
    assert talk.ada.files.content(NEW, commit.id) == b"new\ntwo\n"
    assert b"better\nadded\n" in talk.ada.files.content(EDGE, commit.id)


def test_what_is_changed_or_applied_already_is_stale(talk: Talk) -> None:
    """GitLab says that it cannot be applied."""
    suggestion = suggested(talk, ONE, "better\n").comments[0].suggestions[0]
    talk.ada.threads.apply_suggestion(talk.pull, suggestion)
    with pytest.raises(pullbridge.Stale) as caught:
        talk.ada.threads.apply_suggestion(talk.pull, suggestion)
    assert caught.value.found == talk.head


def test_a_suggestion_that_is_not_there(talk: Talk) -> None:
    """By GitLab's word, or because it is another host's id."""
    for identity in ("999999", "PRRC_kw#0"):
        with pytest.raises(pullbridge.NotThere):
            talk.ada.threads.apply_suggestion(talk.pull, Suggestion(id=identity, replacement=""))
    with pytest.raises(pullbridge.Rejected):
        talk.ada.threads.apply_suggestions(talk.pull, [])


def test_whoever_may_not_push_may_not_apply(talk: Talk) -> None:
    """It is a commit."""
    suggestion = suggested(talk, ONE, "better\n").comments[0].suggestions[0]
    with pytest.raises(pullbridge.Forbidden):
        talk.lab.as_("linus").threads.apply_suggestion(talk.pull, suggestion)


def test_an_empty_suggestion_takes_the_lines_out(talk: Talk) -> None:
    """All of them."""
    suggestion = suggested(talk, THREE, "").comments[0].suggestions[0]
    assert suggestion.replacement == ""
    commit = talk.ada.threads.apply_suggestion(talk.pull, suggestion)
    assert talk.ada.files.content(EDGE, commit.id).decode().splitlines()[18:20] == ["line 19", "line 21"]


def test_an_answer_and_an_edit_suggest_for_the_same_lines(talk: Talk) -> None:
    """What those are is read first, and only for a text with a suggestion in it."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", THREE)
    talk.forget()
    reply = talk.ada.threads.reply(talk.pull, thread, suggestion_block("mine\n"))
    assert talk.body("notes")["body"].startswith("```suggestion:-2+0\n")
    assert reply.body == "```suggestion\nmine\n```"
    talk.ada.threads.edit(talk.pull, reply, suggestion_block("other\n"))
    assert talk.body(f"notes/{reply.id}", "PUT")["body"].startswith("```suggestion:-2+0\n")
    assert talk.only().comments[1].suggestions[0].replacement == "other\n"
    talk.forget()
    talk.ada.threads.edit(talk.pull, reply, "Never mind.")
    assert talk.sent("GET", f"notes/{reply.id}") == []


def test_a_draft_suggests_for_its_lines(talk: Talk) -> None:
    """When it is made, and when it is edited."""
    draft = talk.grace.reviews.draft(talk.pull, DraftComment(suggestion_block("better\n"), at=THREE))
    assert talk.body("draft_notes")["note"].startswith("```suggestion:-2+0\n")
    talk.grace.reviews.edit_draft(talk.pull, draft, suggestion_block("best\n"))
    assert talk.body(f"draft_notes/{(draft.id or '').rpartition(':')[2]}", "PUT")["note"].startswith(
        "```suggestion:-2+0"
    )
    assert [each.body for each in talk.grace.reviews.pending(talk.pull)] == ["```suggestion\nbest\n```"]


def test_more_lines_than_gitlab_replaces_are_refused(talk: Talk) -> None:
    """It would replace fewer without a word, and leave half of the old text behind."""
    talk.lab.app.commit("edge", {NEW: "".join(f"{n}\n" for n in range(200))})
    far = Anchor.lines(NEW, 1, 102)
    with pytest.raises(pullbridge.Rejected, match="101 lines"):
        suggested(talk, far, "short\n")
    assert suggested(talk, Anchor.lines(NEW, 1, 101), "short\n").comments[0].suggestions[0].start == 1


def test_a_lost_answer_to_a_suggestion_is_looked_up(talk: Talk) -> None:
    """Although GitLab keeps other words than those that were given."""
    talk.lab.forge.gitlab.behave(cut="after", method="POST", path="*/discussions", times=1)
    thread = suggested(talk, THREE, "better\n")
    assert talk.only().id == thread.id
    draft = DraftComment(thread.comments[0].body, at=THREE)
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=[draft], skip_existing=True)
    assert [each.status.value for each in receipt.outcomes] == ["already there"]


def test_what_is_applied_is_not_said_to_be_undone(talk: Talk) -> None:
    """Only which commit it made could not be read."""
    suggestion = suggested(talk, ONE, "better\n").comments[0].suggestions[0]
    before = talk.head
    talk.lab.forge.gitlab.behave(status=500, method="GET", path="*/repository/commits")
    with pytest.raises(pullbridge.HostDown) as caught:
        talk.ada.threads.apply_suggestion(talk.pull, suggestion)
    assert caught.value.maybe_done is True
    assert talk.head != before


def test_a_suggestion_is_applied_to_a_fork(talk: Talk) -> None:
    """The commit is the one at the tip of the fork's branch."""
    talk.ada.branches.fork("ada")
    fork = talk.lab.as_("ada", "ada/app")
    pull = talk.ada.pulls.create("From a fork", "edge", "main", source_repository="ada/app")
    thread = talk.grace.threads.start(pull, suggestion_block("better\n"), ONE)
    commit = talk.ada.threads.apply_suggestion(pull, thread.comments[0].suggestions[0])
    assert fork.branches.get("edge").commit == commit.id
    assert talk.head != commit.id
