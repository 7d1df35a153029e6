"""Lists of merge requests: https://docs.gitlab.com/api/merge_requests/#list-merge-requests"""

from __future__ import annotations

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.pull_shapes import basic_pull, state_word


def of_project(ask: Ask) -> Answer:
    """GET /projects/:id/merge_requests."""
    wanted = ask.choice("state", ("opened", "closed", "locked", "merged", "all"), "all")
    found = [pull for pull in ask.project.pulls.values() if wanted in {"all", state_word(ask.shapes, pull)}]
    found.sort(key=lambda pull: (pull.created_at, pull.id), reverse=True)
    return ask.paged(found, lambda pull: basic_pull(ask.shapes, pull, full=False))


ROUTES = (
    Route(method="GET", rule="/projects/<project>/merge_requests", answer=of_project, permission="read_merge_request"),
)
