"""A tour of every REST operation that the forge's GitHub serves, with plain HTTP requests: no client of ours takes part."""

from __future__ import annotations

import base64
from typing import Any

import requests

from pullbridge.testing import Forge, RepositoryHandle
from pullbridge.testing.host import Host

LINES = "".join(f"line {n}\n" for n in range(1, 41))
FILES: dict[str, str | bytes | None] = {
    "src/edge.py": LINES,
    "docs/old name.md": LINES + "old\n",
    "gone.txt": "gone\n",
    "logo.bin": b"\x00\x01\x02",
}


class Tourist:
    """Somebody who calls a host of the forge by hand, and reads its answers as they are."""

    def __init__(self, host: Host, user: str, accept: str = "application/vnd.github+json") -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Accept"] = accept
        self._base = host.api_url
        self.signed(host.token(user))

    def signed(self, token: str) -> None:
        """Sign with this token from now on."""
        self._session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """Send one request; `more` goes to `requests` (params, headers)."""
        return self._session.request(method, self._base + path, json=body, timeout=10, allow_redirects=False, **more)

    def get(self, path: str, **more: Any) -> Any:
        """GET, and the answer's JSON, which must be a success."""
        answer = self.call("GET", path, **more)
        assert answer.ok, (path, answer.status_code, answer.text)
        return answer.json()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Write, which must succeed; the answer's JSON, if it has any."""
        answer = self.call(method, path, body)
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class Tour:
    """The places, in an order in which each finds what it needs."""

    def __init__(self, forge: Forge) -> None:
        self.forge = forge
        forge.github.team("octo", "core", ("bob",))
        self.app = forge.github.repository("octo/app", files=FILES)
        self.ada, self.bob = Tourist(forge.github, "ada"), Tourist(forge.github, "bob")
        self.repo = "/repos/octo/app"

    def walk(self) -> None:
        """Go everywhere."""
        number = self.pull_requests()
        self.conversation(number)
        self.diff_comments(number)
        self.reviews(number)
        self.labels_and_people(number)
        self.reactions(number)
        self.commits_and_contents(number)
        self.checks(number)
        self.branches()
        self.forks()
        self.merging(number)
        self.stacking()
        self.refusals(number)
        self.pages_and_redirects()
        self.ada.close()
        self.bob.close()

    def pull_requests(self) -> int:
        """Open, list, read, edit, close and reopen."""
        change(self.app, "fix/edge")
        body = {"title": "Fix", "head": "fix/edge", "base": "main", "body": "Text", "draft": True}
        pull = self.ada.send("POST", f"{self.repo}/pulls", body)
        number = int(pull["number"])
        self.ada.get(
            f"{self.repo}/pulls", params={"state": "all", "sort": "updated", "direction": "desc", "per_page": 5}
        )
        self.ada.get(f"{self.repo}/pulls", params={"head": "octo:fix/edge", "base": "main"})
        self.ada.get(f"{self.repo}/pulls/{number}")
        for media in ("diff", "patch"):
            self.ada.call("GET", f"{self.repo}/pulls/{number}", headers={"Accept": f"application/vnd.github.{media}"})
        self.ada.send("PATCH", f"{self.repo}/pulls/{number}", {"title": "Fix it", "body": ""})
        self.ada.send("PATCH", f"{self.repo}/pulls/{number}", {"state": "closed"})
        self.ada.send("PATCH", f"{self.repo}/pulls/{number}", {"state": "open"})
        self.ada.get(f"{self.repo}/pulls/{number}/files", params={"per_page": 2})
        self.ada.get(f"{self.repo}/pulls/{number}/commits")
        self.ada.get(f"{self.repo}/issues/{number}")
        self.ada.get(
            "/search/issues", params={"q": "repo:octo/app is:pr edge in:title", "sort": "updated", "order": "asc"}
        )
        return number

    def conversation(self, number: int) -> None:
        """Comment on the whole pull request."""
        comment = self.bob.send("POST", f"{self.repo}/issues/{number}/comments", {"body": "Hello @ada"})
        path = f"{self.repo}/issues/comments/{comment['id']}"
        self.ada.get(path)
        self.bob.send("PATCH", path, {"body": "Hello again"})
        self.ada.get(f"{self.repo}/issues/{number}/comments", params={"since": "2020-01-01T00:00:00Z"})
        self._react(path)
        self.bob.send("DELETE", path)
        self.bob.send("POST", f"{self.repo}/issues/{number}/comments", {"body": "It stays."})
        self.ada.send("PUT", f"{self.repo}/issues/{number}/lock", {"lock_reason": "resolved"})
        self.ada.get(f"{self.repo}/pulls/{number}")
        self.ada.send("DELETE", f"{self.repo}/issues/{number}/lock")

    def diff_comments(self, number: int) -> None:
        """Comment on lines, on a range, on the old side, on a file; answer, edit, delete."""
        comments, head = f"{self.repo}/pulls/{number}/comments", self.app.head("fix/edge")
        place = {"commit_id": head, "path": "src/edge.py", "body": "Why?"}
        one = self.bob.send("POST", comments, {**place, "line": 3, "side": "RIGHT"})
        lines = {"start_line": 2, "start_side": "RIGHT", "line": 4, "side": "RIGHT"}
        self.bob.send("POST", comments, {**place, **lines})
        self.bob.send("POST", comments, {**place, "line": 3, "side": "LEFT"})
        self.bob.send("POST", comments, {**place, "subject_type": "file"})
        self.ada.send("POST", f"{comments}/{one['id']}/replies", {"body": "Because."})
        answer = self.ada.send("POST", comments, {**place, "in_reply_to": one["id"]})
        path = f"{self.repo}/pulls/comments/{answer['id']}"
        self.ada.get(path)
        self.ada.send("PATCH", path, {"body": "Because of that."})
        self._react(path)
        self.ada.send("DELETE", path)
        self.ada.get(comments, params={"sort": "created", "direction": "asc"})
        self.ada.get(f"{self.repo}/pulls/comments", params={"sort": "updated"})
        self.app.commit("fix/edge", {"src/edge.py": LINES.replace("line 3\n", "line three\n")}, message="Outdate")
        self.ada.get(comments)

    def reviews(self, number: int) -> None:
        """Review in one go, and by way of a pending review; submit, edit, dismiss, delete."""
        reviews = f"{self.repo}/pulls/{number}/reviews"
        comments = [{"path": "src/edge.py", "line": 3, "side": "RIGHT", "body": f"Note {n}"} for n in range(3)]
        whole = {"event": "REQUEST_CHANGES", "body": "Hm.", "comments": comments}
        done = self.bob.send("POST", reviews, whole)
        self.ada.get(f"{reviews}/{done['id']}")
        self.ada.get(f"{reviews}/{done['id']}/comments")
        self.bob.send("PUT", f"{reviews}/{done['id']}", {"body": "Hm!"})
        pending = self.bob.send("POST", reviews, {"comments": comments[:1]})
        self.bob.get(reviews)
        self.bob.send("DELETE", f"{reviews}/{pending['id']}")
        pending = self.bob.send("POST", reviews, {"body": "Draft"})
        self.bob.send("POST", f"{reviews}/{pending['id']}/events", {"event": "APPROVE", "body": "Good."})
        self.ada.send("PUT", f"{reviews}/{pending['id']}/dismissals", {"message": "Too early", "event": "DISMISS"})
        self.ada.get(reviews)

    def labels_and_people(self, number: int) -> None:
        """Labels, assignees, reviewers, and the timeline that they leave."""
        issue, requested = f"{self.repo}/issues/{number}", f"{self.repo}/pulls/{number}/requested_reviewers"
        self.ada.send("POST", f"{self.repo}/labels", {"name": "a bug", "color": "ff0000", "description": "Wrong"})
        self.ada.get(f"{self.repo}/labels")
        self.ada.send("POST", f"{issue}/labels", {"labels": ["a bug", "new"]})
        self.ada.get(f"{issue}/labels")
        self.ada.send("DELETE", f"{issue}/labels/a bug")
        self.ada.send("PUT", f"{issue}/labels", {"labels": ["a bug"]})
        self.ada.send("DELETE", f"{issue}/labels")
        self.ada.send("POST", f"{issue}/labels", {"labels": ["new"]})
        self.ada.send("POST", f"{issue}/assignees", {"assignees": ["bob", "ada"]})
        self.ada.send("DELETE", f"{issue}/assignees", {"assignees": ["ada"]})
        self.ada.send(
            "PATCH", issue, {"title": "Fix it all", "labels": ["new"], "assignees": ["bob"], "milestone": None}
        )
        self.ada.send("POST", requested, {"reviewers": ["bob"], "team_reviewers": ["core"]})
        self.ada.get(requested)
        self.ada.get(f"{self.repo}/pulls/{number}")
        self.ada.send("DELETE", requested, {"reviewers": ["bob"], "team_reviewers": ["core"]})
        self.ada.get(f"{issue}/timeline", params={"per_page": 100})
        self.ada.get(f"{self.repo}/assignees")
        self.ada.send("GET", f"{self.repo}/assignees/bob")
        self.ada.get(f"{self.repo}/collaborators")
        self.ada.get(f"{self.repo}/collaborators/bob/permission")
        for path in ("/user", "/users/bob", "/meta", "/rate_limit", self.repo):
            self.ada.get(path)

    def reactions(self, number: int) -> None:
        """React to the pull request itself."""
        self._react(f"{self.repo}/issues/{number}")

    def _react(self, path: str) -> None:
        reaction = self.ada.send("POST", f"{path}/reactions", {"content": "+1"})
        self.ada.get(f"{path}/reactions")
        self.ada.send("DELETE", f"{path}/reactions/{reaction['id']}")
        self.ada.send("POST", f"{path}/reactions", {"content": "rocket"})

    def commits_and_contents(self, number: int) -> None:
        """Commits, comparisons, files."""
        head = self.app.head("fix/edge")
        self.ada.get(f"{self.repo}/commits", params={"sha": "fix/edge"})
        self.ada.get(f"{self.repo}/commits/{head}")
        self.ada.get(f"{self.repo}/commits/{head}/pulls")
        self.ada.get(f"{self.repo}/compare/main...fix/edge")
        self.ada.get(f"{self.repo}/contents", params={"ref": "main"})
        self.ada.get(f"{self.repo}/contents/src")
        self.ada.get(f"{self.repo}/contents/src/edge.py", params={"ref": head})
        raw = {"Accept": "application/vnd.github.raw+json"}
        self.ada.call("GET", f"{self.repo}/contents/src/edge.py", params={"ref": head}, headers=raw)
        for media in ("diff", "patch", "sha"):
            accept = {"Accept": f"application/vnd.github.{media}"}
            self.ada.call("GET", f"{self.repo}/commits/{head}", headers=accept)
        path = f"{self.repo}/contents/made.txt"
        text = base64.b64encode(b"made\n").decode()
        made = self.ada.send("PUT", path, {"message": "Make", "content": text, "branch": "fix/edge"})
        self.ada.send("DELETE", path, {"message": "Drop", "sha": made["content"]["sha"], "branch": "fix/edge"})
        assert self.ada.get(f"{self.repo}/pulls/{number}")["commits"] == 4

    def checks(self, number: int) -> None:
        """Statuses and check runs."""
        head = self.app.head("fix/edge")
        written = {
            "state": "success",
            "context": "ci/unit",
            "target_url": "https://ci.example/1",
            "description": "Good",
        }
        self.ada.send("POST", f"{self.repo}/statuses/{head}", written)
        self.ada.send("POST", f"{self.repo}/statuses/{head}", {"state": "pending"})
        for state in ("success", "failure", "in_progress", "queued", "timed_out"):
            self.app.check(head, f"check {state}", state)
        runs = self.ada.get(f"{self.repo}/commits/{head}/check-runs", params={"filter": "latest"})["check_runs"]
        self.ada.get(f"{self.repo}/check-runs/{runs[0]['id']}")
        robot = Tourist(self.forge.github, "octo-app[bot]")
        new = {"name": "bot", "head_sha": head, "status": "completed", "conclusion": "neutral"}
        robot.send("POST", f"{self.repo}/check-runs", new)
        robot.close()
        self.ada.get(f"{self.repo}/commits/{head}/status")
        self.ada.get(f"{self.repo}/commits/{head}/statuses")
        self.ada.get(f"{self.repo}/pulls/{number}")

    def branches(self) -> None:
        """Branches and references."""
        head = self.app.head("main")
        self.app.require("main", reviews=1, checks=("ci/unit",))
        self.ada.get(f"{self.repo}/branches", params={"per_page": 1})
        self.ada.get(f"{self.repo}/branches/fix/edge")
        self.ada.get(f"{self.repo}/branches/main")
        self.ada.get(f"{self.repo}/git/ref/heads/fix/edge")
        self.ada.get(f"{self.repo}/git/matching-refs/heads/fix")
        self.ada.send("POST", f"{self.repo}/git/refs", {"ref": "refs/heads/some/branch", "sha": head})
        refs = f"{self.repo}/git/refs/heads/some/branch"
        self.ada.send("PATCH", refs, {"sha": self.app.head("fix/edge"), "force": True})
        self.ada.send("DELETE", refs)
        self.app.require("main")

    def forks(self) -> None:
        """A fork, a pull request from it, and the same once the fork is gone."""
        self.bob.send("POST", f"{self.repo}/forks", {"default_branch_only": True})
        self.ada.get(f"{self.repo}/forks")
        fork = self.forge.github.fork("octo/app", "cleo")
        change(fork, "topic")
        cleo = Tourist(self.forge.github, "cleo")
        pull = cleo.send("POST", f"{self.repo}/pulls", {"title": "From afar", "head": "cleo:topic", "base": "main"})
        self.ada.get("/repos/cleo/app")
        self.forge.github.delete_fork("cleo/app")
        self.forge.github.delete_user("cleo")
        for path in ("", "/files", "/commits", "/reviews"):
            self.ada.get(f"{self.repo}/pulls/{pull['number']}{path}")
        self.ada.get(f"{self.repo}/pulls")
        cleo.close()

    def merging(self, number: int) -> None:
        """Update the branch, merge in each way, look whether it is merged."""
        self.app.commit("main", {"other.txt": "moved on\n"}, message="Move on")
        self.ada.send("PUT", f"{self.repo}/pulls/{number}/update-branch")
        assert self.ada.call("GET", f"{self.repo}/pulls/{number}/merge").status_code == 404
        merged = {"merge_method": "squash", "commit_title": "Squashed", "sha": self.app.head("fix/edge")}
        assert self.ada.call("PUT", f"{self.repo}/pulls/{number}/merge", merged).status_code == 405, "it is a draft"
        for method in ("squash", "rebase", "merge"):
            change(self.app, f"topic/{method}", name=f"{method}.txt")
            new = {"title": method, "head": f"topic/{method}", "base": "main"}
            other = self.ada.send("POST", f"{self.repo}/pulls", new)
            path = f"{self.repo}/pulls/{other['number']}"
            self.ada.send("PUT", f"{path}/merge", {"merge_method": method, "sha": other["head"]["sha"]})
            assert self.ada.call("GET", f"{path}/merge").status_code == 204
            assert self.ada.get(path)["merged"] is True

    def stacking(self) -> None:
        """Merge a stack of two in the background, asked for in every way."""
        lower, upper = change(self.app, "stack/one", name="s1.txt"), change(self.app, "stack/two", name="s2.txt")
        assert lower != upper
        heads = (("stack/one", "main"), ("stack/two", "stack/one"))
        opened = [
            self.ada.send("POST", f"{self.repo}/pulls", {"title": head, "head": head, "base": base})
            for head, base in heads
        ]
        self.forge.github.stack("octo/app", *(int(each["number"]) for each in opened))
        path = f"{self.repo}/pulls/{opened[1]['number']}"
        assert self.ada.call("PUT", f"{path}/merge", {}).status_code == 405
        queue = {"merge_method": "squash", "merge_action": "merge_queue"}
        assert self.ada.call("PUT", f"{path}/merge-async", queue).status_code == 422
        asked = self.ada.send("PUT", f"{path}/merge-async", {"merge_method": "merge", "sha": opened[1]["head"]["sha"]})
        assert self.ada.call("PUT", f"{path}/merge-async", {}).status_code == 409
        result = f"{path}/merge-async/{asked['details']['uuid']}"
        assert [self.ada.get(result)["status"] for _ in range(3)] == ["pending", "merged", "merged"]
        assert self.ada.call("GET", f"{path}/merge-async/none").status_code == 404
        assert all(self.ada.get(f"{self.repo}/pulls/{each['number']}")["merged"] for each in opened)
        assert self.ada.send("PUT", f"{path}/merge-async")["status"] == "merged"
        closed = self.ada.send("POST", f"{self.repo}/pulls", {"title": "C", "head": "fix/edge", "base": "stack/one"})
        self.ada.send("PATCH", f"{self.repo}/pulls/{closed['number']}", {"state": "closed"})
        assert self.ada.call("PUT", f"{self.repo}/pulls/{closed['number']}/merge-async").status_code == 400

    def refusals(self, number: int) -> None:
        """Every kind of no."""
        comments = f"{self.repo}/pulls/{number}/comments"
        wrong: list[tuple[str, str, Any]] = [
            ("GET", "/repos/octo/none", None),
            ("GET", f"{self.repo}/pulls/999", None),
            ("POST", f"{self.repo}/pulls", {"title": "T", "head": "fix/edge", "base": "main"}),
            ("POST", f"{self.repo}/pulls", {"title": "T", "head": "nowhere", "base": "main"}),
            ("POST", f"{self.repo}/pulls", {"title": "T", "head": "main", "base": "main"}),
            ("POST", f"{self.repo}/pulls", {"title": 1, "head": "main", "base": "main"}),
            ("POST", comments, {"body": "B", "commit_id": "0" * 40, "path": "none.py", "line": 1}),
            ("POST", f"{self.repo}/pulls/{number}/reviews", {"event": "APPROVE"}),
            ("POST", f"{self.repo}/pulls/{number}/requested_reviewers", {"reviewers": ["nobody-at-all"]}),
            ("PUT", f"{self.repo}/pulls/{number}/merge", {"sha": "0" * 40}),
            ("POST", f"{self.repo}/issues/{number}/comments", {"body": ""}),
            ("POST", f"{self.repo}/git/refs", {"ref": "refs/heads/main", "sha": self.app.head("main")}),
            ("DELETE", f"{self.repo}/git/refs/heads/none", None),
            ("GET", f"{self.repo}/contents/none.txt", None),
        ]
        for method, path, body in wrong:
            assert self.ada.call(method, path, body).status_code >= 400, (method, path, body)
        weak = Tourist(self.forge.github, "ada")
        weak.signed(self.forge.github.token("ada", scopes=("read:user",)))
        assert weak.call("POST", f"{self.repo}/issues/{number}/comments", {"body": "B"}).status_code in (403, 404)
        weak.signed("wrong")
        assert weak.call("GET", "/user").status_code == 401
        weak.close()

    def pages_and_redirects(self) -> None:
        """Pages, a confirmed answer, and a repository that was renamed."""
        first = self.ada.call("GET", f"{self.repo}/pulls", params={"state": "all", "per_page": 1})
        assert 'rel="next"' in first.headers["Link"]
        self.ada.call("GET", f"{self.repo}/pulls", params={"state": "all", "per_page": 1, "page": 2})
        answer = self.ada.call("GET", f"{self.repo}/pulls")
        again = self.ada.call("GET", f"{self.repo}/pulls", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        self.forge.github.rename("octo/app", "octo/tool")
        assert self.ada.call("GET", f"{self.repo}/pulls").status_code == 301
        assert self.ada.call("POST", f"{self.repo}/pulls", {}).status_code == 307


def change(repository: RepositoryHandle, branch: str, name: str = "src/edge.py") -> str:
    """Commit a change of every kind onto a new branch: edited, added, renamed, removed, binary."""
    edited = LINES.replace("line 3\n", "line 3, changed\nline 3b\n").replace("line 20\n", "")
    files: dict[str, str | bytes | None] = {name: edited if name in FILES else "new\n"}
    if name in FILES:
        files |= {"docs/old name.md": None, "docs/new name.md": f"{LINES}old\n"}
        files |= {"added.txt": "added\n", "gone.txt": None, "logo.bin": b"\x00\x09"}
    return repository.commit(branch, files, message="Change\n\nFor a reason.")
