"""Pull requests on GitHub. https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts import numbered
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import (
    attention,
    background,
    commits,
    merging,
    nodes,
    panel,
    payloads,
    queries,
    reading,
    search,
    timeline,
    wire,
)
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.hosts.github.errors import about
from pullbridge.hosts.github.features import Features
from pullbridge.model.diff import Commit
from pullbridge.model.listing import Page
from pullbridge.model.merge import Mergeability, MergeMethod, MergeReceipt, MergeState
from pullbridge.model.orders import Changes, MergeOrder, NewPull, PullChanges, PullQuery
from pullbridge.model.panel import Panel
from pullbridge.model.pulls import Order, Pull, PullState
from pullbridge.model.timeline import Template, TimelineItem
from pullbridge.model.unset import UNSET, Unset
from pullbridge.transport.call import Repeat

P = TypeVar("P")

_WRITE = ("pull_requests:write",)
#: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
_ORDERS = {
    Order.UPDATED: ("updated", "desc"),
    Order.CREATED: ("created", "desc"),
    Order.OLDEST_UPDATED: ("updated", "asc"),
    Order.OLDEST_CREATED: ("created", "asc"),
}
#: What to do about what GitHub says of a pull request to be (`PullRequest head invalid`: resource, field, code).
_STEPS = {
    "head invalid": "Push the source branch, or correct its name; one of a fork needs `source_repository`.",
    "base invalid": "Correct the name of the target branch.",
    "No commits between": "Commit to the source branch first, and push it.",
}
PAGE = 100


class GitHubPulls:
    """`ports.PullsPort`."""

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        self._api = api
        self._features = features

    def list(self, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
        """Read by REST where its filters suffice, else by search, which ends after 1,000 results."""
        if search.needed(query):
            return search.in_repository(self._api, query, cursor, limit)
        return self._rest_list(query, cursor, limit)

    def _rest_list(self, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
        """Pages go out together: as many as `limit` wants, or as the last page's number told (`cursor` is "next/last")."""
        asked = numbered.span(*numbered.parted(cursor), limit, PAGE)
        pages = self._api.api.gather(*(lambda n=n: self._rest_page(query, n) for n in asked))
        rows = [row for page, _ in pages for row in page]
        told = next((total for _, total in reversed(pages) if total is not None), None)
        # The last page links to no other, so a number here is the true end: https://docs.github.com/en/rest (pagination).
        # Behind an empty page there is nothing, whatever the number says.
        return Page(items=tuple(rows), cursor=numbered.cursor(asked[-1], told) if pages[-1][0] else None)

    def _rest_page(self, query: PullQuery, number: int) -> tuple[tuple[Pull, ...], int | None]:
        """One page, and the number of the last one where GitHub says it."""
        sort, direction = _ORDERS[query.order]
        params = {
            "state": _rest_state(query.states),
            "sort": sort,
            "direction": direction,
            "per_page": PAGE,
            "page": number,
            "head": f"{self._api.owner}:{query.source}" if query.source and ":" not in query.source else query.source,
            "base": query.target,
        }
        asked = Asked(what="such repository")
        reply = self._api.api.reply(
            "GET", self._api.path("pulls"), asked, params={k: v for k, v in params.items() if v is not None}
        )
        rows = self._api.api.decoded(reply, list[payloads.RestPull], asked)
        for row in rows:
            self._api.remember(row.number, row.node_id)
        found = (wire.pull(row, self._api.ref) for row in rows)
        return tuple(found), search.last_page(reply.headers.get("link", ""))

    def get(self, number: int) -> Pull:
        """Read by REST: a 304 costs no budget, and the counts come with it."""
        payload = self._api.api.get(self._api.path("pulls", number), payloads.RestPull, about(number))
        return self._seen(payload)

    def create(self, new: NewPull) -> Pull:
        if new.delete_source_on_merge is not None:
            raise errors.Unsupported(
                "GitHub does not note with a pull request what becomes of its source branch.",
                can=Can.DELETE_SOURCE,
                reason="GitHub decides it when merging, or for the whole repository",
                next_step="Leave it out, and merge with `delete_source=True`.",
            )
        head = new.source
        if new.source_repository is not None:
            head = f"{new.source_repository.partition('/')[0]}:{new.source}"
        if new.squash_on_merge is not None:
            raise errors.Unsupported(
                "GitHub does not note with a pull request how it is to be merged.",
                can=Can.CHOOSE_MERGE_METHOD,
                reason="GitHub decides it when merging",
                next_step="Leave it out, and merge with `method=MergeMethod.SQUASH`.",
            )
        body = {"title": new.title, "head": head, "base": new.target, "body": new.body, "draft": new.draft}
        if new.source_repository is not None:
            body["head_repo"] = new.source_repository
        asked = Asked(what="such repository", write=True, needs=_WRITE)
        try:
            return self._seen(self._api.api.send("POST", self._api.path("pulls"), body, payloads.RestPull, asked))
        except errors.Rejected as error:
            error.remedy = next((step for sign, step in _STEPS.items() if sign in str(error.problems)), error.remedy)
            raise

    def edit(self, number: int, changes: PullChanges) -> Pull:
        self._about_issue(number, changes)
        fields = {"title": changes.title, "body": changes.body, "base": changes.target}
        body: dict[str, object] = {name: value for name, value in fields.items() if value is not UNSET}
        return self._patch(number, body) if body else self.get(number)

    def _about_issue(self, number: int, changes: PullChanges) -> None:
        """Labels, assignees and the milestone belong to the issue that every pull request also is."""
        asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
        writes: list[tuple[str, tuple[str | int, ...], object]] = [
            ("POST", ("labels",), {"labels": changes.add_labels} if changes.add_labels else None),
            *(("DELETE", ("labels", label), UNSET) for label in changes.remove_labels),
            ("POST", ("assignees",), {"assignees": changes.add_assignees} if changes.add_assignees else None),
            ("DELETE", ("assignees",), {"assignees": changes.remove_assignees} if changes.remove_assignees else None),
            ("PATCH", (), None if changes.milestone is UNSET else {"milestone": _milestone_number(changes.milestone)}),
        ]
        for verb, parts, body in writes:
            if body is not None:
                path = self._api.path("issues", number, *parts)
                self._api.api.reply(verb, path, asked, body=None if body is UNSET else body, repeat=Repeat.SAFE)

    def set_open(self, number: int, open_: bool) -> Pull:
        return self._patch(number, {"state": "open" if open_ else "closed"})

    def _patch(self, number: int, body: dict[str, object]) -> Pull:
        asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
        path = self._api.path("pulls", number)
        return self._seen(self._api.api.send("PATCH", path, body, payloads.RestPull, asked, repeat=Repeat.SAFE))

    def set_draft(self, number: int, draft: bool) -> Pull:
        """GraphQL alone can: REST's PATCH takes no `draft`."""
        asked = Asked(what=f"pull request #{number}", write=True, needs=_WRITE)
        written = self._api.api.mutate(
            queries.TO_DRAFT if draft else queries.READY,
            {"pullRequestId": nodes.of_pull(self._api, number)},
            payloads.GraphPullWritten,
            asked,
            repeat=Repeat.SAFE,
        )
        return wire.graph_pull(written.pull_request, self._api.ref)

    def mergeability(self, number: int) -> Mergeability:
        shape = payloads.GraphPullAnswer[payloads.GraphMergeability]
        return wire.mergeability(self._one(queries.MERGEABILITY, number, shape))

    def merge(self, number: int, order: MergeOrder) -> MergeReceipt:
        """Guarded by `sha`: GitHub answers 409 when the head is another one, and 405 when it may not be merged."""
        order = replace(order, method=self._features.method(order.method))
        asked = Asked(what=f"pull request #{number}", write=True, needs=("contents:write",))
        path = self._api.path("pulls", number, "merge")
        try:
            merged = self._api.api.send("PUT", path, background.body(order), payloads.RestMerged, asked)
        except (errors.Rejected, errors.Stale) as error:
            if background.demanded(error):
                return background.keeping_branch(background.merge(self._api, number, order), order)
            raise background.not_merged(error, order) from error.__cause__
        return MergeReceipt(state=MergeState.MERGED, commit=merged.sha)

    def commits(self, number: int) -> tuple[Commit, ...]:
        return commits.commits(self._api, number)

    def panel(self, number: int, file_count: int | None) -> tuple[Panel, Changes]:
        return panel.panel(self._api, self._features, number, file_count)

    def containing(self, commit: str) -> tuple[Pull, ...]:
        asked = Asked(what=f"commit {commit}")
        path, params = self._api.path("commits", commit, "pulls"), {"per_page": PAGE}
        return tuple(map(self._seen, self._api.api.get(path, list[payloads.RestPull], asked, params=params)))

    def timeline(self, number: int, cursor: str | None) -> Page[TimelineItem]:
        return timeline.timeline(self._api, number, cursor)

    def templates(self) -> tuple[Template, ...]:
        return attention.templates(self._api)

    def delete(self, number: int) -> None:
        raise errors.Unsupported(
            "GitHub does not delete pull requests.", can=Can.DELETE_PULL, reason="it has no such call"
        )

    def set_locked(self, number: int, locked: bool, reason: str | None) -> None:
        attention.set_locked(self._api, number, nodes.of_pull(self._api, number), locked, reason)

    def set_subscribed(self, number: int, subscribed: bool) -> None:
        attention.set_subscribed(self._api, number, nodes.of_pull(self._api, number), subscribed)

    def merge_when_ready(self, number: int, order: MergeOrder) -> MergeReceipt:
        receipt = merging.when_ready(self._api, self._features, number, order)
        return background.keeping_branch(receipt, order)

    def cancel_auto_merge(self, number: int) -> None:
        merging.cancel(self._api, number)

    def update_branch(self, number: int, method: MergeMethod | None, head: str | None) -> Pull:
        node = nodes.of_pull(self._api, number)
        return merging.update_branch(self._api, number, node, method or MergeMethod.MERGE, head)

    def _one(self, document: str, number: int, shape: type[payloads.GraphPullAnswer[P]]) -> P:
        answer = self._api.api.graphql(document, self._api.variables(number), shape, about(number))
        return reading.only(answer, number)

    def _seen(self, payload: payloads.RestPull) -> Pull:
        self._api.remember(payload.number, payload.node_id)
        return wire.pull(payload, self._api.ref)


def _milestone_number(milestone: str | Unset | None) -> int | None:
    if isinstance(milestone, str) and not milestone.isdigit():
        raise errors.Rejected("A milestone is given by its id, or as the `Milestone`.", problems=(milestone,))
    return int(milestone) if isinstance(milestone, str) else None


def _rest_state(states: frozenset[PullState]) -> str:
    """REST has one closed state for both closed and merged, which `search.needed` keeps away from here."""
    if states == {PullState.OPEN}:
        return "open"
    return "all" if PullState.OPEN in states else "closed"
