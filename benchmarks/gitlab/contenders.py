"""Who takes part on GitLab, and how each does a task with the best its own interface offers."""

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
    REPOSITORIES,
    file_path,
    repository_path,
)
from benchmarks.gitlab.shapes import REVIEWERS, asked_position

if TYPE_CHECKING:
    from pullbridge import Panel


class OnGitLab(Contender):
    """Anybody here."""

    token = "glpat-benchmark"
    panel = f"{COMMITS} commits, {FILES} files, {COMMENTS} comments, {REVIEWERS} reviewers, {CHECKS} checks"


class Pullbridge(OnGitLab, contenders.Pullbridge):
    """This library."""

    def told(self, panel: Panel) -> str:
        comments = sum(len(thread.comments) for thread in panel.threads)
        return (
            f"{len(panel.commits)} commits, {len(panel.files)} files, {comments} comments, "
            f"{len(panel.reviewers)} reviewers, {len(panel.checks)} checks"
        )


class Unaided(contenders.Unaided, Pullbridge):
    """See there."""


class Guarded(contenders.Guarded, Pullbridge):
    """See there."""


class FirstPage(contenders.FirstPage, Pullbridge):
    """See there."""


class PythonGitLab(OnGitLab):
    """python-gitlab as it is installed: 20 rows a page, and the project itself asked for before anything in it."""

    name = "python-gitlab"
    most_runs = 2
    polls = 2
    options: dict[str, Any] = {}  # noqa: RUF012  # read only
    lazy = False

    def open(self) -> None:
        import gitlab

        self.client = gitlab.Gitlab(self.server.web, private_token=self.token, **self.options)
        self.project: Any = None
        self.pull: Any = None

    def close(self) -> None:
        self.client.session.close()

    def _project(self) -> Any:
        if self.project is None:
            self.project = self.client.projects.get(repository_path(None), lazy=self.lazy)
        return self.project

    def prepare(self, task: str, number: int) -> None:
        project = self._project()
        self.pull = project.mergerequests.get(number) if task == "review" else None

    def do(self, task: str, number: int) -> str:
        if task in {"list", "poll"}:
            rows = self._project().mergerequests.list(state="opened", get_all=True)
            return f"{len([(row.iid, row.title, row.author['username']) for row in rows])} pulls"
        if task == "panel":
            return self._panel(number)
        if task == "review":
            return self._review(number)
        return f"{self._inbox()} pulls"

    def _panel(self, number: int) -> str:
        project = self._project()
        pull = project.mergerequests.get(number)
        commits, files = list(pull.commits()), pull.changes()["changes"]
        comments = [note for each in pull.discussions.list(get_all=True) for note in each.attributes["notes"]]
        approved = pull.approvals.get().approved_by
        reviewers = [(row.user["username"], row.state) for row in pull.reviewer_details.list(get_all=True)]
        checks = project.pipelines.get(pull.head_pipeline["id"], lazy=True).jobs.list(get_all=True)
        assert len(approved) < len(reviewers)
        return (
            f"{len(commits)} commits, {len(files)} files, {len(comments)} comments, "
            f"{len(reviewers)} reviewers, {len(checks)} checks"
        )

    def _review(self, number: int) -> str:
        """One after the other, and the text at the end."""
        pull = self.pull or self._project().mergerequests.get(number)
        for at in range(DRAFTS):
            pull.discussions.create({"body": f"Comment {at}", "position": asked_position(number, file_path(at))})
        pull.notes.create({"body": "A few things."})
        return f"{self.server.counts().comments - 1} comments"

    def _inbox(self) -> int:
        """Look at all projects, as one does who knows nothing of the list of all."""
        waiting = 0
        for at in range(REPOSITORIES):
            project = self.client.projects.get(repository_path(at), lazy=self.lazy)
            for row in project.mergerequests.list(state="opened", get_all=True):
                waiting += any(person["username"] == "octo" for person in row.reviewers)
        return waiting


class TunedPythonGitLab(PythonGitLab):
    """python-gitlab at its best: 100 rows a page, no request for the project itself, one list for the inbox."""

    name = "python-gitlab, tuned"
    most_runs = 4
    options = {"per_page": 100}  # noqa: RUF012  # read only
    lazy = True

    def _inbox(self) -> int:
        rows = self.client.mergerequests.list(scope="all", state="opened", reviewer_username="octo", get_all=True)
        return len([(row.iid, row.title, row.author["username"]) for row in rows])


