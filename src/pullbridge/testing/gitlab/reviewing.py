"""Verdicts: approvals, requested changes, how far reviewers are. Apart from any protocol: GraphQL calls it, too.

A verdict is a neutral review of the store, so that the neutral mergeability knows of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullbridge.testing.gitlab.roles import DEVELOPER, level_of, members
from pullbridge.testing.gitlab.talk_records import ReviewerState, Standing
from pullbridge.testing.store import PullRequest, Review, User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App


def approvals(app: App, pull: PullRequest) -> list[Review]:
    """Everybody's approvals that stand, oldest first."""
    found = [review for review in app.store.reviews.verdicts(pull).values() if review.state == "APPROVED"]
    return sorted(found, key=lambda review: review.id)


def changes_requested(app: App, pull: PullRequest) -> list[User]:
    """Who asks for changes, and so blocks the merge: where the licence has that, since 16.9."""
    if app.tier == "free" or not app.version.at_least(16, 9):
        return []
    verdicts = app.store.reviews.verdicts(pull).items()
    return [user for user, review in verdicts if review.state == "CHANGES_REQUESTED"]


def required(app: App, pull: PullRequest) -> int:
    """How many approvals the target branch needs; none without the licence for that."""
    rule = pull.repository.protections.get(pull.target_branch)
    return 0 if rule is None or app.tier == "free" else rule.reviews


def left(app: App, pull: PullRequest) -> int:
    """How many of them are missing."""
    return max(0, required(app, pull) - len(approvals(app, pull)))


def author_approves(app: App) -> bool:
    """Whether authors may approve their own: by default only where nobody counts."""
    knob = app.knobs.author_approves
    return app.tier == "free" if knob is None else knob


def may_approve(app: App, pull: PullRequest, user: User | None) -> bool:
    """Whether somebody could add an approval now."""
    if user is None or level_of(app.store, user, pull.repository) < DEVELOPER:
        return False
    if user is pull.author and not author_approves(app):
        return False
    return all(review.author is not user for review in approvals(app, pull))


def approvers(app: App, pull: PullRequest) -> list[User]:
    """All who may."""
    people = [
        user for user in members(app.store, pull.repository) if level_of(app.store, user, pull.repository) >= DEVELOPER
    ]
    return [user for user in people if user is not pull.author or author_approves(app)]


def approve(app: App, pull: PullRequest, user: User) -> bool:
    """Approve; `False` for who may not, or did already."""
    if not may_approve(app, pull, user) or pull.state == "merged":
        return False
    app.store.reviews.say(pull, user, "APPROVED")
    app.store.pulls.record(pull, "approved", user)
    _stand(app, pull, user, "approved")
    return True


def unapprove(app: App, pull: PullRequest, user: User, *, quietly: bool = False) -> bool:
    """Take one's approval back; `False` without one, or when it is merged."""
    mine = next((review for review in approvals(app, pull) if review.author is user), None)
    if mine is None or pull.state == "merged":
        return False
    if quietly:
        mine.state = "DISMISSED"
    else:
        app.store.reviews.dismiss(mine, user, "")
        _stand(app, pull, user, "unapproved")
    return True


def reset_approvals(app: App, pull: PullRequest) -> None:
    """Take all of them away."""
    for review in approvals(app, pull):
        review.state = "DISMISSED"


# -- how far reviewers are ---------------------------------------------------------------------------------------------


def standing_of(app: App, pull: PullRequest, user: User) -> Standing:
    """How far a reviewer is."""
    known = app.states.of(pull).talk.standings.get(user)
    asked = [event for event in pull.events if event.kind == "review_requested" and event.data.get("user") is user]
    since = asked[-1].created_at if asked else pull.created_at
    return known if known and known.since >= since else Standing(state="unreviewed", since=since)


def _stand(app: App, pull: PullRequest, user: User, state: ReviewerState) -> None:
    if user in pull.requested_reviewers:
        app.states.of(pull).talk.standings[user] = Standing(state=state, since=app.store.now())


def ask_again(app: App, pull: PullRequest, actor: User, reviewer: User) -> None:
    """Ask somebody for another review: they start anew, and their approval goes."""
    app.store.pulls.request_reviewers(pull, actor, [reviewer])
    app.states.of(pull).talk.standings.pop(reviewer, None)
    unapprove(app, pull, reviewer, quietly=True)


def update(app: App, pull: PullRequest, user: User, state: ReviewerState) -> str | None:
    """Say how far one's review is; `None` when that is done, else why it is not.

    Changes are requested, and block, even when a person who is no reviewer does so and hears of an error
    (`app/services/merge_requests/update_reviewer_state_service.rb`).
    """
    if user is not pull.author and level_of(app.store, user, pull.repository) < DEVELOPER:
        return "Invalid permissions"
    reviewer = user in pull.requested_reviewers
    if state == "requested_changes":
        _request_changes(app, pull, user, drop_approval=reviewer)
    if not reviewer:
        return "Reviewer not found"
    if standing_of(app, pull, user).state == "approved" and state not in {"requested_changes", "unapproved"}:
        return "Reviewer has approved"
    _stand(app, pull, user, state)
    return None


def _request_changes(app: App, pull: PullRequest, user: User, *, drop_approval: bool) -> None:
    if drop_approval:
        unapprove(app, pull, user, quietly=True)
    app.store.reviews.say(pull, user, "CHANGES_REQUESTED")
    app.store.pulls.record(pull, "changes_requested", user)


def withdraw_changes(app: App, pull: PullRequest, user: User) -> None:
    """Ask for changes no longer."""
    mine = app.store.reviews.verdicts(pull).get(user)
    if mine is not None and mine.state == "CHANGES_REQUESTED":
        mine.state = "DISMISSED"
        _stand(app, pull, user, "unreviewed")
        app.store.merging.retry_auto_merge(pull)


def commented(app: App, pull: PullRequest, user: User) -> None:
    """A reviewer said something: that is a review."""
    update(app, pull, user, "reviewed")
