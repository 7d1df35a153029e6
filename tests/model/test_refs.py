"""Names of repositories, pull requests and commits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.model.refs import PullRef, RepoRef, same_commit

FULL = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (FULL, FULL, True),
        (FULL, FULL.upper(), True),
        (FULL, FULL[:12], True),
        (FULL[:12], FULL[:20], True),
        (FULL, FULL[:11], False),
        ("abc", "abc", True),
        (FULL, "f" * 40, False),
        (FULL, f"{FULL[:11]}f", False),
        (None, None, False),
        ("", "", False),
        (FULL, None, False),
    ],
)
def test_commits_are_compared_by_twelve_digits(one: str | None, other: str | None, same: bool) -> None:
    """Bitbucket Cloud gives twelve digits; fewer are no name, and nothing equals nothing."""
    assert same_commit(one, other) is same
    assert same_commit(other, one) is same


@given(st.text("0123456789abcdef", min_size=40, max_size=40), st.integers(12, 40), st.integers(12, 40))
def test_prefixes_of_one_commit_agree(commit: str, first: int, second: int) -> None:
    """Any two long enough prefixes of one commit name the same."""
    assert same_commit(commit[:first], commit[:second])


def test_a_repository_reads_like_an_address() -> None:
    """Host, path, and their parts."""
    ref = RepoRef(web="https://code.example:8443/bitbucket", path="group/sub/app")
    assert (ref.host, ref.owner, ref.name) == ("code.example:8443", "group/sub", "app")
    assert str(PullRef(repository=ref, number=7)) == "code.example:8443/group/sub/app#7"


def test_an_odd_path_is_quoted_in_an_address() -> None:
    """A page's address holds what a path may hold."""
    assert RepoRef(web="https://x.example", path="~ada/a b").url == "https://x.example/~ada/a%20b"


def test_a_page_may_be_elsewhere_than_at_the_path() -> None:
    """Where that is known; it is no part of the name, so that two names of one repository stay equal."""
    known = RepoRef(web="https://code.example/bitbucket", path="PRJ/app", page="projects/PRJ/repos/app")
    assert known.url == "https://code.example/bitbucket/projects/PRJ/repos/app"
    assert known == RepoRef(web=known.web, path=known.path)
    assert hash(known) == hash(RepoRef(web=known.web, path=known.path))
