"""What a panel says of the parts that GitHub does not give whole."""

from __future__ import annotations

from pullbridge.hosts.github import panel, payloads

PULL = b'{"id":"PR_1","number":1,"title":"t","state":"OPEN","baseRefName":"main","headRefName":"fix","commits":%s}'


def counted(commits: bytes) -> payloads.GraphFullPull:
    return payloads.decode(PULL % commits, payloads.GraphFullPull, "a pull request")


def test_commits_that_are_counted_and_not_listed_are_said() -> None:
    """GH-57: of 300 commits GitHub lists 250, and the panel says so."""
    (gap,) = panel._unlisted(counted(b'{"totalCount":300,"nodes":[]}'), range(250))
    assert (gap.part, gap.reason) == ("commits", "GitHub lists 250 of 300 commits")
    assert gap.remedy


def test_a_whole_list_has_no_gap() -> None:
    """All commits, or no count to compare with, are no gap."""
    assert list(panel._unlisted(counted(b'{"totalCount":3,"nodes":[]}'), range(3))) == []
    assert list(panel._unlisted(counted(b"null"), ())) == []
