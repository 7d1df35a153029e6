"""Commits: https://docs.gitlab.com/api/commits/, https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from pullbridge.testing.git import EMPTY_TREE, Commit
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.diffs import diff
from pullbridge.testing.gitlab.errors import ApiError, not_found, parameters, problem
from pullbridge.testing.gitlab.pull_shapes import basic_pull
from pullbridge.testing.gitlab.roles import DEVELOPER, sees
from pullbridge.testing.gitlab.writing import write
from pullbridge.testing.store import Repository

ACTIONS = ("create", "delete", "move", "update")


def resolve(ask: Ask, name: str, project: Repository | None = None) -> str | None:
    """The commit of a branch, tag or id; `HEAD` is the default branch."""
    home = project or ask.project
    return home.git.resolve(home.default_branch if name == "HEAD" else name)


def found(ask: Ask) -> Commit:
    """The commit in the address."""
    sha = resolve(ask, str(ask.values["sha"]))
    if sha is None:
        raise not_found("Commit")
    return ask.project.git.commit(sha)


def last_commit(project: Repository, sha: str, path: str) -> str:
    """The newest commit that changed a file."""
    return project.git.run("rev-list", "--max-count=1", sha, "--", f":(literal){path}").decode().strip()


# -- reading -----------------------------------------------------------------------------------------------------------


def list_commits(ask: Ask) -> Answer:
    """GET commits: a branch's history, newest first. They are not counted, so there are no totals."""
    git = ask.project.git
    sha = resolve(ask, ask.text("ref_name") or ask.project.default_branch)
    if sha is None:
        raise not_found("Tree")
    options = [f"--after={when.isoformat()}" for when in [ask.moment("since")] if when]
    options += [f"--before={when.isoformat()}" for when in [ask.moment("until")] if when]
    options += [f"--author={author}" for author in [ask.text("author")] if author]
    options += ["--first-parent"] * bool(ask.flag("first_parent")) + ["--all"] * bool(ask.flag("all"))
    paths = ["--", path] if (path := ask.text("path")) else []
    listed = git.run("rev-list", "--max-count=1000", *options, sha, *paths).decode().split()
    stats = bool(ask.flag("with_stats"))

    def shape(name: str) -> dict[str, Any]:
        commit = git.commit(name)
        more = {"stats": stats_of(ask.project, commit)} if stats else {}
        return ask.shapes.commit(ask.project, commit) | more

    return ask.paged(listed, shape, counted=False)


def stats_of(project: Repository, commit: Commit) -> dict[str, int]:
    """`CommitStats`."""
    files = project.git.diff(parent_of(commit), commit.sha)
    added, removed = sum(file.additions for file in files), sum(file.deletions for file in files)
    return {"additions": added, "deletions": removed, "total": added + removed}


def parent_of(commit: Commit) -> str:
    """What a commit's changes are counted from."""
    return commit.parents[0] if commit.parents else EMPTY_TREE


def detail(ask: Ask, commit: Commit) -> dict[str, Any]:
    """`CommitDetail`."""
    shown = ask.shapes.commit(ask.project, commit)
    if ask.flag("stats", default=True):
        shown["stats"] = stats_of(ask.project, commit)
    outcome = ask.store.checks.rollup(ask.project, commit.sha)
    words = {"success": "success", "failure": "failed", "error": "failed", "pending": "running", None: None}
    return shown | {"status": words[outcome], "project_id": ask.project.id, "last_pipeline": None}


def get(ask: Ask) -> Answer:
    """GET commits/:sha."""
    return Answer(payload=detail(ask, found(ask)))


def changes(ask: Ask) -> Answer:
    """GET commits/:sha/diff."""
    commit = found(ask)
    files = ask.project.git.diff(parent_of(commit), commit.sha)
    unidiff = bool(ask.flag("unidiff"))
    return ask.paged(files, lambda file: diff(ask.shapes, file, unidiff=unidiff))


def refs(ask: Ask) -> Answer:
    """GET commits/:sha/refs: the branches that have it."""
    commit, git = found(ask), ask.project.git
    names = [name for name, tip in git.branches().items() if git.merge_base(commit.sha, tip) == commit.sha]
    wanted = ask.choice("type", ("branch", "tag", "all"), "all")
    return ask.paged([] if wanted == "tag" else names, lambda name: {"type": "branch", "name": name})


def merge_requests(ask: Ask) -> Answer:
    """GET commits/:sha/merge_requests: which it came in, or is in."""
    sha, state = found(ask).sha, ask.text("state")
    words = {"opened": "open", "closed": "closed", "merged": "merged"}
    pulls = [
        pull
        for pull in ask.project.pulls.values()
        if sha in {pull.merge_commit, pull.squash_commit, *(commit.sha for commit in ask.store.pulls.commits(pull))}
        and (state is None or pull.state == words.get(state))
    ]
    return ask.paged(pulls, lambda pull: basic_pull(ask.shapes, pull, full=False))


# -- comparing ---------------------------------------------------------------------------------------------------------


