"""One question: who asks, through which token, what they may see and do, and what was already looked up for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pullbridge.testing.github import node_ids
from pullbridge.testing.github.access import granted_scopes, kind_in_words, permits
from pullbridge.testing.github.graphql.errors import Refusal, forbidden, not_found
from pullbridge.testing.github.shapes import Shapes
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.knobs import Knobs
    from pullbridge.testing.store import Mergeability, Store

Level = Literal["read", "write"]

_SSO = (
    "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this "
    "organization."
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an account may spend in this hour, and has spent."""

    limit: int
    used: int
    resets_at: datetime


class Asking:
    """The context of one request. It lives as long as that."""

    def __init__(
        self, store: Store, token: records.Token, *, web: str, knobs: Knobs, allowance: Allowance | None
    ) -> None:
        self.store = store
        self.web = web
        self.knobs = knobs
        self.allowance = allowance
        self.token = token
        self.viewer: records.User = token.user
        self.mutation = ""
        self._shapes = Shapes(store, api="", web=web, viewer=token.user)
        self._mergeability: dict[records.PullRequest, Mergeability] = {}

    # -- what may be seen and done -------------------------------------------------------------------------------------

    def role(self, repository: records.Repository) -> records.Role:
        """The viewer's role."""
        return self.store.people.reach(self.token, repository)

    def sees(self, repository: records.Repository) -> bool:
        """Whether the repository exists for this viewer and token. A permission token always reads metadata."""
        if repository.deleted or self.role(repository) < records.Role.READ:
            return False
        return not repository.private or self.token.permissions is not None or "repo" in granted_scopes(self.token)

    def grants(self, repository: records.Repository, permission: str, level: Level) -> bool:
        """Whether the token reaches as far as `permission` in `level`. Public things may be read without any grant."""
        if level == "read" and not repository.private:
            return True
        if self.token.permissions is not None:
            return permits(self.token, f"{permission}={level}")
        needed = {"repo"} if repository.private else {"repo", "public_repo"}
        return not needed.isdisjoint(granted_scopes(self.token))

    def inaccessible(self) -> Refusal:
        """The refusal of a token whose permissions do not reach."""
        kind = kind_in_words(self.token)
        return forbidden(f"Resource not accessible by {kind}")

    def require(
        self,
        repository: records.Repository,
        *permissions: str,
        level: Level = "write",
        role: records.Role = records.Role.READ,
        own: bool = False,
    ) -> None:
        """Refuse unless the token grants all `permissions`, and the viewer has `role` or acts on their `own`."""
        if not all(self.grants(repository, permission, level) for permission in permissions):
            raise self.inaccessible()
        if not own and self.role(repository) < role:
            what = f"{self.mutation[0].upper()}{self.mutation[1:]}"
            raise forbidden(f"{self.viewer.handle} does not have the correct permissions to execute `{what}`")

    def may_converse(self, pull: records.PullRequest) -> bool:
        """Whether the viewer may comment: in a locked conversation only those who may write."""
        least = records.Role.WRITE if pull.locked else records.Role.READ
        return self.role(pull.repository) >= least and self.grants(pull.repository, "pull_requests", "write")

    def may_resolve(self, thread: records.Thread) -> bool:
        """Whether the viewer may resolve it: the pull request's author and those who may write.

        The token needs `contents: write`: https://github.com/orgs/community/discussions/44650
        """
        pull = thread.pull
        person = pull.author is self.viewer or self.role(pull.repository) >= records.Role.WRITE
        return person and not thread.pending and self.grants(pull.repository, "contents", "write")

    def association(self, repository: records.Repository, user: records.User) -> str:
        """How an author stands to a repository, as `CommentAuthorAssociation`."""
        return self._shapes.association(user, repository)

    # -- what is there -------------------------------------------------------------------------------------------------

    def repository(self, owner: str, name: str, *, follow_renames: bool = True) -> records.Repository:
        """A repository by its name; `NOT_FOUND` when there is none, or it may not be seen."""
        path = f"{owner}/{name}"
        found = self.store.repositories.find(path)
        if found is None and follow_renames:
            found = self.store.repositories.moved(path)
        if found is None or not self.sees(found):
            raise not_found(f"Could not resolve to a Repository with the name '{path}'.")
        if self.token.sso_url:
            raise Refusal("FORBIDDEN", _SSO, saml_failure=True)
        return found

    def pull(self, repository: records.Repository, number: int) -> records.PullRequest:
        """A pull request by its number, if the token may read pull requests there."""
        found = self.store.pulls.find(repository, number)
        if found is None:
            raise not_found(f"Could not resolve to a PullRequest with the number of {number}.")
        if not self.grants(repository, "pull_requests", "read"):
            raise self.inaccessible()
        return found

    def found(self, id: str) -> object | None:
        """The record of a global id, or `None` when there is none or it may not be seen."""
        record = node_ids.find(self.store, id)
        home = home_of(record)
        if home is not None and not self.sees(home):
            return None
        hidden = getattr(record, "pending", False) and author_of(record) is not self.viewer
        return None if hidden else record

    def visible_comments(self, thread: records.Thread) -> list[records.ReviewComment]:
        """The comments of a thread that the viewer sees."""
        return self.store.threads.comments(thread, self.viewer)

    def mergeability(self, pull: records.PullRequest) -> Mergeability:
        """Whether it can be merged. However many fields ask, one request is one look."""
        if pull not in self._mergeability:
            self._mergeability[pull] = self.store.merging.observe(pull)
        return self._mergeability[pull]

    def pulls(self) -> Iterable[records.PullRequest]:
        """Every pull request that may be seen."""
        return (pull for pull in self.store.pulls.all() if self.sees(pull.repository))


def home_of(record: Any) -> records.Repository | None:
    """The repository that a record belongs to; `None` for accounts, and for records that do not know."""
    if isinstance(record, records.Repository):
        return record
    if isinstance(record, records.PullRequest):
        return record.repository
    if isinstance(record, records.ReviewComment):
        return record.thread.pull.repository
    if isinstance(record, records.Thread | records.Review | records.Comment):
        return record.pull.repository
    return None


def author_of(record: Any) -> records.User | None:
    """Who wrote a record."""
    return record.comments[0].author if isinstance(record, records.Thread) else getattr(record, "author", None)
