"""People, projects, repositories, branches, commits and pull requests as Data Center's JSON.

The fields and their order are those of recorded answers and of the specification's `Rest…` schemas
(https://developer.atlassian.com/server/bitbucket/rest/v902/). Times are milliseconds since 1970.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pullbridge.testing.bitbucket_dc.access import is_person
from pullbridge.testing.git import Commit, Signature
from pullbridge.testing.store import PullRequest, Repository, User, UserKind

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App
    from pullbridge.testing.bitbucket_dc.states import Status

Json = dict[str, Any]
Role = Literal["AUTHOR", "REVIEWER", "PARTICIPANT"]

STATES = {"open": "OPEN", "closed": "DECLINED", "merged": "MERGED"}


def millis(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def slug_of(name: str) -> str:
    """What stands in addresses for a user's name: lower case, and `_` for what an address cannot hold."""
    return re.sub(r"[^a-z0-9._-]", "_", name.lower())


def path_object(path: str) -> Json:
    """A path as an object."""
    components = path.split("/")
    name = components[-1]
    _, dot, extension = name.rpartition(".")
    shown: Json = {"components": components, "parent": "/".join(components[:-1]), "name": name}
    if dot:
        shown["extension"] = extension
    return shown | {"toString": path}


def minimal_commit(sha: str) -> Json:
    """A commit by its id alone."""
    return {"id": sha, "displayId": sha[:11]}


