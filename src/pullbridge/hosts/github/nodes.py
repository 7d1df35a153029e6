"""Node ids, which GraphQL's mutations want: asked for only where no answer has brought one yet.

https://docs.github.com/en/graphql/guides/using-global-node-ids
"""

from __future__ import annotations

from pullbridge.errors import BadAnswer, ScopeMissing
from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about

_WRITE = ("pull_requests:write",)


def of_pull(api: RepositoryApi, number: int) -> str:
    """The node id of a pull request that is to be written to."""
    found = api.node(number)
    if found is None:
        found = _asked_for(api, number)
        api.remember(number, found)
    return found


def _asked_for(api: RepositoryApi, number: int) -> str:
    try:
        found = api.api.get(api.path("pulls", number), payloads.RestPull, about(number)).node_id
    except ScopeMissing as error:
        if error.granted is None and error.sso_url is None:
            # What is wanted in the end is to write, and that includes to read.
            error.needed = _WRITE
            error.summary = f"The token lacks {' and '.join(_WRITE)}."
        raise
    if found is None:
        text, what = "GitHub did not give the pull request's node id.", f"pull request #{number}"
        raise BadAnswer(text, what=what, host=api.api.host)
    return found
