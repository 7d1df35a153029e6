"""The activity stream, which is the one list that has all conversations and all verdicts.

The list of comments wants the path of a file, and so tells of no other.
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (activities)
"""

from __future__ import annotations

import msgspec

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import about
from pullbridge.hosts.decoding import told


def activities(api: RepositoryApi, number: int) -> list[payloads.Activity]:
    """All of them, newest first. One of a shape that is not known, as a plug-in may add, is passed over."""
    rows = api.api.pages(api.pull(number, "activities"), msgspec.Raw, about(number))
    found = (told(bytes(row), payloads.Activity) for row in rows)
    return [each for each in found if each is not None]
