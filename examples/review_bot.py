"""Post a linter's findings as one review, and be safe to run twice.

    python examples/review_bot.py https://github.com/octo/app/pull/7 findings.json --receipt receipt.json

`findings.json` is a list of `{"path": "src/a.py", "line": 3, "end_line": 5, "message": "…"}`; `end_line` may be left out.
Findings where the host takes no comment, on lines that the diff does not show, stand in the review's text.

The exit code is 0 when all is up, 1 when something is not. What is not up is in the receipt, from which the next run goes on;
a run that was killed leaves none, and the next one finds what is up by asking.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pullbridge
from pullbridge import Anchor, BridgeError, DraftComment, PullRef, Repository, ReviewReceipt, Stale, Verdict


class Finding(NamedTuple):
    """What a linter says about some lines."""

    path: str
    line: int
    message: str
    end_line: int | None = None

    def at(self, commit: str | None) -> Anchor:
        """Where it hangs, in that version."""
        return Anchor.lines(self.path, self.line, self.end_line or self.line, commit=commit)


def main(arguments: Sequence[str] | None = None) -> int:
    """Review, or go on with a review; return the exit code."""
    options = parsed(arguments)
    try:
        findings = [Finding(**each) for each in json.loads(options.findings.read_text("utf-8"))]
        pull = pullbridge.parse(options.pull)
    except (OSError, ValueError, TypeError) as error:
        print(f"{options.findings} holds no list of findings: {error}", file=sys.stderr)
        return 2
    except BridgeError as error:
        print(error, file=sys.stderr)
        return 2
    if not isinstance(pull, PullRef):
        print(f"{options.pull} names no pull request.", file=sys.stderr)
        return 2
    try:
        with pullbridge.connect(pull) as repo:
            receipt = reviewed(repo, pull, findings, options.receipt)
    except Stale as error:
        # Another version: these findings are not about it. The next run begins anew.
        options.receipt.unlink(missing_ok=True)
        print(error, file=sys.stderr)
        return 1
    except BridgeError as error:
        if error.receipt is not None:
            keep(options.receipt, error.receipt)
        print(error, file=sys.stderr)
        return 1
    return told(receipt)


def reviewed(repo: Repository, pull: PullRef, findings: Sequence[Finding], kept: Path) -> ReviewReceipt:
    """Go on with the receipt of an earlier run, or post the review; keep the receipt of what is not all up."""
    if kept.exists():
        receipt = repo.reviews.resume(ReviewReceipt.from_json(kept.read_text("utf-8")))
    else:
        receipt = posted(repo, pull, findings)
    if receipt.complete:
        kept.unlink(missing_ok=True)
    else:
        keep(kept, receipt)
    return receipt


def posted(repo: Repository, pull: PullRef, findings: Sequence[Finding]) -> ReviewReceipt:
    """Post all findings in one review of the head."""
    head = repo.pulls.get(pull).source.commit
    inside = [each for each in findings if repo.threads.placement(pull, each.at(head)).ok is not False]
    outside = [each for each in findings if each not in inside]
    lines = [f"- `{each.at(head)}`: {each.message}" for each in outside]
    return repo.reviews.submit(
        pull,
        verdict=Verdict.COMMENT,
        body="\n".join(["Not on changed lines:", "", *lines]) if lines else "",
        comments=[DraftComment(each.message, at=each.at(head)) for each in inside],
        expect_head=head,
        skip_existing=True,
        on_progress=lambda done, total: print(f"{done} of {total} comments are settled", file=sys.stderr),
    )


def keep(path: Path, receipt: ReviewReceipt) -> None:
    """Write the receipt, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_text(receipt.to_json(), "utf-8")
    fresh.replace(path)


def told(receipt: ReviewReceipt) -> int:
    """Say how many comments met which fate, and why where they are not up."""
    fates = [outcome.status.value for outcome in receipt.outcomes]
    for fate in sorted(set(fates)):
        print(f"{fates.count(fate):4} {fate}")
    for outcome in receipt.outcomes:
        if outcome.error is not None and outcome.draft is not None:
            print(f"{outcome.draft.at}: {outcome.error}", file=sys.stderr)
    return 0 if receipt.complete else 1


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Post a linter's findings as one review.")
    parser.add_argument("pull", metavar="PULL_URL", help="its page's address, as https://github.com/octo/app/pull/7")
    shape = '[{"path": "src/a.py", "line": 3, "end_line": 5, "message": "…"}, …]'
    parser.add_argument("findings", metavar="FINDINGS", type=Path, help=f"a JSON file: {shape}")
    parser.add_argument("--receipt", type=Path, default=Path("receipt.json"), help="where to keep what is not up")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
