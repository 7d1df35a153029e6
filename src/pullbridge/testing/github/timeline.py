"""Everything that happened, in order: https://docs.github.com/en/rest/issues/timeline"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pullbridge.testing.git import Commit
from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.node_ids import commit_node_id, node_id
from pullbridge.testing.github.pull_shapes import issue_comment, review
from pullbridge.testing.github.shapes import Shapes, stamp
from pullbridge.testing.store import Event, PullRequest

Json = dict[str, Any]

#: The store's kinds in GitHub's words: https://docs.github.com/en/rest/using-the-rest-api/issue-event-types
_NAMES = {
    "closed": "closed",
    "reopened": "reopened",
    "merged": "merged",
    "renamed": "renamed",
    "force_pushed": "head_ref_force_pushed",
    "retargeted": "base_ref_changed",
    "draft": "convert_to_draft",
    "ready": "ready_for_review",
    "labeled": "labeled",
    "unlabeled": "unlabeled",
    "assigned": "assigned",
    "unassigned": "unassigned",
    "review_requested": "review_requested",
    "review_request_removed": "review_request_removed",
    "review_dismissed": "review_dismissed",
    "milestoned": "milestoned",
    "demilestoned": "demilestoned",
    "locked": "locked",
    "unlocked": "unlocked",
    "branch_deleted": "head_ref_deleted",
    "auto_merge_enabled": "auto_merge_enabled",
    "auto_merge_disabled": "auto_merge_disabled",
}


def timeline(ask: Ask) -> Answer:
    """GET issues/{number}/timeline, oldest first."""
    pull, shapes = ask.pull, ask.shapes
    rows: list[tuple[datetime, Json]] = []
    rows += [(commit.committer.at, _committed(shapes, pull, commit)) for commit in ask.store.pulls.commits(pull)]
    rows += [(comment.created_at, _commented(shapes, comment)) for comment in pull.comments]
    rows += [(made.submitted_at, _reviewed(shapes, made)) for made in pull.reviews if made.submitted_at is not None]
    rows += [(event.created_at, _happened(shapes, pull, event)) for event in pull.events if event.kind in _NAMES]
    rows.sort(key=lambda row: row[0])
    return ask.paged([row for _, row in rows], lambda row: row)


def _commented(shapes: Shapes, comment: Any) -> Json:
    shown = issue_comment(shapes, comment)
    return {**shown, "event": "commented", "actor": shown["user"]}


def _reviewed(shapes: Shapes, made: Any) -> Json:
    shown = review(shapes, made)
    return {**shown, "event": "reviewed", "state": str(shown["state"]).lower()}


def _committed(shapes: Shapes, pull: PullRequest, commit: Commit) -> Json:
    full = shapes.commit(pull.repository, commit)
    inner = full["commit"]
    return {
        "event": "committed",
        "sha": commit.sha,
        "node_id": commit_node_id(pull.repository, commit.sha),
        "url": inner["url"],
        "html_url": full["html_url"],
        **{name: inner[name] for name in ("author", "committer", "tree", "message", "verification")},
        "parents": full["parents"],
    }


def _happened(shapes: Shapes, pull: PullRequest, event: Event) -> Json:
    name = _NAMES[event.kind]
    shown = {
        "id": event.id,
        "node_id": node_id(event),
        "url": f"{shapes.repo_url(pull.repository)}/issues/events/{event.id}",
        "actor": shapes.user_or_null(event.actor),
        "event": name,
        "commit_id": None,
        "commit_url": None,
        "created_at": stamp(event.created_at),
        "performed_via_github_app": None,
    }
    return {**shown, **_DETAILS.get(event.kind, _nothing)(shapes, pull, event)}


def _nothing(_shapes: Shapes, _pull: PullRequest, _event: Event) -> Json:
    return {}


def _of_commit(shapes: Shapes, pull: PullRequest, event: Event) -> Json:
    sha = event.data.get("commit") or event.data.get("after")
    return {"commit_id": sha, "commit_url": f"{shapes.repo_url(pull.repository)}/commits/{sha}"}


def _of_label(_shapes: Shapes, _pull: PullRequest, event: Event) -> Json:
    label = event.data["label"]
    return {"label": {"name": label.name, "color": label.color}}


def _of_assignee(shapes: Shapes, _pull: PullRequest, event: Event) -> Json:
    return {"assignee": shapes.user(event.data["user"])}


def _of_request(shapes: Shapes, _pull: PullRequest, event: Event) -> Json:
    asked: Json = {"review_requester": shapes.user(event.actor)}
    if "team" in event.data:
        return {**asked, "requested_team": shapes.team(event.data["team"])}
    return {**asked, "requested_reviewer": shapes.user(event.data["user"])}


def _of_dismissal(_shapes: Shapes, _pull: PullRequest, event: Event) -> Json:
    made, before, message = (event.data[name] for name in ("review", "before", "message"))
    return {"dismissed_review": {"state": before.lower(), "review_id": made.id, "dismissal_message": message}}


def _of_name(_shapes: Shapes, _pull: PullRequest, event: Event) -> Json:
    return {"rename": {"from": event.data["before"], "to": event.data["after"]}}


def _of_milestone(_shapes: Shapes, _pull: PullRequest, event: Event) -> Json:
    return {"milestone": {"title": event.data["milestone"].title}}


def _of_lock(_shapes: Shapes, _pull: PullRequest, event: Event) -> Json:
    return {"lock_reason": event.data.get("reason")}


_DETAILS: dict[str, Callable[[Shapes, PullRequest, Event], Json]] = {
    "merged": _of_commit,
    "force_pushed": _of_commit,
    "labeled": _of_label,
    "unlabeled": _of_label,
    "assigned": _of_assignee,
    "unassigned": _of_assignee,
    "review_requested": _of_request,
    "review_request_removed": _of_request,
    "review_dismissed": _of_dismissal,
    "renamed": _of_name,
    "milestoned": _of_milestone,
    "demilestoned": _of_milestone,
    "locked": _of_lock,
}

ROUTES = (
    Route(
        method="GET",
        rule="/repos/<owner>/<repo>/issues/<int:number>/timeline",
        answer=timeline,
        permissions="issues=read; pull_requests=read",
    ),
)
