"""Git objects and refs: commits, trees, blobs, branches."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pullbridge.testing import git
from pullbridge.testing.github.graphql.listing import listed
from pullbridge.testing.github.graphql.nodes import composed_id, view_of
from pullbridge.testing.github.graphql.people import User, person
from pullbridge.testing.github.graphql.schema import VIEWS, view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.diffs import FileDiff
    from pullbridge.testing.github.graphql.checks import Status, StatusCheckRollup
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest
    from pullbridge.testing.github.graphql.repositories import Repository


class GitObject:
    """What commits, trees and blobs have in common. `oid` is the object's id."""

    letters: ClassVar[str]

    def __init__(self, ask: Asking, home: records.Repository, oid: str) -> None:
        self.ask = ask
        self.home = home
        self.oid = oid

    @property
    def id(self) -> str:
        return composed_id(self.letters, self.home.id, self.oid)

    @property
    def abbreviated_oid(self) -> str:
        return self.oid[:7]

    @property
    def repository(self) -> Repository:
        return view_of(self.ask, self.home)

    @property
    def commit_resource_path(self) -> str:
        return f"/{self.home.path}/commit/{self.oid}"

    @property
    def commit_url(self) -> str:
        return self.ask.web + self.commit_resource_path


@view
class GitActor:
    """Who wrote or committed, in git's words; `user` is the account with that address."""

    def __init__(self, ask: Asking, signature: git.Signature) -> None:
        self.ask = ask
        self.name: str = signature.name
        self.email: str = signature.email
        self.date: datetime = signature.at

    @property
    def user(self) -> User | None:
        return person(self.ask, self.ask.store.people.by_email(self.email))

    def avatar_url(self, size: int | None = None) -> str:
        """The account's picture, or a common one."""
        user = self.user
        return user.avatar_url(size) if user else f"{self.ask.web}/avatars/gravatar"


@view
class Commit(GitObject):
    """A commit."""

    letters = "C"

    @cached_property
    def _commit(self) -> git.Commit:
        return self.home.git.commit(self.oid)

    @property
    def message(self) -> str:
        return self._commit.message

    @property
    def message_headline(self) -> str:
        return self._commit.message.partition("\n")[0]

    @property
    def message_body(self) -> str:
        return self._commit.message.partition("\n")[2].lstrip("\n")

    @property
    def author(self) -> GitActor:
        return GitActor(self.ask, self._commit.author)

    @property
    def committer(self) -> GitActor:
        return GitActor(self.ask, self._commit.committer)

    @property
    def authored_date(self) -> datetime:
        return self._commit.author.at

    @property
    def committed_date(self) -> datetime:
        return self._commit.committer.at

    @property
    def authored_by_committer(self) -> bool:
        return self._commit.author.email == self._commit.committer.email

    def authors(self) -> list[GitActor]:
        """The author; the forge reads no `Co-authored-by`."""
        return [self.author]

    def parents(self) -> list[Commit]:
        """Its parents, the first one first."""
        return [Commit(self.ask, self.home, sha) for sha in self._commit.parents]

    @property
    def tree(self) -> Tree:
        return Tree(self.ask, self.home, self._commit.tree)

    @property
    def url(self) -> str:
        return self.commit_url

    @property
    def resource_path(self) -> str:
        return self.commit_resource_path

    @cached_property
    def _diff(self) -> tuple[FileDiff, ...]:
        return self.home.git.diff((*self._commit.parents, git.EMPTY_TREE)[0], self.oid)

    @property
    def additions(self) -> int:
        return sum(file.additions for file in self._diff)

    @property
    def deletions(self) -> int:
        return sum(file.deletions for file in self._diff)

    @property
    def changed_files_if_available(self) -> int:
        return len(self._diff)

    def associated_pull_requests(self, order_by: object = None) -> list[PullRequest]:
        """The pull requests that have this commit, oldest first."""
        del order_by
        return [view_of(self.ask, pull) for pull in self._pulls]

    @property
    def _pulls(self) -> list[records.PullRequest]:
        commits = self.ask.store.pulls.commits
        here = [pull for pull in self.ask.pulls() if self.home in {pull.repository, pull.source}]
        return [pull for pull in here if any(commit.sha == self.oid for commit in commits(pull))]

    @property
    def status_check_rollup(self) -> StatusCheckRollup | None:
        return VIEWS["StatusCheckRollup"].of(self.ask, self.home, self.oid)  # type: ignore[no-any-return]

    @property
    def status(self) -> Status | None:
        return VIEWS["Status"].of(self.ask, self.home, self.oid)  # type: ignore[no-any-return]

    @property
    def viewer_can_subscribe(self) -> bool:
        return True

    @property
    def viewer_subscription(self) -> str:
        return "UNSUBSCRIBED"


@view
class Tree(GitObject):
    """A folder."""

    letters = "T1"

    @property
    def entries(self) -> list[TreeEntry]:
        return [TreeEntry(self, *row) for row in self.home.git.tree(self.oid)]


@view
class TreeEntry:
    """What is in a folder."""

    def __init__(self, folder: Tree, kind: str, oid: str, name: str, size: int) -> None:
        self.folder = folder
        self.type = kind
        self.oid = oid
        self.name = name
        self.path: str = name
        self.size = size

    @property
    def mode(self) -> int:
        return 0o040000 if self.type == "tree" else 0o100644

    @property
    def repository(self) -> Repository:
        return self.folder.repository

    @property
    def object(self) -> GitObject | None:
        return object_of(self.folder.ask, self.folder.home, self.oid)


@view
class Blob(GitObject):
    """A file's content."""

    letters = "B"

    @cached_property
    def _content(self) -> bytes:
        found = self.home.git.read(self.oid)
        return found[2] if found else b""

    @property
    def byte_size(self) -> int:
        return len(self._content)

    @property
    def is_binary(self) -> bool:
        return b"\0" in self._content[:8000]

    @property
    def is_truncated(self) -> bool:
        return False

    @property
    def text(self) -> str | None:
        return None if self.is_binary else self._content.decode(errors="replace")


_OBJECTS: dict[str, type[GitObject]] = {"commit": Commit, "tree": Tree, "blob": Blob}


def object_of(ask: Asking, home: records.Repository, revision: str) -> GitObject | None:
    """What a revision or `<revision>:<path>` names."""
    name, colon, path = revision.partition(":")
    commit = home.git.resolve(name) if name != "HEAD" else home.git.head(home.default_branch)
    found = home.git.read(f"{commit or name}:{path}" if colon else commit or name)
    return _OBJECTS[found[1]](ask, home, found[0]) if found and found[1] in _OBJECTS else None


@view
class Ref:
    """A branch or tag."""

    def __init__(self, ask: Asking, home: records.Repository, name: str) -> None:
        self.ask = ask
        self.home = home
        self.full_name = name

    @property
    def id(self) -> str:
        return composed_id("REF", self.home.id, self.full_name)

    @property
    def name(self) -> str:
        return self.full_name.split("/", 2)[2]

    @property
    def prefix(self) -> str:
        return self.full_name.removesuffix(self.name)

    @property
    def repository(self) -> Repository:
        return view_of(self.ask, self.home)

    @property
    def target(self) -> GitObject | None:
        sha = self.home.git.ref(self.full_name)
        return Commit(self.ask, self.home, sha) if sha else None

    def associated_pull_requests(self, **filters: Any) -> list[PullRequest]:
        """The pull requests that come from this branch."""
        mine = [pull for pull in self.ask.pulls() if pull.source is self.home and pull.source_branch == self.name]
        return [view_of(self.ask, pull) for pull in listed(mine, **filters)]
