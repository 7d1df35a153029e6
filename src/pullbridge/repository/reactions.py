"""The verbs of `repo.threads` that answer without words: reactions, and applying what somebody suggested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

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
        return self._applied(self._session.number(n), (suggestion,), message)[-1]

    @writes(Can.APPLY_SUGGESTION)
    def apply_suggestions(
        self, n: PullLike, suggestions: Sequence[Suggestion], message: str | None = None
    ) -> tuple[Commit, ...]:
        """Commit several: in one commit where the host has such a thing, else in one for each file.

        Raises as `apply_suggestion` does, before anything is written; and `Rejected` for two that are for the same lines.
        """
        if not suggestions:
            raise Rejected("There is no suggestion to apply.", problems=("the list is empty",))
        return self._applied(self._session.number(n), suggestions, message)

    def _applied(self, number: int, chosen: Sequence[Suggestion], message: str | None) -> tuple[Commit, ...]:
        made = self._port.threads.apply_suggestions(number, [each.id for each in chosen], message)
        commits = (made,) if made is not None else self._committed(number, chosen, message)
        self._session.memory.forget(number)
        return commits

    def _committed(self, number: int, chosen: Sequence[Suggestion], message: str | None) -> tuple[Commit, ...]:
        """Write the files, one commit each, on a host that applies nothing itself."""
        threads = self._port.threads.list(number)
        pull = self._port.pulls.get(number)
        by_path: dict[str, list[tuple[Anchor, Suggestion]]] = {}
        for suggestion in chosen:
            place = self._place(_thread_of(threads, suggestion), pull.source.commit)
            by_path.setdefault(place.path, []).append((place, suggestion))
        for places in by_path.values():
            places.sort(key=lambda each: each[0].start or 0)
            _apart([place for place, _ in places])
        if pull.source.repository is None:
            raise NotThere("The fork that has the source branch is gone.", what="source repository")
        commits: list[Commit] = []
        for path, places in by_path.items():
            branch = replace(pull.source, commit=commits[-1].id) if commits else pull.source
            content = self._port.files.content(path, branch.commit or branch.name)
            for place, suggestion in reversed(places):
                content = replaced(content, place, suggestion.replacement)
            some = "a suggestion" if len(places) == 1 else f"{len(places)} suggestions"
            words = message or f"Apply {some} to {path}"
            commits.append(self._port.files.commit(branch, path, content, words))
        return tuple(commits)

    def _place(self, thread: Thread, head: str | None) -> Anchor:
        """Where a suggestion's lines are in the head."""
        place = thread.current
        if place is None or place.start is None or place.side is Side.OLD or head is None:
            text = "The lines that the suggestion is for are not in the head any more."
            raise Stale(text, expected=_commit(thread.anchor), found=head, host=self._session.ref.host)
        if place.commit is not None and not same_commit(place.commit, head):
            raise Stale("The source branch has moved.", expected=place.commit, found=head, host=self._session.ref.host)
        return place


def _thread_of(threads: Iterable[Thread], suggestion: Suggestion) -> Thread:
    for thread in threads:
        if any(each.id == suggestion.id for comment in thread.comments for each in comment.suggestions):
            return thread
    raise NotThere("The suggestion is gone, or its comment was edited.", what="suggestion")


def _apart(places: Sequence[Anchor]) -> None:
    """Refuse places, in their order, that share lines: only one of such suggestions can be applied."""
    for former, latter in pairwise(places):
        if (former.end or 0) >= (latter.start or 0):
            problem = f"{former} and {latter} have lines in common"
            step = "Choose one of them."
            raise Rejected(
                f"Not all of these suggestions can be applied: {problem}.", problems=(problem,), next_step=step
            )


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
