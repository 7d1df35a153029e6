"""Who takes part on GitHub, and how each does a task with the best its own interface offers."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from benchmarks import contenders
from benchmarks.contenders import ME, OWN, TEXT, Contender, Guarded, Pullbridge
from benchmarks.data import DRAFTS, LINE, REPOSITORIES, file_path, repository_path


class PyGithub(Contender):
    """PyGithub as it is installed: 30 rows a page, a quarter of a second between requests, a second between writes."""

    name = "PyGithub"
    most_runs = 1
    polls = 2
    options: dict[str, Any] = {}  # noqa: RUF012  # read only
    lazy = False

    def open(self) -> None:
        from github import Auth, Github

        self.client = Github(base_url=self.server.api, auth=Auth.Token(self.place.token), **self.options)
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

    def list(self) -> int:
        return len([(pull.number, pull.title, pull.user.login) for pull in self._repository().get_pulls()])

    def panel(self, number: int) -> str:
        pull = self._repository().get_pull(number)
        commits, files = [*pull.get_commits()], [*pull.get_files()]
        comments = [*pull.get_review_comments(), *pull.get_issue_comments()]
        reviews = [*pull.get_reviews()]
        checks = [*commits[-1].get_check_runs(), *commits[-1].get_combined_status().statuses]
        return self.place.told(len(commits), len(files), len(comments), len(reviews), len(checks))

    def review(self, number: int) -> str:
        pull = self.pull or self._repository().get_pull(number)
        drafts = [
            {"path": file_path(at), "line": LINE, "side": "RIGHT", "body": f"Comment {at}"} for at in range(DRAFTS)
        ]
        pull.create_review(body=TEXT, event="COMMENT", comments=drafts)
        return self.written()

    def inbox(self) -> int:
        """Look at all repositories, as one does who knows nothing of the search."""
        waiting = 0
        for at in range(REPOSITORIES):
            for pull in self.client.get_repo(repository_path(at), lazy=self.lazy).get_pulls():
                waiting += any(person.login == ME for person in pull.requested_reviewers)
        return waiting


class TunedPyGithub(PyGithub):
    """PyGithub at its best: 100 rows a page, no waiting, no request for the repository itself, the search for the inbox."""

    name = "PyGithub, tuned"
    most_runs = 99
    polls = 20
    options = {"per_page": 100, "seconds_between_requests": 0, "seconds_between_writes": 0}  # noqa: RUF012  # read only
    lazy = True

    def inbox(self) -> int:
        rows = self.client.search_issues("is:pr is:open archived:false user-review-requested:@me")
        return len([(row.number, row.title, row.user.login) for row in rows])


class Ogr(contenders.Ogr):
    """See there."""

    most_runs = 1

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
            self.service = Service(token=self.place.token)
            super().open()

    def asked(self, raw: Any) -> Iterable[str]:
        return [person.login for person in raw.requested_reviewers]


class Bare(contenders.Bare):
    """See there."""

    tasks = ("list", "panel")
    _pulls = f"/api/v3/repos/{repository_path(None)}/pulls"
    _pages = tuple(f"?per_page=100&page={page}" for page in (1, 2, 3))

    def list(self) -> int:
        return sum(map(len, self.all(self._pulls + page for page in self._pages)))

    def panel(self, number: int) -> str:
        asked = self.workers.submit(self.json, "/api/graphql", self._question(number))
        files = sum(map(len, self.all(f"{self._pulls}/{number}/files{page}" for page in self._pages)))
        pull = asked.result()["data"]["repository"]["pullRequest"]
        comments = sum(len(thread["comments"]["nodes"]) for thread in pull["reviewThreads"]["nodes"])
        checks = len(pull["statusCheckRollup"]["contexts"]["nodes"])
        commits, reviews = (len(pull[name]["nodes"]) for name in ("commits", "reviews"))
        return self.place.told(commits, files, comments, reviews, checks)

    def _question(self, number: int) -> Any:
        from pullbridge.hosts.github import queries

        owner, _, name = repository_path(None).partition("/")
        return {"query": queries.PANEL, "variables": {"owner": owner, "name": name, "number": number}}


class Untimed(PyGithub):
    """Not a contender: has the server make, before anything is timed, the answers that the waiting ones will ask for."""

    options = {"seconds_between_requests": 0, "seconds_between_writes": 0}  # noqa: RUF012  # read only


CONTENDERS: tuple[type[Contender], ...] = (*OWN, Bare, TunedPyGithub, PyGithub, Ogr)
#: Who has the server make, before anything is timed, what the others will ask for.
AHEAD: tuple[type[Contender], ...] = (Untimed, Pullbridge, Guarded)
