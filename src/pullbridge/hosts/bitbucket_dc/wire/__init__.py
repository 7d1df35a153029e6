"""Between Data Center's payloads and the neutral values: pure, and forgiving towards words that it adds later."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.wire.people import (
    known,
    person,
    persons,
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
from pullbridge.hosts.bitbucket_dc.wire.times import (
    moment,
)

__all__ = [
    "ANYWHERE",
    "branch_name",
    "from_fork",
    "full_name",
    "known",
    "moment",
    "person",
    "persons",
    "pull",
    "repository",
    "state",
]
