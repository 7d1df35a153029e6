"""Bad input and trouble that only Bitbucket Cloud knows, over its real protocol.

Reviewers and edits of others are in `tests/hosts/bitbucket_cloud/test_pulls.py` and `test_people.py`, merges that answer 202 and
then fail in `test_merging.py`, 1,200 comments in `test_talk_asked.py`, a diff of 40 MB in `test_files.py`, credentials in
`test_api.py` and `test_tokens.py`; what every host can meet is in `tests/hostile/test_elsewhere_*.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from tests.hostile.site import Site, opened

import pullbridge
from pullbridge import BadAnswer, BridgeError, CheckState, EgressRefused, MergeState, Repository, Verdict
from pullbridge.testing import Forge
from pullbridge.testing.bitbucket_cloud.host import BitbucketCloud

EVIL = "https://evil.example/2.0/repositories/octo/app"


@pytest.fixture
def site(forge: Forge) -> Iterator[Site]:
    """The scene on Bitbucket Cloud."""
    with ExitStack() as stack:
        yield opened(forge, stack, "bitbucket-cloud")


@pytest.fixture
def cloud(site: Site) -> BitbucketCloud:
    return site.forge.bitbucket_cloud


def test_no_link_of_an_answer_is_followed(site: Site, cloud: BitbucketCloud) -> None:
    """Whatever `links.self` says of each thing, all that is asked and written goes where it always goes."""
    cloud.knobs.self_to = EVIL
    ada, bob = site.connect("ada"), site.repo
    panel = bob.pulls.panel(1)
    assert panel.gaps == ()
    thread = bob.threads.start(1, "Here.", site.at())
    bob.threads.reply(1, thread, "And here.")
    bob.threads.edit(1, thread.comments[0], "There.")
    assert bob.threads.resolve(1, thread).resolved
    assert bob.reviews.submit(1, Verdict.APPROVE, "Good.").complete
    ada.checks.report(site.head, "ci", CheckState.SUCCESS)
    assert ada.files.compare("main", "fix").ahead_by == 1
    assert ada.pulls.merge(1, expect_head=site.head, delete_source=True).state is MergeState.MERGED
    assert {each.path.startswith("/2.0/") for each in site.requests} == {True}


LISTS: dict[str, Callable[[Repository], Any]] = {
    "pulls": lambda repo: list(repo.pulls.list()),
    "comments": lambda repo: repo.threads.list(1),
    "commits": lambda repo: repo.pulls.commits(1),
    "statuses": lambda repo: repo.checks.list(1),
    "activity": lambda repo: list(repo.pulls.timeline(1)),
    "diffstat": lambda repo: list(repo.files.list(1)),
    "branches": lambda repo: list(repo.branches.list()),
    "forks": lambda repo: list(repo.branches.forks()),
    "members": lambda repo: list(repo.reviewers.candidates()),
    "tasks": lambda repo: repo.tasks.list(1),
    "panel": lambda repo: repo.pulls.panel(1),
}


@pytest.mark.parametrize(
    "told", [f"{EVIL}?page=2", "//evil.example/2.0", "file:///etc/passwd", "{own}/user?page=2", "//["]
)
def test_a_next_page_that_leads_astray_ends_in_an_error(site: Site, cloud: BitbucketCloud, told: str) -> None:
    """No list is taken for whole then, and nothing but itself is asked for, wherever that is said to be."""
    cloud.knobs.next_to = told.format(own=cloud.api_url)
    for name, read in LISTS.items():
        repo = site.connect()
        with pytest.raises((EgressRefused, BadAnswer)) as caught:
            read(repo)
        assert caught.value.host == repo.host, name
    assert "page=2" not in {each.query for each in site.requests}


@pytest.mark.parametrize("told", [f"{EVIL}/commit/1", "//[", "/2.0/user", ""])
def test_where_a_write_is_said_to_be_is_not_looked_at(site: Site, cloud: BitbucketCloud, told: str) -> None:
    """`Location` of a merge that takes long: the pull request itself tells when it is done."""
    cloud.knobs.slow_merges, cloud.knobs.merge_polls, cloud.knobs.location_to = 1, 1, told
    assert site.connect("ada").pulls.merge(1, expect_head=site.head).state is MergeState.MERGED
    assert [each.path for each in site.requests if "task" in each.path or each.path.endswith("/user")] == []


@pytest.mark.parametrize(
    "path", ["octo/../evil/app", "octo/..", "../octo/app", "octo/app/../../user", "octo/%2e%2e%2fuser"]
)
def test_a_path_climbs_nowhere(site: Site, cloud: BitbucketCloud, path: str) -> None:
    """It is refused, or is the name of a repository that is not there; nothing else is ever asked for."""
    site.requests.clear()
    with pytest.raises(BridgeError):
        list(site.connect(where=f"{cloud.url}/{path}").pulls.list(limit=1))
    assert all(each.path.startswith("/2.0/repositories/") for each in site.requests)
    assert {each.status for each in site.requests} <= {404}


def test_a_token_of_three_thousand_signs_does_all_of_it(site: Site, cloud: BitbucketCloud) -> None:
    """As they are from 2026 on, which neither the wire nor an error breaks or shows."""
    token = cloud.token("bob", length=3_000)
    repo = site.connect(token=token)
    assert repo.pulls.panel(1).viewer is not None
    with pytest.raises(pullbridge.NotThere) as caught:
        repo.pulls.get(99)
    assert token not in f"{caught.value}{caught.value!r}"
