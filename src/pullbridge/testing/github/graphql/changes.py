"""What a pull request changes: its files and its commits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pullbridge.testing.github.graphql.commits import Commit
from pullbridge.testing.github.graphql.nodes import composed_id, view_of
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing import git
    from pullbridge.testing.diffs import FileDiff
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest


@view
class PullRequestChangedFile:
    """A changed file. GraphQL gives neither the patch nor the old path."""

    def __init__(self, ask: Asking, pull: records.PullRequest, file: FileDiff) -> None:
        self._ask = ask
        self._pull = pull
        self._file = file
        self.path: str = file.path

    @property
    def additions(self) -> int:
        return self._file.additions

    @property
    def deletions(self) -> int:
        return self._file.deletions

    @property
    def change_type(self) -> str:
        return "DELETED" if self._file.status == "removed" else self._file.status.upper()

    @property
    def viewer_viewed_state(self) -> str:
        return self._ask.store.pulls.viewed(self._pull, self._ask.viewer, self._file).upper()


@view
class PullRequestCommit:
    """A commit as part of a pull request."""

    def __init__(self, ask: Asking, pull: records.PullRequest, commit: git.Commit) -> None:
        self._ask = ask
        self._pull = pull
        self.commit: Commit = Commit(ask, pull.repository, commit.sha)
        self.created_at: datetime = commit.committer.at

    @property
    def id(self) -> str:
        return composed_id("PURC", self._pull.id, self.commit.oid)

    @property
    def pull_request(self) -> PullRequest:
        return view_of(self._ask, self._pull)

    @property
    def resource_path(self) -> str:
        return f"/{self._pull.repository.path}/pull/{self._pull.number}/commits/{self.commit.oid}"

    @property
    def url(self) -> str:
        return self._ask.web + self.resource_path
