"""Changed files, diffs and commits of a pull request.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-pullrequestid-changes-get
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_dc import anchoring, talk
from pullbridge.testing.bitbucket_dc.asking import PULL, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.diff_shapes import change, conflict_of, envelope
from pullbridge.testing.bitbucket_dc.diffs import CONTEXT, between
from pullbridge.testing.diffs import FileDiff
from pullbridge.testing.git import EMPTY_TREE

MOST_CHANGES = 1000
MOST_COMMITS = 100


def _range(ask: Ask) -> tuple[str, str, str]:
    """The ends of the diff that is asked for, and the scope as the answer names it."""
    pull, scope = ask.pull, ask.choice("changeScope", ("ALL", "UNREVIEWED", "RANGE"), "ALL")
    since, until = ask.text("sinceId"), ask.text("untilId")
    if until is not None:
        head = ask.commit(until)
        parents = ask.repository.git.commit(head).parents
        base = ask.commit(since) if since else (parents[0] if parents else EMPTY_TREE)
        return base, head, "RANGE"
    if scope == "UNREVIEWED" and ask.user is not None:
        seen = ask.state.status(ask.user).last_reviewed
        git = ask.repository.git
        if seen is not None and seen != pull.head and git.merge_base(seen, pull.head) == seen:
            return seen, pull.head, "UNREVIEWED"
    return pull.merge_base, pull.head, "ALL"


def changes(ask: Ask) -> Answer:
    """GET changes: one page, whatever `start` says; what does not fit is left out."""
    base, head, scope = _range(ask)
    files = between(ask.repository.git, base, head)
    _, limit = ask.bounds(MOST_CHANGES)
    if ask.text("limit") is None:
        limit = min(MOST_CHANGES, ask.knobs.most_rows)
    cut = len(files) > limit
    conflicts = _conflicts(ask) if scope == "ALL" else frozenset()
    rows = [_change(ask, file, conflicts) for file in files[:limit]]
    shown: dict[str, Any] = {
        "fromHash": anchoring.effective_base(ask, ask.pull) if scope == "ALL" else base,
        "toHash": head,
        "properties": {"changeScope": scope},
        "values": rows,
        "size": len(rows),
        "isLastPage": not (cut and ask.knobs.tells_truncation),
        "start": 0,
        "limit": limit,
    }
    return Answer(payload=shown if ask.at_least(9, 0) else shown | {"nextPageStart": None})


def _conflicts(ask: Ask) -> frozenset[str]:
    pull = ask.pull
    if pull.state != "open":
        return frozenset()
    return frozenset(ask.repository.git.merge(ask.state.target, pull.head).conflicts)


def _change(ask: Ask, file: FileDiff, conflicts: frozenset[str]) -> dict[str, Any]:
    shown = change(file, conflict=conflict_of(file) if file.path in conflicts else None)
    if ask.flag("withComments", default=True):
        anchors = [comment.anchor for comment in talk.visible(ask.state, ask.user) if comment.anchor is not None]
        here = [anchor for anchor in anchors if anchor.path == file.path]
        counted = {
            "activeComments": sum(not anchor.orphaned for anchor in here),
            "orphanedComments": sum(anchor.orphaned for anchor in here),
        }
        shown["properties"] |= {name: count for name, count in counted.items() if count}
    return shown


# -- diffs -------------------------------------------------------------------------------------------------------------


def context_of(ask: Ask) -> int | None:
    """How many lines around a change are asked for."""
    lines = ask.number("contextLines")
    return None if lines is None or lines < 0 else lines


def blind(ask: Ask) -> bool:
    """Whether changes of white space alone shall not count."""
    return ask.choice("whitespace", ("SHOW", "IGNORE-ALL", "IGNORE_ALL"), "SHOW") != "SHOW"


def wants_text(ask: Ask) -> bool:
    """Whether the raw diff is asked for."""
    return ask.request.accept_mimetypes.best_match(["application/json", "text/plain"]) == "text/plain"


def diff(ask: Ask) -> Answer:
    """GET diff, of all or of one path; as JSON, or raw with `Accept: text/plain`."""
    base, head, scope = _range(ask)
    context, path = context_of(ask), ask.values.get("path")
    files = of_path(ask, base, head, str(path) if path else None)
    if wants_text(ask):
        return text_of(files)
    shown_base = anchoring.effective_base(ask, ask.pull) if scope == "ALL" else base
    shown = envelope(shown_base, head, files, context=context, most=ask.knobs.most_diff_lines)
    if ask.flag("withComments", default=True):
        _with_comments(ask, shown)
    return Answer(payload=shown)


def of_path(ask: Ask, base: str, head: str, path: str | None) -> list[FileDiff]:
    """The files of a diff at or below a path. A moved one is found as such by who names where it came from."""
    git, context = ask.repository.git, context_of(ask)
    lines = CONTEXT if context is None else context
    files = between(git, base, head, context=lines, blind=blind(ask))
    if path is None:
        return list(files)
    source = ask.text("srcPath")
    here = [file for file in files if file.path == path or file.path.startswith(f"{path}/")]
    if len(here) == 1 and here[0].old_path not in {here[0].path, source} and not ask.flag("autoSrcPath"):
        plain = between(git, base, head, context=lines, blind=blind(ask), renames=False)
        here = [file for file in plain if file.path == path]
    return here


def text_of(files: list[FileDiff]) -> Answer:
    """A raw diff."""
    body = b"".join(file.text if file.text.endswith(b"\n") else file.text + b"\n" for file in files)
    return Answer(payload=body, content_type="text/plain;charset=UTF-8")


def _with_comments(ask: Ask, shown: dict[str, Any]) -> None:
    """Tell at each line which comments hang on it."""
    by_line: dict[tuple[str, str, int], list[int]] = {}
    for comment in talk.visible(ask.state, ask.user):
        anchor = comment.anchor
        if anchor is not None and anchor.line is not None and not anchor.orphaned:
            place = (anchor.path, anchor.file_type or "TO", anchor.line)
            by_line.setdefault(place, []).append(comment.id)
    for each in shown["diffs"]:
        path = (each["destination"] or each["source"])["toString"]
        for hunk in each.get("hunks", ()):
            for segment in hunk["segments"]:
                for line in segment["lines"]:
                    places = [(path, "FROM", line["source"])] if segment["type"] != "ADDED" else []
                    places += [(path, "TO", line["destination"])] if segment["type"] != "REMOVED" else []
                    ids = [number for place in places for number in by_line.get(place, ())]
                    if ids:
                        line["commentIds"] = ids


def raw_diff(ask: Ask) -> Answer:
    """GET {n}.diff."""
    pull = ask.pull
    return text_of(of_path(ask, pull.merge_base, pull.head, None))


def patch(ask: Ask) -> Answer:
    """GET {n}.patch: the commits as mails."""
    pull = ask.pull
    body = ask.repository.git.patch_mail(pull.merge_base, pull.head)
    return Answer(payload=body, content_type="text/plain;charset=UTF-8")


# -- commits -----------------------------------------------------------------------------------------------------------


def commits(ask: Ask) -> Answer:
    """GET commits: newest first."""
    pull = ask.pull
    found = ask.repository.git.between(pull.merge_base, pull.head)[::-1]
    counts: dict[str, Any] = {}
    if ask.flag("withCounts"):
        counts = {"authorCount": len({commit.author.email for commit in found}), "totalCount": len(found)}
    return ask.paged(found, ask.shapes.commit, most=MOST_COMMITS, **counts)


def merge_base(ask: Ask) -> Answer:
    """GET merge-base: 204 when there is none."""
    found = ask.repository.git.merge_base(ask.state.target, ask.pull.head)
    if found is None:
        return Answer(status=204)
    return Answer(payload=ask.shapes.commit(ask.repository.git.commit(found)))


def stats(ask: Ask) -> Answer:
    """GET diff-stats-summary: how much changed in all."""
    base, head, _ = _range(ask)
    path = str(ask.values.get("path") or "")
    files = of_path(ask, base, head, path or None)
    return Answer(payload=stats_of(files))


def stats_of(files: list[FileDiff]) -> dict[str, int]:
    """The numbers of a diff (their names are unverified: the specification leaves them out)."""
    added, removed = sum(file.additions for file in files), sum(file.deletions for file in files)
    return {"filesChanged": len(files), "linesAdded": added, "linesRemoved": removed}


ROUTES = (
    Route(method="GET", rule=f"{PULL}/changes", answer=changes),
    Route(method="GET", rule=f"{PULL}/diff", answer=diff),
    Route(method="GET", rule=f"{PULL}/diff/<path:path>", answer=diff),
    Route(method="GET", rule=f"{PULL}.diff", answer=raw_diff),
    Route(method="GET", rule=f"{PULL}.patch", answer=patch),
    Route(method="GET", rule=f"{PULL}/commits", answer=commits),
    Route(method="GET", rule=f"{PULL}/merge-base", answer=merge_base, since=(8, 0)),
    Route(method="GET", rule=f"{PULL}/diff-stats-summary/<path:path>", answer=stats, since=(9, 0)),
)
