"""Where a comment may hang: what has no place is known before anything is sent, and keeps nothing else back."""

from __future__ import annotations

import pytest
from tests.hostile.scene import HIDDEN, SHOWN, Scene

from pullbridge import (
    AlreadyThere,
    Anchor,
    Can,
    DraftComment,
    OutcomeStatus,
    Placement,
    PlacementReason,
    Rejected,
    Side,
    Unplaceable,
    Unsupported,
    Verdict,
)
from pullbridge.repository import placing


def test_a_line_outside_the_diff_is_known_before_anything_is_sent(scene: Scene) -> None:
    """`Unplaceable` names the nearest place, keeps the text, and no write went out."""
    repo = scene.connect()
    with pytest.raises(Unplaceable) as caught:
        repo.threads.start(1, "Here?", at=scene.at(HIDDEN))
    assert caught.value.reason is PlacementReason.OUTSIDE_HUNKS
    assert caught.value.nearest is not None
    assert caught.value.text == "Here?"
    assert scene.writes() == []
    assert repo.threads.start(1, "There.", at=caught.value.nearest).anchor == caught.value.nearest


@pytest.mark.parametrize(
    ("anchor", "reason"),
    [
        (Anchor.line("untouched.txt", 1), PlacementReason.FILE_NOT_CHANGED),
        (Anchor.file("untouched.txt"), PlacementReason.FILE_NOT_CHANGED),
        (Anchor.line("a.txt", 9000), PlacementReason.OUTSIDE_HUNKS),
        (Anchor.lines("a.txt", SHOWN, 40), PlacementReason.SPANS_HUNKS),
        (Anchor.line("new.txt", 1, side=Side.OLD), PlacementReason.NO_SUCH_SIDE),
    ],
)
def test_why_an_anchor_has_no_place(scene: Scene, anchor: Anchor, reason: PlacementReason) -> None:
    """Each reason has its word, and `placement` says the same without raising."""
    scene.push(new_txt="1\n")
    repo = scene.connect()
    told = repo.threads.placement(1, anchor)
    assert (told.ok, told.reason) == (False, reason)
    with pytest.raises(Unplaceable) as caught:
        repo.threads.start(1, "Here?", at=anchor)
    assert (caught.value.reason, caught.value.nearest) == (reason, told.nearest)
    assert scene.writes() == []


@pytest.mark.parametrize(
    "anchor",
    [
        Anchor.line("a.txt", SHOWN),
        Anchor.line("a.txt", SHOWN, side=Side.OLD),
        Anchor.line("a.txt", SHOWN + 1),
        Anchor.lines("a.txt", SHOWN - 1, SHOWN + 1),
        Anchor.lines("a.txt", SHOWN, SHOWN, start_side=Side.OLD),
        Anchor.file("a.txt"),
    ],
    ids=["added", "removed", "unchanged", "range", "from removed to added", "file"],
)
def test_every_kind_of_place_comes_back_as_it_was_given(scene: Scene, anchor: Anchor) -> None:
    """Added, removed and unchanged lines, ranges, both sides and files: read back, the anchor is the one written."""
    repo = scene.connect()
    assert repo.threads.placement(1, anchor).ok
    started = repo.threads.start(1, "Here.", at=anchor)
    read = next(thread for thread in repo.threads.list(1) if thread.id == started.id)
    for place in (started.anchor, read.anchor, read.current):
        assert place is not None
        assert (place.path, place.side, place.start, place.end, place.start_side) == (
            anchor.path,
            anchor.side,
            anchor.start,
            anchor.end,
            anchor.start_side,
        )
        assert place.commit == scene.head


