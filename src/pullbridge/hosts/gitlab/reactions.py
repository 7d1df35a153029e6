"""Reactions: award emoji. https://docs.gitlab.com/api/emoji_reactions/"""

from __future__ import annotations

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import drafting, payloads, whoami, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.transport.call import Repeat

#: Signs and other hosts' words for what GitLab calls by name; every other name is an emoji's own.
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
    """GitLab's name of a reaction. Raises `Rejected` for what is no name of an emoji."""
    word = reaction.strip().strip(":")
    name = _NAMES.get(word) or _NAMES.get(word.lower().replace(" ", "_")) or word.lower().replace(" ", "_")
    if not name.isascii() or not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        problem = f"{reaction!r} is not the name of an emoji"
        raise errors.Rejected(f"{problem}.", problems=(problem,), next_step="Name it, as in `thumbsup` or `tada`.")
    return name


def set_reaction(api: RepositoryApi, number: int, comment: str, reaction: str, on: bool) -> None:
    """React to a comment, or take that back. It is a state: to set it again changes nothing."""
    if comment.startswith(wire.DRAFT):
        text, reason = "A draft takes no reactions.", "drafts of notes have none"
        raise errors.Unsupported(text, reason=reason, next_step="Publish your review first.")
    name, path = name_of(reaction), api.pull(number, "notes", comment, "award_emoji")
    if on:
        _add(api, path, name)
    else:
        _remove(api, path, name)


def _add(api: RepositoryApi, path: str, name: str) -> None:
    asked = Asked(what="such comment", write=True, needs=drafting.WRITE)
    try:
        api.api.reply("POST", path, asked, body={"name": name}, repeat=Repeat.SAFE)
    except (errors.NotThere, errors.AlreadyThere) as error:
        # GitLab says 404 for a name that is no emoji's and for what is there already, too.
        if _mine(api, path, name) is None:
            raise _unknown(error, name) from error.__cause__


def _unknown(error: errors.BridgeError, name: str) -> errors.BridgeError:
    """The comment is there, since its reactions could be read: so the emoji is not."""
    problem = f"GitLab has no emoji called {name!r}, or takes no reactions here"
    facts = {"host": error.host, "request_id": error.request_id}
    return errors.Rejected(f"{problem}.", problems=(problem,), status=error.status, **facts)


def _remove(api: RepositoryApi, path: str, name: str) -> None:
    found = _mine(api, path, name)
    if found is None:
        return
    asked = Asked(what="such reaction", write=True, needs=drafting.WRITE)
    try:
        api.api.reply("DELETE", f"{path}/{found}", asked, repeat=Repeat.SAFE)
    except errors.NotThere:
        return


def _mine(api: RepositoryApi, path: str, name: str) -> int | None:
    """The id of my own reaction of that name; `None` when there is none. Raises `NotThere` for no such comment."""
    me = whoami.me(api.api)
    rows = api.api.pages(path, payloads.AwardEmoji, Asked(what="such comment"))
    for row in rows:
        if row.name == name and row.user is not None and me is not None and str(row.user.id) == me.id:
            return row.id
    return None
