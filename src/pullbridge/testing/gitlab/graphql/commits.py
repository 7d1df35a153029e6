"""Commits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from pullbridge.testing.git import Commit as GitCommit
from pullbridge.testing.gitlab.graphql.nodes import gid
from pullbridge.testing.gitlab.graphql.people import UserCore, person
from pullbridge.testing.gitlab.graphql.schema import view
from pullbridge.testing.store import Repository

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking


@view
class Commit:
    """A commit of a project."""

    def __init__(self, ask: Asking, project: Repository, commit: GitCommit) -> None:
        self._ask = ask
        self._project = project
        self._commit = commit
        self.sha: str = commit.sha
        self.short_id: str = commit.sha[:8]
        self.message: str = f"{commit.message}\n"
        self.author_name: str = commit.author.name
        self.author_email: str = commit.author.email
        self.authored_date: datetime = commit.author.at
        self.signature_html: None = None

    @property
    def id(self) -> str:
        return gid("Commit", self.sha)

    @property
    def title(self) -> str:
        """The first line; GitLab cuts a long one."""
        return self.full_title if len(self.full_title) <= 80 else f"{self.full_title[:77]}..."

    @property
    def full_title(self) -> str:
        return self._commit.message.partition("\n")[0]

    @property
    def title_html(self) -> str:
        return escape(self.title)

    @property
    def full_title_html(self) -> str:
        return escape(self.full_title)

    @property
    def description(self) -> str:
        return self._commit.message.partition("\n")[2].strip()

    @property
    def description_html(self) -> str:
        return escape(self.description)

    @property
    def author(self) -> UserCore | None:
        return person(self._ask, self._ask.store.people.by_email(self.author_email))

    @property
    def author_gravatar(self) -> str:
        digest = hashlib.sha256(self.author_email.encode()).hexdigest()
        return f"https://www.gravatar.com/avatar/{digest}?s=80&d=identicon"

    @property
    def web_path(self) -> str:
        return f"{self._ask.app.root}/{self._project.path}/-/commit/{self.sha}"

    @property
    def web_url(self) -> str:
        return f"{self._ask.web}/{self._project.path}/-/commit/{self.sha}"

    def pipelines(self, **filters: Any) -> Sequence[Any] | None:
        """The pipelines that ran on it, newest first."""
        from pullbridge.testing.gitlab.graphql.pipelines import pipelines_of  # noqa: PLC0415 - jobs have commits

        return pipelines_of(self._ask, self._project, {"sha": self.sha, **filters})
