"""Conversations: comments, put together by what each of them answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.wire import places
from pullbridge.hosts.bitbucket_cloud.wire.people import known, person
from pullbridge.hosts.moments import moment
from pullbridge.hosts.suggesting import suggestions
from pullbridge.model.anchor import Anchor
from pullbridge.model.people import Person
from pullbridge.model.threads import Comment, CommentState, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, and what is known beside the comments: the head, and where those from here were written.

    `written` is by the comment's id. Of all others Bitbucket does not tell at which commit they were written.
    """

    me: Person | None = None
    head: str | None = None
    written: Mapping[str, Anchor] = field(default_factory=dict)

    def is_me(self, account: payloads.Account | None) -> bool | None:
        """Whether that is me; `None` when nobody knows who I am."""
        if self.me is None:
            return None
        return account is not None and account.uuid == self.me.id


def threads(rows: Iterable[payloads.Comment], reader: Reader) -> tuple[Thread, ...]:
    """All conversations, those on the whole pull request first.

    Answers hang on answers, to any depth: each belongs to what it answers in the end. Deleted comments stay where they hold
    a conversation together; one in which nothing is left is none.
    """
    by_id = {row.id: row for row in rows}
    groups: dict[int, list[payloads.Comment]] = {}
    for row in by_id.values():
        groups.setdefault(root_of(row.id, by_id), []).append(row)
    found = [thread(root, said, reader) for root, said in groups.items() if not all(row.deleted for row in said)]
    return tuple(sorted(found, key=lambda each: each.anchor is not None))


def root_of(identity: int, by_id: Mapping[int, payloads.Comment]) -> int:
    """The comment that another one answers in the end; itself when it answers nothing.

    What is answered may not be there, if it was hidden; comments that answer each other in a circle have the oldest as root.
    """
    met = [identity]
    while (row := by_id.get(met[-1])) is not None and row.parent is not None:
        if row.parent.id in met:
            return min(met[met.index(row.parent.id) :])
        met.append(row.parent.id)
    return met[-1]


def thread(root: int, said: Sequence[payloads.Comment], reader: Reader) -> Thread:
    """One conversation. Its place and whether it is settled are its first comment's: answers only repeat them."""
    rows = sorted(said, key=lambda row: (row.id != root, row.id))
    first = rows[0]
    place = places.anchor(first.inline) if first.inline is not None else None
    outdated = bool(first.inline.outdated) if first.inline is not None else False
    resolution, links = first.resolution, first.links or payloads.Links()
    return Thread(
        id=str(root),
        comments=tuple(comment(row, reader) for row in rows),
        anchor=reader.written.get(str(root), place),
        current=None if first.inline is None or outdated else places.anchor(first.inline, reader.head),
        outdated=outdated,
        # Only conversations on the diff can be settled; `{}` settles them as well.
        resolved=None if place is None and resolution is None else resolution is not None,
        resolved_by=known(resolution.user) if resolution is not None else None,
        can_resolve=False if place is None or first.pending else None,
        url=links.html.href if links.html else None,
    )


def comment(row: payloads.Comment, reader: Reader) -> Comment:
    """A comment; of a deleted one its author and its times are left. Bitbucket's API tells no reactions."""
    body = "" if row.deleted or row.content is None else row.content.raw or ""
    links = row.links or payloads.Links()
    return Comment(
        id=str(row.id),
        author=person(row.user),
        body=body,
        created_at=moment(row.created_on),
        updated_at=moment(row.updated_on),
        url=links.html.href if links.html else None,
        reactions=None,
        suggestions=suggestions(str(row.id), body),
        state=CommentState.PENDING if row.pending else CommentState.PUBLISHED,
        deleted=bool(row.deleted),
        mine=reader.is_me(row.user),
    )
