"""`repo.threads`: conversations on lines, on files and on the whole pull request."""

from __future__ import annotations

from pullbridge.capabilities import Can
from pullbridge.errors import Rejected
from pullbridge.model.anchor import Anchor, Placement, Side
from pullbridge.model.places import PlacedThread
from pullbridge.model.refs import same_commit
from pullbridge.model.reviews import DraftComment
from pullbridge.model.threads import Comment, CommentState, Thread
from pullbridge.repository import placing
from pullbridge.repository.arguments import inside
from pullbridge.repository.at_buffer import at_head, marked
from pullbridge.repository.confirm import Since, Unsure, confirmed, gone, matching, one_of
from pullbridge.repository.in_file import threads_in
from pullbridge.repository.nearby import saved
from pullbridge.repository.newest import Watch
from pullbridge.repository.reactions import Reactions
from pullbridge.repository.verb import PullLike, Session, reads, writes


class Threads(Reactions):
    """Conversations. A thread or comment is given as the value or as its id."""

    __slots__ = ()

    @reads(Can.READ)
    def list(self, n: PullLike) -> tuple[Thread, ...]:
        """List all conversations with all their comments: those on the whole pull request first, then those on the diff."""
        return seen_threads(self._session, self._session.number(n))

    @writes(Can.COMMENT)
    def start(self, n: PullLike, body: str, at: Anchor | None = None, skip_existing: bool = False) -> Thread:
        """Begin a conversation at `at`, or about the whole pull request.

        An anchor without a commit is taken to be at the head that was last seen. With `skip_existing`, a comment of mine
        with the same text at the same place is given back instead of a second one; anybody's, for a credential that does
        not tell who I am.

        Raises `Unplaceable` (with the nearest place) before anything is sent when the diff has no such place, `Rejected`
        for an empty text, and `Unconfirmed` when nobody can say whether it arrived; every error has the text in `text`.
        """
        return self._start(self._session.number(n), written(body), at, skip_existing)

    @writes(Can.COMMENT, Can.COMMENT_INLINE, Can.CONTENT)
    def start_at_buffer(self, n: PullLike, path: str, text: str | bytes, start: int, end: int, body: str) -> Thread:
        """Begin a conversation on the lines `start` to `end` (from 1, both included) of `text`, what an editor holds now.

        The comment is put on these lines in the head, wherever unsaved edits have moved them to here. They have to be there
        as they are in the text, but for blanks and line ends. `path` may be the name that the target branch has.

        Raises, before anything is sent: `Unplaceable` where they are not (`PlacementReason.NOT_IN_HEAD`), or are no place for
        a comment, with the `nearest` one in the head; `Rejected` for lines that the text does not have, a path that is none
        of a repository's, and an empty `body`. Else it raises what `start` does; every error has `body` in its `text`.
        """
        number, said = self._session.number(n), written(body)
        wanted = marked(inside(path), text, start, end)
        self._session.require(*finer(wanted))
        return self._start(number, said, at_head(self._session, number, wanted, text), False)

    def _start(self, number: int, text: str, at: Anchor | None, skip_existing: bool) -> Thread:
        if at is not None:
            self._session.require(Can.COMMENT_INLINE, *finer(at))
            placing.catch_up(self._session, number, [at])
        anchor = placing.placed(self._session, number, at, None).anchor if at is not None else None
        if skip_existing:
            existing = _mine(seen_threads(self._session, number), text, anchor)
            if existing is not None:
                return existing
        watch = Watch(self._session, number, [anchor])
        (thread,) = watch.beside([lambda: self._confirmed_start(number, text, anchor)])
        if anchor is None:
            return thread
        return watch.kept(anchor, thread.comments[0].id, lambda at: self._confirmed_start(number, text, at)) or thread

    def _confirmed_start(self, number: int, body: str, anchor: Anchor | None) -> Thread:
        known = self._session.memory.of(number).comments

        def look(since: Since) -> Thread | Unsure | None:
            threads = self._port.threads.list(number)
            alike = (thread for thread in threads if thread.comments and is_same(thread, body, anchor))
            firsts = ((thread, thread.comments[0]) for thread in alike)
            return one_of(matching([(t, c.mine, c.created_at, c.id) for t, c in firsts], since, known))

        thread = confirmed(
            lambda: self._port.threads.start(number, body, anchor),
            look,
            host_now=self._port.host_now,
            operation="the comment",
            payload=body,
        )
        self._session.memory.wrote(number, *(comment.id for comment in thread.comments))
        return thread

    @writes(Can.REPLY)
    def reply(self, n: PullLike, thread: Thread | str, body: str) -> Comment:
        """Answer in a conversation. Raises as `start` does, and `Unsupported` where a conversation takes no answers."""
        number, text, place = self._session.number(n), written(body), _id(thread)
        known = self._session.memory.of(number).comments

        def look(since: Since) -> Comment | Unsure | None:
            found = [t for t in self._port.threads.list(number) if t.id == place]
            said = [c for t in found for c in t.comments if same_text(c.body, text)]
            return one_of(matching([(c, c.mine, c.created_at, c.id) for c in said], since, known))

        comment = confirmed(
            lambda: self._port.threads.reply(number, place, text),
            look,
            host_now=self._port.host_now,
            operation="the reply",
            payload=text,
        )
        self._session.memory.wrote(number, comment.id)
        return comment

    @writes(Can.EDIT_COMMENT)
    def edit(self, n: PullLike, comment: Comment | str, body: str) -> Comment:
        """Replace a comment's text; safe to repeat."""
        return self._port.threads.edit(self._session.number(n), _id(comment), written(body))

    @writes(Can.DELETE_COMMENT)
    def delete(self, n: PullLike, comment: Comment | str) -> None:
        """Delete a comment. Raises `NotThere` when it is gone already."""
        number, identity = self._session.number(n), _id(comment)
        gone(lambda: self._port.threads.delete(number, identity), operation="the removal")

    @writes(Can.RESOLVE)
    def resolve(self, n: PullLike, thread: Thread | str) -> Thread:
        """Mark a conversation as settled; safe to repeat."""
        return self._port.threads.set_resolved(self._session.number(n), _id(thread), True)

    @writes(Can.RESOLVE)
    def unresolve(self, n: PullLike, thread: Thread | str) -> Thread:
        """Take that mark away; safe to repeat."""
        return self._port.threads.set_resolved(self._session.number(n), _id(thread), False)

    @reads(Can.READ, Can.CONTENT)
    def in_file(self, n: PullLike, path: str, text: str | bytes | None = None) -> tuple[PlacedThread, ...]:
        """Find the conversations that belong in a file, and where their lines are in `text`, what it holds now.

        The text may have edits that nobody has saved; bytes are read by their mark, else as UTF-8, else as Latin-1. Without
        it, the file is read as it is saved in the checkout that the repository was connected from.
        Renames are followed. Each place is of a `status`, and `UNKNOWN` with its `reason` where nothing honest can be said:
        of a version that is gone, of binary files, and of texts longer than 32 MiB. Conversations about the whole pull
        request are in no file. Texts at commits are read once; to ask again for the same commits costs the list alone.

        Raises `Rejected` for a path that is none of a repository's, and what any read raises; without a text also
        `NotThere` for a file that is not in the checkout, and `Rejected` where there is no checkout, for a symbolic link and
        for more than 16 MiB.
        """
        number = self._session.number(n)
        file = inside(path)
        held = saved(self._session.checkout, file) if text is None else text
        return threads_in(self._session, number, lambda: seen_threads(self._session, number), file, held)

    @reads(Can.FILES)
    def placement(self, n: PullLike, anchor: Anchor) -> Placement:
        """Tell whether a comment may be placed there; if not, why, and where the nearest place is. Posts nothing."""
        return placing.placement(self._session, self._session.number(n), anchor)


