"""Pull requests, their conversations and checks in GitHub's shapes."""

from __future__ import annotations

import hashlib
from typing import Any

from pullbridge.testing.github.node_ids import node_id
from pullbridge.testing.github.shapes import Shapes, stamp, stamp_or_none
from pullbridge.testing.store import (
    CheckRun,
    Comment,
    Mergeability,
    PullRequest,
    Reaction,
    Repository,
    Review,
    ReviewComment,
    Status,
    Thread,
)

Json = dict[str, Any]

#: https://docs.github.com/en/graphql/reference/enums#mergestatestatus, in REST's lower case
MERGE_STATES = {
    "checking": "unknown",
    "closed": "unknown",
    "ready": "clean",
    "conflicts": "dirty",
    "blocked": "blocked",
    "behind": "behind",
    "draft": "draft",
    "unstable": "unstable",
}
REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


def pull_url(shapes: Shapes, pull: PullRequest) -> str:
    """A pull request's address in the API."""
    return f"{shapes.repo_url(pull.repository)}/pulls/{pull.number}"


def pull_page(shapes: Shapes, pull: PullRequest) -> str:
    """A pull request's web page."""
    return f"{shapes.web_url(pull.repository)}/pull/{pull.number}"


def _issue_url(shapes: Shapes, pull: PullRequest) -> str:
    return f"{shapes.repo_url(pull.repository)}/issues/{pull.number}"


def simple_pull(shapes: Shapes, pull: PullRequest) -> Json:
    """`pull-request-simple`: a row of a list."""
    url, html, repo = pull_url(shapes, pull), pull_page(shapes, pull), shapes.repo_url(pull.repository)
    people = [shapes.user(user) for user in pull.assignees if not user.deleted]
    return {
        "url": url,
        "id": pull.id,
        "node_id": node_id(pull),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": _issue_url(shapes, pull),
        "number": pull.number,
        "state": "open" if pull.state == "open" else "closed",
        "locked": pull.locked,
        "title": pull.title,
        "user": shapes.user_or_null(pull.author),
        "body": pull.body,
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": stamp_or_none(pull.closed_at),
        "merged_at": stamp_or_none(pull.merged_at),
        "merge_commit_sha": pull.merge_commit,
        "assignee": people[0] if people else None,
        "assignees": people,
        "requested_reviewers": [shapes.user(user) for user in pull.requested_reviewers if not user.deleted],
        "requested_teams": [shapes.team(team) for team in pull.requested_teams],
        "labels": [shapes.label(pull.repository, label) for label in pull.labels],
        "milestone": shapes.milestone(pull.repository, pull.milestone),
        "draft": pull.draft,
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{repo}/pulls/comments{{/number}}",
        "comments_url": f"{_issue_url(shapes, pull)}/comments",
        "statuses_url": f"{repo}/statuses/{pull.head}",
        "head": _side(shapes, pull.source, pull.source_branch, pull.head),
        "base": _side(shapes, pull.repository, pull.target_branch, pull.base),
        "_links": _links(shapes, pull),
        "author_association": shapes.association(pull.author, pull.repository),
        "auto_merge": _auto_merge(shapes, pull),
        "active_lock_reason": pull.lock_reason,
    }


def _side(shapes: Shapes, repository: Repository, branch: str, sha: str) -> Json:
    gone = repository.deleted
    return {
        "label": f"{repository.owner.handle}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": shapes.user_or_null(repository.owner),
        "repo": None if gone else shapes.repository(repository),
    }


def _links(shapes: Shapes, pull: PullRequest) -> Json:
    url, repo = pull_url(shapes, pull), shapes.repo_url(pull.repository)
    addresses = {
        "self": url,
        "html": pull_page(shapes, pull),
        "issue": _issue_url(shapes, pull),
        "comments": f"{_issue_url(shapes, pull)}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{repo}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{repo}/statuses/{pull.head}",
    }
    return {name: {"href": address} for name, address in addresses.items()}


def _auto_merge(shapes: Shapes, pull: PullRequest) -> Json | None:
    waiting = pull.auto_merge
    if waiting is None:
        return None
    title, message = shapes.store.merging.default_message(pull, waiting.method)
    return {
        "enabled_by": shapes.user(waiting.user),
        "merge_method": waiting.method,
        "commit_title": waiting.title or title,
        "commit_message": message if waiting.message is None else waiting.message,
    }


