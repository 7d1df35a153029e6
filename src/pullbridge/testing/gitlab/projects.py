"""Projects: https://docs.gitlab.com/api/projects/"""

from __future__ import annotations

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.project_shapes import full_project


def get(ask: Ask) -> Answer:
    """GET /projects/:id."""
    return Answer(payload=full_project(ask.shapes, ask.project))


ROUTES = (Route(method="GET", rule="/projects/<project>", answer=get, permission="read_project"),)
