"""A whole pull request at once: one GraphQL request, and the file pages beside it (GraphQL has no patches).

What does not fit the first answer is completed; what cannot be had becomes a `Gap`.
https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from pullbridge.hosts.github import files, gating, payloads, queries, reading, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.hosts.github.features import Features
from pullbridge.model.diff import FileChange
from pullbridge.model.orders import Changes
from pullbridge.model.panel import Gap, Panel

_CHECKS_GAP = Gap(
    part="checks",
    reason="this credential may not read check runs",
    remedy="use a classic token with `repo`, or a GitHub App with checks:read; fine-grained tokens cannot",
)


def panel(api: RepositoryApi, features: Features, number: int, file_count: int | None) -> tuple[Panel, Changes]:
    """Read it all; `file_count` tells how many file pages go out beside the query (one when unknown)."""
    thunks: list[Callable[[], Any]] = [lambda: _core(api, number), *files.pages(api, number, file_count)]
    (answer, gaps), *pages = api.api.gather(*thunks)
    pull = reading.only(answer, number)
    api.remember(number, pull.id)
    features.learn_repository(answer.repository, pulls_read=True)
    if gaps:
        features.learn_refused_checks()
    changes, teams, threads, reviews, comments, commits, contexts = _completed(api, number, pull, files.of(pages))
    viewed = {each.path: wire.viewed(each) for each in wire.rows(pull.files)}
    shown = tuple(_with_viewed(each, viewed) for each in changes.files)
    general = [wire.general_thread(each) for each in comments]
    with_reviews = msgspec.structs.replace(pull, reviews=payloads.Connection(nodes=list(reviews)))
    built = Panel(
        pull=wire.graph_pull(pull, api.ref, teams),
        commits=tuple(wire.graph_commit(each.commit) for each in commits),
        files=shown,
        threads=(*general, *(wire.thread(each) for each in threads)),
        reviews=tuple(wire.review(each) for each in reviews),
        reviewers=wire.reviewers(with_reviews, api.ref.owner, teams),
        checks=wire.all_checks(None, contexts),
        mergeability=wire.mergeability(pull),
        viewer=wire.known(answer.viewer),
        can=features.of_pull(pull),
        gaps=(
            *gaps,
            *_gaps(changes, None if pull.files is None else viewed),
            *_unlisted(pull, commits),
            *_lacking(api),
        ),
    )
    return built, replace(changes, files=shown)


def _core(api: RepositoryApi, number: int) -> tuple[reading.Full, list[Gap]]:
    """The query; once more without the checks when they alone were refused."""
    asked = about(number)
    answer = api.api.partial(queries.PANEL, api.variables(number), reading.Full, asked)
    data, problems = answer.data, answer.problems
    if not problems and data is not None:
        return data, []
    if problems and all(_about_checks(each) for each in problems):
        if data is not None and data.repository is not None and data.repository.pull_request is not None:
            return data, [_CHECKS_GAP]
        return api.api.graphql(queries.PANEL_WITHOUT_CHECKS, api.variables(number), reading.Full, asked), [_CHECKS_GAP]
    raise api.api.graph_failure(problems, asked, answer.reply)


def _about_checks(problem: payloads.GraphError) -> bool:
    return problem.type == "FORBIDDEN" and "statusCheckRollup" in (problem.path or ())


def _completed(
    api: RepositoryApi, number: int, pull: payloads.GraphFullPull, first: Changes
) -> tuple[Changes, list[Any], list[Any], list[Any], list[Any], list[Any], list[Any]]:
    """What the first answer had no room for, all in flight together; no request goes out when nothing is missing."""

    def rest(document: str, field: str, connection: payloads.Connection[Any] | None) -> Callable[[], list[Any]]:
        return lambda: reading.all_rows(api, document, number, field, connection)

    lists: tuple[Callable[[], list[Any]], ...] = (
        lambda: reading.asked_teams(api, number, pull),
        lambda: reading.whole_threads(
            api, reading.all_rows(api, queries.THREADS, number, "review_threads", pull.review_threads)
        ),
        rest(queries.REVIEWS, "reviews", pull.reviews),
        rest(queries.COMMENTS, "comments", pull.comments),
        rest(queries.COMMITS, "commits", pull.commits),
        lambda: reading.all_contexts(api, number, pull.status_check_rollup),
    )
    pages = _missing_pages(api, number, pull, first)
    gather = api.api.gather if pages or not _whole(pull) else _in_turn
    teams, threads, reviews, comments, commits, contexts, *rows = gather(*lists, *pages)
    if _moved(pull, first):
        changes = files.of(rows)
    else:
        changes = files.joined(first, files.of(rows), pull.changed_files or len(first.files))
    return replace(changes, head=pull.head_ref_oid), teams, threads, reviews, comments, commits, contexts


def _in_turn(*thunks: Callable[[], list[Any]]) -> list[list[Any]]:
    return [thunk() for thunk in thunks]


def _whole(pull: payloads.GraphFullPull) -> bool:
    """Whether every list came whole."""
    contexts = pull.status_check_rollup.contexts if pull.status_check_rollup else None
    lists = (pull.review_threads, pull.reviews, pull.comments, pull.commits, contexts)
    threads = all(each.comments.rest is None for each in wire.rows(pull.review_threads))
    return threads and not wire.has_teams(pull) and all(each is None or each.rest is None for each in lists)


def _missing_pages(
    api: RepositoryApi, number: int, pull: payloads.GraphFullPull, first: Changes
) -> Sequence[Callable[[], list[Any]]]:
    """The file pages still to read: all of them, once more, when somebody pushed between the query and the files."""
    count = pull.changed_files or 0
    if _moved(pull, first):
        return files.pages(api, number, count)
    return files.missing(api, number, first, count) if len(first.files) < min(count, files.MOST) else ()


def _moved(pull: payloads.GraphFullPull, first: Changes) -> bool:
    return first.head is not None and pull.head_ref_oid is not None and first.head != pull.head_ref_oid


def _with_viewed(file: FileChange, viewed: dict[str, bool | None]) -> FileChange:
    return replace(file, viewed=viewed[file.path]) if file.path in viewed else file


def _lacking(api: RepositoryApi) -> Iterable[Gap]:
    """The parts that an older server does not have."""
    lost: dict[str, list[str]] = {}
    for each in sorted(api.api.missing & gating.PARTS.keys()):
        lost.setdefault(gating.PARTS[each], []).append(".".join(each))
    for part, fields in lost.items():
        yield Gap(part=part, reason=f"{api.api.server} has no {', '.join(fields)}", remedy="upgrade the server")


def _unlisted(pull: payloads.GraphFullPull, commits: Sequence[object]) -> Iterable[Gap]:
    """The commits that GitHub counts and does not list: see `commits`."""
    total = pull.commits.total_count if pull.commits is not None else None
    if total is not None and len(commits) < total:
        told = f"GitHub lists {len(commits)} of {total} commits"
        yield Gap(part="commits", reason=told, remedy="pulls.commits(n)")


def _gaps(changes: Changes, viewed: dict[str, bool | None] | None) -> Sequence[Gap]:
    gaps = [Gap(part="files", reason=changes.stopped)] if changes.stopped else []
    if viewed is not None and len(changes.files) > len(viewed):
        told = f"GitHub tells for the first {len(viewed)} files in this answer"
        gaps.append(Gap(part="viewed", reason=told, remedy="files.viewed(n)"))
    return gaps