class Shapes:
    """Records as one viewer sees them."""

    def __init__(self, app: App, *, web: str, viewer: User | None) -> None:
        self._app = app
        self.web = web
        self.viewer = viewer

    def _self(self, path: str) -> Json:
        return {"self": [{"href": f"{self.web}{path}"}]}

    # -- who -----------------------------------------------------------------------------------------------------------

    def user(self, user: User) -> Json:
        """A user. A deleted one stays, and is not active."""
        slug = slug_of(user.handle)
        return {
            "name": user.handle,
            "emailAddress": user.email,
            "active": not user.deleted,
            "displayName": user.name,
            "id": user.id,
            "slug": slug,
            "type": "SERVICE" if user.kind is UserKind.BOT else "NORMAL",
            "links": self._self(f"/users/{slug}"),
        }

    def participant(self, user: User, role: Role, status: Status) -> Json:
        """Somebody in a pull request, with what they make of it."""
        shown: Json = {"user": self.user(user)}
        if status.last_reviewed is not None:
            shown["lastReviewedCommit"] = status.last_reviewed
        return shown | {"role": role, "approved": status.word == "APPROVED", "status": status.word}

    # -- where ---------------------------------------------------------------------------------------------------------

    def project(self, owner: User) -> Json:
        """A project, or what holds somebody's personal repositories."""
        key = self._app.key_of(owner)
        if key.startswith("~"):
            person = self._app.store.people.find(owner.handle[1:]) or owner
            slug = slug_of(owner.handle[1:])
            shown = {"key": key, "id": owner.id, "name": person.name, "type": "PERSONAL", "owner": self.user(person)}
            return shown | {"links": self._self(f"/users/{slug}")}
        shown = {"key": key, "id": owner.id, "name": owner.name, "public": False, "type": "NORMAL"}
        return shown | {"links": self._self(f"/projects/{key}")}

    def page_of(self, repository: Repository) -> str:
        """The path of a repository's pages."""
        key = self._app.key_of(repository.owner)
        home = f"/users/{slug_of(key[1:])}" if key.startswith("~") else f"/projects/{key}"
        return f"{home}/repos/{repository.name}"

    def repository(self, repository: Repository) -> Json:
        """A repository, with the one that it is a fork of."""
        key, name = self._app.key_of(repository.owner).lower(), repository.name
        shown: Json = {
            "slug": name.lower(),
            "id": repository.id,
            "name": name,
            "hierarchyId": self._app.hierarchy_of(repository),
            "scmId": "git",
            "state": "AVAILABLE",
            "statusMessage": "Available",
            "forkable": True,
        }
        if repository.description is not None:
            shown["description"] = repository.description
        if repository.parent is not None:
            shown["origin"] = self.repository(repository.parent)
        shown["project"] = self.project(repository.owner)
        shown["public"] = not repository.private
        if self._app.version.at_least(8, 0):
            shown["archived"] = repository.archived
        host = re.sub(r"^\w+://|[:/].*$", "", self.web.removeprefix("https://").removeprefix("http://"))
        clone = [
            {"href": f"ssh://git@{host}:7999/{key}/{name.lower()}.git", "name": "ssh"},
            {"href": f"{self.web}/scm/{key}/{name.lower()}.git", "name": "http"},
        ]
        shown["links"] = {"clone": clone, **self._self(f"{self.page_of(repository)}/browse")}
        return shown

    @staticmethod
    def ref(name: str, kind: str = "BRANCH") -> Json:
        """A branch or a tag by its name."""
        folder = "heads" if kind == "BRANCH" else "tags"
        return {"id": f"refs/{folder}/{name}", "displayId": name, "type": kind}

    def branch(self, repository: Repository, name: str, sha: str) -> Json:
        """A branch."""
        tip = {"latestCommit": sha, "latestChangeset": sha}
        return self.ref(name) | tip | {"isDefault": name == repository.default_branch}

    # -- commits -------------------------------------------------------------------------------------------------------

    def commit(self, commit: Commit) -> Json:
        """A commit."""
        return {
            **minimal_commit(commit.sha),
            "author": self._signature(commit.author),
            "authorTimestamp": millis(commit.author.at),
            "committer": self._signature(commit.committer),
            "committerTimestamp": millis(commit.committer.at),
            "message": commit.message,
            "parents": [minimal_commit(parent) for parent in commit.parents],
        }

    def _signature(self, signature: Signature) -> Json:
        """A user whose e-mail address it is, or just what the commit says."""
        known = self._app.store.people.by_email(signature.email)
        if known is not None and is_person(known):
            return self.user(known)
        return {"name": signature.name, "emailAddress": signature.email}

    # -- pull requests -------------------------------------------------------------------------------------------------

    def pull(self, pull: PullRequest, *, listed: bool = False) -> Json:
        """A pull request; in lists with its counts."""
        state = self._app.states.of(pull)
        shown: Json = {"id": pull.number, "version": state.version, "title": pull.title}
        if pull.body:
            shown["description"] = pull.body
        shown |= {"state": STATES[pull.state], "open": pull.state == "open", "closed": pull.state != "open"}
        if self._app.version.at_least(8, 18):
            shown["draft"] = pull.draft
        shown |= {"createdDate": millis(pull.created_at), "updatedDate": millis(pull.updated_at)}
        if pull.closed_at is not None:
            shown["closedDate"] = millis(pull.closed_at)
        kind = "TAG" if state.source_ref.startswith("refs/tags/") else "BRANCH"
        source = self._end(pull.source_branch, pull.head, pull.source, kind)
        target = self._end(pull.target_branch, state.target, pull.repository, "BRANCH")
        shown |= {"fromRef": source, "toRef": target, "locked": False}
        shown |= self._people(pull)
        shown["links"] = self._self(f"{self.page_of(pull.repository)}/pull-requests/{pull.number}")
        properties = self._properties(pull, listed=listed)
        return shown | {"properties": properties} if properties else shown

    def _end(self, name: str, sha: str, repository: Repository, kind: str) -> Json:
        ref = self.ref(name, kind)
        return {"id": ref["id"], "displayId": name, "latestCommit": sha, "type": kind} | {
            "repository": self.repository(repository)
        }

    def _people(self, pull: PullRequest) -> Json:
        state = self._app.states.of(pull)
        reviewers = pull.requested_reviewers
        others = [user for user in state.statuses if user not in reviewers and user is not pull.author]
        return {
            "author": self.participant(pull.author, "AUTHOR", state.status(pull.author)),
            "reviewers": [self.participant(user, "REVIEWER", state.status(user)) for user in reviewers],
            "participants": [self.participant(user, "PARTICIPANT", state.status(user)) for user in others],
        }

    def _properties(self, pull: PullRequest, *, listed: bool) -> Json:
        shown: Json = {}
        if listed:
            shown |= self._app.counts(pull)
        if pull.merge_commit is not None:
            shown["mergeCommit"] = minimal_commit(pull.merge_commit)
        return shown


def hierarchy(repository: Repository) -> str:
    """What a repository and all its forks have in common: twenty hexadecimal digits."""
    root = repository
    while root.parent is not None:
        root = root.parent
    return hashlib.sha1(str(root.id).encode(), usedforsecurity=False).hexdigest()[:20]
