"""Bitbucket Cloud's answers in full size: what a client has to receive and decode, whether it reads it or not.

The keys are those of the API (https://developer.atlassian.com/cloud/bitbucket/rest/) and of recorded answers
(https://github.com/drone/go-scm/tree/master/scm/driver/bitbucket/testdata); a pull request has 10 kB with all who take part.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from benchmarks.data import (
    COMMITS,
    LINE,
    PEOPLE,
    REPLIES,
    WAITING_EACH,
    Json,
    comments_of,
    file_path,
    oid,
    prose,
    repository_path,
)
from benchmarks.data import moment as minute

REVIEWERS = 4
#: How many digits commits have in a pull request.
SHORT = 12


def moment(at: int) -> str:
    """A time as Bitbucket writes it: with microseconds."""
    return minute(at).replace("Z", ".123456+00:00")


def uuid(*words: object) -> str:
    """An identifier, the same for the same words."""
    return f"{{{uuid5(NAMESPACE_URL, repr(words))}}}"


def spec(number: int) -> str:
    """What the address of a pull request's diff ends in."""
    return f"{oid('head', number)[:SHORT]}..{oid('base')[:SHORT]}"


def inline(index: int) -> Json:
    """Where a comment is put: on the changed line of the `index`th file."""
    return {"path": file_path(index), "to": LINE}


def rendered(text: str) -> Json:
    """A text as it was written, and as HTML."""
    return {"type": "rendered", "raw": text, "markup": "markdown", "html": f"<p>{text}</p>"}


def _link(address: str) -> Json:
    return {"href": address}


