"""A tour of every REST operation that the forge's GitLab serves, with plain HTTP requests: no client of ours takes part."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from tests.contract.tour import FILES, LINES, Tourist, change

from pullbridge.testing.gitlab.host import GitLab


class GitLabTour:
    """The places, in an order in which each finds what it needs."""

    def __init__(self, host: GitLab) -> None:
        self.host = host
        host.version = "19.5.0-ee"  # the newest, which has all operations
        self.app = host.repository("octo/app", files=FILES)
        self.ada, self.bob = self.tourist("ada"), self.tourist("bob")
        self.app.members(ada="admin", bob="write")
        self.project = "/projects/octo%2Fapp"
        self.pull = f"{self.project}/merge_requests/1"

    def tourist(self, user: str) -> Tourist:
        """Somebody with a token."""
        return Tourist(self.host, user, accept="application/json")

    def walk(self) -> None:
        """Go everywhere."""
        self.instance()
        self.merge_requests()
        self.notes()
        self.discussions()
        self.drafts()
        self.suggestions()
        self.approvals()
        self.labels_and_milestones()
        self.pipelines()
        self.repository()
        self.forks()
        self.trains()
        self.merging()
        self.refusals()
        self.ending()
        self.ada.close()
        self.bob.close()

    def instance(self) -> None:
        """The server, the people, the groups, the projects."""
        for path in (
            "/version",
            "/metadata",
            "/personal_access_tokens/self",
            "/user",
            "/users?username=bob",
            "/projects",
        ):
            self.ada.get(path)
        self.me = self.ada.get("/user")["id"]
        self.ada.get(f"/users/{self.me}")
        self.ada.get("/projects", params={"pagination": "keyset", "order_by": "id", "sort": "asc", "per_page": 1})
        for path in ("", "/members", "/members/all", "/merge_requests", "/projects"):
            self.ada.get(f"/groups/octo{path}")
        for path in ("", "/users", "/members", f"/members/{self.me}", "/members/all", f"/members/all/{self.me}"):
            self.ada.get(f"{self.project}{path}")

    def merge_requests(self) -> None:
        """Open, list, read, edit, close and reopen."""
        change(self.app, "fix/edge")
        body = {"title": "Draft: Fix", "source_branch": "fix/edge", "target_branch": "main", "description": "Text"}
        more = {"labels": "bug", "assignee_ids": [self.me], "reviewer_ids": [self.me], "remove_source_branch": True}
        made = self.ada.send("POST", f"{self.project}/merge_requests", body | more)
        assert (made["iid"], made["diff_refs"]) == (1, None), "the diff is made a moment later"
        self.host.knobs.preparation_reads = 0
        for query in ("", "?with_labels_details=true", "?state=opened&order_by=updated_at&per_page=1"):
            self.ada.get(f"{self.project}/merge_requests{query}")
        self.ada.get("/merge_requests", params={"scope": "all", "reviewer_username": "ada"})
        self.ada.get(self.pull)
        extras = ("render_html", "include_diverged_commits_count", "include_rebase_in_progress")
        self.ada.get(self.pull, params=dict.fromkeys(extras, "true"))
        for name in ("changes", "commits", "diffs", "versions", "participants", "reviewers"):
            self.ada.get(f"{self.pull}/{name}")
        self.ada.get(f"{self.pull}/versions/{self.ada.get(f'{self.pull}/versions')[0]['id']}")
        assert self.ada.call("GET", f"{self.pull}/raw_diffs").text.startswith("diff --git")
        for event in ("close", "reopen"):
            self.ada.send("PUT", self.pull, {"state_event": event})
        self.ada.send("PUT", self.pull, {"title": "Fix", "discussion_locked": True, "reviewer_ids": [0]})
        self.ada.send("PUT", self.pull, {"discussion_locked": False})
        for word in ("subscribe", "unsubscribe"):
            self.bob.send("POST", f"{self.pull}/{word}")
        self.ada.get(f"{self.pull}/merge_ref")

    def notes(self) -> None:
        """Notes on the whole, and what one shows of them."""
        notes = f"{self.pull}/notes"
        note = self.bob.send("POST", notes, {"body": "Hello"})["id"]
        self.bob.send("PUT", f"{notes}/{note}", {"body": "Hello again"})
        self.ada.get(notes, params={"sort": "asc", "order_by": "created_at"})
        self.ada.get(f"{notes}/{note}")
        assert self.bob.call("POST", notes, {"body": "/title Fix"}).status_code == 202, "nothing but a command"
        for path in (f"{notes}/{note}", self.pull):
            emoji = self.ada.send("POST", f"{path}/award_emoji", {"name": "rocket"})["id"]
            self.ada.get(f"{path}/award_emoji")
            self.ada.get(f"{path}/award_emoji/{emoji}")
            self.ada.send("DELETE", f"{path}/award_emoji/{emoji}")
        self.bob.send("DELETE", f"{notes}/{note}")

    def position(self, **line: Any) -> dict[str, Any]:
        """A position in the diff of today."""
        refs = self.ada.get(self.pull)["diff_refs"]
        return {"position_type": "text", "old_path": "src/edge.py", "new_path": "src/edge.py", **refs, **line}

    def discussions(self) -> None:
        """Comment on the whole, on lines of every kind, on a range, on a file; answer, edit, settle, delete."""
        places = f"{self.pull}/discussions"
        self.bob.send("POST", places, {"body": "On the whole."})
        for line in ({"new_line": 4}, {"old_line": 20}, {"old_line": 1, "new_line": 1}):
            self.bob.send("POST", places, {"body": "Here?", "position": self.position(**line)})
        file = self.position() | {"position_type": "file", "old_path": "added.txt", "new_path": "added.txt"}
        self.bob.send("POST", places, {"body": "This file.", "position": file})
        one = self.bob.send("POST", places, {"body": "These.", "position": self.ranged()})
        path = f"{places}/{one['id']}"
        self.ada.get(path)
        self.ada.get(f"{path}/notes")
        note = self.ada.send("POST", f"{path}/notes", {"body": "Because."})["id"]
        self.ada.get(f"{path}/notes/{note}")
        self.ada.send("PUT", f"{path}/notes/{note}", {"body": "Because of that."})
        for resolved in (True, False):
            self.ada.send("PUT", path, {"resolved": resolved})
        self.ada.send("DELETE", f"{path}/notes/{note}")
        self.app.commit("fix/edge", {"src/edge.py": LINES.replace("line 3\n", "line three\n")}, message="Outdate")
        self.ada.get(self.pull)
        self.ada.get(places)

    def ranged(self) -> dict[str, Any]:
        """A range of two added lines, with the codes that GitLab knows lines by: the path's SHA-1 and both numbers."""
        file = hashlib.sha1(b"src/edge.py", usedforsecurity=False).hexdigest()
        ends = [{"line_code": f"{file}_4_{new}", "type": "new", "new_line": new} for new in (3, 4)]
        return self.position(new_line=4, line_range={"start": ends[0], "end": ends[1]})

    def drafts(self) -> None:
        """A pending review: drafted, changed, dropped, published one by one and all at once."""
        drafts = f"{self.pull}/draft_notes"
        one = self.bob.send("POST", drafts, {"note": "Draft.", "position": self.position(new_line=3)})["id"]
        self.bob.get(drafts)
        self.bob.get(f"{drafts}/{one}")
        self.bob.send("PUT", f"{drafts}/{one}", {"note": "Draft!", "position": self.position(new_line=3)})
        self.bob.send("PUT", f"{drafts}/{one}/publish")
        threads = self.bob.get(f"{self.pull}/discussions")
        thread = next(each["id"] for each in threads if not each["individual_note"])
        answer = {"note": "An answer.", "in_reply_to_discussion_id": thread, "resolve_discussion": True}
        self.bob.send("POST", drafts, answer)
        self.bob.send("POST", f"{drafts}/bulk_publish", {"reviewer_state": "reviewed", "note": "All of it."})
        two = self.bob.send("POST", drafts, {"note": "Never mind."})["id"]
        self.bob.send("DELETE", f"{drafts}/{two}")

    def suggestions(self) -> None:
        """Propose, and apply one and then two."""
        made = []
        for line in (3, 5, 7):
            body = {"body": f"```suggestion:-0+0\nline {line}!\n```", "position": self.position(**_both(line))}
            made.append(self.bob.send("POST", f"{self.pull}/discussions", body)["notes"][0]["suggestions"][0]["id"])
        self.ada.send("PUT", f"/suggestions/{made[0]}/apply", {"commit_message": "Take it"})
        self.ada.send("PUT", "/suggestions/batch_apply", {"ids": made[1:]})
        self.ada.get(self.pull)

    def approvals(self) -> None:
        """Approve, take it back, look at what is needed."""
        self.app.require("main", reviews=1)
        sha = self.ada.get(self.pull)["sha"]
        for path in ("approvals", "approval_state", "approval_rules"):
            self.ada.get(f"{self.pull}/{path}")
        self.bob.send("POST", f"{self.pull}/approve", {"sha": sha})
        self.ada.get(f"{self.pull}/approval_state")
        self.ada.get(f"{self.pull}/reviewers")
        self.bob.send("POST", f"{self.pull}/unapprove")
        self.bob.send("POST", f"{self.pull}/approve")
        token = self.host.token("project-bot", kind="project")
        robot = self.tourist("project-bot")
        robot.signed(token)
        self.app.members(ada="admin", bob="write", **{"project-bot": "maintain"})
        robot.send("PUT", f"{self.pull}/reset_approvals")
        robot.close()
        assert self.ada.call("POST", f"{self.pull}/approvals", {"approvals_required": 2}).status_code == 403
        self.app.require("main")

    def labels_and_milestones(self) -> None:
        """Labels and milestones, and the events that they leave."""
        labels, stones = f"{self.project}/labels", f"{self.project}/milestones"
        self.ada.send("POST", labels, {"name": "a label", "color": "#ff0000", "description": "Wrong"})
        self.ada.get(labels)
        self.ada.get(f"{labels}/a%20label")
        stone = self.ada.send("POST", stones, {"title": "v1", "due_date": "2027-01-02"})["id"]
        self.ada.get(stones, params={"title": "v1", "include_ancestors": "true"})
        self.ada.get(f"{stones}/{stone}")
        self.ada.send("PUT", self.pull, {"add_labels": "a label", "remove_labels": "bug", "milestone_id": stone})
        self.ada.get(f"{stones}/{stone}/merge_requests")
        self.ada.send("PUT", self.pull, {"milestone_id": 0})
        for kind in ("label", "milestone", "state"):
            events = f"{self.pull}/resource_{kind}_events"
            self.ada.get(f"{events}/{self.ada.get(events)[0]['id']}")
        self.ada.send("DELETE", f"{labels}/a%20label")

    def pipelines(self) -> None:
        """Jobs, statuses of others, pipelines."""
        head = self.app.head("fix/edge")
        for word in ("success", "failed", "running", "manual"):
            self.host.job("octo/app", head, f"job {word}", word, allow_failure=word == "failed")
        status = {"state": "success", "name": "ci/unit", "target_url": "https://ci.example/1", "description": "Good"}
        self.ada.send("POST", f"{self.project}/statuses/{head}", status)
        self.ada.get(f"{self.project}/repository/commits/{head}/statuses", params={"all": "true"})
        number = self.ada.get(self.pull)["head_pipeline"]["id"]
        self.ada.get(f"{self.pull}/pipelines")
        self.ada.get(f"{self.project}/pipelines", params={"sha": head})
        for path in ("", "/jobs", "/bridges"):
            self.ada.get(f"{self.project}/pipelines/{number}{path}")
        self.ada.send("POST", f"{self.pull}/pipelines")

    def repository(self) -> None:
        """Branches, commits, files, comparisons."""
        git, head = f"{self.project}/repository", self.app.head("fix/edge")
        self.ada.get(f"{git}/branches", params={"search": "fix", "per_page": 1})
        self.ada.get(f"{git}/branches/fix%2Fedge")
        self.ada.send("POST", f"{git}/branches", {"branch": "some/branch", "ref": head})
        self.ada.send("DELETE", f"{git}/branches/some%2Fbranch")
        self.ada.get(f"{git}/commits", params={"ref_name": "fix/edge"})
        for path in ("", "/diff", "/refs", "/merge_requests"):
            self.ada.get(f"{git}/commits/{head}{path}")
        self.ada.get(f"{git}/compare", params={"from": "main", "to": "fix/edge"})
        self.ada.get(f"{git}/merge_base", params={"refs[]": ["main", "fix/edge"]})
        blob = next(row for row in self.ada.get(f"{git}/tree", params={"ref": "main"}) if row["type"] == "blob")
        self.ada.get(f"{git}/blobs/{blob['id']}")
        self.ada.call("GET", f"{git}/blobs/{blob['id']}/raw")
        self._files(f"{git}/files/made%2Etxt", f"{git}/commits")
        self.app.require("main", checks=("ci/unit",))
        self.ada.get(f"{self.project}/protected_branches")
        self.ada.get(f"{self.project}/protected_branches/main")
        self.app.require("main")
        self.app.commit("main", {".gitlab/merge_request_templates/Default.md": "Why?\n"})
        self.ada.get(f"{self.project}/templates/merge_requests")
        self.ada.get(f"{self.project}/templates/merge_requests/Default")

    def _files(self, file: str, commits: str) -> None:
        words = {"branch": "fix/edge", "commit_message": "Write"}
        self.ada.send("POST", file, {**words, "content": "made\n"})
        self.ada.get(file, params={"ref": "fix/edge"})
        self.ada.call("GET", f"{file}/raw", params={"ref": "fix/edge"})
        self.ada.send("PUT", file, {**words, "content": b64encode(b"other\n").decode(), "encoding": "base64"})
        self.ada.send("DELETE", f"{file}?branch=fix%2Fedge&commit_message=Drop")
        action = {"action": "create", "file_path": "more.txt", "content": "more\n"}
        self.ada.send("POST", commits, {**words, "actions": [action]})

    def forks(self) -> None:
        """A fork, a merge request from it, and the same once the fork is gone."""
        self.bob.send("POST", f"{self.project}/fork")
        self.ada.get("/projects/bob%2Fapp")
        self.ada.get(f"{self.project}/forks")
        change(self.host.fork("octo/app", "cleo"), "topic")
        target = self.ada.get(self.project)["id"]
        cleo = self.tourist("cleo")
        body = {"title": "From afar", "source_branch": "topic", "target_branch": "main", "target_project_id": target}
        made = cleo.send("POST", "/projects/cleo%2Fapp/merge_requests", body)
        cleo.close()
        self.host.delete_fork("cleo/app")
        self.host.delete_user("cleo")
        pull = f"{self.project}/merge_requests/{made['iid']}"
        for path in ("", "/diffs", "/commits", "/approvals"):
            self.ada.get(f"{pull}{path}")
        self.ada.get(f"{self.project}/merge_requests")

    def opened(self, name: str) -> str:
        """A merge request of its own; where it is."""
        change(self.app, f"topic/{name}", name=f"{name}.txt")
        body = {"title": name, "source_branch": f"topic/{name}", "target_branch": "main"}
        return f"{self.project}/merge_requests/{self.ada.send('POST', f'{self.project}/merge_requests', body)['iid']}"

    def trains(self) -> None:
        """Stand in a queue."""
        self.app.require("main", checks=("ci/unit",), queue=True)
        trains, pull = f"{self.project}/merge_trains", self.opened("train")
        number, sha = pull.rpartition("/")[2], self.ada.get(pull)["sha"]
        self.host.job("octo/app", sha, "ci/unit", "success")
        self.ada.send("POST", f"{trains}/merge_requests/{number}", {"sha": sha, "auto_merge": True})
        for path in ("", "/main", f"/merge_requests/{number}"):
            self.ada.get(f"{trains}{path}")
        self.app.require("main")

    def merging(self) -> None:
        """Rebase, merge now, later and never, with and without a squash."""
        self.app.commit("main", {"other.txt": "moved on\n"}, message="Move on")
        assert self.ada.call("PUT", f"{self.opened('rebase')}/rebase").status_code == 202
        for squash in (True, False):
            pull = self.opened(f"squash-{squash}")
            words = {"squash": squash, "sha": self.ada.get(pull)["sha"], "should_remove_source_branch": True}
            assert self.ada.send("PUT", f"{pull}/merge", words)["state"] == "merged"
            self.ada.get(pull)
        self.app.require("main", checks=("ci/unit",))
        for cancel in ("cancel_merge_when_pipeline_succeeds", "cancel_auto_merge"):
            pull = self.opened(cancel)
            self.host.job("octo/app", self.app.head(f"topic/{cancel}"), "job", "running")
            sha = self.ada.get(pull)["sha"]
            self.ada.send("PUT", f"{pull}/merge", {"auto_merge": True, "sha": sha})
            self.ada.send("POST", f"{pull}/{cancel}")
        nothing = self.ada.send("POST", f"{self.pull}/cancel_merge_when_pipeline_succeeds")
        assert (nothing["status"], nothing["http_status"]) == ("error", 406)
        self.app.require("main")

    def refusals(self) -> None:
        """Every kind of no."""
        known = {"title": "T", "source_branch": "fix/edge", "target_branch": "main"}
        wrong: list[tuple[str, str, Any]] = [
            ("GET", "/projects/octo%2Fnone", None),
            ("GET", f"{self.project}/merge_requests/999", None),
            ("GET", f"{self.project}/merge_requests?state=none", None),
            ("GET", f"{self.project}/repository/files/none.txt?ref=main", None),
            ("GET", "/no/such/operation", None),
            ("POST", f"{self.project}/merge_requests", known),
            ("POST", f"{self.project}/merge_requests", {**known, "source_branch": "nowhere"}),
            ("POST", f"{self.project}/merge_requests", {"title": "T"}),
            ("POST", f"{self.pull}/discussions", {"body": "B", "position": self.position(new_line=9999)}),
            ("POST", f"{self.pull}/notes", {"body": ""}),
            ("POST", f"{self.pull}/approve", {"sha": "0" * 40}),
            ("PUT", f"{self.pull}/merge", {"sha": "0" * 40}),
            ("POST", f"{self.project}/repository/branches", {"branch": "main", "ref": "main"}),
        ]
        for method, path, body in wrong:
            assert self.ada.call(method, path, body).status_code >= 400, (method, path, body)
        weak = self.tourist("ada")
        weak.signed(self.host.token("ada", scopes=("read_api",)))
        assert weak.call("POST", f"{self.pull}/notes", {"body": "B"}).status_code == 403
        weak.signed("wrong")
        assert weak.call("GET", "/user").status_code == 401
        weak.close()

    def ending(self) -> None:
        """Pages, a confirmed answer, a deletion, a project that was renamed, and a token that revokes itself."""
        first = self.ada.call("GET", f"{self.project}/merge_requests", params={"state": "all", "per_page": 1})
        assert first.headers["X-Next-Page"] == "2"
        answer = self.ada.call("GET", self.pull)
        again = self.ada.call("GET", self.pull, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        self.ada.send("DELETE", self.opened("delete"))
        self.host.rename("octo/app", "octo/tool")
        assert self.ada.call("GET", self.pull).status_code == 301
        assert self.ada.call("POST", f"{self.pull}/notes", {"body": "B"}).status_code == 405
        self.bob.send("DELETE", "/personal_access_tokens/self")


def _both(line: int) -> dict[str, int]:
    """The numbers of a line of the edited file after `Outdate`: line 3 alone is new."""
    return {"new_line": line} if line == 3 else {"old_line": line, "new_line": line}
