"""The forge as a stock client sees it that nobody here wrote: python-gitlab with its own I/O."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import gitlab
import pytest
from gitlab.exceptions import GitlabAuthenticationError, GitlabGetError, GitlabMRClosedError, GitlabMRRebaseError
from gitlab.v4.objects import Project, ProjectMergeRequest
from tests.testing.gitlab.conftest import Place


class Lab:
    """python-gitlab for some people."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.exit = ExitStack()

    def client(self, who: str) -> gitlab.Gitlab:
        """Somebody's client."""
        made = gitlab.Gitlab(self.place.lab.url, private_token=self.place.lab.token(who))
        self.exit.callback(made.session.close)
        return made

    def project(self, who: str) -> Project:
        """The project as somebody sees it."""
        return self.client(who).projects.get("octo/app")


@pytest.fixture
def stock(place: Place) -> Iterator[Lab]:
    """Clients that are closed afterwards."""
    made = Lab(place)
    with made.exit:
        yield made


@pytest.fixture
def pull(stock: Lab) -> ProjectMergeRequest:
    """Ada's merge request."""
    sent = {"title": "Draft: Fix", "source_branch": "fix", "target_branch": "main", "labels": ["bug"]}
    made = stock.project("ada").mergerequests.create(sent)
    assert isinstance(made, ProjectMergeRequest)
    return made


def test_signing_in(stock: Lab) -> None:
    """It signs in, reads the version, and is refused with a bad token."""
    client = stock.client("ada")
    client.auth()
    assert client.user is not None
    assert client.user.username == "ada"
    assert client.version()[0] == "19.2.0-ee"
    bad = gitlab.Gitlab(stock.place.lab.url, private_token="glpat-none")
    stock.exit.callback(bad.session.close)
    with pytest.raises(GitlabAuthenticationError):
        bad.auth()


def test_a_merge_request_through_its_life(stock: Lab, pull: ProjectMergeRequest) -> None:
    """Made as a draft, edited, rebased, merged: each by the client's own methods."""
    stock.place.app.commit("main", {"m.txt": "m\n"})
    with pytest.raises(GitlabMRClosedError):
        pull.merge()
    pull.title = "Fix"
    pull.labels = ["bug", "new"]
    pull.save()
    assert (pull.draft, pull.labels) == (False, ["bug", "new"])
    pull.rebase()
    again = stock.project("ada").mergerequests.get(1, include_rebase_in_progress=True)
    assert (again.rebase_in_progress, again.merge_error) == (False, None)
    assert [commit.title for commit in again.commits()] == []  # the rebased branch's diff is not made yet
    [stock.project("ada").mergerequests.get(1) for _ in range(2)]
    assert [commit.title for commit in again.commits()] == ["Add c", "Say two"]
    ready = stock.project("bob").mergerequests.get(1)
    ready.merge(squash=True, should_remove_source_branch=True, sha=ready.sha)
    assert (ready.state, ready.squash) == ("merged", True)
    assert stock.place.app.branches().keys() == {"main"}


def test_lists(stock: Lab, pull: ProjectMergeRequest) -> None:
    """Its lists follow pages to their end, and its filters find what they should."""
    project = stock.project("ada")
    assert [found.iid for found in project.mergerequests.list(state="opened", iterator=True)] == [pull.iid]
    assert project.mergerequests.list(labels=["none-such"], get_all=True) == []
    everywhere = stock.client("bob").mergerequests.list(scope="all", get_all=True)
    assert [found.iid for found in everywhere] == [1]
    for number in range(25):
        project.branches.create({"branch": f"b{number:02}", "ref": "main"})
    assert len(project.branches.list(get_all=True)) == 27
    assert len(list(project.branches.list(iterator=True, pagination="keyset", per_page=10))) == 27
    listed = project.branches.list(page=2, per_page=20)
    assert len(listed) == 7


