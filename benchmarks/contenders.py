"""Who takes part: what all have in common, and this library, which does a task in the same words on every host.

Every task returns what came back, in the words of `expected`, so that nobody is fast by doing less unnoticed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ClassVar

from benchmarks.data import DRAFTS, LINE, file_path, oid, repository_path
from benchmarks.server import LatencyServer

if TYPE_CHECKING:
    from pullbridge import Panel

EXPECTED = {"list": "300 pulls", "review": f"{DRAFTS} comments", "poll": "300 pulls", "inbox": "40 pulls"}


class Contender(ABC):
    """A way to talk to a host. It is opened once for warm runs, and anew for each cold one."""

    name: ClassVar[str]
    token: ClassVar[str]
    #: What a panel holds.
    panel: ClassVar[str]
    #: How often a task is run at most; the throttled ones take minutes.
    most_runs: ClassVar[int] = 99
    #: How often an unchanged list is polled in one run.
    polls: ClassVar[int] = 20
    tasks: ClassVar[tuple[str, ...]] = ("list", "panel", "review", "poll", "inbox")
    #: Whether it is told something that others are not, and so is given another pull request each time.
    unaided: ClassVar[bool] = False
    #: Whether it is run cold, too.
    cold: ClassVar[bool] = True

    def __init__(self, server: LatencyServer) -> None:
        self.server = server

    @abstractmethod
    def open(self) -> None:
        """Make the client."""

    def close(self) -> None:  # noqa: B027  # not all have something to let go of
        """Let go of it."""

    def prepare(self, task: str, number: int) -> None:  # noqa: B027  # not all need it
        """Do, unmeasured, what has happened before: a review is written by somebody who has the panel before him."""

    def expected(self, task: str) -> str:
        """What must come back."""
        return self.panel if task == "panel" else EXPECTED[task]

    @abstractmethod
    def do(self, task: str, number: int) -> str:
        """Do a task, with pull request `number` where it is about one."""


class Pullbridge(Contender):
    """This library."""

    name = "pullbridge"
    #: How many rows are wanted of a list; `None` is for all, however many.
    limit: ClassVar[int | None] = 300
    #: Whether a review is refused when the head has moved.
    guarded: ClassVar[bool] = False

    def open(self) -> None:
        from pullbridge import Settings, Token, connect, open_host

        settings = Settings(kind=self.server.kind, api_url=self.server.api)
        token = Token(self.token)
        self.repo = connect(f"{self.server.web}/{repository_path(None)}", credentials=token, settings=settings)
        self.host = open_host(self.server.web, credentials=token, settings=settings)

    def close(self) -> None:
        self.repo.close()
        self.host.close()

    def prepare(self, task: str, number: int) -> None:
        if task in {"panel", "review"}:
            self.repo.pulls.panel(number)
        elif task == "poll":
            self.do(task, number)

    def do(self, task: str, number: int) -> str:
        if task == "panel":
            return self.told(self.repo.pulls.panel(number))
        if task == "review":
            return self._review(number)
        if task == "inbox":
            found = [(pull.number, pull.title, pull.author) for pull in self.host.inbox()]
        else:
            found = [(pull.number, pull.title, pull.author) for pull in self.repo.pulls.list(limit=self.limit)]
        return f"{len(found)} pulls"

    @abstractmethod
    def told(self, panel: Panel) -> str:
        """What is in a panel."""

    def _review(self, number: int) -> str:
        from pullbridge import Anchor, DraftComment, Verdict

        head = oid("head", number)
        drafts = [
            DraftComment(f"Comment {at}", at=Anchor.line(file_path(at), LINE, commit=head)) for at in range(DRAFTS)
        ]
        expected = head if self.guarded else None
        receipt = self.repo.reviews.submit(
            number, verdict=Verdict.COMMENT, body="A few things.", comments=drafts, expect_head=expected
        )
        receipt.raise_if_incomplete()
        return f"{len(receipt.outcomes)} comments"


class Unaided(Pullbridge):
    """This library, told nothing beforehand: how many pull requests there are, how many files, what is in them."""

    name = "pullbridge, counts unknown"
    tasks = ("list", "panel", "review")
    limit = None
    unaided = True
    cold = False

    def prepare(self, task: str, number: int) -> None:
        pass


class Guarded(Pullbridge):
    """This library, reading the head before it writes: no host has such a guard for comments."""

    name = "pullbridge, head guarded"
    tasks = ("review",)
    guarded = True
    cold = False


class FirstPage(Pullbridge):
    """This library, looking only at the newest change: a poll needs no more to learn that there is none."""

    name = "pullbridge, newest 100"
    tasks = ("poll",)
    limit = 100
    cold = False

    def expected(self, task: str) -> str:
        return f"{self.limit} pulls" if task == "poll" else super().expected(task)


class Bare(Contender):
    """No library: the requests that this one sends, from threads, the answers decoded into dicts. What the machine allows."""

    name = "bare urllib3 in threads, dicts"
    cold = False
    #: As many at once as this library has by default.
    width = 16

    def open(self) -> None:
        import urllib3

        self.pool = urllib3.PoolManager(maxsize=self.width)
        self.workers = ThreadPoolExecutor(self.width)

    def close(self) -> None:
        self.workers.shutdown()
        self.pool.clear()

    def json(self, path: str, body: bytes | None = None) -> Any:
        import msgspec

        headers = {"Accept-Encoding": "gzip", "Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        verb = "GET" if body is None else "POST"
        return msgspec.json.decode(self.pool.request(verb, self.server.web + path, body=body, headers=headers).data)
