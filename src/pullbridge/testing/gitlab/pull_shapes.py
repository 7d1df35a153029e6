"""Merge requests in GitLab's shapes: https://docs.gitlab.com/api/merge_requests/#get-single-mr"""

from __future__ import annotations

import re
from typing import Any

from pullbridge.testing.gitlab.mergeability import Standing, standing
from pullbridge.testing.gitlab.pipelines import head_pipeline
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.gitlab.shapes import Json, Shapes, stamp, stamp_or_none
from pullbridge.testing.gitlab.states import PullState
from pullbridge.testing.gitlab.talk import talk_of
from pullbridge.testing.store import PullRequest

_TASK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[([ xX])\]\s", re.MULTILINE)


def _queued(shapes: Shapes, pull: PullRequest) -> bool:
    return shapes.store.merging.place_in_queue(pull) is not None


def pull_page(shapes: Shapes, pull: PullRequest) -> str:
    """A merge request's web page."""
    return f"{shapes.web_url(pull.repository)}/-/merge_requests/{pull.number}"


def state_word(shapes: Shapes, pull: PullRequest) -> str:
    """`opened`, `closed`, `merged`, or `locked` while it is being merged."""
    if shapes.app.states.of(pull).locked:
        return "locked"
    return "opened" if pull.state == "open" else pull.state


def simple_pull(shapes: Shapes, pull: PullRequest) -> Json:
    """`MergeRequestSimple`: what `view=simple` gives."""
    return {
        "id": pull.id,
        "iid": pull.number,
        "project_id": pull.repository.id,
        "title": pull.title,
        "description": pull.body,
        "state": state_word(shapes, pull),
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "web_url": pull_page(shapes, pull),
    }


def basic_pull(
    shapes: Shapes, pull: PullRequest, *, seen: Standing | None = None, full: bool = True, details: bool = False
) -> Json:
    """`MergeRequestBasic`: a row of a list. `full` references are for who is not in the project already.

    The versions are the manual's; those of `imported`, `merge_after` and `squash_on_merge` are unverified.
    """
    state, now = shapes.app.states.of(pull), seen or standing(shapes.app, pull, counts=False)
    page = simple_pull(shapes, pull)
    web_url = page.pop("web_url")
    people = [shapes.user(user) for user in pull.assignees if not user.deleted]
    merged_by = shapes.user_or_null(pull.merged_by)
    return {
        **page,
        "merged_by": merged_by,
        **_since(shapes, (14, 7), merge_user=merged_by),
        "merged_at": stamp_or_none(pull.merged_at),
        "closed_by": shapes.user_or_null(pull.closed_by if pull.state == "closed" else None),
        "closed_at": stamp_or_none(pull.closed_at if pull.state == "closed" else None),
        "target_branch": pull.target_branch,
        "source_branch": pull.source_branch,
        "user_notes_count": sum(not note.system for note in talk_of(shapes.app, pull).notes),
        "upvotes": sum(reaction.content == "thumbsup" for reaction in pull.reactions),
        "downvotes": sum(reaction.content == "thumbsdown" for reaction in pull.reactions),
        "author": shapes.user(pull.author),
        "assignees": people,
        "assignee": people[0] if people else None,
        **_since(
            shapes, (13, 8), reviewers=[shapes.user(user) for user in pull.requested_reviewers if not user.deleted]
        ),
        "source_project_id": None if pull.source.deleted else pull.source.id,
        "target_project_id": pull.repository.id,
        "labels": _labels(shapes, pull, details=details),
        **_since(shapes, (14, 0), draft=pull.draft),
        **_since(shapes, (16, 11), imported=False, imported_from="none"),
        "work_in_progress": pull.draft,
        "milestone": None if pull.milestone is None else shapes.milestone(pull.repository, pull.milestone),
        # What is on a train waits, too: `AutoMerge::BaseService#execute` sets `auto_merge_enabled` for every strategy.
        "merge_when_pipeline_succeeds": pull.auto_merge is not None or _queued(shapes, pull),
        "merge_status": now.status,
        **_since(shapes, (15, 6), detailed_merge_status=now.detailed),
        **_since(shapes, (17, 8), merge_after=None),
        "sha": state.head,
        "merge_commit_sha": _merge_commit(pull),
        "squash_commit_sha": pull.squash_commit,
        "discussion_locked": True if pull.locked else None,
        "should_remove_source_branch": state.remove_when_merged or None,
        "force_remove_source_branch": state.remove_source,
        **_since(shapes, (16, 1), prepared_at=stamp_or_none(state.prepared_at)),
        **_collaboration(pull),
        "reference": f"!{pull.number}",
        "references": {
            "short": f"!{pull.number}",
            "relative": f"{pull.repository.path}!{pull.number}" if full else f"!{pull.number}",
            "full": f"{pull.repository.path}!{pull.number}",
        },
        "web_url": web_url,
        "time_stats": {
            "time_estimate": 0,
            "total_time_spent": 0,
            "human_time_estimate": None,
            "human_total_time_spent": None,
        },
        "squash": state.squash,
        **_since(shapes, (15, 7), squash_on_merge=state.squash),
        "task_completion_status": tasks(pull.body),
        "has_conflicts": now.conflicts,
        "blocking_discussions_resolved": now.discussions_resolved,
        **({"approvals_before_merge": None} if shapes.app.version.enterprise else {}),
    }


def _since(shapes: Shapes, version: tuple[int, ...], **fields: Any) -> Json:
    return fields if shapes.at_least(*version) else {}


def _labels(shapes: Shapes, pull: PullRequest, *, details: bool) -> list[Any]:
    labels = sorted(pull.labels, key=lambda label: label.name)
    return [shapes.label_basic(label) if details else label.name for label in labels]


def _merge_commit(pull: PullRequest) -> str | None:
    """None when the target was but moved."""
    return None if pull.merge_commit in {pull.squash_commit, pull.head} else pull.merge_commit


def _collaboration(pull: PullRequest) -> Json:
    """Only what comes from a fork tells whether others may push to it."""
    if not pull.cross_repository:
        return {}
    return {
        "allow_collaboration": pull.maintainer_can_modify,
        "allow_maintainer_to_push": pull.maintainer_can_modify,
    }


def tasks(text: str | None) -> Json:
    """`TaskCompletionStatus`: the checkboxes of the description."""
    marks = _TASK.findall(text or "")
    return {"count": len(marks), "completed_count": sum(mark != " " for mark in marks)}


def diff_refs(state: PullState) -> Json | None:
    """`DiffRefs`; none until the diff is made."""
    if not state.prepared:
        return None
    return {"base_sha": state.merge_base, "head_sha": state.head, "start_sha": state.base}


def full_pull(shapes: Shapes, pull: PullRequest, seen: Standing) -> Json:
    """`MergeRequest`: one by itself."""
    state = shapes.app.states.of(pull)
    files, most = len(pull.repository.git.diff(state.merge_base, state.head)), shapes.app.knobs.most_files
    return {
        **basic_pull(shapes, pull, seen=seen, full=False),
        "subscribed": shapes.app.subscribed(pull, shapes.viewer),
        "changes_count": (str(files) if files <= most else f"{most}+") if state.prepared else None,
        "latest_build_started_at": None,
        "latest_build_finished_at": None,
        "first_deployed_to_production_at": None,
        "pipeline": head_pipeline(shapes, pull, full=False),
        "head_pipeline": head_pipeline(shapes, pull),
        "diff_refs": diff_refs(state),
        "merge_error": state.merge_error,
        "first_contribution": False,
        "user": {"can_merge": pull.state == "open" and shapes.level(pull.repository) >= DEVELOPER},
    }
