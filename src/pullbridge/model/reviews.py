"""Reviews: verdicts, drafts of comments, and the receipt of what was posted."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from enum import Enum
from typing import Self

from pullbridge.errors import BridgeError
from pullbridge.model.anchor import Anchor
from pullbridge.model.people import Person
from pullbridge.model.refs import PullRef
from pullbridge.model.threads import Comment


class _Kept:
    """A value that an editor or a script keeps, and goes on with later or elsewhere."""

    __slots__ = ()

    def to_json(self) -> str:
        """Write it as JSON, with everything that is needed to go on; there is no secret in it."""
        from pullbridge.model import as_json  # noqa: PLC0415  # most programs never need it

        return as_json.to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises `Rejected` for anything else, with the place in `problems`."""
        from pullbridge.model import as_json  # noqa: PLC0415  # as above

        return as_json.from_json(cls, text)


class Verdict(Enum):
    """What a review says on the whole."""

    COMMENT = "comment"
    APPROVE = "approve"
    REQUEST_CHANGES = "request changes"


class OnMoved(Enum):
    """What to do with an anchor whose commit is not the head any more."""

    THERE = "there"
    CARRY = "carry"
    REFUSE = "refuse"


class ReviewState(Enum):
    """A person's standing on a pull request. A later comment never clears an approval or a request for changes."""

    REQUESTED = "requested"
    STARTED = "started"
    COMMENTED = "commented"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes requested"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One review. Its inline comments are in the threads; `body` is the review's own text."""

    id: str
    author: Person
    state: ReviewState
    raw_state: str | None = None
    body: str = ""
    commit: str | None = None
    submitted_at: datetime | None = None
    url: str | None = None
    mine: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Somebody asked to review, or who has. `via_team` names the team through which they were asked."""

    person: Person
    state: ReviewState
    required: bool | None = None
    via_team: str | None = None


@dataclass(frozen=True, slots=True)
class DraftComment(_Kept):
    """A comment to be: its text, and where it goes.

    `at` is the place in the diff; `reply_to` is the id of a thread to answer instead. With neither, the comment is
    about the whole pull request.
    """

    body: str
    _: KW_ONLY
    at: Anchor | None = None
    reply_to: str | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        if self.at is not None and self.reply_to is not None:
            raise ValueError("a comment answers a thread (reply_to) or starts one (at), not both")


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingReview(_Kept):
    """Drafts that wait in this process, because their host keeps none: a value to save, and to take up again.

    `unconfirmed` are the ids of those that may be up already: nobody could say so when they were submitted.
    """

    pull: PullRef
    drafts: tuple[DraftComment, ...] = ()
    unconfirmed: tuple[str, ...] = ()


class OutcomeStatus(Enum):
    """What became of one draft."""

    POSTED = "posted"
    ALREADY_THERE = "already there"
    CARRIED = "carried"
    UNPLACEABLE = "unplaceable"
    REJECTED = "rejected"
    UNCONFIRMED = "unconfirmed"
    NOT_TRIED = "not tried"


#: The outcomes after which nothing remains to be done.
DONE = frozenset({OutcomeStatus.POSTED, OutcomeStatus.ALREADY_THERE, OutcomeStatus.CARRIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a draft (`None` for the verdict): the comment that is up now, or the error with its next step."""

    draft: DraftComment | None
    status: OutcomeStatus
    comment: Comment | None = None
    error: BridgeError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReceipt(_Kept):
    """What `submit` did: one outcome a comment, in the order given, and one for the verdict.

    It keeps every text, and turns into JSON and back, so that `reviews.resume(receipt)` can go on later or elsewhere.
    """

    pull: PullRef
    wanted: Verdict
    body: str
    outcomes: tuple[Outcome, ...]
    verdict: Outcome
    review: Review | None = None
    commit: str | None = None

    @property
    def complete(self) -> bool:
        """Whether the verdict and every comment are up."""
        return all(outcome.status in DONE for outcome in (self.verdict, *self.outcomes))

    def raise_if_incomplete(self) -> None:
        """Raise the first outcome's error, if anything is not up."""
        for outcome in (self.verdict, *self.outcomes):
            if outcome.status not in DONE and outcome.error is not None:
                raise outcome.error
