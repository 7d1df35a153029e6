"""Repositories, their branches, forks and new names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pullbridge.testing.git import Git
from pullbridge.testing.store.records import Label, Milestone, Protection, Repository, Role, User, UserKind
from pullbridge.testing.store.refusals import Refused, Why

if TYPE_CHECKING:
    from pullbridge.testing.store import Store

Files = Mapping[str, str | bytes | None]


class Repositories:
    """All repositories, by path."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_path: dict[str, Repository] = {}
        self._moved: dict[str, Repository] = {}

    def all(self) -> tuple[Repository, ...]:
        """Every living repository, oldest first."""
        return tuple(sorted(self._by_path.values(), key=lambda repository: repository.id))

    def find(self, path: str) -> Repository | None:
        """The repository at a path, whatever its case, or `None`. A former path finds nothing: see `moved`."""
        return self._by_path.get(path.lower())

    def moved(self, path: str) -> Repository | None:
        """The repository that once had this path and has another one now."""
        repository = self._moved.get(path.lower())
        return None if repository is None or repository.deleted else repository

    def create(
        self,
        path: str,
        files: Files | None = None,
        *,
        private: bool = False,
        members: Mapping[str, str] | None = None,
        default_branch: str = "main",
    ) -> Repository:
        """Make a repository with one commit of `files` on its default branch (and its owner, when there is none)."""
        owner, _, name = path.rpartition("/")
        if path.lower() in self._by_path:
            raise Refused(Why.NAME_TAKEN, path=path)
        repository = self._store.keep(
            Repository(
                id=self._store.next_id(),
                owner=self._store.people.user(owner, kind=UserKind.ORGANIZATION),
                name=name,
                git=Git.create(self._store.folder / f"{self._store.next_id()}.git", default_branch=default_branch),
                created_at=self._store.now(),
                private=private,
                members=None if members is None else {who.lower(): Role[role.upper()] for who, role in members.items()},
                default_branch=default_branch,
            )
        )
        for handle in members or ():
            self._store.people.user(handle)
        self._by_path[path.lower()] = repository
        self.commit(repository, default_branch, files if files is not None else {"README.md": f"# {name}\n"})
        return repository

    def fork(self, repository: Repository, owner: User, name: str | None = None) -> Repository:
        """Make (or find) a user's fork, with all branches. It shares its parent's objects."""
        path = f"{owner.handle}/{name or repository.name}"
        existing = self.find(path)
        if existing is not None:
            return existing
        git = Git.create(
            self._store.folder / f"{self._store.next_id()}.git",
            family=repository.git,
            default_branch=repository.default_branch,
        )
        for branch, sha in repository.git.branches().items():
            git.set_ref(f"refs/heads/{branch}", sha)
        fork = Repository(
            id=self._store.next_id(),
            owner=owner,
            name=name or repository.name,
            git=git,
            created_at=self._store.now(),
            private=repository.private,
            members=dict(repository.members or {}) if repository.private else None,
            parent=repository,
            default_branch=repository.default_branch,
            pushed_at=repository.pushed_at,
        )
        self._by_path[path.lower()] = self._store.keep(fork)
        return fork

    def forks(self, repository: Repository) -> tuple[Repository, ...]:
        """The living direct forks, oldest first."""
        return tuple(other for other in self.all() if other.parent is repository)

    def delete(self, repository: Repository) -> None:
        """Delete a repository. Pull requests from it stay, with a source that is gone."""
        repository.deleted = True
        del self._by_path[repository.path.lower()]

    def rename(self, repository: Repository, path: str) -> None:
        """Give it a new path. The old one is remembered until a new repository takes it."""
        if path.lower() in self._by_path:
            raise Refused(Why.NAME_TAKEN, path=path)
        old = repository.path.lower()
        owner, _, name = path.rpartition("/")
        repository.owner, repository.name = self._store.people.user(owner, kind=UserKind.ORGANIZATION), name
        self._by_path[path.lower()] = self._by_path.pop(old)
        self._moved[old] = repository
        self._moved.pop(path.lower(), None)

    def protect(self, repository: Repository, branch: str, protection: Protection) -> None:
        """Say what merging into a branch asks for."""
        repository.protections[branch] = protection

    def label(self, repository: Repository, name: str, color: str = "ededed", description: str | None = None) -> Label:
        """The label of that name, made when there is none."""
        key = name.lower()
        if key not in repository.labels:
            made = Label(id=self._store.next_id(), name=name, color=color, description=description)
            repository.labels[key] = self._store.keep(made)
        return repository.labels[key]

    def milestone(self, repository: Repository, title: str, creator: User) -> Milestone:
        """Make a milestone."""
        number = len(repository.milestones) + 1
        made = Milestone(
            id=self._store.next_id(), number=number, title=title, creator=creator, created_at=self._store.now()
        )
        repository.milestones[number] = self._store.keep(made)
        return made

    # -- branches ------------------------------------------------------------------------------------------------------

    def commit(
        self,
        repository: Repository,
        branch: str,
        files: Files,
        *,
        message: str = "Change files",
        start: str | None = None,
        author: User | None = None,
    ) -> str:
        """Commit files (`None` deletes one) onto a branch, made from `start` when it is new; return the commit."""
        person = author or self._store.people.user("octo-committer", name="Octo Committer")
        before = repository.git.head(branch)
        parent = repository.git.resolve(start) if start and before is None else None
        signature = self._store.people.signature(person)
        sha = repository.git.write(branch, files, message=message, signature=signature, start=parent)
        self._store.branch_moved(repository, branch, before, sha, person)
        return sha

    def create_branch(self, repository: Repository, name: str, sha: str) -> None:
        """Make a branch at a commit."""
        if repository.git.head(name) is not None:
            raise Refused(Why.NAME_TAKEN, branch=name)
        if repository.git.resolve(sha) is None:
            raise Refused(Why.NOT_FOUND, commit=sha)
        repository.git.set_ref(f"refs/heads/{name}", sha)

    def move_branch(self, repository: Repository, name: str, sha: str, actor: User, *, force: bool = False) -> None:
        """Point a branch at another commit."""
        before = repository.git.head(name)
        if before is None:
            raise Refused(Why.NOT_FOUND, branch=name)
        if not force and repository.git.merge_base(before, sha) != before:
            raise Refused(Why.NOT_FAST_FORWARD, branch=name)
        repository.git.set_ref(f"refs/heads/{name}", sha)
        self._store.branch_moved(repository, name, before, sha, actor)

    def delete_branch(self, repository: Repository, name: str, actor: User) -> None:
        """Delete a branch. Open pull requests from it are closed, as on the real hosts."""
        before = repository.git.head(name)
        if before is None:
            raise Refused(Why.NOT_FOUND, branch=name)
        repository.git.set_ref(f"refs/heads/{name}", None)
        self._store.branch_moved(repository, name, before, None, actor)
