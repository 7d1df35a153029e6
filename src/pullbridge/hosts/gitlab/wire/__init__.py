"""Between GitLab's payloads and the neutral values: pure, and forgiving towards words that GitLab adds later."""

from __future__ import annotations

from pullbridge.hosts.gitlab.wire.branches import (
    branch,
)
from pullbridge.hosts.gitlab.wire.checks import (
    STATUS_WORDS,
    graph_checks,
    is_report,
    job,
    newest,
    reported,
    status,
    status_check,
)
from pullbridge.hosts.gitlab.wire.commands import (
    command_in,
)
from pullbridge.hosts.gitlab.wire.fences import (
    MOST,
    has_suggestion,
    hosted,
    neutral,
)
from pullbridge.hosts.gitlab.wire.files import (
    commit,
    comparison,
    counts_some,
    disagrees,
    file_change,
    file_changes,
    git_diff,
    is_ready,
    stopped,
    told,
)
from pullbridge.hosts.gitlab.wire.graph import (
    graph_person,
    graph_user,
    number,
)
from pullbridge.hosts.gitlab.wire.merging import (
    judged,
    mergeability,
)
from pullbridge.hosts.gitlab.wire.people import (
    known,
    person,
    persons,
)
from pullbridge.hosts.gitlab.wire.pipelines import (
    pipeline_state,
)
from pullbridge.hosts.gitlab.wire.positions import (
    anchor,
    is_current,
    line_code,
    position,
)
from pullbridge.hosts.gitlab.wire.pulls import (
    ANYWHERE,
    from_fork,
    merge_commit,
    pull,
    repository,
    state,
)
from pullbridge.hosts.gitlab.wire.reviewers import (
    Rule,
    graph_reviewers,
    review_state,
    reviewers,
    rules,
    still_needed,
)
from pullbridge.hosts.gitlab.wire.reviews import (
    approved_at,
    remark,
    reviews,
    standing,
)
from pullbridge.hosts.gitlab.wire.threads import (
    DRAFT,
    Reader,
    comment,
    draft,
    draft_thread,
    lines_above,
    suggestion,
    thread,
    threads,
)
from pullbridge.hosts.gitlab.wire.timeline import (
    label_event,
    milestone_event,
    note_event,
    state_event,
    system_kind,
)
from pullbridge.hosts.gitlab.wire.titles import (
    is_marked,
    marked,
    unmarked,
)
from pullbridge.hosts.moments import (
    moment,
)

__all__ = [
    "ANYWHERE",
    "DRAFT",
    "MOST",
    "STATUS_WORDS",
    "Reader",
    "Rule",
    "anchor",
    "approved_at",
    "branch",
    "command_in",
    "comment",
    "commit",
    "comparison",
    "counts_some",
    "disagrees",
    "draft",
    "draft_thread",
    "file_change",
    "file_changes",
    "from_fork",
    "git_diff",
    "graph_checks",
    "graph_person",
    "graph_reviewers",
    "graph_user",
    "has_suggestion",
    "hosted",
    "is_current",
    "is_marked",
    "is_ready",
    "is_report",
    "job",
    "judged",
    "known",
    "label_event",
    "line_code",
    "lines_above",
    "marked",
    "merge_commit",
    "mergeability",
    "milestone_event",
    "moment",
    "neutral",
    "newest",
    "note_event",
    "number",
    "person",
    "persons",
    "pipeline_state",
    "position",
    "pull",
    "remark",
    "reported",
    "repository",
    "review_state",
    "reviewers",
    "reviews",
    "rules",
    "standing",
    "state",
    "state_event",
    "status",
    "status_check",
    "still_needed",
    "stopped",
    "suggestion",
    "system_kind",
    "thread",
    "threads",
    "told",
    "unmarked",
]