def full_pull(shapes: Shapes, pull: PullRequest, seen: Mergeability) -> Json:
    """`pull-request`: one by itself. Its author is the ghost when deleted: the schema has no null there."""
    files = shapes.store.pulls.files(pull)
    published = [t for t in pull.threads if not t.pending]
    return {
        **simple_pull(shapes, pull),
        "user": shapes.user(pull.author),
        "requested_teams": [shapes.simple_team(team) for team in pull.requested_teams],
        "merged": pull.state == "merged",
        "mergeable": seen.mergeable,
        "rebaseable": seen.mergeable,
        "mergeable_state": MERGE_STATES[seen.state],
        "merged_by": shapes.user_or_null(pull.merged_by),
        "comments": len(pull.comments),
        "review_comments": sum(len([c for c in t.comments if not c.pending]) for t in published),
        "maintainer_can_modify": pull.cross_repository and pull.maintainer_can_modify,
        "commits": len(shapes.store.pulls.commits(pull)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def issue(shapes: Shapes, pull: PullRequest) -> Json:
    """`issue`: every pull request is one, too."""
    url, html = _issue_url(shapes, pull), pull_page(shapes, pull)
    simple = simple_pull(shapes, pull)
    same = (
        "id node_id number title user labels state locked assignee assignees milestone created_at updated_at closed_at "
        "author_association active_lock_reason body draft html_url"
    )
    return {
        **{name: simple[name] for name in same.split()},
        "url": url,
        "repository_url": shapes.repo_url(pull.repository),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "comments": len(pull.comments),
        "closed_by": shapes.user_or_null(pull.closed_by),
        "state_reason": None,
        "performed_via_github_app": None,
        "reactions": reactions(f"{url}/reactions", pull.reactions),
        "pull_request": {
            "url": pull_url(shapes, pull),
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "merged_at": stamp_or_none(pull.merged_at),
        },
    }


# -- conversations -----------------------------------------------------------------------------------------------------


def reactions(url: str, found: list[Reaction]) -> Json:
    """`reaction-rollup`."""
    counts = {name: sum(reaction.content == name for reaction in found) for name in REACTIONS}
    return {"url": url, "total_count": len(found), **counts}


def reaction(shapes: Shapes, found: Reaction) -> Json:
    """`reaction`."""
    return {
        "id": found.id,
        "node_id": node_id(found),
        "user": shapes.user_or_null(found.user),
        "content": found.content,
        "created_at": stamp(found.created_at),
    }


def issue_comment(shapes: Shapes, comment: Comment) -> Json:
    """`issue-comment`."""
    pull = comment.pull
    url = f"{shapes.repo_url(pull.repository)}/issues/comments/{comment.id}"
    return {
        "url": url,
        "html_url": f"{pull_page(shapes, pull)}#issuecomment-{comment.id}",
        "issue_url": _issue_url(shapes, pull),
        "id": comment.id,
        "node_id": node_id(comment),
        "user": shapes.user_or_null(comment.author),
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.updated_at),
        "body": comment.body,
        "author_association": shapes.association(comment.author, pull.repository),
        "reactions": reactions(f"{url}/reactions", comment.reactions),
        "performed_via_github_app": None,
    }


def review(shapes: Shapes, found: Review) -> Json:
    """`pull-request-review`. A pending one was not submitted, so it has no time of that."""
    pull = found.pull
    html = f"{pull_page(shapes, pull)}#pullrequestreview-{found.id}"
    shown = {
        "id": found.id,
        "node_id": node_id(found),
        "user": shapes.user_or_null(found.author),
        "body": found.body,
        "state": found.state,
        "html_url": html,
        "pull_request_url": pull_url(shapes, pull),
        "author_association": shapes.association(found.author, pull.repository),
        "_links": {"html": {"href": html}, "pull_request": {"href": pull_url(shapes, pull)}},
        "commit_id": found.commit,
    }
    if found.submitted_at is not None:
        shown["submitted_at"] = stamp(found.submitted_at)
    return shown


def review_comment(shapes: Shapes, comment: ReviewComment) -> Json:
    """`pull-request-review-comment`, which has all that `review-comment` has."""
    thread, pull = comment.thread, comment.thread.pull
    url = f"{shapes.repo_url(pull.repository)}/pulls/comments/{comment.id}"
    html = f"{pull_page(shapes, pull)}#discussion_r{comment.id}"
    shown = {
        "url": url,
        "pull_request_review_id": comment.review.id,
        "id": comment.id,
        "node_id": node_id(comment),
        "diff_hunk": thread.hunk,
        "path": thread.path,
        "commit_id": thread.commit,
        "original_commit_id": thread.original_commit,
        "user": shapes.user_or_null(comment.author),
        "body": comment.body,
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.updated_at),
        "html_url": html,
        "pull_request_url": pull_url(shapes, pull),
        "_links": {
            "self": {"href": url},
            "html": {"href": html},
            "pull_request": {"href": pull_url(shapes, pull)},
        },
        "author_association": shapes.association(comment.author, pull.repository),
        "reactions": reactions(f"{url}/reactions", comment.reactions),
        **_place(shapes, thread),
    }
    if comment is not comment.root:
        shown["in_reply_to_id"] = comment.root.id
    return shown


