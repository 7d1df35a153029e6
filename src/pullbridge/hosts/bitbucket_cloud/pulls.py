"""Pull requests. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import (
    accounts,
    editing,
    hashes,
    merging,
    panel,
    payloads,
    search,
    timeline,
    wire,
)
from pullbridge.hosts.bitbucket_cloud.abilities import RULES
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import READ, WRITE, about
from pullbridge.hosts.bitbucket_cloud.features import Features
from pullbridge.hosts.waiting import pauses
from pullbridge.model.diff import Commit
from pullbridge.model.listing import Page
from pullbridge.model.merge import Mergeability, MergeMethod, MergeReceipt
from pullbridge.model.orders import Changes, MergeOrder, NewPull, PullChanges, PullQuery
from pullbridge.model.panel import Panel
from pullbridge.model.pulls import Pull, PullState
from pullbridge.model.timeline import Template, TimelineItem
from pullbridge.model.unset import UNSET
from pullbridge.transport.call import Repeat, sleep
from pullbridge.transport.session import Reply

#: For how many seconds a repository is waited for whose commits are being indexed, where no deadline is nearer.
_PATIENCE = 15.0


class CloudPulls:
    """`ports.PullsPort`."""

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        self._api = api
        self._features = features

    def list(self, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.in_repository(self._api, query, cursor, limit)

    def get(self, number: int) -> Pull:
        return self._whole(editing.read(self._api, number))

    def create(self, new: NewPull) -> Pull:
        """Open one, where none is open between the same branches.

        That is looked up before: such a one Bitbucket would not refuse, but write over what it says.
        https://github.com/sourcegraph/sourcegraph-public-snapshot/blob/main/internal/batches/sources/bitbucketcloud.go
        """
        self._check(new)
        people = accounts.uuids(self._api, new.reviewers)
        existing = self._between(new)
        if existing is not None:
            text = f"There is an open pull request between these branches already: #{existing.number}."
            raise errors.AlreadyThere(text, existing=existing, host=self._api.api.host)
        asked = Asked(what="such repository", write=True, needs=WRITE)
        path, body = self._api.path("pullrequests"), _body(new, people)
        return self._whole(self._api.api.send("POST", path, body, payloads.PullRequest, asked))

    def _check(self, new: NewPull) -> None:
        unknown = {
            Can.ASSIGNEES: new.assignees,
            Can.LABELS: new.labels,
            Can.MILESTONES: new.milestone,
            Can.CHOOSE_MERGE_METHOD: new.squash_on_merge,
        }
        for can, wanted in unknown.items():
            if wanted and can is Can.CHOOSE_MERGE_METHOD:
                reason = "how it is merged is said when it is merged"
                text = f"That cannot be noted with a pull request: {reason}."
                raise errors.Unsupported(text, can=can, reason=reason, next_step="Leave `squash_on_merge` out.")
            if wanted:
                self._refuse(can)

    def _between(self, new: NewPull) -> Pull | None:
        owner = f"{new.source_repository}:" if new.source_repository else ""
        query = PullQuery(source=f"{owner}{new.source}", target=new.target)
        found = search.in_repository(self._api, query, None, 10).items
        return next(iter(found), None)

    def edit(self, number: int, changes: PullChanges) -> Pull:
        """Write what is named, with the reviewers that there are: see `editing`."""
        for can, wanted in (
            (Can.LABELS, changes.add_labels or changes.remove_labels),
            (Can.ASSIGNEES, changes.add_assignees or changes.remove_assignees),
            (Can.MILESTONES, changes.milestone is not UNSET),
        ):
            if wanted:
                self._refuse(can)
        body: dict[str, Any] = {}
        if changes.title is not UNSET:
            body["title"] = changes.title
        if changes.body is not UNSET:
            body["description"] = changes.body
        if changes.target is not UNSET:
            body["destination"] = {"branch": {"name": changes.target}}
        return self._whole(editing.put(self._api, number, body)) if body else self.get(number)

    def set_open(self, number: int, open_: bool) -> Pull:
        """Decline it. Nothing opens it again."""
        if open_:
            self._refuse(Can.REOPEN)
        asked = Asked(what=f"pull request #{number}", write=True, needs=WRITE)
        try:
            path = self._api.pull(number, "decline")
            found = self._api.api.send("POST", path, {}, payloads.PullRequest, asked, repeat=Repeat.SAFE)
        except (errors.Rejected, errors.HostDown) as error:
            # It is closed already, or was by a try that took too long (555).
            now = editing.read(self._api, number)
            if wire.state(now.state) is not PullState.CLOSED:
                raise error from error.__cause__
            found = now
        return self._whole(found)

    def set_draft(self, number: int, draft: bool) -> Pull:
        """Make it a draft, or ready. Raises `BadAnswer` when that was taken, and is not so."""
        found = editing.read(self._api, number)
        if found.draft is not draft:
            found = editing.put(self._api, number, {"draft": draft}, found=found)
            if found.draft is not None and found.draft is not draft:
                text = "Bitbucket took the change, and has not made it."
                raise errors.BadAnswer(text, what=f"pull request #{number}", host=self._api.api.host)
        return self._whole(found)

    def mergeability(self, number: int) -> Mergeability:
        return merging.mergeability(self._api, number)

    def merge(self, number: int, order: MergeOrder) -> MergeReceipt:
        return merging.merge(self._api, number, order)

    def commits(self, number: int) -> tuple[Commit, ...]:
        """Oldest first. Bitbucket's pages say that theirs are so, and begin with the newest all the same."""
        rows = self._api.api.pages(self._api.pull(number, "commits"), payloads.Commit, about(number))
        return tuple(wire.commit(row) for row in wire.oldest_first(rows))

    def containing(self, commit: str) -> tuple[Pull, ...]:
        """The rows may hold no more than numbers and titles: then each pull request is read."""
        path = self._api.path("commit", commit, "pullrequests")
        asked = Asked(what=f"commit {commit} (or its pull requests are not indexed)", needs=READ)
        first = self._indexed(path, asked)
        rows = self._api.api.pages(path, payloads.PullRequest, asked, first=first)
        whole = self._api.api.gather(*(lambda row=row: self._complete(row) for row in rows))
        return tuple(wire.pull(row, self._api.ref) for row in whole)

    def _indexed(self, path: str, asked: Asked) -> Reply:
        """The first page, once the repository's pull requests are indexed (202 before)."""
        reply = self._api.api.reply("GET", path, asked, params={"pagelen": 50})
        for pause in pauses(_PATIENCE):
            if reply.status != 202:
                return reply
            sleep(pause)
            reply = self._api.api.reply("GET", path, asked, params={"pagelen": 50})
        if reply.status == 202:
            text = "Bitbucket is still indexing which commits the pull requests have."
            raise errors.HostDown(text, host=self._api.api.host, status=202, next_step="Try again in a few minutes.")
        return reply

    def _complete(self, row: payloads.PullRequest) -> payloads.PullRequest:
        return row if row.state and row.source and row.destination else editing.read(self._api, row.id)

    def timeline(self, number: int, cursor: str | None) -> Page[TimelineItem]:
        return Page(items=timeline.timeline(self._api, number))

    def panel(self, number: int, file_count: int | None) -> tuple[Panel, Changes]:
        return panel.panel(self._api, self._features, number)

    def _whole(self, payload: payloads.PullRequest) -> Pull:
        """With full commit ids, and with its end where it has come to one."""
        plain = wire.pull(payload, self._api.ref)
        if plain.state is PullState.OPEN:
            return hashes.completed(self._api, plain)
        looks: list[Callable[[], Any]] = [
            lambda: timeline.ended(self._api, payload.id, payload.state),
            *hashes.looks(self._api, plain),
        ]
        end, *ends = self._api.api.gather(*looks)
        merged = end if plain.state is PullState.MERGED else None
        return replace(hashes.together(plain, ends), closed_at=end, merged_at=merged)

    # What Bitbucket Cloud never does: `repo.can` says so before anything is sent.

    def templates(self) -> tuple[Template, ...]:
        self._refuse(Can.TEMPLATES)

    def delete(self, number: int) -> None:
        self._refuse(Can.DELETE_PULL)

    def set_locked(self, number: int, locked: bool, reason: str | None) -> None:
        self._refuse(Can.LOCK)

    def set_subscribed(self, number: int, subscribed: bool) -> None:
        self._refuse(Can.SUBSCRIBE)

    def merge_when_ready(self, number: int, order: MergeOrder) -> MergeReceipt:
        self._refuse(Can.AUTO_MERGE)

    def cancel_auto_merge(self, number: int) -> None:
        self._refuse(Can.AUTO_MERGE)

    def update_branch(self, number: int, method: MergeMethod | None, head: str | None) -> Pull:
        self._refuse(Can.UPDATE_BRANCH)

    def _refuse(self, can: Can) -> NoReturn:
        answer, host = RULES[can].answer, self._api.api.host
        reason = answer.reason if answer is not None else "Bitbucket Cloud cannot"
        step = f"Instead: {answer.remedy}." if answer is not None and answer.remedy else None
        text = f"Bitbucket Cloud cannot do this: {reason}."
        raise errors.Unsupported(text, can=can, reason=reason, next_step=step, host=host)


def _body(new: NewPull, people: Sequence[str]) -> dict[str, Any]:
    source: dict[str, Any] = {"branch": {"name": new.source}}
    if new.source_repository:
        source["repository"] = {"full_name": new.source_repository}
    body = {
        "title": new.title,
        "description": new.body,
        "source": source,
        "destination": {"branch": {"name": new.target}},
        "draft": new.draft or None,
        "close_source_branch": new.delete_source_on_merge,
        "reviewers": [{"uuid": each} for each in people] or None,
    }
    return {name: value for name, value in body.items() if value is not None}
