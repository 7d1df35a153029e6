"""Bitbucket Data Center's answers in full size: what a client has to receive and decode, whether it reads it or not.

The keys are those of 9.2 (https://developer.atlassian.com/server/bitbucket/rest/v902/) and of recorded answers
(https://github.com/drone/go-scm/tree/master/scm/driver/stash/testdata); a pull request has 4 kB.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from benchmarks.data import (
    COMMITS,
    LINE,
    PEOPLE,
    REPLIES,
    REPOSITORIES,
    WAITING_EACH,
    Json,
    comments_of,
    file_path,
    moment,
    oid,
    patch,
    prose,
    repository_path,
)

VERSION = "9.2.0"
REVIEWERS = 4
KEY = "OCTO"
#: The numbers of the repositories, by their slugs.
SLUGS = {repository_path(at).partition("/")[2]: 42 if at is None else 50 + at for at in (None, *range(REPOSITORIES))}


def millis(at: int) -> int:
    """A time as Data Center writes it: milliseconds since 1970."""
    return round(datetime.fromisoformat(moment(at)).replace(tzinfo=UTC).timestamp() * 1000)


def anchor(number: int, index: int, line: int = LINE) -> Json:
    """Where a comment is put: on the changed line of the `index`th file."""
    return {
        "fromHash": oid("base"),
        "toHash": oid("head", number),
        "line": line,
        "lineType": "ADDED",
        "fileType": "TO",
        "path": file_path(index),
        "diffType": "EFFECTIVE",
    }


def minimal(commit: str) -> Json:
    """A commit by its id alone."""
    return {"id": commit, "displayId": commit[:11]}


class Shapes:
    """Answers whose links point at `web` (an address without a slash at the end)."""

    def __init__(self, web: str) -> None:
        self.web = web
        self._people = [self._person(name, 100 + at) for at, name in enumerate(PEOPLE)]

    def _self(self, path: str) -> Json:
        return {"self": [{"href": f"{self.web}/{path}"}]}

    # People and repositories ------------------------------------------------------------------------------------------

    def person(self, index: int) -> Json:
        """A user."""
        return self._people[index % len(PEOPLE)]

    def _person(self, name: str, number: int) -> Json:
        return {
            "name": name,
            "emailAddress": f"{name}@example.org",
            "active": True,
            "displayName": name.title(),
            "id": number,
            "slug": name,
            "type": "NORMAL",
            "links": self._self(f"users/{name}"),
        }

    def named(self, user: str) -> Json:
        """A user, by the slug."""
        return self.person(PEOPLE.index(user))

    def repository(self, slug: str) -> Json:
        """A repository."""
        key, host = KEY.lower(), self.web.partition("://")[2].partition(":")[0]
        project = {
            "key": KEY,
            "id": 9,
            "name": KEY.title(),
            "public": False,
            "type": "NORMAL",
            "links": self._self(f"projects/{KEY}"),
        }
        clone = [
            {"href": f"ssh://git@{host}:7999/{key}/{slug}.git", "name": "ssh"},
            {"href": f"{self.web}/scm/{key}/{slug}.git", "name": "http"},
        ]
        return {
            "slug": slug,
            "id": SLUGS[slug],
            "name": slug,
            "hierarchyId": oid(slug)[:20],
            "scmId": "git",
            "state": "AVAILABLE",
            "statusMessage": "Available",
            "forkable": True,
            "description": prose(5, 12),
            "project": project,
            "public": False,
            "archived": False,
            "links": {"clone": clone, **self._self(f"projects/{KEY}/repos/{slug}/browse")},
        }

    # Pull requests ----------------------------------------------------------------------------------------------------

    def pull_row(self, slug: str, number: int) -> Json:
        """A row of a list: a pull request with its counts."""
        counts = {"resolvedTaskCount": 0, "commentCount": comments_of(number), "openTaskCount": 0}
        return self.pull(slug, number) | {"properties": counts}

    def pull(self, slug: str, number: int) -> Json:
        """A pull request."""
        reviewers = self._reviewers(number)
        return {
            "id": number,
            "version": 3,
            "title": f"{number}: {prose(number, 7)}",
            "description": prose(number, 120),
            "state": "OPEN",
            "open": True,
            "closed": False,
            "draft": False,
            "createdDate": millis(number + 60),
            "updatedDate": millis(number),
            "fromRef": self._ref(slug, f"topic/{number}", oid("head", number)),
            "toRef": self._ref(slug, "main", oid("base")),
            "locked": False,
            "author": self._participant(number, "AUTHOR"),
            "reviewers": [self._participant(each, "REVIEWER", approved=each in reviewers[1:3]) for each in reviewers],
            "participants": [],
            "links": self._self(f"projects/{KEY}/repos/{slug}/pull-requests/{number}"),
        }

    def _ref(self, slug: str, branch: str, commit: str) -> Json:
        shown = {"id": f"refs/heads/{branch}", "displayId": branch, "latestCommit": commit, "type": "BRANCH"}
        return {**shown, "repository": self.repository(slug)}

    def _participant(self, person: int, role: str, *, approved: bool = False) -> Json:
        status = "APPROVED" if approved else "UNAPPROVED"
        return {"user": self.person(person), "role": role, "approved": approved, "status": status}

    @staticmethod
    def _reviewers(number: int) -> tuple[int, ...]:
        """Who was asked for a review of it; the first of them is who is signed in, where it waits for that."""
        return (0 if number <= WAITING_EACH else 4, 3, 5, 6)

    def mergeable(self, slug: str, number: int) -> Json:
        """Whether it can be merged."""
        return {"canMerge": True, "conflicted": False, "outcome": "CLEAN", "vetoes": []}

    def commit(self, slug: str, number: int, index: int) -> Json:
        """A commit; the newest is the first."""
        at = COMMITS - 1 - index
        return {
            **minimal(oid("head", number) if index == 0 else oid(number, at)),
            "author": self.person(1),
            "authorTimestamp": millis(at),
            "committer": self.person(1),
            "committerTimestamp": millis(at),
            "message": f"{prose(at, 7)}\n\n{prose(at, 40)}",
            "parents": [minimal(oid(number, at - 1) if at else oid("base"))],
        }

    def base(self, slug: str, number: int) -> Json:
        """Where it left its target."""
        return self.commit(slug, number, 0) | {**minimal(oid("base")), "parents": [minimal(oid("before"))]}

    def change(self, slug: str, number: int, index: int) -> Json:
        """A changed file."""
        *folders, name = file_path(index).split("/")
        path = {
            "components": [*folders, name],
            "parent": "/".join(folders),
            "name": name,
            "extension": "py",
            "toString": file_path(index),
        }
        return {
            "contentId": oid("new", index),
            "fromContentId": oid("old", index),
            "path": path,
            "executable": False,
            "percentUnchanged": -1,
            "type": "MODIFY",
            "nodeType": "FILE",
            "srcExecutable": False,
            "links": {"self": [None]},
            "properties": {"gitChangeType": "MODIFY"},
        }

    # Talk -------------------------------------------------------------------------------------------------------------

    def activity(self, slug: str, number: int, index: int) -> Json:
        """A row of what happened: approvals, conversations, and that it was opened."""
        approved, threads = self._reviewers(number)[1:3], comments_of(number) // REPLIES
        base: Json = {"id": 90_000 + index, "createdDate": millis(index)}
        if index < len(approved):
            return base | {"user": self.person(approved[index]), "action": "APPROVED"}
        thread = index - len(approved)
        if thread >= threads:
            return base | {"user": self.person(number), "action": "OPENED"}
        shown = self._comment(number, thread * REPLIES, prose(thread, 25), thread)
        shown["comments"] = [
            self._comment(number, thread * REPLIES + each, prose(thread + each, 25), thread + each)
            for each in range(1, REPLIES)
        ]
        shown["threadResolved"] = thread % 4 == 0
        place = {**anchor(number, thread), "orphaned": False}
        told = {
            "commentAction": "ADDED",
            "comment": shown,
            "commentAnchor": place,
            "diff": self._around(number, thread),
        }
        return base | {"user": self.person(thread), "action": "COMMENTED"} | told

    def posted(self, slug: str, number: int, asked: Json) -> Json:
        """The comment that was written just now."""
        at = asked.get("anchor")
        index = 1000 if at is None else 1001 + int(at["path"][-6:-3])
        shown = self._comment(number, index, asked["text"], 0) | {"threadResolved": False}
        return shown if at is None else shown | {"anchor": {**at, "orphaned": False}}

    def _comment(self, number: int, index: int, text: str, author: int) -> Json:
        return {
            "properties": {"repositoryId": 42},
            "id": 500_000 + index,
            "version": 0,
            "text": text,
            "author": self.person(author),
            "createdDate": millis(index),
            "updatedDate": millis(index),
            "comments": [],
            "severity": "NORMAL",
            "state": "OPEN",
            "permittedOperations": {"editable": author == 0, "transitionable": True, "deletable": author == 0},
        }

    def _around(self, number: int, index: int) -> Json:
        """The hunk that a comment hangs in."""
        first, *rows = patch(index).split("\n@@")[0].split("\n")
        kinds = {" ": "CONTEXT", "-": "REMOVED", "+": "ADDED"}
        old = new = 10
        segments: list[Json] = []
        for row in rows:
            kind = kinds[row[0]]
            if not segments or segments[-1]["type"] != kind:
                segments.append({"type": kind, "lines": [], "truncated": False})
            segments[-1]["lines"].append({"source": old, "destination": new, "line": row[1:], "truncated": False})
            old += kind != "ADDED"
            new += kind != "REMOVED"
        span: Json = {
            "context": first.rpartition("@@ ")[2],
            "sourceLine": 10,
            "sourceSpan": 9,
            "destinationLine": 10,
            "destinationSpan": 11,
        }
        path = self.change("", number, index)["path"]
        hunks = [{**span, "segments": segments, "truncated": False}]
        told: Json = {"source": path, "destination": path, "hunks": hunks, "truncated": False}
        return told | {"properties": {"toHash": oid("head", number), "current": True, "fromHash": oid("base")}}

    # Checks -----------------------------------------------------------------------------------------------------------

    def build(self, index: int) -> Json:
        """A build's report, as the old list has it."""
        key = f"build-{index}"
        told: dict[str, Any] = {
            "state": "SUCCESSFUL",
            "key": key,
            "name": f"build {index}",
            "url": f"https://ci.example.org/{key}",
        }
        return told | {"description": prose(index, 8), "dateAdded": millis(index)}
