"""Branches and forks."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_cloud.lab import PATH, Lab

import pullbridge
from pullbridge.testing import Fault


def test_branches_have_full_tips(lab: Lab) -> None:
    """Slashes in their names, too."""
    lab.app.commit("feature/a#b", {"b.txt": "2\n"})
    found = lab.repo.branches.get("feature/a#b")
    assert (found.name, found.commit, found.commit_abbreviated) == ("feature/a#b", lab.app.head("feature/a#b"), False)
    assert lab.repo.branches.default().name == "main"
    with pytest.raises(pullbridge.NotThere, match="branch nowhere"):
        lab.repo.branches.get("nowhere")


def test_a_prefix_is_one(lab: Lab) -> None:
    """What only contains it is left out; no prefix gets out of its quotes."""
    for name in ("fixes/b", "a-fix", "fixed"):
        lab.app.commit(name, {"b.txt": "2\n"})
    assert [each.name for each in lab.repo.branches.list("fix")] == ["fix", "fixed", "fixes/b"]
    assert list(lab.repo.branches.list('" OR name~"')) == []
    assert 'name~"fix"' in lab.queries("/refs/branches")[0]


def test_one_is_made_and_deleted(lab: Lab) -> None:
    """At a commit; one that is there is told with its tip."""
    made = lab.repo.branches.create("new", lab.app.head("fix"))
    assert (made.name, made.commit) == ("new", lab.app.head("fix"))
    with pytest.raises(pullbridge.AlreadyThere) as caught:
        lab.repo.branches.create("new", lab.app.head("main"))
    assert caught.value.existing.commit == lab.app.head("fix")
    lab.repo.branches.delete("new", expect=lab.app.head("fix")[:12])
    assert "new" not in lab.app.branches()
    with pytest.raises(pullbridge.NotThere):
        lab.repo.branches.delete("new")


def test_the_main_branch_stays(lab: Lab) -> None:
    """In Bitbucket's words."""
    with pytest.raises(pullbridge.Rejected):
        lab.repo.branches.delete("main")


def test_an_empty_repository_has_none(lab: Lab) -> None:
    """And says what to do."""
    lab.host.add_fault(Fault(path=f"*/{PATH}", status=200, body=b'{"full_name": "octo/app", "mainbranch": null}'))
    with pytest.raises(pullbridge.NotThere, match="Push a first commit"):
        lab.repo.branches.default()


def test_a_fork_is_made_once(lab: Lab) -> None:
    """One that is there already is given back, into a workspace too."""
    grace = lab.as_("grace")
    assert grace.branches.fork().path == "grace/app"
    assert grace.branches.fork().path == "grace/app"
    assert grace.branches.fork(into="grace").path == "grace/app"
    assert [each.path for each in lab.repo.branches.forks()] == ["grace/app"]


def test_a_name_that_is_taken_by_something_else_is_told(lab: Lab) -> None:
    """It is no fork."""
    lab.host.repository("grace/app")
    with pytest.raises(pullbridge.AlreadyThere):
        lab.as_("grace").branches.fork()


def test_a_permalink_names_its_lines(lab: Lab) -> None:
    """Without a request."""
    link = lab.repo.permalink("src/a b.py", 3, 7, "abc123")
    assert link == f"{lab.host.url}/{PATH}/src/abc123/src/a%20b.py#lines-3:7"
    assert lab.repo.permalink("a.py", 3, 3, "abc").endswith("#lines-3")
    assert lab.repo.permalink("a.py", None, None, "abc").endswith("/a.py")


def test_a_path_has_two_parts(lab: Lab) -> None:
    """A workspace and a name."""
    host = lab.everywhere("ada")
    with pytest.raises(pullbridge.Rejected, match="workspace/name"):
        host.repository("a/b/c").pulls.get(1)
