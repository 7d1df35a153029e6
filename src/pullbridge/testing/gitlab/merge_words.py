"""The messages of commits that merges make.

https://docs.gitlab.com/user/project/merge_requests/commit_templates/#default-template-for-merge-commits
"""

from __future__ import annotations

from pullbridge.testing.store import PullRequest


def merge_message(pull: PullRequest) -> str:
    """The default message of a merge commit."""
    source = pull.source_branch
    if pull.cross_repository:
        source = f"{pull.source.path}:{source}"
    head = f"Merge branch '{source}' into '{pull.target_branch}'"
    return f"{head}\n\n{pull.title}\n\nSee merge request {pull.repository.path}!{pull.number}"


def squash_message(pull: PullRequest) -> str:
    """The default message of a squash commit: the title."""
    return pull.title
