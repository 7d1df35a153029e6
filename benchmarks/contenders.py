"""Who takes part: what all have in common, and who takes part on every host in the same words.

Every task returns what came back, in the words of `expected`, so that nobody is fast by doing less unnoticed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from benchmarks.data import DRAFTS, LINE, PULLS, REPOSITORIES, WAITING_EACH, file_path, oid, repository_path
from benchmarks.places import PLACES
from benchmarks.server import LatencyServer

T = TypeVar("T")
#: Who is signed in.
ME = "octo"
TEXT = "A few things."


class Contender(ABC):
    """A way to talk to a host. It is opened once for warm runs, and anew for each cold one."""

    name: ClassVar[str]
    #: How often a task is run at most; the throttled ones take minutes.
    most_runs: ClassVar[int] = 99
    #: How often an unchanged list is polled in one run.
    polls: ClassVar[int] = 20
    #: What it can do, of what there is to do on the host.
    tasks: ClassVar[tuple[str, ...]] = ("list", "panel", "fitting", "review", "poll", "inbox")
    #: Whether it is told something that others are not, and so is given another pull request each time.
    unaided: ClassVar[bool] = False
    #: Whether it is run cold, too.
    cold: ClassVar[bool] = True

    def __init__(self, server: LatencyServer) -> None:
        self.server = server
        self.place = PLACES[server.kind]

    @abstractmethod
    def open(self) -> None:
        """Make the client."""

    def close(self) -> None:  # noqa: B027  # not all have something to let go of
        """Let go of it."""

    def prepare(self, task: str, number: int) -> None:  # noqa: B027  # not all need it
        """Do, unmeasured, what has happened before: a review is written by somebody who has the panel before him."""

    def expected(self, task: str, number: int) -> str:
        """What must come back."""
        if task in {"panel", "fitting"}:
            return self.place.panel(number)
        return {"review": f"{DRAFTS} comments", "inbox": f"{REPOSITORIES * WAITING_EACH} pulls"}.get(
            task, f"{PULLS} pulls"
        )

    def do(self, task: str, number: int) -> str:
        """Do a task, with pull request `number` where it is about one."""
        if task in {"panel", "fitting"}:
            return self.panel(number)
        if task == "review":
            return self.review(number)
        return f"{self.inbox() if task == 'inbox' else self.list()} pulls"

    def list(self) -> int:
        """Read the list of open pull requests: how many there are."""
        raise LookupError(f"{self.name} has no lists")

    def panel(self, number: int) -> str:
        """Read one pull request with all that belongs to it: what there is, as `Place.told` says it."""
        raise LookupError(f"{self.name} has no panel")

    def review(self, number: int) -> str:
        """Write the comments and the text: how many the host has taken."""
        raise LookupError(f"{self.name} writes nothing")

    def inbox(self) -> int:
        """Find what waits for me: how many there are."""
        raise LookupError(f"{self.name} has no inbox")

    def written(self, beside: int = 0) -> str:
        """How many comments the host has taken, without those that are `beside` the drafts."""
        return f"{self.server.counts().comments - beside} comments"


class Pullbridge(Contender):
    """This library."""

    name = "pullbridge"
    #: Requests in flight at most; `None` is for what it does by itself.
    width: ClassVar[int | None] = None
    #: Whether a review is refused when the head has moved.
    guarded: ClassVar[bool] = False

    @property
    def limit(self) -> int | None:
        """How many rows are wanted of a list; `None` is for all, however many."""
        return PULLS

    def open(self) -> None:
        from pullbridge import Settings, Token, connect, open_host

        settings = Settings(kind=self.server.kind, api_url=self.server.api)
        if self.width is not None:
            settings = replace(settings, max_concurrency=self.width)
        token = Token(self.place.token)
        self.repo = connect(f"{self.server.web}/{self.place.home}", credentials=token, settings=settings)
        self.host = open_host(self.server.web, credentials=token, settings=settings)

    def close(self) -> None:
        self.repo.close()
        self.host.close()

    def prepare(self, task: str, number: int) -> None:
        if task in {"panel", "fitting", "review"}:
            self.repo.pulls.panel(number)
        elif task == "poll":
            self.do(task, number)

    def list(self) -> int:
        return len([(pull.number, pull.title, pull.author) for pull in self.repo.pulls.list(limit=self.limit)])

    def inbox(self) -> int:
        return len([(pull.number, pull.title, pull.author) for pull in self.host.inbox()])

    def panel(self, number: int) -> str:
        found = self.repo.pulls.panel(number)
        comments = sum(len(thread.comments) for thread in found.threads)
        standing = getattr(found, self.place.standing[1])
        return self.place.told(len(found.commits), len(found.files), comments, len(standing), len(found.checks))

    def review(self, number: int) -> str:
        from pullbridge import Anchor, DraftComment, Verdict

        head = oid("head", number)
        drafts = [
            DraftComment(f"Comment {at}", at=Anchor.line(file_path(at), LINE, commit=head)) for at in range(DRAFTS)
        ]
        expected = head if self.guarded else None
        receipt = self.repo.reviews.submit(
            number, verdict=Verdict.COMMENT, body=TEXT, comments=drafts, expect_head=expected
        )
        receipt.raise_if_incomplete()
        return f"{len(receipt.outcomes)} comments"


class Unaided(Pullbridge):
    """This library, told nothing beforehand: how many pull requests there are, how many files, what is in them."""

    name = "pullbridge, counts unknown"
    tasks = ("list", "panel", "review")
    unaided = True
    cold = False

    @property
    def limit(self) -> int | None:
        return None

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

    name = "pullbridge, newest page"
    tasks = ("poll",)
    cold = False

    @property
    def limit(self) -> int | None:
        return self.place.page

    def expected(self, task: str, number: int) -> str:
        return f"{self.limit} pulls"


class Wide(Pullbridge):
    """This library, allowed to have twice as many requests in flight as it has by itself."""

    name = "pullbridge, 32 at once"
    tasks = ("review", "inbox")
    width = 32
    cold = False


class Bare(Contender):
    """No library: the requests that this one sends, from threads, the answers decoded into dicts. What the machine allows."""

    name = "bare urllib3 in threads, dicts"
    tasks: ClassVar[tuple[str, ...]] = ("list", "panel", "fitting", "review")
    cold = False
    #: As many at once as this library has by default.
    width: ClassVar[int] = 16

    def open(self) -> None:
        import urllib3

        self.pool = urllib3.PoolManager(maxsize=self.width)
        self.workers = ThreadPoolExecutor(self.width)

    def close(self) -> None:
        self.workers.shutdown()
        self.pool.clear()

    def bytes(self, path: str, body: Any = None, verb: str = "POST") -> Any:
        """One answer as it came; what is written is JSON."""
        import msgspec

        headers = {"Accept-Encoding": "gzip", "Authorization": f"Bearer {self.place.token}"}
        if body is None:
            return self.pool.request("GET", self.server.web + path, headers=headers).data
        headers["Content-Type"] = "application/json"
        sent = msgspec.json.encode(body)
        return self.pool.request(verb, self.server.web + path, body=sent, headers=headers).data

    def json(self, path: str, body: Any = None) -> Any:
        """The same, decoded."""
        import msgspec

        return msgspec.json.decode(self.bytes(path, body))

    def all(self, paths: Iterable[str]) -> Sequence[Any]:
        """Read all of them at once."""
        return [*self.workers.map(self.json, paths)]

    def post(self, posts: Iterable[tuple[str, Any]]) -> Sequence[Any]:
        """Write all of them at once."""
        return [*self.workers.map(lambda post: self.json(*post), posts)]


class Ogr(Contender):
    """ogr: one interface for GitHub, GitLab and Pagure, over their SDKs as they are installed. It has no files and no threads."""

    name = "ogr"
    tasks = ("list", "review", "poll", "inbox")
    polls = 2

    service: Any

    def open(self) -> None:
        self.project = self._project(None)
        self.pull: Any = None

    def _project(self, index: int | None) -> Any:
        namespace, _, repo = repository_path(index).partition("/")
        return self.service.get_project(namespace=namespace, repo=repo)

    @abstractmethod
    def asked(self, raw: Any) -> Iterable[str]:
        """Who was asked for a review. ogr does not say; the SDK's object below it does."""

    def prepare(self, task: str, number: int) -> None:
        self.pull = self.project.get_pr(number) if task == "review" else None

    def list(self) -> int:
        return len([(pull.id, pull.title, pull.author) for pull in self.project.get_pr_list()])

    def review(self, number: int) -> str:
        pull = self.pull or self.project.get_pr(number)
        for at in range(DRAFTS):
            pull.comment(f"Comment {at}", commit=oid("head", number), filename=file_path(at), row=LINE)
        return self.written()

    def inbox(self) -> int:
        waiting = 0
        for at in range(REPOSITORIES):
            waiting += sum(ME in self.asked(pull._raw_pr) for pull in self._project(at).get_pr_list())  # noqa: SLF001  # see `asked`
        return waiting


OWN: tuple[type[Contender], ...] = (Pullbridge, Unaided, Guarded, FirstPage)
