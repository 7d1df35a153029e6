"""Merge requests: https://docs.gitlab.com/api/merge_requests/"""

from __future__ import annotations

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.drafts import is_draft
from pullbridge.testing.gitlab.errors import conflict, forbidden, invalid, not_found, unprocessable
from pullbridge.testing.gitlab.mergeability import standing
from pullbridge.testing.gitlab.pull_shapes import full_pull
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.store import PullRequest, Refused, Repository, Why


def shown(ask: Ask, pull: PullRequest, *, counts: bool = False) -> dict[str, object]:
    """A merge request by itself; a read `counts`."""
    if counts:
        ask.app.states.read(pull)
    return full_pull(ask.shapes, pull, standing(ask.app, pull, counts=counts))


def get(ask: Ask) -> Answer:
    """GET. Each read brings what is going on in the background nearer its end."""
    return Answer(payload=shown(ask, ask.pull, counts=True))


def _target(ask: Ask) -> Repository:
    number = ask.number("target_project_id")
    if number is None:
        return ask.project
    found = ask.store.find(Repository, number)
    if found is None or found.deleted:
        raise not_found("Project")
    return found


def create(ask: Ask) -> Answer:
    """POST, on the project that the commits come from."""
    ask.need("title", "source_branch", "target_branch")
    ask.need_level(DEVELOPER)
    target, title = _target(ask), ask.text("title") or ""
    if not title.strip():
        raise invalid(title="can't be blank")
    if not ask.store.people.role(ask.user, target):
        raise forbidden()
    source_branch, target_branch = ask.text("source_branch") or "", ask.text("target_branch") or ""
    if target is ask.project and source_branch == target_branch:
        raise unprocessable(["You can't use same project/branch for source and target"])
    try:
        pull = ask.store.pulls.create(
            target,
            ask.me,
            title=title,
            body=ask.text("description"),
            source=ask.project,
            source_branch=source_branch,
            target_branch=target_branch,
            draft=is_draft(title, ask.app.version),
            empty=True,
        )
    except Refused as refused:
        if refused.why is Why.PULL_EXISTS:
            text = f"Another open merge request already exists for this source branch: !{refused.facts['number']}"
            raise conflict([text]) from refused
        raise
    return Answer(payload=shown(ask, pull), status=201)


_PULLS = "/projects/<project>/merge_requests"
ROUTES = (
    Route(method="POST", rule=_PULLS, answer=create, permission="create_merge_request"),
    Route(method="GET", rule=f"{_PULLS}/<int:iid>", answer=get, permission="read_merge_request"),
)