def test_auto_merge(stock: Lab, pull: ProjectMergeRequest) -> None:
    """A merge that waits can be cancelled."""
    pull.title = "Fix"
    pull.save()
    stock.place.app.require(checks=("ci",))
    pull.merge(merge_when_pipeline_succeeds=True)
    assert pull.merge_when_pipeline_succeeds is True
    pull.cancel_merge_when_pipeline_succeeds()
    assert stock.project("ada").mergerequests.get(1).merge_when_pipeline_succeeds is False


def test_subscribing(stock: Lab, pull: ProjectMergeRequest) -> None:
    """Subscriptions are read back, and so is who took part."""
    theirs = stock.project("bob").mergerequests.get(pull.iid)
    seen = []
    for change in (theirs.subscribe, theirs.unsubscribe):
        change()
        seen.append(theirs.subscribed)
    assert seen == [True, False]
    assert [user["username"] for user in theirs.participants()] == ["ada"]


def test_refusals(stock: Lab, pull: ProjectMergeRequest) -> None:
    """Errors carry the host's message: what is not there, and what one may not."""
    with pytest.raises(GitlabGetError) as gone:
        stock.project("ada").mergerequests.get(99)
    assert (gone.value.response_code, gone.value.error_message) == (404, "404 Not Found")
    stock.place.app.members(ada="write", eve="read")
    with pytest.raises(GitlabMRRebaseError) as refused:
        stock.project("eve").mergerequests.get(pull.iid).rebase()
    assert refused.value.error_message == "403 Forbidden - Cannot push to source branch"


def test_files_and_commits(stock: Lab) -> None:
    """Files are read, saved and compared by the client's own methods."""
    project = stock.project("ada")
    file = project.files.get("docs/b.txt", ref="main")
    file.content = "changed\n"
    file.save(branch="main", commit_message="Change")
    assert project.files.raw("docs/b.txt", ref="main") == b"changed\n"
    action = {"action": "create", "file_path": "n.txt", "content": "n\n"}
    sent = {"branch": "n", "start_branch": "main", "commit_message": "N", "actions": [action]}
    made = project.commits.create(sent)
    assert [row["new_path"] for row in made.diff(get_all=True)] == ["n.txt"]
    compared = project.repository_compare("main", "n")
    assert isinstance(compared, dict)
    assert [row["title"] for row in compared["commits"]] == ["N"]
    assert [row["path"] for row in project.repository_tree(ref="n", get_all=True)] == ["docs", "a.txt", "n.txt"]


def test_forks_and_people(stock: Lab) -> None:
    """A fork is made, people and labels are found."""
    project = stock.project("ada")
    fork = project.forks.create({})
    assert (fork.import_status, fork.path_with_namespace) == ("scheduled", "ada/app")
    assert stock.client("ada").projects.get(fork.id).import_status == "finished"
    assert {member.username for member in project.members_all.list(get_all=True)} >= {"ada"}
    assert [user.username for user in stock.client("ada").users.list(username="ada", get_all=True)] == ["ada"]
    project.labels.create({"name": "bug", "color": "#ff0000"})
    project.milestones.create({"title": "v1"})
    assert [label.name for label in project.labels.list(get_all=True)] == ["bug"]
    assert [stone.title for stone in project.milestones.list(get_all=True)] == ["v1"]


def test_moved_projects(stock: Lab, pull: ProjectMergeRequest) -> None:
    """It follows the redirect when it reads, and is refused when it writes."""
    stock.place.lab.rename("octo/app", "octo/renamed")
    assert stock.project("ada").path_with_namespace == "octo/renamed"
    assert pull.project_id == stock.project("ada").id
    old = stock.client("ada").projects.get("octo/app", lazy=True)
    with pytest.raises(gitlab.GitlabError) as refused:
        old.branches.create({"branch": "x", "ref": "main"})
    assert "Non GET methods are not allowed for moved projects" in str(refused.value)
