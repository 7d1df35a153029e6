"""Build statuses, known by their keys.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pullbridge.testing.bitbucket_cloud import revisions
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import invalid, not_found
from pullbridge.testing.bitbucket_cloud.pulls import PULL
from pullbridge.testing.bitbucket_cloud.shapes import link, stamp
from pullbridge.testing.store import CheckRun, Repository, Status

if TYPE_CHECKING:
    from pullbridge.testing.store.checks import Outcome

Json = dict[str, Any]
_COMMIT = "/repositories/<workspace>/<slug>/commit/<commit>"
#: The words of the API for the store's, and the other way round.
_STATES = {"success": "SUCCESSFUL", "failure": "FAILED", "error": "STOPPED", "pending": "INPROGRESS"}
_OUTCOMES: dict[str, Outcome] = {
    "SUCCESSFUL": "success",
    "FAILED": "failure",
    "STOPPED": "error",
    "INPROGRESS": "pending",
}
_GOOD = frozenset({"success", "neutral", "skipped"})


@dataclass(frozen=True)
class Build:
    """What the store does not keep of a status."""

    name: str
    refname: str | None
    first: datetime


def every(ask: Ask, sha: str) -> list[Status | CheckRun]:
    """A commit's statuses, one for each key unless `knobs` say that a key may come twice."""
    repository, checks = ask.repository, ask.store.checks
    if ask.knobs.duplicate_statuses:
        return [*checks.runs(repository, sha), *repository.statuses.get(sha, ())]
    return list(checks.all(repository, sha))


@dataclass(frozen=True)
class _Told:
    """Either kind of check, in this host's one."""

    key: str
    state: str
    at: datetime
    description: str
    url: str | None


def _told(ask: Ask, status: Status | CheckRun) -> _Told:
    if isinstance(status, Status):
        state = _STATES[status.state]
        return _Told(status.context, state, status.created_at, status.description or "", status.target_url)
    when = status.completed_at or status.started_at or ask.store.now()
    return _Told(status.name, _of_run(status), when, status.summary or "", status.details_url)


def shape(ask: Ask, repository: Repository, status: Status | CheckRun) -> Json:
    """`commitstatus`."""
    told, build = _told(ask, status), ask.app.builds.get(status.id)
    url = f"{ask.shapes.repository_url(repository)}/commit/{status.sha}"
    links = {"self": link(f"{url}/statuses/build/{quote(told.key, safe='')}"), "commit": link(url)}
    return {
        "type": "build",
        "key": told.key,
        "name": build.name if build else told.key,
        "state": told.state,
        "description": told.description,
        "url": told.url or f"{ask.web}/{repository.path}/builds",
        "refname": build.refname if build else None,
        "created_on": stamp(build.first if build else told.at),
        "updated_on": stamp(told.at),
        "repository": ask.shapes.repository_base(repository),
        "commit": ask.shapes.commit_base(repository, status.sha),
        "links": links,
    }


def _of_run(run: CheckRun) -> str:
    if run.status != "completed":
        return "INPROGRESS"
    if run.conclusion in {"cancelled", "stale"}:
        return "STOPPED"
    return "SUCCESSFUL" if run.conclusion in _GOOD else "FAILED"


def _sha(ask: Ask) -> str:
    return revisions.commit(ask.repository, str(ask.values["commit"]), foreign=True)


def of_commit(ask: Ask) -> Answer:
    """GET commit/{commit}/statuses."""
    ref = ask.request.args.get("refname")
    found = [each for each in every(ask, _sha(ask)) if ref is None or _refname(ask, each) == ref]
    return ask.paged(found, lambda status: shape(ask, ask.repository, status))


def _refname(ask: Ask, status: Status | CheckRun) -> str | None:
    build = ask.app.builds.get(status.id)
    return build.refname if build else None


def of_pull(ask: Ask) -> Answer:
    """GET pullrequests/{id}/statuses: those of its newest commit, unless they are for another branch."""
    pull = ask.pull
    found = [each for each in every(ask, pull.head) if _refname(ask, each) in {None, pull.source_branch}]
    return ask.paged(found, lambda status: shape(ask, pull.repository, status))


def _find(ask: Ask) -> Status | CheckRun:
    key = str(ask.values["key"])
    for each in every(ask, _sha(ask)):
        if key == (each.name if isinstance(each, CheckRun) else each.context):
            return each
    raise not_found(f"No build with key {key}")


def get(ask: Ask) -> Answer:
    """GET statuses/build/{key}."""
    return Answer(payload=shape(ask, ask.repository, _find(ask)))


def report(ask: Ask) -> Answer:
    """POST statuses/build: one of the same key is overwritten."""
    key = ask.body.get("key")
    if not isinstance(key, str) or not key.strip():
        raise invalid("key", "This field is required.")
    return _report(ask, key, None, 201)


def change(ask: Ask) -> Answer:
    """PUT statuses/build/{key}."""
    known = _find(ask)
    return _report(ask, str(ask.values["key"]), known, 200)


def _report(ask: Ask, key: str, known: Status | CheckRun | None, status: int) -> Answer:
    body, sha = ask.body, _sha(ask)
    before = shape(ask, ask.repository, known) if known else {}
    state = str(body.get("state") or before.get("state") or "")
    if state not in _OUTCOMES:
        raise invalid("state", "This field is required." if not state else f"'{state}' is not a valid choice.")
    url = body.get("url", before.get("url"))
    made = ask.store.checks.report_status(
        ask.repository,
        sha,
        key,
        _OUTCOMES[state],
        ask.me,
        description=str(body.get("description", before.get("description")) or ""),
        target_url=None if url is None else _filled_in(ask, str(url), sha),
    )
    first = next((each for each in ask.repository.statuses[sha] if each.context == key), made)
    ref = body.get("refname", before.get("refname"))
    ask.app.builds[made.id] = Build(str(body.get("name") or before.get("name") or key), ref, first.created_at)
    shown = shape(ask, ask.repository, made)
    return Answer(payload=shown, status=status, headers={"Location": shown["links"]["self"]["href"]})


def _filled_in(ask: Ask, url: str, sha: str) -> str:
    return url.replace("{repository.full_name}", ask.repository.path).replace("{commit.hash}", sha)


_BUILD = f"{_COMMIT}/statuses/build"
ROUTES = (
    Route(method="GET", rule=f"{PULL}/statuses", answer=of_pull, scope="pullrequest"),
    Route(method="GET", rule=f"{_COMMIT}/statuses", answer=of_commit),
    Route(method="POST", rule=_BUILD, answer=report),
    Route(method="GET", rule=f"{_BUILD}/<key>", answer=get),
    Route(method="PUT", rule=f"{_BUILD}/<key>", answer=change),
)
