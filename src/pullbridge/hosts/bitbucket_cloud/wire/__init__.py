"""Between Bitbucket's payloads and the neutral values: pure, and forgiving towards words that Bitbucket adds later."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.wire.people import (
    is_called,
    known,
    person,
    persons,
)
from pullbridge.hosts.bitbucket_cloud.wire.pulls import (
    ANYWHERE,
    FULL,
    branch_end,
    pull,
    repository,
    state,
)
from pullbridge.hosts.moments import (
    moment,
)

__all__ = [
    "ANYWHERE",
    "FULL",
    "branch_end",
    "is_called",
    "known",
    "moment",
    "person",
    "persons",
    "pull",
    "repository",
    "state",
]
