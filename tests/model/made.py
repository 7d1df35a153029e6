"""Values of the model, made by hypothesis."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from pullbridge import errors
from pullbridge.capabilities import Answer, AnswerState, Can, Capabilities
from pullbridge.errors import BridgeError
from pullbridge.model.anchor import Anchor, PlacementReason, Side
from pullbridge.model.people import Person
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.reviews import DraftComment, Outcome, OutcomeStatus, Review, ReviewReceipt, ReviewState, Verdict
from pullbridge.model.threads import Comment

Facts = dict[str, st.SearchStrategy[Any]]

texts = st.text(max_size=12)
names = st.text(min_size=1, max_size=8)
maybe_text = st.none() | texts
offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=offsets)
counts = st.integers(0, 10**9)


@st.composite
def anchors(draw: st.DrawFn) -> Anchor:
    """On a line, on lines of one side or across, or on a file."""
    rest = {"commit": draw(maybe_text), "base": draw(maybe_text), "old_path": draw(maybe_text)}
    if draw(st.booleans()):
        return Anchor.file(draw(names), **rest)
    start, more = draw(st.integers(1, 10**6)), draw(st.integers(0, 50))
    across = draw(st.none() | st.sampled_from(Side))
    side = draw(st.sampled_from(Side))
    return Anchor.lines(draw(names), start, start + more, side=side, start_side=across, **rest)


facts: Facts = {
    "host": maybe_text,
    "status": st.none() | st.integers(100, 599),
    "request_id": maybe_text,
    "next_step": st.none() | names,
    "maybe_done": st.booleans(),
}
#: What each class of error keeps, beside the facts of all.
data: dict[type[BridgeError], Facts] = {
    errors.ScopeMissing: {"needed": st.lists(texts), "granted": st.none() | st.lists(texts), "sso_url": maybe_text},
    errors.NotThere: {"what": texts},
    errors.Rejected: {"problems": st.lists(texts)},
    errors.Stale: {"expected": maybe_text, "found": maybe_text},
    errors.NotMergeable: {"reasons": st.lists(texts)},
    errors.RateLimited: {"resets_at": st.none() | moments},
    errors.Unsupported: {"can": st.none() | st.sampled_from(Can), "reason": texts},
    errors.Unplaceable: {
        "anchor": st.none() | anchors(),
        "reason": st.none() | st.sampled_from(PlacementReason),
        "nearest": st.none() | anchors(),
    },
    errors.Unconfirmed: {"operation": texts, "payload": maybe_text},
    errors.EgressRefused: {"origin": texts},
    errors.UnknownHost: {"address": texts, "candidates": st.lists(texts)},
    errors.BadAnswer: {"what": texts},
}
kinds: tuple[type[BridgeError], ...] = (BridgeError, *BridgeError.__subclasses__())


@st.composite
def failures(draw: st.DrawFn) -> BridgeError:
    """An error of any class, with its data."""
    kind = draw(st.sampled_from(kinds))
    values: dict[str, Any] = {name: draw(each) for name, each in {**facts, **data.get(kind, {})}.items()}
    error = kind(draw(texts), **values)
    error.text = draw(maybe_text)
    return error


people = st.from_type(Person)
comments = st.builds(
    Comment,
    id=texts,
    author=people,
    body=texts,
    created_at=st.none() | moments,
    updated_at=st.none() | moments,
    url=maybe_text,
    mine=st.none() | st.booleans(),
)
drafts = st.builds(DraftComment, texts, at=st.none() | anchors(), id=maybe_text) | st.builds(
    DraftComment, texts, reply_to=names
)
outcomes = st.builds(
    Outcome,
    draft=st.none() | drafts,
    status=st.sampled_from(OutcomeStatus),
    comment=st.none() | comments,
    error=st.none() | failures(),
)
pull_refs = st.builds(
    PullRef,
    repository=st.builds(RepoRef, web=st.just("https://github.com"), path=names, kind=st.none() | st.just("github")),
    number=counts,
)
reviews = st.builds(
    Review,
    id=texts,
    author=people,
    state=st.sampled_from(ReviewState),
    body=texts,
    submitted_at=st.none() | moments,
)
receipts = st.builds(
    ReviewReceipt,
    pull=pull_refs,
    wanted=st.sampled_from(Verdict),
    body=texts,
    outcomes=st.lists(outcomes, max_size=3).map(tuple),
    verdict=outcomes,
    review=st.none() | reviews,
    commit=maybe_text,
)
answers = st.builds(
    Answer,
    state=st.sampled_from(AnswerState),
    reason=texts,
    remedy=maybe_text,
    needed=st.lists(texts, max_size=2).map(tuple),
)
capabilities = st.builds(
    Capabilities,
    st.dictionaries(st.sampled_from(Can), answers, max_size=4),
    granted=st.none() | st.lists(texts, max_size=3).map(tuple),
)
