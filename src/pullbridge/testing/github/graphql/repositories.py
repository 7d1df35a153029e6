"""Repositories, and their labels and milestones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

from pullbridge.testing.github.graphql.commits import GitObject, Ref, object_of
from pullbridge.testing.github.graphql.errors import not_found
from pullbridge.testing.github.graphql.listing import in_order, listed
from pullbridge.testing.github.graphql.nodes import Node, view_of
from pullbridge.testing.github.graphql.people import Account, User, actor
from pullbridge.testing.github.graphql.schema import view
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest


Kept = TypeVar("Kept", bound=records.Label | records.Milestone)


class _OfRepository(Node[Kept]):
    """Labels and milestones: their records do not know their repository."""

    def __init__(self, ask: Asking, home: records.Repository, record: Kept) -> None:
        super().__init__(ask, record)
        self.home = home

    @property
    def repository(self) -> Repository:
        return Repository(self.ask, self.home)

    @property
    def description(self) -> str | None:
        return self.record.description

    @property
    def resource_path(self) -> str:
        raise AssertionError

    @property
    def url(self) -> str:
        return self.ask.web + self.resource_path


@view
class Label(_OfRepository[records.Label]):
    """A label."""

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def color(self) -> str:
        return self.record.color

    @property
    def is_default(self) -> bool:
        return False

    @property
    def created_at(self) -> datetime:
        return self.home.created_at

    @property
    def updated_at(self) -> datetime:
        return self.home.created_at

    @property
    def resource_path(self) -> str:
        return f"/{self.home.path}/labels/{quote(self.record.name)}"


@view
class Milestone(_OfRepository[records.Milestone]):
    """A milestone."""

    @property
    def number(self) -> int:
        return self.record.number

    @property
    def title(self) -> str:
        return self.record.title

    @property
    def state(self) -> str:
        return self.record.state.upper()

    @property
    def closed(self) -> bool:
        return self.record.state == "closed"

    @property
    def closed_at(self) -> datetime | None:
        return None

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def updated_at(self) -> datetime:
        return self.record.created_at

    @property
    def creator(self) -> Account | None:
        return actor(self.ask, self.record.creator)

    @property
    def due_on(self) -> datetime | None:
        return self.record.due_on

    @property
    def resource_path(self) -> str:
        return f"/{self.home.path}/milestone/{self.record.number}"

    @property
    def viewer_can_close(self) -> bool:
        return not self.closed and self.ask.role(self.home) >= records.Role.TRIAGE

    @property
    def viewer_can_reopen(self) -> bool:
        return self.closed and self.ask.role(self.home) >= records.Role.TRIAGE


@view
class PullRequestTemplate:
    """A template for descriptions of pull requests."""

    def __init__(self, repository: Repository, filename: str, body: str) -> None:
        self.repository = repository
        self.filename = filename
        self.body = body


#: Where templates are looked for.
#: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/creating-a-pull-request-template-for-your-repository
_TEMPLATES = [f"{folder}{name}.md" for folder in (".github/", "", "docs/") for name in ("pull_request_template",)]
_TEMPLATES += [path.replace("pull_request_template", "PULL_REQUEST_TEMPLATE") for path in _TEMPLATES]


@view
class Repository(Node[records.Repository]):
    """A repository."""

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def name_with_owner(self) -> str:
        return self.record.path

    @property
    def owner(self) -> Account | None:
        return actor(self.ask, self.record.owner)

    @property
    def description(self) -> str | None:
        return self.record.description

    @property
    def resource_path(self) -> str:
        return f"/{self.record.path}"

    @property
    def url(self) -> str:
        return self.ask.web + self.resource_path

    @property
    def ssh_url(self) -> str:
        return f"git@{urlsplit(self.ask.web).hostname}:{self.record.path}.git"

    @property
    def created_at(self) -> datetime:
        return self.record.created_at

    @property
    def updated_at(self) -> datetime:
        return self.record.pushed_at or self.record.created_at

    @property
    def pushed_at(self) -> datetime | None:
        return self.record.pushed_at

    @property
    def is_private(self) -> bool:
        return self.record.private

    @property
    def visibility(self) -> str:
        return "PRIVATE" if self.record.private else "PUBLIC"

    @property
    def is_archived(self) -> bool:
        return self.record.archived

    @property
    def is_fork(self) -> bool:
        return self.record.parent is not None

    @property
    def is_empty(self) -> bool:
        return not self.record.git.branches()

    @property
    def is_disabled(self) -> bool:
        return False

    @property
    def is_locked(self) -> bool:
        return False

    @property
    def is_mirror(self) -> bool:
        return False

    @property
    def is_template(self) -> bool:
        return False

    @property
    def parent(self) -> Repository | None:
        parent = self.record.parent
        return Repository(self.ask, parent) if parent and self.ask.sees(parent) else None

    @property
    def fork_count(self) -> int:
        return len(self.ask.store.repositories.forks(self.record))

    def forks(self, **_filters: object) -> list[Repository]:
        """The direct forks that may be seen."""
        return [Repository(self.ask, f) for f in self.ask.store.repositories.forks(self.record) if self.ask.sees(f)]

    # -- settings ------------------------------------------------------------------------------------------------------

    @property
    def merge_commit_allowed(self) -> bool:
        return self.record.allow_merge

    @property
    def squash_merge_allowed(self) -> bool:
        return self.record.allow_squash

    @property
    def rebase_merge_allowed(self) -> bool:
        return self.record.allow_rebase

    @property
    def auto_merge_allowed(self) -> bool:
        return self.record.allow_auto_merge

    @property
    def delete_branch_on_merge(self) -> bool:
        return self.record.delete_branch_on_merge

    @property
    def allow_update_branch(self) -> bool:
        return True

    @property
    def merge_commit_title(self) -> str:
        return "MERGE_MESSAGE"

    @property
    def merge_commit_message(self) -> str:
        return "PR_TITLE"

    @property
    def squash_merge_commit_title(self) -> str:
        return "COMMIT_OR_PR_TITLE"

    @property
    def squash_merge_commit_message(self) -> str:
        return "COMMIT_MESSAGES"

    @property
    def viewer_default_merge_method(self) -> str:
        allowed = {"MERGE": self.record.allow_merge, "SQUASH": self.record.allow_squash}
        return next((method for method, allows in allowed.items() if allows), "REBASE")

    @property
    def viewer_permission(self) -> str | None:
        role = self.ask.role(self.record)
        return role.name if role else None

    @property
    def viewer_can_administer(self) -> bool:
        return self.ask.role(self.record) >= records.Role.ADMIN

    @property
    def viewer_can_subscribe(self) -> bool:
        return True

    @property
    def viewer_subscription(self) -> str:
        return "UNSUBSCRIBED"

    # -- branches and content ------------------------------------------------------------------------------------------

    @property
    def default_branch_ref(self) -> Ref | None:
        return self.ref(self.record.default_branch)

    def ref(self, qualified_name: str) -> Ref | None:
        """A branch or tag, by its full name or its short one."""
        prefixes = ("",) if qualified_name.startswith("refs/") else ("refs/heads/", "refs/tags/")
        names = [prefix + qualified_name for prefix in prefixes]
        found = next((name for name in names if self.record.git.ref(name)), None)
        return Ref(self.ask, self.record, found) if found else None

    def refs(self, ref_prefix: str, query: str | None = None, **order: Any) -> list[Ref]:
        """The branches, in the order of their names."""
        if not "refs/heads/".startswith(ref_prefix.rstrip("/")):
            return []
        names = [name for name in self.record.git.branches() if (query or "").lower() in name.lower()]
        found = [Ref(self.ask, self.record, f"refs/heads/{name}") for name in names]
        return found[::-1] if order.get("direction") == "DESC" else found

    def object(self, expression: str | None = None, oid: str | None = None) -> GitObject | None:
        """What a revision expression or an id names."""
        wanted = expression or oid
        return object_of(self.ask, self.record, wanted) if wanted else None

    @property
    def pull_request_templates(self) -> list[PullRequestTemplate]:
        git, head = self.record.git, self.record.git.head(self.record.default_branch)
        bodies = {path: git.blob(head, path) for path in _TEMPLATES} if head else {}
        return [
            PullRequestTemplate(self, path, body.decode(errors="replace"))
            for path, body in bodies.items()
            if body is not None
        ]

    # -- people, labels, milestones ------------------------------------------------------------------------------------

    def assignable_users(self, query: str | None = None) -> list[User]:
        """The people who may be assigned: those who may write."""
        role = self.ask.store.people.role
        everyone: Iterable[records.User] = self.ask.store.people.users.values()
        chosen = [
            user
            for user in everyone
            if user.kind is records.UserKind.USER
            and role(user, self.record) >= records.Role.WRITE
            and (query or "").lower() in f"{user.handle} {user.name}".lower()
        ]
        return [User(self.ask, user) for user in sorted(chosen, key=lambda user: user.handle.lower())]

    def label(self, name: str) -> Label | None:
        """A label by its name."""
        found = self.record.labels.get(name.lower())
        return Label(self.ask, self.record, found) if found else None

    def labels(self, query: str | None = None, order_by: dict[str, str] | None = None) -> list[Label]:
        """All labels."""
        chosen = [label for label in self.record.labels.values() if (query or "").lower() in label.name.lower()]
        return [Label(self.ask, self.record, label) for label in in_order(chosen, order_by)]

    def milestone(self, number: int) -> Milestone | None:
        """A milestone by its number."""
        found = self.record.milestones.get(number)
        return Milestone(self.ask, self.record, found) if found else None

    # -- pull requests -------------------------------------------------------------------------------------------------

    def pull_request(self, number: int) -> PullRequest:
        """A pull request by its number."""
        if not self.ask.sees(self.record):
            raise not_found(f"Could not resolve to a Repository with the name '{self.record.path}'.")
        return view_of(self.ask, self.ask.pull(self.record, number))

    def pull_requests(self, **filters: Any) -> list[PullRequest]:
        """The pull requests, oldest first unless ordered otherwise."""
        if not self.ask.grants(self.record, "pull_requests", "read"):
            raise self.ask.inaccessible()
        return [view_of(self.ask, pull) for pull in listed(self.record.pulls.values(), **filters)]
