"""Lists of merge requests: https://docs.gitlab.com/api/merge_requests/#list-merge-requests"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import not_found
from pullbridge.testing.gitlab.filters import select
from pullbridge.testing.gitlab.pull_shapes import basic_pull, simple_pull
from pullbridge.testing.gitlab.roles import sees
from pullbridge.testing.store import PullRequest, User, UserKind


def of_project(ask: Ask) -> Answer:
    """GET /projects/:id/merge_requests: everybody's."""
    return _listed(ask, ask.project.pulls.values(), scope=None, full=False)


def everywhere(ask: Ask) -> Answer:
    """GET /merge_requests: only mine, unless `scope` says otherwise."""
    if ask.text("scope") != "all":
        ask.me  # noqa: B018 - 401 for nobody
    archived = not ask.flag("non_archived", default=False)
    seen = [pull for pull in ask.store.pulls.all() if sees(ask.store, ask.user, pull.repository)]
    return _listed(ask, [pull for pull in seen if archived or not pull.repository.archived], scope="created_by_me")


def of_group(ask: Ask) -> Answer:
    """GET /groups/:id/merge_requests: with those of its subgroups, without those of archived projects."""
    group = find_group(ask)
    archived = not ask.flag("non_archived", default=True)
    inside = [
        pull
        for pull in ask.store.pulls.all()
        if f"{pull.repository.owner.handle}/".startswith(f"{group.handle}/")
        and sees(ask.store, ask.user, pull.repository)
    ]
    return _listed(ask, [pull for pull in inside if archived or not pull.repository.archived], scope=None)


def find_group(ask: Ask) -> User:
    """The group in the address, by number or full path."""
    name = str(ask.values["group"])
    found = ask.store.find(User, int(name)) if name.isdecimal() else ask.store.people.find(name)
    if found is None or found.kind is not UserKind.ORGANIZATION:
        raise not_found("Group")
    return found


def _listed(ask: Ask, pulls: Iterable[PullRequest], *, scope: str | None, full: bool = True) -> Answer:
    found = select(ask, pulls, scope=scope)
    answer = ask.paged(found, _row(ask, full=full))
    if ask.flag("with_merge_status_recheck"):  # done in the background: what comes of it is seen by the next who looks
        for pull in found:
            ask.store.merging.observe(pull)
    return answer


def _row(ask: Ask, *, full: bool) -> Callable[[PullRequest], dict[str, Any]]:
    details = bool(ask.flag("with_labels_details"))
    if ask.choice("view", ("simple",)) == "simple":
        return lambda pull: simple_pull(ask.shapes, pull)
    if not ask.knobs.stale_rows or details or full:
        return lambda pull: basic_pull(ask.shapes, pull, full=full, details=details)
    return lambda pull: _cached(ask, pull)


def _cached(ask: Ask, pull: PullRequest) -> dict[str, Any]:
    """A row as it was when it was first asked for: until its labels, its people or its merge status change.

    `render_merge_requests` in `lib/api/merge_requests.rb`.
    """
    row = basic_pull(ask.shapes, pull, full=False)
    what = (
        None if ask.user is None else ask.user.id,
        row["merge_status"],
        *(label.id for label in pull.labels),
        "",
        *(user.id for user in pull.assignees),
        "",
        *(user.id for user in pull.requested_reviewers),
    )
    return ask.app.states.of(pull).rows.setdefault(what, row)


_READ = "read_merge_request"
ROUTES = (
    Route(
        method="GET", rule="/projects/<project>/merge_requests", answer=of_project, permission=_READ, scopes=("job",)
    ),
    Route(method="GET", rule="/groups/<group>/merge_requests", answer=of_group, permission=_READ),
    Route(method="GET", rule="/merge_requests", answer=everywhere, permission=_READ),
)
