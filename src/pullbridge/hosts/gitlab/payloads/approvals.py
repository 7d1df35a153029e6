"""Reviewers and approvals. https://docs.gitlab.com/api/merge_request_approvals/"""

from __future__ import annotations

from pullbridge.hosts.gitlab.payloads.base import Rest
from pullbridge.hosts.gitlab.payloads.people import User


class ReviewerRow(Rest):
    """A row of `/reviewers`, which is 15.3's; elsewhere REST says nothing of a reviewer's state."""

    user: User
    state: str | None = None
    created_at: str | None = None


class Approval(Rest):
    user: User | None = None
    approved_at: str | None = None


class Approvals(Rest):
    """`/approvals`. The counts are Premium's."""

    approved: bool | None = None
    user_has_approved: bool | None = None
    user_can_approve: bool | None = None
    approved_by: list[Approval] | None = None
    approvals_required: int | None = None
    approvals_left: int | None = None


class ApprovalRule(Rest):
    """A rule of `/approval_state`, which is Premium's, with who may fulfil it."""

    name: str | None = None
    rule_type: str | None = None
    approvals_required: int | None = None
    approved: bool | None = None
    approved_by: list[User] | None = None
    eligible_approvers: list[User] | None = None


class ApprovalState(Rest):
    rules: list[ApprovalRule] | None = None


class AskedPeople(Rest):
    """Of a merge request, who is asked and who wrote it. `reviewers` is 13.8's."""

    iid: int
    reviewers: list[User] | None = None
    author: User | None = None
    assignees: list[User] | None = None
