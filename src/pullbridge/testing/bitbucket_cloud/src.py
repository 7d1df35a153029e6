"""Files and folders: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/"""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pullbridge.testing.bitbucket_cloud import revisions
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import bad_request, not_found
from pullbridge.testing.bitbucket_cloud.shapes import link
from pullbridge.testing.store import Role

Json = dict[str, Any]
_SRC = "/repositories/<workspace>/<slug>/src"
#: Fields of the form that are not paths, unless a slash is before them.
_META = frozenset({"message", "author", "parents", "files", "branch"})


@dataclass(frozen=True)
class Entry:
    """Something in a folder."""

    kind: str
    path: str
    size: int


def root(ask: Ask) -> Answer:
    """GET src: 302 to the main branch's folder."""
    sha = revisions.commit(ask.repository, ask.repository.default_branch)
    return Answer(status=302, headers={"Location": f"{ask.shapes.repository_url(ask.repository)}/src/{sha}/"})


def get(ask: Ask) -> Answer:
    """GET src/{commit}/{path}: a file's bytes, or a page of a folder; with `format=meta` what it is."""
    sha, path = _where(ask)
    bare = path.strip("/")
    if ask.repository.git.read(f"{sha}:{bare}") is None:
        raise not_found(f"No such file or directory: {bare}")
    content = ask.repository.git.blob(sha, bare)
    meta = ask.request.args.get("format") == "meta"
    if content is None:
        return _folder(ask, sha, bare, meta=meta)
    if meta:
        return Answer(payload=_entry(ask, sha, Entry("blob", bare, len(content))))
    return _file(bare, content)


def _where(ask: Ask) -> tuple[str, str]:
    """The commit and the path. A branch with slashes in its name is encoded, or else its last part that fits ends it."""
    first, rest = str(ask.values["commit"]), str(ask.values.get("path", ""))
    parts = rest.split("/")
    for end in range(len(parts)):
        name = "/".join([first, *parts[:end]])
        if ask.repository.git.resolve(name) is not None:
            return revisions.commit(ask.repository, name), "/".join(parts[end:])
    return revisions.commit(ask.repository, first), rest


def _file(path: str, content: bytes) -> Answer:
    """The content's hash is the ETag, wherever the file is."""
    kind = mimetypes.guess_type(path)[0] or "text/plain"
    name = path.rpartition("/")[2]
    headers = {
        "ETag": f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"',
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    return Answer(payload=content, content_type=kind, headers=headers)


def _folder(ask: Ask, sha: str, path: str, *, meta: bool) -> Answer:
    if meta:
        return Answer(payload=_entry(ask, sha, Entry("tree", path, 0)))
    deep = ask.request.args.get("max_depth", "1")
    entries = _entries(ask, sha, path, int(deep) if deep.isdecimal() else 1)
    return ask.paged(entries, lambda entry: _entry(ask, sha, entry), counted=True)


def _entries(ask: Ask, sha: str, path: str, depth: int) -> list[Entry]:
    """Breadth first, as Bitbucket goes."""
    found: list[Entry] = []
    folders = [path]
    for _ in range(depth):
        here = [
            Entry(kind, f"{folder}/{name}" if folder else name, size)
            for folder in folders
            for kind, _, name, size in ask.repository.git.tree(sha, folder)
        ]
        found += here
        folders = [entry.path for entry in here if entry.kind == "tree"]
    return found


def _entry(ask: Ask, sha: str, entry: Entry) -> Json:
    """`commit_file` or `commit_directory`."""
    folder = entry.kind == "tree"
    url = f"{ask.shapes.repository_url(ask.repository)}/src/{sha}/{quote(entry.path, errors='surrogateescape')}"
    url += "/" if folder else ""
    shown: Json = {
        "type": "commit_directory" if folder else "commit_file",
        "path": entry.path.encode(errors="surrogateescape").decode(errors="replace"),
        "commit": ask.shapes.commit_base(ask.repository, sha),
        "links": {"self": link(url), "meta": link(f"{url}?format=meta")},
    }
    if folder:
        return shown
    history = link(f"{ask.shapes.repository_url(ask.repository)}/filehistory/{sha}/{quote(entry.path)}")
    links = shown["links"] | {"history": history}
    attributes = ["subrepository"] if entry.kind == "commit" else []
    more = {"escaped_path": shown["path"], "size": entry.size, "mimetype": None, "attributes": attributes}
    return shown | more | {"links": links}


# -- writing -----------------------------------------------------------------------------------------------------------


def commit(ask: Ask) -> Answer:
    """POST src: a form whose fields are files, committed onto a branch."""
    form, git = ask.request.form, ask.repository.git
    branch = form.get("branch") or ask.repository.default_branch
    parents, head = form.get("parents"), git.head(branch)
    if parents and head is not None and revisions.commit(ask.repository, parents) != head:
        raise bad_request("The branch has moved since that parent.", data={"key": "BRANCH_CHANGED"})
    start = parents or (None if head else ask.repository.default_branch)
    sha = ask.store.repositories.commit(
        ask.repository,
        branch,
        _files(ask),
        message=form.get("message") or "Edited online with Bitbucket",
        start=start,
        author=ask.me,
    )
    return Answer(status=201, headers={"Location": f"{ask.shapes.repository_url(ask.repository)}/commit/{sha}"})


def _files(ask: Ask) -> dict[str, str | bytes | None]:
    found: dict[str, str | bytes | None] = {}
    for name, upload in ask.request.files.items(multi=True):
        found[name.lstrip("/")] = upload.read()
        upload.close()
    for name, text in ask.request.form.items(multi=True):
        if name == "files":
            found.setdefault(text.lstrip("/"), None)
        elif name not in _META:
            found[name.lstrip("/")] = text
    return found


ROUTES = (
    Route(method="GET", rule=_SRC, answer=root),
    Route(method="POST", rule=_SRC, answer=commit, scope="repository:write", role=Role.WRITE, json=False),
    Route(method="GET", rule=f"{_SRC}/<commit>/", answer=get),
    Route(method="GET", rule=f"{_SRC}/<commit>/<path:path>", answer=get),
)
