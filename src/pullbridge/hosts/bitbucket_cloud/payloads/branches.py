"""Branches. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/"""

from __future__ import annotations

from pullbridge.hosts.bitbucket_cloud.payloads.base import Rest
from pullbridge.hosts.bitbucket_cloud.payloads.pulls import Hash


class Branch(Rest):
    name: str
    target: Hash | None = None
