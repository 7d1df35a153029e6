"""What differs between the hosts, for all who take part there."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.bitbucket_cloud.shapes import REVIEWERS as CLOUD_REVIEWERS
from benchmarks.bitbucket_dc.shapes import REVIEWERS as DATA_CENTER_REVIEWERS
from benchmarks.data import CHECKS, COMMITS, FILES, comments_of, repository_path
from benchmarks.github.shapes import REVIEWS
from benchmarks.gitlab.shapes import REVIEWERS

TASKS = ("list", "panel", "review", "poll", "inbox")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One host: `name` as one says it; `standing` is what a panel tells of those who review, and how much of that."""

    name: str
    token: str
    standing: tuple[int, str]
    #: Rows of the largest page of pull requests, and the pages that tell only where the next one is, by task.
    page: int = 100
    steps: tuple[tuple[str, int], ...] = ()
    #: Where the repository with the long list is, below the pages' address.
    home: str = repository_path(None)
    tasks: tuple[str, ...] = TASKS

    def panel(self, number: int) -> str:
        """What a panel holds."""
        return self.told(COMMITS, FILES, comments_of(number), self.standing[0], CHECKS)

    def told(self, commits: int, files: int, comments: int, standing: int, checks: int) -> str:
        """The same, of one that was read."""
        return f"{commits} commits, {files} files, {comments} comments, {standing} {self.standing[1]}, {checks} checks"

    def extra(self, task: str) -> int:
        """How many pages of a task are read one after the other, behind the first."""
        return dict(self.steps).get(task, 0)


#: By `Settings.kind`.
PLACES = {
    "github": Place(name="GitHub", token="ghp_benchmark", standing=(REVIEWS, "reviews")),
    "gitlab": Place(name="GitLab", token="glpat-benchmark", standing=(REVIEWERS, "reviewers")),
    "bitbucket-cloud": Place(
        name="Bitbucket Cloud",
        token="benchmark",
        standing=(CLOUD_REVIEWERS, "reviewers"),
        page=50,
        steps=(("list", 5), ("panel", 1)),
        tasks=("list", "panel", "fitting", "review", "poll", "inbox"),
    ),
    "bitbucket-dc": Place(
        name="Bitbucket Data Center",
        token="benchmark",
        standing=(DATA_CENTER_REVIEWERS, "reviewers"),
        steps=(("list", 2),),
        home="projects/OCTO/repos/app",
    ),
}