class Ogr(OnGitLab):
    """ogr, over python-gitlab as it is installed. It has no files and no threads, and drops the line of a comment."""

    name = "ogr"
    most_runs = 2
    polls = 2
    tasks = ("list", "review", "poll", "inbox")

    def open(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            from ogr.services.gitlab.service import GitlabService

            self.service = GitlabService(token=self.token, instance_url=self.server.web)
            self.project = self._project(None)
        self.pull: Any = None

    def close(self) -> None:
        self.service.gitlab_instance.session.close()

    def expected(self, task: str) -> str:
        return f"{DRAFTS} notes, none on its line" if task == "review" else super().expected(task)

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
                pull.comment(f"Comment {at}", commit=pull.head_commit, filename=file_path(at), row=14)
            return f"{self.server.counts().comments} notes, none on its line"
        waiting = 0
        for at in range(REPOSITORIES):
            for pull in self._project(at).get_pr_list():
                # ogr does not say who was asked for a review; python-gitlab below it does.
                waiting += any(person["username"] == "octo" for person in pull._raw_pr.reviewers)  # noqa: SLF001  # as said
        return f"{waiting} pulls"


class Bare(OnGitLab, contenders.Bare):
    """See there."""

    tasks = ("list", "panel", "review")

    def do(self, task: str, number: int) -> str:
        project = f"/api/v4/projects/{repository_path(None).replace('/', '%2F')}/merge_requests"
        if task == "list":
            rows = self.workers.map(self.json, _paged(f"{project}?scope=all&state=opened&with_labels_details=true"))
            return f"{sum(map(len, rows))} pulls"
        if task == "review":
            return self._review(f"{project}/{number}", number)
        return self._panel(f"{project}/{number}", number)

    def _panel(self, pull: str, number: int) -> str:
        asked = [self.workers.submit(self.json, "/api/graphql", each) for each in _questions(number)]
        parts = ("commits?per_page=100", "discussions?per_page=100", "draft_notes?per_page=100", "approvals")
        paths = [pull, *(f"{pull}/{part}" for part in parts), *_paged(f"{pull}/diffs?")]
        _, commits, discussions, _, _, *files = self.workers.map(self.json, paths)
        merge_request = asked[0].result()["data"]["project"]["mergeRequest"]
        asked[1].result()
        comments = sum(len(each["notes"]) for each in discussions)
        reviewers, jobs = merge_request["reviewers"]["nodes"], merge_request["headPipeline"]["jobs"]["nodes"]
        return (
            f"{len(commits)} commits, {sum(map(len, files))} files, {comments} comments, "
            f"{len(reviewers)} reviewers, {len(jobs)} checks"
        )

    def _review(self, pull: str, number: int) -> str:
        drafts = [{"body": f"Comment {at}", "position": asked_position(number, file_path(at))} for at in range(DRAFTS)]
        posts = [(f"{pull}/discussions", draft) for draft in drafts] + [(f"{pull}/notes", {"body": "A few things."})]
        made = list(self.workers.map(lambda post: self.json(post[0], json.dumps(post[1]).encode()), posts))
        return f"{len(made) - 1} comments"


def _paged(path: str) -> list[str]:
    return [f"{path}&per_page=100&page={page}" for page in (1, 2, 3)]


def _questions(number: int) -> list[bytes]:
    from pullbridge.hosts.gitlab import queries

    variables = {"fullPath": repository_path(None), "iid": str(number)}
    return [json.dumps({"query": each, "variables": variables}).encode() for each in (queries.PANEL, queries.REACTIONS)]


CONTENDERS: tuple[type[OnGitLab], ...] = (
    Pullbridge,
    Unaided,
    Guarded,
    FirstPage,
    Bare,
    TunedPythonGitLab,
    PythonGitLab,
    Ogr,
)
#: Who has the server make, before anything is timed, what the others will ask for.
AHEAD: tuple[type[OnGitLab], ...] = (PythonGitLab, Pullbridge, Guarded)
