"""Branches."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_dc import payloads
from pullbridge.hosts.bitbucket_dc.wire.pulls import branch_name
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef


def branch(payload: payloads.Ref, ref: RepoRef) -> Branch:
    """A branch with its tip."""
    return Branch(name=branch_name(payload.id), commit=payload.latest_commit, repository=ref)
