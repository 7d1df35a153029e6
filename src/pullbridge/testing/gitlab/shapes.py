"""The store's records in GitLab's shapes: people, groups, projects, labels, milestones and commits.

Each method names the entity that it is (`lib/api/entities/`) and gives the fields that the instance's version has.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pullbridge.testing.git import Commit
from pullbridge.testing.gitlab.roles import level_of
from pullbridge.testing.store import Label, Milestone, Repository, Store, User, UserKind

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

Json = dict[str, Any]


def stamp(when: datetime) -> str:
    """A time as GitLab writes it: with milliseconds."""
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


def stamp_or_none(when: datetime | None) -> str | None:
    """The same, where there may be none."""
    return None if when is None else stamp(when)


class Shapes:
    """How records look from one address (`api`, `web`: without a slash at the end) to one viewer."""

    def __init__(self, app: App, *, api: str, web: str, viewer: User | None) -> None:
        self.app = app
        self.store: Store = app.store
        self.api = api
        self.web = web
        self.viewer = viewer
        self._users: dict[User, Json] = {}

    def at_least(self, *numbers: int) -> bool:
        """Whether the instance is this version or a later one."""
        return self.app.version.at_least(*numbers)

    def project_url(self, project: Repository) -> str:
        """A project's address in the API."""
        return f"{self.api}/projects/{project.id}"

    def web_url(self, project: Repository) -> str:
        """A project's web page."""
        return f"{self.web}/{project.path}"

    @staticmethod
    def stamp(when: datetime) -> str:
        """A time as GitLab writes it."""
        return stamp(when)

    # -- people --------------------------------------------------------------------------------------------------------

    def user(self, user: User) -> Json:
        """`UserBasic`; the ghost for a deleted account."""
        if user not in self._users:
            self._users[user] = self._user(self.app.ghost if user.deleted else user)
        return self._users[user]

    def user_or_null(self, user: User | None) -> Json | None:
        """The same, where there may be nobody."""
        return None if user is None else self.user(user)

    def _user(self, user: User) -> Json:
        shown: Json = {"id": user.id, "username": user.handle}
        if self.at_least(16, 10) and self.viewer is not None:
            shown["public_email"] = None
        shown |= {"name": user.name, "state": "active"}
        if self.at_least(16, 0):
            shown["locked"] = False
        digest = hashlib.sha256(user.email.encode()).hexdigest()
        avatar = f"https://secure.gravatar.com/avatar/{digest}?s=80&d=identicon"
        return {**shown, "avatar_url": avatar, "web_url": f"{self.web}/{user.handle}"}

    def full_user(self, user: User) -> Json:
        """`User`: what `/users/:id` answers."""
        return {
            **self.user(user),
            "created_at": stamp(user.created_at),
            "bio": "",
            "location": "",
            "linkedin": "",
            "twitter": "",
            "discord": "",
            "website_url": "",
            "github": "",
            "job_title": "",
            "pronouns": None,
            "organization": "",
            "bot": user.kind is UserKind.BOT,
            "work_information": None,
            "followers": 0,
            "following": 0,
            "is_followed": False,
            "local_time": None,
        }

    def own_user(self, user: User) -> Json:
        """`UserPublic`: what `/user` answers about oneself."""
        created = stamp(user.created_at)
        return {
            **self.full_user(user),
            "last_sign_in_at": created,
            "confirmed_at": created,
            "last_activity_on": created[:10],
            "email": user.email,
            "theme_id": 1,
            "color_scheme_id": 1,
            "projects_limit": 100000,
            "current_sign_in_at": created,
            "identities": [],
            "can_create_group": True,
            "can_create_project": True,
            "two_factor_enabled": False,
            "external": False,
            "private_profile": False,
            "commit_email": user.email,
            "preferred_language": "en",
        }

    def namespace(self, owner: User) -> Json:
        """`NamespaceBasic`: a group, or a user's own."""
        group = owner.kind is UserKind.ORGANIZATION
        parent = self.store.people.find(owner.handle.rpartition("/")[0]) if "/" in owner.handle else None
        page = f"{self.web}/groups/{owner.handle}" if group else f"{self.web}/{owner.handle}"
        return {
            "id": owner.id,
            "name": owner.handle.rpartition("/")[2] if group else owner.name,
            "path": owner.handle.rpartition("/")[2],
            "kind": "group" if group else "user",
            "full_path": owner.handle,
            "parent_id": None if parent is None else parent.id,
            "avatar_url": None if group else self.user(owner)["avatar_url"],
            "web_url": page,
        }

    # -- projects ------------------------------------------------------------------------------------------------------

    def project_identity(self, project: Repository) -> Json:
        """`ProjectIdentity`."""
        return {
            "id": project.id,
            "description": project.description,
            "name": project.name,
            "name_with_namespace": f"{project.owner.name} / {project.name}",
            "path": project.name,
            "path_with_namespace": project.path,
            "created_at": stamp(project.created_at),
        }

    def simple_project(self, project: Repository) -> Json:
        """`BasicProjectDetails`."""
        host = self.web.partition("://")[2].partition("/")[0].partition(":")[0]
        page = self.web_url(project)
        return {
            **self.project_identity(project),
            "default_branch": project.default_branch,
            "tag_list": [],
            "topics": [],
            "ssh_url_to_repo": f"git@{host}:{project.path}.git",
            "http_url_to_repo": f"{page}.git",
            "web_url": page,
            "readme_url": f"{page}/-/blob/{project.default_branch}/README.md",
            "forks_count": len(self.store.repositories.forks(project)),
            "avatar_url": None,
            "star_count": 0,
            "last_activity_at": stamp(project.pushed_at or project.created_at),
            "visibility": "private" if project.private else "public",
            "namespace": self.namespace(project.owner),
        }

    # -- labels, milestones, commits -----------------------------------------------------------------------------------

    @staticmethod
    def label_basic(label: Label) -> Json:
        """`LabelBasic`: what `with_labels_details` gives."""
        return {
            "id": label.id,
            "name": label.name,
            "description": label.description,
            "description_html": label.description or "",
            "text_color": "#FFFFFF",
            "color": f"#{label.color.removeprefix('#')}",
            "archived": False,
        }

    def milestone(self, project: Repository, milestone: Milestone) -> Json:
        """`Milestone`."""
        return {
            "id": milestone.id,
            "iid": milestone.number,
            "project_id": project.id,
            "title": milestone.title,
            "description": milestone.description or "",
            "state": "active" if milestone.state == "open" else "closed",
            "created_at": stamp(milestone.created_at),
            "updated_at": stamp(milestone.created_at),
            "due_date": None if milestone.due_on is None else milestone.due_on.date().isoformat(),
            "start_date": None,
            "expired": False,
            "web_url": f"{self.web_url(project)}/-/milestones/{milestone.number}",
        }

    def commit(self, project: Repository, commit: Commit) -> Json:
        """`Commit`. Times carry the zone of their author."""
        title = commit.message.partition("\n")[0]
        return {
            "id": commit.sha,
            "short_id": commit.sha[:8],
            "created_at": _zoned(commit.committer.at),
            "parent_ids": list(commit.parents),
            "title": title,
            "message": commit.message + "\n",
            "author_name": commit.author.name,
            "author_email": commit.author.email,
            "authored_date": _zoned(commit.author.at),
            "committer_name": commit.committer.name,
            "committer_email": commit.committer.email,
            "committed_date": _zoned(commit.committer.at),
            "trailers": {},
            "extended_trailers": {},
            "web_url": f"{self.web_url(project)}/-/commit/{commit.sha}",
        }

    def level(self, project: Repository) -> int:
        """The viewer's access level."""
        return level_of(self.store, self.viewer, project)

    def encoded(self, project: Repository) -> str:
        """A project's path as one segment of an address."""
        return quote(project.path, safe="")


def _zoned(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}.000+00:00"
