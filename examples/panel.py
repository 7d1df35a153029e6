"""An editor's panel in its own process: read in the background, cancelled on a whim, and no typed word lost.

    python examples/panel.py https://github.com/octo/app/pull/7

prints what such a panel would show. `PullPanel` is what a plugin keeps for an open pull request; `show` and `complain` are the
plugin's, and are called from a worker thread, so that they hand over to the editor's own (`wx.CallAfter`, `vim.schedule`,
`QMetaObject.invokeMethod`, …).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pullbridge
from pullbridge import Anchor, BridgeError, Cancel, Cancelled, FileChange, Panel, PullRef, Repository, Side, Thread
from pullbridge.anchoring import Line, LineKind, parse_patch

MARKS = {LineKind.ADDED: "+", LineKind.REMOVED: "-", LineKind.CONTEXT: " "}
Place = tuple[str, int]


class PullPanel:
    """One pull request on the screen. All methods return at once."""

    def __init__(
        self, repo: Repository, number: int, show: Callable[[str], None], complain: Callable[[str], None]
    ) -> None:
        self._repo, self._number, self._show, self._complain = repo, number, show, complain
        # One worker: what the user does happens in that order.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="pull-panel")
        self._reading = Cancel()
        self._head: str | None = None
        self.unsent: dict[Place, str] = {}

    def refresh(self) -> Future[None]:
        """Read again and show it; what is still being read for an earlier refresh is given up."""
        self._reading.cancel()
        self._reading = cancel = Cancel()
        return self._worker.submit(self._read, cancel)

    def comment(self, path: str, line: int, text: str) -> Future[None]:
        """Comment on a line of the new version. The text stays in `unsent` until it is known to be up."""
        self.unsent[path, line] = text
        return self._worker.submit(self._write, path, line, text)

    def close(self) -> None:
        """Give up reading, let a write in flight end, and let go of sockets and the thread."""
        self._reading.cancel()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._repo.close()

    def _read(self, cancel: Cancel) -> None:
        try:
            panel = self._repo.within(deadline=20, cancel=cancel).pulls.panel(self._number)
        except Cancelled:
            return
        except BridgeError as error:
            self._complain(str(error))
            return
        self._head = panel.pull.source.commit
        self._show(as_text(panel))

    def _write(self, path: str, line: int, text: str) -> None:
        at = Anchor.line(path, line, commit=self._head)
        try:
            # A second click on "send" finds what the first one posted.
            self._repo.threads.start(self._number, text, at=at, skip_existing=True)
        except BridgeError as error:
            self.unsent[path, line] = error.text or text
            self._complain(str(error))
            return
        if self.unsent.get((path, line)) == text:
            del self.unsent[path, line]
        self._read(self._reading)


def as_text(panel: Panel) -> str:
    """The whole panel as plain text: the head line, then each file with its threads below their lines."""
    lines = [f"{panel.pull.ref} {panel.pull.title} [{panel.mergeability.state.value}]"]
    lines += [f"(missing: {gap.part}, {gap.reason})" for gap in panel.gaps]
    for change in panel.files:
        lines += ["", change.path, *_file(change, [thread for thread in panel.threads if _is_on(thread, change)])]
    return "\n".join(lines)


def _file(change: FileChange, threads: list[Thread]) -> Iterator[str]:
    """The hunks with the threads; what hangs on no line that is shown comes first."""
    shown = {(side, number) for hunk in parse_patch(change.patch or "") for side, number in map(_end, hunk.lines)}
    for thread in threads:
        if _place(thread) not in shown:
            yield from _conversation(thread)
    for hunk in parse_patch(change.patch or ""):
        for line in hunk.lines:
            old = str(line.old) if line.kind is not LineKind.ADDED else ""
            new = str(line.new) if line.kind is not LineKind.REMOVED else ""
            yield f"{old:>5} {new:>5} {MARKS[line.kind]} {line.text}"
            for thread in threads:
                if _place(thread) == _end(line):
                    yield from _conversation(thread)


def _is_on(thread: Thread, change: FileChange) -> bool:
    anchor = thread.current or thread.anchor
    return anchor is not None and anchor.path in {change.path, change.old_path}


def _place(thread: Thread) -> tuple[Side, int] | None:
    """Where it stands now; `None` when its lines are gone, or it is about the file."""
    anchor = thread.current
    return (anchor.side, anchor.end) if anchor is not None and anchor.end is not None else None


def _end(line: Line) -> tuple[Side, int]:
    return (Side.OLD, line.old) if line.kind is LineKind.REMOVED else (Side.NEW, line.new)


def _conversation(thread: Thread) -> Iterator[str]:
    mark = "resolved" if thread.resolved else "outdated" if thread.outdated else ""
    for comment in thread.comments:
        words = "".join(letter for letter in comment.body if letter.isprintable() or letter == "\n")
        yield from (f"{'':11} | {comment.author}: {row} {mark}".rstrip() for row in words.splitlines())


def main(address: str) -> int:
    """Show one pull request and go."""
    try:
        ref = pullbridge.parse(address)
    except BridgeError as error:
        print(error, file=sys.stderr)
        return 2
    if not isinstance(ref, PullRef):
        print(f"{address} names no pull request.", file=sys.stderr)
        return 2
    failures: list[str] = []
    panel = PullPanel(pullbridge.connect(ref), ref.number, show=print, complain=failures.append)
    panel.refresh().result()
    panel.close()
    print(*failures, sep="\n", file=sys.stderr, end="")
    return int(bool(failures))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Print what an editor's panel would show of a pull request.")
    parser.add_argument("address", metavar="PULL_URL", help="its page's address, as https://github.com/octo/app/pull/7")
    sys.exit(main(parser.parse_args().address))
