"""Filters and orders of lists of merge requests: `app/graphql/resolvers/merge_requests_resolver.rb`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab.graphql.nodes import number_of
from pullbridge.testing.gitlab.pull_shapes import state_word
from pullbridge.testing.store import PullRequest
from pullbridge.testing.store.records import User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.graphql.context import Asking


@dataclass(kw_only=True)
class Filters:
    """What a list was asked for. `reviewer` is whose review states `review_states` are about."""

    reviewer: User | None = None
    assignee_username: str | None = None
    author_username: str | None = None
    reviewer_username: str | None = None
    created_after: str | None = None
    created_before: str | None = None
    merged_after: str | None = None
    merged_before: str | None = None
    updated_after: str | None = None
    updated_before: str | None = None
    draft: bool | None = None
    iids: Sequence[str] | None = None
    labels: Sequence[str] | None = None
    label_name: Sequence[str | None] | None = None
    milestone_title: str | None = None
    project_id: str | None = None
    project_path: str | None = None
    review_state: str | None = None
    review_states: Sequence[str] | None = None
    sort: str = "CREATED_DESC"
    source_branches: Sequence[str] | None = None
    target_branches: Sequence[str] | None = None
    state: str | None = None
    not_: dict[str, Any] | None = None

    def __init__(self, **given: Any) -> None:
        for name, value in given.items():
            setattr(self, "not_" if name == "not" else name, value)


def listed(ask: Asking, pulls: Iterable[PullRequest], filters: Filters) -> list[PullRequest]:
    """The merge requests that fit all filters, in order."""
    tests = _tests(ask, filters)
    without = _tests(ask, Filters(**filters.not_)) if filters.not_ else ()
    found = [p for p in pulls if all(test(p) for test in tests) and not any(test(p) for test in without)]
    return _sorted(found, filters.sort)


def _sorted(pulls: list[PullRequest], sort: str) -> list[PullRequest]:
    name, _, direction = sort.rpartition("_")
    keys: dict[str, Callable[[PullRequest], Any]] = {
        "CREATED": lambda pull: pull.created_at,
        "UPDATED": lambda pull: pull.updated_at,
        "MERGED_AT": lambda pull: pull.merged_at or pull.created_at,
        "CLOSED_AT": lambda pull: pull.closed_at or pull.created_at,
        "TITLE": lambda pull: pull.title,
    }
    key = keys.get(name, keys["CREATED"])
    return sorted(pulls, key=lambda pull: (key(pull), pull.id), reverse=direction == "DESC")


def _named(people: Iterable[User], handle: str) -> bool:
    return any(user.handle.lower() == handle.lower() for user in people)


def _time(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _tests(ask: Asking, asked: Filters) -> list[Callable[[PullRequest], bool]]:
    """One test for each filter that was given."""
    labels = [name for name in (*(asked.labels or ()), *(asked.label_name or ())) if name]
    states = [*(asked.review_states or ()), *([asked.review_state] if asked.review_state else ())]
    makers: list[tuple[Any, Callable[[PullRequest], bool]]] = [
        (asked.assignee_username, lambda p: _named(p.assignees, asked.assignee_username or "")),
        (asked.author_username, lambda p: _named([p.author], asked.author_username or "")),
        (asked.reviewer_username, lambda p: _named(p.requested_reviewers, asked.reviewer_username or "")),
        (asked.draft is not None, lambda p: p.draft is asked.draft),
        (asked.iids, lambda p: str(p.number) in (asked.iids or ())),
        (labels, lambda p: {name.lower() for name in labels} <= {label.name.lower() for label in p.labels}),
        (asked.milestone_title, lambda p: p.milestone is not None and p.milestone.title == asked.milestone_title),
        (asked.project_path, lambda p: p.repository.path.lower() == (asked.project_path or "").lower()),
        (asked.project_id, lambda p: str(p.repository.id) == number_of(asked.project_id or "", "Project")),
        (asked.source_branches, lambda p: p.source_branch in (asked.source_branches or ())),
        (asked.target_branches, lambda p: p.target_branch in (asked.target_branches or ())),
        (asked.state not in {None, "all"}, lambda p: state_word(ask.shapes, p) == asked.state),
        (states and asked.reviewer, lambda p: _review_state(ask, p, asked.reviewer) in states),
        *_moments(asked),
    ]
    return [test for given, test in makers if given]


def _review_state(ask: Asking, pull: PullRequest, user: User | None) -> str:
    from pullbridge.testing.gitlab.graphql.interaction import review_state  # noqa: PLC0415 - it lists people, too

    return review_state(ask, pull, user) if user else ""


def _moments(asked: Filters) -> list[tuple[Any, Callable[[PullRequest], bool]]]:
    def bound(attribute: str, given: str | None, *, after: bool) -> tuple[Any, Callable[[PullRequest], bool]]:
        def test(pull: PullRequest) -> bool:
            when: datetime | None = getattr(pull, attribute)
            return when is not None and (when > _time(given or "") if after else when < _time(given or ""))

        return given, test

    return [
        bound("created_at", asked.created_after, after=True),
        bound("created_at", asked.created_before, after=False),
        bound("merged_at", asked.merged_after, after=True),
        bound("merged_at", asked.merged_before, after=False),
        bound("updated_at", asked.updated_after, after=True),
        bound("updated_at", asked.updated_before, after=False),
    ]
