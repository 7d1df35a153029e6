"""What GitLabs differ in, and what a test may turn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pullbridge.testing.gitlab.graphql_knobs import GraphqlKnobs
from pullbridge.testing.gitlab.review_knobs import ReviewKnobs

Tier = Literal["free", "premium", "ultimate"]
TIERS: tuple[Tier, ...] = ("free", "premium", "ultimate")

#: What a new forge says it is.
NEWEST = "19.2.0-ee"


@dataclass(frozen=True)
class Version:
    """A version of GitLab, such as `19.2.0-ee`. Without `-ee` it is the Community Edition."""

    text: str = NEWEST

    @property
    def numbers(self) -> tuple[int, ...]:
        """`(19, 2, 0)`."""
        return tuple(int(part) for part in re.findall(r"\d+", self.text.partition("-")[0]))

    @property
    def enterprise(self) -> bool:
        """Whether it is the Enterprise Edition, licensed or not."""
        return self.text.endswith("-ee")

    def at_least(self, *numbers: int) -> bool:
        """Whether it is this version or a later one."""
        return self.numbers >= numbers


@dataclass
class Knobs(ReviewKnobs, GraphqlKnobs):
    """What may be turned; see the bases for reviews and GraphQL. Those that count reads count reads of a single merge request.

    tier: the licence; `None` is `ultimate` on the Enterprise and `free` on the Community Edition.
    preparation_reads: how many reads of a new merge request find `prepared_at` and `diff_refs` null.
    push_reads: how many reads after a push still find the former head.
    locked_reads: how many reads after a merge find the state `locked`.
    rebase_reads: how many reads after a rebase was asked for find it in progress.
    import_reads: how many reads of a fork find it being imported.
    merge_refusals: how many merges of each merge request made from then on are answered 405, whatever its status says.
    merge_failures: how many merges of what is mergeable fail all the same: 422.
    require_sha_for_merge: whether a merge without `sha` is 400 (19.2 and later).
    discussions_must_be_resolved: whether open threads block merges.
    detailed_merge_status: said instead of the true one.
    stale_rows: whether lists answer from a cache that is as old as the first look at a merge request.
    developers_push: whether developers may push to protected branches.
    oauth_seconds: how long an OAuth token still holds, as it is told.
    most_counted: lists of more rows than this come without totals.
    most_offset: the largest offset of those lists that can be paged by keyset.
    merge_method, squash_option: the project settings; `None` follows the repository's neutral ones.
    """

    tier: Tier | None = None
    preparation_reads: int = 1
    push_reads: int = 0
    locked_reads: int = 0
    rebase_reads: int = 1
    import_reads: int = 1
    merge_refusals: int = 0
    merge_failures: int = 0
    require_sha_for_merge: bool = False
    discussions_must_be_resolved: bool = False
    detailed_merge_status: str | None = None
    stale_rows: bool = False
    developers_push: bool = False
    oauth_seconds: int = 7200
    most_counted: int = 10_000
    most_offset: int = 50_000
    merge_method: Literal["merge", "rebase_merge", "ff"] | None = None
    squash_option: Literal["never", "always", "default_on", "default_off"] | None = None
