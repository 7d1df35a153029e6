"""Reactions to comments: https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (`comment-likes`)"""

from __future__ import annotations

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.asking import NOTHING, PULL, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.comment_shapes import shape
from pullbridge.testing.bitbucket_dc.comments import of
from pullbridge.testing.bitbucket_dc.emoticons import SIGNS, emoticon
from pullbridge.testing.store import Reaction


def _word(ask: Ask) -> str:
    word = str(ask.values["emoticon"])
    if word not in SIGNS:
        raise errors.bad_argument(f"'{word}' is not a known emoticon.")
    return word


def add(ask: Ask) -> Answer:
    """PUT: once, however often it is sent."""
    comment, word = of(ask), _word(ask)
    if not any(each.user is ask.me and each.content == word for each in comment.reactions):
        made = Reaction(id=ask.store.next_id(), user=ask.me, content=word, created_at=ask.store.now())
        comment.reactions.append(made)
    shown = {"comment": shape(ask, comment), "emoticon": emoticon(word), "user": ask.shapes.user(ask.me)}
    return Answer(payload=shown)


def remove(ask: Ask) -> Answer:
    """DELETE: 204 also for what is not there."""
    comment, word = of(ask), _word(ask)
    comment.reactions = [each for each in comment.reactions if each.user is not ask.me or each.content != word]
    return NOTHING


_RULE = f"{PULL}/comments/<int:comment>/reactions/<emoticon>"
#: The version is unverified.
_SINCE = (7, 8)
ROUTES = (
    Route(method="PUT", rule=_RULE, answer=add, service="comment-likes", since=_SINCE),
    Route(method="DELETE", rule=_RULE, answer=remove, service="comment-likes", since=_SINCE),
)
