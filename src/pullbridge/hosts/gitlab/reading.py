"""What GraphQL says of a merge request, where it says anything, and its lists read to their end.

Nothing here is needed: REST says all of it, too, in more requests. A version that lacks GraphQL's fields, a fine-grained
token to which it answers null, and a query that takes too long are told as reasons, and never taken for a "no".
https://docs.gitlab.com/auth/tokens/fine_grained_access_tokens/
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from pullbridge import errors
from pullbridge.hosts.asking import Asked, Told
from pullbridge.hosts.connections import onward
from pullbridge.hosts.gitlab import payloads, queries, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about

R = TypeVar("R")
Answer = payloads.GraphPullAnswer[payloads.GraphPull]

#: What GraphQL answers where the version, the token or the account does not allow it, or it took too long.
REFUSALS = (
    errors.BadAnswer,
    errors.Forbidden,
    errors.HostDown,
    errors.NotThere,
    errors.Rejected,
    errors.ScopeMissing,
    errors.SignInNeeded,
    errors.Unsupported,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What GraphQL said; `why` it said nothing of the merge request, where `pull` is `None`."""

    pull: payloads.GraphPull | None = None
    project: payloads.GraphProject[payloads.GraphPull] | None = None
    viewer: payloads.GraphUser | msgspec.UnsetType | None = msgspec.UNSET
    why: str | None = None


def seen(api: RepositoryApi, document: str, number: int) -> Seen:
    """Ask one of the documents about one merge request. What it could not be told is no error here."""
    try:
        answer = api.api.partial(document, api.variables(number), Answer, about(number))
    except REFUSALS as error:
        return Seen(why=error.summary.rstrip("."))
    data = answer.data or Answer()
    pull = data.project.merge_request if data.project is not None else None
    if pull is not None:
        return Seen(pull=pull, project=data.project, viewer=data.current_user)
    said = Told(problems=tuple(dict.fromkeys(each.message for each in answer.problems))).quoted
    why = f"GraphQL does not answer{said}" if said else "GraphQL shows nothing of it to this credential"
    return Seen(project=data.project, viewer=data.current_user, why=why)


def all_reviewers(api: RepositoryApi, number: int, pull: payloads.GraphPull) -> list[payloads.GraphReviewer]:
    """Everybody who was asked."""
    first = pull.reviewers

    def page(after: str) -> payloads.Connection[payloads.GraphReviewer]:
        return _there(api, _more(api, queries.MORE_REVIEWERS, number, after).reviewers)

    return _all(api, first, page)


def all_approvers(api: RepositoryApi, number: int, pull: payloads.GraphPull) -> list[payloads.GraphUser]:
    """Everybody who has approved."""
    first = pull.approved_by

    def page(after: str) -> payloads.Connection[payloads.GraphUser]:
        return _there(api, _more(api, queries.MORE_APPROVERS, number, after).approved_by)

    return _all(api, first, page)


def all_jobs(api: RepositoryApi, pipeline: payloads.GraphPipeline | None) -> list[payloads.GraphJob]:
    """Every job of a pipeline, which may be a fork's; none where there is no pipeline."""
    if pipeline is None:
        return []
    home = pipeline.project.full_path if pipeline.project else None

    def page(after: str) -> payloads.Connection[payloads.GraphJob]:
        variables = {"fullPath": home or api.path_now, "iid": pipeline.iid, "after": after}
        answer = api.api.graphql(queries.JOBS, variables, Answer, Asked(what="such pipeline"))
        found = answer.project.pipeline if answer.project else None
        return _there(api, found.jobs if found else None)

    return _all(api, pipeline.jobs, page)


def reactions(api: RepositoryApi, number: int) -> dict[int, list[payloads.GraphAward]] | None:
    """The reactions to every note, by its number; `None` where GraphQL does not tell, as an older version does not.

    One request is enough for 200 notes, GitLab's own among them. A note with more than a hundred is left out.
    """
    found = seen(api, queries.REACTIONS, number).pull
    if found is None or found.notes is None:
        return None
    notes = {each.id: each for each in (*found.notes.items, *(found.newest.items if found.newest else ()))}
    if len(notes) == len(found.notes.items) + len(found.newest.items if found.newest else ()):

        def page(after: str) -> payloads.Connection[payloads.GraphNote]:
            return _there(api, _more(api, queries.MORE_REACTIONS, number, after).notes)

        notes |= {each.id: each for each in onward(found.notes, page, who="GitLab", host=api.api.host)}
    if any(each.award_emoji is None for each in notes.values()):
        return None
    told = ((wire.number(each.id) or 0, each.award_emoji) for each in notes.values())
    return {note: found.items for note, found in told if found is not None and not found.page_info.has_next_page}


def _more(api: RepositoryApi, document: str, number: int, after: str) -> payloads.GraphPull:
    answer = api.api.graphql(document, api.variables(number, after=after), Answer, about(number))
    found = answer.project.merge_request if answer.project else None
    return found if found is not None else payloads.GraphPull()


def _there(api: RepositoryApi, connection: payloads.Connection[R] | None) -> payloads.Connection[R]:
    """The next stretch of a list; half a list is none."""
    if connection is None:
        text = "GitLab does not go on with a list that it has begun."
        raise errors.BadAnswer(text, what="a list", host=api.api.host)
    return connection


def _all(
    api: RepositoryApi, first: payloads.Connection[R] | None, page: Callable[[str], payloads.Connection[R]]
) -> list[R]:
    rows = first.items if first is not None else []
    return rows + onward(first, page, who="GitLab", host=api.api.host)
