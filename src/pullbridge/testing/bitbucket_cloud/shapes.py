"""The store's records in Bitbucket's shapes: people, workspaces, repositories, branches and commits.

https://developer.atlassian.com/cloud/bitbucket/rest/
"""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pullbridge.testing.bitbucket_cloud.identity import account_id, project_uuid, uuid_of, workspace_uuid
from pullbridge.testing.git import Commit
from pullbridge.testing.store import Repository, Store, User, UserKind

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_cloud.app import App

Json = dict[str, Any]

#: How long the hashes are that stand in pull requests.
SHORT = 12


def stamp(when: datetime) -> str:
    """A time as Bitbucket writes it: microseconds and `+00:00`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")


def stamp_or_none(when: datetime | None) -> str | None:
    """The same, where there may be none."""
    return None if when is None else stamp(when)


def second(when: datetime) -> str:
    """The time of a commit: to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def rendered(text: str) -> Json:
    """A text as it was written, and as HTML."""
    shown = f"<p>{html.escape(text)}</p>" if text else ""
    return {"type": "rendered", "raw": text, "markup": "markdown", "html": shown}


def link(url: str) -> Json:
    """One link."""
    return {"href": url}


class RecordShapes:
    """How records look from one address (`api`, `web`: without a slash at the end) to one viewer."""

    def __init__(self, app: App, *, api: str, web: str, viewer: User | None) -> None:
        self.app = app
        self.store: Store = app.store
        self.api = api
        self.web = web
        self.viewer = viewer
        self._users: dict[User, Json] = {}
        self._repositories: dict[Repository, Json] = {}

    def repository_url(self, repository: Repository) -> str:
        """A repository's address in the API."""
        return f"{self.api}/repositories/{repository.path}"

    def web_url(self, repository: Repository) -> str:
        """A repository's web page."""
        return f"{self.web}/{repository.path}"

    # -- people --------------------------------------------------------------------------------------------------------

    def user(self, user: User) -> Json:
        """`user`, or `app_user` for what no person is behind."""
        if user not in self._users:
            self._users[user] = self._user(user)
        return self._users[user]

    def user_or_none(self, user: User | None) -> Json | None:
        """The same, where there may be nobody."""
        return None if user is None else self.user(user)

    def _user(self, user: User) -> Json:
        uuid = quote(uuid_of(user))
        links = {
            "self": link(f"{self.api}/users/{uuid}"),
            "avatar": link(f"https://avatar-management--avatars.us-west-2.prod.public.atl-paas.net/{user.id}/128"),
            "html": link(f"{self.web}/{uuid}/"),
        }
        # what a closed account is called is unverified
        name = "Former user" if user.deleted else user.name
        if user.kind is UserKind.BOT:
            shown: Json = {"display_name": name, "links": links, "type": "app_user", "uuid": uuid_of(user)}
            shown |= {"account_id": account_id(user), "kind": self.app.bots.get(user, "repository_access_token")}
            return shown | {"account_status": "active", "created_on": stamp(user.created_at)}
        shown = {"display_name": name, "links": links, "type": "user", "uuid": uuid_of(user)}
        return shown | {"account_id": account_id(user), "nickname": name if user.deleted else self.app.nickname(user)}

    def full_user(self, user: User) -> Json:
        """What `/users/{}` and `/user` answer."""
        shown = self.user(user)
        links = shown["links"] | {
            "repositories": link(f"{self.api}/repositories/{quote(uuid_of(user))}"),
            "snippets": link(f"{self.api}/snippets/{quote(uuid_of(user))}"),
        }
        more = {"created_on": stamp(user.created_at), "account_status": self.app.account_status(user)}
        return shown | more | {"links": links, "location": None, "is_staff": False}

    # -- workspaces and repositories -----------------------------------------------------------------------------------

    def workspace_base(self, owner: User) -> Json:
        """`workspace_base`."""
        links = {
            "avatar": link(f"{self.web}/workspaces/{owner.handle}/avatar/"),
            "html": link(f"{self.web}/{owner.handle}/"),
            "self": link(f"{self.api}/workspaces/{owner.handle}"),
        }
        uuid = workspace_uuid(owner)
        return {"type": "workspace", "uuid": uuid, "name": owner.name, "slug": owner.handle, "links": links}

    def workspace(self, owner: User) -> Json:
        """`workspace`."""
        shown = self.workspace_base(owner)
        url = f"{self.api}/workspaces/{owner.handle}"
        more = {name: link(f"{url}/{name}") for name in ("members", "projects", "permissions", "hooks")}
        links = shown["links"] | more | {"repositories": link(f"{self.api}/repositories/{owner.handle}")}
        created = stamp(owner.created_at)
        flags = {"is_private": True, "is_privacy_enforced": False, "forking_mode": "allow_forks"}
        return shown | {"links": links, "created_on": created, "updated_on": created} | flags

    def owner(self, owner: User) -> Json:
        """Whoever a workspace belongs to: a person, or else a team."""
        if owner.kind is not UserKind.ORGANIZATION:
            return self.user(owner)
        links = self.workspace_base(owner)["links"] | {"self": link(f"{self.api}/workspaces/{owner.handle}")}
        shown = {"display_name": owner.name, "type": "team", "uuid": workspace_uuid(owner), "username": owner.handle}
        return shown | {"links": links}

    def repository_base(self, repository: Repository) -> Json:
        """A repository as it is inside of other things."""
        if repository not in self._repositories:
            links = {
                "self": link(self.repository_url(repository)),
                "html": link(self.web_url(repository)),
                "avatar": link(f"https://bytebucket.org/ravatar/{quote(uuid_of(repository))}?ts=default"),
            }
            self._repositories[repository] = {
                "type": "repository",
                "full_name": repository.path,
                "links": links,
                "name": repository.name,
                "uuid": uuid_of(repository),
            }
        return self._repositories[repository]

    def repository(self, repository: Repository) -> Json:
        """`repository`."""
        base, url = self.repository_base(repository), self.repository_url(repository)
        below = ("commits", "downloads", "forks", "hooks", "pullrequests", "watchers")
        links = base["links"] | {name: link(f"{url}/{name}") for name in below}
        links |= {
            "branches": link(f"{url}/refs/branches"),
            "source": link(f"{url}/src"),
            "clone": [
                {"name": "https", "href": f"{self.web_url(repository)}.git"},
                {"name": "ssh", "href": f"git@bitbucket.org:{repository.path}.git"},
            ],
        }
        parent = repository.parent
        shown: Json = base | {
            "links": links,
            "scm": "git",
            "slug": repository.name,
            "is_private": repository.private,
            "fork_policy": "allow_forks",
            "description": repository.description or "",
            "owner": self.owner(repository.owner),
            "workspace": self.workspace_base(repository.owner),
            "project": self.project(repository.owner),
            "parent": None if parent is None or parent.deleted else self.repository_base(parent),
            "mainbranch": {"type": "branch", "name": repository.default_branch},
            "language": "",
            "size": 4096,
            "has_issues": False,
            "has_wiki": False,
            "created_on": stamp(repository.created_at),
            "updated_on": stamp(repository.pushed_at or repository.created_at),
        }
        return shown

    def project(self, owner: User) -> Json:
        """The one project of a workspace."""
        links = {
            "self": link(f"{self.api}/workspaces/{owner.handle}/projects/PROJ"),
            "html": link(f"{self.web}/{owner.handle}/workspace/projects/PROJ"),
            "avatar": link(f"{self.web}/{owner.handle}/workspace/projects/PROJ/avatar/32"),
        }
        return {"type": "project", "key": "PROJ", "uuid": project_uuid(owner), "name": "Project", "links": links}

    # -- commits and branches ------------------------------------------------------------------------------------------

    def commit_links(self, repository: Repository, name: str) -> Json:
        """Where a commit is, by the name that it goes by here."""
        return {
            "self": link(f"{self.repository_url(repository)}/commit/{name}"),
            "html": link(f"{self.web_url(repository)}/commits/{name}"),
        }

    def commit_base(self, repository: Repository, sha: str, digits: int = 40) -> Json:
        """A commit as it is inside of other things."""
        name = sha[:digits]
        return {"type": "commit", "hash": name, "links": self.commit_links(repository, name)}

    def commit(self, repository: Repository, commit: Commit) -> Json:
        """`commit`."""
        url = f"{self.repository_url(repository)}"
        links = self.commit_links(repository, commit.sha) | {
            "diff": link(f"{url}/diff/{commit.sha}"),
            "patch": link(f"{url}/patch/{commit.sha}"),
            "approve": link(f"{url}/commit/{commit.sha}/approve"),
            "comments": link(f"{url}/commit/{commit.sha}/comments"),
            "statuses": link(f"{url}/commit/{commit.sha}/statuses"),
        }
        author: Json = {"type": "author", "raw": f"{commit.author.name} <{commit.author.email}>"}
        known = self.store.people.by_email(commit.author.email)
        if known is not None:
            author["user"] = self.user(known)
        message = f"{commit.message}\n"
        return {
            "type": "commit",
            "hash": commit.sha,
            "date": second(commit.committer.at),
            "author": author,
            "message": message,
            "summary": rendered(message),
            "links": links,
            "parents": [self.commit_base(repository, parent) for parent in commit.parents],
            "rendered": {"message": rendered(message)},
            "repository": self.repository_base(repository),
        }

    def branch(self, repository: Repository, name: str, sha: str) -> Json:
        """`branch`."""
        path, url = quote(name), self.repository_url(repository)
        links = {
            "self": link(f"{url}/refs/branches/{path}"),
            "commits": link(f"{url}/commits/{path}"),
            "html": link(f"{self.web_url(repository)}/branch/{path}"),
        }
        target = self.commit(repository, repository.git.commit(sha))
        return {"type": "branch", "name": name, "target": target, "links": links, **self.strategies(repository)}

    def strategies(self, repository: Repository) -> Json:
        """How pull requests are merged into a branch."""
        allowed = self.app.strategies(repository)
        return {"merge_strategies": list(allowed), "default_merge_strategy": allowed[0]}