def compare(ask: Ask) -> Answer:
    """GET compare: what `to` has since it left `from`; with `straight`, how they differ."""
    ask.need("from", "to")
    home, number = ask.project, ask.number("from_project_id")
    if number is not None:
        other = ask.store.find(Repository, number)
        if other is None or other.git.shared is not home.git.shared or not sees(ask.store, ask.user, other):
            raise not_found("Project")
        home = other
    base, head = resolve(ask, ask.text("from") or "", home), resolve(ask, ask.text("to") or "")
    git = ask.project.git
    start = None if base is None or head is None else git.merge_base(base, head)
    if base is None or head is None or start is None:
        raise not_found("Ref")
    commits = [ask.shapes.commit(ask.project, commit) for commit in git.between(base, head)]
    files = git.diff(base if ask.flag("straight") else start, head)
    dots = ".." if ask.flag("straight") else "..."
    page = f"{ask.shapes.web_url(ask.project)}/-/compare/{ask.text('from')}{dots}{ask.text('to')}"
    payload = {
        "commit": commits[-1] if commits else None,
        "commits": commits,
        "diffs": [diff(ask.shapes, file) for file in files],
        "compare_timeout": False,
        "compare_same_ref": base == head,
        "web_url": page,
    }
    return Answer(payload=payload)


def merge_base(ask: Ask) -> Answer:
    """GET merge_base."""
    names = ask.words("refs") or []
    if len(names) < 2:
        raise problem(400, "Provide at least 2 refs")  # unverified wording
    shas = [resolve(ask, name) for name in names]
    for name, sha in zip(names, shas, strict=True):
        if sha is None:
            raise problem(400, f"Could not find ref: {name}")
    base = shas[0]
    for sha in shas[1:]:
        base = ask.project.git.merge_base(str(base), str(sha)) if base else None
    if base is None:
        raise not_found("Merge Base")
    return Answer(payload=ask.shapes.commit(ask.project, ask.project.git.commit(base)))


# -- writing -----------------------------------------------------------------------------------------------------------


def create(ask: Ask) -> Answer:
    """POST commits: several files at once. Modes cannot be changed here: `chmod` is no action."""
    ask.need("branch", "commit_message", "actions")
    actions = ask.raw("actions")
    if not isinstance(actions, list) or not all(isinstance(action, dict) for action in actions):
        raise parameters("actions is invalid")
    files: dict[str, bytes | None] = {}
    start = _start(ask)
    for index, action in enumerate(actions):
        _apply(ask, files, action, index, start)
    sha = write(ask, files, start=start)
    return Answer(payload=detail(ask, ask.project.git.commit(sha)), status=201)


def _start(ask: Ask) -> str | None:
    """The commit that the files are looked up in."""
    name = ask.text("start_sha") or ask.text("start_branch") or ask.text("branch") or ""
    return resolve(ask, name)


def _apply(ask: Ask, files: dict[str, bytes | None], action: dict[str, Any], index: int, start: str | None) -> None:
    kind, path = action.get("action"), str(action.get("file_path") or "")
    if kind not in ACTIONS:
        raise parameters(f"actions[{index}][action] does not have a valid value")
    if not path:
        raise parameters(f"actions[{index}][file_path] is missing")
    source = str(action.get("previous_path") or "") if kind == "move" else path
    before = files[source] if source in files else (ask.project.git.blob(start, source) if start else None)
    if kind == "create" and before is not None:
        raise problem(400, "A file with this name already exists")
    if kind != "create" and before is None:
        raise problem(400, "A file with this name doesn't exist")
    known = action.get("last_commit_id")
    if kind != "create" and known and start and known != last_commit(ask.project, start, source):
        # app/services/files/multi_service.rb
        raise problem(400, f"The file has changed since you started editing it: {source}")
    if kind in {"delete", "move"}:
        files[source] = None
    if kind != "delete":
        content = action.get("content")
        files[path] = (
            before if content is None and kind == "move" else decoded(str(content or ""), action.get("encoding"))
        )


def decoded(content: str, encoding: object) -> bytes:
    """What `content` means: text, or base64."""
    if encoding != "base64":
        return content.encode()
    try:
        return base64.b64decode(content)
    except binascii.Error as error:
        raise _bad_base64() from error


def _bad_base64() -> ApiError:
    return problem(400, "invalid base64")  # unverified wording


_REPOSITORY = "/projects/<project>/repository"
_COMMIT = f"{_REPOSITORY}/commits/<sha>"
_READ = ("read_repository",)
ROUTES = (
    Route(method="GET", rule=f"{_REPOSITORY}/commits", answer=list_commits, scopes=_READ, permission="read_commit"),
    Route(method="POST", rule=f"{_REPOSITORY}/commits", answer=create, permission="create_commit", level=DEVELOPER),
    Route(method="GET", rule=_COMMIT, answer=get, scopes=_READ, permission="read_commit"),
    Route(method="GET", rule=f"{_COMMIT}/diff", answer=changes, scopes=_READ, permission="read_commit"),
    Route(method="GET", rule=f"{_COMMIT}/refs", answer=refs, scopes=_READ, permission="read_commit"),
    Route(method="GET", rule=f"{_COMMIT}/merge_requests", answer=merge_requests, permission="read_merge_request"),
    Route(method="GET", rule=f"{_REPOSITORY}/compare", answer=compare, scopes=_READ, permission="read_code"),
    Route(method="GET", rule=f"{_REPOSITORY}/merge_base", answer=merge_base, scopes=_READ, permission="read_code"),
)
