"""What a test can turn, where Data Centers differ from each other or where a client must not rely on more."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: The newest version that is played.
NEWEST = "9.2.0"


class Version:
    """A product version: `9.2.0`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.numbers: tuple[int, ...] = tuple(int(part) for part in re.findall(r"\d+", text))

    def at_least(self, *numbers: int) -> bool:
        """Whether it is that version or a later one."""
        return self.numbers >= numbers


@dataclass
class Knobs:
    """How this instance behaves.

    hidden_status: what somebody hears of a repository that they may not see: 404, or 401 as for any missing permission.
    hidden_rows: rows between two others that the caller may not see; they count in `start` and `nextPageStart`.
    pages_loop: whether `nextPageStart` leads to the same page again, for ever.
    links_to: the address that links in answers begin with, instead of the instance's own.
    most_rows: the largest page of anything, whatever `limit` asks for; each resource has a limit of its own besides.
    tells_truncation: whether changes that were cut at the page's limit come with `isLastPage: false`.
    most_diff_lines: where the JSON of a diff is cut.
    path_objects: whether an anchor's path is an object, as the specification says, or a string, as it was before.
    tells_can_merge: whether `GET …/merge` says `canMerge`, which the specification does not know.
    moves_with_target: whether a push to the target makes a new version of the pull requests into it (unverified).
    comment_echoes: whether edits and replies are activities of their own, besides the thread's.
    unapproves: whether a push takes the approvals back ("unapprove automatically on new changes").
    authors_delete: whether authors may delete their pull requests.
    vetoes: what stands in the way of every merge, as (summary, details).
    reads_stay_unknown: how many times `GET …/merge` answers `UNKNOWN` after a change.
    checks_anchors: whether an anchor that is not in the diff is refused, or kept as orphaned without a word.
    wants_spans: whether a range must tell its lines on both sides (`multilineSpan`), as later versions want.
    from_hash_is_target: whether the effective diff says that it starts at the target's tip, not where the source left it.
    drift_makes_versions: whether a comment that a push moved has a new version.
    trusts_programs: whether a POST without a body and a type passes from what is no browser. A 10.4 was seen to let it
        pass; the documentation asks for a type or a header.
    strategies: the merge strategies that are enabled; `None` follows the repository's settings.
    mirror: whether this is a mirror, which answers git alone and takes no pushes.
        https://confluence.atlassian.com/bitbucketserver/smart-mirroring-776640046.html (what its REST answers is unverified)
    anonymous: whether what is public can be read without signing in.
    """

    hidden_status: int = 404
    hidden_rows: int = 0
    pages_loop: bool = False
    links_to: str | None = None
    most_rows: int = 1000
    tells_truncation: bool = True
    most_diff_lines: int = 10_000
    path_objects: bool = False
    tells_can_merge: bool = True
    moves_with_target: bool = True
    comment_echoes: bool = False
    unapproves: bool = False
    authors_delete: bool = True
    vetoes: list[tuple[str, str]] = field(default_factory=list)
    reads_stay_unknown: int = 0
    checks_anchors: bool = True
    wants_spans: bool = False
    from_hash_is_target: bool = False
    drift_makes_versions: bool = False
    trusts_programs: bool = False
    strategies: tuple[str, ...] | None = None
    mirror: bool = False
    anonymous: bool = True
