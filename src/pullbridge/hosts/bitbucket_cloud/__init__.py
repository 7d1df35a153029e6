"""Bitbucket Cloud: bitbucket.org. What people run themselves is another product, with another API: Data Center."""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.hosts.bitbucket_cloud.addresses import is_cloud
from pullbridge.ports import HostPort, Opening, Provider


def _open(opening: Opening) -> HostPort:
    from pullbridge.hosts.bitbucket_cloud.host import (  # noqa: PLC0415  # loads atlassian, only when it is needed
        BitbucketCloudHost,
    )

    return BitbucketCloudHost(opening)


def _ambient(host: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that people name a token by. Bitbucket has no tool of its own, and Pipelines gives its steps no token.

    https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
    """
    del environment
    return ("BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN") if is_cloud(host) else ()


PROVIDER = Provider(
    kind="bitbucket-cloud",
    name="Bitbucket Cloud",
    owns=is_cloud,
    open=_open,
    ambient=_ambient,
)
