"""Changed files, commits, comparisons and contents.

https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files, https://docs.github.com/en/rest/commits/commits,
https://docs.github.com/en/rest/repos/contents
"""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import quote

from pullbridge.testing.git import EMPTY_TREE
from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, not_found
from pullbridge.testing.store import Repository, Role

#: https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits#diff-limits
DIFF_FILES, DIFF_LINES, DIFF_BYTES = 300, 20_000, 1_000_000
MOST_FILES, MOST_COMMITS = 3000, 250
#: Larger files come only raw: https://docs.github.com/en/rest/repos/contents#get-repository-content
CONTENT_BYTES = 1_000_000


def diff_answer(repository: Repository, base: str, head: str, media: str) -> Answer:
    """A raw diff or patch; 406 when it is larger than GitHub renders."""
    files = repository.git.diff(base, head)
    text = b"".join(file.text for file in files)
    for what, found, limit in (
        ("files", len(files), DIFF_FILES),
        ("lines", text.count(b"\n"), DIFF_LINES),
        ("bytes", len(text), DIFF_BYTES),
    ):
        if found > limit:
            message = f"Sorry, the diff exceeded the maximum number of {what} ({limit})."
            raise ApiError(406, message, errors=[{"resource": "PullRequest", "field": "diff", "code": "too_large"}])
    if media == "patch":
        text = repository.git.patch_mail(base, head)
    return Answer(payload=text, content_type=f"application/vnd.github.{media}; charset=utf-8")


def pull_files(ask: Ask) -> Answer:
    """GET files: at most 3,000."""
    pull = ask.pull
    files = ask.store.pulls.files(pull)[:MOST_FILES]
    return ask.paged(files, lambda file: ask.shapes.file(pull.repository, pull.head, file))


def pull_commits(ask: Ask) -> Answer:
    """GET commits: at most 250, oldest first."""
    pull = ask.pull
    commits = ask.store.pulls.commits(pull)[:MOST_COMMITS]
    return ask.paged(commits, lambda commit: ask.shapes.commit(pull.repository, commit))


def commit(ask: Ask) -> Answer:
    """GET commits/{ref}: with its files, or raw."""
    git, ref = ask.repository.git, str(ask.values["ref"])
    sha = git.resolve(ref)
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {ref}")
    found = git.commit(sha)
    parent = found.parents[0] if found.parents else EMPTY_TREE
    if ask.media == "sha":
        return Answer(payload=sha.encode(), content_type="application/vnd.github.sha; charset=utf-8")
    if ask.media in {"diff", "patch"}:
        return diff_answer(ask.repository, parent, sha, ask.media)
    files = git.diff(parent, sha)
    rows, headers = ask.page(
        files[:MOST_FILES], lambda file: ask.shapes.file(ask.repository, sha, file), default=300, most=300
    )
    added, removed = sum(file.additions for file in files), sum(file.deletions for file in files)
    stats = {"total": added + removed, "additions": added, "deletions": removed}
    return Answer(payload={**ask.shapes.commit(ask.repository, found), "stats": stats, "files": rows}, headers=headers)


def list_commits(ask: Ask) -> Answer:
    """GET commits: a branch's history, newest first."""
    git = ask.repository.git
    sha = git.resolve(ask.query("sha") or ask.repository.default_branch)
    if sha is None:
        raise not_found()
    return ask.paged(git.log(sha, limit=1000), lambda commit: ask.shapes.commit(ask.repository, commit))


# -- comparisons -------------------------------------------------------------------------------------------------------


def _named(ask: Ask, name: str) -> str:
    """The commit a side of a comparison names: `ref`, `owner:ref` or `owner:repo:ref` in the network of forks."""
    *place, ref = name.split(":")
    home = ask.repository
    if place:
        family = [r for r in ask.store.repositories.all() if r.git.shared is home.git.shared]
        named = [r for r in family if r.owner.handle.lower() == place[0].lower() and place[1:] in ([], [r.name])]
        if not named:
            raise not_found()
        home = named[0]
    sha = home.git.resolve(ref)
    if sha is None:
        raise not_found()
    return sha


def compare(ask: Ask) -> Answer:
    """GET compare/{base}...{head}."""
    base_name, dots, head_name = str(ask.values["basehead"]).partition("...")
    if not dots:
        raise not_found()
    git = ask.repository.git
    base, head = _named(ask, base_name), _named(ask, head_name)
    start = git.merge_base(base, head)
    if start is None:
        raise ApiError(404, f"No common ancestor between {base_name} and {head_name}.")
    if ask.media in {"diff", "patch"}:
        return diff_answer(ask.repository, start, head, ask.media)
    return _comparison(ask, base, head, start)


def _comparison(ask: Ask, base: str, head: str, start: str) -> Answer:
    git, shapes, repository = ask.repository.git, ask.shapes, ask.repository
    ahead, behind = git.between(base, head), git.between(head, base)
    rows, headers = ask.page(ahead, lambda found: shapes.commit(repository, found), default=250, most=250)
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    url, html = shapes.repo_url(repository), f"{shapes.web_url(repository)}/compare/{base}...{head}"
    files = git.diff(start, head)[:DIFF_FILES]
    payload: dict[str, Any] = {
        "url": f"{url}/compare/{base}...{head}",
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": shapes.commit(repository, git.commit(base)),
        "merge_base_commit": shapes.commit(repository, git.commit(start)),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": rows,
        # only the first page carries files: https://docs.github.com/en/rest/commits/commits#compare-two-commits
        "files": [shapes.file(repository, head, file) for file in files] if ask.query("page", "1") == "1" else [],
    }
    return Answer(payload=payload, headers=headers)


