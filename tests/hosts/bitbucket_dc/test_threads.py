"""Conversations on a forge's Data Center, by the public verbs."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_dc.lab import EDGE, MOVED, NEW, Lab

from pullbridge import Anchor, Can, Side, errors
from pullbridge.model.anchor import PlacementReason

AT = "comments"


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (Anchor.line(EDGE, 21), (21, "ADDED", "TO")),
        (Anchor.line(EDGE, 20, side=Side.OLD), (20, "REMOVED", "FROM")),
        (Anchor.line(EDGE, 25), (25, "CONTEXT", "TO")),
        (Anchor.line(EDGE, 23, side=Side.OLD), (23, "CONTEXT", "FROM")),
        (Anchor.line(MOVED, 5), (5, "ADDED", "TO")),
    ],
    ids=["added", "removed", "unchanged", "unchanged, old side", "in a moved file"],
)
def test_every_kind_of_line_takes_a_comment(lab: Lab, at: Anchor, told: tuple[int, str, str]) -> None:
    """The server looks up each line in git's diff, and takes it for what it is said to be."""
    started = lab.grace.threads.start(lab.pull, "Here?", at)
    sent = lab.body(AT)["anchor"]
    assert (sent["line"], sent["lineType"], sent["fileType"]) == told
    assert (sent["diffType"], sent["toHash"]) == ("EFFECTIVE", lab.head)
    assert ("srcPath" in sent) is (at.path == MOVED)
    thread = lab.only()
    assert thread.id == started.id
    assert thread.anchor is not None
    assert (thread.anchor.side, thread.anchor.end, thread.anchor.commit) == (at.side, at.end, lab.head)
    assert thread.current == thread.anchor
    assert (thread.outdated, thread.comments[0].mine) == (False, False)
    assert (thread.hunk or "").startswith("@@ ")


def test_ranges_files_and_the_whole(lab: Lab) -> None:
    """A range begins where it was said to, and each comes back as it was."""
    places = [Anchor.lines(EDGE, 18, 22), Anchor.lines(EDGE, 20, 21, start_side=Side.OLD), Anchor.file(NEW), None]
    for at in places:
        lab.grace.threads.start(lab.pull, "x", at)
    whole, *found = lab.threads()
    assert whole.anchor is None
    assert [(a.path, a.start_side, a.start, a.end) for a in (t.anchor for t in found) if a] == [
        (EDGE, None, 18, 22),
        (EDGE, Side.OLD, 20, 21),
        (NEW, None, None, None),
    ]


def test_an_old_commit_takes_comments_on_its_own_diff(lab: Lab) -> None:
    """The diff up to that commit is named, from where it left the target; it is outdated from the start."""
    before = lab.head
    lab.push()
    thread = lab.grace.threads.start(lab.pull, "Then?", Anchor.line(EDGE, 21, commit=before))
    sent = lab.body(AT)["anchor"]
    assert (sent["diffType"], sent["toHash"], sent["fromHash"]) == ("RANGE", before, lab.app.head("main"))
    assert thread.anchor is not None
    assert (thread.anchor.commit, lab.only().outdated, lab.only().current) == (before, True, None)


def test_comments_move_along_until_their_line_goes(lab: Lab) -> None:
    """What is still in the diff is where it is now; what left it is outdated, at the commit where it was."""
    before = lab.head
    lab.grace.threads.start(lab.pull, "stays", Anchor.line(EDGE, 21))
    lab.grace.threads.start(lab.pull, "goes", Anchor.line(NEW, 2))
    after = lab.push()
    lab.app.commit("edge", {NEW: "one\n"})
    stays, goes = lab.threads()
    assert stays.current is not None
    assert (stays.current.end, stays.current.commit, stays.outdated) == (24, lab.head, False)
    assert (goes.current, goes.outdated) == (None, True)
    assert goes.anchor is not None
    assert goes.anchor.commit in {before, after}


