"""Values made by hand, as a host's wire code would make them, and a console to draw them on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.console import Console

from pullbridge.capabilities import Capabilities
from pullbridge.cli import screen
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.checks import Check, CheckState
from pullbridge.model.diff import ChangeKind, Commit, FileChange
from pullbridge.model.listing import Listing, Page
from pullbridge.model.merge import Mergeability, MergeabilityState
from pullbridge.model.panel import Gap, Panel
from pullbridge.model.people import Label, Person
from pullbridge.model.pulls import Branch, Pull, PullState
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.reviews import Review, Reviewer, ReviewState
from pullbridge.model.threads import Comment, Suggestion, Thread

if TYPE_CHECKING:
    from rich.console import RenderableType

NOW = datetime(2026, 3, 1, 14, 2, tzinfo=UTC)
HEAD = "4f1c9e2ab37d0c5586f0" * 2
OLDER = "0d" * 20
ADA = Person(id="1", handle="ada")
GRACE = Person(id="2", handle="grace")
HOPPER = Person(id="3", handle="hopper")
REPOSITORY = RepoRef(web="https://code.example", path="octo/app", kind="github")
PATH = "src/shop/cart.py"

#: A "~" stands for the blank that marks an empty line of context.
PATCH = """\
@@ -7,6 +7,9 @@ class Line:
~
 def total(lines: Iterable[Line]) -> Decimal:
     \"\"\"What the cart costs.\"\"\"
-    return reduce(add, (line.price * line.count for line in lines))
+    lines = list(lines)
+    if not lines:
+        return Decimal(0)
+    return reduce(add, (line.price * line.count for line in lines), Decimal(0)).quantize(Decimal("0.01"), ROUND_UP)
~
~
@@ -30,2 +33,2 @@ def cheapest(lines: Iterable[Line], n: int) -> list[Line]:
-    return sorted(lines)[: n - 1]
+    return sorted(lines)[:n]
~
""".replace("~", " ")
FILES = (
    FileChange(path=PATH, kind=ChangeKind.MODIFIED, additions=5, deletions=2, patch=PATCH),
    FileChange(path="docs/rounding.md", old_path="docs/notes.md", kind=ChangeKind.RENAMED, additions=0, deletions=0),
    FileChange(path="assets/logo.png", kind=ChangeKind.ADDED, binary=True),
    FileChange(
        path="data/prices.csv", kind=ChangeKind.MODIFIED, patch="@@ -1,2 +1,2 @@\n tea,4\r\n-figs,3\r\n+figs,4\r"
    ),
)


def pull(number: int = 7, title: str = "Mend two edges of the cart", **facts: Any) -> Pull:
    """A pull request; `facts` replaces fields."""
    fields: dict[str, Any] = {
        "ref": PullRef(repository=REPOSITORY, number=number),
        "state": PullState.OPEN,
        "draft": False,
        "source": Branch(name="fix/edge", commit=HEAD),
        "target": Branch(name="main"),
        "author": ADA,
        "commit_count": 2,
        "file_count": 4,
        "additions": 31,
        "deletions": 9,
        "labels": (Label(name="bug"),),
        "updated_at": NOW - timedelta(minutes=2),
        "url": f"https://code.example/octo/app/pull/{number}",
    }
    return Pull(number=number, title=title, **{**fields, **facts})


def comment(body: str, author: Person = GRACE, **facts: Any) -> Comment:
    """A comment, five minutes old."""
    fields: dict[str, Any] = {"id": "c", "created_at": NOW - timedelta(minutes=5)}
    return Comment(author=author, body=body, **{**fields, **facts})


def thread(anchor: Anchor | None, *comments: Comment, **facts: Any) -> Thread:
    """A thread that is still where it was written."""
    fields: dict[str, Any] = {"id": "t", "current": anchor, "outdated": False if anchor else None}
    return Thread(anchor=anchor, comments=comments, **{**fields, **facts})


ON_RANGE = thread(
    Anchor.lines(PATH, 10, 12, commit=HEAD),
    comment("Simpler with a start value:\n\n```suggestion\n    return sum(lines)\n```"),
    comment("Done.", ADA),
    resolved=True,
    resolved_by=GRACE,
)
ON_REMOVED = thread(Anchor.line(PATH, 30, side=Side.OLD, commit=HEAD), comment("Was it empty?"), resolved=False)
ON_FILE = thread(Anchor.file("assets/logo.png", commit=HEAD), comment("Is that ours?"), resolved=False)
ON_ALL = thread(None, comment("Ready for a look.", ADA))
OUTDATED = thread(
    Anchor.line(PATH, 8, commit=OLDER), comment("Nothing left of this."), current=None, outdated=True, resolved=False
)
THREADS = (ON_RANGE, ON_REMOVED, ON_FILE, ON_ALL, OUTDATED)
SUGGESTED = comment("Or so?", suggestions=(Suggestion(id="s", replacement="x = 2", applied=True),))


def panel(**facts: Any) -> Panel:
    """All of a pull request."""
    changes_requested = ReviewState.CHANGES_REQUESTED
    fields: dict[str, Any] = {
        "pull": pull(body="An empty cart raised a `TypeError`."),
        "commits": (Commit(id=HEAD, title="Give an empty cart a total", message="", author=ADA, authored_at=NOW),),
        "files": FILES,
        "threads": THREADS,
        "reviews": (Review(id="r", author=GRACE, state=changes_requested, body="Two things.", submitted_at=NOW),),
        "reviewers": (
            Reviewer(person=GRACE, state=changes_requested),
            Reviewer(person=HOPPER, state=ReviewState.REQUESTED),
        ),
        "checks": (
            Check(name="tests", state=CheckState.SUCCESS, required=True, description="212 passed"),
            Check(name="lint", state=CheckState.FAILURE),
        ),
        "mergeability": Mergeability(state=MergeabilityState.BLOCKED, reasons=("Changes were requested.",)),
        "viewer": ADA,
        "can": Capabilities({}),
        "gaps": (Gap(part="timeline", reason="The token may not read it.", remedy="Grant `read`."),),
    }
    return Panel(**{**fields, **facts})


def listing(*pulls: Pull, stopped: str | None = None) -> Listing[Pull]:
    """A list of these."""
    return Listing(lambda _: Page(items=pulls, stopped=stopped))


def drawn(renderable: RenderableType, width: int = 100) -> str:
    """What a terminal of that width shows, without its colours."""
    console = Console(
        file=StringIO(),
        width=width,
        color_system=None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    return _drawn(console, renderable)


def plain(renderable: RenderableType) -> str:
    """What goes into a pipe."""
    return _drawn(screen.console(StringIO()), renderable)


def raw(renderable: RenderableType, width: int = 100) -> str:
    """What a colour terminal receives, escape sequences and all."""
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=True,
        color_system="standard",
        highlight=False,
        markup=False,
        emoji=False,
    )
    return _drawn(console, renderable)


def _drawn(console: Console, renderable: RenderableType) -> str:
    console.print(renderable)
    written = console.file
    assert isinstance(written, StringIO)
    return written.getvalue()
