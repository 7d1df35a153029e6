"""Values as JSON and back."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.model import made

import pullbridge.model
from pullbridge.capabilities import YES, Can, Capabilities
from pullbridge.errors import BridgeError, Forbidden, NotThere, Rejected, Stale, Unconfirmed, Unsupported
from pullbridge.model.anchor import Anchor, PlacementReason, Side
from pullbridge.model.as_json import from_json, from_plain, to_json, to_plain
from pullbridge.model.checks import Check, CheckState, Rollup, roll_up
from pullbridge.model.credentials import Anonymous, Basic, Token
from pullbridge.model.diff import Commit
from pullbridge.model.listing import Page
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.reviews import DraftComment, Outcome, OutcomeStatus, ReviewReceipt, Verdict
from pullbridge.model.settings import Settings
from pullbridge.model.threads import Thread

REF = PullRef(repository=RepoRef(web="https://github.com", path="octo/app", kind="github"), number=7)
DRAFT = DraftComment("Off by one?", at=Anchor.lines("a.py", 1, 2, commit="c0ffee"))
#: Those that hold secrets, and those that are tested by themselves (a page of a list is generic).
APART = {Settings, Token, Basic, Page, Outcome, ReviewReceipt, DraftComment}


def values() -> list[type]:
    """Every value of the model."""
    places = [import_module(f"pullbridge.model.{each.name}") for each in iter_modules(pullbridge.model.__path__)]
    found = [each for place in places for each in vars(place).values() if isinstance(each, type)]
    ours = (each for each in found if is_dataclass(each) and each.__module__.startswith("pullbridge.model"))
    # What is asked of a host (`orders`) never leaves the process.
    told = (each for each in ours if each.__module__ != "pullbridge.model.orders")
    return sorted({*told} - APART, key=lambda kind: kind.__name__)


st.register_type_strategy(datetime, made.moments)
st.register_type_strategy(Anchor, made.anchors())
st.register_type_strategy(Capabilities, made.capabilities)
st.register_type_strategy(DraftComment, made.drafts)
st.register_type_strategy(Commit, st.builds(Commit, id=made.texts, authored_at=made.moments))
st.register_type_strategy(Thread, st.builds(Thread, id=made.texts, comments=st.tuples(made.comments)))


def same(one: Any, other: Any) -> bool:
    """Equal, errors by their class and what they say."""
    if isinstance(one, BridgeError):
        return type(one) is type(other) and str(one) == str(other) and facts(one) == facts(other)
    if is_dataclass(one) and not isinstance(one, type):
        told = [(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)]
        return type(one) is type(other) and all(same(*pair) for pair in told)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def facts(error: BridgeError) -> dict[str, Any]:
    """All that an error carries, whether it was set or is its class's."""
    names = {"summary", "remedy", "retryable", "maybe_done", "text", "receipt", *vars(error)}
    return {name: getattr(error, name) for name in names}


@given(made.receipts)
@settings(max_examples=40)
def test_a_receipt_comes_back(receipt: ReviewReceipt) -> None:
    """Every text, place, time and error of a receipt survives JSON, errors in their own classes."""
    assert same(ReviewReceipt.from_json(receipt.to_json()), receipt)


@given(made.drafts)
def test_a_draft_comes_back(draft: DraftComment) -> None:
    """A draft survives JSON."""
    assert DraftComment.from_json(draft.to_json()) == draft


@given(made.failures())
def test_an_error_comes_back(error: BridgeError) -> None:
    """Every class of error comes back as itself, with all its data."""
    assert same(from_json(BridgeError, to_json(error)), error)


