"""Branches."""

from __future__ import annotations

from pullbridge.hosts.gitlab import payloads
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef


def branch(payload: payloads.Branch, ref: RepoRef) -> Branch:
    """A branch with its tip."""
    return Branch(name=payload.name, commit=payload.commit.id if payload.commit else None, repository=ref)
