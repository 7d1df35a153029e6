"""`pullbridge demo`: the life of a pull request, from draft to merge, against a host inside this process."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

import pullbridge
from pullbridge import Anchor, Can, CheckState, DraftComment, MergeMethod, Side, Stale, Verdict, auth, registry
from pullbridge.cli import diffs, receipts, render, screen, story
from pullbridge.cli.look import STRONG
from pullbridge.cli.newcomers import Newcomer, asked_and_given
from pullbridge.cli.stage import Stage
from pullbridge.cli.threads import thread

if TYPE_CHECKING:
    from rich.console import Console

    from pullbridge import Panel, Pull, Repository
    from pullbridge.auth import SignIn
    from pullbridge.testing import RepositoryHandle
    from pullbridge.testing.host import Host

#: What the host inside this process is made of.
_EXTRA = ("cheroot", "graphql", "werkzeug")
#: The step that the picture shows, and how wide.
_PICTURED = frozenset({8})
_PICTURE_WIDTH = 100

_KINDS = tuple(registry.BUILT_IN)

On = Annotated[
    str | None,
    typer.Option(help=f"Play it on this host alone: {' or '.join(_KINDS)}.", show_default="all"),
]
Svg = Annotated[Path | None, typer.Option("--svg", help="Draw its heart as a picture instead.", hidden=True)]
Light = Annotated[bool, typer.Option("--light", metavar="", help="Draw the picture on a light ground.", hidden=True)]


def demo(*, on: On = None, svg: Svg = None, light: Light = False) -> None:
    """Play the whole life of a pull request on hosts inside this process: no account, no network.

    It is shown step by step on the first host, and then in short on the others: the same words, to the letter.
    """
    if svg is not None:
        console = screen.picture(_PICTURE_WIDTH)
        play(console, _KINDS[0], only=_PICTURED)
        svg.write_text(screen.svg(console, "pullbridge demo", light=light), encoding="utf-8")
        return
    if on is not None and on not in _KINDS:
        raise typer.BadParameter(f"There is no host {on!r} here: write {' or '.join(_KINDS)}.", param_hint="--on")
    console = screen.console()
    play(console, on or _KINDS[0])
    for kind in () if on else _KINDS[1:]:
        console.print(
            Text(), Text(f"The same, word for word, on {registry.provider(kind).name}:", style=STRONG), sep="\n"
        )
        play(console, kind, brief=True)


def play(console: Console, kind: str, *, only: frozenset[int] | None = None, brief: bool = False) -> None:
    """Play on a console, with a host of this kind; all steps happen, and `only` these are drawn."""
    _require_host()
    from pullbridge.testing import Forge  # noqa: PLC0415  only this command has a host of its own

    stage: Stage
    with Forge(clock=lambda: stage.now) as forge:
        host: Host = getattr(forge, kind.replace("-", "_"))
        stage = Stage(console, lambda: host.requests, only=only, brief=brief)
        _play(stage, host)
        stage.end()


def _require_host() -> None:
    """Say what to install when the host cannot be made."""
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        sys.stderr.write(f'The demo needs {", ".join(missing)}: pip install "pullbridge[cli,testing]"\n')
        raise typer.Exit(1)
    if which("git") is None:
        sys.stderr.write(
            "The demo keeps its commits in real repositories and needs git: https://git-scm.com/downloads\n"
        )
        raise typer.Exit(1)


def _play(stage: Stage, host: Host) -> None:
    app = host.repository(story.REPOSITORY, files=story.PROJECT)
    for message, files in story.COMMITS:
        app.commit("fix/edge", files, message=message, author="ada")
    app.require("main", reviews=1, checks=("tests",))
    settings, author = host.settings, _enter(stage, host)
    reviewer, tester = _follow(stage, host)
    with stage.step("Connect. Nothing is sent: a repository is an address and a way to sign in"):
        ada = pullbridge.connect(app.url, credentials=author, settings=settings)
        grace = pullbridge.connect(app.url, credentials=reviewer, settings=settings)
        ci = pullbridge.connect(app.url, credentials=tester, settings=settings)
    with ada, grace, ci:
        pull = _open(stage, ada)
        _ready(stage, ada, ci, pull)
        panel = _look(stage, grace, pull)
        _review(stage, grace, panel)
        _read(stage, ada, pull)
        fixed = _answer(stage, app, ada, pull)
        _refuse(stage, grace, panel)
        _approve(stage, grace, ci, pull, fixed)
        _merge(stage, ada, pull, fixed)


def _enter(stage: Stage, host: Host) -> SignIn:
    ada = Newcomer(host, "ada", auth.AUTHOR | auth.MERGE)
    with stage.step("Ada signs in: for what it takes to open and to merge, and for nothing beyond"):
        author = auth.sign_in(
            host.url,
            ada.app,
            auth.AUTHOR | auth.MERGE,
            via=ada.way,
            on_event=ada.hear,
            open_browser=ada.browser,
            settings=host.settings,
        )
    stage.show(asked_and_given(ada, author))
    return author


def _follow(stage: Stage, host: Host) -> tuple[SignIn, SignIn]:
    grace = Newcomer(host, "grace", auth.REVIEW | auth.MERGE)
    ci = Newcomer(host, "ci", {Can.REPORT_CHECK})
    with stage.step("Grace signs in to review and to merge, and what runs the tests to report them"):
        reviewer = grace.sign_in(auth.REVIEW | auth.MERGE)
        tester = ci.sign_in({Can.REPORT_CHECK})
    stage.show(asked_and_given(grace, reviewer), asked_and_given(ci, tester))
    return reviewer, tester


def _open(stage: Stage, ada: Repository) -> Pull:
    with stage.step("Ada opens a draft, and asks Grace to review it"):
        pull = ada.pulls.create(
            title="Mend two edges of the cart",
            body="An empty cart raised `TypeError`; `cheapest` gave one too few.",
            source="fix/edge",
            target="main",
            draft=True,
            reviewers=["grace"],
        )
    stage.show(render.pull_header(pull, now=stage.now))
    return pull


def _ready(stage: Stage, ada: Repository, ci: Repository, pull: Pull) -> None:
    head = pull.source.commit or ""
    with stage.step("The tests start, and it is ready for review"):
        check = ci.checks.report(head, "tests", CheckState.PENDING, description="started")
        pull = ada.pulls.set_draft(pull, False)
    stage.show(render.pull_header(pull, checks=(check,), now=stage.now))


def _look(stage: Stage, grace: Repository, pull: Pull) -> Panel:
    with stage.step("Grace looks. A panel is all that an editor shows, asked for at once"):
        panel = grace.pulls.panel(pull)
    stage.show(render.panel(panel, now=stage.now))
    return panel


def _review(stage: Stage, grace: Repository, panel: Panel) -> None:
    pull = panel.pull
    with stage.step("She reviews: a range, a removed, an unchanged and an added line"):
        cart, head = "src/shop/cart.py", pull.source.commit
        lines = Anchor.lines(cart, 21, 24, commit=head)
        removed = Anchor.line(cart, 26, side=Side.OLD, commit=head)
        unchanged = Anchor.line(cart, 28, commit=head)
        added = Anchor.line("data/prices.csv", 5, commit=head)
        receipt = grace.reviews.submit(
            pull,
            verdict=Verdict.REQUEST_CHANGES,
            body="Both edges are real. Four small things before it goes in.",
            comments=[
                DraftComment(story.SIMPLER, at=lines),
                DraftComment(story.TESTED, at=removed),
                DraftComment(story.EQUAL, at=unchanged),
                DraftComment(story.CENTS, at=added),
            ],
            expect_head=head,
        )
    stage.show(receipts.review(receipt))


def _read(stage: Stage, ada: Repository, pull: Pull) -> None:
    with stage.step("Ada reads it where it belongs: each thread below its line"):
        panel = ada.pulls.panel(pull)
    pull, files, threads = panel.pull, panel.files, panel.threads
    stage.show(
        render.pull_header(pull, checks=panel.checks, mergeability=panel.mergeability, threads=threads, now=stage.now),
        render.reviews(panel.reviews, now=stage.now),
        Text(),
        diffs.diff_with_threads(files, threads, head=pull.source.commit, now=stage.now),
    )


def _answer(stage: Stage, app: RepositoryHandle, ada: Repository, pull: Pull) -> str:
    with stage.step("She pushes a fix, answers, and resolves"):
        fixed = app.commit("fix/edge", story.FIX, "Start at zero", author="ada")
        for asked in ada.threads.list(pull):
            if asked.anchor:
                ada.threads.reply(pull, asked, story.ANSWERS[asked.comments[0].body])
                ada.threads.resolve(pull, asked)
        threads = ada.threads.list(pull)
    stage.show(*(thread(each, now=stage.now) for each in threads))
    return fixed


def _refuse(stage: Stage, grace: Repository, panel: Panel) -> None:
    pull = panel.pull
    with stage.refused("Grace has not seen the fix: her merge of what she saw is refused", Stale):
        grace.pulls.merge(pull, expect_head=panel.pull.source.commit)


def _approve(stage: Stage, grace: Repository, ci: Repository, pull: Pull, head: str) -> None:
    with stage.step("The tests pass, and Grace approves what she has seen"):
        ci.checks.report(head, "tests", CheckState.SUCCESS, description="31 passed")
        grace.reviews.submit(pull, Verdict.APPROVE, "Thanks!", expect_head=head)
        panel = grace.pulls.panel(pull)
    pull, checks, threads = panel.pull, panel.checks, panel.threads
    stage.show(
        render.pull_header(pull, checks=checks, mergeability=panel.mergeability, threads=threads, now=stage.now),
        render.checks(checks),
        render.reviews(panel.reviews, now=stage.now),
    )


def _merge(stage: Stage, ada: Repository, pull: Pull, head: str) -> None:
    with stage.step("Merge, with the head that was approved"):
        receipt = ada.pulls.merge(
            pull,
            method=MergeMethod.SQUASH,
            expect_head=head,
            delete_source=True,
        )
        merged = ada.pulls.get(pull)
    stage.show(receipts.merge(receipt), render.pull_header(merged, now=stage.now))
