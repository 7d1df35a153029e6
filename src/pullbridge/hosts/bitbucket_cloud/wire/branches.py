"""Branches."""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef


def branch(payload: payloads.Branch, ref: RepoRef) -> Branch:
    """A branch with its tip, whose id is a full one."""
    return Branch(name=payload.name, commit=payload.target.hash if payload.target else None, repository=ref)
