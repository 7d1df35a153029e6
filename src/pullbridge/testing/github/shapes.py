"""The store's records in GitHub's shapes: people, repositories and commits here, the rest in the mixins' modules.

Each method gives all the keys that GitHub's OpenAPI document requires (https://github.com/github/rest-api-description).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from pullbridge.testing.diffs import FileDiff
from pullbridge.testing.git import Commit, Signature
from pullbridge.testing.github.node_ids import commit_node_id, encode, node_id
from pullbridge.testing.store import Label, Milestone, Repository, Role, Store, Team, User, UserKind

Json = dict[str, Any]

#: GitHub's own limits for one file's patch: https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits#diff-limits
PATCH_LINES, PATCH_BYTES = 20_000, 500_000

#: The account that stands for deleted ones, with its real number.
GHOST = "ghost"
GHOST_ID = 10137


def stamp(when: datetime) -> str:
    """A time as GitHub writes it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_or_none(when: datetime | None) -> str | None:
    """The same, where there may be none."""
    return None if when is None else stamp(when)


_USER_LINKS = {
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
_REPOSITORY_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


class Shapes:
    """How records look from one address (`api`, `web`: without a slash at the end) to one viewer."""

    def __init__(self, store: Store, *, api: str, web: str, viewer: User | None) -> None:
        self.store = store
        self.api = api
        self.web = web
        self.viewer = viewer
        self._users: dict[User, Json] = {}
        self._repositories: dict[Repository, Json] = {}

    def repo_url(self, repository: Repository) -> str:
        """A repository's address in the API."""
        return f"{self.api}/repos/{repository.path}"

    def web_url(self, repository: Repository) -> str:
        """A repository's web page."""
        return f"{self.web}/{repository.path}"

    # -- people --------------------------------------------------------------------------------------------------------

    def user(self, user: User) -> Json:
        """`simple-user`; the ghost for a deleted account."""
        if user not in self._users:
            self._users[user] = self._ghost() if user.deleted else self._user(user)
        return self._users[user]

    def user_or_null(self, user: User | None) -> Json | None:
        """`nullable-simple-user`: nothing for a deleted account."""
        return None if user is None or user.deleted else self.user(user)

    def _user(self, user: User) -> Json:
        known = self._account(user.handle, user.id, node_id(user), user.kind.value)
        if user.kind is UserKind.BOT:
            known["html_url"] = f"{self.web}/apps/{user.handle.removesuffix('[bot]')}"
        return known

    def _ghost(self) -> Json:
        return self._account(GHOST, GHOST_ID, encode("U", GHOST_ID), "User")

    def _account(self, login: str, number: int, node: str, kind: str) -> Json:
        url = f"{self.api}/users/{quote(login)}"
        return {
            "login": login,
            "id": number,
            "node_id": node,
            "avatar_url": f"{self.web}/avatars/u/{number}",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self.web}/{login}",
            **{name: url + rest for name, rest in _USER_LINKS.items()},
            "type": kind,
            "user_view_type": "public",
            "site_admin": False,
        }

    def public_user(self, user: User) -> Json:
        """`public-user`: what `/users/{username}` answers."""
        created = stamp(user.created_at)
        return {
            **self.user(user),
            "name": user.name,
            "company": None,
            "blog": "",
            "location": None,
            "email": None,
            "hireable": None,
            "bio": None,
            "public_repos": sum(r.owner is user and not r.private for r in self.store.repositories.all()),
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "created_at": created,
            "updated_at": created,
        }

    def private_user(self, user: User) -> Json:
        """`private-user`: what `/user` answers to a token that may read the profile."""
        return {
            **self.public_user(user),
            "email": user.email,
            "user_view_type": "private",
            "private_gists": 0,
            "total_private_repos": 0,
            "owned_private_repos": 0,
            "disk_usage": 0,
            "collaborators": 0,
            "two_factor_authentication": True,
        }

    def team(self, team: Team) -> Json:
        """`team`."""
        return {**self.simple_team(team), "parent": None}

    def simple_team(self, team: Team) -> Json:
        """`team-simple`."""
        url = f"{self.api}/organizations/{team.organization}/team/{team.id}"
        return {
            "id": team.id,
            "node_id": node_id(team),
            "url": url,
            "html_url": f"{self.web}/orgs/{team.organization}/teams/{team.slug}",
            "members_url": f"{url}/members{{/member}}",
            "repositories_url": f"{url}/repos",
            "name": team.slug,
            "slug": team.slug,
            "description": None,
            "privacy": "closed",
            "permission": "pull",
            "notification_setting": "notifications_enabled",
            "type": "organization",
        }

    def association(self, user: User, repository: Repository) -> str:
        """`author_association`: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation"""
        if user.deleted:
            return "NONE"
        if user is repository.owner:
            return "OWNER"
        if self.store.people.role(user, repository) >= Role.WRITE:
            return "MEMBER" if repository.owner.kind is UserKind.ORGANIZATION else "COLLABORATOR"
        merged = any(pull.author is user and pull.state == "merged" for pull in repository.pulls.values())
        return "CONTRIBUTOR" if merged else "NONE"

    # -- repositories --------------------------------------------------------------------------------------------------

    def repository(self, repository: Repository) -> Json:
        """`repository`, which has all that `minimal-repository` has."""
        if repository not in self._repositories:
            self._repositories[repository] = self._repository(repository)
        return self._repositories[repository]

    def _repository(self, repository: Repository) -> Json:
        url, html = self.repo_url(repository), self.web_url(repository)
        host = self.web.partition("://")[2]
        open_pulls = sum(pull.state == "open" for pull in repository.pulls.values())
        forks = len(self.store.repositories.forks(repository))
        pushed = stamp(repository.pushed_at or repository.created_at)
        return {
            "id": repository.id,
            "node_id": node_id(repository),
            "name": repository.name,
            "full_name": repository.path,
            "private": repository.private,
            "owner": self.user(repository.owner),
            "html_url": html,
            "description": repository.description,
            "fork": repository.parent is not None,
            "url": url,
            **{name: url + rest for name, rest in _REPOSITORY_LINKS.items()},
            "created_at": stamp(repository.created_at),
            "updated_at": pushed,
            "pushed_at": pushed,
            "git_url": f"git://{host}/{repository.path}.git",
            "ssh_url": f"git@{host}:{repository.path}.git",
            "clone_url": f"{html}.git",
            "svn_url": html,
            "homepage": None,
            "size": 1,
            "stargazers_count": 0,
            "watchers_count": 0,
            "language": None,
            "has_issues": True,
            "has_projects": True,
            "has_downloads": True,
            "has_wiki": True,
            "has_pages": False,
            "has_discussions": False,
            "forks_count": forks,
            "mirror_url": None,
            "archived": repository.archived,
            "disabled": False,
            "open_issues_count": open_pulls,
            "license": None,
            "allow_forking": True,
            "is_template": False,
            "web_commit_signoff_required": False,
            "topics": [],
            "visibility": "private" if repository.private else "public",
            "forks": forks,
            "open_issues": open_pulls,
            "watchers": 0,
            "default_branch": repository.default_branch,
            **self._permissions(repository),
        }

    def _permissions(self, repository: Repository) -> Json:
        if self.viewer is None:
            return {}
        role = self.store.people.role(self.viewer, repository)
        return {"permissions": self.permissions(role)}

    @staticmethod
    def permissions(role: Role) -> dict[str, bool]:
        """What a role allows, in GitHub's words."""
        steps = {
            "admin": Role.ADMIN,
            "maintain": Role.MAINTAIN,
            "push": Role.WRITE,
            "triage": Role.TRIAGE,
            "pull": Role.READ,
        }
        return {name: role >= least for name, least in steps.items()}

    def full_repository(self, repository: Repository) -> Json:
        """`full-repository`. The merge settings show to those who may push (unverified who exactly sees them)."""
        full = {**self.repository(repository), "temp_clone_token": None, "network_count": 0, "subscribers_count": 0}
        if repository.parent is not None:
            full["parent"] = full["source"] = self.repository(repository.parent)
        if repository.owner.kind is UserKind.ORGANIZATION:
            full["organization"] = self.user(repository.owner)
        if self.store.people.role(self.viewer, repository) >= Role.WRITE:
            full |= {
                "allow_merge_commit": repository.allow_merge,
                "allow_squash_merge": repository.allow_squash,
                "allow_rebase_merge": repository.allow_rebase,
                "allow_auto_merge": repository.allow_auto_merge,
                "delete_branch_on_merge": repository.delete_branch_on_merge,
                "allow_update_branch": True,
                "use_squash_pr_title_as_default": False,
                "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
                "squash_merge_commit_message": "COMMIT_MESSAGES",
                "merge_commit_title": "MERGE_MESSAGE",
                "merge_commit_message": "PR_TITLE",
            }
        return full

    def label(self, repository: Repository, label: Label) -> Json:
        """`label`."""
        return {
            "id": label.id,
            "node_id": node_id(label),
            "url": f"{self.repo_url(repository)}/labels/{quote(label.name)}",
            "name": label.name,
            "color": label.color,
            "default": False,
            "description": label.description,
        }

    def milestone(self, repository: Repository, milestone: Milestone | None) -> Json | None:
        """`nullable-milestone`."""
        if milestone is None:
            return None
        url = f"{self.repo_url(repository)}/milestones/{milestone.number}"
        holders = [pull for pull in repository.pulls.values() if pull.milestone is milestone]
        open_ones = sum(pull.state == "open" for pull in holders)
        return {
            "url": url,
            "html_url": f"{self.web_url(repository)}/milestone/{milestone.number}",
            "labels_url": f"{url}/labels",
            "id": milestone.id,
            "node_id": node_id(milestone),
            "number": milestone.number,
            "state": milestone.state,
            "title": milestone.title,
            "description": milestone.description,
            "creator": self.user_or_null(milestone.creator),
            "open_issues": open_ones,
            "closed_issues": len(holders) - open_ones,
            "created_at": stamp(milestone.created_at),
            "updated_at": stamp(milestone.created_at),
            "closed_at": None,
            "due_on": stamp_or_none(milestone.due_on),
        }

    # -- commits and files ---------------------------------------------------------------------------------------------

    def commit(self, repository: Repository, commit: Commit) -> Json:
        """`commit`, without its files."""
        url, html = self.repo_url(repository), self.web_url(repository)
        return {
            "url": f"{url}/commits/{commit.sha}",
            "sha": commit.sha,
            "node_id": commit_node_id(repository, commit.sha),
            "html_url": f"{html}/commit/{commit.sha}",
            "comments_url": f"{url}/commits/{commit.sha}/comments",
            "commit": {
                "url": f"{url}/git/commits/{commit.sha}",
                "author": _git_user(commit.author),
                "committer": _git_user(commit.committer),
                "message": commit.message,
                "comment_count": 0,
                "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
                "verification": {
                    "verified": False,
                    "reason": "unsigned",
                    "signature": None,
                    "payload": None,
                    "verified_at": None,
                },
            },
            "author": self._account_of(commit.author),
            "committer": self._account_of(commit.committer),
            "parents": [
                {"sha": sha, "url": f"{url}/commits/{sha}", "html_url": f"{html}/commit/{sha}"}
                for sha in commit.parents
            ],
        }

    def _account_of(self, signature: Signature) -> Json | None:
        return self.user_or_null(self.store.people.by_email(signature.email))

    def file(self, repository: Repository, head: str, file: FileDiff) -> Json:
        """`diff-entry`: the patch is the hunks alone, and absent for binary and too large files."""
        url, html = self.repo_url(repository), self.web_url(repository)
        name = quote(file.path)
        shown: Json = {
            "sha": file.sha,
            "filename": file.path,
            "status": file.status,
            "additions": file.additions,
            "deletions": file.deletions,
            "changes": file.additions + file.deletions,
            "blob_url": f"{html}/blob/{head}/{name}",
            "raw_url": f"{html}/raw/{head}/{name}",
            "contents_url": f"{url}/contents/{name}?ref={head}",
        }
        if file.patch and len(file.patch) <= PATCH_BYTES and file.patch.count(b"\n") < PATCH_LINES:
            shown["patch"] = file.patch.decode(errors="replace")
        if file.status in {"renamed", "copied"}:
            shown["previous_filename"] = file.old_path
        return shown


def _git_user(signature: Signature) -> Json:
    return {"name": signature.name, "email": signature.email, "date": stamp(signature.at)}