class Shapes:
    """Answers whose links point at `web` (an address without a slash at the end)."""

    def __init__(self, web: str) -> None:
        self.web = web
        self.api = f"{web}/2.0"
        self._people = [self._person(name) for name in PEOPLE]

    # People and repositories ------------------------------------------------------------------------------------------

    def person(self, index: int) -> Json:
        """`user`."""
        return self._people[index % len(PEOPLE)]

    def _person(self, name: str) -> Json:
        identity = uuid(name)
        links = {
            "self": _link(f"{self.api}/users/{quote(identity)}"),
            "avatar": _link(f"https://secure.gravatar.com/avatar/{oid(name)[:32]}?d=https%3A%2F%2Favatar-management"),
            "html": _link(f"{self.web}/{quote(identity)}/"),
        }
        account = f"557058:{identity[1:-1]}"
        shown: Json = {"display_name": name.title(), "links": links, "type": "user", "uuid": identity}
        return shown | {"account_id": account, "nickname": name}

    def viewer(self) -> Json:
        """`/user`."""
        more = {"created_on": moment(0), "account_status": "active", "location": None, "is_staff": False}
        return self.person(0) | more | {"username": PEOPLE[0], "has_2fa_enabled": None}

    def workspace(self) -> Json:
        """`workspace`."""
        url, base = f"{self.api}/workspaces/octo", self._workspace()
        below = {each: _link(f"{url}/{each}") for each in ("members", "projects", "permissions", "hooks")}
        links = base["links"] | below | {"repositories": _link(f"{self.api}/repositories/octo")}
        flags = {"is_private": True, "is_privacy_enforced": False, "forking_mode": "allow_forks"}
        return base | {"type": "workspace", "links": links, "created_on": moment(0), "updated_on": moment(0)} | flags

    def _workspace(self) -> Json:
        """`workspace_base`."""
        links = {"self": _link(f"{self.api}/workspaces/octo"), "html": _link(f"{self.web}/octo/")}
        links["avatar"] = _link(f"{self.web}/workspaces/octo/avatar/?ts=1543635139")
        shown: Json = {"type": "workspace_base", "uuid": uuid("octo", "workspace"), "name": "Octo", "slug": "octo"}
        return shown | {"links": links}

    def access(self) -> Json:
        """`workspace_access`, a row of my workspaces."""
        return {"type": "workspace_access", "administrator": False, "workspace": self._workspace()}

    def _home(self, path: str) -> Json:
        """A repository as it is inside of other things."""
        links = {
            "self": _link(f"{self.api}/repositories/{path}"),
            "html": _link(f"{self.web}/{path}"),
            "avatar": _link(f"https://bytebucket.org/ravatar/{quote(uuid(path))}?ts=1198711"),
        }
        name = path.partition("/")[2]
        return {"type": "repository", "full_name": path, "links": links, "name": name, "uuid": uuid(path)}

    def repository(self, path: str) -> Json:
        """`repository`."""
        home, url, name = self._home(path), f"{self.api}/repositories/{path}", path.partition("/")[2]
        below = ("commits", "downloads", "forks", "hooks", "pullrequests", "watchers", "refs/branches", "src")
        clone = [
            {"name": "https", "href": f"{self.web}/{path}.git"},
            {"name": "ssh", "href": f"git@bitbucket.org:{path}.git"},
        ]
        links = home["links"] | {each.rpartition("/")[2]: _link(f"{url}/{each}") for each in below} | {"clone": clone}
        project = {"type": "project", "key": "PROJ", "uuid": uuid("PROJ"), "name": "Project", "links": {}}
        shown: Json = home | {
            "links": links,
            "scm": "git",
            "slug": name,
            "is_private": True,
            "fork_policy": "allow_forks",
            "description": prose(5, 12),
            "owner": self.person(0),
            "workspace": self._workspace() | {"type": "workspace"},
            "project": project,
            "parent": None,
            "mainbranch": {"type": "branch", "name": "main"},
            "language": "python",
            "size": 4_096_000,
            "has_issues": False,
            "has_wiki": False,
            "created_on": moment(0),
            "updated_on": moment(7),
        }
        return shown

    # Pull requests ----------------------------------------------------------------------------------------------------

    def pull_row(self, path: str, number: int) -> Json:
        """`pullrequest`; a row of a list has its `reviewers`, `participants` and `rendered` only for who asks for them."""
        title, text = f"{number}: {prose(number, 7)}", prose(number, 120)
        return self._base(path, number, title) | {
            "description": text,
            "rendered": {"title": rendered(title), "description": rendered(text), "reason": rendered("")},
            "summary": rendered(text),
            "state": "OPEN",
            "merge_commit": None,
            "comment_count": comments_of(number),
            "task_count": 0,
            "close_source_branch": True,
            "closed_by": None,
            "author": self.person(number),
            "reason": "",
            "created_on": moment(number + 60),
            "updated_on": moment(number),
            "destination": self._end(path, "main", oid("base")),
            "source": self._end(path, f"topic/{number}", oid("head", number)),
            "reviewers": [self.person(each) for each in self._reviewers(number)],
            "participants": self._participants(number),
            "links": self._links(path, number),
            "queued": False,
        }

    pull = pull_row

    def _base(self, path: str, number: int, title: str) -> Json:
        url, page = self._pull(path, number), f"{self.web}/{path}/pull-requests/{number}"
        links = {"self": _link(url), "html": _link(page)}
        return {"type": "pullrequest", "id": number, "title": title, "draft": False, "links": links}

    def _pull(self, path: str, number: int) -> str:
        return f"{self.api}/repositories/{path}/pullrequests/{number}"

    def _links(self, path: str, number: int) -> Json:
        url, home = self._pull(path, number), f"{self.api}/repositories/{path}"
        below = ("commits", "approve", "request-changes", "comments", "activity", "merge", "decline", "statuses")
        between = f"{path}:{spec(number).replace('..', '%0D')}?from_pullrequest_id={number}&topic=true"
        return {
            "self": _link(url),
            "html": _link(f"{self.web}/{path}/pull-requests/{number}"),
            **{each: _link(f"{url}/{each}") for each in below},
            "diff": _link(f"{home}/diff/{between}"),
            "diffstat": _link(f"{home}/diffstat/{between}"),
        }

    def _end(self, path: str, branch: str, commit: str) -> Json:
        return {
            "branch": {"name": branch},
            "commit": self.commit_base(path, commit[:SHORT]),
            "repository": self._home(path),
        }

    @staticmethod
    def _reviewers(number: int) -> tuple[int, ...]:
        """Who was asked for a review of it; the first of them is who is signed in, where it waits for that."""
        return (0 if number <= WAITING_EACH else 4, 3, 5, 6)

    def _participants(self, number: int) -> list[Json]:
        asked = self._reviewers(number)
        return [
            {
                "type": "participant",
                "user": self.person(each),
                "role": "REVIEWER",
                "approved": each in asked[1:3],
                "state": "approved" if each in asked[1:3] else None,
                "participated_on": moment(each) if each in asked[1:3] else None,
            }
            for each in asked
        ]

    def commit_base(self, path: str, commit: str) -> Json:
        """A commit as it is inside of other things."""
        links = {
            "self": _link(f"{self.api}/repositories/{path}/commit/{commit}"),
            "html": _link(f"{self.web}/{path}/commits/{commit}"),
        }
        return {"type": "commit", "hash": commit, "links": links}

    def commit(self, path: str, number: int, index: int) -> Json:
        """`commit`; the newest is the first."""
        at = COMMITS - 1 - index
        sha, text = oid("head", number) if index == 0 else oid(number, at), f"{prose(at, 7)}\n\n{prose(at, 40)}\n"
        url = f"{self.api}/repositories/{path}"
        base = self.commit_base(path, sha)
        links = {each: _link(f"{url}/commit/{sha}/{each}") for each in ("approve", "comments", "statuses")}
        links |= {each: _link(f"{url}/{each}/{sha}") for each in ("diff", "patch")}
        return base | {
            "date": minute(at).replace("Z", "+00:00"),
            "author": {"type": "author", "raw": "Ada <ada@example.org>", "user": self.person(1)},
            "message": text,
            "summary": rendered(text),
            "links": base["links"] | links,
            "parents": [self.commit_base(path, oid(number, at - 1) if at else oid("base"))],
            "rendered": {"message": rendered(text)},
            "repository": self._home(path),
        }

    # Files ------------------------------------------------------------------------------------------------------------

    def diffstat(self, path: str, number: int, index: int) -> Json:
        """`diffstat`: a changed file."""
        head, name = oid("head", number), file_path(index)
        sides = {"new": self._file(path, head, name), "old": self._file(path, oid("base"), name)}
        return {"type": "diffstat", "status": "modified", "lines_added": 5, "lines_removed": 3, **sides}

    def _file(self, path: str, commit: str, name: str) -> Json:
        url = f"{self.api}/repositories/{path}/src/{commit}/{name}"
        return {"path": name, "type": "commit_file", "escaped_path": name, "links": {"self": _link(url)}}

    # Talk -------------------------------------------------------------------------------------------------------------

    def comment(self, path: str, number: int, index: int) -> Json:
        """`pullrequest_comment`: the first of a conversation, and its answers behind it."""
        thread, reply = divmod(index, REPLIES)
        root = index - reply
        shown = self._comment(path, number, index, prose(index, 25), index) | {"inline": self._inline(thread)}
        if reply:
            shown["parent"] = self._comment_base(path, number, root)
        elif thread % 4 == 0:
            resolved = {"type": "comment_resolution", "user": self.person(1), "created_on": moment(index)}
            shown["resolution"] = resolved
        return shown

    def posted(self, path: str, number: int, asked: Json) -> Json:
        """The comment that was written just now."""
        text, at = asked["content"]["raw"], asked.get("inline")
        index = 1000 if at is None else 1001 + int(at["path"][-6:-3])
        shown = self._comment(path, number, index, text, 0)
        return shown if at is None else shown | {"inline": {"from": None, "outdated": False, **at}}

    def _comment_base(self, path: str, number: int, index: int) -> Json:
        page = f"{self.web}/{path}/pull-requests/{number}/_/diff#comment-{500_000 + index}"
        links = {"self": _link(f"{self._pull(path, number)}/comments/{500_000 + index}"), "html": _link(page)}
        return {"type": "pullrequest_comment", "id": 500_000 + index, "links": links}

    def _comment(self, path: str, number: int, index: int, text: str, author: int) -> Json:
        return self._comment_base(path, number, index) | {
            "created_on": moment(index),
            "updated_on": moment(index),
            "content": rendered(text),
            "user": self.person(author),
            "deleted": False,
            "pending": False,
            "pullrequest": self._base(path, number, f"{number}: {prose(number, 7)}"),
        }

    @staticmethod
    def _inline(thread: int) -> Json:
        nowhere: dict[str, Any] = dict.fromkeys(("from", "start_from", "start_to"))
        return {**inline(thread), **nowhere, "outdated": False, "context_lines": "", "base_rev": None}

    def event(self, path: str, number: int, index: int) -> Json:
        """A row of the activity: approvals, comments, and what it was when it was opened."""
        title = f"{number}: {prose(number, 7)}"
        base, approved = self._base(path, number, title), self._reviewers(number)[1:3]
        if index < len(approved):
            told: Json = {"date": moment(index), "user": self.person(approved[index]), "pullrequest": base}
            return {"pull_request": base, "approval": told}
        if index < len(approved) + comments_of(number):
            return {"pull_request": base, "comment": self.comment(path, number, index - len(approved))}
        update = self.pull_row(path, number)
        kept = ("title", "description", "state", "draft", "reason", "author", "source", "destination", "reviewers")
        return {
            "pull_request": base,
            "update": {each: update[each] for each in kept} | {"date": moment(0), "changes": {}},
        }

    # Checks -----------------------------------------------------------------------------------------------------------

    def status(self, path: str, number: int, index: int) -> Json:
        """`commitstatus`."""
        head = oid("head", number)
        url, key = f"{self.api}/repositories/{path}/commit/{head}", f"build-{index}"
        return {
            "type": "build",
            "key": key,
            "name": f"build {index}",
            "state": "SUCCESSFUL",
            "description": prose(index, 8),
            "url": f"https://ci.example.org/{key}",
            "refname": f"topic/{number}",
            "created_on": moment(index),
            "updated_on": moment(index + 3),
            "repository": self._home(path),
            "commit": self.commit_base(path, head),
            "links": {"self": _link(f"{url}/statuses/build/{key}"), "commit": _link(url)},
        }


def here(path: str) -> bool:
    """Whether it is the repository with the long list."""
    return path == repository_path(None)
