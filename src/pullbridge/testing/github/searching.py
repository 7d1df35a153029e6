"""GitHub's search for pull requests: the qualifiers that REST and GraphQL share.

https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pullbridge.testing.store import PullRequest, Store, Team, User

_TERM = re.compile(r'(-?)(?:([\w-]+):)?("[^"]*"|\S+)')
_RANGE = re.compile(r"(>=|<=|>|<)?(.+)")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query: `author:me` has a name, plain text has none; `-` in front of it turns it round."""

    name: str
    value: str
    negated: bool


def terms_of(query: str) -> list[Term]:
    """Cut a query into its terms."""
    return [Term((name or "").lower(), value.strip('"'), bool(minus)) for minus, name, value in _TERM.findall(query)]


class Search:
    """One search: what a viewer asks of a store."""

    def __init__(self, store: Store, viewer: User | None) -> None:
        self._store = store
        self._viewer = viewer

    def find(self, query: str, pulls: Iterable[PullRequest]) -> list[PullRequest]:
        """The pull requests that fit, newest first, or as `sort:` says. Qualifiers of the same name are alternatives."""
        terms = terms_of(query)
        order = next((term.value for term in terms if term.name == "sort"), "created-desc")
        found = [pull for pull in pulls if self._fits(pull, terms)]
        return _sorted(found, order)

    def _fits(self, pull: PullRequest, terms: list[Term]) -> bool:
        alternatives: dict[str, list[bool]] = {}
        for term in terms:
            answer = self._holds(pull, term)
            if answer is None:
                continue
            if term.negated or term.name in _ALL_OF:
                if answer is term.negated:
                    return False
            else:
                alternatives.setdefault(term.name, []).append(answer)
        return all(any(answers) for answers in alternatives.values())

    def _holds(self, pull: PullRequest, term: Term) -> bool | None:
        """Whether a term fits; `None` for one that filters nothing."""
        if not term.name:
            return _mentions(pull, term.value)
        if term.name in _IGNORED:
            return None
        if term.name in _PEOPLE:
            return self._involved(pull, _PEOPLE[term.name](pull), term.value)
        if term.name in {"updated", "created", "closed", "merged"}:
            return _in_time(getattr(pull, f"{term.name}_at"), term.value)
        check = _CHECKS.get(term.name)
        return _mentions(pull, f"{term.name}:{term.value}") if check is None else check(self._store, pull, term.value)

    def _involved(self, pull: PullRequest, people: list[User | Team], wanted: str) -> bool:
        del pull
        if wanted == "@me":
            return self._viewer in people
        wanted = wanted.lstrip("@").lower()
        return any(_handle(one) == wanted for one in people)


def _handle(one: User | Team) -> str:
    return f"{one.organization}/{one.slug}".lower() if isinstance(one, Team) else one.handle.lower()


def _asked(pull: PullRequest) -> list[User | Team]:
    """Everybody asked for a review, members of asked teams among them (`review-requested:`)."""
    return [*pull.requested_reviewers, *(user for team in pull.requested_teams for user in team.members)]


def _reviewed(pull: PullRequest) -> list[User | Team]:
    return [review.author for review in pull.reviews if not review.pending]


_PEOPLE: dict[str, Callable[[PullRequest], list[User | Team]]] = {
    "author": lambda pull: [pull.author],
    "assignee": lambda pull: list(pull.assignees),
    "commenter": lambda pull: [comment.author for comment in pull.comments],
    "review-requested": _asked,
    "user-review-requested": lambda pull: list(pull.requested_reviewers),
    "team-review-requested": lambda pull: list(pull.requested_teams),
    "reviewed-by": _reviewed,
    "involves": lambda pull: [pull.author, *pull.assignees, *(comment.author for comment in pull.comments)],
}
_IGNORED = frozenset({"sort", "in", "type", "archived"})
_ALL_OF = frozenset({"", "is", "label", "draft", "updated", "created", "closed", "merged"})
_DECISIONS = {
    "approved": "APPROVED",
    "changes_requested": "CHANGES_REQUESTED",
    "changes-requested": "CHANGES_REQUESTED",
    "required": "REVIEW_REQUIRED",
}


