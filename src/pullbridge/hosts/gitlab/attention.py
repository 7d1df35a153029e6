"""Who is told of a merge request, and who may speak there."""

from __future__ import annotations

from pullbridge.errors import BridgeError, Rejected
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import WRITE
from pullbridge.transport.call import Repeat


def set_locked(api: RepositoryApi, number: int, locked: bool, reason: str | None) -> None:
    """Let only members comment, or everybody. https://docs.gitlab.com/api/merge_requests/#update-a-merge-request"""
    if reason is not None:
        problem = "GitLab notes no reason with a lock"
        raise Rejected(f"{reason!r} cannot be said: {problem}.", problems=(problem,), next_step="Leave the reason out.")
    asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
    api.api.reply("PUT", api.pull(number), asked, body={"discussion_locked": locked}, repeat=Repeat.SAFE)


def set_subscribed(api: RepositoryApi, number: int, subscribed: bool) -> None:
    """Be told, or not. A 304 says that it is so already: https://docs.gitlab.com/api/merge_requests/#subscribe-to-a-merge-request"""
    asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
    path = api.pull(number, "subscribe" if subscribed else "unsubscribe")
    try:
        api.api.reply("POST", path, asked, repeat=Repeat.SAFE)
    except BridgeError as error:
        if error.status != 304:
            raise
