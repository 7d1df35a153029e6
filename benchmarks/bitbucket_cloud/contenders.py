"""Who takes part on Bitbucket Cloud, and how each does a task with the best its own interface offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import quote

from benchmarks import contenders
from benchmarks.bitbucket_cloud.shapes import inline, spec, uuid
from benchmarks.contenders import ME, OWN, TEXT, Contender, Guarded, Pullbridge, Wide
from benchmarks.data import DRAFTS, REPOSITORIES, repository_path

_OPEN = f'state="OPEN" AND reviewers.uuid="{uuid(ME)}"'
_PULLS = f"repositories/{repository_path(None)}/pullrequests"
#: What this library reads of the newest events, too.
_EVENTS = quote(
    "next,values.update.date,values.update.source.commit.hash,values.approval.date,values.changes_requested.date"
)


def _drafts() -> list[Any]:
    placed = [{"content": {"raw": f"Comment {at}"}, "inline": inline(at)} for at in range(DRAFTS)]
    return [*placed, {"content": {"raw": TEXT}}]


class Atlassian(Contender):
    """atlassian-python-api as its objects go: ten rows a page, and every pull request of a list read once more.

    Its poll is that list, and not run for the eighteen seconds that it takes.
    """

    name = "atlassian-python-api"
    tasks: ClassVar[tuple[str, ...]] = ("list", "panel", "fitting", "review", "inbox")
    most_runs = 1

    def open(self) -> None:
        from atlassian.bitbucket.cloud import Cloud

        self.client: Any = Cloud(self.server.web, token=self.place.token)  # type: ignore[no-untyped-call]
        self.repo: Any = None
        self.pull: Any = None

    def close(self) -> None:
        self.client.close()

    def _repository(self, at: int | None = None) -> Any:
        """Asked for like this in its documentation: the workspace, then the repository."""
        workspace, _, slug = repository_path(at).partition("/")
        return self.client.workspaces.get(workspace).repositories.get(slug)

    def _home(self) -> Any:
        if self.repo is None:
            self.repo = self._repository()
        return self.repo

    def prepare(self, task: str, number: int) -> None:
        home = self._home()
        self.pull = home.pullrequests.get(number) if task == "review" else None

    def list(self) -> int:
        rows = self._home().pullrequests.each(q='state="OPEN"')
        return len([(row.id, row.title, row.author.display_name) for row in rows])

    def panel(self, number: int) -> str:
        pull = self._home().pullrequests.get(number)
        commits, files, text = [*pull.commits], [*pull.diffstat()], pull.diff()
        comments, builds = [*pull.comments()], [*pull.builds()]
        assert text.count("diff --git") == len(files)
        return self.place.told(len(commits), len(files), len(comments), len([*pull.reviewers()]), len(builds))

    def review(self, number: int) -> str:
        """One after the other, and the text at the end."""
        pull = self.pull or self._home().pullrequests.get(number)
        for draft in _drafts():
            pull.post("comments", draft)
        return self.written(beside=1)

    def inbox(self) -> int:
        """Look at all repositories: there is no list of what waits."""
        homes = (self._repository(at) for at in range(REPOSITORIES))
        return sum(len([(row.id, row.title) for row in home.pullrequests.each(q=_OPEN)]) for home in homes)


class TunedAtlassian(Atlassian):
    """The same client at its best: its raw verbs, the largest pages, and no request for what its objects ask beforehand."""

    name = "atlassian-python-api, tuned"
    tasks = Contender.tasks
    most_runs = 4
    polls = 4

    def _rows(self, path: str, **params: Any) -> Iterator[Any]:
        page = self.client.get(path, params={"pagelen": 100, **params})
        yield from page["values"]
        while "next" in page:
            page = self.client.get(page["next"], absolute=True)
            yield from page["values"]

    def prepare(self, task: str, number: int) -> None:
        pass

    def list(self) -> int:
        fields = "+values.reviewers,+values.participants,-values.rendered"
        rows = self._rows(_PULLS, state="OPEN", pagelen=50, fields=fields)
        return len([(row["id"], row["title"], row["author"]["display_name"]) for row in rows])

    def panel(self, number: int) -> str:
        pull = self.client.get(f"{_PULLS}/{number}")
        ends = "..".join(pull[end]["commit"]["hash"] for end in ("source", "destination"))
        home = f"repositories/{repository_path(None)}"
        commits, comments, builds = (
            [*self._rows(f"{_PULLS}/{number}/{part}")] for part in ("commits", "comments", "statuses")
        )
        files = [*self._rows(f"{home}/diffstat/{ends}", pagelen=500)]
        text = self.client.get(f"{home}/diff/{ends}", not_json_response=True).decode()
        assert text.count("diff --git") == len(files)
        return self.place.told(len(commits), len(files), len(comments), len(pull["reviewers"]), len(builds))

    def review(self, number: int) -> str:
        for draft in _drafts():
            self.client.post(f"{_PULLS}/{number}/comments", data=draft)
        return self.written(beside=1)

    def inbox(self) -> int:
        paths = (f"repositories/{repository_path(at)}/pullrequests" for at in range(REPOSITORIES))
        return sum(len([(row["id"], row["title"]) for row in self._rows(path, q=_OPEN, pagelen=50)]) for path in paths)


class Bare(contenders.Bare):
    """See there."""

    _home = f"/2.0/repositories/{repository_path(None)}"

    def _pages(self, path: str) -> list[Any]:
        rows: list[Any] = []
        after: str | None = path
        while after:
            page = self.json(after.removeprefix(self.server.web))
            rows += page["values"]
            after = page.get("next")
        return rows

    def list(self) -> int:
        fields = quote("+values.reviewers,+values.participants,-values.rendered")
        return len(self._pages(f"{self._home}/pullrequests?state=OPEN&pagelen=50&fields={fields}"))

    def panel(self, number: int) -> str:
        pull, ends = f"{self._home}/pullrequests/{number}", spec(number)
        text = self.workers.submit(self.bytes, f"{self._home}/diff/{ends}?binary=false")
        payload, events = (
            self.workers.submit(self.json, each) for each in (pull, f"{pull}/activity?pagelen=50&fields={_EVENTS}")
        )
        parts = [
            *(f"{pull}/{part}?pagelen=100" for part in ("commits", "comments", "statuses")),
            f"{self._home}/diffstat/{ends}?pagelen=500",
            f"{self._home}/branch-restrictions?pagelen=100",
            f"{self._home}/file-conflicts/{ends}",
        ]
        commits, comments, checks, files, *_ = self.workers.map(self._pages, parts)
        assert text.result().count(b"diff --git") == len(files)
        assert len(events.result()["values"]) == 50
        reviewers = payload.result()["reviewers"]
        return self.place.told(len(commits), len(files), len(comments), len(reviewers), len(checks))

    def review(self, number: int) -> str:
        path = f"{self._home}/pullrequests/{number}/comments"
        return f"{len(self.post((path, draft) for draft in _drafts())) - 1} comments"


CONTENDERS: tuple[type[Contender], ...] = (*OWN, Wide, Bare, TunedAtlassian, Atlassian)
#: Who has the server make, before anything is timed, what the others will ask for.
AHEAD: tuple[type[Contender], ...] = (Atlassian, Pullbridge, Guarded)
