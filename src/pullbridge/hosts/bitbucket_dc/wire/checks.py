"""Build statuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire.times import moment
from pullbridge.model.checks import Check, CheckState

#: https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-builds-and-deployments/ (RestBuildStatus)
_STATES = {
    "SUCCESSFUL": CheckState.SUCCESS,
    "FAILED": CheckState.FAILURE,
    "INPROGRESS": CheckState.RUNNING,
    "CANCELLED": CheckState.CANCELLED,
    "UNKNOWN": CheckState.UNKNOWN,
}
#: What can be reported, in every version; and since the one with `builds`.
OLD_WORDS = {
    CheckState.SUCCESS: "SUCCESSFUL",
    CheckState.FAILURE: "FAILED",
    CheckState.ERROR: "FAILED",
    CheckState.PENDING: "INPROGRESS",
    CheckState.RUNNING: "INPROGRESS",
}
WORDS = {**OLD_WORDS, CheckState.CANCELLED: "CANCELLED", CheckState.UNKNOWN: "UNKNOWN"}
_DONE = frozenset({CheckState.SUCCESS, CheckState.FAILURE, CheckState.CANCELLED})


def newest(rows: Iterable[payloads.BuildStatus]) -> list[payloads.BuildStatus]:
    """The newest report under each key, the oldest first."""
    found: dict[str, payloads.BuildStatus] = {}
    for row in sorted(rows, key=_age):
        found.pop(row.key, None)
        found[row.key] = row
    return list(found.values())


def unplaced(rows: Iterable[payloads.BuildStatus], required: frozenset[str]) -> list[str]:
    """The keys of reports that do not say which plan they are of, where that would tell whether they are required."""
    return [row.key for row in rows if required and row.parent is None and row.key not in required]


def checks(rows: Iterable[payloads.BuildStatus], required: frozenset[str] | None) -> tuple[Check, ...]:
    """The newest report under each key, then the required builds that have not reported.

    `required` are the plans that must succeed; `None` where that is not known.
    """
    newest_ = newest(rows)
    told = {key for row in newest_ for key in (row.key, row.parent)}
    # One of those that do not say their plan may be what is missing.
    missing = sorted((required or frozenset()) - told) if not unplaced(newest_, required or frozenset()) else []
    return (*(check(row, required) for row in newest_), *(_expected(key) for key in missing))


def check(row: payloads.BuildStatus, required: frozenset[str] | None = None) -> Check:
    """One report."""
    state = _STATES.get(row.state or "", CheckState.UNKNOWN)
    began = moment(row.created_date if row.created_date is not None else row.date_added)
    return Check(
        name=row.name or row.key,
        state=state,
        raw_state=row.state,
        required=_required(row, required),
        url=row.url,
        description=row.description,
        started_at=began,
        completed_at=(moment(row.updated_date) or began) if state in _DONE else None,
        source=row.key if row.name and row.name != row.key else None,
    )


def _required(row: payloads.BuildStatus, required: frozenset[str] | None) -> bool | None:
    if required is None or unplaced([row], required):
        return None
    return not required.isdisjoint((row.key, row.parent))


def _expected(key: str) -> Check:
    return Check(name=key, state=CheckState.PENDING, required=True, description="it has not reported yet")


def _age(row: payloads.BuildStatus) -> float:
    told = (row.updated_date, row.date_added, row.created_date)
    times = [when.timestamp() for when in map(moment, told) if when is not None]
    return max(times, default=0.0)


def required_plans(rules: Sequence[payloads.RequiredBuild], branch: str) -> frozenset[str] | None:
    """The plans that must succeed before a merge into a branch, given by its full name.

    `None` where that hangs on the branching model, which is not read here.
    """
    found: set[str] = set()
    for rule in rules:
        applies, exempt = _matches(rule.ref_matcher, branch), _matches(rule.exempt_ref_matcher, branch)
        if applies is None or (applies and exempt is None and rule.exempt_ref_matcher is not None):
            return None
        if applies and not exempt:
            found.update(rule.build_parent_keys or ())
    return frozenset(found)


def _matches(matcher: payloads.RefMatcher | None, branch: str) -> bool | None:
    """https://developer.atlassian.com/server/bitbucket/rest/v902/ (ref matchers: ANY_REF, BRANCH, PATTERN, MODEL_…)"""
    if matcher is None:
        return False
    kind, wanted = (matcher.type.id if matcher.type is not None else None) or "", matcher.id or ""
    if kind == "ANY_REF":
        return True
    if kind == "BRANCH":
        return branch in {wanted, f"refs/heads/{wanted}"}
    return any(_is_like(name, wanted) for name in _names(branch)) if kind == "PATTERN" else None


def _names(branch: str) -> Iterator[str]:
    yield branch
    yield branch.removeprefix("refs/heads/")


def _is_like(name: str, pattern: str) -> bool:
    """Ant's patterns, which match behind any slash: https://confluence.atlassian.com/bitbucketserver/branch-permission-patterns-776639814.html"""
    pattern = f"{pattern}**" if pattern.endswith("/") else pattern
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    wanted = "".join(words.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(f"(?:.*/)?{wanted}", name) is not None
