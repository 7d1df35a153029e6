"""Drafts of comments: a review that is built up over time, and that Data Center shows to its author alone (7.7).

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (review)
"""

from __future__ import annotations

from collections.abc import Iterable

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.bitbucket_dc import drafting, payloads
from pullbridge.hosts.bitbucket_dc.abilities import RULES
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import about, writing
from pullbridge.hosts.bitbucket_dc.refusing import too_old
from pullbridge.model.reviews import DraftComment
from pullbridge.transport.call import Repeat

#: Older versions take no notice of the state, and show the comment to everybody.
SINCE = RULES[Can.PENDING_REVIEW].since


def mine(api: RepositoryApi, number: int) -> list[payloads.Comment]:
    """The conversations with drafts of mine; none where nobody is signed in, or the version has no such thing."""
    known = api.api.version
    if api.api.signing.anonymous or (known is not None and not known.at_least(SINCE)):
        return []
    try:
        return api.api.pages(api.pull(number, "review"), payloads.Comment, about(number))
    except errors.NotThere:
        # The version, or a pull request that is not there: which of them, whatever is read beside it tells.
        return []


def add(api: RepositoryApi, number: int, draft: DraftComment) -> payloads.Comment:
    """Keep a draft."""
    if not api.api.at_least(SINCE):
        raise too_old(Can.PENDING_REVIEW, SINCE, api.api.server, api.api.host)
    more = {} if draft.reply_to is None else {"parent": drafting.reference(draft.reply_to)}
    return drafting.post(api, number, draft.body, draft.at, state="PENDING", **more)


def drafts(conversations: Iterable[payloads.Comment]) -> list[payloads.Comment]:
    """The drafts in these conversations, at whatever depth."""
    found: list[payloads.Comment] = []
    left = list(conversations)
    while left:
        each = left.pop()
        found += [each] if each.is_pending else []
        left += each.comments or ()
    return found


def discard(api: RepositoryApi, number: int) -> bool:
    """Throw all my drafts away; whether there were any."""
    if not mine(api, number):
        return False
    api.api.reply("DELETE", api.pull(number, "review"), writing(number), repeat=Repeat.SAFE)
    return True
