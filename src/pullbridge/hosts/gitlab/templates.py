"""The texts that a project offers for new merge requests.

They are files in `.gitlab/merge_request_templates` of the default branch, and on Premium a setting of the project, which
goes before them: https://docs.gitlab.com/user/project/description_templates/
"""

from __future__ import annotations

from pullbridge.errors import NotThere
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.model.timeline import Template

#: What the setting is called here; it has no name of its own.
DEFAULT = "Default description"


def templates(api: RepositoryApi) -> tuple[Template, ...]:
    """All of them, the project's setting first."""
    asked = Asked(what="such repository")
    setting, names = api.api.gather(lambda: _setting(api, asked), lambda: _names(api, asked))
    files = api.api.gather(*(lambda key=key: _file(api, key) for key in names))
    return (*(Template(name=DEFAULT, body=each) for each in setting), *files)


def _setting(api: RepositoryApi, asked: Asked) -> list[str]:
    text = api.api.get(api.path(), payloads.ProjectTemplate, asked).merge_requests_template
    return [text] if text else []


def _names(api: RepositoryApi, asked: Asked) -> list[str]:
    """The keys of the files; a project without a repository has none. https://docs.gitlab.com/api/project_templates/"""
    try:
        rows = api.api.pages(api.path("templates", "merge_requests"), payloads.TemplateName, asked)
    except NotThere:
        return []
    return [row.key for row in rows]


def _file(api: RepositoryApi, key: str) -> Template:
    asked = Asked(what=f"template {key}")
    found = api.api.get(api.path("templates", "merge_requests", key), payloads.TemplateText, asked)
    return Template(name=found.name or key, body=found.content or "")
