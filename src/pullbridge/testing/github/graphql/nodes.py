"""What every view has: the question it belongs to, the record behind it, and a global id."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from pullbridge.testing.github import node_ids
from pullbridge.testing.github.graphql.schema import VIEWS
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.context import Asking
    from pullbridge.testing.github.graphql.pulls import PullRequest
    from pullbridge.testing.github.graphql.repositories import Repository
    from pullbridge.testing.github.graphql.reviews import PullRequestReview
    from pullbridge.testing.github.graphql.threads import PullRequestReviewComment


class Stored(Protocol):
    """A record of the store."""

    id: int


Record = TypeVar("Record", bound=Stored)


class Node(Generic[Record]):
    """A view of a record. Views live as long as one request, and hold nothing of their own."""

    def __init__(self, ask: Asking, record: Record) -> None:
        self.ask = ask
        self.record = record

    @property
    def id(self) -> str:
        """The global node id."""
        return node_ids.node_id(self.record)

    @property
    def database_id(self) -> int:
        """The number that REST calls `id`."""
        return self.record.id

    @property
    def full_database_id(self) -> str:
        """The same as a `BigInt`, which GraphQL writes as a string."""
        return str(self.record.id)


def composed_id(letters: str, *parts: int | str) -> str:
    """The global id of something that the store keeps no record of: a ref, a commit in a repository, a request."""
    packed = urlsafe_b64encode(":".join(map(str, parts)).encode()).decode().rstrip("=")
    return f"{letters}_{packed}"


def parts_of(id: str) -> tuple[str, list[str]]:
    """The letters and the parts of a composed id; no parts when it is none."""
    letters, _, packed = id.partition("_")
    try:
        return letters, urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode().split(":", 1)
    except (binascii.Error, ValueError):
        return letters, []


_VIEWS: dict[type, str] = {
    records.Comment: "IssueComment",
    records.PullRequest: "PullRequest",
    records.Repository: "Repository",
    records.Review: "PullRequestReview",
    records.ReviewComment: "PullRequestReviewComment",
    records.Team: "Team",
    records.Thread: "PullRequestReviewThread",
}


@overload
def view_of(ask: Asking, record: records.PullRequest) -> PullRequest: ...
@overload
def view_of(ask: Asking, record: records.Repository) -> Repository: ...
@overload
def view_of(ask: Asking, record: records.Review) -> PullRequestReview: ...
@overload
def view_of(ask: Asking, record: records.ReviewComment) -> PullRequestReviewComment: ...
@overload
def view_of(ask: Asking, record: Any) -> Any: ...
def view_of(ask: Asking, record: Any) -> Any:
    """The view of a record. It goes by name, because the nouns refer to each other in circles."""
    return VIEWS[_VIEWS[type(record)]](ask, record)
