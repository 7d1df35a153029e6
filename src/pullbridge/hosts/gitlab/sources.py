"""Where source branches are: merge requests name a fork by its number alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pullbridge.errors import BadAnswer, Forbidden, NotThere, ScopeMissing, SignInNeeded, Unsupported
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, queries, wire
from pullbridge.hosts.gitlab.api import Api, RepositoryApi
from pullbridge.model.pulls import Pull
from pullbridge.model.refs import RepoRef

#: What GraphQL answers where the version, the token or the account does not allow it.
_NOT_ANSWERED = (BadAnswer, Forbidden, NotThere, ScopeMissing, SignInNeeded, Unsupported)


def pull(api: RepositoryApi, payload: payloads.MergeRequest) -> Pull:
    """One merge request; a fork that has not been seen yet costs a request."""
    return pulls(api.api, [payload], api.ref)[0]


def pulls(api: Api, rows: Sequence[payloads.MergeRequest], ref: RepoRef) -> tuple[Pull, ...]:
    """Several; the forks among them that have not been seen yet are asked for together."""
    learn(api, rows)
    return tuple(wire.pull(row, ref, known(api, row, ref) if wire.from_fork(row) else None) for row in rows)


def learn(api: Api, rows: Iterable[payloads.MergeRequest]) -> None:
    """Ask for each fork that has not been seen yet, all of them at once."""
    asked = unknown(api, rows)
    paths = api.gather(*(lambda n=number: _path(api, n) for number in asked))
    for number, path in zip(asked, paths, strict=True):
        keep(api, number, path)


def learn_in(api: RepositoryApi, rows: Sequence[payloads.MergeRequest]) -> dict[int, str | None]:
    """The same of rows of one project, in one request whatever their number; with it come the states of their pipelines.

    GraphQL answers that, where the version and the token allow it. Else nothing is learned of the pipelines.
    """
    variables = {"fullPath": api.path_now, "iids": [str(row.iid) for row in rows]}
    try:
        answer = api.api.graphql(queries.ROWS, variables, payloads.GraphRowsAnswer, Asked(what="such project"))
    except _NOT_ANSWERED:
        return {}
    found = answer.project.merge_requests.items if answer.project and answer.project.merge_requests else []
    told = {each.iid: each for each in found}
    pairs = [(row, told[str(row.iid)]) for row in rows if str(row.iid) in told]
    for row, each in pairs:
        if row.source_project_id is not None:
            keep(api.api, row.source_project_id, each.source_project.full_path if each.source_project else None)
    return {row.iid: each.head_pipeline.status if each.head_pipeline else None for row, each in pairs}


def unknown(api: Api, rows: Iterable[payloads.MergeRequest]) -> list[int]:
    """The numbers of the forks that have not been seen yet, each once."""
    account = api.signing.account()
    forks = (row.source_project_id for row in rows if wire.from_fork(row))
    return list(dict.fromkeys(n for n in forks if n is not None and (account, n) not in api.sources))


def known(api: Api, row: payloads.MergeRequest, ref: RepoRef) -> RepoRef | None:
    """The fork of one; `None` when it is gone, or hidden from me."""
    number = row.source_project_id
    path = api.sources.get((api.signing.account(), number)) if number is not None else None
    return wire.repository(ref.web, path, ref.kind) if path else None


def keep(api: Api, number: int, path: str | None) -> None:
    """Remember a project's path."""
    if len(api.sources) > 10_000:
        api.sources.clear()
    api.sources[api.signing.account(), number] = path


def _path(api: Api, number: int) -> str | None:
    try:
        return api.get(f"/projects/{number}", payloads.Project, Asked(what="such project")).path_with_namespace
    except (NotThere, Forbidden):
        return None


def project(api: RepositoryApi) -> payloads.Project:
    """The project itself, with its settings."""
    found = api.api.get(api.path(), payloads.Project, Asked(what="such repository"))
    api.learn(found)
    return found