@pytest.mark.parametrize("kind", values(), ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_value_comes_back(kind: type, data: st.DataObject) -> None:
    """Whatever a host may fill a value with, JSON keeps it."""
    value = data.draw(st.from_type(kind))
    assert from_json(kind, to_json(value)) == value


@pytest.mark.parametrize(
    "secret", [Token("t0p"), Basic("ada", "t0p"), Settings(proxy="http://u:t0p@p"), {"a": [Token("t0p")]}]
)
def test_a_secret_has_no_form(secret: Any) -> None:
    """Credentials and settings are refused, wherever they stand, and the refusal does not show them."""
    with pytest.raises(TypeError, match="holds a secret") as caught:
        to_json(secret)
    assert "t0p" not in str(caught.value)


def test_an_anonymous_credential_is_no_secret() -> None:
    """There is nothing to hide in it."""
    assert to_plain(Anonymous()) == {}


def test_the_form_of_a_draft() -> None:
    """Fields by their names, enums by their values: others may read and write it."""
    assert json.loads(DraftComment("x", at=Anchor.line("a", 3, side=Side.OLD)).to_json()) == {
        "body": "x",
        "at": {
            "path": "a",
            "side": "old",
            "start": 3,
            "end": 3,
            "commit": None,
            "base": None,
            "old_path": None,
            "start_side": None,
        },
        "reply_to": None,
        "id": None,
    }


def test_what_is_left_out_is_the_default() -> None:
    """A draft written by hand needs no more than its body."""
    assert DraftComment.from_json('{"body": "x"}') == DraftComment("x")


def test_the_form_of_an_error() -> None:
    """Its class is its kind, and its data stand beside its message."""
    plain = to_plain(Stale("It moved.", expected="a", found="b", host="github.com", status=409, request_id="R1"))
    assert plain == {
        "kind": "Stale",
        "message": "It moved.",
        "remedy": Stale.next_step,
        "host": "github.com",
        "status": 409,
        "request_id": "R1",
        "retryable": False,
        "maybe_done": False,
        "text": None,
        "expected": "a",
        "found": "b",
    }


def test_an_error_of_another_package_is_what_it_derives_from() -> None:
    """A host that comes by an entry point may have errors of its own; JSON knows the nearest that all know."""

    class Embargo(Forbidden):
        pass

    assert to_plain(Embargo("Not today."))["kind"] == "Forbidden"


def test_a_receipt_that_holds_its_error_twice_ends() -> None:
    """`submit` puts the receipt into the error that is in the receipt; JSON writes the error without it."""
    error = Unconfirmed("Lost.", operation="the review", payload=object())
    receipt = ReviewReceipt(
        pull=REF,
        wanted=Verdict.COMMENT,
        body="b",
        outcomes=(Outcome(draft=DRAFT, status=OutcomeStatus.UNCONFIRMED, error=error),),
        verdict=Outcome(draft=None, status=OutcomeStatus.NOT_TRIED),
    )
    error.receipt = receipt
    back = ReviewReceipt.from_json(receipt.to_json()).outcomes[0].error
    assert isinstance(back, Unconfirmed)
    assert back.maybe_done
    assert (back.operation, back.payload, back.receipt) == ("the review", None, None)


def test_times_have_their_offset() -> None:
    """UTC is Z; a time without an offset means nothing elsewhere, and is refused both ways."""
    check = Check(name="t", state=CheckState.SUCCESS, started_at=datetime(2026, 3, 1, 14, tzinfo=UTC))
    plain = to_plain(check)
    assert plain["started_at"] == "2026-03-01T14:00:00Z"
    assert from_plain(Check, plain) == check
    with pytest.raises(TypeError, match="without its offset"):
        to_plain(datetime(2026, 3, 1))  # noqa: DTZ001  # that is the point
    with pytest.raises(Rejected, match=r"\$\.started_at: the time has no offset"):
        from_plain(Check, {**plain, "started_at": "2026-03-01T14:00:00"})


def test_counts_by_state_keep_their_keys() -> None:
    """A roll-up counts by state; the state's value is the key."""
    rollup = roll_up((Check(name="a", state=CheckState.ACTION_REQUIRED),))
    assert to_plain(rollup)["by_state"] == {"action required": 1}
    assert from_plain(Rollup, to_plain(rollup)) == rollup


def test_abilities_are_answered_by_name() -> None:
    """One key an ability, and what was granted beside them."""
    plain = to_plain(Capabilities({Can.MERGE: YES}, granted=("repo",)))
    assert plain["merge"]["state"] == "yes"
    assert plain["granted"] == ["repo"]
    assert len(plain) == len(Can) + 1


def test_only_ascii_is_written() -> None:
    """Bytes that were no UTF-8 and escape sequences stay in the value, and harmless outside."""
    text = "\x9b31m 購 \udcff"
    written = to_json(DraftComment(text))
    assert written.isascii()
    assert DraftComment.from_json(written).body == text


@pytest.mark.parametrize("value", [object(), Anchor, print, b"x", Path("a"), float("nan"), {"a": 1j}])
def test_what_has_no_form_is_refused(value: Any) -> None:
    """A stray object is a programming error."""
    with pytest.raises((TypeError, ValueError)):
        to_json(value)


GOOD = json.loads(
    ReviewReceipt(
        pull=REF,
        wanted=Verdict.APPROVE,
        body="b",
        outcomes=(
            Outcome(draft=DRAFT, status=OutcomeStatus.POSTED),
            Outcome(draft=DRAFT, status=OutcomeStatus.REJECTED, error=NotThere("Gone.", what="it")),
        ),
        verdict=Outcome(draft=None, status=OutcomeStatus.POSTED),
    ).to_json()
)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["body"], 3, "$.body: it is not a text"),
        (["wanted"], "maybe", "$.wanted: maybe is no Verdict"),
        (["wanted"], 1, "$.wanted: 1 is no Verdict"),
        (["pull", "number"], True, "$.pull.number: it is not a whole number"),
        (["pull", "number"], "7", "$.pull.number: it is not a whole number"),
        (["pull"], [], "$.pull: it is not an object"),
        (["outcomes"], {}, "$.outcomes: it is not a list"),
        (["outcomes", 1, "draft", "at", "start"], 0, "$.outcomes[1].draft.at: lines are counted from 1, not 0"),
        (["outcomes", 1, "draft", "reply_to"], "t", "$.outcomes[1].draft: a comment answers a thread"),
        (
            ["outcomes", 0, "draft", "at", "sid\u00e9"],
            1,
            "$.outcomes[0].draft.at.sid\u00e9: a Anchor has no such field",
        ),
        (["outcomes", 1, "error", "kind"], "Exception", "$.outcomes[1].error.kind: it is not the name of an error"),
        (["outcomes", 1, "error", "kind"], "Sequence", "$.outcomes[1].error.kind: it is not the name of an error"),
        (["outcomes", 1, "error", "kind"], None, "$.outcomes[1].error.kind: it is not the name of an error"),
        (["outcomes", 1, "error", "found"], "x", "$.outcomes[1].error.found: NotThere has no such fact"),
        (["outcomes", 1, "error", "status"], 4.5, "$.outcomes[1].error.status: it is not a whole number"),
        (["outcomes", 1, "error", "remedy"], None, "$.outcomes[1].error.remedy: it is not a text"),
        (["verdict"], None, "$.verdict: it is not an object"),
    ],
)
def test_what_is_not_expected_is_rejected_with_its_place(path: list[str | int], value: Any, place: str) -> None:
    """No value is guessed, and the message leads to the spot."""
    plain = json.loads(json.dumps(GOOD))
    spot = plain
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    with pytest.raises(Rejected) as caught:
        ReviewReceipt.from_json(json.dumps(plain))
    assert caught.value.problems[0].startswith(place)
    assert place in str(caught.value)


