"""What a test may turn of reviews: diffs, notes, approvals and pipelines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal


@dataclass
class ReviewKnobs:
    """Settings of the instance and of all its projects.

    patch_bytes: the largest patch of a file; larger ones are `too_large`, those of more than a tenth are collapsed.
    most_files, most_lines: what a merge request's diff keeps.
    collapsed_files, generated_files: paths that are collapsed, and patterns of generated ones.
    ranges: whether the line codes of a `line_range` are held against the diff (`check`), or kept as they are (`trust`).
        GitLab's source does not look at them; clients report of 400s.
    notes_per_minute: how many notes a person may create with `POST notes` in a minute; `None` is no limit.
    drafts_lose_position: whether a draft that is edited without `position` loses it (`lib/api/draft_notes.rb` does so).
    author_approves: whether a merge request's author may approve it; `None` is as the edition has it by default.
    reset_on_push: whether a push takes all approvals away.
    password_to_approve: what `approval_password` must be; `None` asks for none.
    merged_results: whether new pipelines of merge requests run on the merged result.
    """

    patch_bytes: int = 204_800
    most_files: int = 1_000
    most_lines: int = 50_000
    collapsed_files: Collection[str] = ()
    generated_files: Collection[str] = (
        "*.min.js",
        "*.min.css",
        "*.pb.go",
        "*package-lock.json",
        "Gemfile.lock",
        "go.sum",
    )
    ranges: Literal["check", "trust"] = "check"
    notes_per_minute: int | None = None
    drafts_lose_position: bool = True
    author_approves: bool | None = None
    reset_on_push: bool = False
    password_to_approve: str | None = None
    merged_results: bool = False
