"""`pullbridge demo`: the life of a pull request, from draft to merge, against a host inside this process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

import pullbridge
from pullbridge import Anchor, CheckState, DraftComment, MergeMethod, Side, Stale, Token, Verdict
from pullbridge.cli import diffs, render, screen, story
from pullbridge.cli.stage import Stage
from pullbridge.cli.threads import thread

if TYPE_CHECKING:
    from rich.console import Console

    from pullbridge import Panel, Pull, Repository
    from pullbridge.testing import Forge, RepositoryHandle

_MISSING = 'The demo plays against a host of its own, which needs {name}: pip install "pullbridge[cli,testing]"\n'
#: The step that the picture shows, and how wide.
_PICTURED = frozenset({6})
_PICTURE_WIDTH = 100

Svg = Annotated[Path | None, typer.Option("--svg", help="Draw its heart as a picture instead.", hidden=True)]
Light = Annotated[bool, typer.Option("--light", help="Draw the picture on a light ground.", hidden=True)]


def demo(*, svg: Svg = None, light: Light = False) -> None:
    """Play the whole life of a pull request on a host inside this process: no account, no network."""
    if svg is None:
        play(screen.console())
        return
    console = screen.picture(_PICTURE_WIDTH)
    play(console, only=_PICTURED)
    svg.write_text(screen.svg(console, "pullbridge demo", light=light), encoding="utf-8")


def play(console: Console, *, only: frozenset[int] | None = None) -> None:
    """Play on a console; all steps happen, and `only` these are drawn."""
    try:
        from pullbridge.testing import Forge  # noqa: PLC0415  an extra that only this command needs
    except ModuleNotFoundError as missing:
        sys.stderr.write(_MISSING.format(name=missing.name))
        raise typer.Exit(1) from missing
    stage: Stage
    with Forge(clock=lambda: stage.now) as forge:
        stage = Stage(console, lambda: forge.github.requests, only=only)
        _play(stage, forge)
        stage.end()


def _play(stage: Stage, forge: Forge) -> None:
    app = forge.github.repository(story.REPOSITORY, files=story.PROJECT)
    for message, files in story.COMMITS:
        app.commit("fix/edge", files, message=message, author="ada")
    settings = forge.github.settings
    tokens = {who: Token(forge.github.token(who)) for who in ("ada", "grace", "ci")}
    with stage.step("Connect. Nothing is sent: a repository is an address and a way to sign in"):
        ada = pullbridge.connect(app.url, credentials=tokens["ada"], settings=settings)
        grace = pullbridge.connect(app.url, credentials=tokens["grace"], settings=settings)
        ci = pullbridge.connect(app.url, credentials=tokens["ci"], settings=settings)
    with ada, grace, ci:
        pull = _open(stage, ada)
        _ready(stage, ada, ci, pull)
        panel = _look(stage, grace, pull)
        _review(stage, grace, panel)
        _read(stage, ada, pull)
        fixed = _answer(stage, app, ada, pull)
        _refuse(stage, ada, panel)
        _approve(stage, grace, ci, pull, fixed)
        _merge(stage, ada, pull, fixed)


def _open(stage: Stage, ada: Repository) -> Pull:
    with stage.step("Ada opens a draft, and asks Grace to review it"):
        pull = ada.pulls.create(
            title="Mend two edges of the cart",
            body="An empty cart raised a `TypeError`; `cheapest(lines, n)` gave one too few.",
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
    with stage.step("She reviews: on a range, a removed, an unchanged and an added line, in one go"):
        cart, prices = "src/shop/cart.py", "data/prices.csv"
        head = panel.pull.source.commit
        receipt = grace.reviews.submit(
            pull,
            verdict=Verdict.REQUEST_CHANGES,
            body="Both edges are real. Four small things before it goes in.",
            comments=[
                DraftComment(story.SIMPLER, at=Anchor.lines(cart, 21, 24, commit=head)),
                DraftComment(story.UNTESTED, at=Anchor.line(cart, 26, side=Side.OLD, commit=head)),
                DraftComment("Which, if prices are equal?", at=Anchor.line(cart, 28, commit=head)),
                DraftComment("5.1 or 5.10?", at=Anchor.line(prices, 5, commit=head)),
            ],
            expect_head=head,
        )
    stage.show(render.review_receipt(receipt))


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
        fixed = app.commit("fix/edge", story.FIX, "Let sum start at zero", author="ada")
        for asked in ada.threads.list(pull):
            ada.threads.reply(pull, asked, story.ANSWERS[str(asked.anchor)])
            ada.threads.resolve(pull, asked)
        threads = ada.threads.list(pull)
    stage.show(*(thread(each, now=stage.now) for each in threads))
    return fixed


def _refuse(stage: Stage, ada: Repository, panel: Panel) -> None:
    pull, seen = panel.pull, panel.pull.source.commit
    with stage.refused("A merge by somebody who has not seen the fix is refused", Stale):
        ada.pulls.merge(pull, method=MergeMethod.SQUASH, expect_head=seen)


def _approve(stage: Stage, grace: Repository, ci: Repository, pull: Pull, fixed: str) -> None:
    with stage.step("The tests pass, and Grace approves what she has seen"):
        ci.checks.report(fixed, "tests", CheckState.SUCCESS, description="31 passed")
        grace.reviews.submit(pull, Verdict.APPROVE, "Thank you!", expect_head=fixed)
        panel = grace.pulls.panel(pull)
    pull, checks, threads = panel.pull, panel.checks, panel.threads
    stage.show(
        render.pull_header(pull, checks=checks, mergeability=panel.mergeability, threads=threads, now=stage.now),
        render.checks(checks),
        render.reviews(panel.reviews, now=stage.now),
    )


def _merge(stage: Stage, ada: Repository, pull: Pull, fixed: str) -> None:
    with stage.step("Merge, with the head that was approved"):
        receipt = ada.pulls.merge(
            pull,
            method=MergeMethod.SQUASH,
            expect_head=fixed,
            delete_source=True,
        )
        merged = ada.pulls.get(pull)
    stage.show(render.merge_receipt(receipt), render.pull_header(merged, now=stage.now))
