"""Who takes part, and how each does a task with the best its own interface offers.

Every task returns what came back, in the words of `EXPECTED`, so that nobody is fast by doing less unnoticed.
"""

from __future__ import annotations

import json
import warnings
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.graph import repository_path
from benchmarks.server import LatencyServer
from benchmarks.shapes import REPOSITORIES, file_path, oid

TOKEN = "ghp_benchmark"
DRAFTS = 30
#: A changed line of every file.
LINE = 14

EXPECTED = {
    "list": "300 pulls",
    "panel": "12 commits, 250 files, 120 comments, 8 reviews, 20 checks",
    "review": "30 comments",
    "poll": "300 pulls",
    "inbox": "40 pulls",
}


class Contender(ABC):
    """A way to talk to GitHub. It is opened once for warm runs, and anew for each cold one."""

    name: str
    #: How often a task is run at most; the throttled ones take minutes.
    most_runs = 99
    #: How often an unchanged list is polled in one run.
    polls = 20
    tasks: tuple[str, ...] = ("list", "panel", "review", "poll", "inbox")

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
        return EXPECTED[task]

    @abstractmethod
    def do(self, task: str, number: int) -> str:
        """Do a task, with pull request `number` where it is about one."""


class Pullbridge(Contender):
    """This library."""

    name = "pullbridge"
    #: How many rows are wanted of a list; `None` is for all, however many.
    limit: int | None = 300
    #: Whether a review is refused when the head has moved.
    guarded = False

    def open(self) -> None:
        from pullbridge import Settings, Token, connect, open_host

        settings = Settings(kind="github", api_url=self.server.api)
        self.repo = connect(f"{self.server.web}/{repository_path(None)}", credentials=Token(TOKEN), settings=settings)
        self.host = open_host(self.server.web, credentials=Token(TOKEN), settings=settings)

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
            return self._panel(number)
        if task == "review":
            return self._review(number)
        if task == "inbox":
            found = [(pull.number, pull.title, pull.author) for pull in self.host.inbox()]
        else:
            found = [(pull.number, pull.title, pull.author) for pull in self.repo.pulls.list(limit=self.limit)]
        return f"{len(found)} pulls"

    def _panel(self, number: int) -> str:
        panel = self.repo.pulls.panel(number)
        comments = sum(len(thread.comments) for thread in panel.threads)
        return (
            f"{len(panel.commits)} commits, {len(panel.files)} files, {comments} comments, "
            f"{len(panel.reviews)} reviews, {len(panel.checks)} checks"
        )

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

    def prepare(self, task: str, number: int) -> None:
        pass


class Guarded(Pullbridge):
    """This library, reading the head before it writes: GitHub has no such guard in a review."""

    name = "pullbridge, head guarded"
    tasks = ("review",)
    guarded = True


class FirstPage(Pullbridge):
    """This library, looking only at the newest change: a poll needs no more to learn that there is none."""

    name = "pullbridge, newest 100"
    tasks = ("poll",)
    limit = 100

    def expected(self, task: str) -> str:
        return f"{self.limit} pulls" if task == "poll" else super().expected(task)


class PyGithub(Contender):
    """PyGithub as it is installed: 30 rows a page, a quarter of a second between requests, a second between writes."""

    name = "PyGithub"
    most_runs = 1
    polls = 2
    options: dict[str, Any] = {}  # noqa: RUF012  # read only
    lazy = False

    def open(self) -> None:
        from github import Auth, Github

        self.client = Github(base_url=self.server.api, auth=Auth.Token(TOKEN), **self.options)
        self.repo: Any = None
        self.pull: Any = None

    def close(self) -> None:
        self.client.close()

    def _repository(self) -> Any:
        if self.repo is None:
            self.repo = self.client.get_repo(repository_path(None), lazy=self.lazy)
        return self.repo

    def prepare(self, task: str, number: int) -> None:
        repo = self._repository()
        self.pull = repo.get_pull(number) if task == "review" else None

    def do(self, task: str, number: int) -> str:
        if task in {"list", "poll"}:
            found = [(pull.number, pull.title, pull.user.login) for pull in self._repository().get_pulls()]
            return f"{len(found)} pulls"
        if task == "panel":
            return self._panel(number)
        if task == "review":
            pull = self.pull or self._repository().get_pull(number)
            drafts = [
                {"path": file_path(at), "line": LINE, "side": "RIGHT", "body": f"Comment {at}"} for at in range(DRAFTS)
            ]
            pull.create_review(body="A few things.", event="COMMENT", comments=drafts)
            return f"{self.server.counts().comments} comments"
        return f"{self._inbox()} pulls"

    def _panel(self, number: int) -> str:
        pull = self._repository().get_pull(number)
        commits, files = list(pull.get_commits()), list(pull.get_files())
        comments = [*pull.get_review_comments(), *pull.get_issue_comments()]
        reviews = list(pull.get_reviews())
        checks = [*commits[-1].get_check_runs(), *commits[-1].get_combined_status().statuses]
        return (
            f"{len(commits)} commits, {len(files)} files, {len(comments)} comments, "
            f"{len(reviews)} reviews, {len(checks)} checks"
        )

    def _inbox(self) -> int:
        """Look at all repositories, as one does who knows nothing of the search."""
        waiting = 0
        for at in range(REPOSITORIES):
            for pull in self.client.get_repo(repository_path(at), lazy=self.lazy).get_pulls():
                waiting += any(person.login == "octo" for person in pull.requested_reviewers)
        return waiting