def test_a_diff_that_has_changed_is_noticed(lab: Lab) -> None:
    """Somebody pushes between the look and the comment: nothing is put on other lines."""
    looked = lab.grace.files.list(lab.pull)
    assert len(list(looked)) == 4
    head = lab.head
    lab.push()
    with pytest.raises(errors.Stale) as caught:
        lab.grace.threads.start(lab.pull, "x", Anchor.line(EDGE, 21))
    assert (caught.value.expected, caught.value.text) == (head, "x")
    assert lab.threads() == ()


def test_a_push_to_the_target_is_no_other_diff(lab: Lab) -> None:
    """The head is the one that was looked at, wherever the diff begins by now."""
    lab.host.knobs.from_hash_is_target = True
    assert len(list(lab.grace.files.list(lab.pull))) == 4
    lab.app.commit("main", {"other.txt": "x\n"})
    assert lab.grace.threads.start(lab.pull, "x", Anchor.line(EDGE, 21)).anchor is not None


def test_a_place_outside_the_diff_is_refused_before_anything_is_sent(lab: Lab) -> None:
    """Ten lines around each change are shown, and no more takes a comment."""
    with pytest.raises(errors.Unplaceable) as caught:
        lab.grace.threads.start(lab.pull, "x", Anchor.line(EDGE, 2))
    assert (caught.value.reason, caught.value.nearest) == (
        PlacementReason.OUTSIDE_HUNKS,
        Anchor.line(EDGE, 10, commit=lab.head),
    )
    assert lab.sent("POST") == []


def test_a_place_that_the_host_refuses_is_said_to_be_none(lab: Lab) -> None:
    """Its words, its nearest place and the text come along; a refused text is no refused place."""
    lab.host.behave(
        method="POST", path="*/comments", status=400, body=b'{"errors":[{"message":"No such line."}]}', times=1
    )
    with pytest.raises(errors.Unplaceable, match="No such line") as caught:
        lab.grace.threads.start(lab.pull, "words", Anchor.line(EDGE, 21))
    assert caught.value.nearest == Anchor.file(EDGE, commit=lab.head)
    assert caught.value.text == "words"
    with pytest.raises(errors.Rejected, match="less than"):
        lab.grace.threads.start(lab.pull, "x" * 40_000, Anchor.line(EDGE, 21))


@pytest.mark.parametrize("lab", ["9.1.0"], indirect=True)
def test_a_range_needs_its_version(lab: Lab) -> None:
    """An older one would take it for its last line without a word."""
    with pytest.raises((errors.Unplaceable, errors.Unsupported)) as caught:
        lab.grace.threads.start(lab.pull, "x", Anchor.lines(EDGE, 18, 22))
    if isinstance(caught.value, errors.Unplaceable):
        assert caught.value.nearest == Anchor.line(EDGE, 22, commit=lab.head)
    lab.grace.probe()
    with pytest.raises(errors.Unsupported, match=r"9\.2"):
        lab.grace.threads.start(lab.pull, "x", Anchor.lines(EDGE, 18, 22))
    assert lab.sent("POST") == []


def test_answers_edits_and_removals_name_the_version(lab: Lab) -> None:
    """The version is read before, and read again when somebody else was quicker."""
    thread = lab.grace.threads.start(lab.pull, "One?", Anchor.line(EDGE, 21))
    answer = lab.ada.threads.reply(lab.pull, thread, "Two.")
    assert lab.body(AT)["parent"] == {"id": int(thread.id)}
    assert (answer.body, answer.mine) == ("Two.", True)
    stale = (
        b'{"errors":[{"message":"old","exceptionName":"com.atlassian.bitbucket.comment.CommentOutOfDateException"}]}'
    )
    lab.host.behave(method="PUT", path="*/comments/*", status=409, body=stale, times=1)
    lab.forget()
    assert lab.ada.threads.edit(lab.pull, answer, "Three.").body == "Three."
    assert [each.partition(" ")[0] for each in lab.sent()] == ["GET", "PUT", "GET", "PUT"]
    assert [each.body for each in lab.only().comments] == ["One?", "Three."]
    with pytest.raises(errors.Rejected, match="replies"):
        lab.grace.threads.delete(lab.pull, thread.comments[0])
    lab.ada.threads.delete(lab.pull, answer)
    lab.grace.threads.delete(lab.pull, thread.comments[0])
    assert lab.threads() == ()
    with pytest.raises(errors.NotThere):
        lab.grace.threads.delete(lab.pull, thread.comments[0])


