"""`pullbridge review`: a verdict with its comments, posted once, and gone on with when it was cut short."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pullbridge import BridgeError, DraftComment, ReviewReceipt, Verdict
from pullbridge.cli import exits, jsons, receipts, screen, texts
from pullbridge.cli.address import ApiUrl, AsJson, ExpectHead, Kind, PullAddress, pull_at, repository_for
from pullbridge.model.as_json import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Text = Annotated[
    str, typer.Argument(metavar="TEXT", help="The review's own text, in Markdown; '-' reads standard input.")
]
Approve = Annotated[bool, typer.Option("--approve", metavar="", help="Say that it may be merged.")]
RequestChanges = Annotated[
    bool, typer.Option("--request-changes", metavar="", help="Say that something must change; needs TEXT.")
]
CommentOnly = Annotated[bool, typer.Option("--comment", metavar="", help="Give no verdict.")]
Comments = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Comments to post with it: a JSON list of "
        '{"body": "…", "at": {"path": "a.py", "start": 3, "end": 5, "side": "new"}}; \'-\' reads standard input.',
    ),
]
Resume = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Go on with what a saved receipt says is not up, and post nothing twice; '-' for standard input.",
    ),
]
IncludePending = Annotated[
    bool,
    typer.Option(
        "--include-pending", metavar="", help="Publish with it what I have begun elsewhere and not submitted yet."
    ),
]
Save = Annotated[Path | None, typer.Option(metavar="FILE", help="Save the receipt, for --resume.")]


def review(
    pull: PullAddress = ".",
    text: Text = "",
    *,
    approve: Approve = False,
    request_changes: RequestChanges = False,
    comment: CommentOnly = False,
    comments: Comments = None,
    resume: Resume = None,
    save: Save = None,
    include_pending: IncludePending = False,
    expect_head: ExpectHead = None,
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Review a pull request: a verdict, a text, and comments on its lines.

    What could not be posted is saved to a file, and --resume goes on with it. Of the current branch's pull request, the
    commit that is checked out is what was looked at, unless --expect-head says otherwise.
    """
    verdict = _verdict({Verdict.APPROVE: approve, Verdict.REQUEST_CHANGES: request_changes, Verdict.COMMENT: comment})
    try:
        if resume is not None:
            receipt = _resumed(resume, kind, api_url, alone=verdict is None and comments is None and not text)
        elif verdict is None:
            raise typer.BadParameter("say one of --approve, --request-changes and --comment.")
        else:
            with (
                _drafted(text, comments) as (body, drafts),
                screen.busy("Reviewing"),
                pull_at(pull, kind, api_url) as at,
            ):
                receipt = at.repository.reviews.submit(
                    at.number,
                    verdict,
                    body,
                    drafts,
                    expect_head=expect_head or at.commit,
                    include_pending=include_pending,
                )
    except BridgeError as error:
        if error.receipt is not None:
            _keep(error.receipt, save, as_json=False)
        raise
    _tell(receipt, save, as_json=as_json)


def _verdict(said: Mapping[Verdict, bool]) -> Verdict | None:
    chosen = [verdict for verdict, wanted in said.items() if wanted]
    if len(chosen) > 1:
        raise typer.BadParameter("a review has one verdict.", param_hint="--approve")
    return chosen[0] if chosen else None


@contextmanager
def _drafted(text: str, comments: str | None) -> Iterator[tuple[str, tuple[DraftComment, ...]]]:
    """What is to be said; what was piped in is given back when that fails."""
    if text == comments == texts.PIPED:
        raise typer.BadParameter("standard input holds either the text or the comments.", param_hint="--comments")
    body = texts.read(text)
    listed = "" if comments is None else texts.read_file(comments, "--comments")
    with texts.kept("\n\n".join(filter(str.strip, (body, listed if comments == texts.PIPED else "")))):
        yield body, from_json(tuple[DraftComment, ...], listed) if comments is not None else ()


def _resumed(place: str, kind: str | None, api_url: str | None, *, alone: bool) -> ReviewReceipt:
    if not alone:
        told = "a receipt has the verdict, the text and the comments; leave those out."
        raise typer.BadParameter(told, param_hint="--resume")
    receipt = ReviewReceipt.from_json(texts.read_file(place, "--resume"))
    with screen.busy("Going on"), repository_for(receipt.pull.repository, kind, api_url) as repository:
        return repository.reviews.resume(receipt)


def _tell(receipt: ReviewReceipt, save: Path | None, *, as_json: bool) -> None:
    if as_json:
        jsons.write(receipt)
    else:
        screen.console().print(receipts.review(receipt))
    if save is not None or not receipt.complete:
        _keep(receipt, save, as_json=as_json)
    if not receipt.complete:
        left = (each.error for each in (receipt.verdict, *receipt.outcomes) if each.error is not None)
        raise typer.Exit(max(map(exits.exit_code, left), default=exits.FAILED))


def _keep(receipt: ReviewReceipt, save: Path | None, *, as_json: bool) -> None:
    """Save a receipt where it was asked for; else, unless it is on standard output already, in a file of its own."""
    if save is None and (as_json or not (receipt.body.strip() or receipt.outcomes)):
        return
    written = receipt.to_json()
    try:
        place = _written(written, save, receipt.pull.number)
    except OSError as error:
        sys.stderr.write(f"The receipt could not be saved: {error}\n")
        texts.give_back(written)
        return
    told = f"Saved in {place}" if receipt.complete else f"Saved; go on with: pullbridge review --resume {place}"
    screen.console(sys.stderr).print(told, soft_wrap=True)


def _written(text: str, save: Path | None, number: int) -> Path:
    if save is not None:
        save.write_text(text, "utf-8")
        return save
    name = f"pullbridge-review-{number}-"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix=name, suffix=".json", delete=False) as file:
        file.write(text)
    return Path(file.name)
