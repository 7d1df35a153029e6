"""Build statuses, of the old resource and of the new one, and the builds that merges require.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-builds-and-deployments/. What answers look like is
from a public capture of a 9.4: the old list tells less than the new resource, which answers one build by its key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level
from pullbridge.testing.bitbucket_dc.asking import NOTHING, REPO, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.build_words import BuildState, state_of, store_state
from pullbridge.testing.bitbucket_dc.checks import RequiredBuilds
from pullbridge.testing.bitbucket_dc.shapes import millis
from pullbridge.testing.store import CheckRun, Repository, Status, User
from pullbridge.testing.store.checks import name_of

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App

Json = dict[str, Any]
Check = Status | CheckRun

#: Since when builds belong to a repository.
SINCE = (7, 14)
_LENGTHS = {"key": 255, "url": 450, "name": 255, "description": 255}
_MORE = ("name", "description", "buildNumber", "duration", "parent", "ref", "testResults")


@dataclass
class Builds:
    """What builds told of themselves, beyond what the store keeps; by the store's id."""

    app: App
    told: dict[int, Json] = field(default_factory=dict)

    def of(self, repository: Repository, sha: str) -> list[Check]:
        """The builds of a commit: the newest of each key."""
        return list(self.app.store.checks.all(repository, sha))

    def state(self, check: Check) -> BuildState:
        """The state of one in this host's words."""
        return self.told.get(check.id, {}).get("state") or state_of(check)

    def succeeded(self, repository: Repository, sha: str) -> set[str]:
        """The keys, and the parents' keys, of those that succeeded."""
        good = [check for check in self.of(repository, sha) if self.state(check) == "SUCCESSFUL"]
        parents = {str(told["parent"]) for check in good if (told := self.told.get(check.id, {})).get("parent")}
        return {name_of(check) for check in good} | parents

    def keep(self, repository: Repository, sha: str, told: Json, reporter: User) -> None:
        """Keep what a build says; the newest of a key counts."""
        made = self.app.store.checks.report_status(
            repository,
            sha,
            str(told["key"]),
            store_state(told["state"]),
            reporter,
            description=told.get("description"),
            target_url=told.get("url"),
        )
        self.told[made.id] = told


def _validated(ask: Ask) -> Json:
    told = {name: ask.body[name] for name in ("key", "state", "url", *_MORE) if ask.body.get(name) is not None}
    for name in ("key", "state", "url"):
        if not isinstance(told.get(name), str) or not told[name].strip():
            raise errors.invalid(name, f"Please specify a non-blank {name}.")
    if told["state"] not in get_args(BuildState):
        raise errors.invalid("state", f"'{told['state']}' is not a valid build state.")
    for name, most in _LENGTHS.items():
        if len(str(told.get(name, ""))) > most:
            raise errors.invalid(name, f"The {name} cannot be longer than {most} characters.")
    return told


# -- the old resource --------------------------------------------------------------------------------------------------


def _where(ask: Ask, sha: str) -> list[Repository]:
    """The repositories that have builds of a commit: the old resource asks for none."""
    return [each for each in ask.store.repositories.all() if sha in each.statuses or sha in each.check_runs]


def _old(ask: Ask, check: Check) -> Json:
    told = ask.app.builds.told.get(check.id, {})
    made = check.created_at if isinstance(check, Status) else check.completed_at or check.started_at or ask.store.now()
    shown: Json = {
        "state": ask.app.builds.state(check),
        "key": name_of(check),
        "name": told.get("name") or name_of(check),
        "url": (check.target_url if isinstance(check, Status) else check.details_url) or f"{ask.web}/builds/{check.id}",
    }
    text = check.description if isinstance(check, Status) else check.title
    if text:
        shown["description"] = text
    return shown | {"dateAdded": millis(made)}


def old_list(ask: Ask) -> Answer:
    """GET build-status/…/commits/{id}: the newest first."""
    sha = str(ask.values["commit"])
    found = [check for each in _where(ask, sha) for check in ask.app.builds.of(each, sha)]
    return ask.paged(sorted(found, key=lambda check: -check.id), lambda check: _old(ask, check), most=100)


def old_report(ask: Ask) -> Answer:
    """POST build-status/…/commits/{id}: of a full commit id."""
    sha = str(ask.values["commit"])
    if len(sha) != 40:
        raise errors.bad_argument("The commit must be a full 40-character SHA1.")
    told = _validated(ask)
    for repository in ask.store.repositories.all():
        if ask.level_in(repository) >= Level.READ and repository.git.resolve(sha) is not None:
            ask.app.builds.keep(repository, sha, told, ask.me)
            break
    return NOTHING


def _stats(ask: Ask, sha: str) -> Json:
    found = [check for each in _where(ask, sha) for check in ask.app.builds.of(each, sha)]
    words = [ask.app.builds.state(check) for check in found]
    names = {"successful": "SUCCESSFUL", "inProgress": "INPROGRESS", "failed": "FAILED"}
    names |= {"cancelled": "CANCELLED", "unknown": "UNKNOWN"}
    return {name: words.count(word) for name, word in names.items()}  # type: ignore[arg-type] # all are its words


def stats(ask: Ask) -> Answer:
    """GET build-status/…/commits/stats/{id}."""
    return Answer(payload=_stats(ask, str(ask.values["commit"])))


