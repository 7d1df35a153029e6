"""Branches and tags.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/#api-api-latest-projects-projectkey-repos-repositoryslug-branches-get,
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/#api-branch-utils-latest-projects-projectkey-repos-repositoryslug-branches-delete
"""

from __future__ import annotations

import re
from typing import Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level
from pullbridge.testing.bitbucket_dc.asking import NOTHING, REPO, Answer, Ask, Route
from pullbridge.testing.store import Refused, Repository

Json = dict[str, Any]
_PLUGIN = "com.atlassian.bitbucket.server.bitbucket-branch:"
_BAD = re.compile(r"[\000-\040\177~^:?*\[\\]|\.\.|@\{|//|^[/.-]|[/.]$|\.lock$|/\.")


def listed(ask: Ask) -> Answer:
    """GET branches: by a part of the name, in the order of names or of what changed last."""
    text = (ask.text("filterText") or "").lower()
    order = ask.choice("orderBy", ("ALPHABETICAL", "MODIFICATION"), "MODIFICATION")
    rows = [(name, sha) for name, sha in ask.repository.git.branches().items() if text in name.lower()]
    if order == "MODIFICATION":
        rows.sort(key=lambda row: ask.repository.git.commit(row[1]).committer.at, reverse=True)
    if ask.flag("boostMatches") and text:
        rows.sort(key=lambda row: (row[0].lower() != text, not row[0].lower().startswith(text)))
    return ask.paged(rows, lambda row: _shape(ask, *row))


def _shape(ask: Ask, name: str, sha: str) -> Json:
    shown = ask.shapes.branch(ask.repository, name, sha)
    return shown | {"metadata": _metadata(ask, sha)} if ask.flag("details") else shown


def _metadata(ask: Ask, sha: str) -> Json:
    git = ask.repository.git
    base = ask.text("base")
    tip = git.resolve(base or ask.repository.default_branch) or sha
    counts = {"ahead": git.count(tip, sha), "behind": git.count(sha, tip)}
    commit = ask.shapes.commit(git.commit(sha))
    latest = "com.atlassian.bitbucket.server.bitbucket-branch:latest-commit-metadata"
    return {f"{_PLUGIN}ahead-behind-metadata-provider": counts, latest: commit}


def _default(ask: Ask) -> Json:
    name = ask.repository.default_branch
    sha = ask.repository.git.head(name)
    if sha is None:
        raise errors.no_branch(f"refs/heads/{name}", ask.repository.name)
    return ask.shapes.branch(ask.repository, name, sha)


def default(ask: Ask) -> Answer:
    """GET branches/default: 204 when there are no branches at all, 404 when it is not there yet."""
    return Answer(payload=_default(ask)) if ask.repository.git.branches() else NOTHING


def configured(ask: Ask) -> Answer:
    """GET default-branch: the configured one, even if it is not there yet."""
    return Answer(payload=ask.shapes.ref(ask.repository.default_branch))


def set_default(ask: Ask) -> Answer:
    """PUT default-branch."""
    name = (ask.sent("id", str) or "").removeprefix("refs/heads/")
    if ask.repository.git.head(name) is None:
        raise errors.no_branch(f"refs/heads/{name}", ask.repository.name)
    ask.repository.default_branch = name
    return NOTHING


# -- making and deleting -----------------------------------------------------------------------------------------------


def create(ask: Ask) -> Answer:
    """POST branches: 200."""
    return Answer(payload=_made(ask))


def create_by_plugin(ask: Ask) -> Answer:
    """POST branch-utils' branches: 201."""
    return Answer(payload=_made(ask), status=201)


def _made(ask: Ask) -> Json:
    name = (ask.sent("name", str) or "").removeprefix("refs/heads/")
    start = ask.sent("startPoint", str) or ""
    if not name or _BAD.search(name):
        text = f"'{name}' is not a valid branch name."
        raise errors.problem(400, text, "repository.ref.InvalidRefNameException", "name")
    sha = ask.commit(start)
    _no_overlap(ask, name)
    try:
        ask.store.repositories.create_branch(ask.repository, name, sha)
    except Refused as refused:
        text = f"This branch already exists: 'refs/heads/{name}'."
        raise errors.problem(409, text, "branch.DuplicateRefException") from refused
    ask.store.branch_moved(ask.repository, name, None, sha, ask.me)
    return ask.shapes.branch(ask.repository, name, sha)


def _no_overlap(ask: Ask, name: str) -> None:
    for known in ask.repository.git.branches():
        if known.startswith(f"{name}/") or name.startswith(f"{known}/"):
            text = f"This branch cannot be created because it overlaps with '{known}'."
            raise errors.problem(409, text, "branch.DuplicateRefException")


