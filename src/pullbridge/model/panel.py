"""Everything that an editor shows of one pull request, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass

from pullbridge.capabilities import Capabilities
from pullbridge.model.checks import Check
from pullbridge.model.diff import Commit, FileChange
from pullbridge.model.merge import Mergeability
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull
from pullbridge.model.reviews import Review, Reviewer
from pullbridge.model.threads import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A part of a panel that is missing or partial: which, why, and what would help."""

    part: str
    reason: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A pull request with all that belongs to it. What could not be had is named in `gaps`."""

    pull: Pull
    commits: tuple[Commit, ...]
    files: tuple[FileChange, ...]
    threads: tuple[Thread, ...]
    reviews: tuple[Review, ...]
    reviewers: tuple[Reviewer, ...]
    checks: tuple[Check, ...]
    mergeability: Mergeability
    viewer: Person | None
    can: Capabilities
    gaps: tuple[Gap, ...] = ()
