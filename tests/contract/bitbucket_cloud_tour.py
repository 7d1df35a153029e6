"""A tour of every operation that the forge's Bitbucket Cloud serves, with plain HTTP requests: no client of ours takes part."""

from __future__ import annotations

from typing import Any

from tests.contract.tour import FILES, LINES, Tourist

from pullbridge.testing.bitbucket_cloud.host import BitbucketCloud


class BitbucketCloudTour:
    """The places, in an order in which each finds what it needs."""

    def __init__(self, host: BitbucketCloud) -> None:
        self.host = host
        self.app = host.repository("octo/app", files=FILES)
        self.app.commit("fix/edge", {"src/edge.py": LINES.replace("line 3\n", "line three\n"), "gone.txt": None})
        self.ada, self.bob = self.tourist("ada"), self.tourist("bob")
        self.app.members(ada="admin", bob="write")
        self.home = "/repositories/octo/app"
        self.pulls = f"{self.home}/pullrequests"
        self.pull = f"{self.pulls}/1"

    def tourist(self, user: str) -> Tourist:
        """Somebody with a token."""
        return Tourist(self.host, user, accept="application/json")

    def walk(self) -> None:
        """Go everywhere."""
        self.people()
        self.pull_requests()
        self.comments()
        self.tasks()
        self.verdicts()
        self.builds()
        self.changes()
        self.repository()
        self.files()
        self.forks()
        self.merging()
        self.refusals()
        self.ada.close()
        self.bob.close()

    def people(self) -> None:
        """Who I am, where I belong, who else does."""
        me = self.ada.get("/user")["uuid"]
        for path in (
            "/user/emails",
            "/user/workspaces",
            "/user/workspaces/octo/permission",
            "/user/workspaces/octo/permissions/repositories",
            "/user/permissions/repositories",
            f"/users/{me}",
            "/workspaces/octo",
            "/workspaces/octo/members",
            f"/workspaces/octo/members/{me}",
            "/repositories/octo?role=admin",
        ):
            self.ada.get(path)

    def pull_requests(self) -> None:
        """Open, read, list, edit."""
        source = {"branch": {"name": "fix/edge"}}
        reviewers = [{"uuid": self.host.uuid("bob")}]
        self.ada.send("POST", self.pulls, {"title": "Fix", "source": source, "reviewers": reviewers, "draft": True})
        self.ada.get(self.pull)
        self.ada.send("PUT", self.pull, {"title": "Fix it", "draft": False, "reviewers": reviewers})
        self.ada.get(f"{self.pulls}?fields=%2Bvalues.participants,%2Bvalues.reviewers&state=OPEN")
        self.ada.get(f"/workspaces/octo/pullrequests/{self.host.uuid('ada')}")

    def say(self, who: Tourist, words: str, **more: Any) -> Any:
        """Comment."""
        return who.send("POST", f"{self.pull}/comments", {"content": {"raw": words}, **more})

    def comments(self) -> None:
        """General, on lines, on a file, in reply; edited, resolved, deleted."""
        self.say(self.bob, "Thanks!")
        root = self.say(self.bob, "Hm", inline={"path": "src/edge.py", "start_to": 2, "to": 3})
        self.say(self.bob, "Why?", inline={"path": "gone.txt", "from": 1})
        self.say(self.bob, "All", inline={"path": "src/edge.py"})
        self.say(self.bob, "Later", pending=True)
        self.say(self.ada, "Because", parent={"id": root["id"]})
        where = f"{self.pull}/comments/{root['id']}"
        self.bob.get(where)
        self.bob.send("PUT", where, {"content": {"raw": "Hm!"}})
        self.ada.send("POST", f"{where}/resolve", {})
        self.bob.get(f"{self.pull}/comments?pagelen=2")
        self.ada.send("DELETE", f"{where}/resolve")
        self.bob.send("DELETE", where)
        self.bob.get(f"{self.pull}/comments")

    def tasks(self) -> None:
        """Add, do, drop."""
        comment = self.say(self.bob, "To do")
        task = self.bob.send("POST", f"{self.pull}/tasks", {"content": {"raw": "Do"}, "comment": {"id": comment["id"]}})
        where = f"{self.pull}/tasks/{task['id']}"
        self.ada.send("PUT", where, {"state": "RESOLVED"})
        self.ada.get(where)
        self.ada.get(f"{self.pull}/tasks")
        self.bob.send("DELETE", where)

    def verdicts(self) -> None:
        """Approve, request changes, take both back; and look at what happened."""
        for path in ("approve", "request-changes"):
            self.bob.send("POST", f"{self.pull}/{path}", {})
            self.ada.get(self.pull)
            self.bob.send("DELETE", f"{self.pull}/{path}")
        self.ada.get(f"{self.pull}/activity?pagelen=5")
        self.ada.get(f"{self.pulls}/activity")

    def builds(self) -> None:
        """Report, change, read."""
        statuses = f"{self.home}/commit/{self.app.head('fix/edge')}/statuses"
        self.bob.send("POST", f"{statuses}/build", {"key": "ci", "state": "INPROGRESS", "url": "https://ci.example/1"})
        self.bob.send("PUT", f"{statuses}/build/ci", {"state": "SUCCESSFUL", "description": "Good"})
        self.bob.get(f"{statuses}/build/ci")
        self.bob.get(statuses)
        self.app.check(self.app.head("fix/edge"), "lint", "cancelled")
        self.bob.get(f"{self.pull}/statuses")

    def changes(self) -> None:
        """Diffs, by the pull request and by specs."""
        for name in ("diff", "diffstat", "patch", "conflicts"):
            assert self.ada.call("GET", f"{self.pull}/{name}").status_code == 302
        for path in ("diff", "patch"):
            assert self.ada.call("GET", f"{self.home}/{path}/fix/edge..main").ok
        self.ada.get(f"{self.home}/diffstat/fix/edge..main")
        self.ada.get(f"{self.home}/file-conflicts/fix/edge..main")
        self.ada.get(f"{self.home}/merge-base/fix/edge..main")

    def repository(self) -> None:
        """The repository itself, its branches and commits, its default reviewers and restrictions."""
        head = self.app.head("fix/edge")
        for path in (
            "",
            f"/commit/{head[:12]}",
            f"/commit/{head}/pullrequests",
            "/commits",
            "/commits/fix/edge?pagelen=1",
            "/refs/branches",
            "/refs/branches/fix/edge",
        ):
            self.ada.get(f"{self.home}{path}")
        for path in ("/commits", "/commits/main"):
            assert self.ada.call("POST", f"{self.home}{path}", data={"exclude": "none"}).status_code == 404
            assert self.ada.call("POST", f"{self.home}{path}", data={"include": "fix/edge"}).ok
        self.ada.send("POST", f"{self.home}/refs/branches", {"name": "some/branch", "target": {"hash": head}})
        self.ada.send("DELETE", f"{self.home}/refs/branches/some/branch")
        bob = self.host.uuid("bob")
        self.ada.send("PUT", f"{self.home}/default-reviewers/{bob}")
        for path in ("default-reviewers", f"default-reviewers/{bob}", "effective-default-reviewers"):
            self.ada.get(f"{self.home}/{path}")
        self.ada.send("DELETE", f"{self.home}/default-reviewers/{bob}")
        self.app.require("main", reviews=1, checks=("ci",), strict=True)
        self.ada.get(f"{self.home}/branch-restrictions")
        self.app.require("main")

    def files(self) -> None:
        """Bytes, folders, what they are; and a commit of new ones."""
        assert self.ada.call("GET", f"{self.home}/src").status_code == 302
        assert self.ada.call("GET", f"{self.home}/src/main/src/edge.py").ok
        for path in ("main/", "main/src/", "main/src/edge.py?format=meta", "main/src/?format=meta"):
            self.ada.get(f"{self.home}/src/{path}")
        assert self.ada.call("POST", f"{self.home}/src", data={"/new.txt": "new\n", "branch": "web"}).ok

    def forks(self) -> None:
        """Fork it, and open a pull request from there; then it is gone."""
        self.bob.send("POST", f"{self.home}/forks", {})
        self.bob.get(f"{self.home}/forks")
        fork = self.host.store.repositories.find("bob/app")
        assert fork is not None
        self.host.store.repositories.commit(fork, "topic", {"t.txt": "t\n"}, start="main")
        source = {"branch": {"name": "topic"}, "repository": {"full_name": "bob/app"}}
        made = self.bob.send("POST", self.pulls, {"title": "Afar", "source": source})
        self.ada.get(f"{self.pulls}/{made['id']}/commits")
        self.host.delete_fork("bob/app")
        self.ada.get(f"{self.pulls}/{made['id']}")
        self.ada.send("POST", f"{self.pulls}/{made['id']}/decline", {})

    def merging(self) -> None:
        """Merge, now and later."""
        self.app.commit("two", {"2.txt": "2\n"}, start="main")
        self.ada.send("POST", self.pulls, {"title": "Two", "source": {"branch": {"name": "two"}}})
        self.ada.send("POST", f"{self.pulls}/3/merge", {"type": "pullrequest", "merge_strategy": "squash"})
        later = self.ada.call("POST", f"{self.pull}/merge?async=true", {"type": "pullrequest"})
        task = later.headers["Location"].removeprefix(self.host.api_url)
        assert [self.ada.get(task)["task_status"] for _ in range(2)] == ["PENDING", "SUCCESS"]
        self.ada.get(f"{self.pulls}?state=MERGED")

    def refusals(self) -> None:
        """Hear no, in every way there is."""
        for method, path in (
            ("GET", f"{self.pulls}/99"),
            ("GET", f"{self.pulls}?pagelen=51"),
            ("GET", "/repositories/octo/none"),
            ("GET", f"{self.home}/commit/none"),
            ("POST", self.pulls),
            ("PUT", self.pull),
            ("POST", f"{self.pull}/decline"),
            ("POST", f"{self.pull}/merge"),
            ("POST", f"{self.pull}/comments"),
            ("POST", f"{self.pull}/tasks"),
            ("DELETE", f"{self.pull}/approve"),
            ("POST", f"{self.home}/refs/branches"),
        ):
            assert self.ada.call(method, path, {}).status_code in {400, 404}
        self.bob.signed(self.host.token("bob", scopes=("account",)))
        assert self.bob.call("GET", self.pulls).status_code == 403
        self.bob.signed("nonsense")
        assert self.bob.call("GET", self.pulls).status_code == 401
        self.host.budget.limit = 1
        assert self.ada.call("GET", self.pulls).status_code == 429
