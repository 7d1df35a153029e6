"""Errors: what they say, what they carry, and what they never show."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.errors import BridgeError, HostDown, NotThere, RateLimited, Rejected, Stale, Unconfirmed, Unplaceable
from pullbridge.model.anchor import Anchor, PlacementReason
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.reviews import DraftComment, Outcome, OutcomeStatus, ReviewReceipt, Verdict

KINDS = sorted(
    (each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, BridgeError)),
    key=lambda kind: kind.__name__,
)
RETRYABLE = {"RateLimited", "HostDown", "Offline", "DeadlineExceeded"}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> type[BridgeError]:
    found: type[BridgeError] = request.param
    return found


def test_a_message_ends_with_the_next_step(kind: type[BridgeError]) -> None:
    """What happened, where, and then what to do: in this order, as sentences."""
    error = kind("It went wrong.", host="code.example", status=418, request_id="R-1")
    assert str(error) == f"It went wrong. (code.example, HTTP 418, request R-1) {kind.next_step}"
    assert kind.next_step.endswith(".")


def test_every_kind_has_a_step_of_its_own() -> None:
    """Errors are told apart by what to do next; two with the same step would be one."""
    steps = [kind.next_step for kind in KINDS]
    assert len(set(steps)) == len(steps)


def test_a_case_may_know_a_better_step() -> None:
    """The given step replaces the kind's, and facts that nobody knows are left out."""
    assert str(NotThere("There is none.", next_step="Make one.")) == "There is none. Make one."


def test_repr_names_the_kind(kind: type[BridgeError]) -> None:
    """A traceback and a log line say what a person reads."""
    error = kind("It went wrong.")
    assert repr(error) == f"{kind.__name__}({str(error)!r})"


def test_what_is_carried_is_not_shown() -> None:
    """Texts, payloads and what exists stay in their fields: a log is no place for them."""
    shown = []
    for error in (
        Unconfirmed("Lost.", operation="the comment", payload="t0p-secret"),
        errors.AlreadyThere("There.", existing="t0p-secret"),
        HostDown("Down."),
    ):
        error.text = "t0p-secret"
        shown += [str(error), repr(error), str(error.args)]
    assert "t0p-secret" not in " ".join(shown)


@pytest.mark.parametrize("kind_", KINDS, ids=lambda kind: kind.__name__)
def test_what_may_be_repeated(kind_: type[BridgeError]) -> None:
    """Only what may go away by itself is retryable; the one at hand may know better."""
    assert kind_("x").retryable is (kind_.__name__ in RETRYABLE)
    assert kind_("x", retryable=True).retryable
    assert not kind_("x", retryable=False).retryable


def test_only_an_unconfirmed_write_may_be_done() -> None:
    """Everything else has surely not happened, unless the one at hand says so."""
    assert [kind.__name__ for kind in KINDS if kind("x").maybe_done] == ["Unconfirmed"]
    assert HostDown("x", maybe_done=True).maybe_done


def filled() -> list[BridgeError]:
    """One of each kind that adds something, with all its data."""
    anchor = Anchor.line("a", 1)
    return [
        errors.ScopeMissing("x", needed=["repo"], granted=(), sso_url="https://sso.example"),
        NotThere("x", what="pull request #7"),
        errors.AlreadyThere("x", existing=7),
        Rejected("x", problems=["one", "two"]),
        Stale("x", expected="a", found="b"),
        errors.NotMergeable("x", reasons=["draft"]),
        RateLimited("x"),
        errors.Unsupported("x", can=Can.MERGE, reason="y"),
        Unplaceable("x", anchor=anchor, reason=PlacementReason.BINARY, nearest=anchor),
        Unconfirmed("x", operation="y", payload="z"),
        errors.EgressRefused("x", origin="https://evil.example"),
        errors.UnknownHost("x", address="y", candidates=["github"]),
        errors.BadAnswer("x", what="y"),
    ]


@pytest.mark.parametrize("error", filled(), ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_an_error_travels(error: BridgeError, again: Any) -> None:
    """A worker process or a queue gives back the same error, with its data and its texts."""
    error.text = "kept"
    back = again(error)
    assert type(back) is type(error)
    assert vars(back) == vars(error)
    assert (str(back), back.args, back.retryable) == (str(error), error.args, error.retryable)


def receipt_in_its_own_error() -> BridgeError:
    """As `submit` raises it: the error has the receipt, whose outcome has the error."""
    error = Rejected("No.", problems=("why",))
    draft = DraftComment("text", at=Anchor.line("a", 1))
    error.receipt = ReviewReceipt(
        pull=PullRef(repository=RepoRef(web="https://github.com", path="o/r"), number=1),
        wanted=Verdict.COMMENT,
        body="",
        outcomes=(Outcome(draft=draft, status=OutcomeStatus.REJECTED, error=error),),
        verdict=Outcome(draft=None, status=OutcomeStatus.NOT_TRIED),
    )
    return error


@pytest.mark.parametrize("again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_an_error_that_holds_itself_travels(again: Any) -> None:
    """The receipt in an error holds that error; pickling and copying end nevertheless."""
    back = again(receipt_in_its_own_error())
    assert back.receipt.outcomes[0].draft.body == "text"
    assert isinstance(back.receipt.outcomes[0].error, Rejected)


def test_data_cannot_be_changed_from_outside() -> None:
    """Lists become tuples: what a caller gave and changes later stays out."""
    problems = ["one"]
    error = Rejected("x", problems=problems)
    problems.append("two")
    assert error.problems == ("one",)