def _place(shapes: Shapes, thread: Thread) -> Json:
    """Where a comment is: `line` and `position` are null when it is outdated, the `original_` ones never change."""
    was, now = thread.original, thread.current
    lines: Json = {
        "start_line": now.start_line if now else None,
        "original_start_line": was.start_line,
        "start_side": (was.start_side or was.side) if was.start_line else None,
        "line": now.line if now else None,
        "original_line": was.line,
        "side": was.side,
        "subject_type": "file" if was.of_file else "line",
        # a file's comment has no position; GitHub says 1 (unverified)
        "original_position": thread.original_position or 1,
        "position": 1 if was.of_file and now else None,
    }
    if now is not None and now.line is not None:
        file = shapes.store.pulls.file(thread.pull, now.path)
        lines["position"] = file.positions.get((now.side, now.line)) if file else None
    return lines


# -- checks ------------------------------------------------------------------------------------------------------------


def status(shapes: Shapes, repository: Repository, found: Status) -> Json:
    """`status`."""
    return {**simple_status(shapes, repository, found), "creator": shapes.user_or_null(found.creator)}


def simple_status(shapes: Shapes, repository: Repository, found: Status) -> Json:
    """`simple-commit-status`."""
    return {
        "url": f"{shapes.repo_url(repository)}/statuses/{found.sha}",
        "avatar_url": None if found.creator.deleted else shapes.user(found.creator)["avatar_url"],
        "id": found.id,
        "node_id": node_id(found),
        "state": found.state,
        "description": found.description,
        "target_url": found.target_url,
        "context": found.context,
        "created_at": stamp(found.created_at),
        "updated_at": stamp(found.created_at),
    }


def check_run(shapes: Shapes, repository: Repository, run: CheckRun) -> Json:
    """`check-run`."""
    url = f"{shapes.repo_url(repository)}/check-runs/{run.id}"
    html = f"{shapes.web_url(repository)}/runs/{run.id}"
    pulls = [pull for pull in repository.pulls.values() if pull.head == run.sha and pull.state == "open"]
    return {
        "id": run.id,
        "head_sha": run.sha,
        "node_id": node_id(run),
        "external_id": run.external_id or "",
        "url": url,
        "html_url": html,
        "details_url": run.details_url or html,
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": stamp_or_none(run.started_at),
        "completed_at": stamp_or_none(run.completed_at),
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": None,
            "annotations_count": 0,
            "annotations_url": f"{url}/annotations",
        },
        "name": run.name,
        "check_suite": {"id": run.suite_id},
        "app": _app(shapes, repository, run),
        "pull_requests": [_minimal(shapes, pull) for pull in pulls],
    }


def _app(shapes: Shapes, repository: Repository, run: CheckRun) -> Json:
    number = int(hashlib.sha256(run.app.encode()).hexdigest()[:6], 16)
    return {
        "id": number,
        "slug": run.app,
        "node_id": f"A_{number}",
        "owner": shapes.user(repository.owner),
        "name": run.app,
        "description": "",
        "external_url": f"{shapes.web}/apps/{run.app}",
        "html_url": f"{shapes.web}/apps/{run.app}",
        "created_at": stamp(repository.created_at),
        "updated_at": stamp(repository.created_at),
        "permissions": {"checks": "write", "metadata": "read"},
        "events": [],
    }


def _minimal(shapes: Shapes, pull: PullRequest) -> Json:
    def side(repository: Repository, branch: str, sha: str) -> Json:
        known = {"id": repository.id, "url": shapes.repo_url(repository), "name": repository.name}
        return {"ref": branch, "sha": sha, "repo": known}

    return {
        "id": pull.id,
        "number": pull.number,
        "url": pull_url(shapes, pull),
        "head": side(pull.source, pull.source_branch, pull.head),
        "base": side(pull.repository, pull.target_branch, pull.base),
    }
