"""How this GitHub's GraphQL behaves where GitHubs differ, or where nobody knows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from pullbridge.testing.github.stacks import Stacks


@dataclass
class Knobs:
    """What may be turned.

    lines_outside: what becomes of a new thread on a line that is not in the diff: `drop` it silently, as clients report
        of github.com (https://github.com/github/github-mcp-server/issues/2495), or `refuse` the whole mutation.
    without: fields that an older Enterprise version lacks, as in `PullRequest.isInMergeQueue`. A document that names
        one is refused as a whole.
    stacks: pull requests that are stacked, and how long a merge in the background takes.
    """

    lines_outside: Literal["drop", "refuse"] = "drop"
    without: Collection[str] = ()
    stacks: Stacks = field(default_factory=Stacks)
