"""Where Bitbucket Cloud is, and whose variables count there."""

from __future__ import annotations

import pytest

from pullbridge import registry
from pullbridge.hosts.bitbucket_cloud import PROVIDER
from pullbridge.hosts.bitbucket_cloud.addresses import addresses, is_cloud


def test_the_api_has_a_host_of_its_own() -> None:
    """Unless it is said to be elsewhere."""
    assert addresses("https://bitbucket.org").rest == "https://api.bitbucket.org/2.0"
    there = addresses("http://127.0.0.1:8080", "http://127.0.0.1:8080/2.0/")
    assert (there.rest, there.host) == ("http://127.0.0.1:8080/2.0", "127.0.0.1:8080")


@pytest.mark.parametrize(
    "host", ["bitbucket.org.evil.example", "api.bitbucket.org", "bitbucket.example", "xbitbucket.org"]
)
def test_only_the_exact_name_is_its_own(host: str) -> None:
    """A name that only looks like it gets no token."""
    assert not is_cloud(host)
    assert PROVIDER.ambient(host, {"BITBUCKET_TOKEN": "x"}) == ()


def test_the_registry_knows_it_by_its_name() -> None:
    """Without asking anybody."""
    found = registry.owner("bitbucket.org")
    assert found is not None
    assert found.kind == "bitbucket-cloud"


@pytest.mark.parametrize(
    ("environment", "counts"),
    [
        ({}, True),
        ({"BITBUCKET_URL": "https://bitbucket.org/octo"}, True),
        ({"BITBUCKET_HOST": "code.example"}, False),
        ({"BITBUCKET_SERVER_URL": "https://code.example/bitbucket"}, False),
        ({"BITBUCKET_URL": "https://bitbucket.org", "BITBUCKET_HOST": "code.example"}, False),
        ({"BITBUCKET_HOST": "BitBucket.org:443"}, True),
        ({"BITBUCKET_URL": "https://[no address"}, False),
    ],
)
def test_a_token_for_a_server_is_not_bitbucket_clouds(environment: dict[str, str], counts: bool) -> None:
    """Where another variable says that it is for a server of one's own."""
    assert bool(PROVIDER.ambient("bitbucket.org", environment)) is counts