def _is(_store: Store, pull: PullRequest, value: str) -> bool:
    states = {"open": pull.state == "open", "closed": pull.state != "open", "merged": pull.state == "merged"}
    kinds = {"pr": True, "issue": False, "draft": pull.draft, "unmerged": pull.state != "merged", "locked": pull.locked}
    places = {"public": not pull.repository.private, "private": pull.repository.private}
    return (states | kinds | places).get(value.lower(), True)


def _review(store: Store, pull: PullRequest, value: str) -> bool:
    if value == "none":
        return not any(review.state in {"APPROVED", "CHANGES_REQUESTED"} for review in pull.reviews)
    return store.reviews.decision(pull) == _DECISIONS.get(value)


def _status(store: Store, pull: PullRequest, value: str) -> bool:
    return (store.checks.rollup(pull.repository, pull.head) or "none") == value


_CHECKS: dict[str, Callable[[Store, PullRequest, str], bool]] = {
    "is": _is,
    "state": _is,
    "draft": lambda _, pull, value: pull.draft == (value == "true"),
    "repo": lambda _, pull, value: pull.repository.path.lower() == value.lower(),
    "org": lambda _, pull, value: pull.repository.owner.handle.lower() == value.lower(),
    "user": lambda _, pull, value: pull.repository.owner.handle.lower() == value.lower(),
    "head": lambda _, pull, value: pull.source_branch.startswith(value),
    "base": lambda _, pull, value: pull.target_branch == value,
    "label": lambda _, pull, value: any(label.name.lower() == value.lower() for label in pull.labels),
    "milestone": lambda _, pull, value: bool(pull.milestone and pull.milestone.title.lower() == value.lower()),
    "review": _review,
    "status": _status,
}


def _mentions(pull: PullRequest, text: str) -> bool:
    """Whether the words are in the title or the body, or are one of the commits (seven digits or more)."""
    written = f"{pull.title}\n{pull.body or ''}".lower()
    if text.lower() in written:
        return True
    if re.fullmatch(r"[0-9a-f]{7,40}", text) is None:
        return False
    commits = pull.repository.git.between(pull.base, pull.head)
    return any(sha.startswith(text) for sha in [pull.merge_commit or "", *(commit.sha for commit in commits)])


def _in_time(moment: datetime | None, wanted: str) -> bool:
    if moment is None:
        return False
    if ".." in wanted:
        first, last = wanted.split("..", 1)
        return all(_in_time(moment, sign + end) for sign, end in ((">=", first), ("<=", last)) if end != "*")
    match = _RANGE.fullmatch(wanted)
    if match is None:
        return False
    start, end = _span(match[2], moment)
    return {
        ">=": moment >= start,
        ">": moment >= end,
        "<": moment < start,
        "<=": moment < end,
        None: start <= moment < end,
    }[match[1]]


def _span(text: str, like: datetime) -> tuple[datetime, datetime]:
    """The day or the second that a date means."""
    start = datetime.fromisoformat(text)
    start = start if start.tzinfo else start.replace(tzinfo=like.tzinfo)
    return start, start + (timedelta(seconds=1) if "T" in text else timedelta(days=1))


def _sorted(pulls: list[PullRequest], order: str) -> list[PullRequest]:
    name, _, direction = order.partition("-")
    keys: dict[str, Callable[[PullRequest], tuple[Any, int]]] = {
        "updated": lambda pull: (pull.updated_at, pull.id),
        "comments": lambda pull: (len(pull.comments), pull.id),
    }
    key = keys.get(name, lambda pull: (pull.created_at, pull.id))
    return sorted(pulls, key=key, reverse=direction != "asc")
