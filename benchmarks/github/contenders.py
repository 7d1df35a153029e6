"""Who takes part on GitHub, and how each does a task with the best its own interface offers."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

from benchmarks import contenders
from benchmarks.contenders import Contender
from benchmarks.data import (
    CHECKS,
    COMMENTS,
    COMMITS,
    DRAFTS,
    FILES,
    LINE,
    REPOSITORIES,
    file_path,
    oid,
    repository_path,
)
from benchmarks.github.shapes import REVIEWS

if TYPE_CHECKING:
    from pullbridge import Panel


class OnGitHub(Contender):
    """Anybody here."""

    token = "ghp_benchmark"
    panel = f"{COMMITS} commits, {FILES} files, {COMMENTS} comments, {REVIEWS} reviews, {CHECKS} checks"


class Pullbridge(OnGitHub, contenders.Pullbridge):
    """This library."""

    def told(self, panel: Panel) -> str:
        comments = sum(len(thread.comments) for thread in panel.threads)
        return (
            f"{len(panel.commits)} commits, {len(panel.files)} files, {comments} comments, "
            f"{len(panel.reviews)} reviews, {len(panel.checks)} checks"
        )


class Unaided(contenders.Unaided, Pullbridge):
    """See there."""


class Guarded(contenders.Guarded, Pullbridge):
    """See there."""


class FirstPage(contenders.FirstPage, Pullbridge):
    """See there."""


class PyGithub(OnGitHub):
    """PyGithub as it is installed: 30 rows a page, a quarter of a second between requests, a second between writes."""

    name = "PyGithub"
    most_runs = 1
    polls = 2
    options: dict[str, Any] = {}  # noqa: RUF012  # read only
    lazy = False

    def open(self) -> None:
        from github import Auth, Github

        self.client = Github(base_url=self.server.api, auth=Auth.Token(self.token), **self.options)
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


class Ogr(OnGitHub):
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
            self.service = Service(token=self.token)
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


class Bare(OnGitHub, contenders.Bare):
    """See there."""

    tasks = ("list", "panel")

    def do(self, task: str, number: int) -> str:
        pulls = f"/api/v3/repos/{repository_path(None)}/pulls"
        pages = [f"?per_page=100&page={page}" for page in (1, 2, 3)]
        if task == "list":
            rows = self.workers.map(lambda page: self.json(pulls + page), pages)
            return f"{sum(map(len, rows))} pulls"
        asked = self.workers.submit(self.json, "/api/graphql", self._question(number))
        files = sum(map(len, self.workers.map(lambda page: self.json(f"{pulls}/{number}/files{page}"), pages)))
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


CONTENDERS: tuple[type[OnGitHub], ...] = (Pullbridge, Unaided, Guarded, FirstPage, Bare, TunedPyGithub, PyGithub, Ogr)
#: Who has the server make, before anything is timed, what the others will ask for.
AHEAD: tuple[type[OnGitHub], ...] = (Untimed, Pullbridge, Guarded)
