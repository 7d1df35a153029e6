"""Between GitLab's payloads and the neutral values: pure, and forgiving towards words that GitLab adds later."""

from __future__ import annotations

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
from pullbridge.hosts.gitlab.wire.titles import (
    is_marked,
    marked,
    unmarked,
)

__all__ = [
    "ANYWHERE",
    "from_fork",
    "is_marked",
    "known",
    "marked",
    "merge_commit",
    "moment",
    "person",
    "persons",
    "pipeline_state",
    "pull",
    "repository",
    "unmarked",
]
