"""The conversations of a file as it stands in an editor: which belong there, and where their lines are in it.

A conversation is looked for where the host puts it now, else where it was written. The text of that version is carried to
the one at hand. Where that version is gone, the piece of the diff that the host keeps is looked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from pullbridge.anchoring.carry import carry
from pullbridge.anchoring.pieces import carry_by_hunk
from pullbridge.errors import NotThere
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.diff import ChangeKind, FileChange
from pullbridge.model.orders import Changes
from pullbridge.model.places import Place, PlacedThread, PlaceStatus
from pullbridge.model.refs import same_commit
from pullbridge.model.threads import Thread
from pullbridge.repository.placing import changes, fresh_changes
from pullbridge.repository.verb import Session
from pullbridge.repository.versions import Version, several

#: Times that the conversations are read while somebody keeps pushing.
_LOOKS = 3


def threads_in(
    session: Session, number: int, read: Callable[[], Iterable[Thread]], path: str, text: str | bytes
) -> tuple[PlacedThread, ...]:
    """Those of the conversations that belong in the file, from its first line to its last; at the end those without one."""
    anchored, head = _at_one_head(session, number, read)
    if not anchored:
        return ()
    names = _Names(session, number, anchored, head)
    mine = [thread for thread in anchored if names.leads(thread, path)]
    places = _Places(session, names, text).of(mine)
    placed = [PlacedThread(thread=thread, place=place) for thread, place in zip(mine, places, strict=True)]
    return tuple(sorted(placed, key=_line))


def _at_one_head(
    session: Session, number: int, read: Callable[[], Iterable[Thread]]
) -> tuple[list[Thread], str | None]:
    """The conversations on lines; and the head, where one of them is told without the commit that its lines are counted in.

    That head was there before they were read and afterwards. It is `None` while somebody keeps pushing.
    """
    seen = session.memory.of(number).pull
    before = seen.source.commit if seen is not None else None
    anchored: list[Thread] = []
    for _ in range(_LOOKS):
        anchored = [thread for thread in read() if thread.current or thread.anchor]
        if not any(thread.current is not None and thread.current.commit is None for thread in anchored):
            return anchored, None
        pull = session.port.pulls.get(number)
        session.memory.saw(number, pull=pull)
        if same_commit(before, pull.source.commit):
            return anchored, pull.source.commit
        before = pull.source.commit
    return anchored, None


def _line(placed: PlacedThread) -> tuple[bool, int]:
    """Whole files first, then by lines; those of which nothing is known come last."""
    place = placed.place
    return place.status is PlaceStatus.UNKNOWN, place.start or place.nearest or 0


class _Names:
    """What files are called in the head that were called otherwise when somebody wrote on them."""

    def __init__(self, session: Session, number: int, threads: Sequence[Thread], head: str | None) -> None:
        self._session = session
        self._number = number
        self._head = head
        told = {thread.current.commit for thread in threads if thread.current is not None}
        self._heads = {each or head for each in told}

    @cached_property
    def changes(self) -> Changes:
        """The changes of the head that the conversations were read at."""
        seen = changes(self._session, self._number)
        stale = any(head is not None and not same_commit(head, seen.head) for head in self._heads)
        return fresh_changes(self._session, self._number) if stale else seen

    def current(self, thread: Thread) -> Anchor | None:
        """Where the host puts a conversation now. One that tells no commit with it counts lines in the head."""
        now = thread.current
        return replace(now, commit=self._head) if now is not None and now.commit is None else now

    def leads(self, thread: Thread, path: str) -> bool:
        """Whether a conversation's file is called so now, in the head or in the checkout of another branch."""
        spot = thread.current or thread.anchor
        if spot is None:
            return False
        if spot.path == path:
            return True
        return path in {now := self._now(spot), self._before(now)}

    def _now(self, spot: Anchor) -> str:
        """The name in the head."""
        if any(file.path == spot.path for file in self.changes.files):
            return spot.path
        named = _renamed(self.changes.files, spot.path)
        if named is None and spot.commit is not None and not same_commit(spot.commit, self.changes.head):
            named = _renamed(self._since(spot.commit), spot.path)
        return named or spot.path

    def _before(self, path: str) -> str | None:
        """The name on the target branch, which nothing else has in the head."""
        old = next((file.old_path for file in self.changes.files if file.path == path and _moved(file)), None)
        return None if any(file.path == old for file in self.changes.files) else old

    def _since(self, commit: str) -> tuple[FileChange, ...]:
        if commit not in self._compared:
            self._compared[commit] = self._compare(commit)
        return self._compared[commit]

    def _compare(self, commit: str) -> tuple[FileChange, ...]:
        try:
            return self._session.port.files.compare(commit, self.changes.head or "").files
        except NotThere:
            return ()

    @cached_property
    def _compared(self) -> dict[str, tuple[FileChange, ...]]:
        return {}

    def version(self, spot: Anchor) -> Version | None:
        """The text that the lines of an anchor are counted in; `None` where nobody tells which that is."""
        if spot.side is Side.NEW:
            return Version(spot.commit, spot.path) if spot.commit else None
        old = next((file for file in self.changes.files if file.path == spot.path), None)
        base = spot.base or (self._base if same_commit(spot.commit, self.changes.head) else None)
        return Version(base, spot.old_path or (old and old.old_path) or spot.path) if base else None

    @cached_property
    def _base(self) -> str | None:
        """Where the head has left the target."""
        session = self._session
        pull = session.memory.of(self._number).pull
        if pull is None or not same_commit(pull.source.commit, self.changes.head):
            pull = session.port.pulls.get(self._number)
            session.memory.saw(self._number, pull=pull)
        if pull.merge_base is not None:
            return pull.merge_base
        target, head = pull.target.commit or pull.target.name, self.changes.head
        return session.port.files.compare(target, head).merge_base if head is not None else None


