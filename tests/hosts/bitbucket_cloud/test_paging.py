"""Where the next stretch of a list is."""

from __future__ import annotations

import pytest

from pullbridge.errors import BadAnswer, BridgeError, EgressRefused, Rejected
from pullbridge.hosts.bitbucket_cloud.addresses import addresses
from pullbridge.hosts.bitbucket_cloud.paging import following, resumed

REST = "https://api.bitbucket.org/2.0"
BASES = addresses("https://bitbucket.org").bases
LIST = "/repositories/octo/app/pullrequests"


def test_what_is_opaque_is_followed_unchanged() -> None:
    """Only its origin and its path are looked at."""
    told = f"{REST}{LIST}?ctx=QmFzZTY0%3D%3D&page=2&pagelen=50&fields=%2Bvalues.reviewers"
    assert following(told, LIST, f"{REST}{LIST}?pagelen=50", BASES) == told.removeprefix(REST)
    assert following(None, LIST, f"{REST}{LIST}", BASES) is None
    assert following("", LIST, f"{REST}{LIST}", BASES) is None


def test_a_list_that_was_redirected_goes_on_where_it_led() -> None:
    """A pull request's diffstat is one of the repository."""
    there = "/repositories/octo/app/diffstat/octo/app:abc%0Ddef"
    told = f"{REST}{there}?page=2"
    assert following(told, f"{LIST}/7/diffstat", f"{REST}{there}?topic=true", BASES) == f"{there}?page=2"


def test_braces_may_be_quoted_or_not() -> None:
    """A uuid is the same list either way."""
    told = f"{REST}/workspaces/octo/pullrequests/{{1}}?page=2"
    assert following(
        told, "/workspaces/octo/pullrequests/%7B1%7D", f"{REST}/workspaces/octo/pullrequests/%7B1%7D", BASES
    )


@pytest.mark.parametrize("base", ["https://bitbucket.org/2.0", "https://bitbucket.org/!api/2.0"])
def test_the_pages_own_address_of_the_api_is_asked_at_the_apis(base: str) -> None:
    """Recorded answers have it; nothing is ever sent there."""
    assert following(f"{base}{LIST}?page=2", LIST, f"{REST}{LIST}", BASES) == f"{LIST}?page=2"
    with pytest.raises(BadAnswer):
        following(f"https://bitbucket.org{LIST}?page=2", LIST, f"{REST}{LIST}", BASES)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (f"https://evil.example/2.0{LIST}?page=2", EgressRefused),
        (f"http://api.bitbucket.org/2.0{LIST}?page=2", EgressRefused),
        (f"https://api.bitbucket.org.evil.example/2.0{LIST}", EgressRefused),
        (f"https://api.bitbucket.org:444/2.0{LIST}", EgressRefused),
        (f"https://ada@api.bitbucket.org/2.0{LIST}", EgressRefused),
        ("//evil.example/2.0", EgressRefused),
        ("/2.0/repositories", EgressRefused),
        (f"{REST}/repositories/octo/secret/pullrequests?page=2", BadAnswer),
        (f"{REST}{LIST}/../../secret?page=2", BadAnswer),
        ("https://api.bitbucket.org/1.0/user", BadAnswer),
        ("https://[/2.0", BadAnswer),
    ],
)
def test_a_hostile_next_is_refused(told: str, kind: type[BridgeError]) -> None:
    """Another origin, another list, another repository."""
    with pytest.raises(kind):
        following(told, LIST, f"{REST}{LIST}", BASES)


def test_a_cursor_is_of_one_list() -> None:
    """Another's is told from it."""
    cursor = f"{LIST}?page=2"
    assert resumed(cursor, LIST) == cursor
    for other in ("2", "/repositories/octo/other/pullrequests?page=2", "https://evil.example/"):
        with pytest.raises(Rejected, match="no cursor of this list"):
            resumed(other, LIST)
