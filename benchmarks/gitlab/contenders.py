"""Who takes part on GitLab, and how each does a task with the best its own interface offers."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from benchmarks import contenders
from benchmarks.contenders import ME, OWN, TEXT, Contender, Guarded, Pullbridge
from benchmarks.data import DRAFTS, REPOSITORIES, file_path, repository_path
from benchmarks.gitlab.shapes import asked_position


class PythonGitLab(Contender):
    """python-gitlab as it is installed: 20 rows a page, and the project itself asked for before anything in it."""

    name = "python-gitlab"
    most_runs = 2
    polls = 2
    options: dict[str, Any] = {}  # noqa: RUF012  # read only
    lazy = False

    def open(self) -> None:
        import gitlab

        self.client = gitlab.Gitlab(self.server.web, private_token=self.place.token, **self.options)
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

    def list(self) -> int:
        rows = self._project().mergerequests.list(state="opened", get_all=True)
        return len([(row.iid, row.title, row.author["username"]) for row in rows])

    def panel(self, number: int) -> str:
        project = self._project()
        pull = project.mergerequests.get(number)
        commits, files = [*pull.commits()], pull.changes()["changes"]
        comments = [note for each in pull.discussions.list(get_all=True) for note in each.attributes["notes"]]
        approved = pull.approvals.get().approved_by
        reviewers = [(row.user["username"], row.state) for row in pull.reviewer_details.list(get_all=True)]
        checks = project.pipelines.get(pull.head_pipeline["id"], lazy=True).jobs.list(get_all=True)
        assert len(approved) < len(reviewers)
        return self.place.told(len(commits), len(files), len(comments), len(reviewers), len(checks))

    def review(self, number: int) -> str:
        """One after the other, and the text at the end."""
        pull = self.pull or self._project().mergerequests.get(number)
        for at in range(DRAFTS):
            pull.discussions.create({"body": f"Comment {at}", "position": asked_position(number, file_path(at))})
        pull.notes.create({"body": TEXT})
        return self.written(beside=1)

    def inbox(self) -> int:
        """Look at all projects, as one does who knows nothing of the list of all."""
        waiting = 0
        for at in range(REPOSITORIES):
            project = self.client.projects.get(repository_path(at), lazy=self.lazy)
            for row in project.mergerequests.list(state="opened", get_all=True):
                waiting += any(person["username"] == ME for person in row.reviewers)
        return waiting


class TunedPythonGitLab(PythonGitLab):
    """python-gitlab at its best: 100 rows a page, no request for the project itself, one list for the inbox."""

    name = "python-gitlab, tuned"
    most_runs = 4
    options = {"per_page": 100}  # noqa: RUF012  # read only
    lazy = True

    def inbox(self) -> int:
        rows = self.client.mergerequests.list(scope="all", state="opened", reviewer_username=ME, get_all=True)
        return len([(row.iid, row.title, row.author["username"]) for row in rows])


class Ogr(contenders.Ogr):
    """See there. It drops the line of a comment here."""

    most_runs = 2

    def open(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            from ogr.services.gitlab.service import GitlabService

            self.service = GitlabService(token=self.place.token, instance_url=self.server.web)
            super().open()

    def close(self) -> None:
        self.service.gitlab_instance.session.close()

    def expected(self, task: str, number: int) -> str:
        return f"{DRAFTS} notes, none on its line" if task == "review" else super().expected(task, number)

    def review(self, number: int) -> str:
        super().review(number)
        return f"{self.server.counts().comments} notes, none on its line"

    def asked(self, raw: Any) -> Iterable[str]:
        return [person["username"] for person in raw.reviewers]


class Bare(contenders.Bare):
    """See there."""

    _pulls = f"/api/v4/projects/{repository_path(None).replace('/', '%2F')}/merge_requests"

    def list(self) -> int:
        return sum(map(len, self.all(_paged(f"{self._pulls}?scope=all&state=opened&with_labels_details=true"))))

    def panel(self, number: int) -> str:
        pull = f"{self._pulls}/{number}"
        asked = [self.workers.submit(self.json, "/api/graphql", each) for each in _questions(number)]
        parts = ("commits?per_page=100", "discussions?per_page=100", "draft_notes?per_page=100", "approvals")
        paths = [pull, *(f"{pull}/{part}" for part in parts), *_paged(f"{pull}/diffs?")]
        _, commits, discussions, _, _, *files = self.all(paths)
        merge_request = asked[0].result()["data"]["project"]["mergeRequest"]
        asked[1].result()
        comments = sum(len(each["notes"]) for each in discussions)
        reviewers, jobs = merge_request["reviewers"]["nodes"], merge_request["headPipeline"]["jobs"]["nodes"]
        return self.place.told(len(commits), sum(map(len, files)), comments, len(reviewers), len(jobs))

    def review(self, number: int) -> str:
        pull = f"{self._pulls}/{number}"
        drafts = [{"body": f"Comment {at}", "position": asked_position(number, file_path(at))} for at in range(DRAFTS)]
        made = self.post([*((f"{pull}/discussions", draft) for draft in drafts), (f"{pull}/notes", {"body": TEXT})])
        return f"{len(made) - 1} comments"


def _paged(path: str) -> list[str]:
    return [f"{path}&per_page=100&page={page}" for page in (1, 2, 3)]


def _questions(number: int) -> list[Any]:
    from pullbridge.hosts.gitlab import queries

    variables = {"fullPath": repository_path(None), "iid": str(number)}
    return [{"query": each, "variables": variables} for each in (queries.PANEL, queries.REACTIONS)]


CONTENDERS: tuple[type[Contender], ...] = (*OWN, Bare, TunedPythonGitLab, PythonGitLab, Ogr)
#: Who has the server make, before anything is timed, what the others will ask for.
AHEAD: tuple[type[Contender], ...] = (PythonGitLab, Pullbridge, Guarded)