def _renamed(files: Iterable[FileChange], path: str) -> str | None:
    return next((file.path for file in files if file.old_path == path and _moved(file)), None)


def _moved(file: FileChange) -> bool:
    return file.kind is not ChangeKind.COPIED and file.old_path is not None and file.old_path != file.path


class _Places:
    """Where the lines of several conversations are in one text: each version of the file is compared with it once."""

    def __init__(self, session: Session, names: _Names, text: str | bytes) -> None:
        self._session = session
        self._names = names
        self._text = text

    def of(self, threads: Sequence[Thread]) -> list[Place]:
        """The places, in order: by the host's place now, by the one as written, by the piece of the diff."""
        found: dict[int, Place] = {}
        for spot_of in (self._names.current, _written):
            left = {at: thread for at, thread in enumerate(threads) if at not in found}
            found |= self._carried({at: spot for at, thread in left.items() if (spot := spot_of(thread)) is not None})
        return [found[at] if at in found else self._by_piece(thread) for at, thread in enumerate(threads)]

    def _carried(self, spots: dict[int, Anchor]) -> dict[int, Place]:
        """The places of those whose version is there."""
        found = {at: _WHOLE for at, spot in spots.items() if spot.is_file}
        versions: dict[Version, dict[int, Anchor]] = defaultdict(dict)
        for at, spot in spots.items():
            version = None if spot.is_file else self._names.version(spot)
            if version is not None:
                versions[version][at] = spot
        session = self._session
        gather: Callable[..., list[bytes | None]] = session.connection.host().gather
        for version, old in several(gather, session.versions, session.port, versions).items():
            if old is not None:
                places = carry(versions[version].values(), old, self._text)
                found |= dict(zip(versions[version], places, strict=True))
        return found

    def _by_piece(self, thread: Thread) -> Place:
        spot = thread.anchor or thread.current
        if thread.hunk is not None and spot is not None:
            return carry_by_hunk(spot, thread.hunk, self._text)
        version = self._names.version(spot) if spot is not None else None
        if version is None:
            return _unknown("the host does not say which version its lines were counted in")
        return _unknown(f"{version.path} at {version.commit} is not to be had, and the host keeps nothing of its lines")


def _written(thread: Thread) -> Anchor | None:
    return thread.anchor


_WHOLE = Place(status=PlaceStatus.EXACT, score=1.0)


def _unknown(reason: str) -> Place:
    return Place(status=PlaceStatus.UNKNOWN, reason=reason)
