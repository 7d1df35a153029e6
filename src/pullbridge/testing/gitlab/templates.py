"""Templates for merge requests: https://docs.gitlab.com/api/project_templates/"""

from __future__ import annotations

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import not_found

FOLDER = ".gitlab/merge_request_templates"


def _names(ask: Ask) -> list[str]:
    git = ask.project.git
    head = git.head(ask.project.default_branch)
    if head is None or git.read(f"{head}:{FOLDER}") is None:
        return []
    return [
        name.removesuffix(".md")
        for kind, _, name, _ in git.tree(head, FOLDER)
        if name.endswith(".md") and kind == "blob"
    ]


def list_templates(ask: Ask) -> Answer:
    """GET templates/merge_requests, by name."""
    return ask.paged(sorted(_names(ask)), lambda name: {"key": name, "name": name})


def get_template(ask: Ask) -> Answer:
    """GET templates/merge_requests/:name."""
    name, git = str(ask.values["name"]), ask.project.git
    head = git.head(ask.project.default_branch)
    content = git.blob(head, f"{FOLDER}/{name}.md") if head else None
    if content is None:
        raise not_found("Template")
    return Answer(payload={"name": name, "content": content.decode(errors="replace")})


_TEMPLATES = "/projects/<project>/templates/merge_requests"
ROUTES = (
    Route(method="GET", rule=_TEMPLATES, answer=list_templates, permission="read_template"),
    Route(method="GET", rule=f"{_TEMPLATES}/<name>", answer=get_template, permission="read_template"),
)