def test_a_version_that_is_always_stale_ends(lab: Lab) -> None:
    """Three times, and not for ever."""
    thread = lab.grace.threads.start(lab.pull, "One?")
    stale = b'{"errors":[{"exceptionName":"x.CommentOutOfDateException","currentVersion":9,"expectedVersion":0}]}'
    lab.host.behave(method="PUT", path="*/comments/*", status=409, body=stale)
    lab.forget()
    with pytest.raises(errors.Stale) as caught:
        lab.grace.threads.edit(lab.pull, thread.comments[0], "Two?")
    assert (caught.value.found, len(lab.sent("PUT"))) == ("9", 3)


def test_nobody_edits_the_words_of_another(lab: Lab) -> None:
    """A right that is missing is no bad credential, though the host says 401 to both."""
    thread = lab.grace.threads.start(lab.pull, "Mine.")
    with pytest.raises(errors.Forbidden):
        lab.ada.threads.edit(lab.pull, thread.comments[0], "Yours.")
    with pytest.raises(errors.NotThere):
        lab.ada.threads.reply(lab.pull, "discussion-7", "x")


def test_settling_leaves_tasks_alone(lab: Lab) -> None:
    """DC-27, DC-28: a conversation is settled by its own mark, and by nothing else in the request."""
    thread = lab.grace.threads.start(lab.pull, "One?", Anchor.line(EDGE, 21))
    task = lab.ada.tasks.add(lab.pull, "Do it.", thread.comments[0])
    assert lab.ada.threads.resolve(lab.pull, thread).resolved is True
    assert lab.body(f"comments/{thread.id}", "PUT") == {"threadResolved": True, "version": 0}
    settled = lab.only()
    assert (settled.resolved, settled.resolved_by.handle if settled.resolved_by else None) == (True, "ada")
    assert [(each.id, each.done, each.comment_id) for each in lab.ada.tasks.list(lab.pull)] == [
        (task.id, False, thread.comments[0].id)
    ]
    lab.ada.tasks.complete(lab.pull, task)
    assert lab.ada.threads.unresolve(lab.pull, thread).resolved is False
    assert [each.done for each in lab.ada.tasks.list(lab.pull)] == [True]
    assert [each.done for each in (lab.ada.tasks.reopen(lab.pull, task), *lab.ada.tasks.list(lab.pull))] == [False] * 2


@pytest.mark.parametrize("lab", ["8.8.0"], indirect=True)
def test_settling_needs_its_version(lab: Lab) -> None:
    """An older one would take no notice: that is said, and nothing is sent."""
    thread = lab.grace.threads.start(lab.pull, "One?")
    assert (thread.resolved, thread.can_resolve) == (None, False)
    with pytest.raises(errors.Unsupported, match=r"8\.9") as caught:
        lab.ada.threads.resolve(lab.pull, thread)
    assert caught.value.can is Can.RESOLVE
    assert lab.sent("PUT") == []


def test_reactions_are_set_and_taken_back(lab: Lab) -> None:
    """By signs and other hosts' words, as often as one likes."""
    said = lab.grace.threads.start(lab.pull, "One?").comments[0]
    for word in ("👍", "+1", "thumbsup"):
        lab.ada.threads.react(lab.pull, said, word)
    lab.grace.threads.react(lab.pull, said, "tada")
    (thread,) = lab.threads()
    assert [(each.name, each.count, each.mine) for each in thread.comments[0].reactions or ()] == [
        ("thumbsup", 1, True),
        ("tada", 1, False),
    ]
    lab.ada.threads.unreact(lab.pull, said, "+1")
    lab.ada.threads.unreact(lab.pull, said, "+1")
    assert [each.name for each in lab.only().comments[0].reactions or ()] == ["tada"]
    with pytest.raises(errors.Rejected):
        lab.ada.threads.react(lab.pull, said, "so good!?")
    with pytest.raises(errors.NotThere):
        lab.ada.threads.unreact(lab.pull, "424242", "tada")


