"""Files and folders: https://docs.gitlab.com/api/repository_files/, https://docs.gitlab.com/api/repositories/"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.commits import decoded, last_commit, resolve
from pullbridge.testing.gitlab.errors import not_found, parameters, problem
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.gitlab.writing import write

CHANGED = "You are attempting to update a file that has changed since you started editing it."


def _ref(ask: Ask, *, needed: bool) -> str:
    ref = ask.text("ref")
    if needed and ref is None:
        raise parameters("ref is missing", "ref is empty")
    if ref == "":
        raise parameters("ref is empty")
    return ref or "HEAD"


def _blob(ask: Ask, *, needed: bool = True) -> tuple[dict[str, Any], bytes]:
    """What there is to say about the file in the address, and its bytes."""
    ref, path = _ref(ask, needed=needed), str(ask.values["path"])
    sha = resolve(ask, ref)
    if sha is None:
        raise not_found("Commit")
    found = ask.project.git.read(f"{sha}:{path}")
    if found is None or found[1] != "blob":
        raise not_found("File")
    mode = ask.project.git.run("ls-tree", sha, "--", path).decode().partition(" ")[0]
    told = {
        "file_name": path.rpartition("/")[2],
        "file_path": path,
        "size": len(found[2]),
        "encoding": "base64",
        "content_sha256": hashlib.sha256(found[2]).hexdigest(),
        "ref": ref,
        "blob_id": found[0],
        "commit_id": sha,
        "last_commit_id": last_commit(ask.project, sha, path),
        "execute_filemode": mode == "100755",
    }
    return told, found[2]


def _headers(told: dict[str, Any]) -> dict[str, str]:
    """The same in headers: `X-Gitlab-Blob-Id` and so on. A name goes out as its bytes in UTF-8, as Rack sends it."""
    named = {name.replace("_", "-").title(): value for name, value in told.items()}
    words = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in named.items()}
    # PEP 3333: each character of a header stands for a byte
    return {f"X-Gitlab-{name}": value.encode().decode("latin-1") for name, value in words.items()}


def get(ask: Ask) -> Answer:
    """GET files/:path, and HEAD: only the headers."""
    told, data = _blob(ask)
    return Answer(payload=told | {"content": base64.b64encode(data).decode()}, headers=_headers(told))


def raw(ask: Ask) -> Answer:
    """GET files/:path/raw: the bytes; without `ref`, of the default branch."""
    told, data = _blob(ask, needed=False)
    kind = "application/octet-stream" if b"\0" in data[:8000] else "text/plain; charset=utf-8"
    return Answer(payload=data, headers=_headers(told), content_type=kind)


# -- writing -----------------------------------------------------------------------------------------------------------


def create(ask: Ask) -> Answer:
    """POST files/:path: 201."""
    return _write(ask, exists=False)


def update(ask: Ask) -> Answer:
    """PUT files/:path."""
    return _write(ask, exists=True)


def delete(ask: Ask) -> Answer:
    """DELETE files/:path: 204."""
    return _write(ask, exists=True, delete=True)


def _write(ask: Ask, *, exists: bool, delete: bool = False) -> Answer:
    ask.need("branch", "commit_message", *(() if delete else ("content",)))
    path, branch = str(ask.values["path"]), ask.filled("branch")
    start = resolve(ask, ask.text("start_branch") or branch or "")
    before = ask.project.git.blob(start, path) if start else None
    if before is None and exists and start:
        raise problem(400, "A file with this name doesn't exist")
    if before is not None and not exists:
        raise problem(400, "A file with this name already exists")
    known = ask.text("last_commit_id")
    if known and start and known != last_commit(ask.project, start, path):
        raise problem(400, CHANGED)
    content = None if delete else decoded(ask.text("content") or "", ask.choice("encoding", ("base64", "text"), "text"))
    write(ask, {path: content}, start=start)
    if delete:
        return Answer(status=204)
    return Answer(payload={"file_path": path, "branch": branch}, status=200 if exists else 201)


# -- folders and blobs -------------------------------------------------------------------------------------------------


def tree(ask: Ask) -> Answer:
    """GET tree: folders first; pages by number, or by the id of the last (`pagination=keyset`)."""
    sha, path = resolve(ask, ask.text("ref") or "HEAD"), (ask.text("path") or "").strip("/")
    if sha is None or (path and ask.project.git.read(f"{sha}:{path}") is None):
        raise not_found("Tree")
    options = ["-r", "-t"] if ask.flag("recursive") else []
    listed = ask.project.git.run("ls-tree", "-z", *options, f"{sha}:{path}").decode(errors="surrogateescape")
    rows = [_entry(path, row) for row in listed.split("\0") if row]
    rows.sort(key=lambda row: {"tree": 0, "blob": 1}.get(row["type"], 2))
    if ask.text("pagination") == "keyset":
        return ask.keyset(rows, lambda row: row, token="page_token", name=lambda row: row["id"])  # noqa: S106
    return ask.paged(rows, lambda row: row)


def _entry(folder: str, row: str) -> dict[str, Any]:
    facts, _, name = row.partition("\t")
    mode, kind, sha = facts.split()
    path = f"{folder}/{name}" if folder else name
    return {"id": sha, "name": name.rpartition("/")[2], "type": kind, "path": path, "mode": mode}


def blob(ask: Ask) -> Answer:
    """GET blobs/:sha."""
    sha, data = _read_blob(ask)
    return Answer(
        payload={"size": len(data), "encoding": "base64", "content": base64.b64encode(data).decode(), "sha": sha}
    )


def raw_blob(ask: Ask) -> Answer:
    """GET blobs/:sha/raw."""
    return Answer(payload=_read_blob(ask)[1], content_type="text/plain; charset=utf-8")


def _read_blob(ask: Ask) -> tuple[str, bytes]:
    found = ask.project.git.read(str(ask.values["sha"]))
    if found is None or found[1] != "blob":
        raise not_found("Blob")
    return found[0], found[2]


_REPOSITORY = "/projects/<project>/repository"
_FILE = f"{_REPOSITORY}/files/<path>"
_READ = ("read_repository",)
ROUTES = (
    Route(method="GET", rule=_FILE, answer=get, scopes=_READ, permission="read_repository_file"),
    Route(method="GET", rule=f"{_FILE}/raw", answer=raw, scopes=(*_READ, "job"), permission="read_repository_file"),
    Route(method="POST", rule=_FILE, answer=create, permission="create_repository_file", level=DEVELOPER),
    Route(method="PUT", rule=_FILE, answer=update, permission="update_repository_file", level=DEVELOPER),
    Route(method="DELETE", rule=_FILE, answer=delete, permission="delete_repository_file", level=DEVELOPER),
    Route(method="GET", rule=f"{_REPOSITORY}/tree", answer=tree, scopes=_READ, permission="read_repository_tree"),
    Route(method="GET", rule=f"{_REPOSITORY}/blobs/<sha>", answer=blob, scopes=_READ, permission="read_code"),
    Route(method="GET", rule=f"{_REPOSITORY}/blobs/<sha>/raw", answer=raw_blob, scopes=_READ, permission="read_code"),
)
