"""Between GitHub's payloads and the neutral values: pure, and forgiving towards words that GitHub adds later."""

from __future__ import annotations

from pullbridge.hosts.github.wire.checks import (
    STATUS_WORDS,
    all_checks,
    reported,
    rollup_state,
)
from pullbridge.hosts.github.wire.files import (
    commit,
    comparison,
    file_change,
    graph_commit,
    head_of,
    viewed,
)
from pullbridge.hosts.github.wire.merging import (
    mergeability,
)
from pullbridge.hosts.github.wire.people import (
    known,
    person,
    persons,
    team,
)
from pullbridge.hosts.github.wire.pulls import (
    ANYWHERE,
    graph_pull,
    has_teams,
    pull,
    repository,
)
from pullbridge.hosts.github.wire.reviews import (
    EVENTS,
    review,
    reviewers,
)
from pullbridge.hosts.github.wire.rows import (
    rows,
)
from pullbridge.hosts.github.wire.threads import (
    GENERAL,
    SIDES,
    comment,
    general_thread,
    reactions,
    rest_comment,
    thread,
)
from pullbridge.hosts.github.wire.timeline import timeline_item
from pullbridge.hosts.moments import (
    moment,
)

__all__ = [
    "ANYWHERE",
    "EVENTS",
    "GENERAL",
    "SIDES",
    "STATUS_WORDS",
    "all_checks",
    "comment",
    "commit",
    "comparison",
    "file_change",
    "general_thread",
    "graph_commit",
    "graph_pull",
    "has_teams",
    "head_of",
    "known",
    "mergeability",
    "moment",
    "person",
    "persons",
    "pull",
    "reactions",
    "reported",
    "repository",
    "rest_comment",
    "review",
    "reviewers",
    "rollup_state",
    "rows",
    "team",
    "thread",
    "timeline_item",
    "viewed",
]
