"""A merge request's changed files, in three ways.

https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs, the older `/changes`, and `/raw_diffs`
"""

from __future__ import annotations

from pullbridge.testing.diffs import FileDiff
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.diffs import diff, overflows, within
from pullbridge.testing.gitlab.errors import not_found
from pullbridge.testing.gitlab.pulls import shown
from pullbridge.testing.gitlab.versions import diff_refs


def _files(ask: Ask) -> tuple[FileDiff, ...]:
    """Those of the newest diff that is made; none while there is none."""
    refs = diff_refs(ask.app, ask.pull)
    return ask.project.git.diff(refs.base, refs.head) if refs and refs.base and refs.head else ()


def diffs(ask: Ask) -> Answer:
    """GET diffs, by pages."""
    unidiff = bool(ask.flag("unidiff"))
    return ask.paged(within(ask.knobs, _files(ask)), lambda file: diff(ask.shapes, file, unidiff=unidiff))


def changes(ask: Ask) -> Answer:
    """GET changes: the merge request with all its files. `access_raw_diffs` passes over the limits."""
    whole, unidiff = bool(ask.flag("access_raw_diffs")), bool(ask.flag("unidiff"))
    files = _files(ask)
    kept = files if whole else within(ask.knobs, files)
    rows = [diff(ask.shapes, file, unidiff=unidiff, whole=whole) for file in kept]
    overflow = not whole and overflows(ask.knobs, files)
    return Answer(payload={**shown(ask, ask.pull), "changes": rows, "overflow": overflow})


def raw_diffs(ask: Ask) -> Answer:
    """GET raw_diffs: what git writes."""
    if diff_refs(ask.app, ask.pull) is None:
        raise not_found()
    return Answer(payload=b"".join(file.text for file in _files(ask)), content_type="text/plain")


_PULL = "/projects/<project>/merge_requests/<int:iid>"
_READ = "read_merge_request_diff"
ROUTES = (
    Route(method="GET", rule=f"{_PULL}/diffs", answer=diffs, since=(15, 7), permission=_READ),
    Route(method="GET", rule=f"{_PULL}/changes", answer=changes, permission=_READ),
    Route(
        method="GET",
        rule=f"{_PULL}/raw_diffs",
        answer=raw_diffs,
        since=(17, 9),
        permission="read_merge_request_raw_diff",
    ),
)
