"""Inline threads: where they may start, and where they are after a push."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullbridge.testing.diffs import FileDiff, Side
from pullbridge.testing.git import Commit
from pullbridge.testing.store.records import Place, PullRequest, Repository, Review, ReviewComment, Thread, User
from pullbridge.testing.store.refusals import Refused, Why

if TYPE_CHECKING:
    from pullbridge.testing.store import Store


class Threads:
    """All inline threads of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._paths: dict[tuple[str, str, bool], dict[str, FileDiff]] = {}

    def by_path(self, repository: Repository, base: str, head: str, *, old: bool = False) -> dict[str, FileDiff]:
        """The changed files between two commits by their new (or old) path; remembered."""
        key = (base, head, old)
        if key not in self._paths:
            files = repository.git.diff(base, head)
            self._paths[key] = {(file.old_path if old else file.path): file for file in files}
        return self._paths[key]

    # -- writing -------------------------------------------------------------------------------------------------------

    def check(self, pull: PullRequest, place: Place, commit: str | None = None) -> None:
        """Raise `Refused` unless a thread may start at `place` in the diff up to `commit` (the head by default)."""
        self._located(pull, place, commit or pull.head)

    def _located(self, pull: PullRequest, place: Place, commit: str) -> tuple[FileDiff, str]:
        """The changed file a place is in, and the base that its old lines are counted in."""
        git = pull.repository.git
        if commit == pull.head:
            base: str | None = pull.merge_base
        else:
            if commit not in {known.sha for known in self._known_commits(pull)}:
                raise Refused(Why.COMMIT_NOT_IN_PULL, commit=commit)
            base = git.merge_base(pull.base, commit)
        file = self.by_path(pull.repository, base or pull.merge_base, commit).get(place.path)
        if file is None:
            raise Refused(Why.FILE_NOT_IN_DIFF, path=place.path)
        if place.line is not None:
            _check_lines(file, place)
        return file, base or pull.merge_base

    def _known_commits(self, pull: PullRequest) -> tuple[Commit, ...]:
        """The commits the pull request has, or had before a force push."""
        git = pull.repository.git
        former = [str(event.data["before"]) for event in pull.events if event.kind in {"pushed", "force_pushed"}]
        lists = [git.between(pull.base, head) for head in [pull.head, *former]]
        return tuple(commit for commits in lists for commit in commits)

    def start(
        self,
        pull: PullRequest,
        author: User,
        place: Place,
        body: str,
        *,
        commit: str | None = None,
        review: Review | None = None,
    ) -> Thread:
        """Start a thread, in a (pending) review or, without one, published at once in a review of its own."""
        if not body.strip():
            raise Refused(Why.BODY_MISSING)
        seen = commit or pull.head
        file, base = self._located(pull, place, seen)
        home = review or self._store.reviews.single(pull, author, seen)
        thread = Thread(
            id=self._store.next_id(),
            pull=pull,
            original=place,
            original_commit=seen,
            original_base=base,
            hunk=file.hunk_until(place.side, place.line) if place.line else file.patch.decode(errors="replace"),
            original_position=file.positions.get((place.side, place.line)) if place.line else None,
            commit=seen,
            current=place,
        )
        pull.threads.append(self._store.keep(thread))
        if seen != pull.head:
            self.carry(thread)
        self._add(thread, author, body, home)
        return thread

    def reply(self, thread: Thread, author: User, body: str, *, review: Review | None = None) -> ReviewComment:
        """Answer a thread, in a pending review or, without one, published at once."""
        if not body.strip():
            raise Refused(Why.BODY_MISSING)
        home = review or self._store.reviews.single(thread.pull, author, thread.pull.head)
        return self._add(thread, author, body, home)

    def _add(self, thread: Thread, author: User, body: str, review: Review) -> ReviewComment:
        now = self._store.now()
        comment = ReviewComment(
            id=self._store.next_id(),
            thread=thread,
            author=author,
            body=body,
            review=review,
            commit=thread.original_commit,
            created_at=now,
            updated_at=now,
        )
        thread.comments.append(self._store.keep(comment))
        self._store.pulls.touch(thread.pull)
        return comment

    def edit(self, comment: ReviewComment, body: str) -> None:
        """Replace a comment's text."""
        if not body.strip():
            raise Refused(Why.BODY_MISSING)
        comment.body, comment.updated_at = body, self._store.now()

    def delete(self, comment: ReviewComment) -> None:
        """Remove a comment, its thread with the last one, and its review when nothing is left in it."""
        thread, review = comment.thread, comment.review
        thread.comments.remove(comment)
        self._store.forget(comment)
        if not thread.comments:
            thread.pull.threads.remove(thread)
            self._store.forget(thread)
        if review.state == "COMMENTED" and not review.body and not review.comments:
            thread.pull.reviews.remove(review)
            self._store.forget(review)
        self._store.pulls.touch(thread.pull)

    def resolve(self, thread: Thread, user: User) -> None:
        """Settle a thread."""
        thread.resolved, thread.resolved_by = True, user

    def unresolve(self, thread: Thread) -> None:
        """Open a settled thread again."""
        thread.resolved, thread.resolved_by = False, None

    def visible(self, pull: PullRequest, viewer: User | None) -> list[Thread]:
        """The threads a viewer sees: all but other people's pending ones."""
        return [t for t in pull.threads if not t.pending or t.comments[0].author is viewer]

    def comments(self, thread: Thread, viewer: User | None) -> list[ReviewComment]:
        """The comments of a thread that a viewer sees."""
        return [comment for comment in thread.comments if not comment.pending or comment.author is viewer]

    # -- pushes --------------------------------------------------------------------------------------------------------

    def carry(self, thread: Thread) -> None:
        """Find the place anew in the pull request's diff of today; outdated when any of its lines changed or left it."""
        pull, place = thread.pull, thread.original
        path = self._path_now(thread)
        file = self.by_path(pull.repository, pull.merge_base, pull.head).get(path) if path else None
        if file is None:
            thread.current = None
            return
        thread.commit = pull.head
        if place.line is None:
            thread.current = Place(path=file.path, side=place.side)
            return
        line = self._line_now(thread, file, place.side, place.line)
        start_side = place.start_side or place.side
        start = None if place.start_line is None else self._line_now(thread, file, start_side, place.start_line)
        if line is None or (place.start_line is not None and start is None):
            thread.current = None
            return
        thread.current = Place(
            path=file.path, side=place.side, line=line, start_side=place.start_side, start_line=start
        )

    def _path_now(self, thread: Thread) -> str | None:
        """The (new) path of the thread's file at today's head."""
        changes = self._between(thread, thread.original_commit, thread.pull.head)
        changed = changes.get(thread.original.path)
        if changed is None:
            return thread.original.path
        return thread.original.path if changed.status == "removed" else changed.path

    def _line_now(self, thread: Thread, file: FileDiff, side: Side, line: int) -> int | None:
        """The line's number today, when it is unchanged and still in the diff."""
        pull = thread.pull
        if side == "RIGHT":
            path, old, new = thread.original.path, thread.original_commit, pull.head
        else:
            before = self.by_path(pull.repository, thread.original_base, thread.original_commit)
            path = before[thread.original.path].old_path
            old, new = thread.original_base, pull.merge_base
        changed = self._between(thread, old, new).get(path)
        now = line if changed is None else changed.carry(line)
        return now if now is not None and (side, now) in file.positions else None

    def _between(self, thread: Thread, old: str, new: str) -> dict[str, FileDiff]:
        return {} if old == new else self.by_path(thread.pull.repository, old, new, old=True)


def _check_lines(file: FileDiff, place: Place) -> None:
    assert place.line is not None  # noqa: S101 - for the type checker: the caller looked
    end = file.positions.get((place.side, place.line))
    if end is None:
        raise Refused(Why.LINE_NOT_IN_DIFF, path=place.path, line=place.line)
    if place.start_line is None:
        return
    start_side = place.start_side or place.side
    if start_side == place.side and place.start_line >= place.line:
        raise Refused(Why.START_NOT_BEFORE_END, path=place.path, line=place.line)
    start = file.positions.get((start_side, place.start_line))
    if start is None:
        raise Refused(Why.START_NOT_IN_DIFF, path=place.path, line=place.start_line)
    if start >= end:
        raise Refused(Why.START_NOT_BEFORE_END, path=place.path, line=place.line)
