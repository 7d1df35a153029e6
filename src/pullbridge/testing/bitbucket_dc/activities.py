"""What happened to a pull request, newest first; and, among it, every thread.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-pullrequestid-activities-get,
with the fields of recorded answers, of which the specification knows but four.
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.asking import PULL, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.comment_shapes import anchor_shape, shape
from pullbridge.testing.bitbucket_dc.diff_shapes import around
from pullbridge.testing.bitbucket_dc.records import Comment
from pullbridge.testing.bitbucket_dc.shapes import millis
from pullbridge.testing.bitbucket_dc.states import Activity, shown_commits
from pullbridge.testing.bitbucket_dc.talk import sees
from pullbridge.testing.git import Commit

#: The largest page: https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html
MOST = 500


def listed(ask: Ask) -> Answer:
    """GET activities; from one of them on, or from a comment's, with `fromId` and `fromType`."""
    rows = [each for each in reversed(ask.state.activities) if _shows(ask, each)]
    start = ask.number("fromId")
    if start is not None:
        kind = ask.choice("fromType", ("ACTIVITY", "COMMENT"), "")
        places = [index for index, each in enumerate(rows) if start == (each.id if kind == "ACTIVITY" else _said(each))]
        if not places:
            raise errors.bad_argument(f"There is no {kind.lower()} {start} in this pull request.")
        rows = rows[places[0] :]
    return ask.paged(rows, lambda each: one(ask, each), most=MOST)


def _said(activity: Activity) -> int | None:
    comment = activity.data.get("comment")
    return comment.id if isinstance(comment, Comment) else None


def _shows(ask: Ask, activity: Activity) -> bool:
    comment = activity.data.get("comment")
    return not isinstance(comment, Comment) or sees(comment, ask.user)


def one(ask: Ask, activity: Activity) -> dict[str, Any]:
    """One of them."""
    shown: dict[str, Any] = {
        "id": activity.id,
        "createdDate": millis(activity.at),
        "user": ask.shapes.user(activity.user),
        "action": activity.action,
    }
    if activity.action == "COMMENTED":
        return shown | _comment(ask, activity)
    if activity.action == "RESCOPED":
        return shown | _rescope(ask, activity)
    if activity.action == "UPDATED":
        people = {name: [ask.shapes.user(user) for user in activity.data[name]] for name in activity.data}
        return shown | people
    if activity.action == "MERGED" and ask.pull.merge_commit is not None:
        commit = ask.repository.git.commit(ask.pull.merge_commit)
        return shown | {"commit": ask.shapes.commit(commit)}
    return shown


def _comment(ask: Ask, activity: Activity) -> dict[str, Any]:
    comment: Comment = activity.data["comment"]
    shown: dict[str, Any] = {
        "commentAction": activity.data["commentAction"],
        "comment": shape(ask, comment, anchored=False),
    }
    anchor = comment.root.anchor
    if anchor is None:
        return shown
    shown["commentAnchor"] = anchor_shape(ask, anchor)
    diff = around(ask, anchor)
    return shown if diff is None else shown | {"diff": diff}


def _rescope(ask: Ask, activity: Activity) -> dict[str, Any]:
    data = activity.data
    hashes = {name: data[name] for name in ("fromHash", "previousFromHash", "previousToHash", "toHash")}
    return hashes | {"added": _commits(ask, data["added"]), "removed": _commits(ask, data["removed"])}


def _commits(ask: Ask, commits: tuple[Commit, ...]) -> dict[str, Any]:
    shown = [ask.shapes.commit(commit) for commit in shown_commits(commits)]
    return {"commits": shown, "total": len(commits)}


ROUTES = (Route(method="GET", rule=f"{PULL}/activities", answer=listed),)
