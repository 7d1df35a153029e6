"""One review on its way: what is asked for, and what has become of each part of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field

from pullbridge.errors import BridgeError, Cancelled, Rejected, Unconfirmed, Unplaceable
from pullbridge.model.refs import PullRef
from pullbridge.model.reviews import DONE, DraftComment, Outcome, OutcomeStatus, Review, ReviewReceipt, Verdict
from pullbridge.model.threads import Comment

#: Called with how many drafts are settled, and how many there are.
Progress = Callable[[int, int], None]
#: What a submission itself has put there.
_UP = frozenset({OutcomeStatus.POSTED, OutcomeStatus.CARRIED})


@dataclass(slots=True)
class Item:
    """A draft on its way: where it will go, and what has become of it."""

    draft: DraftComment
    ready: DraftComment | None = None
    carried: bool = False
    outcome: Outcome | None = None

    def settle(self, status: OutcomeStatus, comment: Comment | None = None, error: BridgeError | None = None) -> None:
        """Say what has become of it; an error gets the draft's text, unless it has one."""
        if error is not None:
            error.text = error.text or self.draft.body
        self.outcome = Outcome(draft=self.draft, status=status, comment=comment, error=error)

    def take(self, result: Comment | BridgeError) -> None:
        """The host's answer to this draft."""
        if isinstance(result, BridgeError):
            self.settle(refused(result), error=result)
        else:
            self.settle(OutcomeStatus.CARRIED if self.carried else OutcomeStatus.POSTED, comment=result)


@dataclass(slots=True)
class Submission:
    """A verdict with its comments."""

    pull: PullRef
    verdict: Verdict
    body: str
    items: list[Item] = field(default_factory=list)
    commit: str | None = None
    review: Review | None = None
    progress: Progress | None = None
    #: Whether the text is up as a comment of mine on the whole pull request, and whether it was put there just now.
    said: bool = False
    told: bool = False
    judged: Outcome = field(default_factory=lambda: Outcome(draft=None, status=OutcomeStatus.NOT_TRIED))

    @property
    def open(self) -> list[Item]:
        """The drafts that nothing has become of yet."""
        return [item for item in self.items if item.outcome is None]

    @property
    def decided(self) -> bool:
        """Whether something has become of the verdict."""
        return self.judged.status is not OutcomeStatus.NOT_TRIED

    @property
    def anything_up(self) -> bool:
        """Whether a part of it is on the host now that was not before."""
        outcomes = [self.judged, *(item.outcome for item in self.items if item.outcome)]
        return self.told or any(outcome.status in _UP for outcome in outcomes)

    def tell(self) -> None:
        """Tell how far it is. A callback that fails is its owner's problem, not the review's."""
        if self.progress is not None:
            with suppress(Exception):
                self.progress(len(self.items) - len(self.open), len(self.items))

    def settle_without_words(self) -> None:
        """There is no verdict and no text: the comments are all there is."""
        if not self.decided and self.anything_up:
            self.judged = Outcome(draft=None, status=OutcomeStatus.POSTED)

    def note(self, error: BridgeError) -> None:
        """Something is up and the rest failed: every open draft gets the error as its outcome, with its own text."""
        for item in self.open:
            item.settle(refused(error), error=_about(error, item.draft.body))
        if not self.decided:
            self.judge(_about(error, None))

    def judge(self, error: BridgeError) -> None:
        """The verdict is not given; the error gets the review's text where that is not up."""
        if not self.said:
            error.text = error.text or self.body or None
        self.judged = Outcome(draft=None, status=refused(error), error=error)

    def fail(self, error: BridgeError) -> BridgeError:
        """Nothing is up for sure: the error carries the texts. What is in doubt is said before what was not tried."""
        unsure = (each for each in self.receipt().outcomes if each.status is OutcomeStatus.UNCONFIRMED)
        error = next((each.error for each in unsure if each.error is not None), error)
        said = self.body or error.text or next((item.draft.body for item in self.items), None)
        whole = _about(error, said)  # the error of one draft keeps that draft's text
        whole.receipt = self.receipt()
        return whole

    def receipt(self) -> ReviewReceipt:
        """What has become of it so far."""
        return ReviewReceipt(
            pull=self.pull,
            wanted=self.verdict,
            body=self.body,
            outcomes=tuple(
                item.outcome or Outcome(draft=item.draft, status=OutcomeStatus.NOT_TRIED) for item in self.items
            ),
            verdict=self.judged,
            review=self.review,
            commit=self.commit,
        )

    def returned(self) -> ReviewReceipt:
        """The receipt, unless nothing is up and nothing was there before: then the first refusal is raised."""
        receipt = self.receipt()
        outcomes = (*receipt.outcomes, receipt.verdict)
        if self.told or any(outcome.status in DONE for outcome in outcomes):
            return receipt
        first = next((outcome.error for outcome in outcomes if outcome.error is not None), None)
        raise self.fail(first or Rejected("There was nothing to post."))


def refused(error: BridgeError) -> OutcomeStatus:
    """What an error means for the draft that met it."""
    if isinstance(error, Unplaceable):
        return OutcomeStatus.UNPLACEABLE
    if isinstance(error, Unconfirmed) or error.maybe_done:
        return OutcomeStatus.UNCONFIRMED
    again = error.retryable or isinstance(error, Cancelled)
    return OutcomeStatus.NOT_TRIED if again else OutcomeStatus.REJECTED


def _about(error: BridgeError, text: str | None) -> BridgeError:
    """What kept several texts from being posted, as the error of one of them."""
    own = copy(error)
    own.text, own.__cause__ = text, error.__cause__
    return own
