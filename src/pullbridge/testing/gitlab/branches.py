"""Branches: https://docs.gitlab.com/api/branches/, https://docs.gitlab.com/api/protected_branches/"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import not_allowed, not_found, parameters, problem
from pullbridge.testing.gitlab.roles import DEVELOPER, MAINTAINER
from pullbridge.testing.store import Refused, Why

#: What git refuses: https://git-scm.com/docs/git-check-ref-format; and GitLab's own (`lib/gitlab/git_ref_validator.rb`).
_BAD_NAME = re.compile(r"\.\.|[\x00-\x20~^:?*\[\\\x7f]|@\{|//|/\.|\.lock(/|$)|[/.]$|^[/.-]|^@$|^(refs|heads|remotes)/")


def shape(ask: Ask, name: str, sha: str) -> dict[str, Any]:
    """`Branch`."""
    project, shapes = ask.project, ask.shapes
    protected = name in project.protections
    tip = project.git.head(project.default_branch)
    merged = name != project.default_branch and tip is not None and project.git.merge_base(tip, sha) == sha
    return {
        "name": name,
        "commit": shapes.commit(project, project.git.commit(sha)),
        "merged": merged,
        "protected": protected,
        "developers_can_push": False,
        "developers_can_merge": False,
        "can_push": ask.level >= DEVELOPER,
        "default": name == project.default_branch,
        "web_url": f"{shapes.web_url(project)}/-/tree/{quote(name)}",
    }


def list_branches(ask: Ask) -> Answer:
    """GET: by name, unless `sort` says otherwise; pages by number, or by the name of the last (`pagination=keyset`)."""
    rows = list(ask.project.git.branches().items())
    ask.exclusive("search", "regex")
    text, pattern = ask.text("search"), ask.text("regex")
    if text:
        rows = [row for row in rows if _matches(text.lower(), row[0].lower())]
    if pattern:
        rows = [row for row in rows if re.search(pattern, row[0])]
    order = ask.choice("sort", ("name_asc", "updated_asc", "updated_desc"), "name_asc")
    if order != "name_asc":
        when: Callable[[tuple[str, str]], datetime] = lambda row: ask.project.git.commit(row[1]).committer.at  # noqa: E731
        rows.sort(key=when, reverse=order == "updated_desc")
    if ask.text("pagination") == "keyset":
        return ask.keyset(rows, lambda row: shape(ask, *row), token="page_token", name=lambda row: row[0])  # noqa: S106
    return ask.paged(rows, lambda row: shape(ask, *row))


def _matches(text: str, name: str) -> bool:
    """`^term` begins with it, `term$` ends with it, `*` is anything, else it is found anywhere."""
    pattern = re.escape(text.removeprefix("^").removesuffix("$")).replace(r"\*", ".*")
    return (
        re.search(f"{'^' if text.startswith('^') else ''}{pattern}{'$' if text.endswith('$') else ''}", name)
        is not None
    )


def find(ask: Ask) -> tuple[str, str]:
    """The branch in the address and its commit."""
    name = str(ask.values["branch"])
    if _BAD_NAME.search(name):
        raise problem(400, "The branch refname is invalid")
    sha = ask.project.git.head(name)
    if sha is None:
        raise not_found("Branch")
    return name, sha


def get(ask: Ask) -> Answer:
    """GET one; HEAD says 204 or 404."""
    name, sha = find(ask)
    return Answer(status=204) if ask.request.method == "HEAD" else Answer(payload=shape(ask, name, sha))


def create(ask: Ask) -> Answer:
    """POST: from a branch, a tag or a commit."""
    ask.need("branch", "ref")
    name, ref = ask.text("branch") or "", ask.text("ref") or ""
    if not name or not ref:
        raise parameters(f"{'ref' if name else 'branch'} is empty")
    if _BAD_NAME.search(name):
        raise problem(400, "Branch name is invalid")
    sha = ask.project.git.resolve(ref)
    if sha is None:
        raise problem(400, f"Invalid reference name: {ref}")
    try:
        ask.store.repositories.create_branch(ask.project, name, sha)
    except Refused as refused:
        said = "Branch already exists" if refused.why is Why.NAME_TAKEN else f"Invalid reference name: {ref}"
        raise problem(400, said) from refused
    return Answer(payload=shape(ask, name, sha), status=201)


def delete(ask: Ask) -> Answer:
    """DELETE: not the default branch, and a protected one only by a maintainer."""
    name, _ = find(ask)
    if name == ask.project.default_branch:
        raise problem(400, "The default branch of a project cannot be deleted.")
    if name in ask.project.protections and ask.level < MAINTAINER:
        raise not_allowed("You don't have push access to repo")  # unverified which of the two texts comes first
    ask.store.repositories.delete_branch(ask.project, name, ask.me)
    return Answer(status=204)


# -- protected ones ----------------------------------------------------------------------------------------------------


def _protected(ask: Ask, name: str) -> dict[str, Any]:
    def allowed(number: int) -> list[dict[str, Any]]:
        level = {"id": number, "access_level": 30, "access_level_description": "Developers + Maintainers"}
        more = {"user_id": None, "group_id": None} if ask.licensed("premium") else {}
        return [{**level, "deploy_key_id": None, **more}]

    number = 1 + sorted(ask.project.protections).index(name)
    more = {"unprotect_access_levels": [], "code_owner_approval_required": False} if ask.licensed("premium") else {}
    return {
        "id": number,
        "name": name,
        "push_access_levels": allowed(number),
        "merge_access_levels": allowed(number),
        "allow_force_push": False,
        **more,
    }


def protected_branches(ask: Ask) -> Answer:
    """GET protected_branches."""
    text = ask.text("search") or ""
    names = [name for name in sorted(ask.project.protections) if text in name]
    return ask.paged(names, lambda name: _protected(ask, name))


def protected_branch(ask: Ask) -> Answer:
    """GET protected_branches/:name."""
    name = str(ask.values["branch"])
    if name not in ask.project.protections:
        raise not_found()
    return Answer(payload=_protected(ask, name))


_BRANCHES = "/projects/<project>/repository/branches"
_PROTECTED = "/projects/<project>/protected_branches"
ROUTES = (
    Route(
        method="GET", rule=_BRANCHES, answer=list_branches, scopes=("read_repository", "job"), permission="read_branch"
    ),
    Route(method="GET", rule=f"{_BRANCHES}/<branch>", answer=get, permission="read_branch"),
    Route(method="POST", rule=_BRANCHES, answer=create, permission="create_branch", level=DEVELOPER),
    Route(method="DELETE", rule=f"{_BRANCHES}/<branch>", answer=delete, permission="delete_branch", level=DEVELOPER),
    Route(
        method="GET", rule=_PROTECTED, answer=protected_branches, permission="read_protected_branch", level=DEVELOPER
    ),
    Route(
        method="GET",
        rule=f"{_PROTECTED}/<branch>",
        answer=protected_branch,
        permission="read_protected_branch",
        level=DEVELOPER,
    ),
)