@pytest.mark.parametrize("missing", ["pull", "wanted", "body", "outcomes", "verdict"])
def test_what_is_needed_is_missed_by_name(missing: str) -> None:
    """A receipt without its texts cannot go on."""
    plain = {name: value for name, value in GOOD.items() if name != missing}
    with pytest.raises(Rejected, match=rf"\$: a ReviewReceipt needs {missing}"):
        from_plain(ReviewReceipt, plain)


def test_an_error_without_a_message_is_rejected() -> None:
    """It would tell nobody anything."""
    with pytest.raises(Rejected, match="needs a message"):
        from_plain(BridgeError, {"kind": "Stale"})


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"body": Infinity}', "[" * 100_000, "1" * 5000, '"body"', "null"])
def test_what_is_no_json_is_rejected(text: str) -> None:
    """Cut, hostile or simply something else: one error, no crash."""
    with pytest.raises(Rejected):
        DraftComment.from_json(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "at", "x"]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_rejected(plain: Any) -> None:
    """Nothing but a receipt or `Rejected` ever comes out."""
    for kind in (ReviewReceipt, DraftComment, Unsupported, Capabilities, Rollup):
        try:
            value = from_plain(kind, plain)
        except Rejected:
            continue
        assert isinstance(value, (kind, BridgeError))


def test_enums_have_values_that_are_text() -> None:
    """Numbers would shift when a name is added between two others, and old JSON would change its meaning."""
    assert all(isinstance(each.value, str) for kind in (Can, PlacementReason, CheckState) for each in kind)
    assert issubclass(Can, Enum)
    assert Can.MERGE.value == "merge"
