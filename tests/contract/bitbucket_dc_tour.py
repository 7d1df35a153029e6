"""A tour of every operation that the forge's Data Center serves, with plain HTTP requests: no client of ours takes part."""

from __future__ import annotations

from typing import Any

import requests

from pullbridge.testing.bitbucket_dc.host import BitbucketDataCenter

LINES = [f"line {n}\n" for n in range(1, 61)]
REPO = "/projects/OCTO/repos/app"
PULLS = f"{REPO}/pull-requests"


class Visitor:
    """Somebody who calls the host by hand."""

    def __init__(self, host: BitbucketDataCenter, user: str) -> None:
        self._base = host.url + "/rest"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Accept"] = "application/json"
        self._session.headers["Authorization"] = f"Bearer {host.token(user)}"

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """Send one request; a path without a service is the API's."""
        service = "" if path.split("/")[2:3] == ["latest"] else "/api/latest"
        if method != "GET" and body is None and "files" not in more:
            body = {}
        url = self._base + service + path
        return self._session.request(method, url, json=body, timeout=10, allow_redirects=False, **more)

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The same, which must succeed; the answer's JSON, if it is any."""
        answer = self.call(method, path, body, **more)
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content and "json" in answer.headers["Content-Type"] else None

    def get(self, path: str, /, **params: Any) -> Any:
        """Read, which must succeed."""
        return self.send("GET", path, params=params)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class DataCenterTour:
    """The places, in an order in which each finds what it needs."""

    def __init__(self, host: BitbucketDataCenter, *, path_objects: bool = False) -> None:
        self.host = host
        host.knobs.path_objects = path_objects
        host.team("octo", "core", ("bob",))
        self.app = host.repository("octo/app", files={"a.txt": "".join(LINES), "docs/b.txt": "b\n"})
        self.ada, self.bob = Visitor(host, "ada"), Visitor(host, "bob")
        self.app.members(ada="admin", bob="write")

    def walk(self) -> None:
        """Go everywhere."""
        self.instance()
        self.branches()
        self.pull_requests()
        self.lists()
        self.files()
        self.comments()
        self.suggestions()
        self.reviews()
        self.people()
        self.builds()
        self.settings()
        self.refusals()
        self.merging()
        self.ending()
        self.ada.close()
        self.bob.close()

    def instance(self) -> None:
        """The server, its people, projects and repositories."""
        for path in ("/application-properties", "/build/capabilities", "/users/ada", "/projects", "/projects/OCTO"):
            self.ada.get(path)
        self.ada.get("/users", filter="ada")
        filters = {"permission": "REPO_READ", "permission.projectKey": "OCTO", "permission.repositorySlug": "app"}
        self.ada.get("/users", **filters)
        for path in ("/projects/OCTO/repos", "/repos", REPO, f"{REPO}/forks"):
            self.ada.get(path)
        self.bob.send("POST", REPO, {"name": "app"})

    def branches(self) -> None:
        """Branches and tags."""
        changed = [*LINES[:19], "changed\n", *LINES[20:39], *LINES[40:]]
        self.app.commit("fix", {"a.txt": "".join(changed)}, message="Change a line")
        self.app.commit("fix", {"c.txt": "c\n", "docs/b.txt": None, "docs/moved.txt": "b\n"}, message="Add c")
        utils = f"/branch-utils/latest{REPO}/branches"
        self.ada.get(f"{REPO}/branches", details="true", orderBy="ALPHABETICAL", filterText="m")
        self.ada.send("POST", f"{REPO}/branches", {"name": "one", "startPoint": "main"})
        self.ada.send("POST", utils, {"name": "two", "startPoint": "main"})
        self.ada.send("DELETE", utils, {"name": "two", "dryRun": False})
        self.ada.get(f"{utils}/info/{self.app.head('fix')}")
        for path in ("branches/default", "default-branch"):
            self.ada.get(f"{REPO}/{path}")
            self.ada.send("PUT", f"{REPO}/{path}", {"id": "refs/heads/main"})
        self.ada.send("POST", f"{REPO}/tags", {"name": "v1", "startPoint": "main"})
        self.ada.get(f"{REPO}/tags")
        self.ada.get(f"{REPO}/tags/v1")

    def opened(self, who: Visitor, source: str, **more: Any) -> str:
        """The path of a new pull request."""
        refs = {"fromRef": {"id": f"refs/heads/{source}"}, "toRef": {"id": "refs/heads/main"}}
        made = who.send("POST", PULLS, {"title": f"Merge {source}", "description": "Why.", **refs, **more})
        return f"{PULLS}/{made['id']}"

    def version(self, pull: str) -> int:
        """The version that it has now."""
        return int(self.ada.get(pull)["version"])

    def pull_requests(self) -> None:
        """Open, read, edit, decline, reopen, delete."""
        self.pull = self.opened(self.ada, "fix", reviewers=[{"user": {"name": "bob"}}])
        self.ada.get(self.pull)
        people = {"reviewers": [{"user": {"name": "bob"}}]}
        self.ada.send("PUT", self.pull, {"version": 0, "title": "Better", "draft": True, **people})
        self.ada.send("PUT", self.pull, {"version": 1, "draft": False, **people})
        self.ada.send("POST", f"{self.pull}/decline", {"version": self.version(self.pull), "comment": "Not now"})
        self.ada.send("POST", f"{self.pull}/reopen", {"version": self.version(self.pull)})
        self.app.commit("gone", {"g.txt": "g"})
        gone = self.opened(self.ada, "gone")
        self.ada.send("DELETE", gone, {"version": 0})
        self.ada.send("POST", f"{self.pull}/watch")
        self.ada.send("DELETE", f"{self.pull}/watch")

    def lists(self) -> None:
        """Of the repository, of a commit, mine."""
        people = {"username.1": "bob", "role.1": "REVIEWER", "approved.1": "false"}
        self.ada.get(PULLS, state="ALL", order="OLDEST", at="refs/heads/main", direction="INCOMING", **people)
        self.ada.get(PULLS, filterText="Bet", draft="false", limit="1", start="0")
        self.ada.get(f"{REPO}/commits/{self.app.head('fix')}/pull-requests")
        self.ada.get("/dashboard/pull-requests", role="AUTHOR", state="OPEN", order="NEWEST")
        self.bob.get("/dashboard/pull-requests", role="REVIEWER", participantStatus="UNAPPROVED")
        self.bob.get("/inbox/pull-requests", role="REVIEWER")
        self.bob.get("/inbox/pull-requests/count")

    def files(self) -> None:
        """Changes, diffs, commits, comparisons, contents."""
        pull, ends = self.pull, {"from": "refs/heads/fix", "to": "refs/heads/main"}
        for path in (
            "changes",
            "commits",
            "merge-base",
            "activities",
            "diff",
            "diff/a.txt",
            "commit-message-suggestion",
        ):
            self.ada.get(f"{pull}/{path}")
        self.ada.get(f"{pull}/diff/docs/moved.txt", srcPath="docs/b.txt", contextLines="3", withComments="true")
        self.ada.get(f"{pull}/diff-stats-summary/a.txt")
        for ending in (".diff", ".patch"):
            self.ada.get(pull + ending)
        head = f"{REPO}/commits/{self.app.head('fix')}"
        self.ada.get(f"{REPO}/commits", until="fix", since="main", path="a.txt")
        for path in ("", "/changes", "/diff", "/diff/c.txt"):
            self.ada.get(head + path)
        self.ada.get(f"{head}/merge-base", otherCommitId="main")
        for path in ("commits", "changes", "diff", "diff/a.txt"):
            self.ada.get(f"{REPO}/compare/{path}", **ends)
        for path in ("diff", "diff/c.txt", "changes"):
            self.ada.get(f"{REPO}/{path}", until="fix", since="main")
        for path in ("browse", "browse/docs", "browse/a.txt", "raw/a.txt", "files", "files/docs"):
            self.ada.get(f"{REPO}/{path}", at="refs/heads/main")
        form = {"content": (None, "x\n"), "branch": (None, "one"), "message": (None, "Edit")}
        self.ada.send("PUT", f"{REPO}/browse/x.txt", files=form)

    def comments(self) -> None:
        """Comments of all kinds, tasks, reactions."""
        pull = self.pull
        comments, tasks = f"{pull}/comments", f"{pull}/blocker-comments"
        place = {"diffType": "EFFECTIVE", "path": "a.txt", "line": 20, "lineType": "ADDED", "fileType": "TO"}
        marker = {"multilineMarker": {"startLine": 18, "startLineType": "CONTEXT"}}
        general = self.bob.send("POST", comments, {"text": "Hm."})
        inline = self.bob.send("POST", comments, {"text": "Here.", "anchor": place | marker})
        self.bob.send("POST", comments, {"text": "File.", "anchor": {"path": "a.txt"}})
        self.ada.send("POST", comments, {"text": "Yes?", "parent": {"id": inline["id"]}})
        one = f"{comments}/{inline['id']}"
        self.ada.get(one)
        self.ada.get(comments, path="a.txt", anchorState="ALL")
        self.ada.send("PUT", one, {"threadResolved": True, "version": 0})
        emoticon = f"/comment-likes/latest{one}/reactions/heart"
        self.ada.send("PUT", emoticon)
        self.ada.get(f"{pull}/activities")
        self.ada.get(f"{pull}/diff/a.txt")
        self.ada.send("DELETE", emoticon)
        self.bob.send("DELETE", f"{comments}/{general['id']}", params={"version": 0})
        task = self.bob.send("POST", tasks, {"text": "Do it."})
        one = f"{tasks}/{task['id']}"
        self.ada.get(one)
        self.ada.get(tasks)
        self.ada.get(tasks, count="true")
        self.ada.send("PUT", one, {"state": "RESOLVED", "version": 0})
        self.ada.get(tasks, state="RESOLVED")
        self.bob.send("DELETE", one, params={"version": 1})

    def suggestions(self) -> None:
        """One is applied."""
        place = {"path": "a.txt", "line": 20, "lineType": "ADDED", "fileType": "TO"}
        made = self.bob.send("POST", f"{self.pull}/comments", {"text": "```suggestion\nx\n```", "anchor": place})
        sent = {"commentVersion": 0, "pullRequestVersion": self.version(self.pull), "suggestionIndex": 0}
        self.ada.send("POST", f"{self.pull}/comments/{made['id']}/apply-suggestion", sent)

    def reviews(self) -> None:
        """Pending comments, published and discarded; statuses."""
        review = f"{self.pull}/review"
        for end in (("PUT", {"commentText": "So.", "participantStatus": "NEEDS_WORK"}), ("DELETE", None)):
            self.bob.send("POST", f"{self.pull}/comments", {"text": "Later", "state": "PENDING"})
            self.bob.get(review)
            self.bob.send(end[0], review, end[1])
        head = self.app.head("fix")
        one = f"{self.pull}/participants/bob"
        self.bob.send("PUT", one, {"status": "APPROVED", "lastReviewedCommit": head})
        self.bob.send("DELETE", f"{self.pull}/approve")
        self.bob.send("POST", f"{self.pull}/approve")
        self.ada.get(f"{self.pull}/activities", limit="100")

    def people(self) -> None:
        """Participants, default reviewers, groups, permissions."""
        people = f"{self.pull}/participants"
        self.ada.get(people)
        self.ada.send("POST", people, {"user": {"name": "bob"}, "role": "REVIEWER"})
        self.ada.send("DELETE", people, params={"username": "bob"})
        self.ada.send("DELETE", f"{people}/bob")
        self.ada.get(f"{REPO}/participants")
        service = f"/default-reviewers/latest{REPO}"
        sent = {"reviewers": [{"name": "bob"}], "requiredApprovals": 0}
        made = self.ada.send("POST", f"{service}/condition", sent)
        self.ada.get(f"{service}/conditions")
        number = self.app.record.id
        refs = {"sourceRefId": "refs/heads/fix", "targetRefId": "refs/heads/main"}
        self.ada.get(f"{service}/reviewers", sourceRepoId=number, targetRepoId=number, **refs)
        self.ada.send("DELETE", f"{service}/condition/{made['id']}")
        groups = f"{REPO}/settings/reviewer-groups"
        group = self.ada.send("POST", groups, {"name": "own", "users": [{"name": "bob"}]})
        for path in ("", f"/{group['id']}", f"/{group['id']}/users"):
            self.ada.get(groups + path)
        self.ada.send("DELETE", f"{groups}/{group['id']}")
        permissions = f"{REPO}/permissions/users"
        self.ada.get(permissions)
        self.host.user("eve")
        self.ada.send("PUT", permissions, params={"name": "eve", "permission": "REPO_READ"})
        self.ada.send("DELETE", permissions, params={"name": "eve"})

    def builds(self) -> None:
        """Reported, read, counted, required."""
        head = self.app.head("fix")
        old, new = f"/build-status/latest/commits/{head}", f"{REPO}/commits/{head}/builds"
        sent = {"key": "ci", "state": "SUCCESSFUL", "url": "https://ci.example/1"}
        self.ada.send("POST", old, sent)
        self.ada.send("POST", new, {**sent, "key": "more", "buildNumber": "7", "duration": 3, "ref": "refs/heads/fix"})
        self.ada.get(old)
        self.ada.get(f"/build-status/latest/commits/stats/{head}")
        self.ada.send("POST", "/build-status/latest/commits/stats", [head])
        self.ada.get(new, key="more")
        self.ada.send("DELETE", new, params={"key": "more"})
        required = f"/required-builds/latest{REPO}"
        made = self.ada.send("POST", f"{required}/condition", {"buildParentKeys": ["PLAN"]})
        self.ada.get(f"{required}/conditions")
        self.ada.send("DELETE", f"{required}/condition/{made['id']}")

    def settings(self) -> None:
        """For pull requests, and for merges that wait."""
        path = f"{REPO}/settings/pull-requests"
        self.ada.get(path)
        self.ada.send("POST", path, {"requiredAllTasksComplete": True})
        self.ada.get("/projects/OCTO/settings/pull-requests/git")
        path = f"{REPO}/settings/auto-merge"
        self.ada.get(path)
        self.ada.send("DELETE", path)
        self.ada.send("PUT", path, {"enabled": True})

    def refusals(self) -> None:
        """One of each kind."""
        refs = {"fromRef": {"id": "refs/heads/fix"}, "toRef": {"id": "refs/heads/main"}}
        people = [{"user": {"name": "nobody"}}]
        for status, method, path, body in (
            (400, "POST", f"{self.pull}/comments", {"text": ""}),
            (
                400,
                "POST",
                f"{self.pull}/comments",
                {"text": "x", "anchor": {"path": "a.txt", "line": 1, "lineType": "ADDED"}},
            ),
            (401, "POST", f"{REPO}/settings/pull-requests", {}),
            (404, "GET", f"{PULLS}/99", None),
            (404, "GET", "/projects/NONE/repos/none", None),
            (404, "GET", f"{REPO}/commits/{'0' * 40}", None),
            (409, "POST", PULLS, {"title": "Again", **refs}),
            (409, "POST", PULLS, {"title": "Nobody", **refs, "reviewers": people}),
            (409, "PUT", self.pull, {"title": "Stale", "version": 0}),
        ):
            answer = self.bob.call(method, path, body)
            assert answer.status_code == status, (method, path, answer.status_code, answer.text)

    def merging(self) -> None:
        """Asked, refused, waiting, tried, cancelled, rebased, done."""
        pull = self.pull
        merge, auto, rebase = f"{pull}/merge", f"{pull}/auto-merge", f"/git/latest{pull}/rebase"
        self.app.require(reviews=1)
        self.ada.get(merge)
        assert self.ada.call("POST", merge, {"version": self.version(pull)}).status_code == 409
        self.ada.send("POST", merge, {"version": self.version(pull), "autoMerge": True, "strategyId": "squash"})
        self.ada.get(auto)
        self.ada.send("POST", auto)
        self.ada.send("DELETE", auto)
        self.app.commit("main", {"m.txt": "m"})
        self.ada.get(rebase)
        self.ada.send("POST", rebase, {"version": self.version(pull)})
        self.app.require()
        self.ada.send("POST", merge, {"version": self.version(pull), "message": "Done."})
        assert self.ada.call("GET", merge).status_code == 409

    def ending(self) -> None:
        """What a whole life looks like."""
        self.ada.get(f"{self.pull}/activities", limit="500")
        self.ada.get(PULLS, state="MERGED")
