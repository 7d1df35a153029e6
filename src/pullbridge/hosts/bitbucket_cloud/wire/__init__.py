"""Between Bitbucket's payloads and the neutral values: pure, and forgiving towards words that Bitbucket adds later."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.wire.branches import (
    branch,
)
from pullbridge.hosts.bitbucket_cloud.wire.checks import (
    STATUS_WORDS,
    check,
    checks,
    key,
)
from pullbridge.hosts.bitbucket_cloud.wire.files import (
    MOST,
    commit,
    file_changes,
    shown,
)
from pullbridge.hosts.bitbucket_cloud.wire.history import (
    oldest_first,
)
from pullbridge.hosts.bitbucket_cloud.wire.merging import (
    STRATEGIES,
    Standing,
    is_done,
    mergeability,
    strategy,
    takes_message,
)
from pullbridge.hosts.bitbucket_cloud.wire.people import (
    is_called,
    known,
    person,
    persons,
)
from pullbridge.hosts.bitbucket_cloud.wire.places import (
    anchor,
    inline,
)
from pullbridge.hosts.bitbucket_cloud.wire.pulls import (
    ANYWHERE,
    FULL,
    branch_end,
    pull,
    repository,
    state,
)
from pullbridge.hosts.bitbucket_cloud.wire.reviewers import (
    reviewers,
    standing,
    verdicts,
)
from pullbridge.hosts.bitbucket_cloud.wire.reviews import (
    completed,
    reaches,
    remark,
    review_of,
    reviews,
)
from pullbridge.hosts.bitbucket_cloud.wire.tasks import (
    TASK_STATES,
    task,
)
from pullbridge.hosts.bitbucket_cloud.wire.threads import (
    Reader,
    comment,
    root_of,
    thread,
    threads,
)
from pullbridge.hosts.bitbucket_cloud.wire.timeline import (
    ended,
    timeline,
)
from pullbridge.hosts.moments import (
    moment,
)

__all__ = [
    "ANYWHERE",
    "FULL",
    "MOST",
    "STATUS_WORDS",
    "STRATEGIES",
    "TASK_STATES",
    "Reader",
    "Standing",
    "anchor",
    "branch",
    "branch_end",
    "check",
    "checks",
    "comment",
    "commit",
    "completed",
    "ended",
    "file_changes",
    "inline",
    "is_called",
    "is_done",
    "key",
    "known",
    "mergeability",
    "moment",
    "oldest_first",
    "person",
    "persons",
    "pull",
    "reaches",
    "remark",
    "repository",
    "review_of",
    "reviewers",
    "reviews",
    "root_of",
    "shown",
    "standing",
    "state",
    "strategy",
    "takes_message",
    "task",
    "thread",
    "threads",
    "timeline",
    "verdicts",
]
