"""What creating and editing a merge request set alike: people, labels, the milestone and how it shall be merged.

`app/services/merge_requests/base_service.rb`, `app/services/issuable_base_service.rb`
"""

from __future__ import annotations

from pullbridge.testing.gitlab.asking import Ask
from pullbridge.testing.gitlab.errors import bad_request, invalid
from pullbridge.testing.gitlab.roles import REPORTER, level_of, sees
from pullbridge.testing.store import Label, Milestone, PullRequest, Repository, User, UserKind

#: https://docs.gitlab.com/administration/instance_limits/
MOST_PEOPLE = 200


def set_fields(ask: Ask, pull: PullRequest) -> None:
    """Do with a merge request what the parameters say; what they do not name stays."""
    if level_of(ask.store, ask.user, pull.repository) >= REPORTER:
        _set_people(ask, pull)
        _set_labels(ask, pull)
        _set_milestone(ask, pull)
    state = ask.app.states.of(pull)
    if ask.given("squash"):
        state.squash = bool(ask.flag("squash"))
    if ask.given("remove_source_branch"):
        state.remove_source = ask.flag("remove_source_branch")
    collaborates = ask.flag("allow_collaboration", ask.flag("allow_maintainer_to_push"))
    if collaborates is not None:
        pull.maintainer_can_modify = collaborates


def _people(ask: Ask, name: str, project: Repository, *, several: bool) -> list[User] | None:
    """Whom a list of ids names. `None` leaves who is there: when nothing was sent, or nobody of it may read the project."""
    ids = ask.numbers(name)
    if ids is None:
        return None
    chosen = ids if several else ids[:1]
    if not chosen or chosen == [0]:
        return []
    people = [found for number in chosen if (found := ask.store.find(User, number)) is not None]
    able = [user for user in people if user.kind is not UserKind.ORGANIZATION and sees(ask.store, user, project)]
    return able or None


def _set_people(ask: Ask, pull: PullRequest) -> None:
    several = ask.licensed("premium")
    assignees = _people(ask, "assignee_ids", pull.repository, several=several)
    if assignees is None and ask.given("assignee_id"):
        one = ask.store.find(User, ask.number("assignee_id") or 0)
        assignees = [] if one is None else [one]
    reviewers = _people(ask, "reviewer_ids", pull.repository, several=several) if ask.at_least(13, 8) else None
    for name, people in (("assignees", assignees), ("reviewers", reviewers)):
        if people is not None and len(people) > MOST_PEOPLE:
            raise invalid(**{name: f"total must be less than or equal to {MOST_PEOPLE}"})
    if assignees is not None:
        ask.store.pulls.set_assignees(pull, ask.me, assignees)
    if reviewers is not None:
        ask.store.pulls.set_reviewers(pull, ask.me, reviewers)


def _labels(ask: Ask, names: list[str]) -> list[Label]:
    """The labels of those names; unknown ones are made."""
    return [ask.store.repositories.label(ask.project, name) for name in names]


def _set_labels(ask: Ask, pull: PullRequest) -> None:
    replaced, added, removed = ask.words("labels"), ask.words("add_labels"), ask.words("remove_labels")
    if replaced is None and added is None and removed is None:
        return
    known = pull.repository.labels
    gone = {known[name.lower()] for name in removed or () if name.lower() in known}
    wanted = list(pull.labels) if replaced is None else _labels(ask, replaced)
    wanted += _labels(ask, added or [])
    ask.store.pulls.set_labels(pull, ask.me, [label for label in wanted if label not in gone])


def _set_milestone(ask: Ask, pull: PullRequest) -> None:
    ask.exclusive("milestone_id", "milestone")
    if ask.given("milestone_id"):
        found = ask.store.find(Milestone, ask.number("milestone_id") or 0)
        mine = found if found in pull.repository.milestones.values() else None
        ask.store.pulls.set_milestone(pull, ask.me, mine)
    elif ask.given("milestone") and ask.at_least(19, 2):
        title = ask.text("milestone")
        named = [stone for stone in pull.repository.milestones.values() if stone.title == title]
        if title and not named:
            raise bad_request(f'milestone "{title}" not found')  # unverified wording
        ask.store.pulls.set_milestone(pull, ask.me, named[0] if named else None)
