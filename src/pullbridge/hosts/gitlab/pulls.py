"""Merge requests as pull requests. https://docs.gitlab.com/api/merge_requests/"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.decoding import whole
from pullbridge.hosts.gitlab import (
    accounts,
    attention,
    files,
    merging,
    panel,
    payloads,
    rebasing,
    search,
    sources,
    templates,
    timeline,
    wire,
)
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import WRITE, about
from pullbridge.hosts.gitlab.features import Features
from pullbridge.hosts.waiting import pauses
from pullbridge.model.diff import Commit
from pullbridge.model.listing import Page
from pullbridge.model.merge import Mergeability, MergeMethod, MergeReceipt
from pullbridge.model.orders import Changes, MergeOrder, NewPull, PullChanges, PullQuery
from pullbridge.model.panel import Panel
from pullbridge.model.pulls import Pull, PullState
from pullbridge.model.refs import RepoRef
from pullbridge.model.timeline import Template, TimelineItem
from pullbridge.model.unset import UNSET, Unset
from pullbridge.transport.call import Repeat, sleep

#: For how many seconds the first diff is waited for, where no deadline is nearer.
_PATIENCE = 30.0
#: "Another open merge request already exists for this source branch: !6"
_NAMED = re.compile(r"!([0-9]{1,9})\b")


class GitLabPulls:
    """`ports.PullsPort`."""

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        self._api = api
        self._features = features

    def list(self, query: PullQuery, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.in_project(self._api, query, cursor, limit)

    def get(self, number: int) -> Pull:
        return self._seen(merging.read(self._api, number))

    def create(self, new: NewPull) -> Pull:
        """Open one, on the project that has the source branch: that is where GitLab wants it."""
        if not new.draft and wire.is_marked(new.title):
            raise _marked(new.title)
        body = self._body(new)
        home = self._api
        if new.source_repository is not None:
            body["target_project_id"] = self._project_id()
            ref = RepoRef(web=home.ref.web, path=new.source_repository, kind=home.ref.kind)
            home = RepositoryApi(home.api, ref)
        asked = Asked(what="such repository", write=True, needs=WRITE)
        try:
            made = home.api.send("POST", home.path("merge_requests"), body, payloads.MergeRequest, asked)
        except errors.AlreadyThere as error:
            named = _NAMED.search(error.summary)
            error.existing = self.get(int(named[1])) if named else None
            raise
        return self._seen(made)

    def _body(self, new: NewPull) -> dict[str, Any]:
        reviewers, assignees = new.reviewers, new.assignees
        people = accounts.numbers(self._api.api, (*reviewers, *assignees))
        body: dict[str, Any] = {
            "title": wire.marked(new.title) if new.draft else new.title,
            "source_branch": new.source,
            "target_branch": new.target,
            "description": new.body,
            "remove_source_branch": new.delete_source_on_merge,
            "squash": new.squash_on_merge,
            "reviewer_ids": people[: len(reviewers)] or None,
            "assignee_ids": people[len(reviewers) :] or None,
            "labels": _joined(new.labels) or None,
            "milestone_id": None if new.milestone is None else self._milestone(new.milestone),
        }
        return {name: value for name, value in body.items() if value is not None}

    def edit(self, number: int, changes: PullChanges) -> Pull:
        """Write what is named. Assignees are replaced as a whole there, and a draft's mark is in its title: both are read first."""
        body: dict[str, Any] = {}
        if changes.body is not UNSET:
            body["description"] = changes.body
        if changes.target is not UNSET:
            body["target_branch"] = changes.target
        if changes.add_labels:
            body["add_labels"] = _joined(changes.add_labels)
        if changes.remove_labels:
            body["remove_labels"] = _joined(changes.remove_labels)
        if changes.milestone is not UNSET:
            body["milestone_id"] = self._milestone(changes.milestone)
        if isinstance(changes.title, str) or changes.add_assignees or changes.remove_assignees:
            found = merging.read(self._api, number)
            body |= self._title(found, changes.title) | self._assignees(found, changes)
        return self._put(number, body) if body else self.get(number)

    def _title(self, found: payloads.MergeRequest, title: str | Unset) -> dict[str, str]:
        """The title with the mark that it has."""
        if not isinstance(title, str):
            return {}
        if found.is_draft:
            return {"title": wire.marked(title)}
        if wire.is_marked(title):
            raise _marked(title)
        return {"title": title}

    def _assignees(self, found: payloads.MergeRequest, changes: PullChanges) -> dict[str, object]:
        """Those who are assigned, without some and with others; nobody else is lost."""
        gone = {handle.removeprefix("@").lower() for handle in changes.remove_assignees}
        there = found.assignees if found.assignees is not None else [each for each in (found.assignee,) if each]
        stay = [user.id for user in there if user.id is not None and user.username.lower() not in gone]
        ids = list(dict.fromkeys([*stay, *accounts.numbers(self._api.api, changes.add_assignees)]))
        if sorted(ids) == sorted(user.id for user in there if user.id is not None):
            return {}
        # "Set to 0 or provide an empty value to unassign all": https://docs.gitlab.com/api/merge_requests/
        return {"assignee_ids": ids or [0]}

    def _milestone(self, milestone: str | Unset | None) -> int:
        """Its number on the instance, which is what a `Milestone` has, or by its title; 0 takes it away."""
        if not isinstance(milestone, str):
            return 0
        if (number := whole(milestone)) is not None:
            return number
        older = not self._api.api.at_least((16, 7))
        params = {"title": milestone, "include_parent_milestones" if older else "include_ancestors": "true"}
        asked = Asked(what="such repository")
        rows = self._api.api.get(self._api.path("milestones"), list[payloads.Milestone], asked, params=params)
        found = [row.id for row in rows if row.title == milestone]
        if not found:
            problem = f"no milestone is called {milestone!r}"
            raise errors.Rejected(f"GitLab has no such milestone: {problem}.", problems=(problem,))
        return found[0]

    def set_open(self, number: int, open_: bool) -> Pull:
        """Close it, or open it again; GitLab passes over what cannot be, and so the answer is looked at."""
        pull = self._put(number, {"state_event": "reopen" if open_ else "close"})
        if (pull.state is PullState.OPEN) != open_ or pull.state is PullState.MERGED:
            problem = f"it is {pull.raw_state}"
            text = f"It cannot be {'opened again' if open_ else 'closed'}: {problem}."
            raise errors.Rejected(text, problems=(problem,), host=self._api.api.host)
        return pull

    def set_draft(self, number: int, draft: bool) -> Pull:
        """Write the mark before the title, or take all of them away."""
        found = merging.read(self._api, number)
        if found.is_draft is draft:
            return self._seen(found)
        title = wire.marked(found.title) if draft else wire.unmarked(found.title)
        if title == found.title:
            problem = "its title is nothing but the mark of a draft"
            step = "Give it another title (`edit`), then make it ready."
            raise errors.Rejected(f"It cannot be made ready: {problem}.", problems=(problem,), next_step=step)
        return self._put(number, {"title": title})

    def _put(self, number: int, body: dict[str, Any]) -> Pull:
        asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
        path = self._api.pull(number)
        return self._seen(self._api.api.send("PUT", path, body, payloads.MergeRequest, asked, repeat=Repeat.SAFE))

    def delete(self, number: int) -> None:
        """For its author if an owner of the project, and for administrators."""
        asked = Asked(what=f"merge request !{number}", write=True, needs=WRITE)
        self._api.api.reply("DELETE", self._api.pull(number), asked)

    def mergeability(self, number: int) -> Mergeability:
        return wire.mergeability(merging.read(self._api, number))

    def merge(self, number: int, order: MergeOrder) -> MergeReceipt:
        return merging.merge(self._api, number, order)

    def merge_when_ready(self, number: int, order: MergeOrder) -> MergeReceipt:
        return merging.when_ready(self._api, number, order)

    def cancel_auto_merge(self, number: int) -> None:
        merging.cancel(self._api, number)

    def update_branch(self, number: int, method: MergeMethod | None, head: str | None) -> Pull:
        return self._seen(rebasing.rebase(self._api, number, method, head))

    def commits(self, number: int) -> tuple[Commit, ...]:
        """GitLab answers the newest first, and none of them before it has made the diff, which is waited for."""
        rows = self._history(number) or self._history_when_prepared(number)
        return tuple(wire.commit(row) for row in reversed(rows))

    def _history(self, number: int) -> Sequence[payloads.Commit]:
        return self._api.api.pages(self._api.pull(number, "commits"), payloads.Commit, about(number))

    def _history_when_prepared(self, number: int) -> Sequence[payloads.Commit]:
        """Raises `HostDown` where GitLab has not prepared it within half a minute."""
        for pause in pauses(_PATIENCE):
            if wire.is_ready(files.head_of(merging.read(self._api, number))):
                return self._history(number)
            sleep(pause)
        text, step = "GitLab is still preparing it, and has not listed its commits yet.", "Try again in a while."
        raise errors.HostDown(text, host=self._api.api.host, next_step=step)

    def panel(self, number: int, file_count: int | None) -> tuple[Panel, Changes]:
        return panel.panel(self._api, self._features, number, file_count)

    def containing(self, commit: str) -> tuple[Pull, ...]:
        path = self._api.path("repository", "commits", commit, "merge_requests")
        rows = self._api.api.pages(path, payloads.MergeRequest, Asked(what=f"commit {commit}"))
        return sources.pulls(self._api.api, rows, self._api.ref)

    def timeline(self, number: int, cursor: str | None) -> Page[TimelineItem]:
        return timeline.timeline(self._api, number, cursor)

    def templates(self) -> tuple[Template, ...]:
        return templates.templates(self._api)

    def set_locked(self, number: int, locked: bool, reason: str | None) -> None:
        attention.set_locked(self._api, number, locked, reason)

    def set_subscribed(self, number: int, subscribed: bool) -> None:
        attention.set_subscribed(self._api, number, subscribed)

    def _seen(self, payload: payloads.MergeRequest) -> Pull:
        self._api.project_id = payload.project_id or self._api.project_id
        return sources.pull(self._api, payload)

    def _project_id(self) -> int:
        return self._api.project_id or sources.project(self._api).id


def _joined(labels: tuple[str, ...]) -> str:
    """GitLab parts them by commas, and no label has one in its name."""
    commas = tuple(label for label in labels if "," in label)
    if commas:
        raise errors.Rejected("A label of GitLab's has no comma in its name.", problems=commas)
    return ",".join(labels)


def _marked(title: str) -> errors.Rejected:
    problem = "GitLab takes a title that begins so for a draft's"
    step = "Say that it is a draft (`draft=True`, `set_draft`), or begin the title in another way."
    return errors.Rejected(f"{title!r} is no title here: {problem}.", problems=(problem,), next_step=step)
