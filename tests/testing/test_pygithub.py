"""An independent partner: stock PyGithub, with its own connections, finds a GitHub in the forge."""

from __future__ import annotations

from collections.abc import Iterator

import github
import pytest
from tests.testing.conftest import World


@pytest.fixture
def repository(world: World) -> Iterator[github.Repository.Repository]:
    """The world's repository, through PyGithub."""
    client = github.Github(
        base_url=world.forge.github.api_url,
        auth=github.Auth.Token(world.forge.github.token("bob")),
        seconds_between_requests=None,
        seconds_between_writes=None,
        retry=None,
        per_page=2,
    )
    yield client.get_repo("octo/app")
    client.close()


def test_it_reads_a_pull_request(repository: github.Repository.Repository, world: World) -> None:
    """A pull request has the fields that PyGithub reads, with the values of the commit behind it."""
    pull = repository.get_pull(1)
    assert (pull.title, pull.state, pull.user.login, pull.head.sha) == ("Fix", "open", "ada", world.head)
    assert (pull.additions, pull.deletions, pull.changed_files, pull.commits) == (3, 2, 5, 1)
    assert pull.head.repo.full_name == "octo/app"


def test_it_pages_through_lists(repository: github.Repository.Repository, world: World) -> None:
    """PyGithub follows the links of a list to its end."""
    for number in range(4):
        world.app.commit(f"b{number}", {"x.txt": f"{number}\n"})
        repository.create_pull(title=f"Number {number}", head=f"b{number}", base="main")
    titles = [pull.title for pull in repository.get_pulls()]
    assert len(titles) == 5
    assert titles[0] == "Number 3"
    assert repository.get_pulls().totalCount == 5


def test_it_sees_files_as_github_cuts_them(repository: github.Repository.Repository) -> None:
    """Patches are hunks alone; a binary has none; a moved file tells where it was."""
    files = {file.filename: file for file in repository.get_pull(1).get_files()}
    assert {name: file.status for name, file in files.items()} == {
        "a.txt": "modified",
        "b/c.txt": "added",
        "gone.txt": "removed",
        "logo.png": "modified",
        "new.txt": "renamed",
    }
    assert files["a.txt"].patch.startswith("@@ -17,7 +17,7 @@")
    assert "patch" not in files["logo.png"].raw_data
    assert files["new.txt"].previous_filename == "old.txt"


def test_it_comments_and_reviews(repository: github.Repository.Repository, world: World) -> None:
    """A line comment, a reply, a review with comments and a reaction arrive, and are found again."""
    pull = repository.get_pull(1)
    commit = repository.get_commit(world.head)
    comment = pull.create_review_comment("Why?", commit, "a.txt", line=20, side="RIGHT")
    reply = pull.create_review_comment_reply(comment.id, "Because.")
    review = pull.create_review(
        commit,
        "Two things.",
        "REQUEST_CHANGES",
        [{"path": "a.txt", "line": 20, "side": "LEFT", "body": "This was fine."}],
    )
    comment.create_reaction("heart")
    assert reply.in_reply_to_id == comment.id
    assert review.state == "CHANGES_REQUESTED"
    assert [found.body for found in pull.get_review_comments()] == ["Why?", "Because.", "This was fine."]
    assert [found.content for found in comment.get_reactions()] == ["heart"]
    assert [found.body for found in pull.get_single_review_comments(review.id)] == ["This was fine."]


def test_it_merges(repository: github.Repository.Repository, world: World) -> None:
    """A merge moves the target branch, and a second one is refused."""
    pull = repository.get_pull(1)
    done = pull.merge(merge_method="squash", commit_title="One commit", sha=world.head)
    assert done.merged
    assert world.app.head("main") == done.sha
    assert repository.get_commit(done.sha).commit.message.startswith("One commit")
    assert repository.get_pull(1).is_merged()
    with pytest.raises(github.GithubException) as refused:
        pull.merge()
    assert refused.value.status == 405


def test_it_works_with_issues_labels_and_branches(repository: github.Repository.Repository, world: World) -> None:
    """The pull request is an issue, too, and branches can be made and deleted."""
    issue = repository.get_pull(1).as_issue()
    issue.add_to_labels("bug")
    issue.add_to_assignees("bob")
    issue.create_comment("Hello")
    assert [label.name for label in repository.get_pull(1).labels] == ["bug"]
    assert [user.login for user in repository.get_issue(1).assignees] == ["bob"]
    repository.create_git_ref("refs/heads/topic/one", world.head)
    assert repository.get_branch("topic/one").commit.sha == world.head
    repository.get_git_ref("heads/topic/one").delete()
    assert "topic/one" not in world.app.branches()


def test_it_reads_contents_and_comparisons(repository: github.Repository.Repository) -> None:
    """Files come with their bytes, and a comparison knows how far apart two branches are."""
    found = repository.get_contents("logo.png", ref="fix")
    assert not isinstance(found, list)
    assert found.decoded_content == b"\x89PNG\0\2"
    comparison = repository.compare("main", "fix")
    assert (comparison.status, comparison.ahead_by, len(comparison.files)) == ("ahead", 1, 5)


def test_it_reports_and_reads_checks(repository: github.Repository.Repository, world: World) -> None:
    """Statuses and check runs are both there."""
    commit = repository.get_commit(world.head)
    commit.create_status("success", context="ci")
    repository.create_check_run("lint", world.head, status="completed", conclusion="neutral")
    assert commit.get_combined_status().state == "success"
    assert [run.conclusion for run in commit.get_check_runs()] == ["neutral"]
