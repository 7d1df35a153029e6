"""What a merge request's diff was after each push: https://docs.gitlab.com/api/merge_requests/#get-merge-request-diff-versions"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.diffs import diff, overflows, patch_id
from pullbridge.testing.gitlab.errors import not_found
from pullbridge.testing.gitlab.positions import Refs
from pullbridge.testing.gitlab.shapes import Shapes, stamp
from pullbridge.testing.store import DiffVersion, PullRequest

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

Json = dict[str, Any]


def refs_of(version: DiffVersion) -> Refs:
    """The commits of a version."""
    return Refs(version.merge_base, version.base, version.head)


def made(app: App, pull: PullRequest) -> list[DiffVersion]:
    """The versions whose diff is made by now, oldest first: none of a new merge request, not yet the newest after a push."""
    state = app.states.of(pull)
    if not state.prepared:
        return []
    now = (state.head, state.base, state.merge_base)
    known = [index for index, one in enumerate(pull.versions) if (one.head, one.base, one.merge_base) == now]
    return pull.versions[: known[-1] + 1] if known else []


def diff_refs(app: App, pull: PullRequest) -> Refs | None:
    """The commits of the newest diff that is made; `None` while there is none."""
    known = made(app, pull)
    return refs_of(known[-1]) if known else None


def shape(shapes: Shapes, pull: PullRequest, version: DiffVersion) -> Json:
    """`MergeRequestDiff`."""
    files = pull.repository.git.diff(version.merge_base, version.head)
    full = overflows(shapes.app.knobs, files)
    shown: Json = {
        "id": version.id,
        "head_commit_sha": version.head,
        "base_commit_sha": version.merge_base,
        "start_commit_sha": version.base,
        "created_at": stamp(version.created_at),
        "merge_request_id": pull.id,
        "state": "overflow" if full else "collected" if files else "empty",
        "real_size": f"{shapes.app.knobs.most_files}+" if full else str(len(files)),
    }
    if shapes.at_least(15, 7):  # the version is unverified
        shown["patch_id_sha"] = patch_id(files)
    return shown


def versions(ask: Ask) -> Answer:
    """GET versions: newest first. It counts as a look at the merge request."""
    pull = ask.pull
    ask.app.states.read(pull)
    return ask.paged(made(ask.app, pull)[::-1], lambda version: shape(ask.shapes, pull, version))


def version(ask: Ask) -> Answer:
    """GET versions/{id}: with its commits, newest first, and its whole diff."""
    pull, git = ask.pull, ask.project.git
    found = ask.record(DiffVersion, "version")
    if found not in made(ask.app, pull):
        raise not_found()
    unidiff = bool(ask.flag("unidiff"))
    commits = [ask.shapes.commit(ask.project, commit) for commit in git.between(found.base, found.head)[::-1]]
    files = git.diff(found.merge_base, found.head)
    rows = [diff(ask.shapes, file, unidiff=unidiff, whole=True) for file in files]
    return Answer(payload={**shape(ask.shapes, pull, found), "commits": commits, "diffs": rows})


_PULL = "/projects/<project>/merge_requests/<int:iid>"
ROUTES = (
    Route(method="GET", rule=f"{_PULL}/versions", answer=versions, signed_in=True, permission="read_merge_request"),
    Route(
        method="GET",
        rule=f"{_PULL}/versions/<int:version>",
        answer=version,
        signed_in=True,
        permission="read_merge_request",
    ),
)
