"""Drafts and receipts."""

from __future__ import annotations

import pytest

from pullbridge.errors import Rejected, Stale
from pullbridge.model.anchor import Anchor
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.reviews import DONE, DraftComment, Outcome, OutcomeStatus, ReviewReceipt, Verdict

UP = Outcome(draft=None, status=OutcomeStatus.POSTED)


def receipt(*outcomes: Outcome, verdict: Outcome = UP) -> ReviewReceipt:
    ref = PullRef(repository=RepoRef(web="https://github.com", path="o/r"), number=1)
    return ReviewReceipt(pull=ref, wanted=Verdict.APPROVE, body="", outcomes=outcomes, verdict=verdict)


@pytest.mark.parametrize("status", OutcomeStatus)
def test_a_receipt_is_complete_when_everything_is_up(status: OutcomeStatus) -> None:
    """Posted, there already and carried are up; everything else is not, for a comment and for the verdict."""
    one = Outcome(draft=DraftComment("x"), status=status)
    assert receipt(UP, one).complete is (status in DONE)
    assert receipt(UP, verdict=one).complete is (status in DONE)


def test_the_first_error_is_raised() -> None:
    """The verdict's before the comments'; a complete receipt raises nothing."""
    stale, rejected = Stale("Moved."), Rejected("No.")
    lost = Outcome(draft=DraftComment("x"), status=OutcomeStatus.REJECTED, error=rejected)
    with pytest.raises(Rejected) as caught:
        receipt(UP, lost).raise_if_incomplete()
    assert caught.value is rejected
    with pytest.raises(Stale):
        receipt(lost, verdict=Outcome(draft=None, status=OutcomeStatus.NOT_TRIED, error=stale)).raise_if_incomplete()
    receipt(UP).raise_if_incomplete()


def test_a_draft_answers_or_starts() -> None:
    """Never both: the host would have to guess."""
    with pytest.raises(ValueError, match="not both"):
        DraftComment("x", at=Anchor.line("a", 1), reply_to="t1")
    assert DraftComment("x", reply_to="t1").at is None
