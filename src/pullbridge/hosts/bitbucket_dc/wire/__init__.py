"""Between Data Center's payloads and the neutral values: pure, and forgiving towards words that it adds later."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.wire.branches import (
    branch,
)
from pullbridge.hosts.bitbucket_dc.wire.checks import (
    OLD_WORDS,
    WORDS,
    check,
    checks,
    newest,
    required_plans,
    unplaced,
)
from pullbridge.hosts.bitbucket_dc.wire.files import (
    LARGEST,
    Cut,
    commit,
    cut,
    disagrees,
    file_change,
    file_changes,
    git_diff,
    parted_at,
)
from pullbridge.hosts.bitbucket_dc.wire.merging import (
    closed,
    enabled,
    mergeability,
    methods,
    strategy,
    tally,
)
from pullbridge.hosts.bitbucket_dc.wire.people import (
    known,
    person,
    persons,
)
from pullbridge.hosts.bitbucket_dc.wire.places import (
    EFFECTIVE,
    RANGE,
    Ends,
    anchor,
    current,
    path_of,
    written,
)
from pullbridge.hosts.bitbucket_dc.wire.pulls import (
    ANYWHERE,
    branch_name,
    from_fork,
    full_name,
    pull,
    repository,
    state,
)
from pullbridge.hosts.bitbucket_dc.wire.reviewers import (
    VERDICTS,
    participants,
    reviewers,
)
from pullbridge.hosts.bitbucket_dc.wire.reviews import (
    remark,
    reviews,
    standing,
)
from pullbridge.hosts.bitbucket_dc.wire.tasks import (
    task,
)
from pullbridge.hosts.bitbucket_dc.wire.threads import (
    Reader,
    answered,
    comment,
    thread,
    threads,
)
from pullbridge.hosts.bitbucket_dc.wire.timeline import (
    happened,
)
from pullbridge.hosts.bitbucket_dc.wire.times import (
    moment,
)

__all__ = [
    "ANYWHERE",
    "EFFECTIVE",
    "LARGEST",
    "OLD_WORDS",
    "RANGE",
    "VERDICTS",
    "WORDS",
    "Cut",
    "Ends",
    "Reader",
    "anchor",
    "answered",
    "branch",
    "branch_name",
    "check",
    "checks",
    "closed",
    "comment",
    "commit",
    "current",
    "cut",
    "disagrees",
    "enabled",
    "file_change",
    "file_changes",
    "from_fork",
    "full_name",
    "git_diff",
    "happened",
    "known",
    "mergeability",
    "methods",
    "moment",
    "newest",
    "parted_at",
    "participants",
    "path_of",
    "person",
    "persons",
    "pull",
    "remark",
    "repository",
    "required_plans",
    "reviewers",
    "reviews",
    "standing",
    "state",
    "strategy",
    "tally",
    "task",
    "thread",
    "threads",
    "unplaced",
    "written",
]