def seen_threads(session: Session, number: int) -> tuple[Thread, ...]:
    """Read the conversations, and remember which comments are there."""
    threads = session.port.threads.list(number)
    ids = frozenset(comment.id for thread in threads for comment in thread.comments)
    session.memory.saw(number, comments=ids)
    return threads


def written(body: str) -> str:
    """A text that says something."""
    if not body.strip():
        raise Rejected("A comment needs a text.", problems=("the text is empty",))
    return body


def finer(at: Anchor) -> tuple[Can, ...]:
    """What an anchor needs beyond a comment on a line."""
    if at.is_file:
        return (Can.COMMENT_FILE,)
    wide = at.start != at.end or at.start_side is not None
    return ((Can.COMMENT_RANGE,) if wide else ()) + ((Can.COMMENT_OLD_SIDE,) if at.side.value == "old" else ())


def same_text(one: str, other: str) -> bool:
    """Hosts keep a text as it came, but for line ends and the white space around it."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def same_place(one: Anchor | None, other: Anchor | None) -> bool:
    """Whether two anchors name the same lines of the same version, as far as both say."""
    if one is None or other is None:
        return one is other
    if one.path != other.path or one.is_file is not other.is_file:
        return False
    if any(ours.isdisjoint(theirs) for ours, theirs in zip(_names(one), _names(other), strict=True)):
        return False
    return one.commit is None or other.commit is None or same_commit(one.commit, other.commit)


def _names(at: Anchor) -> tuple[set[tuple[Side, int | None]], ...]:
    """Each end by the name that it was given, and where both its numbers are known by these: hosts give back either."""
    given = ({(at.start_side or at.side, at.start)}, {(at.side, at.end)})
    for names, end in zip(given, at.ends or (), strict=False):
        numbers = ((Side.OLD, end.old), (Side.NEW, end.new))
        names.update((side, number) for side, number in numbers if number is not None)
    return given


def is_same(thread: Thread, body: str, anchor: Anchor | None) -> bool:
    """Whether this conversation begins with that text at that place, as written or as it stands now, for all to see."""
    first = thread.comments[0] if thread.comments else None
    begins = first is not None and first.state is CommentState.PUBLISHED and same_text(first.body, body)
    return begins and any(same_place(place, anchor) for place in (thread.anchor, thread.current or thread.anchor))


def is_there(draft: DraftComment, thread: Thread, comment: Comment) -> bool:
    """Whether this comment is that draft."""
    if draft.reply_to is not None:
        said = same_text(draft.body, comment.body) and comment.state is CommentState.PUBLISHED
        return said and thread.id == draft.reply_to
    return comment is thread.comments[0] and is_same(thread, draft.body, draft.at)


def _mine(threads: tuple[Thread, ...], body: str, anchor: Anchor | None) -> Thread | None:
    """Mine, or what may be mine, where nobody knows who I am."""
    return next((t for t in threads if is_same(t, body, anchor) and t.comments[0].mine is not False), None)


def _id(thing: Thread | Comment | str) -> str:
    identity = thing if isinstance(thing, str) else thing.id
    if not identity:
        raise Rejected("An id is not empty; give the value itself, or its `id`.")
    return identity
