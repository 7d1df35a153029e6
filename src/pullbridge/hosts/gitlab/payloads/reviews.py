"""Verdicts. https://docs.gitlab.com/api/merge_request_approvals/"""

from __future__ import annotations

from pullbridge.hosts.gitlab.payloads.approvals import Approvals
from pullbridge.hosts.graphql import Struct


class MyApproval(Approvals):
    """`/approvals`, as whoever approves sees it. The password is wanted where the project says so (Premium)."""

    require_password_to_approve: bool | None = None


class GraphDone(Struct):
    """What a mutation did: it failed where there are errors."""

    errors: list[str] | None = None
