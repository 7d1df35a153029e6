"""Pull requests. https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import (
    attention,
    merging,
    panel,
    payloads,
    rebasing,
    search,
    templates,
    timeline,
    wire,
)
from pullbridge.hosts.bitbucket_dc.abilities import RULES
from pullbridge.hosts.bitbucket_dc.addresses import parted
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ, about, writing
from pullbridge.hosts.bitbucket_dc.features import Features
from pullbridge.hosts.bitbucket_dc.refusing import too_old, unsupported
from pullbridge.hosts.bitbucket_dc.versioned import edited, end, read, reviewer, versioned
from pullbridge.model.diff import Commit
from pullbridge.model.listing import Page
from pullbridge.model.merge import Mergeability, MergeMethod, MergeReceipt
from pullbridge.model.orders import Changes, MergeOrder, NewPull, PullChanges, PullQuery
from pullbridge.model.panel import Panel
from pullbridge.model.pulls import Pull
from pullbridge.model.refs import RepoRef
from pullbridge.model.timeline import Template, TimelineItem
from pullbridge.model.unset import UNSET
from pullbridge.transport.call import Repeat


class DataCenterPulls:
    """`ports.PullsPort`."""

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        self._api = api
        self._features = features

    def list(self, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.in_repository(self._api, query, cursor, limit)

    def get(self, number: int) -> Pull:
        return self._seen(read(self._api, number))

    def create(self, new: NewPull) -> Pull:
        """Open one, in the target's repository; both must be of one hierarchy, which a fork and its origin are."""
        self._refuse(new.assignees, new.labels, new.milestone is not None)
        if new.delete_source_on_merge is not None or new.squash_on_merge is not None:
            reason = "Data Center notes nothing with a pull request of how it will be merged"
            text, step = f"It cannot be created so: {reason}.", "Say it when you merge."
            raise errors.Unsupported(text, can=Can.CREATE, reason=reason, next_step=step, host=self._api.api.host)
        if new.draft:
            self._need_drafts()
        body = self._body(new)
        asked = Asked(what="such repository or branch", write=True, needs=READ)
        path = self._api.path("pull-requests")
        return self._unique(lambda: self._api.api.send("POST", path, body, payloads.PullRequest, asked))

    def _body(self, new: NewPull) -> dict[str, Any]:
        api = self._api
        home = api.ref if new.source_repository is None else RepoRef(web=api.ref.web, path=new.source_repository)
        return {
            "title": new.title,
            "description": new.body,
            "fromRef": end(new.source, *parted(home)),
            "toRef": end(new.target, api.key, api.slug),
            "reviewers": [reviewer(name) for name in new.reviewers],
            **({"draft": True} if new.draft else {}),
        }

    def edit(self, number: int, changes: PullChanges) -> Pull:
        """Write what is named over what is there, which is read first: Data Center clears what is not sent."""
        self._refuse(
            (*changes.add_assignees, *changes.remove_assignees),
            (*changes.add_labels, *changes.remove_labels),
            changes.milestone is not UNSET,
        )
        change: dict[str, Any] = {}
        if changes.title is not UNSET:
            change["title"] = changes.title
        if changes.body is not UNSET:
            change["description"] = changes.body
        if isinstance(changes.target, str):
            change["toRef"] = end(changes.target, self._api.key, self._api.slug)
        return self._unique(lambda: edited(self._api, number, lambda _: change))

    def set_open(self, number: int, open_: bool) -> Pull:
        """Decline it, or open it again; what is so already is left as it is."""
        try:
            return self._unique(lambda: versioned(self._api, number, lambda at: self._moved(number, open_, at)))
        except errors.Rejected as error:
            found = read(self._api, number) if error.status == 409 else None
            if found is None or found.state != ("OPEN" if open_ else "DECLINED"):
                raise
            return self._seen(found)

    def _moved(self, number: int, open_: bool, version: int) -> payloads.PullRequest:
        path, body = self._api.pull(number, "reopen" if open_ else "decline"), {"version": version}
        asked, shape = writing(number), payloads.PullRequest
        # Older versions read it in the query alone. A second time it is refused, and found to be done.
        return self._api.api.send("POST", path, body, shape, asked, params=body, repeat=Repeat.SAFE)

    def set_draft(self, number: int, draft: bool) -> Pull:
        """Make it a draft, or ready; what is so already is left as it is."""
        self._need_drafts()
        return self._seen(
            edited(self._api, number, lambda found: {} if bool(found.draft) is draft else {"draft": draft})
        )

    def delete(self, number: int) -> None:
        """For its author, if the instance lets authors, and for who administers the repository."""

        def send(version: int) -> None:
            self._api.api.reply("DELETE", self._api.pull(number), writing(number), body={"version": version})

        versioned(self._api, number, send)
        self._api.versions.pop(number, None)

    def mergeability(self, number: int) -> Mergeability:
        return merging.mergeability(self._api, number)

    def merge(self, number: int, order: MergeOrder) -> MergeReceipt:
        return merging.merge(self._api, number, order)

    def merge_when_ready(self, number: int, order: MergeOrder) -> MergeReceipt:
        return merging.when_ready(self._api, number, order)

    def cancel_auto_merge(self, number: int) -> None:
        merging.cancel(self._api, number)

    def update_branch(self, number: int, method: MergeMethod | None, head: str | None) -> Pull:
        return self._seen(rebasing.rebase(self._api, number, method, head))

    def commits(self, number: int) -> tuple[Commit, ...]:
        """Data Center answers the newest first."""
        rows = self._api.api.pages(self._api.pull(number, "commits"), payloads.Commit, about(number))
        return tuple(wire.commit(row) for row in reversed(rows))

    def panel(self, number: int, file_count: int | None) -> tuple[Panel, Changes]:
        return panel.panel(self._api, self._features, number, file_count)

    def containing(self, commit: str) -> tuple[Pull, ...]:
        path, asked = self._api.path("commits", commit, "pull-requests"), Asked(what=f"commit {commit}", needs=READ)
        rows = self._api.api.pages(path, payloads.PullRequest, asked)
        return tuple(self._seen(row) for row in rows)

    def timeline(self, number: int, cursor: str | None) -> Page[TimelineItem]:
        """All of it at once, so that there is no cursor to go on from."""
        return Page(items=timeline.timeline(self._api, number))

    def templates(self) -> tuple[Template, ...]:
        return templates.templates(self._api.api.host)

    def set_locked(self, number: int, locked: bool, reason: str | None) -> None:
        raise unsupported(Can.LOCK, self._api.api.host)

    def set_subscribed(self, number: int, subscribed: bool) -> None:
        attention.set_subscribed(self._api, number, subscribed)

    def _seen(self, payload: payloads.PullRequest) -> Pull:
        return wire.pull(self._api.saw(payload), self._api.ref)

    def _unique(self, write: Callable[[], payloads.PullRequest]) -> Pull:
        """Write it; where its branches have one that is open, the refusal has that."""
        try:
            return self._seen(write())
        except errors.AlreadyThere as error:
            if isinstance(error.existing, payloads.PullRequest):
                error.existing = self._seen(error.existing)
            raise

    def _refuse(self, assignees: object, labels: object, milestone: bool) -> None:
        """What Data Center has not is never left out in silence."""
        wanted = ((Can.ASSIGNEES, assignees), (Can.LABELS, labels), (Can.MILESTONES, milestone))
        for can, given in wanted:
            if given:
                raise unsupported(can, self._api.api.host)

    def _need_drafts(self) -> None:
        """An older version would pass over it in silence."""
        since = RULES[Can.DRAFTS].since
        if not self._api.api.at_least(since):
            raise too_old(Can.DRAFTS, since, self._api.api.server, self._api.api.host)
