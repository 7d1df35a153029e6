"""Branches, forks and templates over the wire."""

from __future__ import annotations

import pytest
from tests.hosts.gitlab.lab import Lab

import pullbridge
from pullbridge import RepoRef
from pullbridge.hosts.gitlab import forks
from pullbridge.hosts.gitlab.templates import DEFAULT
from pullbridge.testing import Fault


def test_branches_by_how_they_begin(lab: Lab) -> None:
    """GitLab is asked for those; what only contains the text is not among them."""
    lab.app.commit("prefix/fix", {"b.txt": "1\n"})
    assert [each.name for each in lab.repo.branches.list("fix")] == ["fix"]
    assert lab.forge.gitlab.requests[-1].query.count("search=%5Efix") == 1
    assert {each.name for each in lab.repo.branches.list()} == {"fix", "main", "prefix/fix"}
    found = lab.repo.branches.get("prefix/fix")
    assert (found.commit, found.repository) == (lab.app.head("prefix/fix"), lab.repo.ref)


def test_a_dollar_in_a_name_is_no_anchor(lab: Lab) -> None:
    """It would ask for names that end there."""
    lab.app.commit("cash$flow", {"b.txt": "1\n"})
    assert [each.name for each in lab.repo.branches.list("cash$")] == ["cash$flow"]


def test_the_default_branch(lab: Lab) -> None:
    """With its tip; a project without one says so."""
    assert (lab.repo.branches.default().name, lab.repo.branches.default().commit) == ("main", lab.app.head("main"))
    answer = b'{"id":1,"path_with_namespace":"group/sub/app","default_branch":null}'
    lab.forge.gitlab.add_fault(Fault(path="*/projects/group*sub*app", status=200, body=answer, times=1))
    with pytest.raises(pullbridge.NotThere, match="empty"):
        lab.repo.branches.default()


def test_create_and_delete(lab: Lab) -> None:
    """At a commit or where another is; twice is there already, and what is gone is not there."""
    made = lab.repo.branches.create("new/one", "fix")
    assert made.commit == lab.app.head("fix")
    with pytest.raises(pullbridge.AlreadyThere):
        lab.repo.branches.create("new/one", "fix")
    with pytest.raises((pullbridge.NotThere, pullbridge.Rejected)):
        lab.repo.branches.create("new/two", "f" * 40)
    with pytest.raises(pullbridge.Stale):
        lab.repo.branches.delete("new/one", expect=lab.app.head("main"))
    lab.repo.branches.delete("new/one", expect=made.commit)
    for verb in (lab.repo.branches.get, lab.repo.branches.delete):
        with pytest.raises(pullbridge.NotThere):
            verb("new/one")


def test_what_may_not_be_deleted_stays(lab: Lab) -> None:
    """A protected branch is for those who may push to it, and the default one for nobody: each with GitLab's reason."""
    lab.app.require("fix")
    with pytest.raises(pullbridge.Forbidden, match="push access"):
        lab.as_("grace").branches.delete("fix")
    with pytest.raises(pullbridge.Rejected, match="default branch"):
        lab.repo.branches.delete("main")


def test_a_fork_is_waited_for(lab: Lab) -> None:
    """GitLab copies in the background; the second time the same one is given back."""
    lab.forge.gitlab.knobs.import_reads = 3
    fork = lab.as_("linus").branches.fork()
    assert fork == RepoRef(web=lab.forge.gitlab.url, path="linus/app", kind="gitlab")
    assert lab.as_("linus").branches.fork() == fork
    assert list(lab.repo.branches.forks()) == [fork]
    assert lab.as_("linus", fork.path).branches.default().commit == lab.app.head("main")


def test_a_fork_into_a_group(lab: Lab) -> None:
    """By the group's path, however deep."""
    lab.forge.gitlab.repository("crew/deep/other", members={"ada": "admin"})
    assert lab.repo.branches.fork("crew/deep").path == "crew/deep/app"
    assert lab.repo.branches.fork("crew/deep").path == "crew/deep/app"


def test_something_else_of_that_name_is_no_fork(lab: Lab) -> None:
    """It is there already, and not given back for one."""
    lab.forge.gitlab.repository("linus/app")
    with pytest.raises(pullbridge.AlreadyThere):
        lab.as_("linus").branches.fork()


def test_a_copy_that_fails_is_told(lab: Lab) -> None:
    """Rather than a repository without commits."""
    failed = b'{"id":77,"path_with_namespace":"linus/app","import_status":"failed"}'
    lab.forge.gitlab.add_fault(Fault(method="POST", path="*/fork", status=201, body=failed, times=1))
    with pytest.raises(pullbridge.HostDown, match="could not copy") as caught:
        lab.as_("linus").branches.fork()
    assert caught.value.maybe_done


def test_a_copy_that_takes_long_is_given_as_it_is(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fills by itself."""
    monkeypatch.setattr(forks, "_PATIENCE", 0.05)
    lab.forge.gitlab.knobs.import_reads = 1000
    assert lab.as_("linus").branches.fork().path == "linus/app"


def test_templates(lab: Lab) -> None:
    """The files of the default branch, and before them the project's own setting."""
    assert lab.repo.pulls.templates() == ()
    folder = ".gitlab/merge_request_templates"
    lab.app.commit("main", {f"{folder}/Default.md": "What\n", f"{folder}/Bug fix.md": "Why\n"})
    assert {(each.name, each.body) for each in lab.repo.pulls.templates()} == {
        ("Default", "What\n"),
        ("Bug fix", "Why\n"),
    }
    answer = b'{"merge_requests_template":"Set by an owner"}'
    lab.forge.gitlab.add_fault(Fault(path="*/projects/group*sub*app", status=200, body=answer, times=1))
    first = lab.repo.pulls.templates()[0]
    assert (first.name, first.body) == (DEFAULT, "Set by an owner")
