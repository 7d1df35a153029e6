"""What a test may turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Strategy = Literal[
    "merge_commit", "squash", "fast_forward", "squash_fast_forward", "rebase_fast_forward", "rebase_merge"
]
STRATEGIES: tuple[Strategy, ...] = (
    "merge_commit",
    "squash",
    "fast_forward",
    "squash_fast_forward",
    "rebase_fast_forward",
    "rebase_merge",
)


@dataclass
class Knobs:
    """What may be turned. What counts down does so with each request that meets it.

    slow_merges: how many merges are answered 202 although nobody asked for it.
    merge_polls: how many looks (at the task or at the pull request) find an asynchronous merge pending.
    merge_failures: how many asynchronous merges fail after they were accepted with 202.
    merge_timeouts: how many merges are answered 555; `timeouts_land` says whether they are done all the same.
    merge_races: how many merges are answered 409, because one of the refs changed meanwhile.
    decline_timeouts: the same for declining (555).
    diff_timeouts: how many diffs and diffstats are answered 555.
    indexing_reads: how many looks for a commit's pull requests are answered 202.
    strategies: the merge strategies of every branch; `None` follows the repository's neutral settings.
    whoami: what access tokens that may not read `/user` hear: 403 with the scopes, 401, or `identity`: that of the token.
    default_reviewers: whether new pull requests are given the repository's default reviewers (the API does not do so).
    duplicate_pulls: what a second pull request between the same branches does: change the first, or be refused.
    draft_by_put: whether an edit may make a draft, and end it; else it is passed over.
    tasks_must_be_completed: whether open tasks are a merge check.
    empty_resolutions: whether `resolution` is `{}` where a thread is resolved.
    null_resolutions: whether it is null, and not absent, where it is not.
    echo_inline: whether a reply says the place of its root.
    publish_by_put: whether `pending: false` in a PUT publishes a pending comment, or is refused (400).
    rejects_outside: whether a comment on a line outside of the diff is refused (400).
    diffstat_tells_conflicts: whether `status` is `merge conflict` in a diffstat.
    duplicate_statuses: whether a build's key may be there more than once.
    tells_mergeable: whether `mergeable` is in every pull request, or only where `fields=` asks for it.
    tells_size: whether pages say how many rows there are in all.
    next_to, location_to, self_to: what `next`, the header `Location` and every `links.self` say instead of the truth.
    """

    slow_merges: int = 0
    merge_polls: int = 1
    merge_failures: int = 0
    merge_timeouts: int = 0
    timeouts_land: bool = False
    merge_races: int = 0
    decline_timeouts: int = 0
    diff_timeouts: int = 0
    indexing_reads: int = 0
    strategies: tuple[Strategy, ...] | None = None
    whoami: Literal["403", "401", "identity"] = "403"
    default_reviewers: bool = False
    duplicate_pulls: Literal["updates", "refused"] = "updates"
    draft_by_put: bool = True
    tasks_must_be_completed: bool = False
    empty_resolutions: bool = False
    null_resolutions: bool = False
    echo_inline: bool = True
    publish_by_put: bool = False
    rejects_outside: bool = False
    diffstat_tells_conflicts: bool = False
    duplicate_statuses: bool = False
    tells_mergeable: bool = False
    tells_size: bool = True
    next_to: str | None = None
    location_to: str | None = None
    self_to: str | None = None

    def meets(self, name: str) -> bool:
        """Whether one of those that count down is up; it is then one nearer its end."""
        left: int = getattr(self, name)
        setattr(self, name, max(0, left - 1))
        return left > 0
