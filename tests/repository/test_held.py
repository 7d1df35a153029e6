"""Drafts that wait in this process: the store itself, and what becomes of saved ones where the host keeps drafts."""

from __future__ import annotations

import pytest

import pullbridge
from pullbridge import Anchor, DraftComment, PendingReview, PullRef, RepoRef
from pullbridge.repository.held import Held
from pullbridge.testing import Forge

EDGE = "src/edge.py"


def test_each_pull_request_has_its_own() -> None:
    """In the order in which they were begun, each with an id of its own."""
    held = Held()
    one, two = held.add(1, DraftComment("One.")), held.add(1, DraftComment("Two."))
    other = held.add(2, DraftComment("One."))
    assert held.of(1) == (one, two)
    assert held.of(2) == (other,)
    assert held.of(3) == ()
    assert len({one.id, two.id, other.id}) == 3


def test_a_draft_is_held_once() -> None:
    """The one that is there stays, whatever was saved of it before."""
    held = Held()
    draft = held.add(1, DraftComment("One."))
    held.edit(1, str(draft.id), "Better.")
    assert held.add(1, draft).body == "Better."
    assert len(held.of(1)) == 1


def test_what_is_not_held_is_neither_edited_nor_dropped() -> None:
    """And nobody is in doubt about it."""
    held = Held()
    held.doubt(1, ["no such"])
    assert (held.edit(1, "no such", "x"), held.drop(1, ["no such"]), held.doubtful(1)) == (None, False, frozenset())


def test_doubt_ends_with_another_text_or_with_the_draft() -> None:
    """A text that is new cannot be up already."""
    held = Held()
    one, two = held.add(1, DraftComment("One.")), held.add(1, DraftComment("Two."))
    held.doubt(1, [str(one.id), str(two.id)])
    held.edit(1, str(one.id), "Better.")
    assert held.doubtful(1) == {two.id}
    assert held.drop(1, [str(two.id)])
    assert held.doubtful(1) == frozenset()


def test_a_pending_review_is_json_and_back() -> None:
    """With everything that is needed to go on."""
    pull = PullRef(repository=RepoRef(web="https://bitbucket.org", path="octo/app", kind="bitbucket-cloud"), number=7)
    draft = DraftComment("One.", at=Anchor.lines(EDGE, 3, 5, commit="c" * 40), id="held:1")
    saved = PendingReview(
        pull=pull, drafts=(draft, DraftComment("Two.", reply_to="9", id="held:2")), unconfirmed=("held:1",)
    )
    assert PendingReview.from_json(saved.to_json()) == saved
    with pytest.raises(pullbridge.Rejected):
        PendingReview.from_json('{"pull": 1}')


def test_saved_drafts_become_the_hosts_where_it_keeps_them(forge: Forge) -> None:
    """The same words on such a host: nothing waits here, and what was saved is begun there, once."""
    app = forge.gitlab.repository("octo/app", files={EDGE: "one\ntwo\n"})
    app.commit("edge", {EDGE: "one\n2\n"})
    sign = pullbridge.Token(forge.gitlab.token("grace"))
    with pullbridge.connect(app.url, credentials=sign, settings=forge.gitlab.settings) as repo:
        pull = repo.pulls.create("Fix", "edge", "main")
        kept = repo.reviews.draft(pull, DraftComment("Kept.", at=Anchor.line(EDGE, 2)))
        assert repo.reviews.save_pending(pull).drafts == ()
        drafts = (
            DraftComment("Kept.", at=kept.at, id="held:1"),
            DraftComment("New.", at=Anchor.line(EDGE, 2), id="held:2"),
        )
        saved = PendingReview(pull=pull.ref, drafts=drafts)
        for _ in range(2):
            found = {each.body for each in repo.reviews.restore_pending(saved)}
            assert found == {"Kept.", "New."}
        assert len(repo.reviews.pending(pull)) == 2
