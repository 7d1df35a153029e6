"""Files at a commit: as they are, line by line, and by name.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/#api-api-latest-projects-projectkey-repos-repositoryslug-browse-path-get
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level
from pullbridge.testing.bitbucket_dc.asking import REPO, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.shapes import path_object
from pullbridge.testing.git import GitError

Json = dict[str, Any]
MOST_LINES = 5000


def _place(ask: Ask) -> tuple[str, str, str]:
    """The commit, how it was named, and the path."""
    at = ask.text("at") or f"refs/heads/{ask.repository.default_branch}"
    return ask.commit(at), at, str(ask.values.get("path") or "").strip("/")


def raw(ask: Ask) -> Answer:
    """GET raw/{path}: the bytes, with a type made of the name."""
    sha, at, path = _place(ask)
    content = ask.repository.git.blob(sha, path)
    if content is None:
        raise errors.no_path(path, at)
    kind = "application/octet-stream" if b"\0" in content else "text/plain;charset=UTF-8"
    return Answer(payload=content, content_type=kind)


def _entries(ask: Ask, sha: str, path: str) -> list[tuple[str, str, str, int]] | None:
    try:
        return ask.repository.git.tree(sha, path)
    except GitError:
        return None


def browse(ask: Ask) -> Answer:
    """GET browse/{path}: a file's lines by pages, or a folder's entries."""
    sha, at, path = _place(ask)
    content = ask.repository.git.blob(sha, path) if path else None
    if content is not None:
        return _file(ask, content)
    entries = _entries(ask, sha, path)
    if entries is None:
        raise errors.no_path(path, at)
    children = ask.page(entries, _child)
    shown: Json = {"path": path_object(path) if path else {"components": [], "name": "", "toString": ""}}
    return Answer(payload=shown | {"revision": at, "children": children})


def _child(entry: tuple[str, str, str, int]) -> Json:
    kind, sha, name, size = entry
    shown: Json = {"path": path_object(name), "contentId": sha, "type": "DIRECTORY" if kind == "tree" else "FILE"}
    return shown if kind == "tree" else shown | {"size": size}


def _file(ask: Ask, content: bytes) -> Answer:
    if ask.flag("size"):
        return Answer(payload={"size": len(content)})
    if ask.flag("type"):
        return Answer(payload={"type": "FILE"})
    if b"\0" in content:
        return Answer(payload={"binary": True, "path": path_object(str(ask.values["path"]))})
    lines = content.decode(errors="replace").split("\n")
    rows = lines[:-1] if lines and lines[-1] == "" else lines
    start, _ = ask.bounds(MOST_LINES)
    limit = min(ask.number("limit") or MOST_LINES, MOST_LINES)
    chosen, last = rows[start : start + limit], start + limit >= len(rows)
    shown = {"lines": [{"text": line} for line in chosen], "start": start, "size": len(chosen), "isLastPage": last}
    return Answer(payload=shown if last else shown | {"nextPageStart": start + limit})


def names(ask: Ask) -> Answer:
    """GET files/{path}: every file below a folder."""
    sha, at, path = _place(ask)
    if path and _entries(ask, sha, path) is None:
        raise errors.no_path(path, at)
    return ask.paged(_walk(ask, sha, path, ""), lambda name: name, most=100_000)


def _walk(ask: Ask, sha: str, root: str, below: str) -> list[str]:
    folder = "/".join(part for part in (root, below) if part)
    found: list[str] = []
    for kind, _, name, _ in ask.repository.git.tree(sha, folder):
        inner = f"{below}/{name}" if below else name
        found += _walk(ask, sha, root, inner) if kind == "tree" else [inner]
    return found


def edit(ask: Ask) -> Answer:
    """PUT browse/{path}: a form with the new content, the branch and the commit that was seen."""
    form = ask.request.form
    content = form.get("content") or _uploaded(ask)
    branch = (form.get("branch") or ask.repository.default_branch).removeprefix("refs/heads/")
    path, seen = str(ask.values["path"]), form.get("sourceCommitId")
    git = ask.repository.git
    tip = git.head(branch)
    before = None if tip is None else git.blob(tip, path)
    if content is None:
        raise errors.invalid("content", "The content is required.")
    if before is not None and seen != tip:
        text = f"The file '{path}' could not be edited because it has changed."
        raise errors.conflict(text, "content.FileOutOfDateException")
    message = form.get("message") or f"{path} edited online with Bitbucket"
    start = (form.get("sourceBranch") or ask.repository.default_branch).removeprefix("refs/heads/")
    files = {path: content}
    repositories = ask.store.repositories
    made = repositories.commit(ask.repository, branch, files, message=message, start=start, author=ask.me)
    return Answer(payload=ask.shapes.commit(git.commit(made)))


def _uploaded(ask: Ask) -> bytes | None:
    file = ask.request.files.get("content")
    if file is None:
        return None
    content: bytes = file.read()
    file.close()
    return content


ROUTES = (
    Route(method="GET", rule=f"{REPO}/raw/<path:path>", answer=raw),
    Route(method="GET", rule=f"{REPO}/browse", answer=browse),
    Route(method="GET", rule=f"{REPO}/browse/<path:path>", answer=browse),
    Route(method="PUT", rule=f"{REPO}/browse/<path:path>", answer=edit, level=Level.WRITE),
    Route(method="GET", rule=f"{REPO}/files", answer=names),
    Route(method="GET", rule=f"{REPO}/files/<path:path>", answer=names),
)
