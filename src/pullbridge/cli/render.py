"""Draw the model: pure functions from values to rich renderables that fit the width they are drawn at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from rich import box
from rich.padding import Padding
from rich.panel import Panel as Frame
from rich.table import Table
from rich.text import Text

from pullbridge.cli import diffs
from pullbridge.cli.bodies import prose
from pullbridge.cli.look import BAD, BUSY, GOOD, MERGED, NAME, QUIET, STRONG, Canvas, ago, count, drawn, said
from pullbridge.cli.steps import step
from pullbridge.errors import AlreadyThere, NotMergeable, Rejected, ScopeMissing, Stale, UnknownHost
from pullbridge.model.checks import Check, CheckState, roll_up
from pullbridge.model.merge import Mergeability, MergeabilityState
from pullbridge.model.pulls import Pull, PullState
from pullbridge.model.reviews import ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rich.console import RenderableType

    from pullbridge.errors import BridgeError
    from pullbridge.model.diff import Commit
    from pullbridge.model.listing import Listing
    from pullbridge.model.panel import Gap, Panel
    from pullbridge.model.people import Label
    from pullbridge.model.reviews import Review, Reviewer
    from pullbridge.model.threads import Thread

T = TypeVar("T")

#: A table gets its columns of branches from this width on.
_WIDE: Final = 100

_CHECKS: Final[dict[CheckState, tuple[str, str, str]]] = {
    CheckState.PENDING: ("waiting", BUSY, "pending"),
    CheckState.RUNNING: ("running", BUSY, "running"),
    CheckState.SUCCESS: ("passed", GOOD, "passed"),
    CheckState.FAILURE: ("failed", BAD, "failed"),
    CheckState.ERROR: ("alert", BAD, "error"),
    CheckState.CANCELLED: ("skipped", QUIET, "cancelled"),
    CheckState.SKIPPED: ("skipped", QUIET, "skipped"),
    CheckState.NEUTRAL: ("skipped", QUIET, "neutral"),
    CheckState.ACTION_REQUIRED: ("alert", BUSY, "needs action"),
    CheckState.UNKNOWN: ("unknown", QUIET, "unknown"),
}
_MERGEABILITY: Final[dict[MergeabilityState, tuple[str, str, str]]] = {
    MergeabilityState.READY: ("passed", GOOD, "ready to merge"),
    MergeabilityState.BLOCKED: ("failed", BAD, "merging is blocked"),
    MergeabilityState.CONFLICTS: ("failed", BAD, "conflicts with the target"),
    MergeabilityState.BEHIND: ("alert", BUSY, "behind the target"),
    MergeabilityState.DRAFT: ("waiting", QUIET, "a draft cannot be merged"),
    MergeabilityState.CHECKING: ("running", BUSY, "the host is still checking whether it merges"),
    MergeabilityState.CLOSED: ("skipped", QUIET, "not open"),
    MergeabilityState.UNKNOWN: ("unknown", QUIET, "the host does not say whether it merges"),
}
_REVIEWS: Final[dict[ReviewState, tuple[str, str]]] = {
    ReviewState.REQUESTED: ("waiting", BUSY),
    ReviewState.STARTED: ("running", BUSY),
    ReviewState.COMMENTED: ("between", QUIET),
    ReviewState.APPROVED: ("passed", GOOD),
    ReviewState.CHANGES_REQUESTED: ("failed", BAD),
    ReviewState.DISMISSED: ("skipped", QUIET),
}


@drawn
def panel(canvas: Canvas, shown: Panel, *, now: datetime | None = None) -> Iterator[RenderableType]:
    """Everything about one pull request: header, description, commits, checks, reviews, gaps, and the diff with threads."""
    yield panel_header(shown, now=now)
    if shown.pull.body and shown.pull.body.strip():
        yield Padding(prose(shown.pull.body), (0, 2))
    yield from _section(canvas, "commits", commits(shown.commits, now=now), shown.commits)
    yield from _section(canvas, "checks", checks(shown.checks), shown.checks)
    standing = (*shown.reviewers, *shown.reviews)
    yield from _section(canvas, "reviews", reviews(shown.reviews, shown.reviewers, now=now), standing)
    for each in shown.gaps:
        yield gap(canvas, each)
    yield Text()
    yield diffs.diff_with_threads(shown.files, shown.threads, head=shown.pull.source.commit, now=now)


def panel_header(shown: Panel, *, now: datetime | None = None) -> RenderableType:
    """The head of a pull request with what its panel says of it."""
    return pull_header(shown.pull, checks=shown.checks, mergeability=shown.mergeability, threads=shown.threads, now=now)


@drawn
def pull_header(
    canvas: Canvas,
    pull: Pull,
    *,
    checks: tuple[Check, ...] | None = None,
    mergeability: Mergeability | None = None,
    threads: tuple[Thread, ...] = (),
    now: datetime | None = None,
) -> Iterator[RenderableType]:
    """A framed head: state, title, branches, author and size; then checks, mergeability and threads where they are given."""
    word, style = _badge(pull)
    top = Table.grid(padding=(0, 1), expand=True)
    top.add_column(no_wrap=True)
    top.add_column(ratio=1)
    top.add_column(no_wrap=True, justify="right", style=QUIET)
    badge = Text(f" {word} ", style=f"reverse bold {style}")
    top.add_row(badge, said(pull.title, STRONG), said(f"{pull.ref.repository.path}#{pull.number}", url=pull.url))
    lines = (_facts(canvas, pull, now), _standing(canvas, pull, checks, mergeability, threads))
    inside = Table.grid(expand=True)
    inside.add_row(top)
    for line in lines:
        if line.plain:
            inside.add_row(line)
    if pull.labels:
        inside.add_row(_labels(pull.labels))
    yield Frame(inside, box=box.ROUNDED, border_style=f"{QUIET} {style}", padding=(0, 1))


@drawn
def commits(canvas: Canvas, made: Iterable[Commit], *, now: datetime | None = None) -> Iterator[RenderableType]:
    """One line a commit: short id, title, who, when."""
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(no_wrap=True, style=BUSY)
    canvas.add_column(grid, ratio=1)
    canvas.add_column(grid, style=QUIET, justify="right", max_width=max(26, canvas.width // 3))
    for commit in made:
        who = commit.author.handle if commit.author else commit.author_name or commit.author_email
        tail = canvas.joined((said(who) if who else None, ago(commit.authored_at, now)))
        grid.add_row(said(commit.id[:8], url=commit.url), said(commit.title), tail)
    yield grid


@drawn
def checks(canvas: Canvas, found: Iterable[Check]) -> Iterator[RenderableType]:
    """One line a check: icon, name, state, and what its reporter says."""
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(no_wrap=True)
    canvas.add_column(grid, max_width=max(20, canvas.width // 2))
    canvas.add_column(grid, ratio=1)
    for check in found:
        sign, style, word = _CHECKS[check.state]
        about = (
            Text(word, style=style),
            Text("required", style=QUIET) if check.required else None,
            said(check.description or "", QUIET),
        )
        grid.add_row(
            Text(getattr(canvas.signs, sign), style=style), said(check.name, url=check.url), canvas.joined(about)
        )
    yield grid


@drawn
def reviews(
    canvas: Canvas, given: Iterable[Review], asked: Iterable[Reviewer] = (), *, now: datetime | None = None
) -> Iterator[RenderableType]:
    """Reviews in the order given, then those who were asked and have not answered.

    A comment without words of its own is left out: what it says stands in the threads.
    """
    answered = set()
    for review in given:
        answered.add(review.author.id)
        if review.state is ReviewState.COMMENTED and not review.body.strip():
            continue
        yield _standing_of(canvas, review.author.handle, review.state, ago(review.submitted_at, now))
        if review.body.strip():
            yield Padding(prose(review.body), (0, 0, 0, 2))
    for reviewer in asked:
        if reviewer.person.id not in answered:
            yield _standing_of(canvas, reviewer.person.handle, reviewer.state, reviewer.via_team)


@drawn
def listing(
    canvas: Canvas, pulls: Listing[Pull], *, repositories: bool = False, now: datetime | None = None
) -> Iterator[RenderableType]:
    """A table of pull requests, with their `repositories` when they are of several, and why it ends early if it does."""
    wide = canvas.width >= _WIDE
    table = Table(
        box=box.SIMPLE_HEAD,
        expand=True,
        padding=(0, 1),
        pad_edge=False,
        show_edge=False,
        header_style=QUIET,
        border_style=QUIET,
    )
    if repositories:
        canvas.add_column(table, "repository", max_width=max(20, canvas.width // 4), style=QUIET)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    canvas.add_column(table, "title", ratio=3)
    if wide and not repositories:
        canvas.add_column(table, "branches", ratio=2)
    canvas.add_column(table, "author", max_width=14)
    table.add_column("checks", no_wrap=True)
    table.add_column("updated", justify="right", no_wrap=True, style=QUIET)
    for pull in pulls:
        where = (said(pull.ref.repository.path),) if repositories else ()
        table.add_row(*where, *_row(canvas, pull, wide=wide and not repositories, now=now))
    yield table
    yield unfinished(pulls)
    if not table.row_count and not pulls.stopped:
        yield Text("No pull requests.", style=QUIET)


@drawn
def unfinished(canvas: Canvas, listed: Listing[T]) -> Iterator[RenderableType]:
    """Why a list that was read ends early; nothing for one that is complete."""
    if listed.stopped:
        yield said(f"{canvas.signs.alert} This is not all: {listed.stopped}.", BUSY)


@drawn
def mergeability(canvas: Canvas, state: Mergeability) -> Iterator[RenderableType]:
    """Whether it merges, with the reasons when it does not."""
    yield _mergeability(canvas, state)
    for reason in state.reasons:
        yield Padding(said(reason, QUIET), (0, 0, 0, 2))


@drawn
def failure(canvas: Canvas, error: BridgeError) -> Iterator[RenderableType]:
    """An error: its kind and what is known of it, what happened, and what to do next."""
    facts = (error.host, f"HTTP {error.status}" if error.status else None, error.request_id)
    kind = Text(f"{canvas.signs.failed} {type(error).__name__}", style=f"bold {BAD}")
    yield canvas.joined((kind, *(said(fact, QUIET) for fact in facts if fact)))
    yield Padding(said(error.summary), (0, 0, 0, 2))
    for detail in _details(error):
        yield Padding(Text.assemble((f"{canvas.signs.skipped} ", QUIET), said(detail)), (0, 0, 0, 2))
    yield Padding(said(step(error), NAME), (0, 0, 0, 2))


def _details(error: BridgeError) -> Iterator[str]:
    """What the kinds of error that have more to tell carry."""
    match error:
        case Rejected(problems=told) | NotMergeable(reasons=told):
            yield from told
        case Stale(expected=str() as expected, found=str() as found):
            yield f"you saw {expected[:12]}, now it is {found[:12]}"
        case ScopeMissing(needed=needed) if needed:
            yield f"needed: {', '.join(needed)}"
        case AlreadyThere(existing=Pull() as existing):
            yield existing.url or str(existing)
        case UnknownHost(candidates=candidates) if candidates:
            yield f"one of: {', '.join(candidates)}"
        case _:
            return


def gap(canvas: Canvas, missing: Gap) -> Text:
    """A part that could not be had, on one line."""
    help_ = f" {missing.remedy}" if missing.remedy else ""
    return said(f"{canvas.signs.alert} Missing: {missing.part}. {missing.reason}{help_}", BUSY)


def _section(canvas: Canvas, title: str, body: RenderableType, content: tuple[object, ...]) -> Iterator[RenderableType]:
    if not content:
        return
    yield Text()
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(no_wrap=True, style=QUIET, width=min(8, canvas.width // 6))
    grid.add_column(ratio=1)
    grid.add_row(title, body)
    yield Padding(grid, (0, 2))


def _badge(pull: Pull) -> tuple[str, str]:
    if pull.state is PullState.MERGED:
        return "MERGED", MERGED
    if pull.state is PullState.CLOSED:
        return "CLOSED", BAD
    return ("DRAFT", BUSY) if pull.draft else ("OPEN", GOOD)


def _facts(canvas: Canvas, pull: Pull, now: datetime | None) -> Text:
    branches = Text.assemble(
        said(pull.source.name, NAME), (f" {canvas.signs.to} ", QUIET), said(pull.target.name, NAME)
    )
    parts = (
        said(pull.author.handle, STRONG) if pull.author else None,
        branches,
        count(pull.commit_count, "commit") if pull.commit_count is not None else None,
        count(pull.file_count, "file") if pull.file_count is not None else None,
        diffs.size(canvas, pull.additions, pull.deletions),
        f"updated {ago(pull.updated_at, now)}" if pull.updated_at else None,
    )
    return canvas.joined(parts)


def _standing(
    canvas: Canvas,
    pull: Pull,
    found: tuple[Check, ...] | None,
    state: Mergeability | None,
    threads: tuple[Thread, ...],
) -> Text:
    if pull.state is PullState.MERGED:
        by = f" by {pull.merged_by}" if pull.merged_by else ""
        commit = f" as {pull.merge_commit[:8]}" if pull.merge_commit else ""
        merged = said(f"merged{by}{commit}", MERGED)
        return canvas.joined((merged, _rollup(canvas, pull, found), _open_threads(threads)))
    parts = (
        _rollup(canvas, pull, found),
        _mergeability(canvas, state) if state and pull.state is PullState.OPEN else None,
        _open_threads(threads),
    )
    return canvas.joined(parts)


def _rollup(canvas: Canvas, pull: Pull, found: tuple[Check, ...] | None) -> Text | None:
    rollup = roll_up(found) if found is not None else None
    state = rollup.state if rollup else pull.checks
    if state is None:
        return None
    sign, style, words = _CHECKS[state]
    if rollup:
        words = ", ".join(f"{number} {_CHECKS[each][2]}" for each, number in rollup.by_state.items())
    return Text(f"{getattr(canvas.signs, sign)} checks: {words}", style=style)


def _mergeability(canvas: Canvas, state: Mergeability) -> Text:
    sign, style, words = _MERGEABILITY[state.state]
    return Text(f"{getattr(canvas.signs, sign)} {words}", style=style)


def _open_threads(threads: tuple[Thread, ...]) -> Text | None:
    unresolved = sum(thread.resolved is False for thread in threads)
    return Text(f"{count(unresolved, 'thread')} open", style=BUSY) if unresolved else None


def _labels(labels: tuple[Label, ...]) -> Text:
    return Text(" ").join(Text.assemble(("[", QUIET), said(label.name, NAME), ("]", QUIET)) for label in labels)


def _standing_of(canvas: Canvas, who: str, state: ReviewState, tail: str | None) -> Text:
    sign, style = _REVIEWS[state]
    word = Text(f"{getattr(canvas.signs, sign)} {state.value}", style=style)
    return canvas.joined((Text.assemble(said(who, STRONG), " ", word), said(tail, QUIET) if tail else None))


def _row(canvas: Canvas, pull: Pull, *, wide: bool, now: datetime | None) -> Iterator[RenderableType]:
    word, style = _badge(pull)
    yield said(str(pull.number), url=pull.url)
    yield Text(word.lower(), style=style)
    yield said(pull.title)
    if wide:
        yield said(f"{pull.source} {canvas.signs.to} {pull.target}", NAME)
    yield said(pull.author.handle if pull.author else "")
    if pull.checks is None:
        yield Text()
    else:
        sign, colour, result = _CHECKS[pull.checks]
        yield Text(f"{getattr(canvas.signs, sign)} {result}", style=colour)
    yield Text(ago(pull.updated_at, now) or "")
