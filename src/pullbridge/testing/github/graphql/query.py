"""The root of all queries."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pullbridge.testing.github.graphql.commits import Commit, Ref
from pullbridge.testing.github.graphql.context import Asking
from pullbridge.testing.github.graphql.errors import Refusal, not_found, unresolved
from pullbridge.testing.github.graphql.nodes import parts_of, view_of
from pullbridge.testing.github.graphql.paging import Page
from pullbridge.testing.github.graphql.people import Account, Organization, User, actor
from pullbridge.testing.github.graphql.queue import MergeQueueEntry
from pullbridge.testing.github.graphql.repositories import Label, Milestone, Repository
from pullbridge.testing.github.graphql.schema import VIEWS, view
from pullbridge.testing.github.searching import Search
from pullbridge.testing.store import records

if TYPE_CHECKING:
    from pullbridge.testing.github.graphql.cost import Cost

#: Searches end here: https://docs.github.com/en/rest/search/search#about-search
_SEARCH_LIMIT = 1000


@view
class RateLimit:
    """The account's budget, after this query."""

    def __init__(self, cost: Cost, limit: int, used: int, reset_at: datetime) -> None:
        self.cost: int = cost.points
        self.node_count: int = cost.nodes
        self.limit = limit
        self.used = used
        self.remaining: int = max(0, limit - used)
        self.reset_at = reset_at


class Hits(list[Any]):
    """The hits that are shown, and how many there are in all."""

    total: int = 0


@view
class SearchResultItemConnection(Page):
    """The hits of a search: at most a thousand are shown, all are counted."""

    code_count = discussion_count = repository_count = user_count = wiki_count = 0

    @property
    def issue_count(self) -> int:
        return self.items.total if isinstance(self.items, Hits) else len(self.items)


@view
class Query:
    """What one can ask for."""

    def __init__(self, ask: Asking, cost: Cost) -> None:
        self.ask = ask
        self._cost = cost

    def rate_limit(self, dry_run: bool | None = None) -> RateLimit | None:
        """The budget; `None` where there is no limit."""
        del dry_run
        left = self.ask.allowance
        return RateLimit(self._cost, left.limit, left.used, left.resets_at) if left else None

    @property
    def viewer(self) -> Account | None:
        return actor(self.ask, self.ask.viewer)

    def repository(self, owner: str, name: str, follow_renames: bool = True) -> Repository:
        """A repository by its name."""
        return Repository(self.ask, self.ask.repository(owner, name, follow_renames=follow_renames))

    def repository_owner(self, login: str) -> Account | None:
        """A user or an organization."""
        return actor(self.ask, self.ask.store.people.find(login))

    def user(self, login: str) -> User:
        """A person by their login."""
        found = actor(self.ask, self.ask.store.people.find(login))
        if not isinstance(found, User):
            raise not_found(f"Could not resolve to a User with the login of '{login}'.")
        return found

    def organization(self, login: str) -> Organization:
        """An organization by its login."""
        found = actor(self.ask, self.ask.store.people.find(login))
        if not isinstance(found, Organization):
            raise not_found(f"Could not resolve to an Organization with the login of '{login}'.")
        return found

    def resource(self, url: str) -> Any:
        """What is at a web address: a repository or a pull request."""
        parts = url.removeprefix(self.ask.web).strip("/").split("/")
        if url.startswith(self.ask.web) and len(parts) == 4 and parts[2] == "pull" and parts[3].isdecimal():
            return view_of(self.ask, self.ask.pull(self.ask.repository(parts[0], parts[1]), int(parts[3])))
        if url.startswith(self.ask.web) and len(parts) == 2:
            return Repository(self.ask, self.ask.repository(parts[0], parts[1]))
        return None

    def node(self, id: str) -> Any:
        """Anything by its global id."""
        return node_of(self.ask, id)

    def nodes(self, ids: list[str]) -> list[Any]:
        """Several at once; each one that is not there is null, with an error of its own."""
        return [_node_or_refusal(self.ask, one) for one in ids]

    def search(self, query: str, type: str) -> Hits:
        """Pull requests that fit a query. The forge has no issues, and searches nothing else."""
        found = Search(self.ask.store, self.ask.viewer).find(query, self.ask.pulls()) if type == "ISSUE" else []
        readable = [pull for pull in found if self.ask.grants(pull.repository, "pull_requests", "read")]
        hits = Hits(view_of(self.ask, pull) for pull in readable[:_SEARCH_LIMIT])
        hits.total = len(readable)
        return hits


def node_of(ask: Asking, id: str) -> Any:
    """The view of a global id; refused when there is nothing, or nothing that may be seen."""
    record = ask.found(id)
    if isinstance(record, records.User):
        found: Any = actor(ask, record)
    elif isinstance(record, records.Label | records.Milestone):
        found = _of_repository(ask, record)
    elif isinstance(record, records.CheckRun | records.Status):
        found = _check(ask, record)
    elif type(record) in _PLAIN:
        found = view_of(ask, record)
    else:
        found = _composed(ask, id)
    if found is None:
        raise unresolved(id)
    return found


_PLAIN = {
    records.Comment,
    records.PullRequest,
    records.Repository,
    records.Review,
    records.ReviewComment,
    records.Team,
    records.Thread,
}


def _node_or_refusal(ask: Asking, id: str) -> Any:
    try:
        return node_of(ask, id)
    except Refusal as refusal:
        return refusal


def _homes(ask: Asking) -> list[records.Repository]:
    return [repository for repository in ask.store.repositories.all() if ask.sees(repository)]


def _of_repository(ask: Asking, record: records.Label | records.Milestone) -> Label | Milestone | None:
    for home in _homes(ask):
        if isinstance(record, records.Label) and record in home.labels.values():
            return Label(ask, home, record)
        if isinstance(record, records.Milestone) and record in home.milestones.values():
            return Milestone(ask, home, record)
    return None


def _check(ask: Asking, record: records.CheckRun | records.Status) -> Any:
    kind = VIEWS["CheckRun" if isinstance(record, records.CheckRun) else "StatusContext"]
    for home in _homes(ask):
        if record in home.check_runs.get(record.sha, []) or record in home.statuses.get(record.sha, []):
            if not ask.grants(home, kind.permission, "read"):
                raise ask.inaccessible()
            return kind(ask, home, record)
    return None


def _composed(ask: Asking, id: str) -> Any:
    letters, parts = parts_of(id)
    number = int(parts[0]) if parts and parts[0].isdecimal() else 0
    if letters == "MQE":
        queued = [pull for pull in ask.pulls() if pull.queued and pull.queued.id == number]
        return MergeQueueEntry.of(ask, queued[0]) if queued else None
    home = ask.store.find(records.Repository, number)
    if home is None or not ask.sees(home) or len(parts) < 2:
        return None
    if letters == "REF" and home.git.ref(parts[1]):
        return Ref(ask, home, parts[1])
    if letters == "C" and home.git.resolve(parts[1]):
        return Commit(ask, home, parts[1])
    return None
