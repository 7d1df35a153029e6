"""Bitbucket Cloud: bitbucket.org. What people run themselves is another product, with another API: Data Center."""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.hosts.bitbucket_cloud.addresses import is_cloud
from pullbridge.hosts.bitbucket_cloud.signing_in import oauth
from pullbridge.hosts.naming import hosts
from pullbridge.ports import HostPort, Opening, Provider

#: Variables that name the host that the others are for.
_NAMING = ("BITBUCKET_SERVER_URL", "BITBUCKET_URL", "BITBUCKET_HOST")
_OWN = frozenset({"bitbucket.org", "www.bitbucket.org", "api.bitbucket.org"})


def _open(opening: Opening) -> HostPort:
    from pullbridge.hosts.bitbucket_cloud.host import (  # noqa: PLC0415  # loads atlassian, only when it is needed
        BitbucketCloudHost,
    )

    return BitbucketCloudHost(opening)


def _ambient(host: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that people name a token by, unless another one says that they are for a server of one's own.

    Bitbucket has no tool of its own, and Pipelines gives its steps no token:
    https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
    """
    elsewhere = hosts(environment, _NAMING) - _OWN
    return () if elsewhere or not is_cloud(host) else ("BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN")


PROVIDER = Provider(
    kind="bitbucket-cloud",
    name="Bitbucket Cloud",
    owns=is_cloud,
    open=_open,
    ambient=_ambient,
    oauth=oauth,
)
