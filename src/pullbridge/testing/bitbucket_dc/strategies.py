"""Merge strategies: which there are, which are enabled, and the settings of repositories for pull requests.

https://confluence.atlassian.com/bitbucketserver/pull-request-merge-strategies-844499235.html,
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-settings-pull-requests-get
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level
from pullbridge.testing.bitbucket_dc.asking import NOTHING, REPO, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.checks import MergeChecks
from pullbridge.testing.store import MergeMethod, Repository

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App

Json = dict[str, Any]

#: Id to name, git's flag and what it does.
STRATEGIES: dict[str, tuple[str, str, str]] = {
    "no-ff": ("Merge commit", "--no-ff", "Always create a new merge commit."),
    "ff": ("Fast-forward", "--ff", "Fast-forward if possible, otherwise create a merge commit."),
    "ff-only": ("Fast-forward only", "--ff-only", "Fast-forward, or reject the merge."),
    "rebase-no-ff": ("Rebase and merge", "rebase + merge --no-ff", "Rebase the commits, then create a merge commit."),
    "rebase-ff-only": ("Rebase and fast-forward", "rebase + merge --ff-only", "Rebase the commits and fast-forward."),
    "squash": ("Squash", "--squash", "Combine all commits into one."),
    "squash-ff-only": ("Squash, fast-forward only", "--squash --ff-only", "Combine all commits, or reject the merge."),
}


def enabled_in(app: App, repository: Repository) -> tuple[str, ...]:
    """The strategies that a repository lets one use, in the host's order."""
    chosen = app.checks.of(repository).strategies or app.knobs.strategies
    if chosen is not None:
        return tuple(name for name in STRATEGIES if name in chosen)
    return tuple(name for name in STRATEGIES if app.store.merging.allows(repository, _usual(name)))


def _usual(strategy: str) -> MergeMethod:
    method = method_for(strategy, fast_forward=True)
    return method if method is not None else "merge"


def default_of(app: App, repository: Repository) -> str:
    """The strategy of who names none."""
    enabled, wanted = enabled_in(app, repository), app.checks.of(repository).default_strategy
    return wanted if wanted in enabled or not enabled else enabled[0]


def method_for(strategy: str, *, fast_forward: bool) -> MergeMethod | None:
    """How the store merges by a strategy; `None` when that needs a fast-forward and there is none."""
    methods: dict[str, MergeMethod | None] = {
        "no-ff": "merge",
        "ff": "fast_forward" if fast_forward else "merge",
        "ff-only": "fast_forward" if fast_forward else None,
        "rebase-no-ff": "rebase_merge",
        "rebase-ff-only": "rebase",
        "squash": "squash",
        "squash-ff-only": "squash" if fast_forward else None,
    }
    return methods[strategy]


def _shape(strategy: str, *, enabled: bool) -> Json:
    name, flag, description = STRATEGIES[strategy]
    return {"description": description, "enabled": enabled, "flag": flag, "id": strategy, "name": name}


def _config(ask: Ask, repository: Repository) -> Json:
    enabled = enabled_in(ask.app, repository)
    own = ask.app.checks.of(repository).strategies is not None
    return {
        "defaultStrategy": _shape(default_of(ask.app, repository), enabled=True),
        "strategies": [_shape(name, enabled=name in enabled) for name in STRATEGIES],
        "type": "REPOSITORY" if own else "DEFAULT",
        "commitSummaries": 20,
    }


def settings(ask: Ask) -> Answer:
    """GET settings/pull-requests."""
    checks = ask.app.checks.of(ask.repository)
    shown = {
        "mergeConfig": _config(ask, ask.repository),
        "requiredAllApprovers": checks.all_approvers,
        "requiredAllTasksComplete": checks.all_tasks,
        "requiredApprovers": _counted(ask, checks.approvers),
        "requiredSuccessfulBuilds": _counted(ask, checks.builds),
    }
    return Answer(payload=shown)


def _counted(ask: Ask, number: int) -> Json | int:
    """A number, or what the specification has (since when is unverified)."""
    return {"count": str(number), "enabled": number > 0} if ask.at_least(8, 0) else number


def set_settings(ask: Ask) -> Answer:
    """POST settings/pull-requests: what is not sent stays. Numbers may be numbers or objects."""
    ask.need(Level.ADMIN)
    checks = ask.app.checks.of(ask.repository)
    for field, name in (("all_approvers", "requiredAllApprovers"), ("all_tasks", "requiredAllTasksComplete")):
        flag = ask.sent(name, bool)
        if flag is not None:
            setattr(checks, field, flag)
    for field, name in (("approvers", "requiredApprovers"), ("builds", "requiredSuccessfulBuilds")):
        if name in ask.body:
            setattr(checks, field, _number(name, ask.body[name]))
    config = ask.sent("mergeConfig", dict)
    if config is not None:
        _set_strategies(checks, config)
    return settings(ask)


def _number(name: str, told: object) -> int:
    value = told
    if isinstance(told, dict):
        value = told.get("count") if told.get("enabled") else 0
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise errors.invalid(name, f"{name} must be a number.")
    return value


def _set_strategies(checks: MergeChecks, config: Json) -> None:
    names = [each.get("id") for each in config.get("strategies", ()) if isinstance(each, dict)]
    default = (config.get("defaultStrategy") or {}).get("id")
    if not config:
        checks.strategies = None
        return
    if not names or set(names) - set(STRATEGIES) or default not in names:
        raise errors.invalid("mergeConfig", "The default strategy must be one of the enabled strategies.")
    checks.strategies, checks.default_strategy = tuple(str(name) for name in names), str(default)


def project_settings(ask: Ask) -> Answer:
    """GET of a project's: what its repositories have unless they chose themselves."""
    every = [found for found in ask.store.repositories.all() if ask.app.key_of(found.owner) == _key(ask)]
    visible = [found for found in every if ask.level_in(found) >= Level.READ]
    if not visible:
        raise errors.no_project(_key(ask))
    return Answer(payload={"mergeConfig": _config(ask, visible[0])})


def _key(ask: Ask) -> str:
    return str(ask.values["key"]).upper()


# -- whether merges may wait -------------------------------------------------------------------------------------------


def auto_merge(ask: Ask) -> Answer:
    """GET settings/auto-merge."""
    return Answer(payload={"enabled": ask.repository.allow_auto_merge})


def set_auto_merge(ask: Ask) -> Answer:
    """PUT settings/auto-merge: `{"enabled": true}`."""
    ask.need(Level.ADMIN)
    ask.repository.allow_auto_merge = bool(ask.sent("enabled", bool))
    return auto_merge(ask)


def unset_auto_merge(ask: Ask) -> Answer:
    """DELETE settings/auto-merge."""
    ask.need(Level.ADMIN)
    ask.repository.allow_auto_merge = False
    return NOTHING


_PULLS, _AUTO = f"{REPO}/settings/pull-requests", f"{REPO}/settings/auto-merge"
ROUTES = (
    Route(method="GET", rule=_PULLS, answer=settings),
    Route(method="POST", rule=_PULLS, answer=set_settings),
    Route(method="GET", rule="/projects/<key>/settings/pull-requests/git", answer=project_settings),
    Route(method="GET", rule=_AUTO, answer=auto_merge, since=(8, 15)),
    Route(method="PUT", rule=_AUTO, answer=set_auto_merge, since=(8, 15)),
    Route(method="DELETE", rule=_AUTO, answer=unset_auto_merge, since=(8, 15)),
)
