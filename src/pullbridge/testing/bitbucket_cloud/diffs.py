"""What changed: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/

A pull request redirects to the repository, on the same host, with the spec of its two commits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from pullbridge.testing.bitbucket_cloud import revisions
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import timed_out
from pullbridge.testing.bitbucket_cloud.pulls import PULL
from pullbridge.testing.bitbucket_cloud.revisions import Spec
from pullbridge.testing.bitbucket_cloud.shapes import link
from pullbridge.testing.diffs import FileDiff

Json = dict[str, Any]
_REPOSITORY = "/repositories/<workspace>/<slug>"
_TEXT = "text/plain"
#: What Bitbucket has words for; a changed type of file is a modified one.
_STATUS = {"added": "added", "removed": "removed", "renamed": "renamed", "copied": "added"}
TOO_LARGE = "This diff is too large to be generated in time."


def _hurry(ask: Ask) -> None:
    if ask.knobs.meets("diff_timeouts"):
        raise timed_out(TOO_LARGE)


def _spec(ask: Ask) -> Spec:
    return revisions.spec(ask, str(ask.values["spec"]))


def diff(ask: Ask) -> Answer:
    """GET diff/{spec}: the bytes that git gives, in whatever encoding the files are."""
    _hurry(ask)
    spec, args = _spec(ask), ask.request.args
    options = ["-r", "-p", "--no-color", "--no-ext-diff", "--no-textconv"]
    options += ["-M"] if ask.flag("renames", True) else ["--no-renames"]
    if args.get("context", "").isdecimal():
        options.append(f"-U{args['context']}")
    if ask.flag("ignore_whitespace", False):
        options.append("-w")
    paths = [f":(literal){path}" for path in args.getlist("path")]
    start = spec.start(topic=ask.flag("topic", True))
    text = spec.source_repository.git.run("diff-tree", *options, start, spec.source, "--", *paths)
    return Answer(payload=text, content_type=_TEXT)


def patch(ask: Ask) -> Answer:
    """GET patch/{spec}: the commits of the source, as mails."""
    spec = _spec(ask)
    text = spec.source_repository.git.patch_mail(spec.start(topic=True), spec.source)
    return Answer(payload=text, content_type=_TEXT)


def diffstat(ask: Ask) -> Answer:
    """GET diffstat/{spec}."""
    _hurry(ask)
    spec = _spec(ask)
    start = spec.start(topic=ask.flag("topic", True))
    wanted = set(ask.request.args.getlist("path"))
    files = [file for file in spec.source_repository.git.diff(start, spec.source) if not wanted or file.path in wanted]
    clash = _clashes(spec) if ask.knobs.diffstat_tells_conflicts else ()
    return ask.paged(files, lambda file: _row(ask, spec, start, file, clash), usual=500, most=500)


def _clashes(spec: Spec) -> tuple[str, ...]:
    return () if spec.single else spec.source_repository.git.merge(spec.destination, spec.source).conflicts


def _row(ask: Ask, spec: Spec, start: str, file: FileDiff, clash: tuple[str, ...]) -> Json:
    status = "merge conflict" if file.path in clash else _STATUS.get(file.status, "modified")
    return {
        "type": "diffstat",
        "status": status,
        "lines_added": file.additions,
        "lines_removed": file.deletions,
        "old": None if file.status in {"added", "copied"} else _side(ask, start, file.old_path, file),
        "new": None if file.status == "removed" else _side(ask, spec.source, file.path, file),
    }


def _side(ask: Ask, commit: str, path: str, file: FileDiff) -> Json:
    url = f"{ask.shapes.repository_url(ask.repository)}/src/{commit}/{quote(path, errors='surrogateescape')}"
    shown = path.encode(errors="surrogateescape").decode(errors="replace")
    side = {"type": "commit_file", "path": shown, "escaped_path": shown, "links": {"self": link(url)}}
    return {**side, "attributes": ["binary"]} if file.binary else side


def conflicts(ask: Ask) -> Answer:
    """GET file-conflicts/{spec}: what cannot be merged. Only contents are told apart from the rest here."""
    spec = _spec(ask)
    git = spec.source_repository.git
    kept = {file.path: file for file in git.diff(spec.start(topic=True), spec.source)}

    def row(path: str) -> Json:
        gone = path in kept and kept[path].status == "removed"
        scenario = "delete_modify" if gone else "content"
        return {"type": "file_conflict", "path": path, "scenario": scenario, "message": f"Conflict in {path}"}

    return ask.paged(_clashes(spec), row)


def _to(name: str) -> Callable[[Ask], Answer]:
    def redirect(ask: Ask) -> Answer:
        base = f"{ask.shapes.repository_url(ask.pull.repository)}/{name}/{ask.shapes.spec(ask.pull)}"
        query = ask.request.query_string.decode()
        return Answer(status=302, headers={"Location": f"{base}&{query}" if query else base})

    redirect.__doc__ = f"GET pullrequests/{{id}}/{name}: 302 to the repository's."
    return redirect


ROUTES = (
    Route(method="GET", rule=f"{_REPOSITORY}/diff/<path:spec>", answer=diff),
    Route(method="GET", rule=f"{_REPOSITORY}/diffstat/<path:spec>", answer=diffstat),
    Route(method="GET", rule=f"{_REPOSITORY}/patch/<path:spec>", answer=patch),
    Route(method="GET", rule=f"{_REPOSITORY}/file-conflicts/<path:spec>", answer=conflicts),
    Route(method="GET", rule=f"{PULL}/diff", answer=_to("diff"), scope="pullrequest"),
    Route(method="GET", rule=f"{PULL}/diffstat", answer=_to("diffstat"), scope="pullrequest"),
    Route(method="GET", rule=f"{PULL}/patch", answer=_to("patch"), scope="pullrequest"),
    Route(method="GET", rule=f"{PULL}/conflicts", answer=_to("file-conflicts"), scope="pullrequest"),
)
