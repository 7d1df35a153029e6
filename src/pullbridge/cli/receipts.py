"""Draw what a write led to: a review with an outcome for each comment, and a merge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from pullbridge.cli.look import BAD, BUSY, GOOD, MERGED, NAME, QUIET, STRONG, Canvas, drawn, said
from pullbridge.cli.steps import step
from pullbridge.model.merge import MergeReceipt, MergeState
from pullbridge.model.reviews import OutcomeStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from pullbridge.model.anchor import Anchor
    from pullbridge.model.reviews import Outcome, ReviewReceipt

_OUTCOMES: Final[dict[OutcomeStatus, tuple[str, str]]] = {
    OutcomeStatus.POSTED: ("passed", GOOD),
    OutcomeStatus.ALREADY_THERE: ("passed", QUIET),
    OutcomeStatus.CARRIED: ("to", GOOD),
    OutcomeStatus.UNPLACEABLE: ("failed", BAD),
    OutcomeStatus.REJECTED: ("failed", BAD),
    OutcomeStatus.UNCONFIRMED: ("unknown", BUSY),
    OutcomeStatus.NOT_TRIED: ("waiting", QUIET),
}


@drawn
def review(canvas: Canvas, receipt: ReviewReceipt) -> Iterator[RenderableType]:
    """What became of a review: one line for the verdict, one for each comment, and the error of each that is not up."""
    done = "complete" if receipt.complete else "not complete"
    head = Text(f"Review of #{receipt.pull.number}", style=STRONG)
    yield canvas.joined((head, receipt.wanted.value, Text(done, style=GOOD if receipt.complete else BAD)))
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    canvas.add_column(grid, max_width=max(20, canvas.width // 3))
    grid.add_column(ratio=1)
    for outcome in (*receipt.outcomes, receipt.verdict):
        grid.add_row(*_outcome(canvas, outcome))
    yield grid


@drawn
def merge(canvas: Canvas, receipt: MergeReceipt, *, of: str | None = None) -> Iterator[RenderableType]:
    """What a merge did, and to which pull request."""
    merged = receipt.state is MergeState.MERGED
    sign, style = (canvas.signs.passed, MERGED) if merged else (canvas.signs.waiting, BUSY)
    word = Text(f"{sign} {receipt.state.value}", style=f"bold {style}")
    commit = f"commit {receipt.commit[:12]}" if receipt.commit else None
    branch = {True: "source branch deleted", False: "source branch kept", None: None}[receipt.branch_deleted]
    yield canvas.joined((word, said(of) if of else None, said(commit) if commit else None, branch))


def _outcome(canvas: Canvas, outcome: Outcome) -> tuple[RenderableType, ...]:
    sign, style = _OUTCOMES[outcome.status]
    at = outcome.draft.at if outcome.draft else None
    body = outcome.draft.body.strip() if outcome.draft else ""
    text = canvas.cut(said(body.partition("\n")[0], QUIET), max(10, canvas.width // 2))
    if outcome.error is not None:
        text = Text("\n").join([text, said(outcome.error.summary, BAD), said(step(outcome.error), NAME)])
    where = "verdict" if outcome.draft is None else _where(at, outcome.draft.reply_to)
    return Text(getattr(canvas.signs, sign), style=style), Text(outcome.status.value, style=style), said(where), text


def _where(at: Anchor | None, reply_to: str | None) -> str:
    if at is not None:
        return str(at)
    return "reply" if reply_to else "the pull request"
