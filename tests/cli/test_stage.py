"""Steps that show the code they run."""

from __future__ import annotations

from io import StringIO
from typing import NamedTuple

import pytest

from pullbridge.cli import screen
from pullbridge.cli.stage import Stage
from pullbridge.errors import BridgeError, NotThere, Stale


class Sent(NamedTuple):
    method: str
    path: str
    status: int | None
    body: bytes = b""


@pytest.fixture
def out() -> StringIO:
    return StringIO()


@pytest.fixture
def sent() -> list[Sent]:
    return []


@pytest.fixture
def stage(out: StringIO, sent: list[Sent]) -> Stage:
    return Stage(screen.console(out), lambda: sent)


def fail(error: BridgeError) -> None:
    raise error


def rows(out: StringIO) -> list[str]:
    return [row.strip() for row in out.getvalue().splitlines() if row.strip()]


def test_a_step_shows_the_code_that_runs(stage: Stage, out: StringIO, sent: list[Sent]) -> None:
    """The source of the body, and nothing else of the function, is printed; then what it sent."""
    before = "not shown"
    with stage.step("First"):
        sent.append(Sent("GET", "/a", 200))
        sent.append(Sent("GET", "/a", 200))
    stage.show(before)
    assert rows(out)[1:] == [
        'sent.append(Sent("GET", "/a", 200))',
        'sent.append(Sent("GET", "/a", 200))',
        "-> GET /a 200, 2 times",
        "not shown",
    ]
    assert "1" in rows(out)[0]
    assert "First" in rows(out)[0]


def test_a_graphql_operation_is_named(stage: Stage, out: StringIO, sent: list[Sent]) -> None:
    """All of GraphQL has one path; the operation tells what was asked."""
    with stage.step("Ask"):
        sent.append(Sent("POST", "/api/graphql", 200, b'{"query": "query Panel($n: Int!) {}"}'))
    assert rows(out)[-1] == "-> POST /api/graphql (query Panel) 200"


def test_reads_that_go_out_together_are_told_in_one_order(stage: Stage, out: StringIO, sent: list[Sent]) -> None:
    """Reads between two writes are sorted; writes stay where they were."""
    with stage.step("Ask"):
        for method, path in (("POST", "/z"), ("GET", "/c"), ("GET", "/b"), ("POST", "/a")):
            sent.append(Sent(method, path, 200))
    assert rows(out)[-4:] == ["-> POST /z 200", "-> GET /b 200", "-> GET /c 200", "-> POST /a 200"]


def test_a_step_that_sends_nothing_says_so(stage: Stage, out: StringIO) -> None:
    """No request is worth a line too."""
    with stage.step("Quiet"):
        ...
    assert rows(out)[-1] == "-> nothing sent"


def test_steps_are_counted(stage: Stage, out: StringIO) -> None:
    """Each heading has its number."""
    for _ in range(2):
        with stage.step("Again"):
            ...
    assert stage.steps == 2
    assert sum("Again" in row for row in rows(out)) == 2


def test_a_refusal_is_shown(stage: Stage, out: StringIO) -> None:
    """The error that had to come is drawn with its next step."""
    with stage.refused("Too late", Stale):
        fail(Stale("It moved."))
    assert "x Stale" in rows(out)
    assert "It moved." in rows(out)


def test_a_refusal_that_does_not_come_fails(stage: Stage) -> None:
    """The play ends when something goes through that must not."""
    with pytest.raises(BridgeError, match="Too late: it was not"), stage.refused("Too late", Stale):
        ...


def test_another_error_is_not_taken_for_the_refusal(stage: Stage) -> None:
    """Only the named error counts."""
    with pytest.raises(NotThere), stage.refused("Too late", Stale):
        fail(NotThere("Gone."))


def test_the_end_tells_what_it_took(stage: Stage, out: StringIO, sent: list[Sent]) -> None:
    """The last line counts steps and requests."""
    with stage.step("Once"):
        sent.append(Sent("GET", "/a", 200))
    stage.end()
    assert rows(out)[-1] == "1 step, 1 request, nothing left this machine."


def test_only_some_steps_are_drawn(out: StringIO, sent: list[Sent]) -> None:
    """All steps are played, the others unseen."""
    stage = Stage(screen.console(out), lambda: sent, only=frozenset({2}))
    for title in ("First", "Second"):
        with stage.step(title):
            sent.append(Sent("GET", "/a", 200))
        stage.show(f"after {title}")
    shown = " ".join(rows(out))
    assert "First" not in shown
    assert "Second" in shown
    assert "after Second" in shown
    assert len(sent) == 2


def test_time_goes_on_with_each_step(stage: Stage) -> None:
    """The play has the same time each time it is played."""
    before = stage.now
    with stage.step("Once"):
        ...
    assert (stage.now - before).total_seconds() == 600