class TunedPyGithub(PyGithub):
    """PyGithub at its best: 100 rows a page, no waiting, no request for the repository itself, the search for the inbox."""

    name = "PyGithub, tuned"
    most_runs = 99
    polls = 20
    options = {"per_page": 100, "seconds_between_requests": 0, "seconds_between_writes": 0}  # noqa: RUF012  # read only
    lazy = True

    def _inbox(self) -> int:
        rows = self.client.search_issues("is:pr is:open archived:false user-review-requested:@me")
        return len([(row.number, row.title, row.user.login) for row in rows])


class Ogr(Contender):
    """ogr: one interface for GitHub, GitLab and Pagure, over PyGithub as it is installed. It has no files and no threads."""

    name = "ogr"
    most_runs = 1
    polls = 2
    tasks = ("list", "review", "poll", "inbox")

    def open(self) -> None:
        import github
        from ogr.services.github.service import GithubService

        api = self.server.api

        class Service(GithubService):
            """ogr knows github.com only; this is what it does, with another address."""

            def get_pygithub_instance(self, namespace: str, repo: str) -> Any:
                token = self.authentication.get_token(namespace, repo)
                return github.Github(base_url=api, login_or_token=token, retry=self._max_retries)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self.service = Service(token=TOKEN)
            self.project = self._project(None)
        self.pull: Any = None

    def _project(self, index: int | None) -> Any:
        namespace, _, repo = repository_path(index).partition("/")
        return self.service.get_project(namespace=namespace, repo=repo)

    def prepare(self, task: str, number: int) -> None:
        self.pull = self.project.get_pr(number) if task == "review" else None

    def do(self, task: str, number: int) -> str:
        if task in {"list", "poll"}:
            found = [(pull.id, pull.title, pull.author) for pull in self.project.get_pr_list()]
            return f"{len(found)} pulls"
        if task == "review":
            pull = self.pull or self.project.get_pr(number)
            for at in range(DRAFTS):
                pull.comment(f"Comment {at}", commit=oid("head", number), filename=file_path(at), row=LINE)
            return f"{self.server.counts().comments} comments"
        waiting = 0
        for at in range(REPOSITORIES):
            for pull in self._project(at).get_pr_list():
                # ogr does not say who was asked for a review; PyGithub below it does.
                waiting += any(person.login == "octo" for person in pull._raw_pr.requested_reviewers)  # noqa: SLF001  # as said
        return f"{waiting} pulls"


class Bare(Contender):
    """No library: the requests that this one sends, from threads, the answers decoded into dicts. What the machine allows."""

    name = "bare urllib3 in threads, dicts"
    tasks = ("list", "panel")

    def open(self) -> None:
        import urllib3

        self.pool = urllib3.PoolManager(maxsize=16)
        self.workers = ThreadPoolExecutor(16)

    def close(self) -> None:
        self.workers.shutdown()
        self.pool.clear()

    def _json(self, path: str, body: bytes | None = None) -> Any:
        import msgspec

        headers = {"Accept-Encoding": "gzip", "Authorization": f"Bearer {TOKEN}"}
        verb = "GET" if body is None else "POST"
        return msgspec.json.decode(self.pool.request(verb, self.server.web + path, body=body, headers=headers).data)

    def do(self, task: str, number: int) -> str:
        pulls = f"/api/v3/repos/{repository_path(None)}/pulls"
        pages = [f"?per_page=100&page={page}" for page in (1, 2, 3)]
        if task == "list":
            rows = self.workers.map(lambda page: self._json(pulls + page), pages)
            return f"{sum(map(len, rows))} pulls"
        asked = self.workers.submit(self._json, "/api/graphql", self._question(number))
        files = sum(map(len, self.workers.map(lambda page: self._json(f"{pulls}/{number}/files{page}"), pages)))
        pull = asked.result()["data"]["repository"]["pullRequest"]
        comments = sum(len(thread["comments"]["nodes"]) for thread in pull["reviewThreads"]["nodes"])
        checks = len(pull["statusCheckRollup"]["contexts"]["nodes"])
        commits, reviews = (len(pull[name]["nodes"]) for name in ("commits", "reviews"))
        return f"{commits} commits, {files} files, {comments} comments, {reviews} reviews, {checks} checks"

    def _question(self, number: int) -> bytes:
        from pullbridge.hosts.github import queries

        owner, _, name = repository_path(None).partition("/")
        variables = {"owner": owner, "name": name, "number": number}
        return json.dumps({"query": queries.PANEL, "variables": variables}).encode()


class Untimed(PyGithub):
    """Not a contender: has the server make, before anything is timed, the answers that the waiting ones will ask for."""

    options = {"seconds_between_requests": 0, "seconds_between_writes": 0}  # noqa: RUF012  # read only


CONTENDERS: tuple[type[Contender], ...] = (Pullbridge, Unaided, Guarded, FirstPage, Bare, TunedPyGithub, PyGithub, Ogr)
