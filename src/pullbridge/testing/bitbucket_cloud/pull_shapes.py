"""Pull requests, their participants, comments and tasks in Bitbucket's shapes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pullbridge.testing.bitbucket_cloud.shapes import SHORT, RecordShapes, link, rendered, stamp, stamp_or_none
from pullbridge.testing.bitbucket_cloud.talk import Remark, Task
from pullbridge.testing.store import PullRequest, User

Json = dict[str, Any]

#: What a pull request has, but only says where `fields=` names it. That the branch's strategies are among it: the samples
#: lack them, and https://github.com/atlassian/atlascode names them.
HIDDEN = ("destination.branch.merge_strategies", "destination.branch.default_merge_strategy")
#: What the rows of a list lack besides: "for performance reasons, the API only includes this list on a `self` URL".
HIDDEN_IN_LISTS = (*HIDDEN, "participants", "reviewers", "rendered")


class Shapes(RecordShapes):
    """How everything looks to one viewer."""

    # -- pull requests -------------------------------------------------------------------------------------------------

    def pull_url(self, pull: PullRequest) -> str:
        """A pull request's address in the API."""
        return f"{self.repository_url(pull.repository)}/pullrequests/{pull.number}"

    def pull_page(self, pull: PullRequest) -> str:
        """Its web page."""
        return f"{self.web_url(pull.repository)}/pull-requests/{pull.number}"

    def pull_base(self, pull: PullRequest) -> Json:
        """A pull request as it is inside of other things."""
        links = {"self": link(self.pull_url(pull)), "html": link(self.pull_page(pull))}
        return {"type": "pullrequest", "id": pull.number, "title": pull.title, "draft": pull.draft, "links": links}

    def state_of(self, pull: PullRequest) -> str:
        """`OPEN MERGED DECLINED SUPERSEDED`."""
        if self.app.states.of(pull).superseded:
            return "SUPERSEDED"
        return {"open": "OPEN", "merged": "MERGED", "closed": "DECLINED"}[pull.state]

    def pull(self, pull: PullRequest) -> Json:
        """`pullrequest`, with all that it has; see `HIDDEN`."""
        state, body = self.app.states.of(pull), pull.body or ""
        said = [remark for remark in state.remarks if not (remark.deleted or remark.pending)]
        merged = self.commit_base(pull.repository, pull.merge_commit, SHORT) if pull.merge_commit else None
        return self.pull_base(pull) | {
            "description": body,
            "rendered": {
                "title": rendered(pull.title),
                "description": rendered(body),
                "reason": rendered(state.reason),
            },
            "summary": rendered(body),
            "state": self.state_of(pull),
            "merge_commit": merged,
            "comment_count": len(said),
            "task_count": sum(task.resolved_at is None and not task.pending for task in state.tasks),
            "close_source_branch": state.close_source_branch,
            "closed_by": self.user_or_none(pull.closed_by),
            "author": self.user(pull.author),
            "reason": state.reason,
            "created_on": stamp(pull.created_at),
            "updated_on": stamp(pull.updated_at),
            "destination": self.destination(pull, self.tip(pull)),
            "source": self.source(pull, pull.head),
            "reviewers": [self.user(user) for user in pull.requested_reviewers],
            "participants": self.participants(pull),
            "links": self._pull_links(pull),
            "queued": False,
            "mergeable": self.app.mergeable(pull),
        }

    def _pull_links(self, pull: PullRequest) -> Json:
        url = self.pull_url(pull)
        below = ("commits", "approve", "comments", "activity", "merge", "decline", "statuses", "request-changes")
        spec = self.spec(pull)
        links = {name: link(f"{url}/{name}") for name in below} | {
            "diff": link(f"{self.repository_url(pull.repository)}/diff/{spec}"),
            "diffstat": link(f"{self.repository_url(pull.repository)}/diffstat/{spec}"),
        }
        own: Json = self.pull_base(pull)["links"]
        return links | own

    def spec(self, pull: PullRequest) -> str:
        """What changed, as Bitbucket's own links say it: source first, and a return between the two."""
        source = pull.repository.path if pull.source.deleted else pull.source.path
        between = f"{pull.head[:SHORT]}%0D{self.tip(pull)[:SHORT]}"
        return f"{source}:{between}?from_pullrequest_id={pull.number}&topic=true"

    @staticmethod
    def tip(pull: PullRequest) -> str:
        """The target's newest commit while it is open."""
        now = pull.repository.git.head(pull.target_branch) if pull.state == "open" else None
        return now or pull.base

    def source(self, pull: PullRequest, head: str) -> Json:
        """Where it comes from. Of a fork that is gone only the branch and the commit are left."""
        gone = pull.source.deleted
        home = pull.repository if gone else pull.source
        return {
            "branch": {"name": pull.source_branch, "links": {}, "sync_strategies": ["merge_commit", "rebase"]},
            "commit": self.commit_base(home, head, SHORT),
            "repository": None if gone else self.repository_base(pull.source),
        }

    def destination(self, pull: PullRequest, base: str, branch: str | None = None) -> Json:
        """Where it goes."""
        return {
            "branch": {"name": branch or pull.target_branch, **self.strategies(pull.repository)},
            "commit": self.commit_base(pull.repository, base, SHORT),
            "repository": self.repository_base(pull.repository),
        }

    # -- participants --------------------------------------------------------------------------------------------------

    def participants(self, pull: PullRequest) -> list[Json]:
        """The reviewers, then everybody else who did something."""
        acted = self.app.states.of(pull).acted
        others = [user for user in acted if user not in pull.requested_reviewers]
        return [self.participant(pull, user) for user in [*pull.requested_reviewers, *others]]

    def participant(self, pull: PullRequest, user: User) -> Json:
        """`participant`."""
        verdict = self.store.reviews.verdicts(pull).get(user)
        words = {"APPROVED": "approved", "CHANGES_REQUESTED": "changes_requested"}
        state = None if verdict is None else words.get(verdict.state)
        return {
            "type": "participant",
            "user": self.user(user),
            "role": "REVIEWER" if user in pull.requested_reviewers else "PARTICIPANT",
            "approved": state == "approved",
            "state": state,
            "participated_on": stamp_or_none(self.app.states.of(pull).acted.get(user)),
        }

    # -- comments and tasks --------------------------------------------------------------------------------------------

    def remark_url(self, remark: Remark) -> str:
        """A comment's address in the API."""
        return f"{self.pull_url(remark.pull)}/comments/{remark.id}"

    def remark_base(self, remark: Remark) -> Json:
        """A comment as it is inside of other things."""
        page = f"{self.pull_page(remark.pull)}/_/diff#comment-{remark.id}"
        links = {"self": link(self.remark_url(remark)), "html": link(page)}
        return {"type": "pullrequest_comment", "id": remark.id, "links": links}

    def remark(self, remark: Remark) -> Json:
        """`pullrequest_comment`."""
        shown = self.remark_base(remark) | {
            "created_on": stamp(remark.created_at),
            "updated_on": stamp(remark.updated_at),
            "content": rendered("" if remark.deleted else remark.body),
            "user": self.user(remark.author),
            "deleted": remark.deleted,
            "pending": remark.pending,
            "pullrequest": self.pull_base(remark.pull),
        }
        if remark.parent is not None:
            shown["parent"] = self.remark_base(remark.parent)
        placed = self._inline(remark)
        if placed is not None:
            shown["inline"] = placed
            spec = self.spec(remark.pull)
            shown["links"]["code"] = link(
                f"{self.repository_url(remark.pull.repository)}/diff/{spec}&path={placed['path']}"
            )
        if remark.resolved_at is not None:
            shown["resolution"] = {} if self.app.knobs.empty_resolutions else self.resolution(remark)
        elif self.app.knobs.null_resolutions:
            shown["resolution"] = None
        return shown

    def _inline(self, remark: Remark) -> Json | None:
        inline = remark.root.inline
        if inline is None or (remark.parent is not None and not self.app.knobs.echo_inline):
            return None
        now = self.app.placing.now(remark.pull, inline)
        return {
            "path": now.path,
            "from": now.before,
            "to": now.to,
            "start_from": now.start_before,
            "start_to": now.start_to,
            "outdated": now.outdated,
            "context_lines": "",
            "base_rev": None,
        }

    def resolution(self, remark: Remark) -> Json:
        """`comment_resolution`."""
        when: datetime = remark.resolved_at or remark.updated_at
        user = self.user_or_none(remark.resolved_by)
        return {"type": "comment_resolution", "user": user, "created_on": stamp(when)}

    def task(self, task: Task) -> Json:
        """`pullrequest_comment_task`."""
        links = {
            "self": link(f"{self.pull_url(task.pull)}/tasks/{task.id}"),
            "html": link(f"{self.pull_page(task.pull)}#task-{task.id}"),
        }
        shown = {
            "id": task.id,
            "created_on": stamp(task.created_at),
            "updated_on": stamp(task.updated_at),
            "state": "UNRESOLVED" if task.resolved_at is None else "RESOLVED",
            "content": rendered(task.body),
            "creator": self.user(task.author),
            "pending": task.pending,
            "resolved_on": stamp_or_none(task.resolved_at),
            "resolved_by": self.user_or_none(task.resolved_by),
            "links": links,
        }
        return shown if task.remark is None else shown | {"comment": self.remark_base(task.remark)}
