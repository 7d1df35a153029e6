"""The verbs of `repo.threads` that answer without words: reactions, and applying what somebody suggested."""

from __future__ import annotations

from pullbridge.capabilities import Can
from pullbridge.errors import NotThere, Rejected, Stale
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.diff import Commit
from pullbridge.model.refs import same_commit
from pullbridge.model.threads import Comment, Suggestion, Thread
from pullbridge.repository.verb import Noun, PullLike, writes


class Reactions(Noun):
    """What `Threads` has beside conversations."""

    __slots__ = ()

    @writes(Can.REACT)
    def react(self, n: PullLike, comment: Comment | str, reaction: str) -> None:
        """React to a comment, with one of the host's words or its usual sign (`"+1"`, `"🎉"`); safe to repeat."""
        self._react(n, comment, reaction, True)

    @writes(Can.REACT)
    def unreact(self, n: PullLike, comment: Comment | str, reaction: str) -> None:
        """Take my reaction back; safe to repeat."""
        self._react(n, comment, reaction, False)

    def _react(self, n: PullLike, comment: Comment | str, reaction: str, on: bool) -> None:
        if not reaction.strip():
            raise Rejected("A reaction has a name.", problems=("the reaction is empty",))
        identity = comment if isinstance(comment, str) else comment.id
        self._port.threads.set_reaction(self._session.number(n), identity, reaction, on)

    @writes(Can.APPLY_SUGGESTION)
    def apply_suggestion(self, n: PullLike, suggestion: Suggestion, message: str | None = None) -> Commit:
        """Commit a suggestion to the source branch, guarded by the head.

        Raises `Stale` when its lines are not in the head any more, `NotThere` when the suggestion is gone, and what a push
        to that branch raises.
        """
        number = self._session.number(n)
        thread = self._thread_of(number, suggestion)
        pull = self._port.pulls.get(number)
        place, head = thread.current, pull.source.commit
        if place is None or place.start is None or place.side is Side.OLD or head is None:
            text = "The lines that the suggestion is for are not in the head any more."
            raise Stale(text, expected=_commit(thread.anchor), found=head, host=self._session.ref.host)
        if place.commit is not None and not same_commit(place.commit, head):
            raise Stale("The source branch has moved.", expected=place.commit, found=head, host=self._session.ref.host)
        if pull.source.repository is None:
            raise NotThere("The fork that has the source branch is gone.", what="source repository")
        content = replaced(self._port.files.content(place.path, head), place, suggestion.replacement)
        words = message or f"Apply a suggestion to {place.path}"
        commit = self._port.files.commit(pull.source, place.path, content, words)
        self._session.memory.forget(number)
        return commit

    def _thread_of(self, number: int, suggestion: Suggestion) -> Thread:
        for thread in self._port.threads.list(number):
            if any(each.id == suggestion.id for comment in thread.comments for each in comment.suggestions):
                return thread
        raise NotThere("The suggestion is gone, or its comment was edited.", what="suggestion")


def replaced(content: bytes, place: Anchor, replacement: str) -> bytes:
    """The file with the lines of `place` replaced; it keeps its own line ends, and a last line without one."""
    lines = content.split(b"\n")
    start, end = (place.start or 1) - 1, place.end or 1
    crlf = any(line.endswith(b"\r") for line in lines[start:end])
    new = replacement.removesuffix("\n").replace("\r\n", "\n").encode()
    fresh = [line + b"\r" if crlf else line for line in new.split(b"\n")] if replacement else []
    return b"\n".join([*lines[:start], *fresh, *lines[end:]])


def _commit(anchor: Anchor | None) -> str | None:
    return anchor.commit if anchor is not None else None
