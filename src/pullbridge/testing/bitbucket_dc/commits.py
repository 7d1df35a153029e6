"""Commits, and what lies between two of them.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/#api-api-latest-projects-projectkey-repos-repositoryslug-commits-get,
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/#api-api-latest-projects-projectkey-repos-repositoryslug-compare-changes-get
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.asking import REPO, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.changes import MOST_CHANGES, MOST_COMMITS, context_of, of_path, text_of, wants_text
from pullbridge.testing.bitbucket_dc.diff_shapes import change, envelope
from pullbridge.testing.bitbucket_dc.diffs import between
from pullbridge.testing.git import EMPTY_TREE, Commit
from pullbridge.testing.store import Repository


def listed(ask: Ask) -> Answer:
    """GET commits: what `until` has and `since` has not, newest first."""
    until = ask.commit(ask.text("until") or ask.repository.default_branch)
    since, path = ask.text("since"), ask.text("path")
    git = ask.repository.git
    found = git.log(until, limit=10_000) if since is None else git.between(ask.commit(since), until)[::-1]
    if path is not None:
        found = tuple(commit for commit in found if _touches(ask, commit, path))
    merges = ask.choice("merges", ("INCLUDE", "EXCLUDE", "ONLY"), "INCLUDE")
    if merges != "INCLUDE":
        found = tuple(commit for commit in found if (len(commit.parents) > 1) == (merges == "ONLY"))
    return ask.paged(found, ask.shapes.commit, most=MOST_COMMITS)


def _touches(ask: Ask, commit: Commit, path: str) -> bool:
    base = commit.parents[0] if commit.parents else EMPTY_TREE
    files = between(ask.repository.git, base, commit.sha)
    return any(path in {file.path, file.old_path} or file.path.startswith(f"{path}/") for file in files)


def get(ask: Ask) -> Answer:
    """GET of one; an abbreviated id will do."""
    return Answer(payload=ask.shapes.commit(ask.repository.git.commit(_named(ask))))


def _named(ask: Ask) -> str:
    return ask.commit(str(ask.values["commit"]))


def _ends(ask: Ask) -> tuple[str, str]:
    """A commit, and its first parent unless `since` says otherwise."""
    head, since = _named(ask), ask.text("since")
    parents = ask.repository.git.commit(head).parents
    if since is not None:
        return ask.commit(since), head
    return (parents[0] if parents else EMPTY_TREE), head


def _changes(ask: Ask, base: str, head: str) -> Answer:
    files = between(ask.repository.git, base, head)
    told = {"fromHash": None if base == EMPTY_TREE else base, "toHash": head, "properties": {"changeScope": "ALL"}}
    return ask.paged(files, change, most=MOST_CHANGES, **told)


def changes(ask: Ask) -> Answer:
    """GET commits/{id}/changes."""
    return _changes(ask, *_ends(ask))


def _diff(ask: Ask, base: str, head: str) -> Answer:
    path = str(ask.values.get("path") or "").strip("/")
    files = of_path(ask, base, head, path or None)
    if wants_text(ask):
        return text_of(files)
    return Answer(payload=envelope(base, head, files, context=context_of(ask), most=ask.knobs.most_diff_lines))


def diff(ask: Ask) -> Answer:
    """GET commits/{id}/diff."""
    return _diff(ask, *_ends(ask))


def merge_base(ask: Ask) -> Answer:
    """GET commits/{id}/merge-base?otherCommitId=: 204 when there is none."""
    other = ask.commit(ask.required("otherCommitId"))
    found = ask.repository.git.merge_base(_named(ask), other)
    if found is None:
        return Answer(status=204)
    return Answer(payload=ask.shapes.commit(ask.repository.git.commit(found)))


# -- comparing ---------------------------------------------------------------------------------------------------------


def _other(ask: Ask) -> Repository:
    """The repository that `from` is in: by its number, or as `PRJ/app`."""
    told = ask.text("fromRepo")
    if told is None:
        return ask.repository
    found = ask.store.find(Repository, int(told)) if told.isdecimal() else ask.app.find(*_split(told))
    if found is None:
        raise errors.no_repository(*_split(told))
    return found


def _split(name: str) -> tuple[str, str]:
    key, _, slug = name.partition("/")
    return key, slug


def _compared(ask: Ask) -> tuple[str, str]:
    """`to`, and `from`: the source is what has more."""
    default = ask.repository.default_branch
    return ask.commit(ask.text("to") or default), ask.commit(ask.text("from") or default, _other(ask))


def compare_commits(ask: Ask) -> Answer:
    """GET compare/commits: what `from` has and `to` has not."""
    target, source = _compared(ask)
    return ask.paged(ask.repository.git.between(target, source)[::-1], ask.shapes.commit, most=MOST_COMMITS)


def _from_ancestor(ask: Ask) -> tuple[str, str]:
    """What `from` changed since it left `to`, as a pull request between them would show (unverified)."""
    target, source = _compared(ask)
    return ask.repository.git.merge_base(target, source) or target, source


def compare_changes(ask: Ask) -> Answer:
    """GET compare/changes."""
    return _changes(ask, *_from_ancestor(ask))


def compare_diff(ask: Ask) -> Answer:
    """GET compare/diff."""
    return _diff(ask, *_from_ancestor(ask))


def plain_diff(ask: Ask) -> Answer:
    """GET diff?since=&until=."""
    head = ask.commit(ask.required("until"))
    parents = ask.repository.git.commit(head).parents
    since = ask.text("since")
    return _diff(ask, ask.commit(since) if since else (parents[0] if parents else EMPTY_TREE), head)


def plain_changes(ask: Ask) -> Answer:
    """GET changes?since=&until=."""
    head = ask.commit(ask.required("until"))
    parents = ask.repository.git.commit(head).parents
    since = ask.text("since")
    return _changes(ask, ask.commit(since) if since else (parents[0] if parents else EMPTY_TREE), head)


_ONE, _COMPARE = f"{REPO}/commits/<commit>", f"{REPO}/compare"
_READS: tuple[tuple[str, Any], ...] = (
    (f"{REPO}/commits", listed),
    (_ONE, get),
    (f"{_ONE}/changes", changes),
    (f"{_ONE}/diff", diff),
    (f"{_ONE}/diff/<path:path>", diff),
    (f"{_ONE}/merge-base", merge_base),
    (f"{_COMPARE}/commits", compare_commits),
    (f"{_COMPARE}/changes", compare_changes),
    (f"{_COMPARE}/diff", compare_diff),
    (f"{_COMPARE}/diff/<path:path>", compare_diff),
    (f"{REPO}/diff", plain_diff),
    (f"{REPO}/diff/<path:path>", plain_diff),
    (f"{REPO}/changes", plain_changes),
)
ROUTES = tuple(Route(method="GET", rule=rule, answer=answer) for rule, answer in _READS)
