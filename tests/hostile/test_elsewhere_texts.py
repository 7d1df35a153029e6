"""What `test_big_and_odd` and `test_placing` say of GitHub, on the other hosts: odd text, what is gone, much of it, no place."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hostile.site import HIDDEN, OTHERS, SHOWN, Site, elsewhere, elsewhere_still

from pullbridge import (
    Anchor,
    AnswerState,
    Can,
    DraftComment,
    OutcomeStatus,
    PersonKind,
    PlacementReason,
    PullState,
    Rejected,
    Side,
    Unplaceable,
    Verdict,
)

#: Where what is deleted is told as such; Data Center tells of people and forks as they were.
gone = pytest.mark.parametrize("site", [kind for kind in OTHERS if kind != "bitbucket-dc"], indirect=True)

ODD_PATHS = (
    "straße/grüße.txt",
    "日本語.txt",
    "🚀 launch #1?.txt",
    "100%.txt",
    "a&b=c+d.txt",
    "back\\slash.txt",
    "..hidden",
)
ODD_TEXTS = (
    "Grüße 👩‍👩‍👧 \u202eright to left\u202c",
    "first\n\nsecond\n\n```\ncode\n```",
    '<b>&amp; "quoted" \\n $x$ %20 \t tab',
    "x" * 30_000,
)


@elsewhere
@pytest.mark.parametrize("path", ODD_PATHS)
def test_path(site: Site, path: str) -> None:
    """A file of any name is listed, read and commented on."""
    site.head = site.app.commit("fix", {path: "one\ntwo\n"})
    repo = site.repo
    assert path in [file.path for file in repo.files.list(1)]
    assert repo.files.content(path, site.head) == b"one\ntwo\n"
    repo.threads.start(1, "Here", at=Anchor.line(path, 2, commit=site.head))
    (thread,) = repo.pulls.panel(1).threads
    assert thread.anchor is not None
    assert (thread.anchor.path, thread.anchor.end) == (path, 2)
    assert repo.permalink(path, 1, 2, site.head).isascii()


@elsewhere
@pytest.mark.parametrize("body", ODD_TEXTS, ids=["unicode", "lines", "escapes", "long"])
def test_body(site: Site, body: str) -> None:
    """A text arrives as it was written, is read back so, and is known again by `skip_existing`."""
    repo = site.repo
    repo.threads.start(1, body)
    repo.threads.start(1, body, at=site.at())
    drafts = [site.draft(body, 40)]
    assert repo.reviews.submit(1, Verdict.COMMENT, "", drafts).complete
    assert site.said() == [body] * 3
    again = repo.reviews.submit(1, Verdict.COMMENT, "", [site.draft(body), *drafts], skip_existing=True)
    assert [outcome.status for outcome in again.outcomes] == [OutcomeStatus.ALREADY_THERE] * 2
    assert repo.threads.start(1, body, skip_existing=True).comments[0].body == body
    assert site.said() == [body] * 3


@elsewhere
def test_title_and_branch(site: Site) -> None:
    """A pull request of any title and branch is created, found, listed and edited."""
    branch = "grüße/#1-日本"
    site.app.commit(branch, {"b.txt": "other\n"})
    repo = site.connect("ada")
    made = repo.pulls.create("🚀 „Grüße“ & <b>", branch, "main", "body\n\nmore")
    assert (made.title, made.source.name) == ("🚀 „Grüße“ & <b>", branch)
    found = repo.pulls.find(branch)
    assert found is not None
    assert found.number == made.number
    assert [pull.number for pull in repo.pulls.list(source=branch)] == [made.number]
    assert repo.branches.get(branch).commit == site.app.head(branch)
    assert repo.pulls.edit(made, title="日本").title == "日本"


@elsewhere_still
def test_lone_surrogate_is_refused(still_site: Site) -> None:
    """What no JSON can carry is `Rejected` before anything is sent, with the text in hand."""
    repo = still_site.repo
    for call in (
        lambda: repo.threads.start(1, "bad \ud800 text"),
        lambda: repo.pulls.edit(1, title="bad \ud800 text"),
        lambda: repo.reviews.submit(1, Verdict.COMMENT, "bad \ud800 text"),
    ):
        with pytest.raises(Rejected) as caught:
            call()
        assert str(caught.value).isprintable()
    assert still_site.writes() == []


@elsewhere
def test_bytes_that_are_no_text(site: Site) -> None:
    """Latin-1 and binary survive in contents, harm no other file in the diff, and may be commented on."""
    picture = bytes(range(256)) * 4
    site.app.commit("main", {"latin.txt": b"caf\xe9\nline\n"})
    files: dict[str, Any] = {"latin.txt": b"caf\xe9\nl\xefne\n", "logo.png": picture, "utf.txt": "é\n"}
    site.app.commit("latin", files, start="main")
    repo = site.connect("ada")
    pull = repo.pulls.create("Latin 1", "latin", "main")
    assert repo.files.content("latin.txt", "latin") == b"caf\xe9\nl\xefne\n"
    assert repo.files.content("logo.png", "latin") == picture
    listed = {file.path: file for file in repo.files.list(pull)}
    assert set(listed) == set(files)
    assert "+é" in (listed["utf.txt"].patch or "")
    assert listed["logo.png"].patch is None
    assert "+é" in repo.files.diff(pull)
    assert repo.threads.start(pull, "Latin", at=Anchor.line("latin.txt", 2)).anchor is not None


@gone
def test_deleted_fork(site: Site) -> None:
    """A pull request whose fork is gone has no source repository, and everything else."""
    site.token("eve")
    fork = site.host.fork(site.app.path, "eve")
    fork.commit("theirs", {"b.txt": "theirs\n"})
    made = site.connect("eve").pulls.create("From a fork", "theirs", "main", source_repository="eve/app")
    assert made.source.repository is not None
    site.host.delete_fork("eve/app")
    repo = site.repo
    for pull in (repo.pulls.get(made.number), repo.pulls.panel(made.number).pull, repo.pulls.list().first()):
        assert pull is not None
        assert pull.source.repository is None
        assert (pull.source.name, pull.number, pull.state) == ("theirs", made.number, PullState.OPEN)
        assert pull.target.repository == repo.ref
    repo.threads.start(made.number, "Still here")
    assert [thread.comments[0].body for thread in repo.threads.list(made.number)] == ["Still here"]


@gone
def test_deleted_user(site: Site) -> None:
    """What a deleted account wrote has a ghost for its author, or none, wherever it is read."""
    if site.kind == "bitbucket-cloud":
        pytest.skip("Bitbucket Cloud makes a former user of a closed account, and no ghost")
    site.thread("Inline", user="ada")
    site.connect("ada").threads.start(1, "General")
    site.host.delete_user("ada")
    repo = site.repo
    panel = repo.pulls.panel(1)
    people = [
        repo.pulls.get(1).author,
        panel.pull.author,
        *(comment.author for thread in panel.threads for comment in thread.comments),
        *(comment.author for thread in repo.threads.list(1) for comment in thread.comments),
    ]
    assert len(people) == 6
    assert {person.kind for person in people if person} <= {PersonKind.GHOST}
    inline = next(thread for thread in panel.threads if thread.anchor)
    assert repo.threads.reply(1, inline, "An answer").author.handle == "bob"


@elsewhere
def test_more_threads_than_a_page_holds(site: Site) -> None:
    """All of them are read, by the verb and by the panel."""
    repo = site.repo
    drafts = [site.draft(f"Number {number}", SHOWN) for number in range(104)]
    assert repo.reviews.submit(1, Verdict.COMMENT, "", drafts).complete
    bodies = {draft.body for draft in drafts}
    assert {thread.comments[0].body for thread in repo.threads.list(1)} == bodies
    panel = site.connect().pulls.panel(1)
    assert {thread.comments[0].body for thread in panel.threads} == bodies
    assert panel.gaps == ()


@elsewhere_still
def test_nothing_is_sent_before_it_is_read(still_site: Site) -> None:
    """Making a listing asks nobody, and an impossible limit is refused."""
    repo = still_site.repo
    for listing in (repo.pulls.list(), repo.files.list(1), repo.pulls.timeline(1)):
        assert (listing.complete, listing.stopped) == (None, None)
    with pytest.raises(Rejected, match="cannot be negative"):
        repo.pulls.list(limit=-1)
    assert still_site.requests == []


@elsewhere
@pytest.mark.parametrize(
    ("anchor", "reason"),
    [
        (Anchor.line("untouched.txt", 1), PlacementReason.FILE_NOT_CHANGED),
        (Anchor.file("untouched.txt"), PlacementReason.FILE_NOT_CHANGED),
        (Anchor.line("new.txt", 1, side=Side.OLD), PlacementReason.NO_SUCH_SIDE),
        (Anchor.line("a.txt", HIDDEN), PlacementReason.OUTSIDE_HUNKS),
    ],
)
def test_why_an_anchor_has_no_place(site: Site, anchor: Anchor, reason: PlacementReason) -> None:
    """Each reason has its word, `placement` says the same without raising, and nothing is sent."""
    site.push(new_txt="1\n")
    repo = site.repo
    outside = repo.can[Can.COMMENT_OUTSIDE_HUNKS].state
    if reason is PlacementReason.OUTSIDE_HUNKS and outside is not AnswerState.NO:
        assert repo.threads.placement(1, anchor).ok is not False
        assert repo.threads.start(1, "Here", at=anchor).anchor is not None
        return
    told = repo.threads.placement(1, anchor)
    assert (told.ok, told.reason) == (False, reason)
    with pytest.raises(Unplaceable) as caught:
        repo.threads.start(1, "Here?", at=anchor)
    assert (caught.value.reason, caught.value.nearest, caught.value.text) == (reason, told.nearest, "Here?")
    assert site.writes() == []


@elsewhere
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
def test_every_kind_of_place_comes_back_as_it_was_given(site: Site, anchor: Anchor) -> None:
    """Read back, the anchor is the one written, where the host has such places at all."""
    repo = site.repo
    if (anchor.start != anchor.end or anchor.start_side) and repo.can[Can.COMMENT_RANGE].state.value == "no":
        pytest.skip(repo.can[Can.COMMENT_RANGE].reason or "no ranges")
    if anchor.start_side and site.kind == "bitbucket-cloud":
        pytest.skip("on Bitbucket Cloud a range stays on one side")
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
        # Bitbucket Cloud does not tell at which head a comment is; whoever wrote it knows at which it was written.
        untold = site.kind == "bitbucket-cloud" and place is read.current
        assert place.commit == (None if untold else site.head)


@elsewhere
def test_one_bad_place_keeps_nothing_back(site: Site) -> None:
    """N-37: of many drafts those without a place have their outcome, in order, and the others are up."""
    repo = site.repo
    drafts = [site.draft(f"number {number}", SHOWN - 3 + number % 7) for number in range(8)]
    drafts[3:3] = [DraftComment("nowhere", at=Anchor.line("nothing.txt", 1, commit=site.head))]
    receipt = repo.reviews.submit(1, Verdict.COMMENT, comments=drafts)
    assert [outcome.draft for outcome in receipt.outcomes] == drafts
    assert [outcome.status for outcome in receipt.outcomes].index(OutcomeStatus.UNPLACEABLE) == 3
    assert sum(outcome.status is OutcomeStatus.POSTED for outcome in receipt.outcomes) == 8
    assert site.said() == sorted(draft.body for draft in drafts if draft.body != "nowhere")
    with pytest.raises(Unplaceable):
        receipt.raise_if_incomplete()


@elsewhere_still
@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_empty_text_is_refused_before_a_request(still_site: Site, text: str) -> None:
    """A comment, an answer, an edit and a review need a text."""
    repo = still_site.repo
    for verb in (
        lambda: repo.threads.start(1, text),
        lambda: repo.threads.reply(1, "thread", text),
        lambda: repo.threads.edit(1, "comment", text),
        lambda: repo.reviews.submit(1, Verdict.APPROVE, comments=[DraftComment(text)]),
        lambda: repo.reviews.submit(1, Verdict.COMMENT, text),
        lambda: repo.reviews.submit(1, Verdict.REQUEST_CHANGES, text),
    ):
        with pytest.raises(Rejected):
            verb()
    assert still_site.requests == []