def many_stats(ask: Ask) -> Answer:
    """POST build-status/…/commits/stats: a list of ids; those without builds are left out."""
    if not isinstance(ask.json, list):
        raise errors.bad_argument("A list of commits is required.")
    found = {str(sha): _stats(ask, str(sha)) for sha in ask.json}
    return Answer(payload={sha: counts for sha, counts in found.items() if any(counts.values())})


# -- the new resource --------------------------------------------------------------------------------------------------


def _one(ask: Ask) -> tuple[str, Check]:
    key = ask.text("key")
    if key is None or len(key) > 255:
        raise errors.bad_argument("Please specify a non-blank key smaller than 255 characters")
    sha = ask.commit(str(ask.values["commit"]))
    found = next((check for check in ask.app.builds.of(ask.repository, sha) if name_of(check) == key), None)
    if found is None:
        text = f"Build status with key {key} does not exist for commit {sha}."
        raise errors.not_there("build.NoSuchBuildStatus", text)
    return sha, found


def get(ask: Ask) -> Answer:
    """GET …/commits/{id}/builds?key=: one, not a list."""
    sha, check = _one(ask)
    told, shown = ask.app.builds.told.get(check.id, {}), _old(ask, check)
    shown |= {"createdDate": shown["dateAdded"], "updatedDate": shown["dateAdded"]}
    shown |= {name: told[name] for name in _MORE if name in told}
    shown |= {"projectKey": ask.app.key_of(ask.repository.owner), "repositorySlug": ask.repository.name.lower()}
    return Answer(payload=shown | {"commit": ask.shapes.commit(ask.repository.git.commit(sha))})


def report(ask: Ask) -> Answer:
    """POST …/commits/{id}/builds."""
    ask.app.builds.keep(ask.repository, ask.commit(str(ask.values["commit"])), _validated(ask), ask.me)
    return NOTHING


def delete(ask: Ask) -> Answer:
    """DELETE …/commits/{id}/builds?key=."""
    sha, check = _one(ask)
    rows: list[Any] = ask.repository.statuses.get(sha, []) if isinstance(check, Status) else []
    rows[:] = [each for each in rows if name_of(each) != name_of(check)]
    return NOTHING


# -- what merges require -----------------------------------------------------------------------------------------------


def _condition(required: RequiredBuilds) -> Json:
    any_ref = {"id": "ANY_REF_MATCHER_ID", "displayId": "ANY_REF_MATCHER_ID", "type": {"id": "ANY_REF"}}
    branch = required.branch or ""
    one = {"id": branch, "displayId": branch.removeprefix("refs/heads/"), "type": {"id": "BRANCH", "name": "Branch"}}
    return {"id": required.id, "buildParentKeys": required.keys, "refMatcher": one if branch else any_ref}


def conditions(ask: Ask) -> Answer:
    """GET required-builds/…/conditions."""
    return ask.paged(ask.app.checks.builds.get(ask.repository, []), _condition)


def add_condition(ask: Ask) -> Answer:
    """POST required-builds/…/condition: parents' keys, and the branch that they are required for."""
    keys, matcher = ask.sent("buildParentKeys", list), ask.sent("refMatcher", dict) or {}
    if not keys:
        raise errors.invalid("buildParentKeys", "At least one build parent key is required.")
    kind = matcher.get("type") or {}
    branch = str(matcher.get("id")) if kind.get("id") == "BRANCH" else None
    made = RequiredBuilds(id=ask.store.next_id(), keys=[str(key) for key in keys], branch=branch)
    ask.app.checks.builds.setdefault(ask.repository, []).append(made)
    return Answer(payload=_condition(made))


def remove_condition(ask: Ask) -> Answer:
    """DELETE required-builds/…/condition/{id}."""
    kept = [each for each in ask.app.checks.builds.get(ask.repository, ()) if each.id != ask.values["id"]]
    ask.app.checks.builds[ask.repository] = kept
    return NOTHING


_OLD, _NEW = "/commits/<commit>", f"{REPO}/commits/<commit>/builds"
_REQUIRED = "required-builds"
ROUTES = (
    Route(method="GET", rule=_OLD, answer=old_list, service="build-status", signed_in=True),
    Route(method="POST", rule=_OLD, answer=old_report, service="build-status"),
    Route(method="GET", rule="/commits/stats/<commit>", answer=stats, service="build-status", signed_in=True),
    Route(method="POST", rule="/commits/stats", answer=many_stats, service="build-status"),
    Route(method="GET", rule=_NEW, answer=get, since=SINCE),
    Route(method="POST", rule=_NEW, answer=report, since=SINCE),
    Route(method="DELETE", rule=_NEW, answer=delete, since=SINCE, level=Level.ADMIN),
    Route(method="GET", rule=f"{REPO}/conditions", answer=conditions, service=_REQUIRED, since=SINCE),
    Route(
        method="POST",
        rule=f"{REPO}/condition",
        answer=add_condition,
        service=_REQUIRED,
        since=SINCE,
        level=Level.ADMIN,
    ),
    Route(
        method="DELETE",
        rule=f"{REPO}/condition/<int:id>",
        answer=remove_condition,
        service=_REQUIRED,
        since=SINCE,
        level=Level.ADMIN,
    ),
)
