"""Which merge requests a list shows, and in what order: `app/finders/merge_requests_finder.rb`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from pullbridge.testing.gitlab.asking import Ask
from pullbridge.testing.gitlab.errors import parameters
from pullbridge.testing.gitlab.parameters import Parameters
from pullbridge.testing.gitlab.pull_shapes import state_word
from pullbridge.testing.store import PullRequest, User

Test = Callable[[PullRequest], bool]

STATES = ("opened", "closed", "locked", "merged", "all")
SCOPES = ("created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "all")
ORDERS = (
    "created_at",
    "label_priority",
    "milestone_due",
    "popularity",
    "priority",
    "title",
    "updated_at",
    "merged_at",
)


def select(ask: Ask, pulls: Iterable[PullRequest], *, scope: str | None) -> list[PullRequest]:
    """The merge requests that the parameters ask for, in their order. `scope` is what is meant when none is given."""
    tests = [*_by_state(ask), *_by_scope(ask, scope), *_by_people(ask), *_by_words(ask), *_by_times(ask), *_plain(ask)]
    tests += [_none_of(negated) for negated in _negatable(ask, ask.inner("not"))]
    found = [pull for pull in pulls if all(test(pull) for test in tests)]
    return _ordered(ask, found)


def _none_of(test: Test) -> Test:
    return lambda pull: not test(pull)


# -- what must hold ----------------------------------------------------------------------------------------------------


def _by_state(ask: Ask) -> list[Test]:
    wanted = ask.choice("state", STATES, "all")
    return [] if wanted == "all" else [lambda pull: state_word(ask.shapes, pull) == wanted]


def _by_scope(ask: Ask, default: str | None) -> list[Test]:
    known = (*SCOPES, "reviews_for_me") if ask.at_least(18, 0) else SCOPES
    wanted = ask.choice("scope", known, default)
    if wanted in {None, "all"}:
        return []
    me = ask.me
    if wanted == "reviews_for_me":
        return [lambda pull: me in pull.requested_reviewers]
    return [(lambda pull: me in pull.assignees) if "assigned" in str(wanted) else (lambda pull: pull.author is me)]


def _by_people(ask: Ask) -> list[Test]:
    tests = _negatable(ask, ask)
    ask.exclusive("reviewer_id", "reviewer_username")
    tests += _person(ask, "merge_user_id", "merge_user_username", lambda pull: _some(pull.merged_by))
    if ask.given("approved_by_ids", "approved_by_usernames"):
        tests.append(_approved_by(ask))
    return tests


def _some(user: User | None) -> list[User]:
    return [] if user is None else [user]


def _negatable(ask: Ask, given: Parameters) -> list[Test]:
    """What can be asked for, and against with `not`."""
    tests = _person(given, "author_id", "author_username", lambda pull: [pull.author])
    tests += _person(given, "assignee_id", "assignee_username", lambda pull: pull.assignees)
    if ask.at_least(13, 8):
        tests += _person(given, "reviewer_id", "reviewer_username", lambda pull: pull.requested_reviewers)
    labels, milestone = given.words("labels"), given.text("milestone")
    if labels:
        tests.append(lambda pull: _labelled(pull, labels))
    if milestone:
        tests.append(lambda pull: _in_milestone(pull, milestone))
    emoji = given.text("my_reaction_emoji")
    if emoji:
        tests.append(lambda pull: _reacted(pull, ask.user, emoji))
    return tests


def _person(given: Parameters, by_id: str, by_name: str, people: Callable[[Any], list[User]]) -> list[Test]:
    """By number, handle, `None` or `Any`. Several handles must all be there."""
    given.exclusive(by_id, by_name)
    number, names = given.people(by_id), given.words(by_name)
    if number is None and not names:
        return []
    word = number if isinstance(number, str) else (names or [""])[0].capitalize()
    if word in {"None", "Any"}:
        return [lambda pull: bool(people(pull)) == (word == "Any")]
    if names:
        handles = {name.lower() for name in names}
        return [lambda pull: handles <= {user.handle.lower() for user in people(pull)}]
    return [lambda pull: number in {user.id for user in people(pull)}]


def _approved_by(ask: Ask) -> Test:
    ids, names = ask.words("approved_by_ids"), ask.words("approved_by_usernames")
    wanted = [word.lower() for word in (ids or names or [])]
    if len(wanted) > 5:
        raise parameters("approved_by_ids does not have a valid value")  # unverified wording

    def test(pull: PullRequest) -> bool:
        said = ask.store.reviews.verdicts(pull).items()
        users = [user for user, review in said if review.state == "APPROVED"]
        if wanted in (["any"], ["none"]):
            return bool(users) == (wanted == ["any"])
        return set(wanted) <= {str(user.id) if ids else user.handle.lower() for user in users}

    return test


def _labelled(pull: PullRequest, names: list[str]) -> bool:
    if names[0].lower() in {"none", "any"}:
        return bool(pull.labels) == (names[0].lower() == "any")
    return {name.lower() for name in names} <= {label.name.lower() for label in pull.labels}


def _in_milestone(pull: PullRequest, title: str) -> bool:
    if title.lower() in {"none", "any"}:
        return (pull.milestone is not None) == (title.lower() == "any")
    return pull.milestone is not None and pull.milestone.title == title


def _reacted(pull: PullRequest, user: User | None, emoji: str) -> bool:
    mine = {reaction.content for reaction in pull.reactions if reaction.user is user}
    if emoji.lower() in {"none", "any"}:
        return bool(mine) == (emoji.lower() == "any")
    return {"thumbsup": "+1", "thumbsdown": "-1"}.get(emoji, emoji) in mine


def _by_words(ask: Ask) -> list[Test]:
    text, places = (ask.text("search") or "").lower(), ask.text("in") or "title,description"
    if not text:
        return []

    def test(pull: PullRequest) -> bool:
        title = pull.title.lower() if "title" in places else ""
        body = (pull.body or "").lower() if "description" in places else ""
        return all(word in title or word in body for word in text.split())

    return [test]


def _by_times(ask: Ask) -> list[Test]:
    bounds = (
        (name, ask.moment(f"{name}_after"), ask.moment(f"{name}_before")) for name in ("created", "updated", "merged")
    )
    return [_within(f"{name}_at", after, before) for name, after, before in bounds if after or before]


def _within(field: str, after: datetime | None, before: datetime | None) -> Test:
    def test(pull: PullRequest) -> bool:
        when: datetime | None = getattr(pull, field)
        return when is not None and (after is None or when >= after) and (before is None or when <= before)

    return test


def _plain(ask: Ask) -> list[Test]:
    tests: list[Test] = []
    ask.exclusive("wip", "draft")
    wip = ask.choice("wip", ("yes", "no"))
    draft = ask.flag("draft") if ask.at_least(18, 0) else None
    if wip is not None or draft is not None:
        wanted = draft if draft is not None else wip == "yes"
        tests.append(lambda pull: pull.draft == wanted)
    source, target = ask.text("source_branch"), ask.text("target_branch")
    if source:
        tests.append(lambda pull: pull.source_branch == source)
    if target:
        tests.append(lambda pull: pull.target_branch == target)
    origin, numbers = ask.number("source_project_id"), ask.numbers("iids")
    if origin is not None:
        tests.append(lambda pull: pull.source.id == origin)
    if numbers is not None:
        tests.append(lambda pull: pull.number in numbers)
    return tests


# -- in what order -----------------------------------------------------------------------------------------------------


def _created(pull: PullRequest) -> Any:
    return pull.created_at


def _ordered(ask: Ask, found: list[PullRequest]) -> list[PullRequest]:
    order = ask.choice("order_by", ORDERS if ask.at_least(14, 8) else ("created_at", "updated_at"), "created_at")
    down = ask.choice("sort", ("asc", "desc"), "desc") == "desc"
    keys: dict[str, Callable[[PullRequest], Any]] = {
        "updated_at": lambda pull: pull.updated_at,
        "merged_at": lambda pull: pull.merged_at or pull.created_at,
        "title": lambda pull: pull.title.lower(),
        "popularity": lambda pull: sum(reaction.content == "+1" for reaction in pull.reactions),
    }
    key = keys.get(str(order), _created)
    return sorted(found, key=lambda pull: (key(pull), pull.id), reverse=down)
