"""Between GitLab's payloads and the neutral values: pure, and forgiving towards words that GitLab adds later."""

from __future__ import annotations

from pullbridge.hosts.gitlab.wire.branches import (
    branch,
)
from pullbridge.hosts.gitlab.wire.merging import (
    judged,
    mergeability,
)
from pullbridge.hosts.gitlab.wire.moments import (
    moment,
)
from pullbridge.hosts.gitlab.wire.people import (
    known,
    person,
    persons,
)
from pullbridge.hosts.gitlab.wire.pipelines import (
    pipeline_state,
)
from pullbridge.hosts.gitlab.wire.pulls import (
    ANYWHERE,
    from_fork,
    merge_commit,
    pull,
    repository,
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

__all__ = [
    "ANYWHERE",
    "branch",
    "from_fork",
    "is_marked",
    "judged",
    "known",
    "label_event",
    "marked",
    "merge_commit",
    "mergeability",
    "milestone_event",
    "moment",
    "note_event",
    "person",
    "persons",
    "pipeline_state",
    "pull",
    "repository",
    "state_event",
    "system_kind",
    "unmarked",
]