# -- contents ----------------------------------------------------------------------------------------------------------


def _entry(ask: Ask, ref: str, path: str, kind: str, sha: str, size: int) -> dict[str, Any]:
    repository, shapes = ask.repository, ask.shapes
    name = quote(path)
    url = f"{shapes.repo_url(repository)}/contents/{name}?ref={ref}"
    folder = kind == "tree"
    git = f"{shapes.repo_url(repository)}/git/{'trees' if folder else 'blobs'}/{sha}"
    html = f"{shapes.web_url(repository)}/{'tree' if folder else 'blob'}/{ref}/{name}"
    raw = f"{shapes.web_url(repository)}/raw/{ref}/{name}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": size,
        "url": url,
        "html_url": html,
        "git_url": git,
        "download_url": None if folder else raw,
        "type": "dir" if folder else "file",
        "_links": {"self": url, "git": git, "html": html},
    }


def content(ask: Ask) -> Answer:
    """GET contents/{path}: a file (base64, or raw), or the entries of a folder."""
    git, path = ask.repository.git, str(ask.values.get("path", "")).strip("/")
    ref = ask.query("ref") or ask.repository.default_branch
    sha = git.resolve(ref)
    if sha is None:
        raise ApiError(404, f"No commit found for the ref {ref}")
    found = git.read(f"{sha}:{path}")
    if found is None:
        raise not_found()
    if found[1] == "tree":
        rows = git.tree(sha, path)
        folder = f"{path}/" if path else ""
        return Answer(payload=[_entry(ask, ref, folder + name, kind, oid, size) for kind, oid, name, size in rows])
    if ask.media == "raw":
        return Answer(payload=found[2], content_type="application/vnd.github.raw; charset=utf-8")
    small = len(found[2]) <= CONTENT_BYTES
    encoded = base64.encodebytes(found[2]).decode() if small else ""
    entry = _entry(ask, ref, path, "blob", found[0], len(found[2]))
    return Answer(payload={**entry, "content": encoded, "encoding": "base64" if small else "none"})


def write_content(ask: Ask) -> Answer:
    """PUT contents/{path}: a commit with one file. An existing file's blob must be named in `sha`."""
    git, path = ask.repository.git, str(ask.values["path"])
    branch = ask.sent("branch", str) or ask.repository.default_branch
    head = git.head(branch)
    if head is None:
        raise ApiError(404, f"Branch {branch} not found")
    existing = git.read(f"{head}:{path}")
    _check_blob(existing[0] if existing else None, ask.sent("sha", str), path)
    try:
        data = base64.b64decode(ask.required("content", str), validate=False)
    except binascii.Error as error:
        raise ApiError(422, "content is not valid Base64") from error
    message = ask.required("message", str)
    sha = ask.store.repositories.commit(ask.repository, branch, {path: data}, message=message, author=ask.me)
    return _written(ask, branch, path, sha, status=200 if existing else 201)


def delete_content(ask: Ask) -> Answer:
    """DELETE contents/{path}."""
    git, path = ask.repository.git, str(ask.values["path"])
    branch = ask.sent("branch", str) or ask.repository.default_branch
    existing = git.read(f"{git.head(branch)}:{path}")
    if existing is None:
        raise not_found()
    _check_blob(existing[0], ask.required("sha", str), path)
    message = ask.required("message", str)
    sha = ask.store.repositories.commit(ask.repository, branch, {path: None}, message=message, author=ask.me)
    return _written(ask, branch, None, sha, status=200)


def _check_blob(existing: str | None, named: str | None, path: str) -> None:
    if existing is not None and named is None:
        raise ApiError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if named is not None and named != existing:
        raise ApiError(409, f"{path} does not match {named}")


def _written(ask: Ask, branch: str, path: str | None, sha: str, *, status: int) -> Answer:
    git = ask.repository.git
    full = ask.shapes.commit(ask.repository, git.commit(sha))
    inner = full["commit"]
    shown = {
        "sha": sha,
        "node_id": full["node_id"],
        "url": inner["url"],
        "html_url": full["html_url"],
        **{name: inner[name] for name in ("author", "committer", "tree", "message", "verification")},
        "parents": full["parents"],
    }
    found = git.read(f"{sha}:{path}") if path else None
    entry = _entry(ask, branch, path, "blob", found[0], len(found[2])) if path and found else None
    return Answer(payload={"content": entry, "commit": shown}, status=status)


_REPO = "/repos/<owner>/<repo>"
_PULL = f"{_REPO}/pulls/<int:number>"
_READ, _WRITE = "contents=read", "contents=write"
ROUTES = (
    Route(method="GET", rule=f"{_PULL}/files", answer=pull_files, permissions="pull_requests=read"),
    Route(method="GET", rule=f"{_PULL}/commits", answer=pull_commits, permissions="pull_requests=read"),
    Route(method="GET", rule=f"{_REPO}/commits", answer=list_commits, permissions=_READ),
    Route(method="GET", rule=f"{_REPO}/commits/<path:ref>", answer=commit, permissions=_READ),
    Route(method="GET", rule=f"{_REPO}/compare/<path:basehead>", answer=compare, permissions=_READ),
    Route(method="GET", rule=f"{_REPO}/contents", answer=content, permissions=_READ),
    Route(method="GET", rule=f"{_REPO}/contents/<path:path>", answer=content, permissions=_READ),
    Route(
        method="PUT", rule=f"{_REPO}/contents/<path:path>", answer=write_content, permissions=_WRITE, role=Role.WRITE
    ),
    Route(
        method="DELETE",
        rule=f"{_REPO}/contents/<path:path>",
        answer=delete_content,
        permissions=_WRITE,
        role=Role.WRITE,
    ),
)
