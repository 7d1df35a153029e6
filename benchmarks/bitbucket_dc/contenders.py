"""Who takes part on Data Center, and how each does a task with the best its own interface offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from benchmarks import contenders
from benchmarks.bitbucket_dc.shapes import KEY, anchor
from benchmarks.contenders import OWN, TEXT, Contender, Guarded, Pullbridge, Wide
from benchmarks.data import DRAFTS, oid, repository_path

_SLUG = repository_path(None).partition("/")[2]
_PULLS = f"rest/api/latest/projects/{KEY}/repos/{_SLUG}/pull-requests"


def _drafts(number: int) -> list[Any]:
    return [*({"text": f"Comment {at}", "anchor": anchor(number, at)} for at in range(DRAFTS)), {"text": TEXT}]


class Atlassian(Contender):
    """atlassian-python-api as it is installed: 25 rows a page where its methods do not ask for more.

    The changed files come in one page only, so that without being asked for more it has the first 25 of them.
    """

    name = "atlassian-python-api"
    most_runs = 4
    polls = 4
    most: ClassVar[int | None] = None
    shown: ClassVar[int] = 25

    def open(self) -> None:
        from atlassian.bitbucket import Bitbucket

        self.client: Any = Bitbucket(self.server.web, token=self.place.token, cloud=False)  # type: ignore[no-untyped-call]

    def close(self) -> None:
        self.client.close()

    def expected(self, task: str, number: int) -> str:
        told = super().expected(task, number)
        return told if self.most else told.replace("250 files", f"{self.shown} files")

    def list(self) -> int:
        rows = self.client.get_pull_requests(KEY, _SLUG)
        return len([(row["id"], row["title"], row["author"]["user"]["name"]) for row in rows])

    def panel(self, number: int) -> str:
        client, where, most = self.client, (KEY, _SLUG, number), {"limit": self.most}
        pull = client.get_pull_request(*where)
        commits = [*client.get_pull_requests_commits(*where, **most)]
        files = [*client.get_pull_requests_changes(*where, **most)]
        text = client.get(f"{_PULLS}/{number}.diff", not_json_response=True)
        told = [*client.get_pull_requests_activities(*where, **most)]
        comments = sum(_counted(row["comment"]) for row in told if row["action"] == "COMMENTED")
        builds = client.get_associated_build_statuses(oid("head", number))["values"]
        client.is_pull_request_can_be_merged(*where)
        assert text.count(b"diff --git") >= len(files)
        return self.place.told(len(commits), len(files), comments, len(pull["reviewers"]), len(builds))

    def review(self, number: int) -> str:
        """One after the other, and the text at the end; its own method has no word for the diff of a pull request."""
        for draft in _drafts(number):
            self.client.post(f"{_PULLS}/{number}/comments", data=draft)
        return self.written(beside=1)

    def inbox(self) -> int:
        asked = {"role": "REVIEWER", "state": "OPEN", "participant_status": "UNAPPROVED", "limit": self.most}
        return len([(row["id"], row["title"]) for row in self.client.get_dashboard_pull_requests(**asked)])


class TunedAtlassian(Atlassian):
    """The same at its best: the largest pages."""

    name = "atlassian-python-api, tuned"
    most = 1000


def _counted(comment: Any) -> int:
    return 1 + sum(map(_counted, comment["comments"]))


class Bare(contenders.Bare):
    """See there."""

    _pulls = f"/{_PULLS}"

    def _pages(self, path: str) -> Iterator[Any]:
        begin: int | None = 0
        while begin is not None:
            page = self.json(f"{path}&start={begin}")
            yield from page["values"]
            begin = page.get("nextPageStart")

    def list(self) -> int:
        return len([*self._pages(f"{self._pulls}?state=OPEN&order=NEWEST&limit=100")])

    def panel(self, number: int) -> str:
        pull = f"{self._pulls}/{number}"
        text = self.workers.submit(self.bytes, f"{pull}.diff")
        whole = [f"{pull}/{part}?limit=1000" for part in ("commits", "changes", "activities", "review")]
        builds = f"/rest/build-status/latest/commits/{oid('head', number)}?limit=1000"
        rules = f"/rest/required-builds/latest/projects/{KEY}/repos/{_SLUG}/conditions?limit=1000"
        read = self.all([pull, f"{pull}/merge", f"{pull}/merge-base", builds, rules, *whole])
        payload, _, _, checks, _, commits, files, told, _ = read
        assert text.result().count(b"diff --git") == len(files["values"])
        comments = sum(_counted(row["comment"]) for row in told["values"] if row["action"] == "COMMENTED")
        commits, files = (len(each["values"]) for each in (commits, files))
        return self.place.told(commits, files, comments, len(payload["reviewers"]), len(checks["values"]))

    def review(self, number: int) -> str:
        path = f"{self._pulls}/{number}/comments"
        return f"{len(self.post((path, draft) for draft in _drafts(number))) - 1} comments"


CONTENDERS: tuple[type[Contender], ...] = (*OWN, Wide, Bare, TunedAtlassian, Atlassian)
#: Who has the server make, before anything is timed, what the others will ask for.
AHEAD: tuple[type[Contender], ...] = (Atlassian, Pullbridge, Guarded)
