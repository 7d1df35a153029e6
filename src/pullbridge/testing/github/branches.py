"""Branches and refs: https://docs.github.com/en/rest/branches/branches, https://docs.github.com/en/rest/git/refs"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from pullbridge.testing.github.asking import NO_CONTENT, Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, answer_to, not_found
from pullbridge.testing.github.node_ids import commit_node_id
from pullbridge.testing.store import Protection, Refused, Role, Why


def list_branches(ask: Ask) -> Answer:
    """GET branches, by name."""
    rows = sorted(ask.repository.git.branches().items())
    wanted = ask.query("protected")
    if wanted:
        rows = [row for row in rows if (row[0] in ask.repository.protections) == (wanted == "true")]
    return ask.paged(rows, lambda row: _short(ask, *row))


def _protection(ask: Ask, name: str) -> dict[str, Any]:
    rule = ask.repository.protections.get(name, Protection())
    return {
        "enabled": name in ask.repository.protections,
        "required_status_checks": {
            "enforcement_level": "non_admins" if rule.checks else "off",
            "contexts": list(rule.checks),
            "checks": [{"context": check, "app_id": None} for check in rule.checks],
        },
    }


def _short(ask: Ask, name: str, sha: str) -> dict[str, Any]:
    url = ask.shapes.repo_url(ask.repository)
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
        "protected": name in ask.repository.protections,
        "protection": _protection(ask, name),
        "protection_url": f"{url}/branches/{quote(name)}/protection",
    }


def get_branch(ask: Ask) -> Answer:
    """GET branches/{branch}."""
    name = str(ask.values["branch"])
    sha = ask.repository.git.head(name)
    if sha is None:
        raise ApiError(404, "Branch not found")
    shapes, repository = ask.shapes, ask.repository
    links = {
        "self": f"{shapes.repo_url(repository)}/branches/{quote(name)}",
        "html": f"{shapes.web_url(repository)}/tree/{quote(name)}",
    }
    full = shapes.commit(repository, repository.git.commit(sha))
    return Answer(payload={**_short(ask, name, sha), "commit": full, "_links": links})


# -- refs --------------------------------------------------------------------------------------------------------------


def _ref(ask: Ask, name: str, sha: str) -> dict[str, Any]:
    url = ask.shapes.repo_url(ask.repository)
    return {
        "ref": name,
        "node_id": commit_node_id(ask.repository, name),
        "url": f"{url}/git/{quote(name)}",
        "object": {"sha": sha, "type": "commit", "url": f"{url}/git/commits/{sha}"},
    }


def get_ref(ask: Ask) -> Answer:
    """GET git/ref/heads/{branch}."""
    name = f"refs/{ask.values['ref']}"
    sha = ask.repository.git.ref(name)
    if sha is None:
        raise not_found()
    return Answer(payload=_ref(ask, name, sha))


def matching_refs(ask: Ask) -> Answer:
    """GET git/matching-refs/heads/{prefix}."""
    prefix = str(ask.values["ref"])
    refs = {f"heads/{name}": sha for name, sha in ask.repository.git.branches().items()}
    found = [(name, sha) for name, sha in refs.items() if name.startswith(prefix)]
    return Answer(payload=[_ref(ask, f"refs/{name}", sha) for name, sha in found])


#: What git refuses: https://git-scm.com/docs/git-check-ref-format
_BAD_NAME = re.compile(r"\.\.|[\x00-\x20~^:?*\[\\\x7f]|@\{|//|/\.|\.lock(/|$)|[/.]$|^[/.-]")


def create_ref(ask: Ask) -> Answer:
    """POST git/refs."""
    name, sha = ask.required("ref", str), ask.required("sha", str)
    branch = name.removeprefix("refs/heads/")
    if branch == name or not branch or _BAD_NAME.search(branch):
        raise ApiError(422, f"{name} is not a valid ref name.")
    try:
        ask.store.repositories.create_branch(ask.repository, branch, sha)
    except Refused as refused:
        raise (
            ApiError(422, "Object does not exist") if refused.why is Why.NOT_FOUND else answer_to(refused)
        ) from refused
    shown = _ref(ask, name, sha)
    return Answer(payload=shown, status=201, headers={"Location": str(shown["url"])})


def update_ref(ask: Ask) -> Answer:
    """PATCH git/refs/heads/{branch}."""
    branch, sha = str(ask.values["ref"]).removeprefix("heads/"), ask.required("sha", str)
    if ask.repository.git.head(branch) is None:
        raise ApiError(422, "Reference does not exist")
    if ask.repository.git.resolve(sha) is None:
        raise ApiError(422, "Object does not exist")
    force = ask.sent("force", bool) or False
    ask.store.repositories.move_branch(ask.repository, branch, sha, ask.me, force=force)
    return Answer(payload=_ref(ask, f"refs/heads/{branch}", sha))


def delete_ref(ask: Ask) -> Answer:
    """DELETE git/refs/heads/{branch}."""
    branch = str(ask.values["ref"]).removeprefix("heads/")
    if ask.repository.git.head(branch) is None:
        raise ApiError(422, "Reference does not exist")
    if branch in ask.repository.protections:
        raise ApiError(422, "Cannot delete a protected branch")
    ask.store.repositories.delete_branch(ask.repository, branch, ask.me)
    return Answer(status=NO_CONTENT)


_REPO = "/repos/<owner>/<repo>"
_READ, _WRITE = "contents=read", "contents=write"
ROUTES = (
    Route(method="GET", rule=f"{_REPO}/branches", answer=list_branches, permissions=_READ),
    Route(method="GET", rule=f"{_REPO}/branches/<path:branch>", answer=get_branch, permissions=_READ),
    Route(method="GET", rule=f"{_REPO}/git/ref/<path:ref>", answer=get_ref, permissions=_READ),
    Route(method="GET", rule=f"{_REPO}/git/matching-refs/<path:ref>", answer=matching_refs, permissions=_READ),
    Route(method="POST", rule=f"{_REPO}/git/refs", answer=create_ref, permissions=_WRITE, role=Role.WRITE),
    Route(method="PATCH", rule=f"{_REPO}/git/refs/<path:ref>", answer=update_ref, permissions=_WRITE, role=Role.WRITE),
    Route(method="DELETE", rule=f"{_REPO}/git/refs/<path:ref>", answer=delete_ref, permissions=_WRITE, role=Role.WRITE),
)