def delete(ask: Ask) -> Answer:
    """DELETE branch-utils' branches: 204 also when it is not there. The default branch stays."""
    name = (ask.sent("name", str) or "").removeprefix("refs/heads/")
    expected = ask.sent("endPoint", str)
    if not name:
        raise errors.invalid("name", "The name of the branch is required.")
    if name == ask.repository.default_branch:
        raise errors.bad_argument(f"The branch '{name}' is the default branch and cannot be deleted.")
    sha = ask.repository.git.head(name)
    if sha is not None and expected is not None and not (len(expected) >= 7 and sha.startswith(expected)):
        raise errors.bad_argument(f"The branch '{name}' points to {sha}, not to the expected {expected}.")
    if sha is not None and not ask.sent("dryRun", bool):
        ask.store.repositories.delete_branch(ask.repository, name, ask.me)
    return NOTHING


def containing(ask: Ask) -> Answer:
    """GET branch-utils' branches/info/{commit}: the branches that have a commit."""
    sha, git = ask.commit(str(ask.values["commit"])), ask.repository.git
    names = [name for name, tip in git.branches().items() if git.merge_base(sha, tip) == sha]
    return ask.paged(names, ask.shapes.ref)


# -- tags --------------------------------------------------------------------------------------------------------------


def _tags(repository: Repository) -> dict[str, str]:
    root = repository.git.path / "refs/tags"
    files = sorted(found for found in root.rglob("*") if found.is_file() and not found.name.endswith(".lock"))
    return {found.relative_to(root).as_posix(): found.read_text(encoding="ascii").strip() for found in files}


def _tag(ask: Ask, name: str, sha: str) -> Json:
    return ask.shapes.ref(name, "TAG") | {"latestCommit": sha, "latestChangeset": sha, "hash": None}


def tags(ask: Ask) -> Answer:
    """GET tags."""
    text = (ask.text("filterText") or "").lower()
    rows = [row for row in _tags(ask.repository).items() if text in row[0].lower()]
    return ask.paged(rows, lambda row: _tag(ask, *row))


def tag(ask: Ask) -> Answer:
    """GET tags/{name}."""
    name = str(ask.values["name"])
    sha = ask.repository.git.ref(f"refs/tags/{name}")
    if sha is None:
        raise errors.not_there("repository.NoSuchTag", f"Tag '{name}' does not exist in repository.")
    return Answer(payload=_tag(ask, name, sha))


def create_tag(ask: Ask) -> Answer:
    """POST tags."""
    name, sha = ask.sent("name", str) or "", ask.commit(ask.sent("startPoint", str) or "")
    if not name or _BAD.search(name):
        raise errors.problem(400, f"'{name}' is not a valid tag name.", "repository.ref.InvalidRefNameException")
    if ask.repository.git.ref(f"refs/tags/{name}") is not None:
        raise errors.problem(409, f"This tag already exists: '{name}'.", "branch.DuplicateRefException")
    ask.repository.git.set_ref(f"refs/tags/{name}", sha)
    return Answer(payload=_tag(ask, name, sha))


_BRANCHES = f"{REPO}/branches"
_UTILS, _WRITE, _ADMIN = "branch-utils", Level.WRITE, Level.ADMIN
ROUTES = (
    Route(method="GET", rule=_BRANCHES, answer=listed),
    Route(method="POST", rule=_BRANCHES, answer=create, level=_WRITE),
    Route(method="GET", rule=f"{_BRANCHES}/default", answer=default),
    Route(method="PUT", rule=f"{_BRANCHES}/default", answer=set_default, level=_ADMIN),
    Route(method="GET", rule=f"{REPO}/default-branch", answer=configured, since=(7, 5)),
    Route(method="PUT", rule=f"{REPO}/default-branch", answer=set_default, level=_ADMIN, since=(7, 5)),
    Route(method="POST", rule=_BRANCHES, answer=create_by_plugin, service=_UTILS, level=_WRITE),
    Route(method="DELETE", rule=_BRANCHES, answer=delete, service=_UTILS, level=_WRITE),
    Route(method="GET", rule=f"{_BRANCHES}/info/<commit>", answer=containing, service=_UTILS),
    Route(method="GET", rule=f"{REPO}/tags", answer=tags),
    Route(method="GET", rule=f"{REPO}/tags/<path:name>", answer=tag),
    Route(method="POST", rule=f"{REPO}/tags", answer=create_tag, level=_WRITE),
)
