"""Reactions to comments, which come with Bitbucket as a plug-in of their own.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (comment-likes)
"""

from __future__ import annotations

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import drafting
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ
from pullbridge.transport.call import Repeat

#: Signs and other hosts' words for what Bitbucket calls by a shortcut; every other name is an emoji's own.
_NAMES = {
    "+1": "thumbsup",
    "👍": "thumbsup",
    "thumbs_up": "thumbsup",
    "-1": "thumbsdown",
    "👎": "thumbsdown",
    "thumbs_down": "thumbsdown",
    "😄": "smile",
    "laugh": "smile",
    "🎉": "tada",
    "hooray": "tada",
    "😕": "confused",
    "❤️": "heart",
    "❤": "heart",
    "🚀": "rocket",
    "👀": "eyes",
}


def name_of(reaction: str) -> str:
    """Bitbucket's shortcut of a reaction. Raises `Rejected` for what is no name of an emoji."""
    word = reaction.strip().strip(":")
    plain = word.lower().replace(" ", "_")
    name = _NAMES.get(word) or _NAMES.get(plain) or plain
    if not name.isascii() or not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        problem = f"{reaction!r} is not the name of an emoji"
        raise errors.Rejected(f"{problem}.", problems=(problem,), next_step="Name it, as in `thumbsup` or `tada`.")
    return name


def set_reaction(api: RepositoryApi, number: int, comment: str, reaction: str, on: bool) -> None:
    """React to a comment, or take that back. It is a state: to set it again changes nothing.

    Raises `Unsupported` where the plug-in is not there; which versions come with it is nowhere documented.
    """
    path = api.pull(number, "comments", comment, "reactions", name_of(reaction), service="comment-likes")
    asked = Asked(what=drafting.COMMENT, write=True, needs=READ)
    try:
        api.api.reply("PUT" if on else "DELETE", path, asked, repeat=Repeat.SAFE)
    except errors.NotThere as missing:
        # Of a comment that is there, what is not there is the reaction, or the plug-in.
        path = api.pull(number, "comments", comment)
        api.api.reply("GET", path, Asked(what=drafting.COMMENT, needs=READ))
        if on:
            raise _without(api) from missing.__cause__


def _without(api: RepositoryApi) -> errors.Unsupported:
    reason = f"this {api.api.server} has no reactions to comments"
    text, step = f"It cannot be done here: {reason}.", "Upgrade the server, or have its plug-in for them turned on."
    return errors.Unsupported(text, can=Can.REACT, reason=reason, next_step=step, host=api.api.host)