def test_thirty_comments_of_which_two_have_no_place(scene: Scene) -> None:
    """Twenty-eight are posted in one write, two have their outcome with the nearest place, all in order."""
    repo = scene.connect()
    panel = repo.pulls.panel(1)
    scene.requests.clear()
    lines = [SHOWN - 3 + n % 7 for n in range(28)]
    drafts = [scene.draft(f"number {n}", line) for n, line in enumerate(lines)]
    drafts[7:7] = [scene.draft("nowhere", HIDDEN)]
    drafts.append(DraftComment("no such file", at=Anchor.line("nothing.txt", 1, commit=panel.pull.source.commit)))
    receipt = repo.reviews.submit(1, Verdict.COMMENT, "Thirty.", comments=drafts)
    assert [outcome.draft for outcome in receipt.outcomes] == drafts
    refused = [outcome for outcome in receipt.outcomes if outcome.status is OutcomeStatus.UNPLACEABLE]
    assert [outcome.draft and outcome.draft.body for outcome in refused] == ["nowhere", "no such file"]
    assert sum(outcome.status is OutcomeStatus.POSTED for outcome in receipt.outcomes) == 28
    assert all(o.comment and o.draft and o.comment.body == o.draft.body for o in receipt.outcomes if o not in refused)
    assert len(scene.requests) == 1
    assert len(scene.inline()) == 28
    assert not receipt.complete
    with pytest.raises(Unplaceable):
        receipt.raise_if_incomplete()


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of the diff, as for a file whose hunks the host left out: the host decides."""
    monkeypatch.setattr(placing, "place", lambda anchor, *_, **__: Placement(ok=None, anchor=anchor))


@pytest.mark.usefixtures("blind")
def test_what_the_host_drops_without_a_word_has_its_outcome(scene: Scene) -> None:
    """GitHub keeps the good one and says nothing of the other: it is seen, not assumed."""
    receipt = scene.connect().reviews.submit(
        1, Verdict.COMMENT, "Both.", comments=[scene.draft("good"), scene.draft("bad", HIDDEN)]
    )
    assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.POSTED, OutcomeStatus.UNPLACEABLE]
    assert scene.inline() == ["good"]


@pytest.mark.usefixtures("blind")
def test_what_the_host_drops_from_a_pending_review_has_its_outcome(scene: Scene) -> None:
    """GH-21: GitHub answers with a thread that is null: that comment is not up, and is not said to be."""
    repo = scene.connect()
    repo.reviews.draft(1, scene.draft("begun before"))
    with pytest.raises(Unplaceable) as caught:
        repo.reviews.draft(1, scene.draft("bad", HIDDEN))
    assert caught.value.text == "bad"
    assert scene.pending() == ["begun before"]
    drafts = [scene.draft("worse", HIDDEN), scene.draft("good", 40)]
    receipt = repo.reviews.submit(1, Verdict.COMMENT, "All.", comments=drafts, include_pending=True)
    assert [outcome.status for outcome in receipt.outcomes] == [OutcomeStatus.UNPLACEABLE, OutcomeStatus.POSTED]
    assert sorted(scene.inline()) == ["begun before", "good"]


@pytest.mark.usefixtures("blind")
def test_a_batch_that_the_host_refuses_is_posted_one_by_one(scene: Scene) -> None:
    """One bad line sinks a whole batch on the host; the good ones are posted all the same."""
    scene.host.graphql.lines_outside = "refuse"
    receipt = scene.connect().reviews.submit(
        1, Verdict.COMMENT, "Both.", comments=[scene.draft("good"), scene.draft("bad", HIDDEN), scene.draft("fine", 40)]
    )
    kinds = [outcome.status for outcome in receipt.outcomes]
    assert kinds[0] is kinds[2] is OutcomeStatus.POSTED
    assert kinds[1] in {OutcomeStatus.UNPLACEABLE, OutcomeStatus.REJECTED}
    assert receipt.outcomes[1].error is not None
    assert sorted(scene.inline()) == ["fine", "good"]
    assert scene.pending() == []


def test_files_replies_and_general_comments_ride_along(scene: Scene) -> None:
    """A review with a comment on a file, an answer and a word on the whole has an outcome for each."""
    thread, repo = scene.thread("First?"), scene.connect()
    drafts = [
        scene.draft("a line"),
        DraftComment("a file", at=Anchor.file("b.txt")),
        DraftComment("an answer", reply_to=thread),
        DraftComment("the whole"),
    ]
    receipt = repo.reviews.submit(1, Verdict.REQUEST_CHANGES, "Four.", comments=drafts)
    assert receipt.complete
    assert sorted(scene.inline()) == ["First?", "a file", "a line", "an answer"]
    assert scene.general() == ["the whole"]
    assert scene.pending() == []
    assert [state for state, _ in scene.reviews() if state == "CHANGES_REQUESTED"] == ["CHANGES_REQUESTED"]


@pytest.mark.parametrize("verdict", [Verdict.COMMENT, Verdict.REQUEST_CHANGES])
def test_a_review_that_says_nothing_is_refused_before_a_request(scene: Scene, verdict: Verdict) -> None:
    """A comment or a request for changes without a text is `Rejected`, and nothing goes out."""
    repo = scene.connect()
    with pytest.raises(Rejected):
        repo.reviews.submit(1, verdict, "  \n")
    assert scene.requests == []


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_empty_text_is_refused_before_a_request(scene: Scene, text: str) -> None:
    """A comment, an answer and an edit need a text."""
    repo = scene.connect()
    for verb in (
        lambda: repo.threads.start(1, text),
        lambda: repo.threads.reply(1, "thread", text),
        lambda: repo.threads.edit(1, "comment", text),
        lambda: repo.reviews.submit(1, Verdict.APPROVE, comments=[DraftComment(text)]),
    ):
        with pytest.raises(Rejected):
            verb()
    assert scene.requests == []


def test_drafts_begun_elsewhere_are_never_published_by_accident(scene: Scene) -> None:
    """A pending review of mine makes `submit` stop with the way out; with `include_pending` it is published too."""
    repo = scene.connect()
    repo.reviews.draft(1, scene.draft("begun in the browser"))
    with pytest.raises(AlreadyThere) as caught:
        repo.reviews.submit(1, Verdict.COMMENT, "Now.", comments=[scene.draft("now")])
    assert "include_pending" in str(caught.value)
    assert scene.inline() == []
    assert scene.pending() == ["begun in the browser"]
    assert [draft.body for draft in repo.reviews.pending(1)] == ["begun in the browser"]
    receipt = repo.reviews.submit(1, Verdict.COMMENT, "Now.", comments=[scene.draft("now")], include_pending=True)
    assert receipt.complete
    assert sorted(scene.inline()) == ["begun in the browser", "now"]


def test_a_file_comment_refused_on_the_way_leaves_no_pending_review(scene: Scene) -> None:
    """When building the review fails, what was begun for it is taken back, so that nothing lurks."""
    repo = scene.connect(retries=0)
    repo.pulls.panel(1)
    scene.host.behave(status=403, method="POST", path="*/graphql", containing="BuildReview")
    with pytest.raises(Exception) as caught:  # noqa: PT011  # any BridgeError: what follows is the point
        repo.reviews.submit(1, Verdict.COMMENT, "x", comments=[DraftComment("a file", at=Anchor.file("b.txt"))])
    scene.host.behave()
    assert getattr(caught.value, "receipt", None) is not None
    assert scene.pending() == []
    assert scene.inline() == []
    assert repo.reviews.discard_pending(1) is False


def test_approving_ones_own_is_refused_by_name(scene: Scene) -> None:
    """The host refuses it, and the error says whose it is."""
    with pytest.raises((Rejected, Unsupported)) as caught:
        scene.connect("ada").reviews.submit(1, Verdict.APPROVE)
    assert "own" in str(caught.value).lower()
    assert "`Verdict.COMMENT`" in caught.value.remedy
    assert scene.reviews() == []


def test_a_second_run_posts_nothing_twice(scene: Scene) -> None:
    """`skip_existing` finds what is up already, for comments on lines, files and the whole, and for the review."""
    repo = scene.connect()
    drafts = [scene.draft("a line"), DraftComment("a file", at=Anchor.file("b.txt")), DraftComment("the whole")]
    repo.reviews.submit(1, Verdict.COMMENT, "Bot says:", comments=drafts)
    before = (scene.inline(), scene.general(), len(scene.reviews()))
    again = scene.connect().reviews.submit(1, Verdict.COMMENT, "Bot says:", comments=drafts, skip_existing=True)
    assert [outcome.status for outcome in again.outcomes] == [OutcomeStatus.ALREADY_THERE] * 3
    assert again.complete
    assert (scene.inline(), scene.general(), len(scene.reviews())) == before


def test_a_second_run_posts_what_is_new(scene: Scene) -> None:
    """A third finding beside two that are up is the only one that is posted."""
    repo = scene.connect()
    repo.reviews.submit(1, Verdict.COMMENT, comments=[scene.draft("one"), scene.draft("two", 40)])
    drafts = [scene.draft("one"), scene.draft("three", 41), scene.draft("two", 40)]
    again = repo.reviews.submit(1, Verdict.COMMENT, comments=drafts, skip_existing=True)
    kinds = [outcome.status for outcome in again.outcomes]
    assert kinds == [OutcomeStatus.ALREADY_THERE, OutcomeStatus.POSTED, OutcomeStatus.ALREADY_THERE]
    assert sorted(scene.inline()) == ["one", "three", "two"]


def test_a_conversation_on_the_whole_takes_no_answer(scene: Scene) -> None:
    """GitHub's conversation is flat: answering in it is `Unsupported`, with what to do instead."""
    repo = scene.connect()
    thread = repo.threads.start(1, "A word.")
    assert thread.can_reply is False
    with pytest.raises(Unsupported) as caught:
        repo.threads.reply(1, thread, "Another.")
    assert caught.value.text == "Another."
    assert scene.general() == ["A word."]


def test_what_the_host_cannot_is_a_capability(scene: Scene) -> None:
    """Comments outside the hunks are a `NO` with its reason, not a surprise."""
    answer = scene.connect().can[Can.COMMENT_OUTSIDE_HUNKS]
    assert answer.state.value == "no"
    assert answer.reason
