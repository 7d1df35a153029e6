"""Branches: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/"""

from __future__ import annotations

import re

from pullbridge.testing.bitbucket_cloud import revisions
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import bad_request, invalid, not_found
from pullbridge.testing.store import Refused, Role

#: What git refuses: https://git-scm.com/docs/git-check-ref-format
_BAD_NAME = re.compile(r"\.\.|[\x00-\x20~^:?*\[\\\x7f]|@\{|//|/\.|\.lock(/|$)|[/.]$|^[/.-]|^@$|^$")
#: The kinds of restrictions that have a number.
_COUNTED = frozenset({"require_approvals_to_merge", "require_passing_builds_to_merge", "require_commits_behind"})
_BRANCHES = "/repositories/<workspace>/<slug>/refs/branches"
_RESTRICTIONS = "/repositories/<workspace>/<slug>/branch-restrictions"


def list_branches(ask: Ask) -> Answer:
    """GET refs/branches, in the order of their names."""
    rows = list(ask.repository.git.branches().items())
    return ask.paged(rows, lambda row: ask.shapes.branch(ask.repository, *row))


def _find(ask: Ask) -> tuple[str, str]:
    name = str(ask.values["name"])
    sha = ask.repository.git.head(name)
    if sha is None:
        raise not_found(f'Branch "{name}" does not exist.')
    return name, sha


def get(ask: Ask) -> Answer:
    """GET refs/branches/{name}."""
    return Answer(payload=ask.shapes.branch(ask.repository, *_find(ask)))


def create(ask: Ask) -> Answer:
    """POST refs/branches: `{"name": …, "target": {"hash": …}}`."""
    name, target = ask.body.get("name"), ask.body.get("target") or {}
    if not isinstance(name, str) or _BAD_NAME.search(name):
        raise invalid("name", "Invalid branch name.")
    if not isinstance(target, dict) or not isinstance(target.get("hash"), str):
        raise invalid("target", "This field is required.")
    sha = revisions.commit(ask.repository, target["hash"])
    try:
        ask.store.repositories.create_branch(ask.repository, name, sha)
    except Refused as refused:
        # clients look for the key
        raise bad_request(f'Branch "{name}" already exists.', data={"key": "BRANCH_ALREADY_EXISTS"}) from refused
    shown = ask.shapes.branch(ask.repository, name, sha)
    return Answer(payload=shown, status=201, headers={"Location": shown["links"]["self"]["href"]})


def delete(ask: Ask) -> Answer:
    """DELETE refs/branches/{name}."""
    name, _ = _find(ask)
    if name == ask.repository.default_branch:
        raise bad_request("The main branch cannot be deleted.", data={"key": "CANNOT_DELETE_MAIN_BRANCH"})
    ask.store.repositories.delete_branch(ask.repository, name, ask.me)
    return Answer(status=204)


# -- what a branch asks for --------------------------------------------------------------------------------------------


def restrictions(ask: Ask) -> Answer:
    """GET branch-restrictions: what merges ask for. Only administrators may look."""
    rows = [
        (branch, kind, value)
        for branch, asked in ask.repository.protections.items()
        for kind, value in (
            ("require_approvals_to_merge", asked.reviews or None),
            ("require_no_changes_requested", 1 if asked.reviews else None),
            ("require_passing_builds_to_merge", len(asked.checks) or None),
            ("require_commits_behind", 0 if asked.strict else None),
            ("require_tasks_to_be_completed", 1 if ask.knobs.tasks_must_be_completed else None),
            ("enforce_merge_checks", None if asked == type(asked)() else 1),
        )
        if value is not None
    ]
    kinds, patterns = ask.request.args.getlist("kind"), ask.request.args.getlist("pattern")
    chosen = [row for row in rows if row[1] in (kinds or [row[1]]) and row[0] in (patterns or [row[0]])]
    url = f"{ask.shapes.repository_url(ask.repository)}/branch-restrictions"

    def shape(row: tuple[str, str, int]) -> dict[str, object]:
        number = rows.index(row) + 1
        return {
            "type": "branchrestriction",
            "id": number,
            "kind": row[1],
            "branch_match_kind": "glob",
            "pattern": row[0],
            "value": row[2] if row[1] in _COUNTED else None,
            "users": [],
            "groups": [],
            "links": {"self": {"href": f"{url}/{number}"}},
        }

    return ask.paged(chosen, shape)


ROUTES = (
    Route(method="GET", rule=_BRANCHES, answer=list_branches),
    Route(method="POST", rule=_BRANCHES, answer=create, scope="repository:write", role=Role.WRITE),
    Route(method="GET", rule=f"{_BRANCHES}/<path:name>", answer=get),
    Route(method="DELETE", rule=f"{_BRANCHES}/<path:name>", answer=delete, scope="repository:write", role=Role.WRITE),
    Route(method="GET", rule=_RESTRICTIONS, answer=restrictions, scope="repository:admin", role=Role.ADMIN),
)
