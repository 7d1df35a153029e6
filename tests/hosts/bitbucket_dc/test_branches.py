"""Branches and forks on Data Center."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_dc.asked import HOME, REST, Routes, page, refused, repository, routed, served
from tests.hosts.bitbucket_dc.center import Center
from tests.transport.scripted import answer

from pullbridge import AlreadyThere, Forbidden, HostDown, NotThere, Rejected
from pullbridge.hosts import waiting
from pullbridge.hosts.bitbucket_dc import forks
from pullbridge.hosts.bitbucket_dc.branches import DataCenterBranches

UTILS = "/rest/branch-utils/latest/projects/PRJ/repos/app/branches"


def ref(name: str) -> dict[str, object]:
    return {"id": f"refs/heads/{name}", "displayId": name, "latestCommit": "a" * 40, "type": "BRANCH"}


def test_a_branch_is_found_by_its_very_name(center: Center) -> None:
    """Among all that contain it; there is no address for a single one."""
    for name in ("fix2", "prefix/fix", "a/b+c"):
        center.app.commit(name, {f"{len(name)}.txt": "1\n"})
    assert center.repo.branches.get("fix").commit == center.app.head("fix")
    assert center.repo.branches.get("a/b+c").name == "a/b+c"
    with pytest.raises(NotThere, match="branch fi"):
        center.repo.branches.get("fi")


def test_a_branch_may_be_on_a_later_page() -> None:
    """Older versions put the one of that name anywhere."""
    pages = iter([page(ref("fix2"), after=9), page(ref("fix"))])
    with served(routed({f"GET {HOME}/branches": lambda _: answer(200, next(pages))})) as (api, server):
        assert DataCenterBranches(repository(api)).get("fix").name == "fix"
        assert len(server.seen) == 2


def test_the_default_branch_has_its_tip(center: Center) -> None:
    """An empty repository has none."""
    assert center.repo.branches.default().commit == center.app.head("main")
    script = routed({f"GET {HOME}/branches/default": answer(204)})
    with served(script) as (api, _), pytest.raises(NotThere, match="empty"):
        DataCenterBranches(repository(api)).default()


def test_branches_are_listed_by_their_beginning(center: Center) -> None:
    """What only contains it is left out."""
    center.app.commit("unfix", {"b.txt": "1\n"})
    center.app.commit("fixed/two", {"b.txt": "1\n"})
    assert [each.name for each in center.repo.branches.list("fix")] == ["fix", "fixed/two"]
    assert [each.name for each in center.repo.branches.list()] == ["fix", "fixed/two", "main", "unfix"]


def test_a_branch_is_made_once(center: Center) -> None:
    """The refusal has the one that is there; a commit that is not there is refused, too."""
    head = center.app.head("main")
    assert center.repo.branches.create("new/one", head).commit == head
    with pytest.raises(AlreadyThere) as caught:
        center.repo.branches.create("new/one", center.app.head("fix"))
    assert caught.value.existing.commit == head
    with pytest.raises((NotThere, Rejected)):
        center.repo.branches.create("lost", "0" * 40)
    with pytest.raises(Rejected):
        center.repo.branches.create("no..name", head)


def test_a_branch_is_deleted_once(center: Center) -> None:
    """Data Center says nothing of one that is gone, so that it is looked for; the default one stays."""
    center.repo.branches.delete("fix")
    assert "fix" not in center.app.branches()
    with pytest.raises(NotThere):
        center.repo.branches.delete("fix")
    with pytest.raises(Rejected):
        center.repo.branches.delete("main")


def test_who_may_only_read_deletes_nothing(center: Center) -> None:
    """A 401, and no bad token."""
    with pytest.raises(Forbidden):
        center.as_("linus").branches.delete("fix")


def test_a_repository_is_forked_once(center: Center) -> None:
    """Into one's own; the fork that is there is given back."""
    made = center.as_("linus").branches.fork()
    assert made.path.lower() == "~linus/app"
    assert made.url.endswith("/users/linus/repos/app")
    assert center.as_("linus").branches.fork() == made
    assert list(center.repo.branches.forks()) == [made]


def test_a_fork_goes_into_a_project(center: Center) -> None:
    """By its key."""
    center.forge.bitbucket_dc.repository("TEAM/other", members={"linus": "admin"})
    assert center.as_("linus").branches.fork("TEAM").path == "TEAM/app"


def test_something_else_of_the_name_is_no_fork(center: Center) -> None:
    """It is said to be there."""
    center.forge.bitbucket_dc.repository("TEAM/app", members={"linus": "admin"})
    with pytest.raises(AlreadyThere):
        center.as_("linus").branches.fork("TEAM")


def slow_fork(last: str) -> Routes:
    """A fork that is in the making for a while; `last` is what comes of it."""
    made = {"slug": "app", "id": 9, "project": {"key": "~ada"}, "state": "INITIALISING"}
    states = iter(["INITIALISING", last])
    return {
        f"POST {HOME}": answer(201, made),
        f"GET {REST}/projects/~ada/repos/app": lambda _: answer(200, {**made, "state": next(states)}),
    }


def test_a_fork_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it has its commits, or is said not to get any."""
    monkeypatch.setattr(waiting, "WAITS", (0.01,))
    with served(routed(slow_fork("AVAILABLE"))) as (api, server):
        assert forks.fork(repository(api), None).path == "~ada/app"
        assert len(server.seen) == 3
    with served(routed(slow_fork("INITIALISATION_FAILED"))) as (api, _), pytest.raises(HostDown, match="not copy"):
        forks.fork(repository(api), None)


def test_a_fork_that_is_hidden_is_there_all_the_same() -> None:
    """The refusal stands where what has the name is not shown."""
    told = refused("A repository with this name already exists.", "repository.RepositoryAlreadyExistsException")
    routes: Routes = {
        f"POST {HOME}": answer(409, told),
        f"GET {HOME}": answer(200, {"slug": "app", "id": 1, "project": {"key": "PRJ"}}),
    }
    with served(routed(routes)) as (api, _), pytest.raises(AlreadyThere):
        forks.fork(repository(api), "TEAM")


def test_branches_are_made_and_deleted_in_a_service_of_their_own() -> None:
    """With full names where one is deleted."""
    routes: Routes = {
        f"POST {UTILS}": answer(201, ref("x")),
        f"GET {HOME}/branches": answer(200, page(ref("x"))),
        f"DELETE {UTILS}": answer(204),
    }
    with served(routed(routes)) as (api, server):
        branches = DataCenterBranches(repository(api))
        branches.create("x", "a" * 40)
        branches.delete("x")
    assert server.seen[0].body == b'{"name":"x","startPoint":"' + b"a" * 40 + b'"}'
    assert server.seen[2].body == b'{"name":"refs/heads/x","dryRun":false}'
