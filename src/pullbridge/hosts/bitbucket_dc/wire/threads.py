"""Conversations. Their answers are nested to any depth; here they follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire import places
from pullbridge.hosts.bitbucket_dc.wire.people import known, person
from pullbridge.hosts.bitbucket_dc.wire.times import moment
from pullbridge.hosts.suggesting import suggestions
from pullbridge.model.people import Person, Reaction
from pullbridge.model.threads import Comment, CommentState, Thread

_SIGNS = {"ADDED": "+", "REMOVED": "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, and what is known beside the comments: the page of the pull request, and its diff of now."""

    url: str
    me: Person | None = None
    head: places.Ends | None = None

    def is_me(self, user: payloads.User | None) -> bool | None:
        """Whether that is me; `None` when nobody knows who I am."""
        return None if self.me is None else person(user).id == self.me.id


@dataclass(slots=True)
class _Root:
    """What begins a conversation, with what its activity tells besides."""

    comment: payloads.Comment
    anchor: payloads.DiffAnchor | None = None
    diff: payloads.ActivityDiff | None = None


def threads(
    activities: Iterable[payloads.Activity], pending: Iterable[payloads.Comment], reader: Reader
) -> tuple[Thread, ...]:
    """All conversations, oldest first, those on the whole pull request before the others, my drafts where they stand.

    `pending` are the conversations that have drafts of mine. An edit, an answer and a removal may be activities of their
    own: they tell nothing that the conversation does not.
    """
    told = tuple(activities)
    roots = _roots(told)
    for each in pending:
        root = roots.setdefault(each.id, _Root(each))
        root.comment = _merged(root.comment, each)
    for inner in {comment.id for root in roots.values() for comment in _answers(root.comment)}:
        roots.pop(inner, None)
    pushed = next((each.from_hash for each in told if each.action == "RESCOPED"), None)
    found = [_thread(roots[identity], reader, pushed) for identity in sorted(roots)]
    return tuple(sorted(found, key=lambda each: each.anchor is not None))


def _roots(activities: Iterable[payloads.Activity]) -> dict[int, _Root]:
    roots: dict[int, _Root] = {}
    gone: set[int] = set()
    for each in activities:
        comment = each.comment
        if comment is None or comment.parent is not None:
            continue
        if each.comment_action == "DELETED":
            gone.add(comment.id)
            continue
        root = roots.setdefault(comment.id, _Root(comment))
        root.anchor = root.anchor or each.comment_anchor
        root.diff = root.diff or each.diff
    for identity in gone:
        roots.pop(identity, None)
    return roots


def _merged(one: payloads.Comment, other: payloads.Comment) -> payloads.Comment:
    """One conversation by two answers: with every answer in it that either has."""
    seen = {each.id for each in _answers(one)}
    if all(each.id in seen for each in _answers(other)):
        return one
    more = [each for each in _answers(other) if each.id not in seen]
    return payloads.with_answers(one, [*(one.comments or ()), *more])


def _answers(root: payloads.Comment) -> Iterator[payloads.Comment]:
    """All answers below a comment, whatever their depth."""
    left = list(root.comments or ())
    while left:
        each = left.pop()
        yield each
        left += each.comments or ()


def answered(activities: Iterable[payloads.Activity]) -> dict[int, int]:
    """What each answer is an answer to, by their ids."""
    found: dict[int, int] = {}
    left = [each.comment for each in activities if each.comment is not None]
    while left:
        comment = left.pop()
        found |= {each.id: comment.id for each in comment.comments or ()}
        left += comment.comments or ()
    return found


def thread(payload: payloads.Comment, reader: Reader) -> Thread:
    """The conversation that a comment begins."""
    return _thread(_Root(payload), reader)


def _thread(root: _Root, reader: Reader, pushed: str | None = None) -> Thread:
    """`pushed` is the head since the last push that its activities tell of."""
    first, told = root.comment, root.anchor or root.comment.anchor
    place = places.anchor(told)
    # An activity without any push after it tells of the head that was commented on.
    seen = pushed or (told.to_hash if root.anchor is not None and told is not None else None)
    now, outdated = places.current(told, reader.head, seen) if told is not None and place is not None else (None, False)
    # Ids only grow, so that in their order answers are in that of time.
    said = [first, *sorted({each.id: each for each in _answers(first)}.values(), key=lambda each: each.id)]
    return Thread(
        id=str(first.id),
        comments=tuple(comment(each, reader, anchored=place is not None) for each in said),
        anchor=place,
        current=now,
        outdated=outdated,
        resolved=None if first.is_pending else first.thread_resolved,
        resolved_by=known(first.thread_resolver) if first.thread_resolved else None,
        can_reply=False if first.is_pending else None,
        can_resolve=False if first.is_pending or first.thread_resolved is None else None,
        hunk=_hunk(root.diff),
        url=_url(reader, first.id),
    )


def comment(payload: payloads.Comment, reader: Reader, *, anchored: bool) -> Comment:
    """A comment; suggestions are for lines, so that one on the whole has none."""
    body = payload.text or ""
    return Comment(
        id=str(payload.id),
        author=person(payload.author),
        body=body,
        created_at=moment(payload.created_date),
        updated_at=moment(payload.updated_date),
        url=_url(reader, payload.id),
        reactions=tuple(_reactions(payload.properties, reader)),
        suggestions=suggestions(str(payload.id), body) if anchored else (),
        state=CommentState.PENDING if payload.is_pending else CommentState.PUBLISHED,
        mine=reader.is_me(payload.author),
    )


def _reactions(told: payloads.CommentProperties | None, reader: Reader) -> Iterator[Reaction]:
    for each in (told.reactions or ()) if told is not None else ():
        name = (each.emoticon.shortcut or each.emoticon.value) if each.emoticon is not None else None
        if name:
            who = [person(user).id for user in each.users or ()]
            yield Reaction(name=name, count=len(who), mine=None if reader.me is None else reader.me.id in who)


def _hunk(diff: payloads.ActivityDiff | None) -> str | None:
    """The piece of the diff as it was when the conversation began, as git writes it."""
    rows = [row for hunk in (diff.hunks or () if diff is not None else ()) for row in _rows(hunk)]
    return "\n".join(rows) or None


def _rows(hunk: payloads.DiffHunk) -> Iterator[str]:
    yield (f"@@ -{hunk.source_line},{hunk.source_span} +{hunk.destination_line},{hunk.destination_span} @@")
    for segment in hunk.segments or ():
        for row in segment.lines or ():
            yield f"{_SIGNS.get(segment.type, ' ')}{row.line}"


def _url(reader: Reader, identity: int) -> str:
    """Where its links lead: `/projects/PRJ/repos/name/pull-requests/7/overview?commentId=9`"""
    return f"{reader.url}/overview?commentId={identity}"
