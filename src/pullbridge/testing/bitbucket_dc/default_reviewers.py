"""Who reviews unless somebody says otherwise: default reviewers by branch, and groups of reviewers.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (`default-reviewers`, `reviewer-groups`)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level, person_of
from pullbridge.testing.bitbucket_dc.asking import NOTHING, REPO, Answer, Ask, Route
from pullbridge.testing.store import PullRequest, Repository, User

Json = dict[str, Any]
#: Since when there are groups of reviewers.
GROUPS = (7, 13)


@dataclass(eq=False, kw_only=True)
class Condition:
    """These people review what goes into a branch (or any), and so many of them must approve."""

    id: int
    repository: Repository
    reviewers: list[User]
    required: int = 0
    target: str | None = None

    def applies(self, target: str) -> bool:
        """Whether it is about a pull request into that branch."""
        return self.target in {None, target}

    def missing(self, pull: PullRequest, approved: set[User]) -> bool:
        """Whether a pull request lacks approvals of these people."""
        asked = [user for user in self.reviewers if user is not pull.author]
        have = sum(user in approved for user in asked)
        return self.applies(f"refs/heads/{pull.target_branch}") and have < min(self.required, len(asked))


@dataclass(eq=False, kw_only=True)
class Group:
    """A group of reviewers, of a repository or of a whole project."""

    id: int
    name: str
    users: list[User]
    repository: Repository | None = None
    key: str = ""
    description: str = ""


@dataclass
class Reviewing:
    """All conditions and groups."""

    conditions: list[Condition] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    def of(self, repository: Repository) -> list[Condition]:
        """The conditions of a repository."""
        return [each for each in self.conditions if each.repository is repository]

    def groups_of(self, repository: Repository, key: str) -> list[Group]:
        """The groups of a repository, and of its project."""
        return [each for each in self.groups if each.repository is repository or each.key == key.upper()]


# -- conditions --------------------------------------------------------------------------------------------------------


def _matcher(branch: str | None) -> Json:
    if branch is None:
        kind = {"id": "ANY_REF", "name": "Any branch"}
        return {"id": "ANY_REF_MATCHER_ID", "displayId": "ANY_REF_MATCHER_ID", "type": kind, "active": True}
    kind = {"id": "BRANCH", "name": "Branch"}
    return {"id": branch, "displayId": branch.removeprefix("refs/heads/"), "type": kind, "active": True}


def _shape(ask: Ask, condition: Condition) -> Json:
    return {
        "id": condition.id,
        "scope": {"type": "REPOSITORY", "resourceId": condition.repository.id},
        "sourceRefMatcher": _matcher(None),
        "targetRefMatcher": _matcher(condition.target),
        "reviewers": [ask.shapes.user(user) for user in condition.reviewers],
        "requiredApprovals": condition.required,
    }


def conditions(ask: Ask) -> Answer:
    """GET conditions: a list, without pages."""
    return Answer(payload=[_shape(ask, each) for each in ask.app.reviewing.of(ask.repository)])


def add_condition(ask: Ask) -> Answer:
    """POST condition."""
    people = [_person(ask, each) for each in ask.sent("reviewers", list) or ()]
    if not people:
        raise errors.invalid("reviewers", "At least one reviewer is required.")
    matcher = ask.sent("targetMatcher", dict) or {}
    kind = matcher.get("type") or {}
    made = Condition(
        id=ask.store.next_id(),
        repository=ask.repository,
        reviewers=people,
        required=ask.sent("requiredApprovals", int) or 0,
        target=str(matcher.get("id")) if kind.get("id") == "BRANCH" else None,
    )
    ask.app.reviewing.conditions.append(made)
    return Answer(payload=_shape(ask, made))


def _person(ask: Ask, told: object) -> User:
    name = told.get("name") if isinstance(told, dict) else None
    number = told.get("id") if isinstance(told, dict) else None
    found = person_of(ask.store, name) if isinstance(name, str) else None
    if found is None and isinstance(number, int):
        found = ask.store.find(User, number)
    if found is None:
        raise errors.invalid("reviewers", "A reviewer does not exist.")
    return found


def remove_condition(ask: Ask) -> Answer:
    """DELETE condition/{id}."""
    reviewing = ask.app.reviewing
    kept = [each for each in reviewing.conditions if each.id != ask.values["id"]]
    if len(kept) == len(reviewing.conditions):
        raise errors.not_there("NoSuchEntity", f"Condition {ask.values['id']} does not exist.")
    reviewing.conditions = kept
    return NOTHING


def reviewers(ask: Ask) -> Answer:
    """GET reviewers: people, though the specification says conditions; as atlassian-python-api reads them."""
    for name in ("sourceRepoId", "targetRepoId", "sourceRefId", "targetRefId"):
        if ask.text(name) is None:
            raise errors.bad_argument(f"The '{name}' query parameter is required.")
    target = ask.required("targetRefId")
    full = target if target.startswith("refs/") else f"refs/heads/{target}"
    found = [each for each in ask.app.reviewing.of(ask.repository) if each.applies(full)]
    people = dict.fromkeys(user for each in found for user in each.reviewers)
    return Answer(payload=[ask.shapes.user(user) for user in people])


# -- groups ------------------------------------------------------------------------------------------------------------


def _group(ask: Ask, group: Group) -> Json:
    scope = (
        {"type": "PROJECT", "resourceId": ask.repository.owner.id}
        if group.repository is None
        else {"type": "REPOSITORY", "resourceId": group.repository.id}
    )
    people = [ask.shapes.user(user) for user in group.users]
    return {"id": group.id, "name": group.name, "description": group.description, "scope": scope, "users": people}


def _groups(ask: Ask) -> list[Group]:
    return ask.app.reviewing.groups_of(ask.repository, ask.app.key_of(ask.repository.owner))


def _one(ask: Ask) -> Group:
    """By its number; its name will do, too, as for members."""
    wanted = str(ask.values["group"])
    found = next((each for each in _groups(ask) if wanted in {str(each.id), each.name}), None)
    if found is None:
        text = f"Reviewer group {wanted} does not exist."
        raise errors.not_there("reviewergroup.NoSuchReviewerGroup", text)
    return found


def groups(ask: Ask) -> Answer:
    """GET settings/reviewer-groups."""
    return ask.paged(_groups(ask), lambda group: _group(ask, group))


def group(ask: Ask) -> Answer:
    """GET settings/reviewer-groups/{id}."""
    return Answer(payload=_group(ask, _one(ask)))


def members(ask: Ask) -> Answer:
    """GET settings/reviewer-groups/{id}/users: a list, without pages; who is not active is left out."""
    return Answer(payload=[ask.shapes.user(user) for user in _one(ask).users if not user.deleted])


def add_group(ask: Ask) -> Answer:
    """POST settings/reviewer-groups."""
    people = [_person(ask, each) for each in ask.sent("users", list) or ()]
    if not people:
        raise errors.bad_argument("A reviewer group must have 1 or more reviewers.")
    name = ask.sent("name", str)
    if not name:
        raise errors.invalid("name", "The name is required.")
    made = Group(id=ask.store.next_id(), name=name, users=people, repository=ask.repository)
    made.description = ask.sent("description", str) or ""
    ask.app.reviewing.groups.append(made)
    return Answer(payload=_group(ask, made))


def remove_group(ask: Ask) -> Answer:
    """DELETE settings/reviewer-groups/{id}."""
    ask.app.reviewing.groups.remove(_one(ask))
    return NOTHING


_GROUPS = f"{REPO}/settings/reviewer-groups"
_SERVICE = "default-reviewers"
_ADMIN = Level.ADMIN
ROUTES = (
    Route(method="GET", rule=f"{REPO}/conditions", answer=conditions, service=_SERVICE),
    Route(method="POST", rule=f"{REPO}/condition", answer=add_condition, service=_SERVICE, level=_ADMIN),
    Route(method="DELETE", rule=f"{REPO}/condition/<int:id>", answer=remove_condition, service=_SERVICE, level=_ADMIN),
    Route(method="GET", rule=f"{REPO}/reviewers", answer=reviewers, service=_SERVICE),
    Route(method="GET", rule=_GROUPS, answer=groups, since=GROUPS),
    Route(method="POST", rule=_GROUPS, answer=add_group, since=GROUPS, level=_ADMIN),
    Route(method="GET", rule=f"{_GROUPS}/<group>", answer=group, since=GROUPS),
    Route(method="DELETE", rule=f"{_GROUPS}/<group>", answer=remove_group, since=GROUPS, level=_ADMIN),
    Route(method="GET", rule=f"{_GROUPS}/<group>/users", answer=members, since=GROUPS),
)
