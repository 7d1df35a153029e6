"""Who is told of a pull request. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (watch)"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import writing
from pullbridge.transport.call import Repeat


def set_subscribed(api: RepositoryApi, number: int, subscribed: bool) -> None:
    """Watch it, or not."""
    verb = "POST" if subscribed else "DELETE"
    api.api.reply(verb, api.pull(number, "watch"), writing(number), repeat=Repeat.SAFE)
