"""Approvals: https://docs.gitlab.com/api/merge_request_approvals/"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab import publishing, reviewing
from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import conflict, forbidden, not_found, problem, unauthorized
from pullbridge.testing.gitlab.mergeability import standing
from pullbridge.testing.gitlab.pull_shapes import simple_pull
from pullbridge.testing.gitlab.roles import DEVELOPER
from pullbridge.testing.gitlab.shapes import stamp
from pullbridge.testing.store import PullRequest, UserKind

Json = dict[str, Any]


def _shape(ask: Ask, pull: PullRequest) -> Json:
    """`MergeRequestApprovals`, and with the licence `ApprovalState`."""
    given = reviewing.approvals(ask.app, pull)
    approved_by = []
    for review in given:
        row: Json = {"user": ask.shapes.user(review.author)}
        if ask.at_least(18, 0) and review.submitted_at is not None:  # the version is unverified
            row["approved_at"] = stamp(review.submitted_at)
        approved_by.append(row)
    mine: Json = {
        "user_has_approved": any(review.author is ask.user for review in given),
        "user_can_approve": reviewing.may_approve(ask.app, pull, ask.user),
        "approved": bool(given),
        "approved_by": approved_by,
    }
    return {**mine, **_licensed(ask, pull)} if ask.licensed("premium") else mine


def _licensed(ask: Ask, pull: PullRequest) -> Json:
    simple = simple_pull(ask.shapes, pull)
    del simple["web_url"]
    left, needed = reviewing.left(ask.app, pull), reviewing.required(ask.app, pull)
    rules = [{"id": _rule_id(pull), "name": "All Members", "rule_type": "any_approver"}] if left else []
    return {
        **simple,
        "merge_status": standing(ask.app, pull, counts=False).status,
        "approved": left == 0,
        "approvals_required": needed,
        "approvals_left": left,
        "require_password_to_approve": ask.knobs.password_to_approve is not None,
        "suggested_approvers": [],
        "approvers": [],
        "approver_groups": [],
        "approval_rules_left": rules,
        "has_approval_rules": bool(needed),
        "merge_request_approvers_available": True,
        "multiple_approval_rules_available": True,
        "invalid_approvers_rules": [],
    }


def _rule_id(pull: PullRequest) -> int:
    return pull.id * 10


def _rule(ask: Ask, pull: PullRequest) -> Json:
    """The one rule there is: so many of those who may."""
    needed = reviewing.required(ask.app, pull)
    return {
        "id": _rule_id(pull),
        "name": "All Members",
        "rule_type": "any_approver",
        "report_type": None,
        "eligible_approvers": [ask.shapes.user(user) for user in reviewing.approvers(ask.app, pull)],
        "approvals_required": needed,
        "users": [],
        "groups": [],
        "contains_hidden_groups": False,
        "section": None,
        "source_rule": None,
        "overridden": False,
    }


def approvals(ask: Ask) -> Answer:
    """GET approvals."""
    return Answer(payload=_shape(ask, ask.pull))


def state(ask: Ask) -> Answer:
    """GET approval_state."""
    pull = ask.pull
    rule = {
        **_rule(ask, pull),
        "code_owner": False,
        "approved_by": [ask.shapes.user(review.author) for review in reviewing.approvals(ask.app, pull)],
        "approved": reviewing.left(ask.app, pull) == 0,
    }
    return Answer(payload={"approval_rules_overwritten": False, "rules": [rule]})


def rules(ask: Ask) -> Answer:
    """GET approval_rules."""
    return ask.paged([_rule(ask, ask.pull)] if reviewing.required(ask.app, ask.pull) else [], lambda rule: rule)


def approve(ask: Ask) -> Answer:
    """POST approve: 401 for who may not, did so already (or 304), or does not know the password."""
    pull = ask.pull
    ask.need_level(DEVELOPER)
    sha = ask.text("sha")
    if sha is not None and sha != pull.head:
        raise conflict(f"SHA does not match HEAD of source branch: {pull.head}")
    password = ask.knobs.password_to_approve
    if password is not None and ask.text("approval_password") != password:
        raise unauthorized()
    if ask.at_least(18, 0) and ask.flag("publish_review"):  # the version is unverified
        publishing.publish_all(ask.app, pull, ask.me)
    _changes_something(ask, approved=True)
    if not reviewing.approve(ask.app, pull, ask.me):
        raise unauthorized()
    return Answer(payload=_shape(ask, pull), status=201)


def _changes_something(ask: Ask, *, approved: bool) -> None:
    """Newer ones answer 304 where everything is so already (the version is unverified)."""
    mine = any(review.author is ask.me for review in reviewing.approvals(ask.app, ask.pull))
    if mine is approved and ask.at_least(19, 0):
        raise problem(304, "304 Not Modified")


def unapprove(ask: Ask) -> Answer:
    """POST unapprove: 404 without an approval, or 304."""
    ask.need_level(DEVELOPER)
    _changes_something(ask, approved=False)
    if not reviewing.unapprove(ask.app, ask.pull, ask.me):
        raise not_found()
    return Answer(payload=_shape(ask, ask.pull), status=201)


def reset(ask: Ask) -> Answer:
    """PUT reset_approvals: only bots may, with a project's or a group's token."""
    if ask.me.kind is not UserKind.BOT or ask.pull.state == "merged" or ask.level < DEVELOPER:
        raise unauthorized()
    reviewing.reset_approvals(ask.app, ask.pull)
    return Answer(payload=b"", status=202)


def set_required(ask: Ask) -> Answer:
    """POST approvals: how many are needed. Rules took its place; projects do not let it be changed by default."""
    ask.need("approvals_required")
    raise forbidden()


_PULL = "/projects/<project>/merge_requests/<int:iid>"
_READ, _WRITE = "read_merge_request_approval_state", "approve_merge_request"
ROUTES = (
    Route(method="GET", rule=f"{_PULL}/approvals", answer=approvals, permission=_READ),
    Route(method="POST", rule=f"{_PULL}/approvals", answer=set_required, permission=_WRITE, tier="premium"),
    Route(method="GET", rule=f"{_PULL}/approval_state", answer=state, permission=_READ, tier="premium"),
    Route(method="GET", rule=f"{_PULL}/approval_rules", answer=rules, permission=_READ, tier="premium"),
    Route(method="POST", rule=f"{_PULL}/approve", answer=approve, permission=_WRITE),
    Route(method="POST", rule=f"{_PULL}/unapprove", answer=unapprove, permission="unapprove_merge_request"),
    Route(
        method="PUT",
        rule=f"{_PULL}/reset_approvals",
        answer=reset,
        permission="reset_approvals_merge_request",
        since=(15, 4),
    ),
)