@pytest.mark.parametrize("lab", ["7.6.0"], indirect=True)
def test_an_instance_without_reactions_says_so(lab: Lab) -> None:
    """It is not the comment that is not there; of one that is not, that is said."""
    said = lab.grace.threads.start(lab.pull, "One?").comments[0]
    with pytest.raises(errors.Unsupported, match="no reactions") as caught:
        lab.ada.threads.react(lab.pull, said, "heart")
    assert caught.value.can is Can.REACT
    with pytest.raises(errors.NotThere, match="comment"):
        lab.ada.threads.react(lab.pull, "424242", "heart")
    lab.ada.threads.unreact(lab.pull, said, "heart")


def test_a_suggestion_is_applied_by_the_host(lab: Lab) -> None:
    """Exactly the lines of its range change, in one commit, with plain numbers in the request."""
    text = "```suggestion\nfixed\n```"
    thread = lab.grace.threads.start(lab.pull, text, Anchor.lines(EDGE, 20, 22))
    (suggestion,) = lab.only().comments[0].suggestions
    made = lab.ada.threads.apply_suggestion(lab.pull, suggestion, "Fix it")
    assert (made.id, made.title) == (lab.head, "Fix it")
    sent = lab.body("apply-suggestion")
    assert (sent["commentVersion"], sent["suggestionIndex"], type(sent["pullRequestVersion"])) == (0, 0, int)
    lines = lab.ada.files.content(EDGE, "edge").decode().splitlines()
    assert lines[18:21] == ["line 19", "fixed", "line 21"]
    with pytest.raises(errors.Rejected, match="does not apply") as caught:
        lab.ada.threads.apply_suggestion(lab.pull, suggestion)
    assert "by hand" in str(caught.value)
    assert thread.comments[0].suggestions == (suggestion,)


def test_several_suggestions_are_written_one_file_after_the_other(lab: Lab) -> None:
    """The host applies one at a time; together they are written as a form, guarded by the commit that was read."""
    for line, at in ((21, EDGE), (1, NEW)):
        lab.grace.threads.start(lab.pull, f"```suggestion\nnew {at}\n```", Anchor.line(at, line))
    chosen = [each for thread in lab.threads() for each in thread.comments[0].suggestions]
    before = lab.head
    made = lab.ada.threads.apply_suggestions(lab.pull, chosen)
    assert (len(made), made[-1].id, made[0].parents) == (2, lab.head, (before,))
    assert lab.ada.files.content(EDGE, "edge").decode().splitlines()[20] == f"new {EDGE}"
    assert lab.ada.files.content(NEW, "edge") == f"new {NEW}\ntwo\n".encode()


def test_a_lost_answer_is_looked_up(lab: Lab) -> None:
    """The comment is there: it is found, and not posted twice."""
    lab.host.behave(method="POST", path="*/comments", cut="after", times=1)
    thread = lab.grace.threads.start(lab.pull, "Once.", Anchor.line(EDGE, 21))
    assert thread.comments[0].mine is True
    assert [each.id for each in lab.threads()] == [thread.id]
    again = lab.grace.threads.start(lab.pull, "Once.", Anchor.line(EDGE, 21), skip_existing=True)
    assert again.id == thread.id


def test_twelve_hundred_comments_come_page_by_page(lab: Lab) -> None:
    """Where the next page begins is the host's to say: hidden rows lie between."""
    lab.host.knobs.hidden_rows = 1
    lab.host.knobs.most_rows = 50
    pulls = lab.host.app
    with lab.host.store.lock:
        from pullbridge.testing.bitbucket_dc import talk

        record = next(iter(pulls.find("OCTO", "app").pulls.values()))  # type: ignore[union-attr]  # it is there
        people = lab.host.store.people.user("grace")
        for number in range(1_200):
            talk.add(pulls, record, people, f"comment {number}")
    threads = lab.threads()
    assert [each.comments[0].body for each in threads] == [f"comment {number}" for number in range(1_200)]
