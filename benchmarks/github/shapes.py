"""GitHub's REST answers in full size: what a client has to receive and decode, whether it reads it or not.

The keys are those of https://github.com/github/rest-api-description; a row of the list of pull requests has 20 kB.
"""

from __future__ import annotations

from benchmarks.data import (
    COMMENTS,
    COMMITS,
    FILES,
    PEOPLE,
    PULLS,
    REPLIES,
    WAITING_EACH,
    Json,
    file_path,
    moment,
    oid,
    patch,
    prose,
)

REVIEWS = 8


class Shapes:
    """Answers whose links point at `api` (an address without a slash at the end)."""

    def __init__(self, api: str, web: str) -> None:
        self.api = api
        self.web = web
        self._people = {login: self._person(login, 100 + at) for at, login in enumerate(PEOPLE)}
        self._repositories: dict[str, Json] = {}

    def person(self, index: int) -> Json:
        """`simple-user`."""
        return self._people[PEOPLE[index % len(PEOPLE)]]

    def _person(self, login: str, number: int) -> Json:
        url = f"{self.api}/users/{login}"
        links = {
            "followers_url": "/followers",
            "following_url": "/following{/other_user}",
            "gists_url": "/gists{/gist_id}",
            "starred_url": "/starred{/owner}{/repo}",
            "subscriptions_url": "/subscriptions",
            "organizations_url": "/orgs",
            "repos_url": "/repos",
            "events_url": "/events{/privacy}",
            "received_events_url": "/received_events",
        }
        return {
            "login": login,
            "id": number,
            "node_id": f"U_{number}",
            "avatar_url": f"{self.web}/avatars/u/{number}?v=4",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self.web}/{login}",
            **{name: url + rest for name, rest in links.items()},
            "type": "User",
            "user_view_type": "public",
            "site_admin": False,
        }

    def viewer(self) -> Json:
        """`private-user`, who is signed in."""
        said = ("company", "location", "email", "hireable", "bio")
        counted = ("public_repos", "public_gists", "followers", "following", "private_gists", "total_private_repos")
        return {
            **self.person(0),
            "name": "Octo",
            "blog": "",
            **dict.fromkeys(said),
            **dict.fromkeys((*counted, "owned_private_repos", "disk_usage", "collaborators"), 0),
            "two_factor_authentication": True,
            "created_at": moment(0),
            "updated_at": moment(0),
        }

    def whole_repository(self, path: str) -> Json:
        """`full-repository`, as `GET /repos/{owner}/{repo}` gives it."""
        return {**self.repository(path), "network_count": 9, "subscribers_count": 42}

    def repository(self, path: str) -> Json:
        """`repository`, as both sides of a pull request have it."""
        if path not in self._repositories:
            self._repositories[path] = self._repository(path)
        return self._repositories[path]

    def _repository(self, path: str) -> Json:
        url, page = f"{self.api}/repos/{path}", f"{self.web}/{path}"
        return {
            "id": 4242,
            "node_id": "R_4242",
            "name": path.partition("/")[2],
            "full_name": path,
            "private": False,
            "owner": self.person(0),
            "html_url": page,
            "description": prose(7, 14),
            "fork": False,
            "url": url,
            **{name: url + rest for name, rest in _REPOSITORY_LINKS.items()},
            "created_at": moment(0),
            "updated_at": moment(1),
            "pushed_at": moment(2),
            "git_url": f"git://{page.partition('://')[2]}.git",
            "ssh_url": f"git@{page.partition('://')[2].replace('/', ':', 1)}.git",
            "clone_url": f"{page}.git",
            "svn_url": page,
            "homepage": "https://example.org",
            "size": 1080,
            "stargazers_count": 80,
            "watchers_count": 80,
            "language": "Python",
            **dict.fromkeys(("has_issues", "has_projects", "has_downloads", "has_wiki"), True),
            "has_pages": False,
            "has_discussions": False,
            "forks_count": 9,
            "mirror_url": None,
            "archived": False,
            "disabled": False,
            "open_issues_count": PULLS,
            "license": {
                "key": "mit",
                "name": "MIT License",
                "spdx_id": "MIT",
                "url": f"{self.api}/licenses/mit",
                "node_id": "L_13",
            },
            "allow_forking": True,
            "is_template": False,
            "web_commit_signoff_required": False,
            "topics": ["review", "pull-requests"],
            "visibility": "public",
            "forks": 9,
            "open_issues": PULLS,
            "watchers": 80,
            "default_branch": "main",
            **dict.fromkeys(("allow_merge_commit", "allow_squash_merge", "allow_rebase_merge"), True),
            "permissions": {"admin": False, "maintain": False, "push": True, "triage": True, "pull": True},
        }

    def pull_row(self, path: str, number: int) -> Json:
        """`pull-request-simple`, a row of a list."""
        repo = self.repository(path)
        url, page = f"{repo['url']}/pulls/{number}", f"{repo['html_url']}/pull/{number}"
        issue = f"{repo['url']}/issues/{number}"
        links = {
            "self": url,
            "html": page,
            "issue": issue,
            "comments": f"{issue}/comments",
            "review_comments": f"{url}/comments",
            "review_comment": f"{repo['url']}/pulls/comments{{/number}}",
            "commits": f"{url}/commits",
            "statuses": f"{repo['url']}/statuses/{oid('head', number)}",
        }
        return {
            "url": url,
            "id": 10_000 + number,
            "node_id": f"PR_{number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "issue_url": issue,
            "number": number,
            "state": "open",
            "locked": False,
            "title": f"{number}: {prose(number, 7)}",
            "user": self.person(number),
            "body": prose(number, 120),
            "labels": [self._label(repo, name) for name in ("bug", "needs review")],
            "milestone": self._milestone(repo),
            "active_lock_reason": None,
            "created_at": moment(number + 60),
            "updated_at": moment(number),
            "closed_at": None,
            "merged_at": None,
            "merge_commit_sha": oid("test merge", number),
            "assignee": self.person(1),
            "assignees": [self.person(1), self.person(2)],
            "requested_reviewers": [self.person(0 if number <= WAITING_EACH else 4), self.person(3)],
            "requested_teams": [],
            "head": self._side(path, f"topic/{number}", oid("head", number)),
            "base": self._side(path, "main", oid("base")),
            "draft": False,
            "commits_url": links["commits"],
            "review_comments_url": links["review_comments"],
            "review_comment_url": links["review_comment"],
            "comments_url": links["comments"],
            "statuses_url": links["statuses"],
            "_links": {name: {"href": address} for name, address in links.items()},
            "author_association": "MEMBER",
            "auto_merge": None,
        }

    def pull(self, path: str, number: int) -> Json:
        """`pull-request`: a row, and what only the single answer has."""
        return {
            **self.pull_row(path, number),
            "merged": False,
            "mergeable": True,
            "rebaseable": True,
            "mergeable_state": "clean",
            "merged_by": None,
            "comments": 0,
            "review_comments": COMMENTS,
            "maintainer_can_modify": False,
            "commits": COMMITS,
            "additions": FILES * 5,
            "deletions": FILES * 3,
            "changed_files": FILES,
        }

    def _side(self, path: str, branch: str, commit: str) -> Json:
        owner = path.partition("/")[0]
        user, repo = self.person(0), self.repository(path)
        return {"label": f"{owner}:{branch}", "ref": branch, "sha": commit, "user": user, "repo": repo}

    def _label(self, repo: Json, name: str) -> Json:
        return {
            "id": 208045946,
            "node_id": "LA_1",
            "url": f"{repo['url']}/labels/{name.replace(' ', '%20')}",
            "name": name,
            "description": prose(3, 6),
            "color": "f29513",
            "default": name == "bug",
        }

    def _milestone(self, repo: Json) -> Json:
        return {
            "url": f"{repo['url']}/milestones/1",
            "html_url": f"{repo['html_url']}/milestone/1",
            "labels_url": f"{repo['url']}/milestones/1/labels",
            "id": 1002604,
            "node_id": "MI_1",
            "number": 1,
            "title": "v1.0",
            "description": prose(4, 10),
            "creator": self.person(2),
            "open_issues": 4,
            "closed_issues": 8,
            "state": "open",
            "created_at": moment(0),
            "updated_at": moment(1),
            "closed_at": None,
            "due_on": moment(9),
        }

    def commit(self, path: str, number: int, index: int) -> Json:
        """`commit`, a row of a pull request's commits."""
        repo, sha = self.repository(path)["url"], oid("head", number) if index == COMMITS - 1 else oid(number, index)
        signature = {"name": "Ada", "email": "ada@example.org", "date": moment(index)}
        parent = oid(number, index - 1) if index else oid("base")
        return {
            "url": f"{repo}/commits/{sha}",
            "sha": sha,
            "node_id": f"C_{sha}",
            "html_url": f"{self.web}/{path}/commit/{sha}",
            "comments_url": f"{repo}/commits/{sha}/comments",
            "commit": {
                "url": f"{repo}/git/commits/{sha}",
                "author": signature,
                "committer": signature,
                "message": f"{prose(index, 7)}\n\n{prose(index, 40)}",
                "tree": {"url": f"{repo}/git/trees/{oid(sha)}", "sha": oid(sha)},
                "comment_count": 0,
                "verification": {
                    "verified": False,
                    "reason": "unsigned",
                    "signature": None,
                    "payload": None,
                    "verified_at": None,
                },
            },
            "author": self.person(1),
            "committer": self.person(1),
            "parents": [{"url": f"{repo}/commits/{parent}", "sha": parent, "html_url": f"{self.web}/commit/{parent}"}],
        }

    def file(self, path: str, number: int, index: int) -> Json:
        """`diff-entry`, a changed file with its patch."""
        name, head, blob = file_path(index), oid("head", number), oid("blob", index)
        repo = self.repository(path)["url"]
        return {
            "sha": blob,
            "filename": name,
            "status": "modified",
            "additions": 5,
            "deletions": 3,
            "changes": 8,
            "blob_url": f"{self.web}/{path}/blob/{head}/{name}",
            "raw_url": f"{self.web}/{path}/raw/{head}/{name}",
            "contents_url": f"{repo}/contents/{name}?ref={head}",
            "patch": patch(index),
        }

    def review_comment(self, path: str, number: int, index: int) -> Json:
        """`pull-request-review-comment`, the `index`th of all threads."""
        repo, pull = self.repository(path)["url"], f"{self.repository(path)['url']}/pulls/{number}"
        thread, reply = divmod(index, REPLIES)
        identity, page = 500_000 + index, f"{self.web}/{path}/pull/{number}#discussion_r{500_000 + index}"
        more = {"in_reply_to_id": 500_000 + thread * REPLIES} if reply else {}
        return {
            "url": f"{repo}/pulls/comments/{identity}",
            "pull_request_review_id": 700_000 + thread % REVIEWS,
            "id": identity,
            "node_id": f"PRRC_{identity}",
            "diff_hunk": "\n".join(patch(thread).split("\n")[:8]),
            "path": file_path(thread),
            "commit_id": oid("head", number),
            "original_commit_id": oid("head", number),
            "user": self.person(index),
            "body": prose(index, 25),
            "created_at": moment(index),
            "updated_at": moment(index),
            "html_url": page,
            "pull_request_url": pull,
            "author_association": "MEMBER",
            "_links": {
                "self": {"href": f"{repo}/pulls/comments/{identity}"},
                "html": {"href": page},
                "pull_request": {"href": pull},
            },
            "reactions": self._reactions(f"{repo}/pulls/comments/{identity}/reactions"),
            "start_line": None,
            "original_start_line": None,
            "start_side": None,
            "line": 14,
            "original_line": 14,
            "side": "RIGHT",
            "position": 6,
            "original_position": 6,
            "subject_type": "line",
            **more,
        }

    def _reactions(self, url: str) -> Json:
        kinds = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
        return {"url": url, "total_count": 0, **dict.fromkeys(kinds, 0)}

    def review(self, path: str, number: int, index: int, state: str = "COMMENTED") -> Json:
        """`pull-request-review`."""
        pull, identity = f"{self.repository(path)['url']}/pulls/{number}", 700_000 + index
        page = f"{self.web}/{path}/pull/{number}#pullrequestreview-{identity}"
        return {
            "id": identity,
            "node_id": f"PRR_{identity}",
            "user": self.person(index),
            "body": prose(index, 15),
            "state": state,
            "html_url": page,
            "pull_request_url": pull,
            "author_association": "MEMBER",
            "_links": {"html": {"href": page}, "pull_request": {"href": pull}},
            "submitted_at": moment(index),
            "commit_id": oid("head", number),
        }

    def check_run(self, path: str, number: int, index: int) -> Json:
        """`check-run`."""
        repo, identity, head = self.repository(path)["url"], 900_000 + index, oid("head", number)
        return {
            "id": identity,
            "name": f"build ({index})",
            "node_id": f"CR_{identity}",
            "head_sha": head,
            "external_id": "",
            "url": f"{repo}/check-runs/{identity}",
            "html_url": f"{self.web}/{path}/runs/{identity}",
            "details_url": f"{self.web}/{path}/actions/runs/{identity}",
            "status": "completed",
            "conclusion": "success",
            "started_at": moment(index),
            "completed_at": moment(index + 3),
            "output": {
                "title": "passed",
                "summary": prose(index, 20),
                "text": None,
                "annotations_count": 0,
                "annotations_url": f"{repo}/check-runs/{identity}/annotations",
            },
            "check_suite": {"id": 5},
            "app": self._app(),
            "pull_requests": [],
        }

    def _app(self) -> Json:
        return {
            "id": 15368,
            "slug": "github-actions",
            "node_id": "A_15368",
            "owner": self.person(0),
            "name": "GitHub Actions",
            "description": "Automate your workflow from idea to production",
            "external_url": f"{self.web}/features/actions",
            "html_url": f"{self.web}/apps/github-actions",
            "created_at": moment(0),
            "updated_at": moment(0),
            "permissions": {"actions": "write", "checks": "write", "contents": "read", "metadata": "read"},
            "events": ["check_run", "push"],
        }

    def status(self, path: str, number: int) -> Json:
        """`combined-commit-status`, without statuses."""
        repo = self.repository(path)
        head = oid("head", number)
        url = f"{repo['url']}/commits/{head}"
        return {
            "state": "pending",
            "statuses": [],
            "sha": head,
            "total_count": 0,
            "repository": {
                name: value for name, value in repo.items() if not name.startswith("allow_") or "fork" in name
            },
            "commit_url": url,
            "url": f"{url}/status",
        }

    def issue(self, path: str, number: int) -> Json:
        """`issue-search-result-item`."""
        repo, row = self.repository(path), self.pull_row(path, number)
        issue = row["issue_url"]
        page = row["html_url"]
        taken = ("id", "node_id", "number", "title", "user", "labels", "state", "assignee", "assignees", "milestone")
        return {
            "url": issue,
            "repository_url": repo["url"],
            "labels_url": f"{issue}/labels{{/name}}",
            "comments_url": f"{issue}/comments",
            "events_url": f"{issue}/events",
            "html_url": page,
            **{name: row[name] for name in taken},
            "locked": False,
            "comments": 0,
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
            "closed_at": None,
            "author_association": "MEMBER",
            "draft": False,
            "pull_request": {
                "url": row["url"],
                "html_url": page,
                "diff_url": row["diff_url"],
                "patch_url": row["patch_url"],
                "merged_at": None,
            },
            "body": row["body"],
            "reactions": self._reactions(f"{issue}/reactions"),
            "timeline_url": f"{issue}/timeline",
            "performed_via_github_app": None,
            "state_reason": None,
            "score": 1.0,
        }


_REPOSITORY_LINKS = {
    "forks_url": "/forks",
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams",
    "hooks_url": "/hooks",
    "issue_events_url": "/issues/events{/number}",
    "events_url": "/events",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "tags_url": "/tags",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages",
    "stargazers_url": "/stargazers",
    "contributors_url": "/contributors",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}",
    "downloads_url": "/downloads",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
    "deployments_url": "/deployments",
}
