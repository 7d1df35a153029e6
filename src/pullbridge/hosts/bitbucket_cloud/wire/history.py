"""The order of commits."""

from __future__ import annotations

from collections.abc import Sequence

from pullbridge.hosts.bitbucket_cloud import payloads


def oldest_first(rows: Sequence[payloads.Commit]) -> Sequence[payloads.Commit]:
    """Commits with parents before their children, whichever way they came; those that are not related stay as they are.

    https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ says "in chronological order", and answers
    begin with the newest.
    """
    at = {row.hash: index for index, row in enumerate(rows)}
    for index, row in enumerate(rows):
        for parent in row.parents or ():
            if parent.hash in at:
                return rows[::-1] if at[parent.hash] > index else rows
    return rows
